"""Leads links and pictures of an old post to their places in the new site."""

from __future__ import annotations

import binascii
import posixpath
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import quote as percent
from urllib.parse import unquote, urljoin, urlsplit

from engblog.html.allowed import attributes_of, is_link
from engblog.importing.dialect import TEXTS, Dialect, OldPost, plain_slug
from engblog.importing.drawings import plain_drawing
from engblog.importing.headings import Place, new_id
from engblog.importing.links import OldLink, attributes_behind, find_links, inline_pictures, removed_link
from engblog.importing.old_text import OldText, Rewrite
from engblog.importing.remarks import Remarks
from engblog.importing.written import POST, address_of_target
from engblog.model.problems import quote
from engblog.source.file_kinds import file_faults, is_shown_as_text
from engblog.source.inlines import TAG
from engblog.source.pictures import MOST_BYTES, PICTURES, recognize

_USUAL = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "WebP": ".webp", "AVIF": ".avif", "SVG": ".svg", "ICO": ".ico"}
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_DATA = re.compile(r"data:image/[\w.+-]+;base64,(?P<data>[A-Za-z0-9+/=\s%]+)")
_LETTERS = re.compile(r"[A-Za-z]{3,}")
_HEX = re.compile(
    r"[0-9a-f-]{8,}|(?:img|dsc|image|screen-?shot|screenshot|pic|picture|fig|figure)?[\d-]*", re.IGNORECASE
)
_HTML_TAG = re.compile(
    r"<(?P<name>a|img|source|track|video|audio)(?=[\s/>])(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+>", re.IGNORECASE
)
_ANCHOR_END = re.compile(r"</a[ \t\n]*>", re.IGNORECASE)
_SIZES = re.compile(r"(?:^|[\s:])(?P<key>width|height)=[\"']?(?P<value>\d+)[\"']?")
_SIDE = re.compile(r"align=[\"']?(?P<side>left|right|center)|\.align-?(?P<other>left|right|center)")
_NEW = "new-file:"
"""The start of a picture's address that is one already."""
_THEMED = re.compile(r"#(?:only|gh)-(?:dark|light)(?:-mode-only)?\Z")


@dataclass(slots=True)
class NewPost:
    """The place that a post gets as an article."""

    slug: str
    url: str
    """Its address from the site's root: ``articles/2019/01/02/name/``."""
    places: list[Place] = field(default_factory=list)
    is_public: bool = True
    """False if readers cannot open it, so that no link may lead there."""
    linked: set[str] = field(default_factory=set)
    """Ids of its old page that links lead to."""


@dataclass(frozen=True, slots=True)
class OldPlaces:
    """Everything that decides about the targets of links."""

    dialect: Dialect
    by_path: Mapping[str, NewPost]
    by_address: Mapping[str, NewPost]
    fetch: Callable[[str], bytes | None] | None = None
    """Fetches a picture from another host; None if the user did not ask for that."""


def address_key(address: str) -> str:
    """The form of an *address* in which two that lead to one page are alike."""
    plain = unquote(re.split(r"[?#]", address, maxsplit=1)[0])
    plain = re.sub(r"(?:index)?\.html?\Z", "", plain)
    return f"/{plain.strip('/')}".lower()


@dataclass(frozen=True, slots=True)
class Leads:
    """A link's new target: an article, another address, or nothing."""

    post: NewPost | None = None
    address: str = ""
    anchor: str = ""
    file: str = ""
    """A file that was brought along."""


