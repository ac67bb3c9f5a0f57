"""How long an article takes to read: 238 words a minute, two seconds a line of code, pictures ever shorter."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from engblog.source.readtime import Length, count_words, picture_seconds, read_minutes
from hypothesis import given
from hypothesis import strategies as st
from support.sources import DRAWING, article, only, read


@pytest.mark.parametrize(
    ("length", "minutes"),
    [
        (Length(), 1),
        (Length(words=1), 1),
        (Length(words=238), 1),
        (Length(words=356), 1),
        (Length(words=357), 2),  # 1.5 minutes exactly: half goes up
        (Length(words=358), 2),
        (Length(words=594), 2),
        (Length(words=595), 3),  # 2.5
        (Length(words=238 * 1001), 1001),
        (Length(words=119 * 2001), 1001),  # 1000.5
        (Length(cjk_characters=330), 1),
        (Length(cjk_characters=494), 1),
        (Length(cjk_characters=495), 2),  # 1.5
        (Length(code_lines=44), 1),
        (Length(code_lines=45), 2),  # 90 s
        (Length(words=238, code_lines=15), 2),  # 60 s + 30 s
        (Length(words=238, code_lines=14), 1),
        (Length(pictures=14), 1),  # 87 s
        (Length(pictures=15), 2),  # 90 s
        (Length(words=119, cjk_characters=165, code_lines=10, pictures=1), 2),  # 30 + 30 + 20 + 12 = 92 s
    ],
)
def test_minutes(length: Length, minutes: int) -> None:
    assert read_minutes(length) == minutes


def test_a_picture_takes_a_second_less_than_the_one_before_but_three_at_least() -> None:
    totals = [picture_seconds(count) for count in range(14)]
    assert [after - before for before, after in pairwise(totals)] == [
        12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 3, 3, 3,
    ]  # fmt: skip
    assert totals[0] == 0


lengths = st.builds(
    Length,
    words=st.integers(0, 10**5),
    cjk_characters=st.integers(0, 10**5),
    code_lines=st.integers(0, 10**4),
    pictures=st.integers(0, 100),
)


@given(lengths, lengths)
def test_more_to_read_never_takes_less(one: Length, more: Length) -> None:
    both = Length(
        one.words + more.words,
        one.cjk_characters + more.cjk_characters,
        one.code_lines + more.code_lines,
        max(one.pictures, more.pictures),
    )
    assert 1 <= read_minutes(one) <= read_minutes(both)


@given(st.lists(st.text(max_size=30), max_size=8))
def test_a_line_more_never_takes_words_away(lines: list[str]) -> None:
    plain = ["".join(character for character in line if character.isalnum()) for line in lines]
    counts = [sum(count_words("\n\n".join(plain[:count]))) for count in range(len(plain) + 1)]
    assert counts == sorted(counts)


@pytest.mark.parametrize(
    ("prose", "words"),
    [
        ("One two three.", 3),
        ("It isn’t the server's fault.", 5),
        ("A write-ahead log, 1,000.5 ms", 5),
        ("## A heading\n\n- one\n- two", 4),
        ("| a | b |\n|---|---|\n| c | d e |", 5),
        ('!!! note "Two words"\n    And three more.', 5),
        ('=== "Go"\n', 1),
        ("`code` counts, `as it is`", 5),
        ("See [the manual](https://example.org/a/very/long/path?with=query) now", 4),
        ("See [the manual](<a b.md> 'Title')", 4),
        ("[ref]: https://example.org/a/b/c", 0),
        ("![what nobody sees](drain.svg)", 0),
        ('![what nobody\nsees](drain.svg "A caption.")', 2),
        ("A source.[^one]\n\n[^one]: The manual, chapter nine,\n    and its appendix.\n\nMore.", 3),
        ("A source.[^one]\n\n[^one]: The manual,\nchapter nine.\n[^two]: Another.\n\nMore text.", 4),
        ("[^one]: The manual.\n\n    A second paragraph.\n\n    A third.\n\nMore text.\n\n    code", 3),
        ("<kbd>Ctrl</kbd> and <span class='a b c'>x</span>", 3),
        ("A <!-- hidden --> b", 3),
        ("The wait was {lab:wait} long.", 5),
        ("It holds.{claim:test_it_holds}", 2),
        ("A heading {#with-an-id .and-a-class}", 2),
        ("one&nbsp;two", 2),
        ("数据库", 0),
        ("Redis 数据库 fast", 2),
    ],
)
def test_words(prose: str, words: int) -> None:
    assert count_words(prose)[0] == words


def test_cjk_text_is_counted_by_character() -> None:
    assert count_words("数据库 and データ, 데이터") == (1, 9)


def minutes_of(tmp_path: Path, body: str, **files: str) -> tuple[int, int]:
    named = {f"articles/a/{name.replace('__', '/').replace('_', '.')}": text for name, text in files.items()}
    read_back = only(read(tmp_path, {"articles/a/index.md": article(body), **named}))
    return read_back.words, read_back.minutes


def test_a_body_of_238_words_is_a_minute(tmp_path: Path) -> None:
    assert minutes_of(tmp_path, "word " * 356 + "\n") == (356, 1)
    assert minutes_of(tmp_path, "word " * 357 + "\n") == (357, 2)


def test_the_front_matter_is_not_counted(tmp_path: Path) -> None:
    long = article("One word.\n", description="word " * 170)
    assert only(read(tmp_path, {"articles/a/index.md": long})).words == 2


def test_lines_of_code_are_counted_and_blank_ones_are_not(tmp_path: Path) -> None:
    code = "```go\n" + "x := 1\n\n" * 44 + "```\n"
    assert minutes_of(tmp_path, f"{code}Words.\n") == (1, 1)
    assert minutes_of(tmp_path, f"{code}\n~~~ text\nlast\n~~~\n\nWords.\n") == (1, 2)


def test_includes_are_expanded_without_their_section_marks(tmp_path: Path) -> None:
    lines = "a\n" * 30 + "# --8<-- [start:part]\n" + "b\n\n" * 45 + "# --8<-- [end:part]\n" + "c\n" * 30
    whole, part = '```\n--8<-- "lab/x.txt"\n```\n', '```\n--8<-- "lab/x.txt:part"\n```\n'
    assert minutes_of(tmp_path, f"{whole}Words.\n", lab__x_txt=lines) == (1, 4)  # 105 lines: 210 s
    assert minutes_of(tmp_path, f"{part}Words.\n", lab__x_txt=lines) == (1, 2)  # 45 lines: 90 s
    assert minutes_of(tmp_path, f"{part}Words.\n", lab__x_txt=lines.replace("b\n\n", "b\n\n\n")) == (1, 2)
    block = "```\n--8<--\nlab/x.txt:part\n--8<--\n```\n"
    assert minutes_of(tmp_path, f"{block}Words.\n", lab__x_txt=lines) == (1, 2)


def test_pictures_are_counted_wherever_they_stand(tmp_path: Path) -> None:
    words = "word " * 238
    assert minutes_of(tmp_path, f"{words}\n\n![a](a.svg)\n\n![b](a.svg)\n", a_svg=DRAWING) == (238, 1)  # 83 s
    assert minutes_of(tmp_path, f"{words}\n\n![a](a.svg) ![b](a.svg)\n\n- ![c](a.svg)\n", a_svg=DRAWING) == (238, 2)


def test_a_picture_in_code_is_no_picture(tmp_path: Path) -> None:
    body = "word " * 238 + "`![a](a.svg)` `![a](b.svg)`\n\n```md\n![a](c.svg)\n```\n"
    assert minutes_of(tmp_path, body)[1] == 1
