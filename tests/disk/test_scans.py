"""Tests kept scans: a file whose bytes were looked at before is the same article, with the same references."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from engblog.disk.scans import Scans
from engblog.disk.store import Store
from engblog.source.parse import parse_article
from hypothesis import given
from hypothesis import strategies as st
from support.sources import article

NAME = "articles/a/index.md"
PIECES = st.sampled_from(
    [
        "A paragraph.", "![A drain](drain.svg)", "[a link](../b/index.md#there)", "```go\nx := 1\n```", "## Why",
        '```\n--8<-- "a.go:part"\n```', "{lab:wait} {claim:test_it}", "- [x]: y", "[x]: <a b>", "`code` é \U0001f600",
        "<b>bold</b>{ .x }", "<!-- no --> text", "Note.[^1]\n\n[^1]: Here.", "| a | b |\n|---|---|\n| `1` | 2 |",
    ]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=8).map("\n\n".join))
def test_a_kept_scan_is_the_scan(body: str) -> None:
    import tempfile  # noqa: PLC0415  (a folder for each example)

    data = article(body).encode()
    fresh = parse_article(data, NAME, "docs/")
    with tempfile.TemporaryDirectory() as folder:
        first = Scans(Store(Path(folder)), "now")
        first.keep([first.parse(data, NAME, "docs/")])
        again = Scans(Store(Path(folder)), "now").parse(data, NAME, "docs/")
    assert again.is_sound
    assert fresh.body is not None
    assert again.body is not None
    for name in ("prose", "code", "references", "first_line"):
        assert getattr(again.body, name) == getattr(fresh.body, name)
    assert [each.where for each in again.body.references] == [each.where for each in fresh.body.references]
    assert again.body.blocks.targets == fresh.body.blocks.targets
    assert [each.as_dict() for each in again.body.blocks.tokens] == [
        each.as_dict() for each in fresh.body.blocks.tokens
    ]
    assert (again.wanted, again.local, again.problems) == (fresh.wanted, fresh.local, fresh.problems)


@pytest.mark.parametrize(
    ("data", "name", "surroundings"),
    [
        (article("Other.\n"), NAME, "now"),
        (article("Text.\n", title="Another title"), NAME, "now"),
        (article("Text.\n"), "articles/b/index.md", "now"),
        (article("Text.\n"), NAME, "later"),
    ],
)
def test_anything_else_is_scanned(tmp_path: Path, data: str, name: str, surroundings: str) -> None:
    first = Scans(Store(tmp_path), "now")
    first.keep([first.parse(article("Text.\n").encode(), NAME, "docs/")])
    assert Scans(Store(tmp_path), "now").parse(article("Text.\n").encode(), NAME, "docs/").is_sound
    assert not Scans(Store(tmp_path), surroundings).parse(data.encode(), name, "docs/").is_sound


def test_problems_name_the_file_from_where_the_build_runs(tmp_path: Path) -> None:
    first, data = Scans(Store(tmp_path), "now"), article("Text.\n").encode()
    first.keep([first.parse(data, NAME, "docs/")])
    assert not Scans(Store(tmp_path), "now").parse(data, NAME, "blog/docs/").is_sound


@pytest.mark.parametrize("entry", ["", "[]", "1", '["x", ["y"], [["link"]]]', '["x", ["y"], [[1, 2, 3, 4, 5, 6]]]'])
def test_an_entry_of_another_form_counts_as_absent(tmp_path: Path, entry: str) -> None:
    scans = Scans(Store(tmp_path), "now")
    scans.keep([scans.parse(article("Text.\n").encode(), NAME, "docs/")])
    (path,) = (each for each in tmp_path.rglob("*") if each.is_file())
    Store(tmp_path).put(path.parent.name + path.name, entry.encode())
    assert not Scans(Store(tmp_path), "now").parse(article("Text.\n").encode(), NAME, "docs/").is_sound


def test_entries_are_json_and_nothing_else(tmp_path: Path) -> None:
    scans = Scans(Store(tmp_path), "now")
    scans.keep([scans.parse(article("Text.\n").encode(), NAME, "docs/")])
    (path,) = (each for each in tmp_path.rglob("*") if each.is_file())
    assert json.loads(path.read_bytes().partition(b"\n")[2])


@pytest.mark.parametrize(
    "text",
    [
        article("Text.\n\n<!-- engblog: allow R016 because it is quoted. -->\n#### Deep\n"),
        article("Text.\n").replace("tags:", "# engblog: allow F007 because it has one subject\ntags:"),
    ],
)
def test_an_article_with_an_allowance_is_checked_again(tmp_path: Path, text: str) -> None:
    """A remark that allows nothing is a problem, so what it allows has to be looked for each time."""
    first = Scans(Store(tmp_path), "now")
    first.keep([first.parse(text.encode(), NAME, "docs/")])
    assert not Scans(Store(tmp_path), "now").parse(text.encode(), NAME, "docs/").is_sound
