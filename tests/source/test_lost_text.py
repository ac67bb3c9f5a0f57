"""What an author wrote is what a value has, or a problem names the place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from engblog.model.problems import Problems
from engblog.source import marked_yaml
from engblog.source.lost_text import find_lost_text
from engblog.source.marked_yaml import Mapping, Scalar, Sequence, Value
from hypothesis import example, given
from hypothesis import strategies as st


def lost(text: str) -> list[str]:
    """Line, column and code of each loss, one-based, without the codes' names."""
    return [f"{each.line + 1}:{each.column + 1} {each.code.id}" for each in find_lost_text(text)]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        # A comment on the line of a value, or where a value could be.
        ("title: Post-mortem of incident #7 in March\n", ["1:32 Y009"]),
        ("title: One # two\n", ["1:12 Y009"]),
        ("title: One\t#two\n", ["1:12 Y009"]),
        ("title: # One\n", ["1:8 Y009"]),
        ("title: #One\nother: x\n", ["1:8 Y009"]),
        ("title: # One\n  two\n", ["1:8 Y009"]),
        ("- #one\n- two # three\n", ["1:3 Y009", "2:7 Y009"]),
        ("tags: [Redis #1, Go]\n]\n", ["1:14 Y009"]),
        ("tags: [#redis,\n  Go]\n", ["1:8 Y009"]),
        ("tags: [Go, #redis\n  MySQL]\n", ["1:12 Y009"]),
        ("/a/: /b/ #c\n", ["1:10 Y009"]),
        ("key # no: x\n: y\n", ["1:5 Y009"]),
        # A line of a value that starts with the sign.
        ("title: One\n  # two\nother: x\n", ["2:3 Y009"]),
        ("title:\n  # One\n  two\n", ["2:3 Y009"]),
        ("title: # One\n  'two'\n", ["1:8 Y009"]),
        ("title: # One\n  >\n  two\n", ["1:8 Y009"]),
        ("title:\n  # One\nother: x\n", ["2:3 Y009"]),
        ("- one\n  # two\n- three\n", ["2:3 Y009"]),
        ("tags:\n- one\n  # two\n- three\n", ["3:3 Y009"]),
        ("- a: one\n    # two\n  b: three\n", ["2:5 Y009"]),
        ("tags: [Go\n  # Redis\n  ]\n", ["2:3 Y009"]),
        ("text: >-\n    One\n  # two\nother: x\n", ["3:3 Y009"]),
        # A block of text.
        ("text: >- # One\n  two\n", ["1:10 Y009"]),
        ("text: |2 #One\n  two\n", ["1:10 Y009"]),
        ("text: >\nother: |-\n", ["1:7 Y012", "2:8 Y012"]),
        # What only looks like a comment after a quoted text.
        ('title: "Heisenbug" #7 strikes\n', ["1:20 Y009"]),
        ("title: 'One'# two\n", ["1:13 Y009"]),
        ("tags: [One]# two\n", ["1:12 Y009"]),
        # A tag.
        ("title: !important news\n", ["1:8 Y010"]),
        ("title: ! news\n", ["1:8 Y010"]),
        ("title: !!str news\n", ["1:8 Y010"]),
        ("- !one\n- [!<two> a, b]\n", ["1:3 Y010", "2:4 Y010"]),
        # An escape.
        (r'title: "C:\new\tmp"', ["1:11 Y011", "1:15 Y011"]),
        (r'title: "a\_b\/c\Ld\ e"', ["1:10 Y011", "1:13 Y011", "1:16 Y011", "1:19 Y011"]),
        (r'title: "a\x0ab\u2028c"', ["1:10 Y011", "1:15 Y011"]),
        ('title: "one\n  two \\n"\n', ["2:7 Y011"]),
        ("title: 'é 🐘' # fine\nother: 🐘é #7\n", ["2:11 Y009"]),
    ],
)  # fmt: skip
def test_text_that_would_be_lost_is_placed(text: str, places: list[str]) -> None:
    assert lost(text) == places


@pytest.mark.parametrize(
    "text",
    [
        "# A comment\ntitle: One\n# another\nother: x\n# the end\n",
        "title: \"One\" # two\nother: 'x'   # y\n",
        "title: 'One'\n    # two\nother: x\n",
        "tags: [One, two] # three\n",
        "tags: {a: b} #three\n",
        "tags: # two of them\n  - one\n  # and\n  - two\n",
        "tags: # two of them\n- one\n# and\n- two\n",
        "series: # here\n  # and here\n  name: One\n  # and here\n  part: 1\n",
        "- # one\n  name: One\n",
        "tags: [  # two of them\n  One,  # the first\n  # Three,\n  Two,\n]\n",
        "text: >-\n  One # two\n  # three\n# four\nother: x\n",
        "title: C#\nother: a#b\nthird: '# x'\n",
        "title: One\n#two\n",
        '---\ntitle: "a" #\n... # the end\n',
        r'title: "\"a\" \\n \x41\u00e9\U0001F418"',
        'title: "one\\\n  \\ two"\n',
        "title: 'C:\\new'\n",
        r"title: C:\new !x",
        "",
    ],
)
def test_a_comment_that_can_only_be_one_loses_nothing(text: str) -> None:
    assert lost(text) == []


