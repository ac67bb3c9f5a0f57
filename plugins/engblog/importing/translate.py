"""From the files of an old blog to articles: the order of the whole translation."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from urllib.parse import urlsplit

from pymdownx import gemoji_db

from engblog.html.allowed import refused_attributes, refused_classes
from engblog.importing.citations import translate_citations
from engblog.importing.code_blocks import translate_code
from engblog.importing.dialect import Dialect, OldPost, plain_slug
from engblog.importing.headings import new_id, translate_headings
from engblog.importing.markup import translate_markup, translate_regions
from engblog.importing.old_text import OldText, Rewrite
from engblog.importing.remarks import Remark, Remarks
from engblog.importing.targets import NewPost, OldPlaces, Targets, address_key
from engblog.importing.terms import PeopleKeys, category_names, tag_names, term_slug
from engblog.importing.written_yaml import flat_line, flow, scalar
from engblog.model.article import Moment, Person, Taxonomy
from engblog.model.problems import quote
from engblog.model.text import LONGEST_SLUG, is_seen, shortened
from engblog.model.urls import site_path
from engblog.source.attribute_lists import listed_attributes
from engblog.source.dates import is_past
from engblog.source.marks import ATTRIBUTES_AND_SPACE
from engblog.source.schema import DESCRIPTION_CHARACTERS, TAGS

_EMOJI = re.compile(r"(?<![\w:/]):(?P<name>[a-z0-9_+-]{2,40}):(?![\w:/])")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_BLANK_LINES = re.compile(r"(?<!\x00)\n(?:[ \t]*\n){2,}(?!\x00)")
_COMMENT_FIRST = re.compile(
    r"^[ \t>]*+(?:(?:[-*+]|\d+[.)])[ \t]++)?+"
    r"(?P<all>(?P<comment>(?:<!--(?:(?!--)[^\n])*+-->[ \t]*+)++)(?P<words>[^\s<][^\n]*))$",
    re.MULTILINE,
)
_BLANK_END = re.compile(r"(?<=[^ \t\n])[ \t]+(?=\n(?P<more>[ \t>]*[^\s>])?|\Z)")
_MARK = re.compile(r"\{(?=(?:lab|claim|given):)")
_TAGS = re.compile(r"<[^<>]*>")
_LINKS = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]?\s")


@dataclass(frozen=True, slots=True)
class Wishes:
    """The part of an import that its user and the new site decide."""

    taxonomy: Taxonomy
    people: Mapping[str, Person]
    category: str
    """The category of posts that have none."""
    now: datetime
    articles_dir: str = "articles"
    site_url: str = ""
    """The new site's address."""
    slugs: Mapping[str, str] = field(default_factory=dict)
    """The folders that an earlier import gave to posts, by the paths of these."""
    taken: frozenset[str] = frozenset()
    """Folders that belong to other articles."""
    fetch: Callable[[str], bytes | None] | None = None
    tags: tuple[int, int] = TAGS
    description: tuple[int, int] = DESCRIPTION_CHARACTERS


@dataclass(slots=True)
class NewArticle:
    """An article that is to be written."""

    path: str
    """The old file."""
    slug: str
    keys: dict[str, str]
    """The front matter: YAML by key."""
    body: str
    files: Mapping[str, bytes]
    remarks: Remarks
    tags: list[str]
    category: str
    authors: list[str]
    fetched: Mapping[str, str]
    """Files that come from other hosts: their names, by address."""
    is_draft: bool = False

    def text(self, *, draft: bool = False) -> str:
        """The article's file."""
        status = "draft" if draft or self.is_draft else "published"
        lines = "".join(f"{key}: {value}\n" for key, value in {**self.keys, "status": status}.items() if value)
        return f"---\n{lines}---\n\n{self.body.strip(chr(10))}\n"


_Openness = list[tuple[NewPost, bool]]
"""Articles, each with whether readers can open it."""


@dataclass(slots=True)
class Imported:
    """The result of a translation."""

    articles: list[NewArticle]
    remarks: list[Remark]
    """Notes on files that became no article."""
    new_people: PeopleKeys


