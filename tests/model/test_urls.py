"""Addresses of pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.model import urls
from engblog.model.urls import (
    chart_anchor,
    claim_anchor,
    file_anchor,
    files_beside,
    fold_path,
    number_anchor,
    page_address,
    page_file,
    page_url,
    resolve_path,
    site_path,
    twin_url,
)
from support.sources import article, only, read_articles


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("/old", "old/"),
        ("/old/", "old/"),
        ("/2019/old.html", "2019/old.html"),
        ("/数据/旧/", "数据/旧/"),
        ("/", None),
        ("old/", None),
        ("//host/old/", None),
        ("https://host/old/", None),
        ("/a//b/", None),
        ("/a/../b/", None),
        ("/a b/", None),
        ("/a?b", None),
        ("/a#b", None),
        ("/a%20b/", None),
        ("/<a>/", None),
    ],
)
def test_an_address_is_a_path_of_this_site(written: str, address: str | None) -> None:
    assert site_path(written) == address


@pytest.mark.parametrize("address", ["", "old/", "2019/old.html", "a/b/c/"])
def test_a_page_has_one_file_and_one_address(address: str) -> None:
    assert page_address(page_file(address)) == address


def test_a_path_that_no_disk_would_take_is_none() -> None:
    assert site_path(f"/{'a' * 200}/") == f"{'a' * 200}/"
    assert site_path(f"/{'a' * 201}/") is None
    assert site_path("/" + "/".join(["a" * 100] * 9)) is not None
    assert site_path("/" + "/".join(["a" * 100] * 10)) is None
    assert site_path("/.well-known/x/") is None


def test_names_that_a_careless_disk_takes_for_one_are_folded() -> None:
    assert fold_path("Gro\u0308ße/A") == fold_path("GRÖSSE/a")
    assert fold_path("a") != fold_path("b")


def test_a_page_of_a_list_has_its_number_but_the_first() -> None:
    assert (page_url("tags/go/", 1), page_url("tags/go/", 2)) == ("tags/go/", "tags/go/page/2/")
    assert [*files_beside("tags/go/").values()] == ["tags/go/feed.xml", "tags/go/atom.xml", "tags/go/feed.json"]


def test_ids_on_a_labs_page_are_made_of_names() -> None:
    assert (urls.test_anchor("test_it_waits"), claim_anchor("test_it_waits")) == (
        "test-it-waits",
        "claim-test-it-waits",
    )
    assert (number_anchor("pause.p99 (ms)"), chart_anchor("a/b")) == ("number-pause.p99-ms-", "chart-a-b")
    assert file_anchor("Server.go") == "file-server-go"


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("a.png", "articles/x/a.png"),
        ("../y/index.md#b", "articles/y/index.md"),
        ("a%20b.md?c", "articles/x/a b.md"),
        ("../../about.md", "about.md"),
        ("../..", "."),
        ("../../..", None),
        ("../../../x.md", None),
        ("/etc/passwd", None),
    ],
)
def test_a_target_is_a_path_within_the_docs_folder_or_none(target: str, path: str | None) -> None:
    assert resolve_path("articles/x", target) == path


def test_a_twin_is_in_the_folder_of_its_page(tmp_path: Path) -> None:
    assert twin_url(only(read_articles(tmp_path, a=article()))) == "articles/2026/11/20/a/index.md"
