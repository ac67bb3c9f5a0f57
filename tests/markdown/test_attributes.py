"""The engine's own elements have a seal, and no attribute list changes them."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from engblog.html.safety import unsafe_markup, without_seals
from engblog.markdown.attributes import seal
from markdown import Markdown
from support.rendered import CHARTS, CLAIMS, CONFIGURED, NUMBERS

SEAL = "f" * 32
TEXT = """\
It waits {lab:wait}.{claim:test_it_waits}

| a |
|---|
| {lab:odd} |

![It rises](chart:pace)
"""


def rendered(text: str, given: str = SEAL) -> str:
    names = [next(iter(each)) if isinstance(each, dict) else each for each in CONFIGURED]
    settings = {name: dict(value) for each in CONFIGURED if isinstance(each, dict) for name, value in each.items()}
    settings["engblog.markdown"] = {"numbers": NUMBERS, "claims": CLAIMS, "charts": CHARTS, "seal": given}
    return Markdown(extensions=names, extension_configs=settings).convert(text)


def test_what_the_engine_makes_passes_the_second_look_and_only_with_its_seal() -> None:
    html = rendered(TEXT)
    assert html.count(f'data-seal="{SEAL}"') >= 7
    assert unsafe_markup(html, SEAL) == []
    assert {each.code.id for each in unsafe_markup(html, "0" * 32)} >= {"R026"}
    assert without_seals(html, SEAL) == rendered(TEXT, "")


@pytest.mark.parametrize(
    "text",
    [
        "It waits {lab:wait}{: .skip }.",
        "It waits {lab:wait}{: href=https://evil.example/ }.",
        "It waits.{claim:test_it_waits}{: title='Verified twice' }",
        "It waits.{claim:test_it_waits}{: #other }",
    ],
)
def test_no_attribute_list_changes_a_mark_and_one_that_tries_is_seen(text: str) -> None:
    html = rendered(text)
    assert [each.code.id for each in unsafe_markup(html, SEAL)] == ["R026"]
    for part in ("skip", "evil", "twice", "other"):
        assert f'="{part}' not in html.replace("data-refused", "")


def test_without_a_seal_an_element_has_no_attribute_for_it() -> None:
    assert seal(Element("a"), "").attrib == {}
    assert seal(Element("a"), "x").attrib == {"data-seal": "x"}