class Translation:
    """Translates the posts of the blog that *dialect* reads.

    Which posts are drafts is known only after the first result has been checked, and changes the links to them. So
    everything else is translated once, and a further result costs only the articles that are another than before.
    """

    def __init__(self, dialect: Dialect, wishes: Wishes) -> None:
        self._dialect, self._wishes = dialect, wishes
        survey = dialect.survey()
        self._posts = survey.posts
        self._new = _places(survey.posts, wishes)
        by_address = _by_address(survey.posts, self._new)
        self._places = OldPlaces(dialect, self._new, by_address, wishes.fetch)
        self._left = [remark for remarks in survey.remarks for remark in remarks.found]
        self._texts = {post.path: OldText(post.front.body, post.front.body_line) for post in survey.posts}
        self._translate()
        self._notes = {post.path: (*post.remarks.found,) for post in survey.posts}
        self._writer = _FrontWriter(dialect, survey.posts, wishes)
        self._done: dict[str, tuple[_Openness, NewArticle]] = {}

    def _translate(self) -> None:
        """Do everything to the texts that does not depend on which posts are drafts."""
        dialect = self._dialect
        for post in self._posts:
            text = self._texts[post.path]
            _plain_text(text, post.remarks)
            dialect.translate(post, text)
            translate_code(text, post.remarks)
            translate_regions(text, post.remarks)
            _move_comments(text)
            Targets(post, self._new[post.path], self._places).note_linked(text)
        for post in self._posts:
            text, own = self._texts[post.path], self._new[post.path]
            own.places += translate_markup(text, post.remarks)
            linked = _with_case(frozenset(own.linked), dialect)
            own.places += translate_headings(
                text, post.title, post.remarks, dialect.heading_id, dialect.repeated_id, linked
            )

    def result(self, drafts: frozenset[str] = frozenset()) -> Imported:
        """The articles, if the posts in the old files *drafts* are not published, so that no link may lead to them."""
        hidden = {post.path for post in self._posts if self._is_draft(post, drafts)}
        for post in self._posts:
            is_future = post.moment is not None and post.moment.instant > self._wishes.now
            self._new[post.path].is_public = not (is_future or post.path in hidden)
        articles = [self._article(post, is_draft=post.path in hidden) for post in self._posts]
        return Imported(articles, self._left, self._writer.people)

    def _is_draft(self, post: OldPost, drafts: frozenset[str]) -> bool:
        return post.path in drafts or self._dialect.draft(post)

    def _article(self, post: OldPost, *, is_draft: bool) -> NewArticle:
        own = self._new[post.path]
        if post.path in self._done:
            openness, article = self._done[post.path]
            if article.is_draft == is_draft and all(each.is_public == was for each, was in openness):
                return article
        post.remarks = Remarks(post.path, [*self._notes[post.path]])
        targets = Targets(post, own, self._places)
        text = self._texts[post.path].copy()
        article = _article(post, text, own, targets)
        article.is_draft = is_draft
        self._writer.write(post, own, article, text)
        self._done[post.path] = ([(each, each.is_public) for each in (own, *targets.met)], article)
        return article


def _with_case(linked: frozenset[str], dialect: Dialect) -> frozenset[str]:
    """*linked* with the ids that the old site would have made of them as headings."""
    return linked | {each.lower() for each in linked} | {dialect.heading_id(each.replace("-", " ")) for each in linked}


def _places(posts: Iterable[OldPost], wishes: Wishes) -> dict[str, NewPost]:
    """The place of each post: its folder's name is that of an earlier import, or as near to the old one as can be."""
    taken = {*wishes.taken, *wishes.slugs.values()}
    new: dict[str, NewPost] = {}
    for post in posts:
        day = post.moment.day if post.moment else None
        slug = wishes.slugs.get(post.path, "")
        if not slug:
            made = plain_slug(post.slug)[:LONGEST_SLUG].strip("-") or plain_slug(post.title)[:LONGEST_SLUG].strip("-")
            made = made or f"post-{day}"
            slug, number = made, 1
            while slug in taken:
                suffix = f"-{day:%Y-%m-%d}" if number == 1 else f"-{number}"
                slug, number = made[: LONGEST_SLUG - len(suffix)].rstrip("-") + suffix, number + 1
            taken.add(slug)
        new[post.path] = NewPost(slug, f"{wishes.articles_dir}/{day:%Y/%m/%d}/{slug}/")
    return new


def _by_address(posts: Iterable[OldPost], new: Mapping[str, NewPost]) -> dict[str, NewPost]:
    found: dict[str, NewPost] = {}
    for post in posts:
        for address in (post.address, *post.old_addresses):
            found.setdefault(address_key(address), new[post.path])
    return found


def _plain_text(text: OldText, remarks: Remarks) -> None:
    """Take out characters that no text may have, and write short names of emoji as characters."""

    def unseen(found: re.Match[str]) -> str:
        remarks.changed(text.line(found.start()), f"the control character U+{ord(found[0]):04X} was taken out")
        return ""

    def emoji(found: re.Match[str]) -> str | None:
        known = gemoji_db.emoji.get(found[0]) or gemoji_db.emoji.get(gemoji_db.aliases.get(found[0], ""))
        code = (known or {}).get("unicode_alt") or (known or {}).get("unicode")
        return "".join(chr(int(part, 16)) for part in code.split("-")) if code else None

    text.sub(_CONTROL, unseen, masked=text.text)
    text.sub(_EMOJI, emoji)
    text.sub(_MARK, lambda _: "&#123;")


