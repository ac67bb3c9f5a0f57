"""Every problem code is real: something produces it, and it is documented."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from engblog.contract.check import CHECK_OF
from engblog.disk.docs import DocsSettings, check_docs, read_site
from engblog.hosts.mkdocs.check import main as texts_of_host
from engblog.lab.record import lab_digest
from engblog.model.problems import Code, Mark, Problem, Problems, did_you_mean, quote, report
from support.hosts import BuildError, build_here, mini
from support.labs import recorded
from support.pictures import LFS_POINTER, PNG
from support.sources import DRAWING, TAXONOMY, article, places, read, write

REPOSITORY = Path(__file__).parents[2]
A = "articles/a/index.md"
LAB = {"articles/a/lab/test_a.py": "def test_a(): pass\n"}
DIGEST = lab_digest([("test_a.py", LAB["articles/a/lab/test_a.py"].encode())])
RAN = {
    **LAB,
    "articles/a/lab/record.json": recorded(
        {"ran": "2026-11-23", "machine": "", "versions": {"Redis": "7.0.15"}, "numbers": {}, "digest": DIGEST}
        | {"tests": {"test_a": {"file": "test_a.py", "line": 1, "claim": "", "servers": ["Redis"]}}}
    ),
    "articles/a/lab/versions.json": recorded(
        {"digest": DIGEST}
        | {"runs": [{"product": "Redis", "version": "6.2.5", "held": [], "failed": {"test_a": "assert 1 > 2"}}]}
    ),
}
EMPTY_RECORD = recorded({"ran": "2026-11-23", "machine": "", "versions": {}, "tests": {}, "numbers": {}, "digest": ""})

# The shortest site that has each problem, and where. What stands at the host's boundary is in AT_THE_HOST.
BROKEN: dict[Code, tuple[Mapping[str, str | bytes], str]] = {
    Code.S001_NOT_UTF8: ({A: b"\xff"}, f"{A}:1:1"),
    Code.S002_EMPTY: ({A: ""}, f"{A}:1:1"),
    Code.S003_TOO_LARGE: ({A: b"x" * 300_001}, f"{A}:1:1"),
    Code.S017_LONG_LINE: ({A: article("x" * 20_001)}, f"{A}:8:20001"),
    Code.S018_NESTED: ({A: article("> " * 21 + "x")}, f"{A}:8:1"),
    Code.S019_ELEMENTS: ({A: article("x\n\n" * 2501)}, f"{A}:5008:1"),
    Code.S020_INCLUDED: ({A: article("```\n" + '--8<-- "a"\n' * 201 + "```\n"), "articles/a/a": "x"}, f"{A}:209:9"),
    Code.F016_FUTURE: ({A: article(updated="2105-12-31")}, f"{A}:7:10"),
    Code.S004_SLUG: ({"articles/A b/index.md": article()}, "articles/A b/index.md:1:1"),
    Code.S005_MISPLACED: ({"articles/a.md": article()}, "articles/a.md:1:1"),
    Code.S007_CONTROL: ({A: article("\x01")}, f"{A}:8:1"),
    Code.Y001_NO_FRONT_MATTER: ({A: "# A\n"}, f"{A}:1:1"),
    Code.Y002_NOT_CLOSED: ({A: "---\na: b\n"}, f"{A}:1:1"),
    Code.Y003_SYNTAX: ({A: article(title="a: b")}, f"{A}:2:9"),
    Code.Y004_TAB: ({A: article(series="\n\ta: b")}, f"{A}:8:1"),
    Code.Y005_DUPLICATE_KEY: ({A: article().replace("\n---", "\ntitle: a\n---")}, f"{A}:7:1"),
    Code.Y006_ALIAS: ({A: article(title="&a b")}, f"{A}:2:8"),
    Code.Y007_NOT_MAPPING: ({A: "---\n- a\n---\nText.\n"}, f"{A}:2:1"),
    Code.Y008_TOO_DEEP: ({A: article(title="[" * 13 + "]" * 13)}, f"{A}:2:19"),
    Code.Y009_COMMENT: ({A: article(title="Incident #7")}, f"{A}:2:17"),
    Code.Y010_TAG: ({A: article(title="!important news")}, f"{A}:2:8"),
    Code.Y011_ESCAPE: ({A: article(title='"C:\\new"')}, f"{A}:2:11"),
    Code.Y012_EMPTY_BLOCK: ({A: article(subcategory=">")}, f"{A}:7:14"),
    Code.F001_UNKNOWN_KEY: ({A: article(x="y")}, f"{A}:7:1"),
    Code.F002_MISSING_KEY: ({A: article(title=None)}, f"{A}:2:1"),
    Code.F003_TYPE: ({A: article(title="[a]")}, f"{A}:2:8"),
    Code.F004_LENGTH: ({A: article(description="short")}, f"{A}:3:14"),
    Code.F005_DATE: ({A: article(date="soon")}, f"{A}:4:7"),
    Code.F006_CHOICE: ({A: article(status="done")}, f"{A}:7:9"),
    Code.F007_COUNT: ({A: article(tags="[Go]")}, f"{A}:6:7"),
    Code.F008_REPEATED: ({A: article(tags="[Go, Redis, MySQL, go]")}, f"{A}:6:26"),
    Code.F009_DATE_ORDER: ({A: article(updated="2026-11-19")}, f"{A}:7:10"),
    Code.F010_ALIAS_PATH: ({A: article(aliases="[old]")}, f"{A}:7:11"),
    Code.F011_NULL: ({A: article(subcategory="Null")}, f"{A}:7:14"),
    Code.T001_CATEGORY: ({A: article(category="x")}, f"{A}:5:11"),
    Code.T002_SUBCATEGORY: ({A: article(subcategory="x")}, f"{A}:7:14"),
    Code.T003_TAG: ({A: article(tags="[Go, Redis, MySQL, Zig]")}, f"{A}:6:26"),
    Code.T004_AUTHOR: ({A: article(authors="[eve]")}, f"{A}:7:11"),
    Code.T005_VOCABULARY_CLASH: ({"taxonomy.yml": f"{TAXONOMY}  - name: go\n"}, "taxonomy.yml:30:11"),
    Code.C002_SLUG_CLASH: (
        {"articles/Fs/index.md": article(), "articles/fs/index.md": article()},
        "articles/fs/index.md:1:1",
    ),
    Code.C003_FEATURED: (
        {A: article(featured="true"), "articles/b/index.md": article(featured="true")},
        "articles/b/index.md:1:1",
    ),
    Code.C004_REQUIRES: ({A: article(requires="[b]")}, f"{A}:1:1"),
    Code.C005_REQUIRES_CYCLE: ({A: article(requires="[a]")}, f"{A}:1:1"),
    Code.C006_SERIES_PART: (
        {A: article(series="{name: S, part: 1}"), "articles/b/index.md": article(series="{name: S, part: 1}")},
        "articles/b/index.md:1:1",
    ),
    Code.C007_ALIAS_CLASH: ({A: article(aliases="[/articles/2026/11/20/a/]")}, f"{A}:7:11"),
    Code.C008_ID_CLASH: (
        {A: article(id="/x/"), "articles/b/index.md": article(id="/x/")},
        "articles/b/index.md:7:5",
    ),
    Code.R001_PICTURE: ({A: article("![a](b.png)\n")}, f"{A}:8:1"),
    Code.R002_REMOTE: ({A: article("![a](//b/c.png)\n")}, f"{A}:8:1"),
    Code.R003_NO_ALT: ({A: article("![](b.png)\n"), "articles/a/b.png": b""}, f"{A}:8:1"),
    Code.R004_LINK: ({A: article("[a](b.md)\n")}, f"{A}:8:1"),
    Code.R005_INCLUDE: ({A: article('```\n--8<-- "b"\n```\n')}, f"{A}:9:9"),
    Code.R006_INCLUDE_OUTSIDE: ({A: article('```\n--8<-- "../b"\n```\n')}, f"{A}:9:9"),
    Code.R007_RAW_HTML: ({A: article("<script>\n")}, f"{A}:8:1"),
    Code.R008_FENCE: ({A: article("```\n")}, f"{A}:8:1"),
    Code.R009_DIAGRAM: (
        {A: article("![a](b.svg)\n"), "articles/a/b.svg": DRAWING.replace(' viewBox="0 0 720 400"', "")},
        f"{A}:8:1",
    ),
    Code.R010_INCLUDE_IN_PROSE: ({A: article('--8<-- "lab/test_a.py"\n'), **LAB}, f"{A}:8:9"),
    Code.R011_NOT_A_PICTURE: ({A: article("![a](b.png)\n"), "articles/a/b.png": PNG[:-1]}, f"{A}:8:1"),
    Code.R012_HELD_BACK: (
        {A: article("Not [yet](../b/index.md).\n"), "articles/b/index.md": article(status="draft")},
        f"{A}:8:5",
    ),
    Code.R013_NO_PAGE: ({A: article("[a](notes.md)\n"), "articles/a/notes.md": "Notes.\n"}, f"{A}:8:1"),
    Code.R014_NOT_FETCHED: ({A: article("![a](b.png)\n"), "articles/a/b.png": LFS_POINTER}, f"{A}:8:1"),
    Code.S011_DOCUMENT: (
        {A: article("[a](b.txt) ![a](b.svg) a\n"), "articles/a/b.svg": DRAWING.replace("<rect", "<script/><rect")}
        | {"articles/a/b.txt": ""},
        "articles/a/b.svg:1:104",
    ),
    Code.S013_KIND: ({A: article("[a](b.exe)\n"), "articles/a/b.exe": "x"}, "articles/a/b.exe:1:1"),
    Code.S014_CONTENT: ({A: article("[a](b.txt)\n"), "articles/a/b.txt": b"\0"}, "articles/a/b.txt:1:1"),
    Code.R022_IN_ARCHIVE: ({A: article("[a](lab/b.js)\n", status="draft"), "articles/a/lab/b.js": ""}, f"{A}:9:1"),
    Code.R016_HEADING: ({A: article("### A\n")}, f"{A}:8:1"),
    Code.R017_OPENING: ({A: article("```js {1}\n```\n")}, f"{A}:8:4"),
    Code.R018_TABLE: ({A: article("| a |\n|---|\n| b | c |\n")}, f"{A}:10:7"),
    Code.R019_TAG: ({A: article("A Vec<T>.\n")}, f"{A}:8:6"),
    Code.R020_CITATION: ({A: article("A.[^b]\n")}, f"{A}:8:3"),
    Code.F013_UNSEEN: ({A: article(title='"\u202e"')}, f"{A}:2:8"),
    Code.F014_DIRECTION: ({A: article(title='"a \u202e b"')}, f"{A}:2:8"),
    Code.R024_CLASS: ({A: article("A *b*{: .skip }\n")}, f"{A}:8:6"),
    Code.R025_ID: ({A: article("## B {#page--content}\n")}, f"{A}:8:6"),
    Code.R026_PROOF: ({A: article("A *b*{: .claim }\n")}, f"{A}:8:6"),
    Code.R028_DIRECTION: ({A: article("```\na \u202e b\n```\n")}, f"{A}:9:3"),
    Code.L001_NO_RECORD: ({A: article(), **LAB}, "articles/a/lab/record.json:1:1"),
    Code.L002_STALE: (
        {A: article(), **LAB, "articles/a/lab/record.json": EMPTY_RECORD},
        "articles/a/lab/record.json:1:1",
    ),
    Code.L003_RECORD: ({A: article(), **LAB, "articles/a/lab/record.json": "{}"}, "articles/a/lab/record.json:1:1"),
    Code.L004_NUMBER: ({A: article("{lab:a}\n")}, f"{A}:8:1"),
    Code.L005_CLAIM: ({A: article("{claim:a}\n")}, f"{A}:8:1"),
    Code.L006_NOT_HELD: ({A: article("A.{claim:test_a}\n"), **RAN}, f"{A}:8:3"),
    Code.L007_HELD: ({A: article("A.{claim:test_a not on Redis 6.2, Redis 7}\n"), **RAN}, f"{A}:8:3"),
    Code.L008_MARK: ({A: article("A.{claim:test_a on Redis 6.2}\n"), **RAN}, f"{A}:8:3"),
    Code.L009_SETTINGS: (
        {A: article(), **RAN, "articles/a/lab/lab.toml": "[time]\nsecond = 3\n"},
        "articles/a/lab/lab.toml:2:1",
    ),
    Code.L010_CHART: ({A: article("![It rises](chart:a)\n")}, f"{A}:8:1"),
    Code.L011_NO_SOURCE: ({A: article("It took 36 ms.\n")}, f"{A}:8:9"),
    Code.L012_NO_REASON: ({A: article("It took 36 ms {given:}.\n")}, f"{A}:8:15"),
}


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
