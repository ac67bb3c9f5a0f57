"""What an article's text became is taken again only for the same text at the same place, with the same files beside."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from engblog.disk.digests import Digests
from engblog.disk.store import Store
from engblog.hosts.mkdocs.renditions import AskedFiles, Making, Rendition, Renditions
from engblog.hosts.mkdocs.unchanged import Kept
from engblog.html.sections import Section
from mkdocs.structure.files import File, Files, InclusionLevel  # noqa: TID251  (tests run the host itself)

RENDITION = Rendition(
    "<p>é</p>",
    [{"name": "Why", "id": "why", "level": 2, "children": []}],
    frozenset({"why"}),
    {"b/index.md": {"#there": "there"}},
    (Section("", "", "A text."), Section("why", "Why", "Because.")),
)


@dataclass
class Place:
    """An article in its folder."""

    root: Path
    text: str = "A text.\n"
    lab: str = "lab"
    surroundings: str = "now"
    destination: str = "a/index.html"
    inclusion: InclusionLevel = InclusionLevel.INCLUDED
    others: tuple[tuple[str, str], ...] = (("b/index.md", "b/index.html"),)

    @property
    def folder(self) -> Path:
        return self.root / "docs/a"

    @property
    def renditions(self) -> Renditions:
        store = Store(self.root / "store")
        return Renditions(Kept(store, Digests(store, "x"), self.surroundings))

    def begin(self, renditions: Renditions) -> Making:
        article = cast("Any", SimpleNamespace(lab=self.lab))
        return renditions.begin(article, self.file("a/index.md", self.destination), self.text, self.folder)

    def file(self, name: str, destination: str) -> File:
        file = File(name, str(self.root / "docs"), str(self.root / "site"), use_directory_urls=True)
        file.dest_uri, file.inclusion = destination, self.inclusion
        return file

    @property
    def files(self) -> Files:
        return Files([self.file(*each) for each in self.others])

    def find(self) -> Rendition | None:
        renditions = self.renditions
        return renditions.find(self.begin(renditions), self.files)

    def keep(self, *, asks: str = "b/index.md", looks: str = "", says: str = "", meanwhile: str = "") -> None:
        """Render; on the way, ask about a file, look at one, say something and change a file."""
        renditions = self.renditions
        making = self.begin(renditions)
        files = making.files(self.files)
        files.get_file_from_path(asks)
        if looks:
            making.looked_at.append(str(self.root / "docs" / looks))
        if says:
            logging.getLogger("mkdocs.structure.pages").info(says)
        if meanwhile:
            (self.root / "docs" / meanwhile).write_text("another text")
        renditions.keep(making, RENDITION)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "docs/a/lab").mkdir(parents=True)
    (tmp_path / "docs/b").mkdir()
    (tmp_path / "docs/a/index.md").write_text("A text.\n")
    (tmp_path / "docs/a/lab/test_a.py").write_text("")
    (tmp_path / "docs/b/photo.png").write_text("photo")
    logger = logging.getLogger("mkdocs")
    level = logger.level
    logger.setLevel(logging.DEBUG)
    yield Place(tmp_path)
    logger.setLevel(level)


def test_what_was_kept_comes_back(place: Place) -> None:
    place.keep(looks="b/photo.png")
    assert place.find() == RENDITION


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Another text.\n"},
        {"lab": "another"},
        {"surroundings": "later"},
        {"destination": "elsewhere/index.html"},
        {"inclusion": InclusionLevel.DRAFT},
        {"others": ()},
        {"others": (("b/index.md", "c/index.html"),)},
    ],
)
def test_another_article_is_rendered(place: Place, change: dict[str, Any]) -> None:
    place.keep()
    assert replace(place, **change).find() is None


def test_a_host_that_says_more_hears_it_again(place: Place) -> None:
    place.keep()
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    assert place.find() is None


@pytest.mark.parametrize(
    "change",
    [
        lambda docs: (docs / "a/index.md").write_text("Another text.\n"),
        lambda docs: (docs / "a/lab/test_a.py").write_text("pass\n"),
        lambda docs: (docs / "a/new.svg").touch(),
        lambda docs: (docs / "a/lab/test_a.py").unlink(),
        lambda docs: (docs / "b/photo.png").write_text("other"),
        lambda docs: (docs / "b/photo.png").unlink(),
    ],
)
def test_another_file_that_it_shows_makes_it_anew(place: Place, change: Callable[[Path], object]) -> None:
    place.keep(looks="b/photo.png")
    change(place.root / "docs")
    assert place.find() is None


def test_a_file_that_was_missing_and_is_there_makes_it_anew(place: Place) -> None:
    place.keep(looks="b/missing.png")
    assert place.find() == RENDITION
    (place.root / "docs/b/missing.png").touch()
    assert place.find() is None


def test_a_page_that_was_missing_and_is_there_makes_it_anew(place: Place) -> None:
    place.keep(asks="c/index.md")
    assert place.find() == RENDITION
    assert replace(place, others=(*place.others, ("c/index.md", "c/index.html"))).find() is None


@pytest.mark.parametrize("meanwhile", ["a/index.md", "b/photo.png", "a/new.txt"])
def test_what_changes_while_it_is_rendered_is_not_kept(place: Place, meanwhile: str) -> None:
    """Nobody knows whether it was read before or after."""
    before = {path: path.read_bytes() for path in place.root.rglob("docs/**/*") if path.is_file()}
    place.keep(looks="b/photo.png", meanwhile=meanwhile)
    (place.root / "docs" / meanwhile).unlink()
    for path, data in before.items():
        path.write_bytes(data)
    assert place.find() is None


def test_a_page_that_the_host_says_something_about_is_not_kept(place: Place) -> None:
    place.keep(says="there is no anchor")
    assert place.find() is None


@pytest.mark.parametrize("entry", ["", "[]", "1", "[{}, {}]", '[[], [], "", [], [], {}, [[1]]]'])
def test_an_entry_of_another_form_counts_as_absent(place: Place, entry: str) -> None:
    renditions = place.renditions
    Store(place.root / "store").put(place.begin(renditions).key, entry.encode())
    assert place.find() is None


def test_files_are_asked_as_without_notes(place: Place) -> None:
    asked = AskedFiles(place.files)
    assert asked.get_file_from_path("b/index.md") is not None
    assert asked.get_file_from_path("nowhere.md") is None
    assert asked.asked == {"b/index.md": ["b/index.md", "b/", "b/index.html", "INCLUDED"], "nowhere.md": None}