def _move_comments(text: OldText) -> None:
    """Put comments with which a line begins behind its words: a line that begins with one is HTML to its end."""
    if "<!--" not in text.text:
        return
    fences = [(fence.start, fence.end) for fence in text.fences()]
    text.apply(
        Rewrite(*found.span("all"), f"{found['words'].rstrip()} {found['comment'].strip()}")
        for found in _COMMENT_FIRST.finditer(text.text)
        if not any(start <= found.start() < end for start, end in fences)
    )


def _article(post: OldPost, text: OldText, own: NewPost, targets: Targets) -> NewArticle:
    targets.rewrite(text)
    text.sub(ATTRIBUTES_AND_SPACE, lambda found: _attributes(found, text, post.remarks))
    _without_blanks(text)  # before the text is read, so that it is not read again behind it
    translate_citations(text, post.remarks)
    _without_blanks(text)
    files = {name: data for name, data in targets.files.items() if name in text.text}
    return NewArticle(post.path, own.slug, {}, text.text, files, post.remarks, [], "", [], targets.fetched)


def _without_blanks(text: OldText) -> None:
    """Take out white space at the ends of lines that says nothing, and all but one of the empty lines in a row."""
    text.sub(_BLANK_END, lambda found: "  " if found["more"] and "  " in found[0] else "")
    text.sub(_BLANK_LINES, lambda _: "\n\n")


def _attributes(found: re.Match[str], text: OldText, remarks: Remarks) -> str | None:
    """The list of attributes *found* with those only that articles may have."""
    source = text.text[slice(*found.span())]
    given = listed_attributes(source.strip().strip("{}").removeprefix(":"))
    kept: list[str] = []
    for key, value in given.items():
        if key == "class":
            kept += [f".{each}" for each in (value or "").split() if not any(refused_classes([each]))]
        elif key == "id":
            kept += [f"#{made}"] if (made := new_id(value or "")) else []
        elif not any(refused_attributes("", {key: value})):
            kept.append(f'{key}="{value}"' if value is not None else key)
    if not any(refused_attributes("", given)):
        return None
    remarks.changed(text.line(found.start()), f"of the attributes {quote(source)} only those that articles have stay")
    blank = source[: len(source) - len(source.lstrip())]
    return f"{blank}{{: {' '.join(kept)} }}" if kept else ""


