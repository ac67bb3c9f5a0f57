"""Posts that were written for Jekyll: Liquid, and kramdown's lists of attributes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from engblog.importing.dialect import Dialect, OldPost, dated, day_values
from engblog.importing.front import Front, as_list, dig
from engblog.importing.kramdown import translate_kramdown
from engblog.importing.liquid import translate_liquid
from engblog.importing.old_text import OldText, Rewrite
from engblog.model.text import slugify

_NAME = re.compile(r"(?P<year>\d{2,4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})-(?P<rest>.+)")
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_DATE_NAMES = ("year", "month", "day", "i_month", "i_day", "short_year", "short_month", "long_month", "y_day", "week",
               "w_year", "w_day", "short_day", "long_day", "hour", "minute", "second")  # fmt: skip


class Jekyll(Dialect):
    """Jekyll: ``_posts/`` and ``_drafts/``."""

    name = "jekyll"
    configs = ("_config.yml", "_config.yaml", "_config.toml")
    statics = ("", "assets", "public")

    def configured_url(self) -> str:
        """``url`` and ``baseurl``."""
        url, base = (str(dig(self.settings, key) or "").strip() for key in ("url", "baseurl"))
        return f"{url.rstrip('/')}/{base.strip('/')}".rstrip("/") if url.startswith("http") else ""

    def is_post(self, path: str) -> bool:
        """A file in ``_posts`` with a date in its name, or one in ``_drafts``."""
        parts = self.below(path).split("/")
        if "_posts" in parts[:-1]:
            return _NAME.match(posixpath.splitext(parts[-1])[0]) is not None
        return "_drafts" in parts[:-1] and parts[-1].lower() != "readme.md"

    def draft(self, post: OldPost) -> bool:
        """True in ``_drafts`` and for ``published: false``."""
        return "_drafts" in post.path.split("/") or super().draft(post)

    def value(self, post: OldPost, key: str) -> Any:
        """The value of *key* in *post*, or the default that the configuration gives for it."""
        if post.front.values.get(key) is not None:
            return post.front.values[key]
        return self._default(post.path, key)

    def _default(self, path: str, key: str) -> Any:
        found = None
        length = -1
        for each in as_list(dig(self.settings, "defaults")):
            scope = str(dig(each, "scope", "path") or "").strip("/")
            kind = str(dig(each, "scope", "type") or "posts")
            value = dig(each, "values", key)
            if (
                value is not None
                and kind in {"posts", "drafts"}
                and self.below(path).startswith(scope)
                and (len(scope) >= length)
            ):
                found, length = value, len(scope)
        return found

    def tags(self, post: OldPost) -> list[str]:
        """Tags; a text without commas has one in each word."""
        return _words(post.front, "tags", "tag")

    def categories(self, post: OldPost) -> list[str]:
        """Categories: folders above ``_posts``, and those of the front matter."""
        found = _words(post.front, "categories", "category")
        if not found:
            found = [str(each) for each in as_list(self._default(post.path, "categories")) if each]
        return list(dict.fromkeys([*self._folders(post), *found]))

    def _folders(self, post: OldPost) -> list[str]:
        parts = self.below(post.path).split("/")
        return parts[: parts.index("_posts")] if "_posts" in parts else []

    def authors(self, post: OldPost, people: Mapping[str, Any]) -> list[Any]:
        """Authors, by default those of the configuration's ``defaults``."""
        found = super().authors(post, people)
        default = self._default(post.path, "author")
        if found or not default:
            return found
        front = Front({"author": default}, "", 1, is_there=True)
        return super().authors(OldPost(post.path, front, post.remarks), people)

    def address(self, post: OldPost) -> str:
        """By ``permalink``, or by the site's."""
        pattern = str(self.value(post, "permalink") or dig(self.settings, "permalink") or "date")
        pattern = _STYLES.get(pattern, pattern)
        name = _NAME.fullmatch(post.stem)
        title = post.front.text("slug") or (name["rest"] if name else post.stem)
        categories = [slugify(each) for each in self.categories(post)]
        values = {
            **(day_values(post.moment) if post.moment else {}),
            "categories": "/".join(dict.fromkeys(categories)),
            "slugified_categories": "/".join(dict.fromkeys(categories)),
            "title": title.replace(" ", "-"),
            "slug": slugify(title),
            "name": slugify(title),
            "basename": post.stem,
            "path": posixpath.splitext(self.below(post.path))[0],
            "output_ext": ".html",
            "collection": "posts",
        }
        names = (*_DATE_NAMES, "categories", "slugified_categories", "title", "slug", "name", "basename", "path",
                 "output_ext", "collection")  # fmt: skip
        path = re.sub(r"//+", "/", dated(pattern, values, names))
        return path if path.endswith((".html", "/")) else f"{path}/" if "." not in path.rpartition("/")[2] else path

    def redirects(self, post: OldPost) -> list[str]:
        """``redirect_from`` of jekyll-redirect-from, and ``alias``."""
        return post.front.texts("redirect_from", "alias", "aliases")

    def slug(self, post: OldPost) -> str:
        """The name of the file without its date."""
        found = _NAME.fullmatch(post.stem)
        return post.front.text("slug") or (found["rest"] if found else post.stem)

    def people_files(self) -> tuple[str, ...]:
        """``_data/authors.yml`` and the like."""
        lead = f"{self.root}/" if self.root else ""
        names = ("authors", "people", "members", "team")
        return tuple(f"{lead}_data/{name}{ending}" for name in names for ending in (".yml", ".yaml", ".json"))

    def reference(self, target: str, post: OldPost) -> str | None:
        """The post that ``post_url`` or ``link`` names."""
        plain = target.strip().strip("/")
        lead = f"{self.root}/" if self.root else ""
        for path in (f"{lead}{plain}", posixpath.normpath(posixpath.join(post.folder, plain))):
            if path in self.blog.files:
                return path
        alike = [
            path
            for path in self.blog.files
            if "_posts/" in path and (posixpath.splitext(path)[0].endswith(f"/{plain}"))
        ]
        return min(alike, key=len) if alike else None

    def included(self, name: str, post: OldPost, *, relative: bool) -> Iterator[str]:
        """The places at which the file may be that ``include`` names."""
        lead = f"{self.root}/" if self.root else ""
        yield posixpath.normpath(f"{post.folder}/{name}" if relative else f"{lead}_includes/{name}")

    def translate(self, post: OldPost, text: OldText) -> None:
        """Liquid first, as Jekyll does it, and then kramdown."""
        separator = post.front.text("excerpt_separator") or str(
            dig(self.settings, "excerpt_separator") or "<!--more-->"
        )
        if separator.strip():
            text.apply(_found(text.text, separator.strip()))
        translate_liquid(text, post, self)
        translate_kramdown(text, post.remarks)


def _found(text: str, separator: str) -> Iterator[Rewrite]:
    at = text.find(f"\n{separator}")
    if at >= 0 and separator.startswith("<!--"):
        yield Rewrite(at + 1, at + 1 + len(separator), "")


def _words(front: Front, *keys: str) -> list[str]:
    found: list[str] = []
    for key in keys:
        value = front.values.get(key)
        if isinstance(value, str) and "," not in value and not key.endswith("y"):
            found += value.split()
        else:
            found += front.texts(key)
    return list(dict.fromkeys(found))
