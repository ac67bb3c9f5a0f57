"""Tests kept pages: what the contract knows of a page that was read before is what it would read now."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest
from engblog.contract.check import read_built
from engblog.disk.read_pages import ReadPages
from engblog.disk.store import Store
from hypothesis import given
from hypothesis import strategies as st

PIECES = st.sampled_from(
    [
        "<title>A & b</title>", '<a href="x/">x</a>', '<a href=" y#z ">y</a>', '<p id="a">é</p>', "<script>1</script>",
        '<meta http-equiv="Content-Security-Policy" content="default-src none">',
        '<meta name="robots" content="noindex">',
        '<script type="application/ld+json">{"a": 1}</script>', '<img src="p.png" onerror="x" style="y">', "<b", "text",
        '<meta http-equiv="refresh" content="0; url=/z/">', '<link rel="canonical" href="https://a.example/">',
        '<p autofocus>x</p><portal></portal>', '<svg xmlns="http://www.w3.org/2000/svg"><use href="#a"/></svg>',
    ]
)  # fmt: skip


@dataclass
class Files:
    """A built site that counts how often a file is read."""

    files: dict[str, bytes]
    read_paths: list[str] = field(default_factory=list)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.files))

    def read(self, path: str) -> bytes:
        self.read_paths.append(path)
        return self.files[path]

    def size(self, path: str) -> int:
        return len(self.files[path])

    def digest(self, path: str) -> str:
        return sha256(self.files[path]).hexdigest()


@given(st.lists(PIECES, max_size=8).map("".join), st.sampled_from(["a/index.html", "a.svg", "feed.xml"]))
def test_a_kept_page_is_the_page(html: str, path: str) -> None:
    tree = Files({path: html.encode()})
    with tempfile.TemporaryDirectory() as folder:
        first = ReadPages(Store(Path(folder)), "now", read_built).read(tree, path)
        tree.read_paths.clear()
        again = ReadPages(Store(Path(folder)), "now", read_built).read(tree, path)
    assert tree.read_paths == []
    assert first == again == read_built(tree, path)
    assert (again.redirects, again.named("link canonical")) == (first.redirects, first.named("link canonical"))


def test_other_bytes_at_the_same_place_are_read(tmp_path: Path) -> None:
    pages = ReadPages(Store(tmp_path), "now", read_built)
    for title in ("one", "other"):
        assert pages.read(Files({"a.html": f"<title>{title}</title>".encode()}), "a.html").title == title


def test_the_same_bytes_are_read_in_each_way_that_browsers_read_them(tmp_path: Path) -> None:
    data = b'<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><a href="x"></a></svg>'
    tree, pages = Files({"a.html": data, "a.svg": data}), ReadPages(Store(tmp_path), "now", read_built)
    fresh = [read_built(tree, path) for path in tree.paths]
    assert fresh[0] != fresh[1]
    for _ in range(2):
        assert [pages.read(tree, path) for path in tree.paths] == fresh


def test_what_other_code_has_read_is_read_again(tmp_path: Path) -> None:
    tree = Files({"a.html": b"<title>a</title>"})
    for surroundings in ("now", "later"):
        tree.read_paths.clear()
        ReadPages(Store(tmp_path), surroundings, read_built).read(tree, "a.html")
        assert tree.read_paths


@pytest.mark.parametrize(
    "entry", [b"", b"[]", b"[1,2,3,4,5,6,7,8]", b'["", [], [["NO","",""]], [], [], "", [], false]']
)
def test_an_entry_of_another_form_counts_as_absent(tmp_path: Path, entry: bytes) -> None:
    tree = Files({"a.html": b"<title>a</title>"})
    ReadPages(Store(tmp_path), "now", read_built).read(tree, "a.html")
    (path,) = (each for each in tmp_path.rglob("*") if each.is_file())
    Store(tmp_path).put(path.parent.name + path.name, entry)
    assert ReadPages(Store(tmp_path), "now", read_built).read(tree, "a.html").title == "a"