def test_the_examples_for_authors_lose_nothing() -> None:
    guide = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text()
    examples = re.findall(r"^```yaml\n(?:---\n)?(.*?)(?:---\n)?```$", guide, re.MULTILINE | re.DOTALL)
    assert len(examples) > 1
    assert [lost(each) for each in examples] == [[]] * len(examples)


# By generation: whatever is written into a value


PIECES = [
    "a", "B 1", "7", "#", " #", "#7", " # x", "!", "!x", "!!str", "&", "*a", "|", ">", ">-", "-", "- ", "?", ":", ": ",
    "'", '"', "\\", "\\n", "\\x41", "\\\\", "{", "}", "[", "]", ",", ", ", " ", "\t", "%", "@", "`", "~", "null", "---",
    "...", "=", "<<", "1_000", "010", "1e3", "12:30", "no", "2026-02-30", "é", "\u00a0",
]  # fmt: skip
values = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join)


def folded(text: str) -> str:
    return re.sub("[ \t\n]+", " ", text).strip(" ")


def written(value: str) -> str | None:
    """The text that the author of *value* wrote, on one line; None if it is not the text of one value."""
    value = value.strip(" \t\n")
    if value.startswith("'"):
        found = re.fullmatch(r"'((?:[^']|'')*)'([ \t]+#([ \t#].*)?)?", value)
        return folded(found[1].replace("''", "'")) if found else None
    if value.startswith('"'):
        found = re.fullmatch(r'"((?:[^"\\]|\\["\\]|\\x41)*)"([ \t]+#([ \t#].*)?)?', value)
        return folded(re.sub(r"\\(x41|.)", lambda m: "A" if m[1] == "x41" else m[1], found[1])) if found else None
    return folded(value)


def check(text: str, line: int, value: str, find: tuple[int, ...] = ()) -> None:
    """Read *text*, in which *value* is the first entry of a list or the value of the key ``t``: as it is written, or
    with a problem on its *line*, or as something that is no text."""
    problems = Problems()
    root = marked_yaml.parse(text, "f.yml", problems)
    if problems.found:
        assert {each.mark.line for each in problems.found} & {line, line + 1}, "a list that is not closed ends below"
        return
    assert isinstance(root, Mapping)
    assert [key.text for key, _ in root.pairs] == ["t", "u"]
    read: Value | None = root.get("t")
    for index in find:
        if not isinstance(read, Sequence) or len(read.items) != 2:
            return  # more entries than were written, or none: the author sees them
        read = read.items[index]
    if isinstance(read, Scalar):
        assert folded(read.text) == written(value)


@example("One #7")
@example("!x a")
@example('"a\\nb"')
@example("# x")
@example(">")
@given(values)
def test_a_value_is_read_as_it_is_written_or_named(value: str) -> None:
    check(f"t: {value}\nu: x\n", 1, value)
    check(f"t:\n  {value}\nu: x\n", 2, value)


@given(values)
def test_an_entry_of_a_list_is_read_as_it_is_written_or_named(value: str) -> None:
    check(f"t:\n  - {value}\n  - z\nu: x\n", 2, value, (0,))
    check(f"t: [{value}, z]\nu: x\n", 1, value, (0,))


lines = st.lists(
    st.lists(st.sampled_from(["a", "#", "# b", "-", "!x", "c #7", "'", ">", "1"]), min_size=1, max_size=3).map("".join),
    min_size=2,
    max_size=4,
)


@example(["a", "# b", "c"])
@example(["a", "# b"])
@given(lines)
def test_no_line_of_a_long_value_is_lost(value: list[str]) -> None:
    text = "\n    ".join(value)
    problems = Problems()
    root = marked_yaml.parse(f"t: {text}\nu: x\n", "f.yml", problems)
    if problems.found:
        assert 1 <= problems.found[0].mark.line <= len(value) + 1
        return
    assert isinstance(root, Mapping)
    read = root.get("t")
    if isinstance(read, Scalar) and text[0] not in "'>":
        assert folded(read.text) == folded(text)
