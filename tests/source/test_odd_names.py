"""A picture whose name has a space, or an accent in two parts, is named whole, with what to do about it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from support.pictures import PNG
from support.sources import article, read

ONE, TWO = unicodedata.normalize("NFC", "café 1.png"), unicodedata.normalize("NFD", "café 1.png")


def said(root: Path, body: str, name: str) -> list[tuple[str, str]]:
    problems = read(root, {"articles/a/index.md": article(body), f"articles/a/{name}": PNG}).problems
    return [(each.message, each.hint) for each in problems if each.code.id in {"R001", "R004"}]


@pytest.mark.parametrize("kind", ["!", ""])
@pytest.mark.parametrize("title", ["", ' "The caption."', " 'It'"])
def test_a_name_with_a_space_is_named_whole(tmp_path: Path, kind: str, title: str) -> None:
    what = "picture" if kind else "file"
    ((message, hint),) = said(tmp_path, f"{kind}[A box](my new box.png{title})\n", "my new box.png") or [("", "")]
    assert message == f"there is no {what} “my new box.png”"
    assert hint == "Markdown ends the address at the space: write (my%20new%20box.png), or rename the file"


@pytest.mark.parametrize("address", ["my%20new%20box.png", "<my new box.png>"])
def test_a_space_that_markdown_reads_is_no_problem(tmp_path: Path, address: str) -> None:
    assert said(tmp_path, f"![A box]({address})\n", "my new box.png") == []


@pytest.mark.parametrize(("typed", "named"), [(ONE, TWO), (TWO, ONE)])
def test_an_accent_in_two_parts_is_told_from_one(tmp_path: Path, typed: str, named: str) -> None:
    ((message, hint),) = said(tmp_path, f"![A café](<{typed}>)\n", named)
    assert message == f"there is no picture “{typed}”"
    assert f"U+{ord(named[3]):04X} where the text has U+{ord(typed[3]):04X}" in hint


def test_the_space_of_another_link_does_not_count(tmp_path: Path) -> None:
    ((message, _),) = said(tmp_path, "![A](gone.png) and ![B](<my new box.png>)\n", "my new box.png")
    assert message == "there is no picture “gone.png”"
