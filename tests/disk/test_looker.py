"""The files that texts refer to are looked at where they are: in the docs folder and in the theme."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from engblog.disk.docs import DocsSettings, read_site
from engblog.disk.looker import kind_of_file, named_in_templates
from support.pictures import LFS_POINTER, PNG
from support.sources import AUTHORS, DRAWING, TAXONOMY, article, places, write

BASE = {"taxonomy.yml": TAXONOMY, "authors.yml": AUTHORS, "articles/a/index.md": article()}


def found(root: Path, files: dict[str, str | bytes], settings: DocsSettings | None = None) -> list[str]:
    write(root, {**BASE, **files})
    return places(read_site(root, settings or DocsSettings()), root)


@pytest.mark.parametrize(
    ("data", "kind"), [(b"", "empty"), (b"x", "text"), (b"\0\1", ""), (PNG, "PNG"), (LFS_POINTER, "Git LFS pointer")]
)
def test_a_file_is_of_a_kind(tmp_path: Path, data: bytes, kind: str) -> None:
    (tmp_path / "x").write_bytes(data)
    assert kind_of_file(tmp_path / "x") == kind
    assert kind_of_file(tmp_path / "gone") == "unreadable"


def test_pictures_that_no_text_shows_are_looked_at_if_they_are_published(tmp_path: Path) -> None:
    files = {"assets/logo.png": PNG[:-1], "favicon.ico": b"\0\0\1\0\1\0", "assets/text.woff2": LFS_POINTER}
    assert found(tmp_path, {**files, "stray.png": b"x", ".well-known/a.png": b"x"}) == [
        ".well-known/a.png:1:1 R011",
        "assets/logo.png:1:1 R011",
        "assets/text.woff2:1:1 R014",
        "favicon.ico:1:1 R011",
    ]


def test_pictures_of_the_configuration_and_of_the_theme_are_looked_at(tmp_path: Path) -> None:
    theme = write(tmp_path / "theme", {"icons/a.png": b"x", "fonts/a.woff2": LFS_POINTER, "main.html": "'img/b.png'"})
    settings = replace(DocsSettings(), named=frozenset({"img/a.png"}), theme=theme)
    docs = tmp_path / "docs"
    assert found(docs, {"img/a.png": b"x", "img/b.png": b"x", "img/c.png": b"x"}, settings) == [
        "img/a.png:1:1 R011",
        "img/b.png:1:1 R011",
        f"{theme}/fonts/a.woff2:1:1 R014",
        f"{theme}/icons/a.png:1:1 R011",
    ]


def test_only_whole_texts_of_templates_are_paths(tmp_path: Path) -> None:
    write(tmp_path, {"a.html": "<img src=\"{{ 'img/a.png' | url }}\"> b.png 'c d.png' \"{{ e }}\"", "x.css": "'y'"})
    assert named_in_templates(tmp_path) == {"img/a.png"}


def test_drawings_are_looked_at_wherever_they_are(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "assets/a.svg": DRAWING.replace("<rect", '<rect fill="url(https://e.example/x)"/><rect'),
        "about.md": "![a drain](drain.svg)\n",
        "unused.svg": DRAWING.replace("<rect", "<script/><rect"),
        "articles/a/index.md": article('![A drain](drain.svg)\n\n```xml\n--8<-- "shown.svg"\n```\n'),
        "articles/a/drain.svg": DRAWING.replace("<rect", "<script/><rect"),
        "articles/a/shown.svg": DRAWING.replace("<rect", "<script/><rect"),
        "drain.svg": DRAWING.replace("<rect", "<script>x</script><rect"),
    }
    assert found(tmp_path, files) == [
        "articles/a/drain.svg:1:104 S011",
        "articles/a/index.md:8:1 R009",
        "assets/a.svg:1:104 S011",
        "drain.svg:1:104 S011",
    ]
    assert not [path for path in read_site(tmp_path, DocsSettings()).files if path.endswith("shown.svg")]
