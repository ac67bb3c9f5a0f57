"""The page at an old address."""

from __future__ import annotations

import pytest
from engblog.model.publication import Identity
from engblog.model.site import Redirect
from engblog.outputs.redirect_pages import redirect_page


@pytest.mark.parametrize(
    ("path", "target", "anchor", "address"),
    [
        ("old/", "new/", "", "../new/"),
        ("a/b/c/", "a/x/", "part", "../../x/#part"),
        ("old/", "", "", "../"),
        ("old.html", "", "", "./"),
        ("2019/old.html", "new/", "", "../new/"),
        ("2019/old.html", "2019/new.html", "", "new.html"),
        ("old/", "old/lab/", "", "lab/"),
        ("old/lab/", "old/", "", "../"),
        ("旧/", "数据/", "节", "../%E6%95%B0%E6%8D%AE/#%E8%8A%82"),
        ("old.html", "a:b/", "", "a%3Ab/"),
        ("old/", "it's;x/", "", "../it%27s%3Bx/"),
        ("old/", "https://host.example/o/ä.md", "b", "https://host.example/o/%C3%A4.md#b"),
    ],
)
def test_a_page_leads_on_by_a_relative_address_or_to_the_repository(
    path: str, target: str, anchor: str, address: str
) -> None:
    text = redirect_page(Redirect(path, target, anchor), "New", Identity("Site", "https://example.org/blog/"))
    assert f'<meta http-equiv="refresh" content="0; url={address}">' in text
    assert f'<a href="{address}" dir="auto">New</a>' in text


def test_a_page_names_its_new_address_whole_and_wants_no_index() -> None:
    text = redirect_page(Redirect("old/", "数据/", "x"), "New", Identity("Site", "https://example.org/blog/"))
    assert '<link rel="canonical" href="https://example.org/blog/%E6%95%B0%E6%8D%AE/">' in text
    assert '<meta name="robots" content="noindex">' in text
    assert "canonical" not in redirect_page(Redirect("old/", "new/"), "New", Identity("Site", ""))
    elsewhere = Redirect("old/", "https://host.example/o/r.md")
    assert "canonical" not in redirect_page(elsewhere, "New", Identity("Site", "https://example.org/"))


def test_hostile_names_are_text() -> None:
    hostile = '</title><script>alert(1)</script> & "quoted" ]]> {braces} <b>'
    text = redirect_page(Redirect("old/", "new/"), hostile, Identity(hostile, "https://example.org/", language='"><b>'))
    assert "<script" not in text
    assert "<b>" not in text
    assert "{braces}" in text


def test_a_word_that_is_wider_than_a_telephone_may_break() -> None:
    text = redirect_page(Redirect("old/", "new/"), f"A {'x' * 40} & {'y' * 16} end", Identity("Site", ""))
    assert f">A {'x' * 16}<wbr>{'x' * 16}<wbr>{'x' * 8} &amp; {'y' * 16} end</a>" in text
