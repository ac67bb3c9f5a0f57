"""Which files a site will have, before it is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from engblog.disk.docs import DocsSettings, check_docs
from engblog.site.catalogue import Catalogue
from support.sources import AUTHORS, TAXONOMY, article, places, write


def site(root: Path, redirects: str = "", more: Mapping[str, str] | None = None, **aliases: str) -> Catalogue:
    """Check a site of articles given by slug with their aliases, and a file of redirects."""
    articles = {f"articles/{slug}/index.md": article(aliases=each or None) for slug, each in aliases.items()}
    files = {"taxonomy.yml": TAXONOMY, "authors.yml": AUTHORS, **articles, **(more or {})}
    write(root, {**files, **({"redirects.yml": redirects} if redirects else {})})
    return check_docs(root, DocsSettings())


def test_the_pages_of_lists_are_known_without_a_host(tmp_path: Path) -> None:
    site(tmp_path, "/tags/go/page/2/: /tags/\n", a="", b="")
    assert check_docs(tmp_path, DocsSettings()).problems == ()
    catalogue = check_docs(tmp_path, replace(DocsSettings(), page_size=1))
    assert places(catalogue, tmp_path) == ["redirects.yml:1:1 C007"]
