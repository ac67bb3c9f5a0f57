"""Reads an old blog: the part that all dialects share, and the questions that each answers in its way."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any
from urllib.parse import unquote, urlsplit

from engblog.importing.front import Front, as_list, dig, read_front, read_settings_file
from engblog.importing.moments import old_moment
from engblog.importing.old_text import OldText
from engblog.importing.remarks import Remarks
from engblog.model.article import Moment
from engblog.model.text import slugify

TEXTS = (".md", ".markdown", ".mdx", ".mkd", ".mkdn", ".mdown")
"""The endings of names of posts that can be imported."""
_DATED = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[-_](?P<rest>.+))?")
_NOT_IN_ID = re.compile(r"[^\w\- ]")
_FIRST_HEADING = re.compile(r"^#[ \t]++(?P<text>[^\n]*)$|^(?P<set>\S[^\n]*)\n=++[ \t]*+$", re.MULTILINE)
_MARKS = re.compile(r"[*_`]|\{[^{}]*+\}|<[^<>]*+>|(?<=\])\([^()]*+\)|[\[\]]")


@dataclass(frozen=True, slots=True)
class OldBlog:
    """The files of the folder that is imported, and everything that only its user or the machine knows."""

    files: frozenset[str]
    """Paths from that folder, with slashes."""
    read: Callable[[str], bytes | None]
    """The bytes of one of them."""
    url: str = ""
    """The address at which the old blog is read, if its configuration does not say it."""
    posts: tuple[str, ...] = ()
    """Folders to look for posts in, instead of the usual ones of the system."""
    zone: Callable[[str], tzinfo | None] = lambda _: None
    """The zone of a name such as ``Europe/Paris``."""
    first_day: Callable[[str], date | None] = lambda _: None
    """The day on which a file was added to the old blog's repository."""


@dataclass(frozen=True, slots=True)
class OldAuthor:
    """A person as the old blog names them."""

    name: str
    key: str = ""
    """The key by which its posts name the person; empty if they write the name itself."""
    role: str = ""
    url: str = ""


@dataclass(slots=True)
class OldPost:
    """A post as it was found."""

    path: str
    front: Front
    remarks: Remarks
    title: str = ""
    moment: Moment | None = None
    slug: str = ""
    """The last part of its old address, or what is nearest to one."""
    address: str = ""
    """Its old address, ``/2019/01/02/name/``, from the root of the old site."""
    old_addresses: tuple[str, ...] = ()
    """Addresses from which the old site redirected to it."""

    @property
    def folder(self) -> str:
        """The folder of the old file."""
        return posixpath.dirname(self.path)

    @property
    def stem(self) -> str:
        """The name of the old file, or of its folder if the file is called ``index``."""
        stem = posixpath.splitext(posixpath.basename(self.path))[0]
        return posixpath.basename(self.folder) if stem in {"index", "README"} and self.folder else stem


@dataclass(slots=True)
class OldPosts:
    """The posts of an old blog."""

    posts: list[OldPost] = field(default_factory=list)
    remarks: list[Remarks] = field(default_factory=list)
    """Notes on files that could not be read, and on the blog as a whole."""


