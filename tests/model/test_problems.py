"""Every problem code is real: something produces it, and it is documented."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from engblog.contract.check import CHECK_OF
from engblog.disk.docs import DocsSettings, check_docs, read_site
from engblog.hosts.mkdocs.check import main as texts_of_host
from engblog.model.problems import Code, Mark, Problem, Problems, did_you_mean, quote, report
from support.broken import BROKEN, A
from support.hosts import BuildError, build_here, mini
from support.pictures import PNG
from support.sources import TAXONOMY, article, places, read, write

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("code", BROKEN, ids=lambda code: code.id)
def test_every_problem_has_a_code_a_place_and_a_remedy(tmp_path: Path, code: Code) -> None:
    files, place = BROKEN[code]
    catalogue = read(tmp_path, files)
    assert f"{place} {code.id}" in places(catalogue, tmp_path)
    problem = next(each for each in catalogue.problems if each.code is code)
    assert problem.message
    assert problem.hint


def unreadable(root: Path) -> list[str]:
    (root / "articles/a").mkdir(parents=True)
    (root / A).symlink_to("gone.md")
    return places(read(root, {}), root)


def without_vocabulary(root: Path) -> list[str]:
    read(root, {})
    (root / "taxonomy.yml").unlink()

    return places(read_site(root, DocsSettings()), root)


def clash(root: Path) -> list[str]:
    with pytest.raises(BuildError) as raised:
        build_here(mini(root, {f"docs/{A}": article(), "docs/tags/index.md": "# Tags\n"}))
    return [line.removeprefix(f"{root}/docs/").rpartition(" the ")[0] for line in str(raised.value).splitlines()]


def shown_otherwise(root: Path) -> list[str]:
    with pytest.raises(BuildError) as raised:
        build_here(mini(root, {f"docs/{A}": article("One.\n\nA ~~struck~~ word.\n")}))
    return [line.removeprefix(f"{root}/docs/").rpartition(" GitHub ")[0] for line in str(raised.value).splitlines()]


def lost_anchor(root: Path) -> list[str]:
    site = mini(root, {f"docs/{A}": article("[here](#gone)\n")})
    output = io.StringIO()
    with redirect_stdout(output):
        assert texts_of_host(str(site / "mkdocs.yml")) == 0
    rows = json.loads(output.getvalue())
    return [f"{path.removeprefix(f'{root}/docs/')}:{line}:{column} {code}" for path, line, column, code, *_ in rows]


def old(redirects: str) -> Callable[[Path], list[str]]:
    def produce(root: Path) -> list[str]:
        write(root, {"taxonomy.yml": TAXONOMY, A: article(), "redirects.yml": redirects})
        catalogue = check_docs(root, DocsSettings())
        assert all(problem.hint for problem in catalogue.problems)
        return places(catalogue, root)

    return produce


def swallowed(root: Path) -> list[str]:
    write(root, {"taxonomy.yml": TAXONOMY, "about.md": "Note: this is text.\n"})
    return places(check_docs(root, DocsSettings()), root)


def linked(root: Path) -> list[str]:
    (root / "articles/a").mkdir(parents=True)
    (root / "articles/a/key.png").symlink_to(root.parent)
    return places(read(root, {A: article()}), root)


def left_lying(name: str) -> Callable[[Path], list[str]]:
    def produce(root: Path) -> list[str]:
        write(root, {"taxonomy.yml": TAXONOMY, A: article(), name: b"\0"})
        return places(check_docs(root, DocsSettings()), root)

    return produce


def of_page(text: str) -> Callable[[Path], list[str]]:
    def produce(root: Path) -> list[str]:
        write(root, {"taxonomy.yml": TAXONOMY, "about.md": text})
        return places(check_docs(root, DocsSettings()), root)

    return produce


def replacing(root: Path) -> list[str]:
    write(root, {"theme/assets/a.png": PNG, "docs/taxonomy.yml": TAXONOMY, "docs/assets/a.png": PNG})
    return places(check_docs(root / "docs", DocsSettings(theme=root / "theme")), root / "docs")


def reaching_out(root: Path) -> list[str]:
    site = mini(root, {f"docs/{A}": article("A.\n\n</div>\n")})
    output = io.StringIO()
    with redirect_stdout(output):
        assert texts_of_host(str(site / "mkdocs.yml")) == 0
    rows = json.loads(output.getvalue())
    return [f"{path.removeprefix(f'{root}/docs/')}:{line}:{column} {code}" for path, line, column, code, *_ in rows]


def with_template(template: str, found: str) -> Callable[[Path], list[str]]:
    def produce(root: Path) -> list[str]:
        with pytest.raises(BuildError) as raised:
            build_here(mini(root, {f"docs/{A}": article(), "theme/article.html": template}))
        return [found] if found in str(raised.value) else []

    return produce


ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
AT_THE_HOST = {
    Code.B001_TIME: (with_template(ENDLESS, f"docs/{A}:1:1 B001"), f"docs/{A}:1:1 B001"),
    Code.B002_FAILED: (with_template("{{ 1 / 0 }}", f"docs/{A}:1:1 B002"), f"docs/{A}:1:1 B002"),
    Code.Y014_SHOWN: (of_page("\n---\ntitle: a\n---\n"), "about.md:2:1 Y014"),
    Code.F012_TEMPLATE: (of_page("---\ntemplate: nope.html\n---\n"), "about.md:2:11 F012"),
    Code.R027_ENDS: (reaching_out, f"{A}:10:1 R027_ENDS"),
    Code.S015_REPLACES: (replacing, "assets/a.png:1:1 S015"),
    Code.S009_STRAY: (left_lying("articles/a/dump.bin"), "articles/a/dump.bin:1:1 S009"),
    Code.S010_LAB_FILE: (left_lying("articles/a/lab/dump.rdb"), "articles/a/lab/dump.rdb:1:1 S010"),
    Code.S008_LINK: (linked, "articles/a/key.png:1:1 S008"),
    Code.Y013_NO_DASHES: (swallowed, "about.md:1:1 Y013"),
    Code.S006_UNREADABLE: (unreadable, f"{A}:1:1 S006"),
    Code.R015_READ_OTHERWISE: (shown_otherwise, f"{A}:10:5 R015"),
    Code.R021_ANCHOR: (lost_anchor, f"{A}:8:1 R021_ANCHOR"),
    Code.T006_NO_VOCABULARY: (without_vocabulary, "taxonomy.yml:1:1 T006"),
    Code.C001_URL_CLASH: (clash, "tags/index.md:1:1 C001"),
    Code.A001_REDIRECT_CIRCLE: (old("/x/: /y/\n/y/: /x/\n"), "redirects.yml:1:1 A001"),
    Code.A002_REDIRECT_TARGET: (old("/x/: /gone/\n"), "redirects.yml:1:6 A002"),
    Code.A003_REDIRECT_KIND: (old("/feed.xml: /tags/\n"), "redirects.yml:1:1 A003"),
}


@pytest.mark.parametrize("code", AT_THE_HOST, ids=lambda code: code.id)
def test_problems_that_no_text_alone_can_have(tmp_path: Path, code: Code) -> None:
    produce, expected = AT_THE_HOST[code]
    assert expected in produce(tmp_path)


def test_every_code_is_produced_by_a_test() -> None:
    """Those of built sites are in test_contract.py."""
    assert {*BROKEN, *AT_THE_HOST, *CHECK_OF} == set(Code)
    assert not {*BROKEN, *AT_THE_HOST} & {*CHECK_OF}
    assert not {*BROKEN} & {*AT_THE_HOST}


def test_every_code_and_its_meaning_is_its_own() -> None:
    ids = [code.id for code in Code]
    assert len(set(ids)) == len(ids) == len(Code.__members__), "two names of one meaning are one member"
    assert all(len(each) == 4 and each[0] in "SYFTCARLBP" and each[1:].isdigit() for each in ids)
    assert ids == sorted(ids, key=lambda each: ("SYFTCARLBP".index(each[0]), each))


def test_the_documentation_lists_every_code() -> None:
    """To bring it up to date: ``engblog problems``, set between the two markers of documentation/problems.md."""
    printed = subprocess.run(
        [sys.executable, "-m", "engblog.cli", "problems"], capture_output=True, text=True, check=True
    ).stdout
    text = (REPOSITORY / "documentation/problems.md").read_text()
    listed = text.partition("<!-- codes -->\n")[2].partition("<!-- /codes -->")[0]
    assert listed.strip() == printed.strip()
    assert all(f"| {code.id} |" in printed for code in Code)


def test_a_problem_is_one_line_and_its_hint_indented_below() -> None:
    problem = Problem(Mark("docs/a.md", 3, 8), Code.F005_DATE, "“soon” is not a date", "write a date")
    assert str(problem) == "docs/a.md:3:8 F005 “soon” is not a date\n    write a date"
    assert str(Problem(Mark("a"), Code.S002_EMPTY, "empty")) == "a:1:1 S002 empty"
    with pytest.raises(FrozenInstanceError):
        problem.message = "x"  # type: ignore[misc]


def test_a_problem_of_a_file_with_a_line_break_in_its_name_is_still_one_line() -> None:
    assert str(Problem(Mark("a\nb"), Code.S009_STRAY, "x", "y")) == "a\ufffdb:1:1 S009 x\n    y"


def test_a_report_counts_problems_and_files() -> None:
    one = Problem(Mark("a.md", 2, 1), Code.F005_DATE, "x", "y")
    other = Problem(Mark("b.md", 1, 1), Code.F005_DATE, "x")
    assert report([one]).splitlines()[-1] == "1 problem in 1 file"
    assert report([one, one]).splitlines()[-1] == "2 problems in 1 file"
    assert report([one, other]).splitlines() == [*str(one).splitlines(), str(other), "2 problems in 2 files"]


def test_problems_are_sorted_by_place_then_code() -> None:
    problems = Problems()
    for path, line, column, code in [
        ("b", 1, 1, Code.S002_EMPTY),
        ("a", 10, 1, Code.S002_EMPTY),
        ("a", 9, 2, Code.S002_EMPTY),
        ("a", 9, 1, Code.Y003_SYNTAX),
        ("a", 9, 1, Code.F001_UNKNOWN_KEY),
    ]:
        problems.add(Mark(path, line, column), code, "x")
    assert [(each.mark.path, each.mark.line, each.mark.column, each.code.id) for each in problems.sorted()] == [
        ("a", 9, 1, "F001"),
        ("a", 9, 1, "Y003"),
        ("a", 9, 2, "S002"),
        ("a", 10, 1, "S002"),
        ("b", 1, 1, "S002"),
    ]


def test_the_closest_name_is_offered_whatever_its_case() -> None:
    assert did_you_mean("postgress", ["PostgreSQL", "Redis"]) == "did you mean “PostgreSQL”?"
    assert did_you_mean("x", ["b", "a"]) == "choose from: a, b"
    assert did_you_mean("x", [f"name{n}" for n in range(24)]).startswith("choose from: name0, ")
    assert did_you_mean("x", [f"name{n}" for n in range(25)]) == "", "a long list helps nobody"
    assert did_you_mean("x", []) == ""
    assert did_you_mean("x" * 100_000, ["y"]) == "choose from: y"


def test_what_authors_wrote_is_quoted_on_one_line_and_safe_to_print() -> None:
    assert quote("a\nb\tc") == "“a b c”"
    assert quote("a\x1b[31mb\u202e") == "“a\ufffd[31mb\ufffd”"
    assert quote("x" * 100) == f"“{'x' * 59}…”"
    assert quote("x" * 60) == f"“{'x' * 60}”"
