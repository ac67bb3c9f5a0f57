"""Figures without a source: what counts as a quantity, what covers it, and what passes by rule."""

from __future__ import annotations

import pytest
from engblog.source.body import scan
from engblog.source.quantities import unsourced, without_reason
from hypothesis import given
from hypothesis import strategies as st


def quantities(text: str) -> list[str]:
    return [each.text for each in unsourced(scan(text).prose, 1)]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("It took 36 ms.", "36 ms"),
        ("It took 36\u00a0ms.", "36\u00a0ms"),
        ("It took 36ms.", "36ms"),
        ("It took 36–42 ms.", "36–42 ms"),
        ("It took 0.2 seconds.", "0.2 seconds"),
        ("Thirty servers wait five seconds.", "five seconds"),
        ("A 60-second report.", "60-second"),
        ("It uses 25 % of a tick.", "25 %"),
        ("It uses 25% of a tick.", "25%"),
        ("It is 4× faster.", "4×"),
        ("It is ×4.", "×4"),
        ("It is 3 times as fast.", "3 times"),
        ("The ratio is 3:1.", "3:1"),
        ("It sends 1,000 keys.", "1,000 keys"),
        ("It sends 1,000 expired small keys.", "1,000 expired small keys"),
        ("The 20 keys wait.", "20 keys"),
        ("After 16 loops it stops.", "16 loops"),
        ("In 2024 it lost 30 GB.", "30 GB"),
        ("A caption of 10 MiB", "10 MiB"),
        ("It takes ten\nseconds.", "ten seconds"),
    ],
)
def test_a_quantity_needs_a_source(sentence: str, text: str) -> None:
    assert quantities(sentence) == [" ".join(text.split())]
    for mark in ("{lab:key}", "{claim:test_it}", "[^source]", "{given:our example}"):
        assert quantities(f"{sentence[:-1]} {mark}.") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "In 2024 Redis 7.0.15 keeps it.",
        "Since Redis 7 keys are walked.",
        "PostgreSQL 15 sessions are processes.",
        "On 24 November 2026 it broke.",
        "HTTP/2 streams, RFC 6455 frames, section 5.5 rules and step 3 things.",
        "Port 5432 listens, status 503 answers, error 1062 duplicates.",
        "The p99 and the L1 are names, and so is a 32-bit counter of 32 bits.",
        "Set `hz 100` or `maxmemory 10 MB`.",
        "Two servers and one client.",
        "It starts at 1 and counts up.",
        "Process 1 of each container gets a signal.",
        "See [figure](a-3-times.html) and <https://example.org/3-times/10-ms>.",
        "<!-- 36 ms -->",
        "## The 36 ms that hurt",
        "[^a]: It took 36 ms.\n    And 12 ms more.",
        "```text\n36 ms\n```",
        "![36 ms to go](a.png)",
        '![It rises](chart:pace "At 5 and 10% (of all keys).")',
    ],
)
def test_what_measures_nothing_passes(sentence: str) -> None:
    assert quantities(sentence) == []


def test_the_caption_of_a_picture_is_text() -> None:
    assert quantities('![A clock](clock.svg "It shows 30 s.")') == ["30 s"]
    assert quantities('![A clock](clock.svg "It shows 30 s {given:the default}.")') == []


def test_a_mark_covers_its_own_sentence_only() -> None:
    assert quantities("It took 36 ms. It was late.[^a]") == ["36 ms"]
    assert quantities("It was late.[^a] It took 36 ms.") == ["36 ms"]
    assert quantities("It took 36 ms.[^a] It was late.") == []
    assert quantities("It took 36 ms. {claim:test_it} Then 12 ms.") == ["12 ms"]
    assert quantities("It took 36 ms.\n{claim:test_it}\n{claim:test_also} Then it ended.") == []
    assert quantities("It took (e.g. 36 ms) long.[^a]") == []
    assert quantities("“It took 36 ms.”[^a] `SET` took 12 ms.") == ["12 ms"]


def test_a_row_of_a_table_has_its_own_source() -> None:
    table = "| what | time |\n|---|---|\n| a | 36 ms |\n| b | 12 ms[^a] |\n| c | {lab:c} and 3 ms |\n"
    assert quantities(table) == ["36 ms"]
    assert quantities(table.replace("time", "time[^a]")) == []
    assert quantities(table.replace("what", "what[^a]")) == ["36 ms"], "a head covers its own column"
    assert quantities(f"These are its limits:[^a]\n\n{table}") == []
    assert quantities(f"These are its limits:\n\n{table}") == ["36 ms"]


def test_a_sentence_that_introduces_a_list_covers_it() -> None:
    items = "1. Take 20 keys.\n2. After 16 loops stop.\n"
    assert quantities(f"It does this:[^a]\n\n{items}") == []
    assert quantities(f"It does this.[^a]\n\n{items}") == ["20 keys", "16 loops"]
    assert quantities(f"It does this:[^a]\n\n{items}\nIt takes 5 ms.\n") == ["5 ms"]
    assert quantities(f"It does this:[^a]\n\nText.\n\n{items}") == ["20 keys", "16 loops"]


def test_a_place_is_that_of_the_number() -> None:
    (found,) = unsourced(scan("Text.\n\nIt `took 3 s` took 36 ms.\n", 7).prose, 7)
    assert (found.line, found.column) == (9, 20)


def test_a_reason_must_be_given() -> None:
    assert [(each.line, each.column) for each in without_reason("It `{given:}` took\n36 ms {given: }.", 1)] == [(2, 7)]
    assert list(without_reason("It took 36 ms {given:our example}.", 1)) == []


@given(st.text(alphabet="a1 %.|\n`[^]{}:#-×", max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    for each in unsourced(scan(text).prose, 1):
        assert each.line >= 1
        assert each.column >= 1


def test_time_grows_with_the_text() -> None:
    """Twice the text takes about twice the steps: a text of a megabyte of one construct ends."""
    for piece in (
        "\n",
        " ",
        "1,000 a ",
        "It took 3 ms. ",
        "| 3 ms ",
        "1. x\n",
        "{claim:a",
        "[^a] ",
        "..",
        "a" * 50,
        "2 a b ",
    ):
        assert sum(1 for _ in unsourced(piece * 5_000, 1)) >= 0
        assert not list(without_reason(piece * 50_000, 1))
