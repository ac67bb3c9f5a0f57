"""Includes of files: what a target says, and which lines it means."""

from __future__ import annotations

import pytest
from engblog.source.body import code_lines, scan
from engblog.source.includes import Spans, expanded, include_path, included, section_of


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("lab/a.go", ("lab/a.go", None, ())),
        (" lab/a.go ", ("lab/a.go", None, ())),
        ("lab/a.go:handler", ("lab/a.go", "handler", ())),
        ("lab/a.go:3", ("lab/a.go", None, ((3, None),))),
        ("lab/a.go:3:9", ("lab/a.go", None, ((3, 9),))),
        ("lab/a.go::9", ("lab/a.go", None, ((None, 9),))),
        ("lab/a.go:1:2,-3", ("lab/a.go", None, ((1, 2), (-3, None)))),
        ("lab/a.go:", ("lab/a.go", None, ())),
        ("lab/a.go:3x", ("lab/a.go", "3x", ())),
    ],
)
def test_the_target_of_an_include_is_taken_apart(target: str, expected: tuple[str, str | None, Spans]) -> None:
    assert include_path(target) == expected


FILE = """\
first
# --8<-- [start:outer]
one
  # --8<-- [start:inner]
  two
    more
  # --8<-- [end:inner]
three
# --8<-- [end:outer]
four
# --8<-- [start:Odd]
# ;--8<-- [start:escaped]
five
# --8<-- [end:Odd]
# --8<-- [end]
# --8<-- [start:outer]
again
# --8<-- [end:outer]
# --8<-- [start:open]
six

"""
ALL = [
    "first", "one", "  two", "    more", "three", "four", "# ;--8<-- [start:escaped]", "five", "# --8<-- [end]",
    "again", "six",
]  # fmt: skip

# What pymdownx.snippets, whose marks these are, set in for the same file.
PARTS: list[tuple[str, list[str] | None]] = [
    ("a.py", ALL),
    ("a.py:outer", ["one", "  two", "    more", "three"]),
    ("a.py:inner", ["two", "  more"]),
    ("a.py:Odd", ["# ;--8<-- [start:escaped]", "five"]),
    ("a.py:odd", None),
    ("a.py:escaped", None),
    ("a.py:open", ["six"]),
    ("a.py:gone", None),
    ("b.py", None),
    ("a.py:3", ALL[1:]),
    ("a.py:3:6", ["one", "  two", "    more"]),
    ("a.py:5:6", ["two", "  more"]),
    ("a.py::3", ["first", "one"]),
    ("a.py:0:3", ["first", "one"]),
    ("a.py:1:2,10:10", ["first", "four"]),
    ("a.py:-3", ["six"]),
    ("a.py:18:-3", ["six"]),
    ("a.py:-99:3", ["first", "one"]),
    ("a.py:8:2", []),
]


@pytest.mark.parametrize(("target", "lines"), PARTS)
def test_a_target_names_lines_of_a_file(target: str, lines: list[str] | None) -> None:
    shown = included(target, {"a.py": FILE}.get)
    assert (shown or None) == (lines or None)


@pytest.mark.parametrize(
    ("form", "before"),
    [
        ('--8<-- "{}"', ""),
        ("-8<- '{}'", ""),
        ('---8<---  "{}"', ""),
        ('--8<-- "{}" ', ""),
        ('--8<-- "{}"\t', ""),
        ('    --8<-- "{}"', "    "),
        ("--8<--\n{}\n--8<--", ""),
        ("-8<- \n  {}\n---8<---", "  "),
    ],
)
@pytest.mark.parametrize("target", ["a.py:inner", "a.py:1:1", "a.py"])
def test_every_form_of_an_include_is_replaced_by_the_lines_indented_like_it(
    form: str, before: str, target: str
) -> None:
    lines = included(target, {"a.py": FILE}.get) or []
    text = f"x\n{form.format(target)}\ny"
    assert [*expanded(text, lambda name: included(name, {"a.py": FILE}.get))] == [
        "x",
        *(f"{before}{line}" for line in lines),
        "y",
    ]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (';--8<-- "a.py"', '--8<-- "a.py"'),
        (';;--8<-- "a.py"', ';--8<-- "a.py"'),
        ('--8<-- "gone.py"', '--8<-- "gone.py"'),
        ('> --8<-- "a.py"', '> --8<-- "a.py"'),
        ("--8<-- a.py", "--8<-- a.py"),
        ('--8<-- "a.py" x', '--8<-- "a.py" x'),
        ("# --8<-- [start:a]", "# --8<-- [start:a]"),
    ],
)
def test_anything_else_stays_as_written(line: str, shown: str) -> None:
    assert [*expanded(line, lambda name: ["set in"] if name == "a.py" else None)] == [shown]


def test_a_list_of_files_may_leave_some_out_and_have_blank_lines() -> None:
    text = "--8<--\na.py\n\n; b.py\nc.py\n--8<--\nd.py"
    assert [*expanded(text, lambda name: [f"<{name}>"])] == ["<a.py>", "<c.py>", "d.py"]


@pytest.mark.parametrize(("target", "lines"), PARTS)
@pytest.mark.parametrize("form", ['--8<-- "{}"', "--8<--\n{}\n--8<--", '  --8<-- "{}" '])
@pytest.mark.parametrize("around", ["```\n{}\n```\n", "> ```\n> {}\n> ```\n", "- a\n\n    ```\n    {}\n    ```\n"])
def test_the_code_of_a_body_is_that_of_its_page(target: str, lines: list[str] | None, form: str, around: str) -> None:
    """An include that names nothing is a problem, and no line of it is counted."""
    inside = form.format(target).replace("\n", around.partition("{}")[0].rpartition("\n")[2].join(["\n", ""]))
    body = scan(around.replace("{}", inside))
    assert [*code_lines(body, lambda name: included(name, {"a.py": FILE}.get))] == (lines or [])


def test_an_include_in_an_included_file_is_shown_if_it_is_escaped() -> None:
    file = 'a\n;--8<-- "b"\n    ;;--8<-- "c"\n# ;--8<-- "d"\n'
    assert included("x", {"x": file}.get) == ["a", '--8<-- "b"', '    ;--8<-- "c"', '# ;--8<-- "d"']


def test_marks_of_sections_are_never_shown() -> None:
    assert section_of("a\n# -8<- [start:x]\n// ---8<--- [ End : x ]\nb", None) == ["a", "b"]
    assert section_of("a # --8<-- [start:x]\nb\nc # --8<-- [end:x]", "x") == ["b"]
