"""The sentences of an article that its lab verifies, those before the marks in the rendered text; and the first of any
text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from engblog.html.tree import TEXT, HtmlTree, Node
from engblog.model.article import LabTest
from engblog.model.urls import claim_anchor
from engblog.source.body import scan
from engblog.source.claims import read_claim

_KEPT = frozenset({"code", "em", "strong", "kbd", "sub", "sup", "var"})
"""Elements that stay in a sentence; of any other element in a line, only the content stays."""
_BLOCKS = frozenset(
    {
        "p", "li", "ul", "ol", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "pre", "div", "section", "blockquote",
        "figure", "figcaption", "details", "summary", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    }
)  # fmt: skip
_CELLS = frozenset({"td", "th"})
_SKIPPED = frozenset({"script", "style", "svg", "math", "template"})
_END = re.compile(r"[.!?…][\"”’')\]]*(?=\s)")
"""Possible ends of a sentence: a stop, and white space."""
_NO_END = re.compile(r"(?:\b(?:e\.g|i\.e|[Vv]s|[Cc]f|[Nn]o|[Ff]ig|approx|[A-Z])|^\s*\d+)\.$")
"""Words with a stop that do not end a sentence."""
_STARTS = re.compile(r"\s+[\"“‘'(\[]*(?![a-z])")
"""The beginning of the next sentence: anything but a small letter."""
_CODE = "\ue000"
"""Placeholder for each letter of code; a sentence does not end within code, but may begin with it."""


@dataclass(frozen=True, slots=True)
class Cited:
    """The tests of a lab in the order of its article."""

    tests: tuple[LabTest, ...]
    """The tests that the text mentions, in the order of first mention."""
    others: tuple[LabTest, ...]

    @property
    def every(self) -> tuple[LabTest, ...]:
        """All tests, with those that the text does not mention last."""
        return (*self.tests, *self.others)


def cited(tests: Iterable[LabTest], body: str) -> Cited:
    """Put the *tests* of a lab in the order in which *body*, an article's Markdown, mentions them."""
    by_name = {test.name: test for test in tests}
    marks = (reference.target for reference in scan(body).references if reference.kind == "claim")
    mentioned = dict.fromkeys(read_claim(mark).test for mark in marks)
    first = tuple(by_name[name] for name in mentioned if name in by_name)
    return Cited(first, tuple(test for test in by_name.values() if test not in first))


def verified_sentences(html: str, tests: Iterable[LabTest]) -> Mapping[str, str]:
    """The sentence before the first mark of each of *tests* in *html*, an article's body, by the test's name.

    A sentence is inline HTML: text, code and emphasis. In a table, the row takes the place of the sentence. A sentence
    that goes on after its mark ends with ``…``.
    """
    reader = _Reader({claim_anchor(test.name): test.name for test in tests})
    for node in HtmlTree(html, fragment=True).children:
        reader.read(node)
    reader.end_block()
    return reader.found


@dataclass(slots=True)
class _Mark:
    name: str
    at: int
    """Characters of the block before it."""


@dataclass(slots=True)
class _Block:
    """The part of a block that was read so far: pieces of text, each with the elements around it."""

    pieces: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    length: int = 0
    marks: list[_Mark] = field(default_factory=list)

    def add(self, text: str, within: tuple[str, ...]) -> None:
        self.pieces.append((text, within))
        self.length += len(text)


class _Reader:
    """Collects blocks of text, and the sentences of those that have marks."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.found: dict[str, str] = {}
        self._names = dict(names)
        """Tests whose mark is still to come, by the mark's id."""
        self._block = _Block()
        self._row = False

    def read(self, node: Node, within: tuple[str, ...] = ()) -> None:
        """Read *node*, which is *within* elements that stay in a sentence."""
        name = node.tag or ""
        if name == TEXT:
            self._block.add(node.text_content or "", within)
            return
        identity = node.attributes.get("id") or ""
        if name in _SKIPPED or (name == "sup" and identity.startswith("fnref")):
            return
        if name in _BLOCKS:
            self.end_block()
            self._row = name == "tr"
        elif name in _CELLS:
            if self._row and any(text.strip() for text, _ in self._block.pieces):
                self._block.add(" · ", ())
        elif name == "br":
            self._block.add(" ", ())
        elif name in _KEPT and name not in within:
            within = (*within, name)
        if mark := self._names.pop(identity, None):
            self._block.marks.append(_Mark(mark, self._block.length))
        for child in node.iter(include_text=True):
            self.read(child, within)
        if name in _BLOCKS:
            self.end_block()

    def end_block(self) -> None:
        """Keep the sentences of the block that ends here, and begin the next."""
        block, row = self._block, self._row
        self._block, self._row = _Block(), False
        if block.marks:
            plain = "".join(_CODE * len(text) if "code" in within else text for text, within in block.pieces)
            for mark in block.marks:
                start, end = (0, block.length) if row else _sentence(plain, mark.at)
                html = _html(block.pieces, start, end)
                goes_on = not row and plain[end:].strip() and not _ends(plain[start:end])
                self.found[mark.name] = f"{html} …" if goes_on else html


def first_sentences(text: str, count: int) -> str:
    """The first *count* sentences of *text*, which has no markup."""
    ends = [*_ends_within(text, len(text)), len(text)]
    return text[: ends[min(count, len(ends)) - 1]]


def _sentence(text: str, mark: int) -> tuple[int, int]:
    """Start and end of the sentence before *mark* in *text*."""
    end = len(text[:mark].rstrip())
    return max(_ends_within(text, end), default=0), end


def _ends_within(text: str, end: int) -> Iterator[int]:
    """The ends of the sentences in *text* that have another one between them and *end*."""
    start = 0
    for found in _END.finditer(text, 0, end):
        begins = _STARTS.match(text, found.end())
        if begins and begins.end() < end and not _NO_END.search(text[start : found.start() + 1]):
            start = found.end()
            yield start


def _ends(sentence: str) -> bool:
    return bool(_END.search(f"{sentence.rstrip()} ", max(0, len(sentence.rstrip()) - 4)))


def _html(pieces: Iterable[tuple[str, tuple[str, ...]]], start: int, end: int) -> str:
    """The part of *pieces* from *start* to *end* as HTML, white space as in running text."""
    out: list[str] = []
    at = 0
    blank = True
    for text, within in pieces:
        part = text[max(0, start - at) : max(0, end - at)]
        at += len(text)
        if not part:
            continue
        shown = re.sub(r"[ \t\r\n]+", " ", part)
        if blank:
            shown = shown.lstrip(" ")
        if not shown:
            continue
        blank = shown.endswith(" ")
        before = "".join(f"<{name}>" for name in within)
        after = "".join(f"</{name}>" for name in reversed(within))
        out.append(f"{before}{escape(shown, quote=False)}{after}")
    return "".join(out).strip()
