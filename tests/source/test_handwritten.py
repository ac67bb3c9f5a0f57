"""The front matter of hand-written pages: what we read is what the host reads, or it is a problem."""

from __future__ import annotations

import time
from datetime import date

import pytest
from engblog.model.problems import Problems
from engblog.source.handwritten import TEXTS, HandWritten, read_hand_written
from engblog.source.typography import typographic
from hypothesis import example, given
from hypothesis import strategies as st
from mkdocs.utils.meta import get_data  # noqa: TID251  (the host's own reading)


def read(text: str | bytes | None) -> tuple[HandWritten, list[str]]:
    problems = Problems()
    data = text.encode() if isinstance(text, str) else text
    page = read_hand_written(data, "docs/about.md", problems)
    assert all(problem.hint and problem.mark.path == "docs/about.md" for problem in problems.found)
    return page, [f"{each.mark.line}:{each.mark.column} {each.code.id}" for each in problems.sorted()]


def test_a_page_says_when_it_changed_whether_to_list_it_and_what_it_is_called() -> None:
    page, wrong = read(
        "---\ntitle: 010\ndescription: >-\n  One,\n  two.\nkicker: no\nheadline: '#7'\nupdated: 2026-11-02\n"
        "noindex: true\ntemplate: views/search.html\n---\nText.\n"
    )
    assert wrong == []
    assert page == HandWritten(
        date(2026, 11, 2),
        True,
        {"title": "010", "description": "One, two.", "kicker": "no", "headline": "#7"},
        "views/search.html",
    )
    assert page.body == "Text.\n"
    assert page.meta == {**page.texts, "template": "views/search.html"}


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("view: x", "2:1 F001"),
        ("view: {kind: article}", "2:1 F001"),
        ("hide: [toc]", "2:1 F001"),
        ("status: draft", "2:1 F001"),
        ("template: nope.html", "2:11 F012"),
        ("template: article.html", "2:11 F012"),
        ("template: views/lab.html", "2:11 F012"),
        ("template: ../docs/evil.txt", "2:11 F012"),
        ("template: [views/search.html]", "2:11 F003"),
        ('title: "\u202e"', "2:8 F013"),
        ('title: "\u200b\u00a0\u3164"', "2:8 F013"),
        ('title: "Abc \u202e cba"', "2:8 F014"),
        ('title: "a\\x1bb"', "2:8 S007"),
        ("title: &a b", "2:8 Y006"),
    ],
)
def test_a_page_has_no_other_keys_and_says_nothing_that_turns_or_hides(line: str, wrong: str) -> None:
    page, found = read(f"---\n{line}\n---\nText.\n")
    assert wrong in found
    assert page.template == ""


def test_a_page_asks_only_for_templates_that_its_theme_has() -> None:
    problems = Problems()
    assert not read_hand_written(b"---\ntemplate: views/search.html\n---\n", "a", problems, ()).template
    assert [each.code.id for each in problems.found] == ["F012"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" ---\ntitle: a\n---\nText.\n", 1),
        ("\n---\ntitle: a\n---\nText.\n", 2),
        ("\ufeff\ufeff---\ntitle: a\n---\nText.\n", 1),
        ("----\ntitle: a\n----\nText.\n", 1),
        ("---\ntitle: a\n---\ntitle: b\n---\nText.\n", 4),
        ("---\ntitle: a\n---\n\n---\ntitle: b\n---\nText.\n", 5),
    ],
)
def test_front_matter_that_readers_would_see_as_text_is_named(text: str, line: int) -> None:
    assert f"{line}:1 Y014" in read(text)[1]


@pytest.mark.parametrize("text", ["***\n\nText.\n", "\n---\n\nText: a\n", "---\ntitle: a\n---\n\n---\n\nText.\n"])
def test_a_rule_is_not_front_matter(text: str) -> None:
    assert read(text)[1] == []


