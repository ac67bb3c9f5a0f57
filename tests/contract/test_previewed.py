"""What a preview has and a build does not: whose problems they are, and links that only work in the preview."""

from __future__ import annotations

from engblog.contract.previewed import Previewed, wrong_links
from engblog.html.links import Addresses

DRAFT = "articles/2026/11/20/draft/"
PREVIEWED = Previewed("https://mini.example/", frozenset({"tags/new/index.html"}), (DRAFT,))


def found(**texts: str) -> list[tuple[str, str]]:
    """The file and the address of each wrong link in texts, which are those of pages in the site's root."""
    by_file = {f"{name}/index.html": text for name, text in texts.items()}
    files = ("about/index.html", "tags/new/index.html", "tags/old/index.html", f"{DRAFT}index.html")
    previewed = Previewed(PREVIEWED.url, PREVIEWED.files, PREVIEWED.folders, by_file)
    return [(each.path, str(each.offset)) for each in wrong_links(previewed, Addresses("http://127.0.0.1/", files))]


def test_a_file_is_previewed_by_itself_or_with_its_folder() -> None:
    assert all(map(PREVIEWED.has, ["tags/new/index.html", f"{DRAFT}index.html", f"{DRAFT}lab/index.html"]))
    assert not any(map(PREVIEWED.has, ["", "index.html", "tags/new", "tags/old/index.html", "articles/2026/11/20/"]))
    assert not Previewed().has("index.html")


def test_a_link_into_the_preview_is_named_on_a_page_that_a_build_has() -> None:
    link = f'<p><a href="../{DRAFT}">x</a> <a href="../tags/old/">y</a> <a href="../nowhere/">z</a></p>'
    assert [path for path, _ in found(about=link)] == ["about/index.html"]
    assert [path for path, _ in found(about='<a href="../tags/new/#part">x</a>')] == ["about/index.html"]
    assert found(**{DRAFT.rstrip("/"): link}) == []


def test_a_page_may_link_to_itself() -> None:
    assert found(**{"tags/new": '<a href="./">x</a> <a href="#top">y</a>'}) == []
