"""Posts that were written for the blog plugin of Material for MkDocs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from engblog.importing.dialect import OldPost
from engblog.importing.mkdocs import MkDocs

_DATE_PART = re.compile(r"y+|M+|d+|'[^']*'")
_NOT_IN_SLUG = re.compile(r"[^\w\- ]")


class Material(MkDocs):
    """Material: ``docs/blog/posts/``, and the blog plugin's options."""

    name = "material"

    def _blogs(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The folder of each blog, from the folder of the pages, and its options."""
        found = []
        for options in self.plugins("blog"):
            folder = posixpath.normpath(str(options.get("blog_dir") or "blog"))
            found.append(("" if folder == "." else f"{folder}/", options))
        return found or [("blog/", {})]

    def _blog_of(self, path: str) -> tuple[str, Mapping[str, Any]]:
        inside = path.removeprefix(self.docs)
        blogs = sorted(self._blogs(), key=lambda each: -len(each[0]))
        return next((each for each in blogs if inside.startswith(each[0])), blogs[-1])

    def _posts(self, blog: str, options: Mapping[str, Any]) -> str:
        folder = str(options.get("post_dir") or "{blog}/posts").replace("{blog}", blog.rstrip("/") or ".")
        return f"{self.docs}{posixpath.normpath(folder)}/"

    def is_post(self, path: str) -> bool:
        """A page in the folder of posts of one of the blogs."""
        return any(path.startswith(self._posts(blog, options)) for blog, options in self._blogs())

    def slug(self, post: OldPost) -> str:
        """The slug, or the one that the plugin makes of the title."""
        given = post.front.text("slug").strip("/")
        if given:
            return given.rpartition("/")[2]
        title = post.title or post.front.text("title") or self._first_heading(post.front.body) or post.stem
        return _NOT_IN_SLUG.sub("", title.lower()).strip().replace(" ", "-")

    def address(self, post: OldPost) -> str:
        """By ``post_url_format``."""
        blog, options = self._blog_of(post.path)
        pattern = str(options.get("post_url_format") or "{date}/{slug}")
        day = post.moment.day if post.moment else None
        form = str(options.get("post_url_date_format") or "yyyy/MM/dd")
        if day is None:
            date = ""
        else:
            widths = {"y": day.year, "M": day.month, "d": day.day}
            date = _DATE_PART.sub(
                lambda part: (
                    part[0].strip("'")
                    if part[0][0] == "'"
                    else (f"{widths[part[0][0]]:0{len(part[0])}}" if part[0] != "yy" else f"{day.year % 100:02}")
                ),
                form,
            )
        most = str(options.get("post_url_max_categories") or "1")
        categories = self.categories(post)[: int(most) if most.isdecimal() else 1]
        made = [_NOT_IN_SLUG.sub("", each.lower()).replace(" ", "-") for each in categories]
        slug = post.front.text("slug").strip("/") or self.slug(post)
        path = (pattern.replace("{date}", date).replace("{slug}", slug).replace("{file}", post.stem)
                .replace("{categories}", "/".join(made)))  # fmt: skip
        path = re.sub(r"//+", "/", f"/{blog}{path}")
        return f"{path}.html" if self._has_files else f"{path.rstrip('/')}/"

    @property
    def _has_files(self) -> bool:
        return str(self.settings.get("use_directory_urls", "")).lower() == "false"

    def people_files(self) -> tuple[str, ...]:
        """``.authors.yml`` of each blog."""
        found = []
        for blog, options in self._blogs():
            name = str(options.get("authors_file") or "{blog}/.authors.yml").replace("{blog}", blog.rstrip("/") or ".")
            found.append(posixpath.normpath(f"{self.docs}{name}"))
        return tuple(found)