def test_a_bomb_costs_nothing() -> None:
    rows = "".join(f"  - &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'x'}]\n" for n in range(12))
    start = time.process_time()
    assert "3:5 Y006" in read(f"---\ntitle:\n{rows}---\n")[1]
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "text", ["", "# About\n\nNote: text.\n", "\nNote: text.\n", "Text.\n---\n", "a b: c\n", ": a\n"]
)
def test_a_page_needs_no_front_matter(text: str) -> None:
    assert read(text) == (HandWritten(), [])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("---\ntitle: What we do #1\n---\n", ["2:19 Y009"]),
        ("---\ntitle: !important news\n---\n", ["2:8 Y010"]),
        ('---\ntitle: "a\\_b"\n---\n', ["2:10 Y011"]),
        ("---\ntitle: Null\n---\n", ["2:8 F011"]),
        ("---\ntitle: [a]\n---\n", ["2:8 F003"]),
        ("---\nupdated: soon\nnoindex: perhaps\n---\n", ["2:10 F005", "3:10 F003"]),
        ("---\nupdated: 2026-11-02T10:00Z\n---\n", ["2:10 F005"]),
        ("---\nupdated: 2026-11-02junk\n---\n", ["2:10 F005"]),
        ("---\nupdated: 0099-01-01\n---\n", ["2:10 F005"]),
        ("---\na: b: c\n---\n", ["2:5 Y003"]),
        ("---\ntitle: a\ntitle: b\n---\n", ["3:1 Y005"]),
        ("---\n- a\n---\n", ["2:1 Y007"]),
        ("---\ntitle: a\n", ["1:1 Y002"]),
        ("---\ntitle: a\n---", ["3:1 Y002"]),
        ("---\n# a\n---\n", ["1:1 Y007"]),
        ("---\n---\nText.\n", ["1:1 Y007"]),
        ("---\ndate: 2026-02-30\ntitle: a\n---\n", ["2:1 F001", "2:7 Y003"]),
        ("---\ntags: [=]\n---\n", ["2:1 F001", "2:8 Y003"]),
        ("---\ntitle: a\u2028b\n---\n", ["2:9 S007"]),
        ("Note: this is text.\n\nMore.\n", ["1:1 Y013"]),
        ("https://example.org/ is text\n", ["1:1 Y013"]),
        (b"---\n\xff", ["2:1 S001"]),
        (None, ["1:1 S006"]),
    ],
)
def test_what_the_host_would_not_show_as_it_is_written_is_named(text: str | bytes | None, wrong: list[str]) -> None:
    assert read(text)[1] == wrong


pieces = st.lists(
    st.sampled_from(
        [
            "---", "---\n", "...\n", "\n", "title", "date", ": ", ":", "a", "No: b", "#", " # x", "'", '"', "[", "]",
            "{a", "}", "2026-02-30", "~", "=", "<<", "*", "!x", "|", ">-", "  ", "- ", "1:99", "0x_", "\u2028", "\x85",
            "https://a",
        ]
    ),
    max_size=9,
).map("".join)  # fmt: skip


@example("title: a\n---\n---\nb\n---\n")
@example("title: 1:99")
@example("|\n\u2028---: ")
@given(pieces)
def test_the_host_shows_no_front_matter_and_hides_no_text(text: str) -> None:
    for whole in (text, f"---\n{text}\n---\nText.\n", f"---\ntitle: {text}\n---\nText.\n"):
        page, wrong = read(whole)
        if wrong:
            continue
        body, meta = get_data(whole)
        if whole.partition("\n")[0].rstrip(" \t") != "---":
            assert (body.strip(), meta) == (whole.strip(), {})
            continue
        assert meta, "the host shows what it cannot read"
        for key, said in meta.items():
            if key in TEXTS and isinstance(said, str):
                shown = typographic(" ".join(said.split()))
                assert shown.split() == page.texts.get(key, "").split()
