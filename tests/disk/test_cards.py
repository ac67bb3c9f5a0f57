"""Cards are drawn, kept and named."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from engblog.disk import cards as drawing
from engblog.disk.cards import _PART, _WHOLE, CardMaker, card_files
from engblog.outputs.cards.card import (
    Card,
    CardError,
)
from support.hosts import environ

REPOSITORY = Path(__file__).parents[2]
OVERRIDES = REPOSITORY / "overrides"


def test_a_card_is_the_same_without_the_library_that_shapes_text() -> None:
    """Pillow shapes with FriBiDi where a machine has it; a machine that has none must draw the same card."""
    program = (
        "import sys\nfrom pathlib import Path\nfrom PIL import features, ImageFont\n"
        "if sys.argv[1] == 'without': ImageFont.core.HAVE_RAQM = False\n"
        "from engblog.outputs.cards.card import Card\nfrom engblog.disk.cards import CardMaker\n"
        f"maker = CardMaker(Path({str(OVERRIDES)!r}))\n"
        "print(maker.draw(Card('Site', 'AVATAR To Yo fi', '', minutes=7)).hex())\n"
    )
    drawn = {
        subprocess.run([sys.executable, "-c", program, how], env=environ(), capture_output=True, check=True).stdout
        for how in ("with", "without")
    }
    assert len(drawn) == 1


def test_the_cache_does_not_grow_without_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = CardMaker(OVERRIDES)

    def names(*titles: str) -> set[str]:
        made = {title: (Card("Site", title, ""), [f"{title}.png"]) for title in titles}
        list(card_files(made, maker, tmp_path / "cache"))
        return {path.name for path in (tmp_path / "cache").iterdir()}

    assert len(names("A", "B")) == 2
    assert len(names("C")) == 3, "below the limit, what another build drew is kept"
    monkeypatch.setattr(drawing, "CACHE_LIMIT", 10)
    assert len(names("C", "D")) == 2


def test_a_card_is_drawn_once_for_all_its_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Card] = []
    draw = CardMaker.draw
    monkeypatch.setattr(CardMaker, "draw", lambda self, card: drawn.append(card) or draw(self, card))
    one, other = Card("Site", "One", ""), Card("Site", "Other", "")
    owned = {"a": (one, ["a.png", "old/a.png"]), "b": (other, ["b.png"])}
    files = dict(card_files(owned, CardMaker(OVERRIDES), tmp_path / "cache"))
    assert list(files) == ["a.png", "old/a.png", "b.png"]
    assert files["a.png"] == files["old/a.png"] != files["b.png"]
    assert drawn == [one, other]


def test_an_error_while_drawing_names_whose_card_it_is(tmp_path: Path) -> None:
    odd = {"docs/articles/a/index.md": (Card("Site", "Title", "", accent="puce"), ["a.png"])}
    with pytest.raises(CardError, match=r"docs/articles/a/index\.md: .*'puce'"):
        list(card_files(odd, CardMaker(OVERRIDES), tmp_path / "cache"))


def test_the_mark_is_that_of_the_pages() -> None:
    drawn = (OVERRIDES / "partials/mark.html").read_text()
    paths = re.findall(r' d="([^"]+)"', drawn)
    assert [corners(path) for path in paths] == [{(x + 3, y + 1) for x, y in polygon} for polygon in (_WHOLE, _PART)]


def corners(path: str) -> set[tuple[float, float]]:
    """The corners of a path of M, l, h, v, V and H."""
    x = y = 0.0
    found = set()
    for command, given in re.findall(r"([MlLhHvV])([-0-9. ]*?(?:-?[0-9.]+)?)(?=[A-Za-z])", path):
        numbers = [float(each) for each in re.findall(r"-?[0-9.]+", given)]
        match command:
            case "M" | "L":
                x, y = numbers
            case "l":
                x, y = x + numbers[0], y + numbers[1]
            case "h" | "H":
                x = numbers[0] + (x if command == "h" else 0)
            case _:
                y = numbers[0] + (y if command == "v" else 0)
        found.add((round(x, 2), round(y, 2)))
    return found
