"""Posts that were written for Hugo."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from engblog.importing.dialect import Dialect, OldBlog, OldPost, day_values
from engblog.importing.front import dig, read_settings_file
from engblog.importing.old_text import OldText
from engblog.importing.shortcodes import translate_shortcodes

_ENDINGS = (".toml", ".yaml", ".yml", ".json")
_SECTIONS = frozenset({"post", "posts", "blog", "blogs", "article", "articles", "news", "writing", "notes", "log"})
"""Sections whose pages are posts, unless the user names folders."""
_LANGUAGE = re.compile(r"(?P<stem>.+)\.(?P<language>[a-z]{2}(?:-[a-z]{2,4})?)")
_TOKEN = re.compile(r":(?P<name>[a-z]+)(?:\[(?P<slice>[^\[\]]*)\])?")
_NOT_IN_PATH = re.compile(r"[^\w\s/.\-+#~]")
_SUMMARY = re.compile(r"^[ \t]*<!--[ \t]*more[ \t]*-->[ \t]*$\n?", re.MULTILINE | re.IGNORECASE)


class Hugo(Dialect):
    """Hugo: ``content/``, shortcodes, permalinks by section."""

    name = "hugo"
    configs = tuple(f"{name}{ending}" for name in ("hugo", "config") for ending in _ENDINGS)
    statics: tuple[str, ...] = ("static", "assets", "content")

    def __init__(self, blog: OldBlog) -> None:
        super().__init__(blog)
        root = f"{self.root}/" if self.root else ""
        if self.root.endswith("config/_default"):
            root = root.removesuffix("config/_default/")
        self.root = root.rstrip("/")
        merged = dict(self.settings)
        for path in sorted(blog.files):
            lead = f"{root}config/_default/"
            if path.startswith(lead) and path.endswith(_ENDINGS) and path != self.config_path:
                name = posixpath.basename(path).partition(".")[0]
                values = read_settings_file(path, blog.read(path) or b"")
                merged = {**merged, **values} if name in {"hugo", "config"} else {**merged, name: values}
        self.settings = merged
        self.url = (blog.url or self.configured_url()).rstrip("/")
        self._language = str(dig(merged, "defaultContentLanguage") or "en")
        languages = dig(merged, "languages")
        self._languages = {str(name).lower() for name in languages} if isinstance(languages, Mapping) else set()
        content = dig(languages, self._language, "contentDir") or dig(merged, "contentDir") or "content"
        self._content = f"{root}{str(content).strip('/')}/"
        inner = f"{self._content}{self._language}/"
        if self._content.count("/") == root.count("/") + 1 and any(path.startswith(inner) for path in blog.files):
            self._content = inner
        self.statics = (
            *(str(each) for each in _listed(dig(merged, "staticDir"))),
            *Hugo.statics,
            self._content[len(root) :],
        )

    def configured_url(self) -> str:
        """``baseURL``."""
        url = str(dig(self.settings, "baseURL") or "")
        return url if url.startswith(("http://", "https://")) else ""

    def is_post(self, path: str) -> bool:
        """A page in a section for posts, in the language that the site has by default."""
        inside = path.removeprefix(self._content)
        base = posixpath.basename(path)
        if inside == path or base.startswith("_index.") or "/" not in inside or base == "README.md":
            return False
        found = _LANGUAGE.fullmatch(posixpath.splitext(base)[0])
        if found and found["language"] in self._languages - {self._language}:
            return False
        section = inside.partition("/")[0].lower()
        return section in _SECTIONS or section in {str(each).lower() for each in self._main_sections()}

    def _main_sections(self) -> list[Any]:
        found = dig(self.settings, "params", "mainSections") or dig(self.settings, "mainSections")
        return found if isinstance(found, list) else []

    def slug(self, post: OldPost) -> str:
        """The slug, or the name of the file without a language."""
        found = _LANGUAGE.fullmatch(post.stem)
        stem = found["stem"] if found and found["language"] in {*self._languages, self._language} else post.stem
        stem = posixpath.basename(post.folder) if stem == "index" else stem
        if "{" not in (given := post.front.text("slug").strip("/")) and given:
            return given.rpartition("/")[2]
        return stem

    def address(self, post: OldPost) -> str:
        """By ``url``, or by the permalinks of its section."""
        if given := post.front.text("url"):
            return given
        inside = post.path.removeprefix(self._content)
        section = inside.partition("/")[0]
        pattern = self._pattern(section)
        bundle = posixpath.basename(post.path).startswith("index.")
        folders = posixpath.dirname(posixpath.dirname(inside) if bundle else inside)
        sections = [part for part in folders.split("/") if part]
        slug, title = self.slug(post), post.front.text("title") or post.stem
        values = {
            **(day_values(post.moment) if post.moment else {}),
            "section": section,
            "sections": "/".join(sections),
            "title": title,
            "slug": post.front.text("slug") or title,
            "filename": self.slug(post) if not post.front.text("slug") else post.stem,
            "contentbasename": post.stem,
            "slugorfilename": slug,
            "slugorcontentbasename": slug,
        }

        def value(token: re.Match[str]) -> str:
            if token["slice"] is not None and token["name"] == "sections":
                return "/".join(_slice(sections, token["slice"]))
            return values.get(token["name"], token[0])

        path = urlized(_TOKEN.sub(value, pattern), lower=not dig(self.settings, "disablePathToLower"))
        lead = ""
        if str(dig(self.settings, "defaultContentLanguageInSubdir")).lower() == "true":
            lead = f"/{self._language}"
        if str(dig(self.settings, "uglyURLs")).lower() == "true":
            return f"{lead}{path.rstrip('/')}.html"
        return f"{lead}{path}" if path.endswith("/") or "." in path.rpartition("/")[2] else f"{lead}{path}/"

    def _pattern(self, section: str) -> str:
        links = dig(self.settings, "permalinks")
        found = dig(links, "page", section) or dig(links, section)
        return str(found) if isinstance(found, str) else "/:sections/:slugorfilename/"

    def redirects(self, post: OldPost) -> list[str]:
        """``aliases``; a relative one is relative to the section."""
        found = post.front.texts("aliases", "alias")
        return [each if each.startswith("/") else posixpath.join(self._folder(post), each) for each in found]

    def _folder(self, post: OldPost) -> str:
        return posixpath.dirname(self.address(post).rstrip("/"))

    def people_files(self) -> tuple[str, ...]:
        """Data files of the usual names."""
        lead = f"{self.root}/" if self.root else ""
        return tuple(f"{lead}data/{name}{ending}" for name in ("authors", "author", "people") for ending in _ENDINGS)

    def reference(self, target: str, post: OldPost) -> str | None:
        """The page that ``ref`` names: by path from the content folder, from the page, or by its name only."""
        plain = target.partition("#")[0].strip().strip("/")
        folder = posixpath.dirname(post.folder) if posixpath.basename(post.path).startswith("index.") else post.folder
        starts = [self._content] if target.startswith("/") else [f"{post.folder}/", f"{folder}/", self._content]
        for start in starts:
            whole = posixpath.normpath(start + plain)
            for path in (
                whole,
                f"{whole}.md",
                f"{whole}/index.md",
                f"{whole}.markdown",
                f"{whole}.{self._language}.md",
            ):
                if path in self.blog.files:
                    return path
        name = posixpath.basename(plain)
        alike = [
            path
            for path in self.blog.files
            if path.startswith(self._content) and (path.endswith((f"/{name}", f"/{name}.md", f"/{name}/index.md")))
        ]
        return min(alike, key=len) if len(alike) == 1 and name else None

    def translate(self, post: OldPost, text: OldText) -> None:
        """Shortcodes, and the mark that ends a summary."""
        text.sub(_SUMMARY, lambda _: "", masked=text.text)
        translate_shortcodes(text, post, self)

    def param(self, name: str, post: OldPost) -> str:
        """The value of ``{{< param name >}}``: of the page, or of the site."""
        value = post.front.values.get(name.lower())
        if value is None:
            value = dig(post.front.values, "params", *name.split("."))
        if value is None:
            value = dig(self.settings, "params", *name.split("."))
        return "" if value is None or isinstance(value, Mapping | list) else str(value)

    def included(self, target: str, post: OldPost) -> Iterator[str]:
        """The places at which the file may be that a shortcode includes."""
        lead = f"{self.root}/" if self.root else ""
        plain = target.lstrip("/")
        for folder in (f"{post.folder}/", lead, self._content, f"{lead}content/", f"{lead}static/", f"{lead}assets/"):
            yield posixpath.normpath(folder + plain)


def _slice(parts: list[str], text: str) -> list[str]:
    start, colon, end = text.partition(":")
    try:
        if not colon:
            return [parts[-1]] if text == "last" else parts[int(start) : int(start) + 1]
        first = int(start) if start else 0
        return parts[first : (None if end in {"", "last"} else int(end))]
    except (ValueError, IndexError):
        return parts


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def urlized(path: str, *, lower: bool = True) -> str:
    """*path* as Hugo makes it part of an address."""
    out = re.sub(r"\s+", "-", _NOT_IN_PATH.sub("", path.strip()))
    out = re.sub(r"-{2,}", "-", re.sub(r"/{2,}", "/", out))
    return out.lower() if lower else out
