"""Addresses from names, and dates as text."""

from __future__ import annotations

import re
from datetime import date

import pytest
from engblog.model.text import is_slug, long_date, shortened, slugify, xml_safe
from hypothesis import example, given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Picking the Right DB", "picking-the-right-db"),
        ("Node.js", "node-js"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("C", "c"),
        ("R&D", "r-and-d"),
        ("100 %", "100-percent"),
        ("Größe", "grosse"),
        ("Übermaß", "ubermass"),
        ("naïve café", "naive-cafe"),
        ("数据库", "数据库"),
        ("データベース", "テータヘース"),
        ("Базы данных", "базы-данных"),
        ("  --a__b--  ", "a-b"),
        ("ﬁle", "file"),
        ("㎆", "mb"),
        ("İstanbul", "istanbul"),
        ("!!!", ""),
        ("", ""),
    ],
)
def test_a_name_makes_an_address(name: str, slug: str) -> None:
    assert slugify(name) == slug


@given(st.text(max_size=40))
@example("㎆")
@example("ŉ")
@example("ϔ")
def test_an_address_is_clean_and_makes_itself(name: str) -> None:
    slug = slugify(name)
    assert slugify(slug) == slug
    assert slug == slug.casefold()
    assert re.fullmatch(r"[^\W_]*(-[^\W_]+)*", slug)
    assert not slug.startswith("-")


@given(st.text(max_size=40))
def test_the_case_of_a_name_makes_no_difference(name: str) -> None:
    assert slugify(name.casefold()) == slugify(name)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-", max_size=20))
def test_what_is_a_slug_stays_as_it_is(text: str) -> None:
    if is_slug(text):
        assert slugify(text) == text
    else:
        assert text == "" or slugify(text) != text


@pytest.mark.parametrize("text", ["", "-a", "a-", "a--b", "A", "a_b", "a b", "ö", "a\n", "a.b", "a/b", ".."])
def test_what_is_no_slug(text: str) -> None:
    assert not is_slug(text)


def test_a_date_is_written_out() -> None:
    assert long_date(date(2026, 11, 20)) == "20 November 2026"
    assert long_date(date(2026, 5, 1)) == "1 May 2026"


def test_every_month_has_its_name() -> None:
    assert [long_date(date(2026, month, 1)).split()[1] for month in range(1, 13)] == [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Just fits.", 10, "Just fits."),
        ("One two three", 12, "One two…"),
        ("One two three", 9, "One two…"),
        ("One two, three", 12, "One two…"),
        ("averyveryverylongword", 10, "averyvery…"),
        ("a verylongwordthatgoeson", 10, "a verylon…"),
    ],
)
def test_a_text_is_cut_where_a_word_ends(text: str, limit: int, short: str) -> None:
    assert shortened(text, limit) == short


def test_text_is_made_fit_for_xml() -> None:
    assert xml_safe("a\r\nb\rc\td") == "a\nb\nc\td"
    assert xml_safe("\x00\x1f\ud800\ufffe\uffff") == "\ufffd" * 5
    assert xml_safe("ü\ue000\ufffd\U0001f600") == "ü\ue000\ufffd\U0001f600"