class Dialect:
    """A system that posts were written for. *config* is the name of its configuration, as a pattern."""

    name = ""
    configs: tuple[str, ...] = ()
    """Names of its configuration, the preferred first."""
    statics: tuple[str, ...] = ()
    """Folders, from that of the configuration, whose files are at the root of the old site."""

    def __init__(self, blog: OldBlog) -> None:
        self.blog = blog
        self.config_path = self._find_config()
        self.root = posixpath.dirname(self.config_path)
        """The folder of the configuration, from the one that is imported."""
        data = blog.read(self.config_path) if self.config_path else None
        self.settings: Mapping[str, Any] = self.read_config(self.config_path, data) if data is not None else {}
        self.url = (blog.url or self.configured_url()).rstrip("/")
        """The address of the old site's root, without a slash at its end; empty if it is unknown."""

    # what each dialect answers

    def read_config(self, path: str, data: bytes) -> Mapping[str, Any]:
        """The settings in the configuration *path*."""
        return read_settings_file(path, data)

    def configured_url(self) -> str:
        """The address of the old site's root, as the configuration gives it."""
        return ""

    def is_post(self, path: str) -> bool:
        """True if the file *path*, whose name says that it is a text, is a post."""
        raise NotImplementedError

    def address(self, post: OldPost) -> str:
        """The address that the old site gave *post*, from its root."""
        raise NotImplementedError

    def translate(self, post: OldPost, text: OldText) -> None:
        """Write everything in *text* that only this dialect has as articles write it."""

    def heading_id(self, text: str) -> str:
        """The id that the old site made of a heading with *text*, apart from what tells two alike apart."""
        return _NOT_IN_ID.sub("", text.strip().lower()).replace(" ", "-")

    repeated_id = "-{}"
    """The form of what tells two ids apart."""

    def draft(self, post: OldPost) -> bool:
        """True if the old site did not publish *post*."""
        front = post.front
        return front.is_true("draft") or front.text("published").lower() == "false" or front.is_true("unlisted")

    def tags(self, post: OldPost) -> list[str]:
        """The tags of *post*."""
        return post.front.texts("tags", "tag", "keywords" if not post.front.values.get("tags") else "tags")

    def categories(self, post: OldPost) -> list[str]:
        """The categories of *post*, the first of which counts."""
        return post.front.texts("categories", "category")

    def moment(self, post: OldPost) -> Moment | None:
        """The day or the moment of *post*'s publication."""
        for key in ("date", "publishdate", "published_at", "created", "pubdate"):
            value = post.front.values.get(key)
            if isinstance(value, Mapping):
                value = value.get("created")
            if value is not None and (moment := old_moment(value, self.zone)) is not None:
                return moment
        if (found := _DATED.match(post.stem)) is not None:
            return old_moment(f"{found['year']}-{found['month']}-{found['day']}", None)
        day = self.blog.first_day(post.path)
        if day is not None:
            post.remarks.changed(1, f"no date: {day}, on which the file was added to the repository, is used")
            return Moment(day)
        return None

    def updated(self, post: OldPost) -> Moment | None:
        """The day or the moment of its last change, as its front matter gives it."""
        for key in ("updated", "lastmod", "last_modified_at", "last_update", "modified", "date"):
            value = post.front.values.get(key)
            if isinstance(value, Mapping):
                value = value.get("updated") or value.get("date")
            elif key == "date":
                continue
            if value is not None and (moment := old_moment(value, self.zone)) is not None:
                return moment
        return None

    def redirects(self, post: OldPost) -> list[str]:  # noqa: ARG002  (dialects need it)
        """Addresses from which the old site redirected to *post*."""
        return []

    def people_files(self) -> tuple[str, ...]:
        """Files that may describe the authors, from the folder that is imported."""
        return ()

    def slug(self, post: OldPost) -> str:
        """The last part of *post*'s old address."""
        given = post.front.text("slug").strip("/")
        found = _DATED.fullmatch(post.stem)
        return given.rpartition("/")[2] or (found["rest"] if found and found["rest"] else post.stem)

    def reference(self, target: str, post: OldPost) -> str | None:
        """The path of the post that *target*, a path in the old system's terms, names; None if there is none."""
        folder = "" if target.startswith("/") else post.folder
        whole = posixpath.normpath(posixpath.join(folder, target.lstrip("/")))
        for path in (whole, *(f"{whole}{ending}" for ending in TEXTS), f"{whole}/index.md", f"{whole}/index.mdx"):
            if path in self.blog.files:
                return path
        return None

    def page_address(self, target: str, post: OldPost) -> str:
        """The address on the old site of the page in the file that *target* names, if it is a text that was not
        imported; empty if there is none, or if the system does not link files."""
        path = self.reference(unquote(target), post)
        return self.address_of_file(path) if path else ""

    def address_of_file(self, path: str) -> str:  # noqa: ARG002  (dialects need it)
        """The address of the page in the file *path*; empty if only the post itself could say it."""
        return ""

    def file_places(self, target: str, post: OldPost) -> Iterator[str]:
        """The places at which the file may be that *post* refers to by *target*, the likeliest first."""
        plain = unquote(re.split(r"[?#]", target, maxsplit=1)[0])
        if not plain:
            return
        if not plain.startswith("/"):
            yield posixpath.normpath(posixpath.join(post.folder, plain))
            yield posixpath.normpath(posixpath.join(post.folder, post.stem, plain))
            whole = posixpath.normpath(posixpath.join(post.address, plain))
        else:
            whole = posixpath.normpath(plain)
        base = urlsplit(self.url).path.rstrip("/")
        rooted = [whole.lstrip("/")]
        if base and whole.startswith(f"{base}/"):
            rooted.insert(0, whole.removeprefix(f"{base}/"))
        for static in self.statics:
            for each in rooted:
                yield posixpath.normpath(posixpath.join(self.root, static, each))
        if not plain.startswith("/"):
            for static in self.statics:
                yield posixpath.normpath(posixpath.join(self.root, static, plain))

    # what they share

    @property
    def zone(self) -> tzinfo | None:
        """The zone of the old site's times that give none."""
        name = dig(self.settings, "timezone")
        return self.blog.zone(str(name)) if name else None

    def _find_config(self) -> str:
        known = [path for path in self.blog.files if posixpath.basename(path) in self.configs]
        order = {name: number for number, name in enumerate(self.configs)}
        return min(known, key=lambda path: (path.count("/"), order[posixpath.basename(path)], path), default="")

    def below(self, path: str) -> str:
        """*path* from the folder of the configuration."""
        return path.removeprefix(f"{self.root}/") if self.root else path

    def survey(self) -> OldPosts:
        """Every post, with its date and its old address."""
        survey = OldPosts()
        if self.config_path and not self.settings:
            remarks = Remarks(self.config_path)
            hint = "correct it, and import again: addresses follow the defaults of the system now"
            remarks.left(1, "the configuration cannot be read", hint)
            survey.remarks.append(remarks)
        folders = tuple(f"{each.strip('/')}/" for each in self.blog.posts)
        for path in sorted(self.blog.files):
            if not path.lower().endswith(TEXTS):
                continue
            if not (path.startswith(folders) if folders else self.is_post(path)):
                continue
            remarks = Remarks(path)
            post = self._post(path, remarks)
            if post is None:
                survey.remarks.append(remarks)
            else:
                survey.posts.append(post)
        return survey

    def _post(self, path: str, remarks: Remarks) -> OldPost | None:
        data = self.blog.read(path) or b""
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            try:
                text = data.decode("cp1252")
            except UnicodeDecodeError:
                remarks.left(1, f"byte {error.start} is not UTF-8", "save the old file as UTF-8, and import again")
                return None
            remarks.changed(1, "the file is in Windows-1252, and is UTF-8 now")
        front = read_front(text.replace("\r\n", "\n").replace("\r", "\n"), remarks)
        if front is None:
            return None
        post = OldPost(path, front, remarks)
        post.moment = self.moment(post)
        if post.moment is None:
            said = front.text("date", "publishdate")
            message = f"the date “{said}” cannot be read" if said else "the post has no date"
            remarks.left(1, message, "give it a `date: 2026-11-23` in the old file, and import again")
            return None
        post.title = front.text("title") or self._first_heading(front.body) or _spelled(self.slug(post))
        post.slug = self.slug(post)
        post.address = rooted_address(self.address(post))
        post.old_addresses = tuple(rooted_address(each) for each in self.redirects(post))
        return post

    @staticmethod
    def _first_heading(body: str) -> str:
        found = _FIRST_HEADING.search(OldText(body).masked())
        words = body[slice(*found.span("text" if found["text"] else "set"))] if found else ""
        return _MARKS.sub("", words).strip(" \t#")

    def people(self) -> dict[str, OldAuthor]:
        """The authors that the old blog describes, by their keys in lower case."""
        found: dict[str, OldAuthor] = {}
        for path in self.people_files():
            data = self.blog.read(path) if path in self.blog.files else None
            values = read_settings_file(path, data) if data is not None else {}
            if isinstance(inner := dig(values, "authors"), Mapping):
                values = inner
            for key, value in values.items():
                if isinstance(value, Mapping):
                    found.setdefault(str(key).lower(), author_of(value, str(key)))
        return found

    def authors(self, post: OldPost, people: Mapping[str, OldAuthor]) -> list[OldAuthor]:
        """The authors of *post*."""
        found: list[OldAuthor] = []
        for key in ("authors", "author"):
            for value in as_list(post.front.values.get(key)):
                if isinstance(value, Mapping):
                    named = str(value.get("key") or value.get("name") or "")
                    known = people.get(named.lower())
                    found.append(known or author_of(value, str(value.get("key") or "")))
                    continue
                whole = " ".join(str(value).split())
                known = people.get(whole.lower())
                names = [whole] if known else _split_names(whole)
                found += [people.get(name.lower()) or OldAuthor(name) for name in names]
            if found:
                break
        return list(dict.fromkeys(author for author in found if author.name))


