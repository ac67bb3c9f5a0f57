"""A picture is named where a page shows it, with what to do about it."""

from __future__ import annotations

import pytest
from engblog.model.picture import LFS, Picture
from engblog.model.problems import Code
from engblog.source.pictures import picture_fault, pointer_fault, recognize
from support.pictures import pictures
from support.sources import DRAWING


def said(name: str, picture: Picture | None) -> str:
    fault = picture_fault(name, f"articles/a/{name}", picture)
    return f"{fault.code.id} {fault.message} | {fault.hint}" if fault else ""


@pytest.mark.parametrize("name", [*pictures(), "drawing.svg", "UPPER.SVG"])
def test_a_picture_under_a_name_of_its_format_is_fine(name: str) -> None:
    data = pictures().get(name, DRAWING.encode())
    assert said(name, recognize(data)) == ""


@pytest.mark.parametrize(
    ("name", "picture", "expected"),
    [
        ("a.png", None, "R011 “a.png” cannot be read | check its permissions, and that it is a file"),
        ("a.png", Picture(LFS), "R014 “a.png” is a Git LFS pointer, not the file itself | run: git lfs pull"),
        ("a.jpg", Picture("PNG"), "R011 “a.jpg” is in the format PNG, but its name says JPEG | rename it to a.png"),
        ("a", Picture("GIF"), "R011 “a” is in the format GIF, but its name does not say so | rename it to a.gif"),
        ("a.b.jpg", Picture("AVIF"), "but its name says JPEG | rename it to a.b.avif"),
        ("a.jpg", Picture("HTML"), "R011 “a.jpg” is an HTML page, not a picture | save the picture itself"),
        ("a.png", Picture("text"), "“a.png” is text, not a picture"),
        ("a.png", Picture(""), "“a.png” is in a format that no browser knows, not a picture"),
        ("a.tif", Picture("TIFF"), "“a.tif” is a picture in the format TIFF, which is not made for pages"),
        ("a.png", Picture("", problem="is empty"), "“a.png” is empty | copy it again"),
        ("a.png", Picture("PNG", problem="is larger than 16 MiB"), "“a.png” is larger than 16 MiB | make it smaller"),
        ("a.png", Picture("PNG", problem="has 9×9 pixels"), "“a.png” has 9×9 pixels | make it smaller"),
        ("a.png", Picture("PNG", complete=False, problem="is cut off"), "“a.png” is cut off | copy it again"),
    ],
)
def test_the_message_names_the_file_and_the_hint_the_remedy(name: str, picture: Picture | None, expected: str) -> None:
    assert expected in said(name, picture)


def test_the_name_that_counts_is_that_of_the_file() -> None:
    assert picture_fault("a%20b.png?x=.jpg", "articles/a/a b.png", Picture("PNG")) is None


def test_any_file_can_be_a_pointer() -> None:
    assert pointer_fault("data.csv").code is Code.R014_NOT_FETCHED
