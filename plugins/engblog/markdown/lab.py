"""``{lab:key}`` and ``{claim:test_name}``: what a lab measured and proved, in the running text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor

from engblog.core.claims import read_claim
from engblog.core.quantities import GIVEN


class NumberProcessor(InlineProcessor):
    """Sets the recorded text of a number, with what was measured as its title. An unknown key is left as it stands."""

    def __init__(self, numbers: Mapping[str, tuple[str, str]], md: Markdown) -> None:
        super().__init__(r"\{lab:([^}\n]*)\}", md)
        self._numbers = numbers

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Replace one match."""
        found = self._numbers.get(m[1].strip())
        if found is None:
            return None, None, None
        element = Element("span", {"class": "measured", "title": f"Measured: {found[1]}"})
        element.text = self.md.htmlStash.store(escape(found[0], quote=False))
        return element, m.start(0), m.end(0)


class GivenProcessor(InlineProcessor):
    """Takes out the reason why a figure needs no source, which is for those who check the text."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(GIVEN.pattern, md)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        """Replace one match."""
        return "", m.start(0), m.end(0)


class ClaimProcessor(InlineProcessor):
    """Sets a mark that leads to the test which proves the sentence before it; nothing where the address is empty."""

    def __init__(self, claims: Mapping[str, tuple[str, str]], md: Markdown) -> None:
        super().__init__(r"\s*\{claim:([^}\n]*)\}", md)
        self._claims = claims

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        """Replace one match."""
        found = self._claims.get(read_claim(m[1]).test)
        if found is None:
            return None, None, None
        address, proves = found
        if not address:
            return "", m.start(0), m.end(0)
        label = f"Proven by a test: {proves}"
        return (
            Element("a", {"class": "claim", "href": address, "aria-label": label, "title": label}),
            m.start(0),
            m.end(0),
        )