class _FrontWriter:
    """Writes front matters, with one spelling for each term and one key for each person."""

    def __init__(self, dialect: Dialect, posts: Iterable[OldPost], wishes: Wishes) -> None:
        self._dialect, self._wishes = dialect, wishes
        self.people = PeopleKeys.of(wishes.people)
        self._described = dialect.people()
        self._tags, self._categories = tag_names(wishes.taxonomy), category_names(wishes.taxonomy)
        self._aliases: dict[str, str] = {}
        for post in posts:
            categories = dialect.categories(post)
            self._tags.note([*dialect.tags(post), *categories])
            self._categories.note(categories[:1])

    def write(self, post: OldPost, own: NewPost, article: NewArticle, text: OldText) -> None:
        """Fill in the front matter of *article*, which has *text*."""
        dialect, wishes, remarks = self._dialect, self._wishes, post.remarks
        title = _words(post.title) or own.slug
        if not is_seen(title):
            title = own.slug
        moment = post.moment or Moment(wishes.now.date())
        updated = dialect.updated(post)
        article.category = self._category(post)
        article.tags = self._tags_of(post, article.category)
        article.authors = [key for author in dialect.authors(post, self._described) if (key := self.people.key(author))]
        if dialect.draft(post):
            remarks.changed(1, "a draft in the old blog, and here")
        article.keys = {
            "title": scalar(title),
            "description": scalar(self._description(post, text, title)),
            "date": _moment(moment),
            "updated": self._updated(moment, updated, remarks),
            "category": scalar(article.category),
            "tags": flow(article.tags),
            "authors": flow(list(dict.fromkeys(article.authors))) if article.authors else "",
            "aliases": flow(aliases) if (aliases := [*self._old_addresses(post, own)]) else "",
        }

    def _category(self, post: OldPost) -> str:
        for name in self._dialect.categories(post):
            if found := self._categories.name(flat_line(name)):
                return found
        return self._categories.name(self._wishes.category) or self._wishes.category

    def _tags_of(self, post: OldPost, category: str) -> list[str]:
        given = self._dialect.tags(post)
        for name in given:
            if not term_slug(name):
                post.remarks.left(1, f"the tag {quote(name)} cannot be one here", "give the article another")
        categories = [*self._dialect.categories(post)[1:], category]
        tags = list(dict.fromkeys(tag for name in given if (tag := self._tags.name(flat_line(name)))))
        for name in categories[:-1]:
            if (tag := self._tags.name(flat_line(name))) and tag not in tags:
                tags.append(tag)
        if len(tags) < self._wishes.tags[0] and category and self._dialect.categories(post):
            tags += [tag for tag in [self._tags.name(category)] if tag not in tags]
        least, most = self._wishes.tags
        if not least <= len(tags) <= most:
            hint = f"an article has {least} to {most}"
            post.remarks.left(1, f"the post has {len(tags)} tag{'' if len(tags) == 1 else 's'}", hint)
        return tags

    def _description(self, post: OldPost, body: OldText, title: str) -> str:
        least, most = self._wishes.description
        given = _words(post.front.text("description", "summary", "excerpt", "subtitle", "abstract", "lead"))
        given = given if is_seen(given) else ""
        if least <= len(given) <= most:
            return given
        if len(given) > most:
            post.remarks.changed(1, f"the description has {len(given)} characters, and was shortened")
            return shortened(given, most)
        text = given.rstrip()
        if text and text[-1] not in ".!?…:;":
            text += "."
        for sentence in _sentences(body):
            if len(text) >= least:
                break
            if sentence.rstrip(".") == given.rstrip("."):
                continue
            text = f"{text} {sentence}".strip()
        if len(text) < least:
            post.remarks.left(1, f"the description has {len(text)} characters", f"write {least} to {most}")
        elif given:
            post.remarks.changed(1, f"the description has {len(given)} characters, so the first sentences follow it")
        else:
            post.remarks.changed(1, "the post has no description, so the first sentences are it")
        return shortened(text or title, most)

    def _updated(self, published: Moment, updated: Moment | None, remarks: Remarks) -> str:
        if updated is None or updated.iso == published.iso:
            return ""
        if updated.instant <= published.instant or (updated.day == published.day and updated.at is None):
            if updated.day != published.day:
                remarks.changed(1, f"the last change, {updated.iso}, is before the date, and was left out")
            return ""
        if not is_past(updated, self._wishes.now):
            remarks.changed(1, f"the last change, {updated.iso}, is in the future, and was left out")
            return ""
        return _moment(updated)

    def _old_addresses(self, post: OldPost, own: NewPost) -> Iterator[str]:
        """The old addresses of *post* that this site can have."""
        old, new = urlsplit(self._dialect.url), urlsplit(self._wishes.site_url)
        base = new.path.rstrip("/") if not old.netloc or old.netloc == new.netloc else ""
        for address in dict.fromkeys((post.address, *post.old_addresses)):
            whole = f"{old.path.rstrip('/')}{address}" if base else address
            below = f"/{whole.removeprefix(f'{base}/')}" if base and whole.startswith(f"{base}/") else address
            written = below if below.endswith(("/", ".html")) else f"{below}/"
            if written in {"/", f"/{own.url}"}:
                continue
            path = site_path(written)
            if path is None or ("." in path.rpartition("/")[2] and not path.endswith(".html")):
                hint = "redirect it on the server, if anybody still follows it"
                post.remarks.left(1, f"the old address {quote(address)} cannot be one of this site", hint)
                continue
            folded = path.casefold()
            if self._aliases.setdefault(folded, post.path) != post.path:
                post.remarks.left(
                    1, f"the old address {quote(address)} is another post's too", "keep it for one of them"
                )
                continue
            yield written


def _words(text: str) -> str:
    """*text* of an old front matter as plain text."""
    plain = unescape(_TAGS.sub("", _LINKS.sub(r"\1", text)))
    return flat_line(_EMPHASIS.sub("", plain) if text.count("`") != 2 else plain)


def _moment(moment: Moment) -> str:
    if moment.at is None:
        return moment.day.isoformat()
    return moment.at.isoformat(timespec="seconds" if moment.at.second else "minutes")


def _sentences(body: OldText) -> Iterator[str]:
    """The sentences of the paragraphs of *body*, as plain text."""
    for words in _paragraphs(body):
        at = 0
        for found in _SENTENCE_END.finditer(words):
            yield words[at : found.end()].strip()
            at = found.end()
        if words[at:].strip():
            yield words[at:].strip()


def _paragraphs(body: OldText) -> Iterator[str]:
    """The paragraphs of *body*, as plain text; those in lists and quotations come last."""
    tokens = body.blocks.tokens
    found = [each for each in itertools.pairwise(tokens) if each[0].type == "paragraph_open"]
    for _, token in sorted(found, key=lambda each: each[0].level > 0):
        parts = [child.content if child.type in {"text", "code_inline"} else " " for child in token.children or ()
                 if child.type in {"text", "code_inline", "softbreak", "hardbreak"}]  # fmt: skip
        if words := flat_line("".join(parts)):
            yield words
