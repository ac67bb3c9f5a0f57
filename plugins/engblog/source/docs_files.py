"""The files below the docs folder that texts can refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engblog.model.urls import MARKDOWN


@dataclass(frozen=True, slots=True)
class DocsFiles:
    """The files of a site's sources, by path from the docs folder, without those that are not published."""

    names: frozenset[str]
    """Files on disk, and the pages of labs under the names by which texts link them (``lab/index.md``)."""
    withheld: Mapping[str, str] = field(default_factory=dict)
    """Other files on disk, each with the reason why it is not published, in words that follow "it"."""
    articles_dir: str = "articles"

    def __contains__(self, path: str) -> bool:
        return path in self.names

    def is_folder(self, path: str) -> bool:
        """True if there are files in the folder *path*."""
        return any(name.startswith(f"{path}/") for name in self.names)

    def is_text_without_page(self, path: str) -> bool:
        """True if *path* is a Markdown file of which no page is made: one beside an article, or in its lab."""
        inside = path.removeprefix(f"{self.articles_dir}/")
        if inside == path or not path.endswith(MARKDOWN):
            return False
        slug, _, rest = inside.partition("/")
        return not (slug and rest in {"index.md", "lab/index.md"})
