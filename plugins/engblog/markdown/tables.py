"""Tables in a box that scrolls sideways, so that a wide one never makes the page scroll.

Python-Markdown writes a column's alignment as a ``style`` attribute, which a strict security policy stops; here it
becomes a class: ``align-left``, ``align-center``, ``align-right``. A column of numbers is aligned to the right unless
its author aligned it, and heads of words are marked, so that they can all begin alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from engblog.markdown.attributes import seal
from engblog.markdown.lab import CLAIM

_NUMBER = re.compile(
    r"[~≈<>≤≥±+−–-]?\s*\d[\d.,\s]*(?:(?:–|-|to|/|×|±|of|e[+-]?)\s*\d[\d.,\s]*)*"
    r"(?:%|‰|°C|×|[A-Za-zµ]{1,7}(?:/[A-Za-z]{1,7})?)?"
)
"""A quantity: a number or a range, perhaps with a unit."""
_LONGEST_NUMBER = 40
_NONE = frozenset({"", "–", "—", "-", "n/a"})
_WORDS = "words"
_ALIGNMENT = re.compile(r"text-align:\s*(left|center|right);?")


class TableProcessor(Treeprocessor):
    """Wraps every table in a region that the keyboard can reach."""

    def __init__(self, md: Markdown, seal_text: str = "") -> None:
        super().__init__(md)
        self._seal = seal_text

    def run(self, root: Element) -> None:
        """Wrap the tables below *root*."""
        count = 0
        for cell in [*root.iter("th"), *root.iter("td")]:
            aligned = _ALIGNMENT.fullmatch(cell.get("style", ""))
            if aligned:
                del cell.attrib["style"]
                cell.set("class", f"{cell.get('class', '')} align-{aligned[1]}".strip())
        for table in root.iter("table"):
            self._align_numbers(table)
        for corner in list(root.iter("th")):
            if not len(corner) and not (corner.text or "").strip():
                corner.tag = "td"  # not a head: an empty head is announced without a name
        for parent in list(root.iter()):
            for index, child in enumerate(list(parent)):
                if child.tag == "table":
                    count += 1
                    label = {"class": "table-scroll", "role": "region", "aria-label": f"Table {count}", "tabindex": "0"}
                    box = seal(Element("div", label), self._seal)
                    box.append(child)
                    box.tail, child.tail = child.tail, None
                    parent[index] = box

    def _align_numbers(self, table: Element) -> None:
        rows = [list(row) for row in table.iter("tr")]
        heads, body = (
            [row for row in rows if row[:1] and row[0].tag == "th"],
            [row for row in rows if row[0].tag == "td"],
        )
        for head in (cell for row in heads for cell in row):
            if (head.text or "").strip()[:1].isalpha():
                _add_class(head, _WORDS)
        for column in zip_longest(*body):
            cells = [cell for cell in column if cell is not None]
            texts = [self._text(cell) for cell in cells]
            if all(text in _NONE or _is_number(text) for text in texts) and any(map(_is_number, texts)):
                at = next(row.index(cells[0]) for row in body if cells[0] in row)
                for cell in [*cells, *(row[at] for row in heads if at < len(row))]:
                    if "align-" not in cell.get("class", ""):
                        _add_class(cell, "align-right")

    def _text(self, cell: Element) -> str:
        """The text of *cell* as a reader sees it, with what was set aside."""
        stash = self.md.htmlStash.rawHtmlBlocks
        words = HTML_PLACEHOLDER_RE.sub(lambda found: str(stash[int(found[1])]), "".join(_texts(cell)))
        return " ".join(words.split())


def _texts(element: Element) -> Iterator[str]:
    """The texts in *element*, without references to notes and marks of claims."""
    yield element.text or ""
    for child in element:
        if child.tag != "sup" and child.get("class") != CLAIM:
            yield from _texts(child)
        yield child.tail or ""


def _is_number(text: str) -> bool:
    return len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) is not None


def _add_class(cell: Element, name: str) -> None:
    cell.set("class", f"{cell.get('class', '')} {name}".strip())
