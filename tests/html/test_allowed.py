"""The one list of what authors may write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from engblog.html.allowed import (
    BOXES,
    CLASSES,
    ELEMENTS,
    EVERYWHERE,
    PROOFS,
    attributes_of,
    is_link,
    is_remote,
    refused_attributes,
    refused_classes,
    refused_element,
)
from engblog.html.names import ATTRIBUTES, PROPERTIES
from engblog.html.names import ELEMENTS as KNOWN
from hypothesis import given
from hypothesis import strategies as st

THEME = Path(__file__).parents[2] / "overrides"
SHEETS = "".join(path.read_text() for path in sorted(THEME.rglob("*.css")))
IN_TEXTS = re.compile(r"admonition(?:-title)?|align-\w+|language-[\w-]+")
"""Classes of the theme that are for texts, with the kinds of boxes."""
DANGEROUS = {
    "accesskey", "action", "allow", "autofocus", "background", "contenteditable", "content", "for", "form",
    "formaction", "hidden", "http-equiv", "inert", "is", "itemid", "name", "nonce", "part", "ping", "popover", "rel",
    "role", "slot", "srcdoc", "style", "tabindex", "target", "usemap", "xlink:href", "xmlns",
}  # fmt: skip


def codes(name: str, **attributes: str) -> list[str]:
    given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    return [each.code.id for each in refused_attributes(name, given)]


def test_the_list_names_what_browsers_know_and_nothing_that_runs_or_locks() -> None:
    assert ELEMENTS.keys() <= KNOWN
    every = EVERYWHERE.union(*ELEMENTS.values())
    assert every - {"markdown"} <= ATTRIBUTES
    assert not every & DANGEROUS
    assert not any(each.startswith(("on", "data-", "aria-")) for each in every)


def test_no_class_of_the_theme_is_for_authors_but_those_for_texts() -> None:
    rules = re.sub(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", "", SHEETS, flags=re.DOTALL)
    classes = set(re.findall(r"\.([a-zA-Z][\w-]*)", rules))
    assert {"claim", "stretched", "skip", "measured", "masthead"} < classes
    for each in classes:
        allowed = not [*refused_classes([each])]
        assert allowed == (each in BOXES or IN_TEXTS.fullmatch(each) is not None), each


def test_a_mark_of_proof_is_named_as_one() -> None:
    assert {each.code.id for name in PROOFS for each in refused_classes([name])} == {"R026"}
    assert not PROOFS & CLASSES


@pytest.mark.parametrize("name", sorted(PROPERTIES))
def test_no_id_is_a_property_of_a_browser(name: str) -> None:
    assert codes("p", id=name) == ["R025"]
    assert codes("p", id=f"the-{name}") == []


@pytest.mark.parametrize(
    "name", ["page--content", "search--list", "claim-test-a", "fn:1", "a b", "A", "querySelector", "", "-"]
)
def test_no_id_is_one_of_the_page(name: str) -> None:
    assert codes("p", id=name) == ["R025"]


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(lambda name: name not in EVERYWHERE))
def test_no_other_attribute_passes_whatever_it_is(name: str) -> None:
    assert [each.code.id for each in refused_attributes("p", {name: "x"})] == ["R007"]


@given(st.text(st.characters(codec="utf-8"), max_size=6))
def test_no_other_element_passes_whatever_it_is(name: str) -> None:
    assert (refused_element(name) is None) is (name in ELEMENTS)


PARTS = ["java", "script", ":", "data", "\t", "\n", "\0", " ", "x", "/", "https", "#", "?"]


@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join))
def test_a_link_has_no_scheme_or_a_harmless_one(address: str) -> None:
    bare = re.sub(r"[\x00-\x20]", "", address).lower()
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", bare)
    assert is_link(address) is (scheme is None or scheme[0] == "https:")


@pytest.mark.parametrize(
    "address", ["//a", "\\\\a", "/\\a", "https:a", "HTTPS://a", " h\nttps://a", "data:x", "blob:x", "ws://a"]
)
def test_what_a_browser_would_ask_another_host_for_is_remote(address: str) -> None:
    assert is_remote(address)


@pytest.mark.parametrize("address", ["a.png", "../a.png", "/a.png", "?a:b", "#a", ""])
def test_what_is_on_this_site_is_not_remote(address: str) -> None:
    assert not is_remote(address)


def test_attributes_are_read_as_browsers_read_them() -> None:
    assert attributes_of("A='x' a=y b=&#106; c") == {"a": "x", "b": "j", "c": None}
    assert attributes_of("title='>' onclick=x") == {"title": ">", "onclick": "x"}