class Targets:
    """Rewrites the targets of one post."""

    def __init__(self, post: OldPost, own: NewPost, places: OldPlaces) -> None:
        self._post, self._own, self._places = post, own, places
        self._remarks: Remarks = post.remarks
        self.files: dict[str, bytes] = {}
        """Files for the article's folder, by name."""
        self.fetched: dict[str, str] = {}
        """Of these, the names of those that come from other hosts, by address."""
        self._names: dict[str, str] = {}
        self.met: list[NewPost] = []
        """The articles on which it depended, by being published or not, where links lead."""

    # anchors, before anything is rewritten

    def note_linked(self, text: OldText) -> None:
        """Note in each post the ids that links of *text* lead to."""
        masked = text.masked()
        addresses = [link.target for link in find_links(text.text, masked) if link.kind != "picture"]
        addresses += [
            value
            for found in _HTML_TAG.finditer(masked)
            if (value := attributes_of(text.text[found.end("name") : found.end() - 1]).get("href"))
        ]
        for target in addresses:
            post, fragment = self._article(target)
            if post is not None and fragment:
                post.linked.add(fragment)

    def _article(self, target: str) -> tuple[NewPost | None, str]:
        """The post that *target* leads to, and the id in it."""
        target = self._plain(target)
        path, _, fragment = target.partition("#")
        fragment = unquote(fragment)
        if not path:
            return self._own, fragment
        if path.startswith(POST):
            return self._places.by_path.get(path.removeprefix(POST)), fragment
        local = self._local(path)
        if local is None:
            return None, fragment
        if local.lower().endswith(TEXTS) and (found := self._places.dialect.reference(unquote(local), self._post)):
            return self._places.by_path.get(found), fragment
        whole = local if local.startswith("/") else urljoin(self._post.address, local)
        base = urlsplit(self._places.dialect.url).path.rstrip("/")
        for each in (whole, whole.removeprefix(base) if base and whole.startswith(f"{base}/") else ""):
            if each and (post := self._places.by_address.get(address_key(each))):
                return post, fragment
        if not local.startswith("/") and (found := self._places.dialect.reference(unquote(local), self._post)):
            return self._places.by_path.get(found), fragment
        return None, fragment

    def _plain(self, target: str) -> str:
        target = unescape(target.strip())
        if target.startswith("@site/"):
            target = target.removeprefix("@site/").removeprefix("static")
            target = target if target.startswith("/") else f"/{target}"
        return target.removeprefix("pathname://")

    def _local(self, path: str) -> str | None:
        """*path* from the old site's root or from the post; None if it is on another site."""
        if not _SCHEME.match(path) and not path.startswith("//"):
            return path
        own = self._places.dialect.url
        if not own:
            return None
        one, other = urlsplit(path), urlsplit(own)
        if one.scheme not in {"", "http", "https"} or _host(one.netloc) != _host(other.netloc):
            return None
        return one.path or "/"

    # links

    def link(self, target: str, line: int) -> Leads | None:
        """The new target of a link to *target*; None if it leads nowhere, which is noted."""
        plain = self._plain(target)
        post, fragment = self._article(plain)
        self.met += [post] if post is not None else []
        if post is not None and (post.is_public or post is self._own or not self._own.is_public):
            return self._to_post(post, fragment, line, is_own=post is self._own and plain.startswith("#"))
        if post is not None:
            return self._to_hidden(post, plain, target, line)
        if plain.startswith(POST):
            return self._to_old(f"/{plain.removeprefix(POST)}", target, line)
        if _SCHEME.match(plain) or plain.startswith("//"):
            whole = f"https:{plain}" if plain.startswith("//") else plain
            if not is_link(whole):
                self._remarks.changed(line, f"the link to {quote(target)} was taken out: readers cannot follow it")
                return None
            if (local := self._local(plain)) is not None and local != "/" and (file := self._own_file(local, line)):
                return Leads(file=file)
            return Leads(address=whole)
        if not plain:
            self._remarks.changed(line, "a link without a target was taken out")
            return None
        if file := self._own_file(plain, line):
            return Leads(file=file)
        return self._to_old(plain, target, line)

    def _to_post(self, post: NewPost, fragment: str, line: int, *, is_own: bool) -> Leads | None:
        place = _place(post.places, fragment) if fragment else None
        if fragment and place is None and not (is_own and fragment in {"top", "_top"}):
            self._remarks.changed(
                line, f"there is no heading {quote('#' + fragment)}, so its link leads to the page only"
            )
            if is_own:
                return None
        if is_own:
            return Leads(address=f"#{place.new}") if place else None
        return Leads(post=post, anchor=f"#{place.new}" if place else "")

    def _to_hidden(self, post: NewPost, plain: str, target: str, line: int) -> Leads | None:
        """A link to an article that readers cannot open yet."""
        if self._places.dialect.url and not plain.startswith(POST):
            return self._to_old(self._local(plain) or plain, target, line)
        hint = f"link to ../{post.slug}/index.md once it is published"
        self._remarks.left(line, f"{quote(target)} leads to a draft, and was taken out", hint)
        return None

    def _to_old(self, plain: str, target: str, line: int) -> Leads | None:
        url = self._places.dialect.url
        if not url:
            hint = "pass --site-url with the address of the old site, or write where it leads"
            self._remarks.left(line, f"{quote(target)} leads to what was not imported, and was taken out", hint)
            return None
        whole = self._on_old_site(plain)
        self._remarks.changed(line, f"{quote(target)} leads to the old site: {whole}")
        return Leads(address=whole)

    def _on_old_site(self, plain: str) -> str:
        url = self._places.dialect.url
        base = urlsplit(url).path.rstrip("/")
        path, mark, fragment = plain.partition("#")
        if address := self._places.dialect.page_address(path, self._post) if path else "":
            plain = f"{base}{address}{mark}{fragment}"
        whole = plain if plain.startswith("/") else urljoin(self._post.address, plain)
        rooted = whole if not base or whole.startswith(f"{base}/") or whole == base else base + whole
        split = urlsplit(url)
        return f"{split.scheme}://{split.netloc}{percent(rooted, safe='/#?=&%:@+,;~!*()$')}"

    def _own_file(self, target: str, line: int) -> str:
        """The name of a file that *target* leads to and that can be published; it is brought along."""
        for path in self._places.dialect.file_places(target, self._post):
            if path not in self._places.dialect.blog.files or path.lower().endswith((*TEXTS, ".html", ".htm")):
                continue
            data = self._places.dialect.blog.read(path)
            if data is None:
                continue
            ending = posixpath.splitext(path)[1].lower()
            if ending in PICTURES:
                return self._picture_file(path, data, line) or ""
            name = self._name(posixpath.basename(path), ending or "", data)
            if is_shown_as_text(name) and not any(file_faults(name, lambda data=data: data)):  # type: ignore[misc]
                self.files[name] = data
                return name
            self._remarks.changed(line, f"{quote(target)} is of a kind that the site does not publish")
            return ""
        return ""

    # pictures

    def picture(self, target: str, line: int) -> str | None:
        """The name of the picture *target* in the article's folder; None if it cannot be brought along, which is
        noted."""
        if target.startswith(_NEW):
            return target.removeprefix(_NEW)
        plain = self._plain(_THEMED.sub("", target.strip()))
        if plain in self._names:
            return self._names[plain] or None
        name = self._brought(plain, target, line)
        self._names[plain] = name or ""
        return name

    def _brought(self, plain: str, target: str, line: int) -> str | None:
        if embedded := _DATA.match(plain):
            try:
                data = b64decode(unquote(embedded["data"]), validate=False)
            except (binascii.Error, ValueError):
                data = b""
            return self._picture_file("picture", data, line)
        local = self._local(plain)
        if local is not None:
            for path in self._places.dialect.file_places(local, self._post):
                if path in self._places.dialect.blog.files:
                    data_or_none = self._places.dialect.blog.read(path)
                    if data_or_none is not None:
                        return self._picture_file(path, data_or_none, line)
        address = self.address_of(target)
        if not address:
            self._remarks.left(line, f"there is no picture {quote(target)}", "put it into the article's folder")
            return None
        if self._places.fetch is None:
            hint = "import again with --fetch, or put it into the article's folder"
            self._remarks.left(line, f"the picture {quote(address)} is on another host, and is a link now", hint)
            return None
        fetched = self._places.fetch(address)
        if fetched is None:
            hint = "put it into the article's folder, if it is somewhere"
            self._remarks.left(line, f"the picture {quote(address)} cannot be fetched, and is a link now", hint)
            return None
        name = self._picture_file(urlsplit(address).path or "picture", fetched, line)
        if name is not None:
            self.fetched[address] = name
        return name

    def address_of(self, target: str) -> str:
        """The address at which readers of the old site get the picture *target*; empty if it is unknown."""
        plain = self._plain(target)
        if plain.startswith("//"):
            return f"https:{plain}"
        if _SCHEME.match(plain):
            return plain if plain.lower().startswith(("http://", "https://")) else ""
        return self._on_old_site(plain) if self._places.dialect.url and plain else ""

    def _picture_file(self, path: str, data: bytes, line: int) -> str | None:
        found = recognize(data)
        base = posixpath.basename(unquote(path)) or "picture"
        ending = _USUAL.get(found.kind)
        if ending is None or (found.problem and found.kind != "SVG"):
            said = found.problem or "is not a picture that browsers show"
            hint = "save it as PNG, JPEG, WebP or SVG in the article's folder"
            self._remarks.left(line, f"the picture {quote(path)} {said}", hint)
            return None
        if found.kind == "SVG":
            drawing, notes = plain_drawing(data)
            if drawing is None:
                hint = "save it as plain SVG, or as PNG, in the article's folder"
                self._remarks.left(line, f"the drawing {quote(path)} cannot be published: {notes[0]}", hint)
                return None
            for note in notes:
                self._remarks.changed(line, f"{quote(base)}: {note}")
            data = drawing
        if len(data) > MOST_BYTES:
            self._remarks.left(line, f"the picture {quote(path)} is too large", "make it smaller")
            return None
        own = posixpath.splitext(base)[1].lower()
        name = self._name(base, own if PICTURES.get(own) == found.kind else ending, data)
        self.files[name] = data
        return name

    def _name(self, base: str, ending: str, data: bytes) -> str:
        """A name for a file with the bytes *data* that no other file of the article has."""
        stem = posixpath.splitext(base)[0] if ending else base
        plain = plain_slug(stem)[:60].strip("-") or "picture"
        name, number = f"{plain}{ending}", 1
        while name in self.files and self.files[name] != data:
            number += 1
            name = f"{plain}-{number}{ending}"
        return name

    # the text

    def rewrite(self, text: OldText) -> None:
        """Rewrite every link and every picture of *text*."""
        inline_pictures(text)
        masked = text.masked()
        links = [*find_links(text.text, masked)]
        changes: list[Rewrite] = []
        for each in links:
            changes += self._rewritten(each, text, masked)
        text.apply(_apart(changes))
        self._rewrite_html(text)

    def _rewritten(self, link: OldLink, text: OldText, masked: str) -> Iterator[Rewrite]:
        line = text.line(link.start)
        if link.kind == "picture":
            yield from self._rewritten_picture(link, text, masked, line)
            return
        leads = self.link(link.target, line)
        if leads is None:
            yield from removed_link(link)
            return
        new = self.written(leads)
        is_odd = link.kind == "definition" and ("(" in new or ")" in new) and text.text[link.place[0]] != "<"
        if new != link.target or is_odd:
            yield Rewrite(*link.place, address_of_target(new))
        end, inside = attributes_behind(text.text, masked, link.end) if link.kind == "link" else (link.end, "")
        if inside and ("=" in inside or "." in inside):
            self._remarks.changed(line, f"the attributes {quote(inside)} of a link were taken out")
            yield Rewrite(link.end, end, "")

    def written(self, leads: Leads) -> str:
        """The target of a link in Markdown."""
        if leads.post is not None:
            return (
                f"../{leads.post.slug}/index.md{leads.anchor}" if leads.post is not self._own else leads.anchor or "#"
            )
        return leads.file or leads.address

    def _rewritten_picture(self, link: OldLink, text: OldText, masked: str, line: int) -> Iterator[Rewrite]:
        alt = text.text[slice(*link.words)]
        name = self.picture(link.target, line)
        end, inside = attributes_behind(text.text, masked, link.end)
        if name is None:
            address = self.address_of(link.target)
            words = alt.strip() or link.title or "Picture"
            shown = f"[{words}]({address_of_target(address)})" if address and not link.within else words
            yield Rewrite(link.start, end if inside else link.end, shown)
            return
        described = alt
        if not alt.strip():
            described = self._described(link.title, name, line)
        title = " ".join(link.title.split())
        sizes = self._listed(inside, line)
        end = end if inside else link.end
        if name.endswith(".svg"):  # as Markdown it would be set into the page, and take the theme's colours
            yield Rewrite(link.start, end, _drawing(name, described, title))
            return
        caption = ' "{}"'.format(title.replace('"', "'")) if title else ""
        yield Rewrite(link.start, end, f"![{described}]({name}{caption}){sizes}")

    def _described(self, title: str, name: str, line: int) -> str:
        words = posixpath.splitext(name)[0].replace("-", " ")
        described = title or (
            words if _LETTERS.search(words) and not _HEX.fullmatch(words.replace(" ", "-")) else "Picture"
        )
        said = f"a picture had no words for readers who cannot see it: {quote(described)} are its words now"
        self._remarks.changed(line, said)
        return described.replace("[", "(").replace("]", ")")

    def _listed(self, inside: str, line: int) -> str:
        """The list of attributes of a picture that articles may have."""
        if not inside.strip():
            return ""
        kept = [f'{each["key"]}="{each["value"]}"' for each in _SIZES.finditer(inside)]
        side = _SIDE.search(inside)
        if side:
            kept.insert(0, f".align-{side['side'] or side['other']}")
        self._remarks.changed(line, f"of the attributes {quote(inside)} only size and side stay")
        return f"{{: {' '.join(kept)} }}" if kept else ""

    def _rewrite_html(self, text: OldText) -> None:
        if "<" not in text.text:
            return
        masked = text.masked()
        changes: list[Rewrite] = []
        for found in _HTML_TAG.finditer(masked):
            source = text.text[slice(*found.span())]
            tag = TAG.match(source)
            if tag is None:
                continue
            attributes = dict(attributes_of(tag["attributes"] or ""))
            line = text.line(found.start())
            name = found["name"].lower()
            if name == "a" and "href" in attributes:
                new = self._html_link(attributes, line)
                end = _ANCHOR_END.search(masked, found.end())
                if new is None and end is not None:
                    changes += [Rewrite(*found.span(), ""), Rewrite(*end.span(), "")]
                elif new is not None and new != attributes["href"]:
                    changes.append(Rewrite(*found.span(), _tag("a", {**attributes, "href": new})))
            elif name != "a":
                changes += self._html_picture(found, name, attributes, line)
        text.apply(_apart(changes))

    def _html_link(self, attributes: Mapping[str, str | None], line: int) -> str | None:
        leads = self.link(attributes["href"] or "", line)
        if leads is None:
            return None
        if leads.post is not None:
            if leads.post is self._own:
                return leads.anchor or "#"
            up = "../" * self._own.url.count("/")
            return f"{up}{leads.post.url}{leads.anchor}"
        return leads.file or leads.address

    def _html_picture(
        self, found: re.Match[str], name: str, attributes: Mapping[str, str | None], line: int
    ) -> Iterator[Rewrite]:
        new = dict(attributes)
        if srcset := attributes.get("srcset"):
            sets = []
            for part in srcset.split(","):
                words = part.split()
                if words and (brought := self.picture(words[0], line)):
                    sets.append(" ".join([brought, *words[1:]]))
            new["srcset"] = ", ".join(sets)
            if not sets:
                del new["srcset"]
                if name == "source":
                    yield Rewrite(*found.span(), "")
                    return
        source = attributes.get("src")
        if source is None and name == "img":
            self._remarks.changed(line, "<img> without a picture was taken out")
            yield Rewrite(*found.span(), "")
            return
        if source is not None:
            brought = self.picture(source, line)
            if brought is None:
                address, said = self.address_of(source), attributes.get("alt") or "Picture"
                link = f'<a href="{escape(address)}">{escape(said)}</a>' if address else escape(said)
                yield Rewrite(*found.span(), link)
                return
            new["src"] = brought
            if name == "img" and not (attributes.get("alt") or "").strip():
                new["alt"] = self._described(attributes.get("title") or "", brought, line)
        if new != attributes:
            yield Rewrite(*found.span(), _tag(name, new))


def _drawing(name: str, described: str, title: str) -> str:
    words = {"src": _NEW + name, "alt": described.replace("\\", "")}
    return _tag("img", {**words, "title": title} if title else words)


def _tag(name: str, attributes: Mapping[str, str | None]) -> str:
    inside = "".join(f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{inside}>"


def _host(netloc: str) -> str:
    return netloc.lower().rpartition("@")[2].removeprefix("www.").removesuffix(":443").removesuffix(":80")


def _place(places: list[Place], fragment: str) -> Place | None:
    folded = fragment.lower()
    return next((each for each in places if each.old == fragment), None) or next(
        (each for each in places if each.old.lower() == folded or each.new == new_id(fragment)), None
    )


def _apart(changes: list[Rewrite]) -> Iterator[Rewrite]:
    """*changes* without those within others: of a picture in the text of a link, both targets are changed."""
    at = -1
    for change in sorted(changes, key=lambda change: (change.start, -change.end)):
        if change.start >= at:
            yield change
            at = max(at, change.end)
