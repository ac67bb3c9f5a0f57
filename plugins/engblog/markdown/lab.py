"""``{lab:key}`` and ``{claim:test_name}``: a lab's measurements and verified claims, in the running text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from engblog.markdown.attributes import seal
from engblog.source.claims import NotOn, read_claim
from engblog.source.marks import CLAIM_AND_SPACE, GIVEN, NUMBER

MEASURED, CLAIM = "measured", "claim"
"""Classes of the elements that are set here."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The replacement for ``{lab:key}``."""

    text: str
    note: str
    """A description of what was measured, and how."""
    address: str = ""
    """Address of the list that has the measurement; empty if the lab has no page."""
    is_message: bool = False
    """True if the text is the output of a program, which readers copy and search for."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The replacement for ``{claim:test_name}``."""

    address: str
    """Address of the test; empty if the lab has no page."""
    anchor: str
    """Id of the mark in the article, by which the lab's page leads back to it."""
    claim: str
    fails_when: tuple[str, ...] = ()
    """Changes that make the test fail, as its author said they would."""

    def label(self, exceptions: Iterable[NotOn] = ()) -> str:
        """The label of the claim's mark, for readers who point at it or hear the page; *exceptions* come from the
        mark."""
        said = [f"Verified by a test: {self.claim}"]
        if self.fails_when:
            said.append(f"It fails, as it should, when {'; or when '.join(self.fails_when)}.")
        if versions := ", ".join(map(str, exceptions)):
            said.append(f"Not on {versions}.")
        if len(said) > 1 and not self.claim.endswith((".", "!", "?")):
            said[0] += "."
        return " ".join(said).replace("`", "")  # marks of code, which should not be read aloud


class NumberProcessor(InlineProcessor):
    """Inserts the recorded text of a number; its title describes the measurement. An unknown key is left unchanged."""

    def __init__(self, numbers: Mapping[str, Measured], md: Markdown, seal_text: str = "") -> None:
        super().__init__(NUMBER.pattern, md)
        self._numbers, self._seal = numbers, seal_text

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Replace one match."""
        found = self._numbers.get(m[1].strip())
        if found is None:
            return None, None, None
        element = seal(Element("span", {"class": MEASURED, "title": f"Measured: {found.note}"}), self._seal)
        if found.address:
            element.tag = "a"
            element.set("href", found.address)
        holder = SubElement(element, "code") if found.is_message else element
        holder.text = self.md.htmlStash.store(escape(found.text, quote=False))
        if not found.is_message:
            return element, m.start(0), m.end(0)
        message = seal(Element("span", {"class": "message"}), self._seal)
        message.append(element)
        return message, m.start(0), m.end(0)


class GivenProcessor(InlineProcessor):
    """Removes the reason why a figure needs no source, which is meant for people who check the text."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(GIVEN.pattern, md)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        """Replace one match."""
        return "", m.start(0), m.end(0)


class ClaimProcessor(InlineProcessor):
    """Inserts a mark that leads to the test of the sentence before it, or nothing if the address is empty."""

    def __init__(self, claims: Mapping[str, Verified], md: Markdown, seal_text: str = "") -> None:
        super().__init__(CLAIM_AND_SPACE.pattern, md)
        self._claims, self._seal = claims, seal_text

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        """Replace one match."""
        mark = read_claim(m[1])
        found = self._claims.get(mark.test)
        if found is None:
            return None, None, None
        if not found.address:
            return "", m.start(0), m.end(0)
        attributes = {"class": CLAIM, "id": found.anchor, "href": found.address}
        element = seal(Element("a", attributes | {"aria-label": found.label(mark.exceptions)}), self._seal)
        return element, m.start(0), m.end(0)


class MarksProcessor(Treeprocessor):
    """Gives each mark of a claim its own id, in the order of the page, and removes links inside links."""

    def run(self, root: Element) -> None:
        """Look at every element."""
        count: Counter[str] = Counter()
        waiting = [(root, False)]
        while waiting:
            element, within_link = waiting.pop()
            kind = element.get("class")
            if within_link and element.tag == "a" and kind in {CLAIM, MEASURED}:
                element.tag = "span"
                element.attrib.pop("href", None)
                if label := element.attrib.pop("aria-label", ""):
                    element.set("title", label)
            if kind == CLAIM:
                anchor = element.get("id", "")
                count[anchor] += 1
                if count[anchor] > 1:
                    element.set("id", f"{anchor}-{count[anchor]}")
            inside = within_link or element.tag == "a"
            waiting.extend((child, inside) for child in reversed(element))
