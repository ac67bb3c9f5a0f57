"""axe-core finds nothing: all rules of WCAG 2.2 A and AA, and its best practices."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from browser.places import EVERY, Place
from browser.visits import THEMES, Theme, Visitor
from tools.pages import PagesServer


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("place", EVERY, ids=str)
def test_axe_finds_nothing(place: Place, theme: Theme, servers: Mapping[str, PagesServer], visitor: Visitor) -> None:
    server, page = place.on(servers)
    assert visitor.axe(server, page, theme, 1440) == []


@pytest.mark.parametrize("place", EVERY, ids=str)
def test_axe_finds_nothing_on_a_telephone_with_all_that_is_folded_opened(
    place: Place, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    server, page = place.on(servers)
    assert visitor.axe(server, page, "dark", 390, opened=True) == []
