"""A problem of style may be allowed with a reason, on its line; nothing else may, and no remark stays behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.model.problems import Code
from engblog.source.allowances import ALLOWABLE
from support.sources import article, read

BECAUSE = "because the table would be cut in two"


def codes(root: Path, text: str) -> list[str]:
    return [f"{each.mark.line} {each.code.id}" for each in read(root, {"articles/a/index.md": text}).problems]


def test_only_codes_of_style_can_be_allowed() -> None:
    assert {each.id for each in ALLOWABLE} == {"F004", "F007", "R016", "L011"}


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- engblog: allow R016 {BECAUSE} -->\n#### A\n\nOne.\n",
        f"Zero.\n\n<!-- engblog: allow R016 {BECAUSE} -->\n\n#### A\n\nOne.\n",
        f"<!--engblog: allow L011 {BECAUSE}-->\nIt took 36 ms.\n",
    ],
)
def test_a_problem_on_the_next_line_is_allowed(tmp_path: Path, text: str) -> None:
    assert codes(tmp_path, article(text)) == []
    assert codes(tmp_path, article(text.partition("-->")[2])) != []


def test_a_problem_with_the_next_key_is_allowed(tmp_path: Path) -> None:
    for key, value in (("tags", "[Go]"), ("tags", "\n  - Go"), ("tags", "\n- Go"), ("description", ">-\n  Short.")):
        text = article(**{key: value})
        code = "F004" if key == "description" else "F007"
        assert [each.split()[1] for each in codes(tmp_path, text)] == [code]
        assert codes(tmp_path, text.replace(f"{key}:", f"# engblog: allow {code} {BECAUSE}\n{key}:")) == []


@pytest.mark.parametrize(
    "remark",
    [
        "<!-- engblog: allow R016 -->", "<!-- engblog: allow R016 because -->", "<!-- engblog: allow R016 since A -->",
        "<!-- engblog: permit R016 because A -->", "<!-- engblog: allow because A -->", "<!-- engblog: -->",
        "<!-- engblog: allow R007 because A -->", "<!-- engblog: allow S011 because A -->",
        "<!-- engblog: allow X because A -->", "<!-- engblog: allow R016 because A",
    ],
)  # fmt: skip
def test_a_remark_that_is_wrong_is_a_problem_and_allows_nothing(tmp_path: Path, remark: str) -> None:
    found = codes(tmp_path, article(f"{remark}\n#### A\n\nOne.\n"))
    assert "8 R038" in found
    if "-->" in remark:
        assert "9 R016" in found


def test_a_remark_that_allows_nothing_is_a_problem(tmp_path: Path) -> None:
    remark = f"<!-- engblog: allow R016 {BECAUSE} -->\n"
    assert codes(tmp_path, article(f"{remark}## A\n\nOne.\n")) == ["8 R038"]
    assert codes(tmp_path, article(f"{remark}One.\n\n#### A\n\nOne.\n")) == ["8 R038", "11 R016"]
    assert codes(tmp_path, article(f"One.\n\n{remark}")) == ["10 R038"]
    assert codes(tmp_path, article().replace("tags:", f"# engblog: allow F007 {BECAUSE}\ntags:")) == ["6 R038"]


def test_a_remark_in_code_is_code(tmp_path: Path) -> None:
    assert codes(tmp_path, article("```html\n<!-- engblog: allow R016 -->\n```\n")) == []


def test_a_figure_in_a_draft_may_be_allowed_before_it_is_looked_at(tmp_path: Path) -> None:
    text = f"<!-- engblog: allow L011 {BECAUSE} -->\nIt took 36 ms.\n"
    assert codes(tmp_path, article(text, status="draft")) == []


@pytest.mark.parametrize("code", sorted({*Code} - ALLOWABLE, key=lambda code: code.id)[::7], ids=lambda code: code.id)
def test_no_other_code_is_allowed(tmp_path: Path, code: Code) -> None:
    assert codes(tmp_path, article(f"<!-- engblog: allow {code.id} {BECAUSE} -->\nOne.\n")) == ["8 R038"]
