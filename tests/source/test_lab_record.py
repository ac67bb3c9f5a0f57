"""The record of a lab: whatever it holds, it is read or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from engblog.lab.record import lab_digest, lab_files
from engblog.model.article import Article, LabFiles
from engblog.model.problems import Problems, report
from engblog.site.catalogue import Catalogue
from engblog.source.docs_files import DocsFiles
from engblog.source.parse import Source, parse_article
from engblog.source.schema import Vocabulary, read_article
from engblog.source.vocabulary import read_people, read_taxonomy
from hypothesis import given
from hypothesis import strategies as st
from support.labs import recorded
from support.sources import AUTHORS, DRAWING, TAXONOMY, article, codes, places, read

FULL = article(
    "Text with `code`, a [link](a.md), ![a picture](a.png), {lab:key}, {claim:test_a} and <b>.\n\n```go\n"
    '--8<-- "lab/a.go:main"\n```\n',
    subcategory="Storage",
    authors="[ada, grace]",
    featured="true",
    status="published",
    updated="2026-11-22T10:00:00+01:00",
    review_by="2027-11-20",
    aliases="[/old/name/]",
    series="{name: Durability, part: 2}",
    requires="[any]",
    applies_to='{PostgreSQL: "14–17"}',
    corrections="[{date: 2026-11-22, text: It is 12 ms.}]",
)

VOCABULARY = Vocabulary(
    read_taxonomy(TAXONOMY.encode(), "t", Problems()),
    read_people(AUTHORS.encode(), "a", Problems()),
    DocsFiles(frozenset()),
)


def never_breaks(data: bytes, **more: Any) -> tuple[Article | None, Problems]:
    """Read *data*; whatever it is, there is an article or a problem, in the file, that can be printed."""
    problems = Problems()
    found = read_article(Source(parse_article(data, "articles/any/index.md"), **more), VOCABULARY, problems)
    assert (found is None) == bool(problems.found), (
        "an article that vanishes without a word, or one in spite of a problem"
    )
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    for problem in problems.sorted():
        assert 1 <= problem.mark.line <= lines + 1, problem
        assert problem.mark.column >= 1, problem
        assert problem.message.isprintable(), problem
    report(problems.sorted()).encode()
    if found is not None:
        assert found.minutes >= 1
        assert found.published.instant.timestamp()
        assert found.url.startswith("articles/")
    return found, problems


@given(st.text(max_size=200) | st.binary(max_size=50).map(lambda data: data.decode("latin-1")))
def test_random_records(record: str) -> None:
    never_breaks(FULL.encode(), lab=LabFiles("sha256:0", record))


record_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.fixed_dictionaries(
        {key: record_values | st.just({}) for key in ("machine", "versions", "tests", "numbers", "digest")}
        | {"ran": record_values | st.just("2026-11-23")}
    )
)
def test_records_of_the_right_shape_with_wrong_values(record: dict[str, Any]) -> None:

    never_breaks(FULL.encode(), lab=LabFiles("sha256:0", recorded(record)))


FILES = {
    "articles/other/index.md": article(status="draft"),
    "articles/any/drain.svg": DRAWING,
    "articles/any/photo of it.png": b"\x89PNG",
    "articles/any/lab/server.go": "// --8<-- [start:handler]\nfunc handler() {}\n// --8<-- [end:handler]\nmore\n",
    "about.md": "# About\n",
}


ANY = "articles/any/index.md"


def check(tmp_path: Path, body: str, **files: str | bytes) -> Catalogue:
    return read(tmp_path, {**FILES, ANY: article(body), **files})


# The lab


def lab(tmp_path: Path, **record: object) -> dict[str, str]:
    """The files of a lab with one test and one number, and a record of them unless *record* says otherwise."""
    files = {"articles/any/lab/test_wait.py": "def test_it_waits(): pass\n"}
    folder = tmp_path / "articles/any/lab"
    read(tmp_path, {**FILES, **files, ANY: article()})
    content = {
        "ran": "2026-11-23",
        "machine": "Debian",
        "versions": {"Redis": "7.0.15"},
        "tests": {"test_it_waits": {"file": "test_wait.py", "line": 1, "claim": "It waits."}},
        "numbers": {"wait": {"value": 12.5, "text": "12.5 ms", "note": "from SIGTERM to exit"}},
        "digest": lab_digest(lab_files(folder)),
        **record,
    }
    return {**files, "articles/any/lab/record.json": recorded(content)}


GOOD = "It waits {lab:wait}.{claim:test_it_waits}\n"


RECORD = "articles/any/lab/record.json"


def test_a_lab_without_a_record_is_a_problem_that_says_how_to_make_one(tmp_path: Path) -> None:
    files = lab(tmp_path)
    del files[RECORD]
    catalogue = check(tmp_path, GOOD, **files)
    assert places(catalogue, tmp_path) == [f"{RECORD}:1:1 L001"]
    assert "make lab ARTICLE=any" in str(catalogue.problems[0])


def test_a_lab_that_has_changed_since_its_record_is_a_problem(tmp_path: Path) -> None:
    files = lab(tmp_path)
    changed = check(tmp_path, GOOD, **{**files, "articles/any/lab/test_wait.py": "def test_it_waits(): assert True\n"})
    assert places(changed, tmp_path) == [f"{RECORD}:1:1 L002"]
    assert "make lab ARTICLE=any" in str(changed.problems[0])


def test_a_file_more_in_the_lab_is_a_change(tmp_path: Path) -> None:
    assert codes(check(tmp_path, GOOD, **lab(tmp_path), **{"articles/any/lab/new.go": "x"})) == ["L002"]


def test_what_tools_leave_in_a_lab_is_no_change(tmp_path: Path) -> None:
    left = {"articles/any/lab/__pycache__/a.pyc": b"x", "articles/any/lab/.pytest_cache/x": "y"}
    assert codes(check(tmp_path, GOOD, **lab(tmp_path), **left)) == []


EMPTY = {"ran": "2026-11-23", "machine": "", "versions": {}, "tests": {}, "numbers": {}, "digest": ""}


@pytest.mark.parametrize(
    "record",
    [
        "{",
        "[]",
        "null",
        '"text"',
        "{}",
        "[" * 100_000,
        recorded({}),
        recorded({**EMPTY, "ran": "soon"}),
        recorded({**EMPTY, "ran": "2106-01-01"}),
        recorded({**EMPTY, "ran": 20261123}),
        recorded({**EMPTY, "versions": []}),
        recorded({**EMPTY, "tests": {"t": 1}}),
        recorded({**EMPTY, "tests": {"t": {"file": "", "line": float("inf"), "claim": ""}}}),
    ],
)
def test_a_record_that_cannot_be_read_is_a_problem(tmp_path: Path, record: str) -> None:
    catalogue = check(tmp_path, GOOD, **{**lab(tmp_path), RECORD: record})
    assert places(catalogue, tmp_path) == [f"{RECORD}:1:1 L003"]


def test_a_drafts_lab_need_not_have_run(tmp_path: Path) -> None:
    files = lab(tmp_path)
    del files[RECORD]
    assert codes(read(tmp_path, {**files, ANY: article(GOOD, status="draft")})) == []
    assert codes(read(tmp_path, {**files, ANY: article(GOOD, status="draft")}, preview=True)) == []


def test_a_drafts_lab_may_be_out_of_step(tmp_path: Path) -> None:
    files = {**lab(tmp_path), "articles/any/lab/test_wait.py": "def test_it_waits(): assert True\n"}
    assert codes(read(tmp_path, {**files, ANY: article(GOOD, status="draft")})) == []


def test_a_preview_shows_a_lab_that_is_out_of_step_and_says_so(tmp_path: Path) -> None:
    files = {**lab(tmp_path), "articles/any/lab/test_wait.py": "def test_it_waits(): assert True\n"}
    catalogue = read(tmp_path, {**files, ANY: article(GOOD)}, preview=True)
    assert codes(catalogue) == []
    shown = next(each for each in catalogue.site.articles if each.slug == "any")
    assert shown.lab is not None
    assert not shown.lab.in_step


def test_a_preview_still_needs_numbers_to_be_there(tmp_path: Path) -> None:
    assert codes(read(tmp_path, {**lab(tmp_path), ANY: article("It is {lab:gone}.\n")}, preview=True)) == ["L004"]


def test_a_folder_without_tests_is_no_lab(tmp_path: Path) -> None:
    assert codes(check(tmp_path, "Text.\n", **{"articles/any/lab/notes.txt": "x"})) == []