def author_of(value: Mapping[str, Any], key: str) -> OldAuthor:
    """The person whom the mapping *value* describes."""
    name = next((str(value[each]) for each in ("name", "display_name", "display", "full_name") if value.get(each)), key)
    role = next((str(value[each]) for each in ("title", "role", "position") if value.get(each)), "")
    url = next((str(value[each]) for each in ("url", "website", "web", "homepage", "github") if value.get(each)), "")
    return OldAuthor(" ".join(name.split()), key, " ".join(role.split()), url)


def _split_names(text: str) -> list[str]:
    """The names in *text*: ``Ada Lovelace, Grace Hopper and Barbara Liskov``."""
    plain = " ".join(re.sub(r"\([^()]*+\)|<[^<>]*+>", "", text).split())
    parts = re.split(r", (?:and )?| (?:and|&) ", plain)
    return [part.strip() for part in parts if part.strip()]


def _spelled(slug: str) -> str:
    words = re.sub(r"[-_]+", " ", slug).strip()
    return words[:1].upper() + words[1:]


def rooted_address(address: str) -> str:
    """*address* with a slash before it, without doubled ones."""
    split = urlsplit(address)
    return (
        re.sub(r"//+", "/", f"/{unquote(split.path)}") if split.scheme or "//" in address else f"/{address.lstrip('/')}"
    )


