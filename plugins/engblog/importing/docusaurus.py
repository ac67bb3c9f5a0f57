"""Posts that were written for the blog of Docusaurus: MDX, directives, tabs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from engblog.importing.dialect import Dialect, OldAuthor, OldPost, day_values
from engblog.importing.front import dig
from engblog.importing.mdx import translate_mdx
from engblog.importing.moments import old_moment
from engblog.importing.old_text import OldText, spans_between, without_spans
from engblog.model.article import Moment

_SETTING = re.compile(
    r"(?<![\w.])(?P<key>url|baseUrl|routeBasePath|path|trailingSlash|staticDirectories)\s*:\s*"
    r"(?P<value>'[^'\n]*'|\"[^\"\n]*\"|true|false|\[[^\[\]]*\]|[A-Za-z_]\w*)"
)
_BLOG = re.compile(r"(?<!\w)blog\s*:\s*\{|plugin-content-blog['\"]\s*,\s*\{")
_NAME = re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?=[-/]|\Z)")
_NAMED = re.compile(r"(?:const|let|var)[ \t]+(?P<name>\w+)[ \t]*=(?P<value>[^;\n]*(?:\n[ \t]+[^;\n]*){0,3})")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


class _DatedName(NamedTuple):
    """The parts of a path that has a date."""

    folder: str
    year: str
    month: str
    day: str
    text: str


class Docusaurus(Dialect):
    """Docusaurus: ``blog/`` beside ``docusaurus.config.js``."""

    name = "docusaurus"
    configs = ("docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs")
    statics = ("static", "")

    def read_config(self, path: str, data: bytes) -> Mapping[str, Any]:  # noqa: ARG002  (the other dialects need it)
        """The few settings of the program *path* that decide about addresses, if they are written out in it."""
        text = data.decode("utf-8", "replace")
        found: dict[str, Any] = {}
        for each in _SETTING.finditer(_without_blocks(text)):
            found.setdefault(each["key"].lower(), _plain(each["value"], text))
        blogs = [_block(text, match.end()) for match in _BLOG.finditer(text)]
        blog: dict[str, Any] = {}
        for block in blogs:
            for each in _SETTING.finditer(block):
                blog.setdefault(each["key"].lower(), _plain(each["value"], text))
        return {**found, "blog": blog}

    def configured_url(self) -> str:
        """``url`` and ``baseUrl``."""
        url, base = str(dig(self.settings, "url") or ""), str(dig(self.settings, "baseUrl") or "/")
        is_public = url.startswith("http") and "localhost" not in url and "127.0.0.1" not in url
        return f"{url.rstrip('/')}/{base.strip('/')}".rstrip("/") if is_public else ""

    @property
    def _folder(self) -> str:
        path = str(dig(self.settings, "blog", "path") or "blog").strip("./")
        return f"{self.root}/{path}/" if self.root else f"{path}/"

    def is_post(self, path: str) -> bool:
        """A file of the blog's folder that is not a part of others."""
        inside = path.removeprefix(self._folder)
        return (
            inside != path
            and not any(part.startswith("_") for part in inside.split("/"))
            and (posixpath.basename(path).lower() not in {"readme.md", "tags.md"})
        )

    def _parts(self, post: OldPost) -> _DatedName | None:
        name = posixpath.splitext(self._inside(post))[0]
        found = _NAME.search(name)
        if found is None:
            return None
        text = f"{name[found.end() :]}/".removesuffix("/index/").strip("-/")
        return _DatedName(name[: found.start()].strip("/"), found["year"], found["month"], found["day"], text)

    def _inside(self, post: OldPost) -> str:
        if post.path.startswith(self._folder):
            return post.path.removeprefix(self._folder)
        lead = next(
            (f"{each.strip('/')}/" for each in self.blog.posts if post.path.startswith(f"{each.strip('/')}/")), ""
        )
        return post.path.removeprefix(lead)

    def moment(self, post: OldPost) -> Moment | None:
        """By the front matter, or by the names of the file and its folders."""
        if post.front.text("date") and (given := old_moment(post.front.values["date"], self.zone)):
            return given
        found = self._parts(post)
        if found is not None:
            return old_moment(f"{found.year}-{found.month}-{found.day}", None)
        return super().moment(post)

    def slug(self, post: OldPost) -> str:
        """The slug, or the name without its date."""
        given = post.front.text("slug").strip("/")
        if given:
            return given.rpartition("/")[2]
        found = self._parts(post)
        return (found.text or post.stem).replace("/", "-") if found else post.stem

    def address(self, post: OldPost) -> str:
        """By the slug, or by date and name."""
        given = dig(self.settings, "blog", "routeBasePath")
        base = "blog" if given is None else str(given).strip("/")
        slug = post.front.text("slug").strip()
        if not slug:
            found = self._parts(post)
            if found is not None and post.moment is not None:
                day = day_values(post.moment)
                parts = (found.folder, day["year"], day["month"], day["day"], found.text)
                slug = "/".join(part for part in parts if part)
            else:
                slug = posixpath.splitext(self._inside(post))[0].removesuffix("/index")
        return f"/{base}/{slug.strip('/')}/"

    def people_files(self) -> tuple[str, ...]:
        """``authors.yml`` of the blog."""
        return (f"{self._folder}authors.yml", f"{self._folder}authors.yaml", f"{self._folder}authors.json")

    def authors(self, post: OldPost, people: Mapping[str, Any]) -> list[Any]:
        """``authors``, or the older ``author``, ``author_title`` and ``author_url``."""
        front = post.front
        if front.text("author") and not front.values.get("authors"):
            name = front.text("author")
            known = people.get(name.lower())
            if known is None and (front.text("author_title") or front.text("author_url", "authorurl")):
                return [OldAuthor(name, "", front.text("author_title"), front.text("author_url", "authorurl"))]
        return super().authors(post, people)

    def translate(self, post: OldPost, text: OldText) -> None:
        """MDX, directives and the marks of code."""
        translate_mdx(text, post, self)


def _plain(value: str, text: str) -> Any:
    """The value that is written as *value*; of a name, the last text in the line of *text* that sets it."""
    if value.startswith("["):
        return [one or two for one, two in _QUOTED.findall(value)]
    if value[0] in "'\"" or value in {"true", "false"}:
        return value.strip("'\"")
    for name in _NAMED.finditer(text):
        if name["name"] == value and (texts := [one or two for one, two in _QUOTED.findall(name["value"])]):
            return texts[-1]
    return None


def _block(text: str, at: int) -> str:
    """The text from *at* to the brace that ends the block that began before it."""
    depth = 1
    for offset in range(at, min(len(text), at + 20_000)):
        depth += {"{": 1, "}": -1}.get(text[offset], 0)
        if depth == 0:
            return text[at:offset]
    return text[at : at + 20_000]


def _without_blocks(text: str) -> str:
    """*text* without comments and without the presets, whose keys have the same names."""
    plain = re.sub(r"(?<![:'\"\w])//[^\n]*", "", without_spans(text, spans_between(text, "/*", "*/")))
    at = min((found.start() for found in re.finditer(r"(?<!\w)(?:presets|themeConfig|plugins|i18n)\s*:", plain)),
             default=len(plain))  # fmt: skip
    return plain[:at]
