"""The mark of a claim, with the versions on which the claim did not hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from engblog.lab.record import lab_digest
from engblog.site.catalogue import Catalogue
from engblog.source.claims import ClaimMark, NotOn, read_claim
from hypothesis import given
from hypothesis import strategies as st
from support.labs import recorded
from support.sources import article, codes, places, read

LAB = "articles/a/lab"
TEST = "def test_it(): pass\n"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("test_it", ClaimMark("test_it")),
        (" test_it ", ClaimMark("test_it")),
        ("test_it not on Redis 6.2", ClaimMark("test_it", (NotOn("Redis", "6.2"),))),
        (
            "test_it  not on  Redis 6.2.5 ,Valkey 9, Some Server 1.0",
            ClaimMark("test_it", (NotOn("Redis", "6.2.5"), NotOn("Valkey", "9"), NotOn("Some Server", "1.0"))),
        ),
        ("", ClaimMark("", readable=False)),
        ("test_it on Redis 6.2", ClaimMark("test_it", readable=False)),
        ("test_it not on", ClaimMark("test_it", readable=False)),
        ("test_it not on Redis", ClaimMark("test_it", readable=False)),
        ("test_it not on Redis 6.2,", ClaimMark("test_it", (NotOn("Redis", "6.2"),), readable=False)),
        ("test_it not on 6.2", ClaimMark("test_it", readable=False)),
        ("test_it not on Redis 6.x", ClaimMark("test_it", readable=False)),
    ],
)
def test_a_mark_is_read_or_said_to_be_unreadable(text: str, mark: ClaimMark) -> None:
    assert read_claim(text) == mark


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    mark = read_claim(text)
    assert not mark.readable or mark.test in text


def test_a_version_is_meant_by_as_many_of_its_parts_as_are_named() -> None:
    six = NotOn("Redis", "6.2")
    assert six.covers("Redis", "6.2.5")
    assert six.covers("Redis", "6.2")
    assert not six.covers("Redis", "6.20.1")
    assert not six.covers("Redis", "6")
    assert not six.covers("Valkey", "6.2.5")
    assert NotOn("PostgreSQL", "14").covers("PostgreSQL", "14.23")


# The check of an article, whose lab ran on Redis 7.0.15 and on other versions


def check(root: Path, mark: str, *, failed: str = "", held: str = "", changed: bool = False) -> Catalogue:
    digest = lab_digest([("test_a.py", TEST.encode())])
    runs = [
        {
            "product": product,
            "version": version,
            "held": ["test_it"] * (outcome == "held"),
            "failed": {"test_it": "assert 1 > 2"} if outcome == "failed" else {},
        }
        for outcome, versions in (("failed", failed), ("held", held))
        for product, _, version in (each.strip().rpartition(" ") for each in versions.split(",") if each)
    ]
    record = {
        "ran": "2026-11-23",
        "machine": "",
        "versions": {"Redis": "7.0.15", "PostgreSQL": "15.1"},
        "tests": {"test_it": {"file": "test_a.py", "line": 1, "claim": "It is.", "servers": ["Redis"]}},
        "numbers": {},
        "digest": digest,
    }
    files = {
        "articles/a/index.md": article(f"It is.{{claim:{mark}}}\n"),
        f"{LAB}/test_a.py": TEST + "# changed\n" * changed,
        f"{LAB}/record.json": recorded(record),
        f"{LAB}/versions.json": recorded({"runs": runs, "digest": digest}),
    }
    return read(root, files)


def said(root: Path, mark: str, *, failed: str = "", held: str = "") -> str:
    (problem,) = check(root, mark, failed=failed, held=held).problems
    return f"{problem.code.id} {problem.message} -> {problem.hint}"


@pytest.mark.parametrize(
    ("mark", "failed", "held"),
    [
        ("test_it", "", ""),
        ("test_it", "", "Redis 6.2.5,Valkey 9.1.2"),
        ("test_it not on Redis 6.2", "Redis 6.2.5", "Valkey 9.1.2"),
        ("test_it not on Redis 6.2, Valkey 9", "Redis 6.2.5,Redis 6.2.7,Valkey 9.1.2", ""),
    ],
)
def test_a_mark_that_says_what_the_runs_say_is_right(tmp_path: Path, mark: str, failed: str, held: str) -> None:
    assert codes(check(tmp_path, mark, failed=failed, held=held)) == []


def test_a_version_on_which_a_claim_failed_must_be_named(tmp_path: Path) -> None:
    assert said(tmp_path, "test_it", failed="Redis 6.2.5", held="Valkey 9.1.2") == (
        "L006 “test_it” did not hold on Redis 6.2.5 -> say so in the text, and write {claim:test_it not on Redis 6.2}"
    )
    assert said(tmp_path, "test_it not on Redis 6.2", failed="Redis 6.2.5,Valkey 9.1.2,Valkey 8.0.1") == (
        "L006 “test_it” did not hold on Valkey 8.0.1, Valkey 9.1.2 -> "
        "say so in the text, and write {claim:test_it not on Redis 6.2, Valkey 8.0, Valkey 9.1}"
    )
    assert places(check(tmp_path, "test_it", failed="Redis 6.2.5"), tmp_path) == ["articles/a/index.md:8:7 L006"]


def test_a_version_on_which_a_claim_held_must_not_be_named(tmp_path: Path) -> None:
    assert said(tmp_path, "test_it not on Redis 6.2", held="Redis 6.2.5") == (
        "L007 “test_it” held on Redis 6.2.5 -> remove “not on Redis 6.2” from the mark, "
        "or name the version more precisely"
    )
    assert said(tmp_path, "test_it not on Redis 6", failed="Redis 6.0.1", held="Redis 6.2.5").startswith(
        "L007 “test_it” held on Redis 6.2.5"
    )
    assert said(tmp_path, "test_it not on Redis 7").startswith("L007 “test_it” held on Redis 7.0.15")


def test_a_version_on_which_a_claim_was_never_run_must_not_be_named(tmp_path: Path) -> None:
    for version in ("Redis 5", "PostgreSQL 15", "PostgreSQL 14"):
        assert said(tmp_path, f"test_it not on {version}", held="Redis 6.2.5") == (
            f"L007 “test_it” was not run on {version} -> "
            "run: make lab ARTICLE=a VERSIONS=all; or remove it from the mark"
        )


def test_a_mark_that_cannot_be_read_says_how_one_is_written(tmp_path: Path) -> None:
    assert said(tmp_path, "test_it besides Redis 6.2") == (
        "L008 “test_it besides Redis 6.2” is not the mark of a claim -> "
        "write {claim:test_name} or {claim:test_name not on Redis 6.2, Valkey 9.1}"
    )


def test_the_test_of_a_mark_with_versions_must_exist(tmp_path: Path) -> None:
    assert said(tmp_path, "test_at not on Redis 6.2", failed="Redis 6.2.5").startswith("L005 ")


def test_runs_of_a_lab_that_has_changed_count_for_nothing(tmp_path: Path) -> None:
    """The record is out of step as well, and is what the author is told of."""
    assert codes(check(tmp_path, "test_it", failed="Redis 6.2.5", changed=True)) == ["L002"]
    assert codes(check(tmp_path, "test_it not on Redis 6.2", held="Redis 6.2.5", changed=True)) == ["L002"]


def test_runs_on_other_versions_must_be_of_the_lab_as_it_is(tmp_path: Path) -> None:
    check(tmp_path, "test_it", held="Redis 6.2.5")
    runs = tmp_path / LAB / "versions.json"
    text = runs.read_text()
    written = {key: value for key, value in json.loads(text).items() if key != "sum"}
    runs.write_text(recorded({**written, "digest": "sha256:0"}))
    catalogue = read(tmp_path, {})
    assert places(catalogue, tmp_path) == [f"{LAB}/versions.json:1:1 L002"]
    assert "run: make lab ARTICLE=a VERSIONS=all" in str(catalogue.problems[0])
    runs.write_text(text.replace('"runs"', '"walks"'))
    assert places(read(tmp_path, {}), tmp_path) == [f"{LAB}/versions.json:1:1 L003"]
    assert codes(read(tmp_path, {"articles/a/index.md": article("It is.\n", status="draft")})) == []