def dated(pattern: str, values: Mapping[str, str], names: Sequence[str]) -> str:
    """*pattern* with each ``:name`` of *names* replaced by its value, the longest names first."""
    out = pattern
    for name in sorted(names, key=len, reverse=True):
        out = out.replace(f":{name}", values[name])
    return out


def day_values(moment: Moment) -> dict[str, str]:
    """The parts of a date by the names that permalinks give them."""
    day = moment.day
    return {
        "year": f"{day.year:04}",
        "month": f"{day.month:02}",
        "day": f"{day.day:02}",
        "i_month": f"{day.month}",
        "i_day": f"{day.day}",
        "short_year": f"{day.year % 100:02}",
        "short_month": f"{day:%b}",
        "long_month": f"{day:%B}",
        "monthname": f"{day:%B}",
        "yearday": f"{day.timetuple().tm_yday}",
        "y_day": f"{day.timetuple().tm_yday:03}",
        "week": f"{day.isocalendar().week:02}",
        "w_year": f"{day.isocalendar().year}",
        "w_day": f"{day.isoweekday()}",
        "weekday": f"{day.isoweekday() % 7}",
        "weekdayname": f"{day:%A}",
        "short_day": f"{day:%a}",
        "long_day": f"{day:%A}",
        "hour": f"{moment.at:%H}" if moment.at else "00",
        "minute": f"{moment.at:%M}" if moment.at else "00",
        "second": f"{moment.at:%S}" if moment.at else "00",
    }


def plain_slug(text: str) -> str:
    """*text* in the letters that the folder of an article may have; empty if it has none of them."""
    return re.sub(r"-{2,}", "-", slugify(text).encode("ascii", "ignore").decode()).strip("-")
