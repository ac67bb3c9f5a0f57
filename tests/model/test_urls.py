"""Addresses of pages."""

from __future__ import annotations

import pytest
from engblog.model.urls import page_address, page_file, site_path


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
