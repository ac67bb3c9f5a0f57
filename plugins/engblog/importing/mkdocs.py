"""Posts that were written for MkDocs: pages with a date, in Python-Markdown with its extensions."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import yaml

from engblog.importing.dialect import Dialect, OldPost
from engblog.importing.extensions import translate_extensions
from engblog.importing.front import as_list, dig, read_plain_yaml
from engblog.importing.moments import old_moment
from engblog.importing.old_text import OldText
from engblog.model.article import Moment

_FOLDERS = frozenset({"blog", "posts", "post", "articles", "news"})
_PATH_DATE = re.compile(r"(?:^|/)(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?=[-/._])")
_NOT_IN_ID = re.compile(r"[^\w\s-]")
_BETWEEN = re.compile(r"[-\s]+")
_MORE = re.compile(r"^[ \t]*<!--[ \t]*more[ \t]*-->[ \t]*$\n?", re.MULTILINE | re.IGNORECASE)


class MkDocs(Dialect):
    """MkDocs: the pages below ``docs_dir`` that have a date, or are in a folder for posts."""

    name = "mkdocs"
    configs = ("mkdocs.yml", "mkdocs.yaml", "properdocs.yml")

    def read_config(self, path: str, data: bytes) -> Mapping[str, Any]:  # noqa: ARG002  (the other dialects need it)
        """The configuration, without what its tags make of values."""
        try:
            found = read_plain_yaml(data.decode("utf-8", "replace"))
        except yaml.YAMLError:
            return {}
        return found if isinstance(found, Mapping) else {}

    def configured_url(self) -> str:
        """``site_url``."""
        url = str(dig(self.settings, "site_url") or "")
        return url if url.startswith("http") else ""

    @property
    def docs(self) -> str:
        """The folder of the pages, with a slash at its end."""
        name = posixpath.normpath(str(dig(self.settings, "docs_dir") or "docs"))
        return f"{posixpath.normpath(posixpath.join(self.root, name))}/".removeprefix("./")

    def file_places(self, target: str, post: OldPost) -> Iterator[str]:
        """Beside the page, or below the folder of the pages."""
        self.statics = (self.below(self.docs),)
        yield from super().file_places(target, post)

    def page_address(self, target: str, post: OldPost) -> str:
        """By the path of the file, whether it was handed in or not: the rest of a site is often left at home."""
        whole = posixpath.normpath(posixpath.join(post.folder, unquote(target)))
        inside = f"{whole}/".startswith(self.docs) and target.lower().endswith(".md")
        return self.address_of_file(whole) if inside else ""

    def is_post(self, path: str) -> bool:
        """A page with a date in its front matter or in its path, or one in a folder for posts."""
        inside = path.removeprefix(self.docs)
        base = posixpath.splitext(posixpath.basename(path))[0].lower()
        if (
            inside == path
            or inside.startswith(".")
            or (base in {"index", "readme", "tags", "404"} and inside.count("/") < 2)
        ):
            return False
        if _PATH_DATE.search(inside) or not _FOLDERS.isdisjoint(inside.lower().split("/")[:-1]):
            return True
        head = (self.blog.read(path) or b"")[:2000]
        return head.startswith(b"---") and re.search(rb"^date:", head, re.MULTILINE) is not None

    def moment(self, post: OldPost) -> Moment | None:
        """By the front matter, by the path, or by the repository."""
        if post.front.values.get("date") is not None:
            return super().moment(post)
        found = _PATH_DATE.search(post.path)
        if found:
            return old_moment(f"{found['year']}-{found['month']}-{found['day']}", None)
        return super().moment(post)

    def address(self, post: OldPost) -> str:
        """The path of the page."""
        return self.address_of_file(post.path)

    def address_of_file(self, path: str) -> str:
        """The path of a page, without the ending of its file."""
        path = posixpath.splitext(path.removeprefix(self.docs))[0]
        if str(dig(self.settings, "use_directory_urls")).lower() == "false":
            return f"/{path}.html"
        path = re.sub(r"(?:^|/)(?:index|README)\Z", "", path)
        return f"/{path}/"

    def draft(self, post: OldPost) -> bool:
        """``draft: true``, or a status that is not published."""
        return super().draft(post) or post.front.text("status").lower() in {"draft", "wip"}

    def heading_id(self, text: str) -> str:
        """As Python-Markdown makes it by default."""
        plain = text.encode("ascii", "ignore").decode() if not self.has_unicode_ids else text
        return _BETWEEN.sub("-", _NOT_IN_ID.sub("", plain).strip().lower())

    repeated_id = "_{}"

    @property
    def has_unicode_ids(self) -> bool:
        """True if the configuration sets another function than the default for the ids of headings."""
        return bool(dig(self.extension("toc"), "slugify"))

    def extension(self, name: str) -> Mapping[str, Any] | None:
        """The options of the extension *name* of Markdown; None if it is not used."""
        for each in as_list(dig(self.settings, "markdown_extensions")):
            if each in (name, f"markdown.extensions.{name}"):
                return {}
            if isinstance(each, Mapping) and name in each:
                options = each[name]
                return options if isinstance(options, Mapping) else {}
        return None

    def plugins(self, name: str) -> Iterator[Mapping[str, Any]]:
        """The options of each use of the plugin *name*."""
        for each in as_list(dig(self.settings, "plugins")):
            if each in (name, f"material/{name}"):
                yield {}
            elif isinstance(each, Mapping):
                for key, options in each.items():
                    if key in {name, f"material/{name}"}:
                        yield options if isinstance(options, Mapping) else {}

    def snippets(self, name: str, post: OldPost) -> Iterator[str]:
        """The places at which the file may be that a snippet names."""
        given = dig(self.extension("pymdownx.snippets"), "base_path")
        for base in [*(str(each) for each in as_list(given) if isinstance(each, str)), ".", self.below(self.docs)]:
            yield posixpath.normpath(posixpath.join(self.root, base, name))
        yield posixpath.normpath(posixpath.join(post.folder, name))

    def translate(self, post: OldPost, text: OldText) -> None:
        """The extensions of Markdown that articles do not have, and the mark that ends an excerpt."""
        text.sub(_MORE, lambda _: "", masked=text.text)
        translate_extensions(text, post, self)
