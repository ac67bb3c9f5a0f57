"""Front matter of old posts: YAML, TOML and JSON, as their authors wrote it."""

from __future__ import annotations

import pytest
from engblog.importing.front import Front, read_front, read_settings_file
from engblog.importing.remarks import Remarks


def read(text: str) -> tuple[Front, list[str]]:
    remarks = Remarks("a.md")
    front = read_front(text, remarks)
    assert front is not None
    return front, [each.message for each in remarks.found]


@pytest.mark.parametrize(
    "text",
    [
        '---\ntitle: "A: b"\ndate: 2020-01-02\ntags: [x, y]\n---\nBody\n',
        '+++\ntitle = "A: b"\ndate = 2020-01-02\ntags = ["x", "y"]\n+++\nBody\n',
        '{"title": "A: b", "date": "2020-01-02", "tags": ["x", "y"]}\nBody\n',
        '\n---\nTitle: "A: b"\nDate: 2020-01-02\nTags: x, y\n...\nBody\n',
    ],
)
def test_three_forms_say_the_same(text: str) -> None:
    front, said = read(text)
    assert (front.text("title"), front.text("date"), front.texts("tags")) == ("A: b", "2020-01-02", ["x", "y"])
    assert front.body.strip() == "Body"
    assert text.split("\n")[front.body_line - 1 :][-2:] == ["Body", ""]
    assert said == []


def test_values_stay_the_text_that_was_written() -> None:
    front, _ = read("---\ntitle: no\ndate: 2020-01-02 03:04:05 +0900\nversion: 1.10\nempty:\n---\n")
    assert [front.text(key) for key in ("title", "date", "version", "empty")] == [
        "no",
        "2020-01-02 03:04:05 +0900",
        "1.10",
        "",
    ]


@pytest.mark.parametrize(
    "title", ["Redis: the good parts", "@home with Go", "It's: fine", "`x`: y", "a\tb: c", "'A' is b"]
)
def test_what_is_not_yaml_is_read_as_its_author_meant(title: str) -> None:
    front, said = read(f"---\ntitle: {title}\ndate: 2020-01-02\n---\n")
    assert front.text("title") == " ".join(title.split())
    assert len(said) <= 1


def test_a_text_without_front_matter_is_all_body() -> None:
    for text in ("Just text.\n", "---\n", "--- \nnot closed\n", "{not json}\n", "+++\nx\n", ""):
        front, _ = read(text)
        assert (front.body, front.is_there) == (text, False)


def test_a_bomb_ends_at_a_bound() -> None:
    """Its lines are read as text instead."""
    lines = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    front, _ = read(f"---\n{lines}---\n")
    assert front.text("a39") == "&a39 [*a38, *a38]"


def test_settings_are_read_by_the_ending_of_their_name() -> None:
    assert read_settings_file("a.toml", b'x = "y"') == {"x": "y"}
    assert read_settings_file("a.json", b'{"x": "y"}') == {"x": "y"}
    assert read_settings_file("a.yml", b"x: !tag y\n") == {"x": "y"}
    for broken in ("a.toml", "a.json", "a.yml"):
        assert read_settings_file(broken, b"[: \xff") == {}
