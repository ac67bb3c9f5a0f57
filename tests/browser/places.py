"""Which pages are looked at: one of each kind of both sites, and every real article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from browser.stress import PAGES, ROOT
from tools.pages import PagesServer

MISSING = "no/such/page"
_LISTS = ("home", "category", "subcategory", "tag", "author", "year")
_REAL_KINDS = (*_LISTS, "archive", "tags", "authors", "corrections", "feeds", "lab")
_REAL_PAGES = {"about": "about/", "search": "search/", "offline": "offline/", "stack": "stack/", "404": MISSING}


@dataclass(frozen=True)
class Place:
    """A page by site and name, known before the sites are built."""

    site: str
    name: str

    def __str__(self) -> str:
        """As tests are named."""
        return f"{self.site}: {self.name}"

    def on(self, servers: Mapping[str, PagesServer]) -> tuple[PagesServer, str]:
        """Its server, and its address there."""
        server = servers[self.site]
        if self.site == "stress":
            return server, MISSING if self.name == "404" else PAGES[self.name]
        if self.name in _REAL_PAGES:
            return server, _REAL_PAGES[self.name]
        kind, _, slug = self.name.partition(" ")
        found = [page for page in server.site.kinds.get(kind, ()) if not slug or page.endswith(f"/{slug}/")]
        assert found, f"the real site has no page for “{self.name}”"
        # The shortest, to save time: what is long and wide stands in the stress site.
        return server, min(found, key=lambda page: server.site.file(page).stat().st_size)


def _real_articles() -> list[str]:
    texts = {path.parent.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs/articles").glob("*/index.md")}
    return sorted(slug for slug, text in texts.items() if "\nstatus: draft\n" not in text)


STRESS = [Place("stress", name) for name in PAGES]
REAL = [Place("real", name) for name in (*_REAL_KINDS, *_REAL_PAGES, *(f"article {slug}" for slug in _real_articles()))]
EVERY = [*STRESS, *REAL]
SOME = [
    Place("stress", name)
    for name in ("home", "category", "tags", "archive", "authors", "article: every feature", "article: too long", "lab")
]
"""The stress site's pages that differ most."""
