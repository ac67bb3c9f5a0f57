"""Includes of files: what a target says, and which lines it means."""

from __future__ import annotations

from pathlib import Path

import markdown
import pytest
from engblog.source.body import code_lines, scan
from engblog.source.includes import include_path, section_of


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("lab/a.go", ("lab/a.go", None, ())),
        ("lab/a.go:handler", ("lab/a.go", "handler", ())),
        ("lab/a.go:3", ("lab/a.go", None, ((3, None),))),
        ("lab/a.go:3:9", ("lab/a.go", None, ((3, 9),))),
        ("lab/a.go::9", ("lab/a.go", None, ((None, 9),))),
        ("lab/a.go:1:2,-3", ("lab/a.go", None, ((1, 2), (-3, None)))),
    ],
)
def test_the_target_of_an_include_is_taken_apart(target: str, expected: tuple[object, ...]) -> None:
    assert include_path(target) == expected


EXPANDED = ['--8<-- "{}"', "-8<- '{}'", "--8<--\n{}\n--8<--", '    --8<-- "{}"']
FILE = """\
first
# --8<-- [start:outer]
one
  # --8<-- [start:inner]
  two
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


@pytest.mark.parametrize(
    "target",
    [
        "a.py", "a.py:outer", "a.py:inner", "a.py:Odd", "a.py:odd", "a.py:open", "a.py:gone", "a.py:2", "a.py:2:4",
        "a.py::3", "a.py:0:2", "a.py:1:2,8:9", "a.py:-3", "a.py:2:-2", "a.py:-99:3", "a.py:8:2",
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", [*EXPANDED, '--8<-- "{}" ', '--8<-- "{}"\t', '> --8<-- "{}"', "--8<-- {}"])
def test_an_include_shows_the_lines_that_the_snippets_extension_sets_in(tmp_path: Path, target: str, form: str) -> None:
    (tmp_path / "a.py").write_text(FILE)
    text = f"```\n{form.format(target)}\n```\n"
    _, section, lines = include_path(target)
    expanded = [*code_lines(scan(text), lambda _: section_of(FILE, section, lines))]
    found = [each for each in scan(text).references if each.kind == "include"]
    if found and section_of(FILE, section, lines) is None:
        with pytest.raises(Exception, match="could not be located"):
            set_in(text, tmp_path)
    else:
        shown = set_in(text, tmp_path)
        assert [line.strip() for line in expanded if line.strip()] == [
            line.strip().replace("# --8<-- [start:escaped]", "# ;--8<-- [start:escaped]")
            for line in shown
            if line.strip()
        ]
        assert bool(found) == (form in EXPANDED)


def set_in(text: str, folder: Path) -> list[str]:
    """The lines of the fence in *text* after the snippets extension."""
    md = markdown.Markdown(
        extensions=["pymdownx.snippets"],
        extension_configs={"pymdownx.snippets": {"base_path": [str(folder)], "check_paths": True}},
    )
    return md.preprocessors["snippet"].run(text.splitlines())[1:-1]
