"""The text of a post while it is translated. Each line remembers the line of the old file that it came from, so that a
note on it has the place where its author finds it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from engblog.source.commonmark import Blocks, read_blocks
from engblog.source.inlines import PieceKind, pieces

HIDDEN_CODE = "\x00"
"""The character that takes the place of each character of code in a masked text."""
_FENCE = re.compile(r"(?P<lead>(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])[ \t])*+)(?P<mark>`{3,}+|~{3,}+)(?P<info>[^\n]*)")
_ITEM = re.compile(r"[ \t>]*+(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_BOX = re.compile(r"[ \t>]*+(?:!!!|\?\?\?\+?|===)[ +!]|[ \t]*+\[\^[^\[\]\s]++\]:|:[ \t]{1,3}\S")
_NOT_NEWLINE = re.compile(r"[^\n]")


class Rewrite(NamedTuple):
    """A part of a text, by characters before its start and its end, and the text that replaces it."""

    start: int
    end: int
    new: str


class OldText:
    """A text and the origin of each of its lines."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self.text = text
        self._origins: list[int] = [*range(first_line, first_line + text.count("\n") + 1)]
        self._blocks: Blocks | None = None

    @property
    def blocks(self) -> Blocks:
        """The text as CommonMark reads it. Reading takes longer than everything else that an import does to a text, so
        it is done again only if the text changed."""
        if self._blocks is None or self._blocks.text != self.text:
            self._blocks = read_blocks(self.text)
        return self._blocks

    def copy(self) -> OldText:
        """A text that can be changed while this one stays."""
        other = OldText(self.text)
        other._origins, other._blocks = [*self._origins], self._blocks
        return other

    def line(self, offset: int) -> int:
        """The line of the old file that the character at *offset* came from."""
        return self._origins[min(self.text.count("\n", 0, offset), len(self._origins) - 1)]

    def origin(self, row: int) -> int:
        """The line of the old file that the line *row*, zero-based, came from."""
        return self._origins[min(row, len(self._origins) - 1)]

    def apply(self, changes: Iterable[Rewrite]) -> None:
        """Make *changes*, which do not overlap; of those that do, the later ones are left out."""
        out: list[str] = []
        origins: list[int] = []
        at = row = 0
        for change in sorted(changes, key=lambda change: (change.start, change.end)):
            if change.start < at:
                continue
            kept = self.text[at : change.start]
            lines = kept.count("\n")
            origins += self._origins[row : row + lines]
            row += lines
            out += [kept, change.new]
            origins += [self._origins[row]] * change.new.count("\n")
            row += self.text.count("\n", change.start, change.end)
            at = change.end
        if at or out:
            self.text = "".join([*out, self.text[at:]])
            self._origins = [*origins, *self._origins[row:]]

    def sub(
        self, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str | None], *, masked: str | None = None
    ) -> None:
        """Replace what *pattern* finds in *masked* (default: the text without its code) by what *replace* makes of the
        same place in the text; None leaves it unchanged."""
        hidden = self.masked() if masked is None else masked
        changes = []
        for found in pattern.finditer(hidden):
            new = replace(found)
            if new is not None and new != self.text[found.start() : found.end()]:
                changes.append(Rewrite(found.start(), found.end(), new))
        self.apply(changes)

    def masked(self) -> str:
        """The text with each character of code and comments replaced, so that syntax can be looked for."""
        return masked_code(self.text)

    def fences(self) -> Iterator[Fence]:
        """The fences of the text."""
        return find_fences(self.text)


class Fence(NamedTuple):
    """A block of code in a fence."""

    first: int
    """The line of its opening, zero-based."""
    last: int
    """The line of its end, or the last line of the text if it is not closed."""
    start: int
    """Characters before its opening line."""
    end: int
    """Characters before the end of its last line."""
    lead: str
    """The text before its marks."""
    mark: str
    info: str
    is_closed: bool


def find_fences(text: str) -> Iterator[Fence]:
    """The blocks of code in fences of *text*, in lists and quotations too. Fences in HTML are taken for such."""
    opened: tuple[int, int, str, str, str] | None = None
    at = row = 0
    for row, line in enumerate(text.split("\n")):
        found = _FENCE.match(line)
        if opened is None:
            if found and not (found["mark"][0] == "`" and "`" in found["info"]) and not _is_indented(found["lead"]):
                opened = (row, at, found["lead"], found["mark"], found["info"].strip())
        elif found and found["mark"].startswith(opened[3]) and not found["info"].strip():
            yield Fence(opened[0], row, opened[1], at + len(line), opened[2], opened[3], opened[4], True)
            opened = None
        elif opened[2].strip("> \t") == "" and ">" in opened[2] and not line.lstrip().startswith(">"):
            yield Fence(opened[0], row - 1, opened[1], at - 1, opened[2], opened[3], opened[4], False)
            opened = None
        at += len(line) + 1
    if opened is not None:
        yield Fence(opened[0], row, opened[1], len(text), opened[2], opened[3], opened[4], False)


def _is_indented(lead: str) -> bool:
    """True for a lead that makes a line indented code wherever it is: deeper than the items of any usual list."""
    return lead.isspace() and len(lead.expandtabs(4)) > 16


def masked_code(text: str) -> str:
    """*text* with each character of code and of comments but for line ends as :data:`HIDDEN_CODE`."""
    out = _hidden(text, ((fence.start, fence.end) for fence in find_fences(text)))
    out = _hidden(out, _indented(out))
    if "`" in out:
        out = _hidden(out, _code_in_lines(out))
    return _hidden(out, spans_between(out, "<!--", "-->"))


def spans_between(text: str, opening: str, closing: str) -> Iterator[tuple[int, int]]:
    """The parts of *text* from *opening* to the next *closing*, with both."""
    at = 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        at = end + len(closing)
        yield start, at


def without_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """*text* without the parts *spans*, which are in their order."""
    out, at = [], 0
    for start, end in spans:
        out.append(text[at:start])
        at = end
    return "".join([*out, text[at:]])


def _code_in_lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for part in text.split("\n\n"):
        if "`" in part:
            for piece in pieces(part):
                if piece.kind is PieceKind.CODE:
                    yield at + piece.start, at + piece.start + len(piece.text)
        at += len(part) + 2


def _hidden(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """*text* with the characters in *spans*, in their order, hidden."""
    out: list[str] = []
    at = 0
    for start, end in spans:
        out += [text[at:start], _NOT_NEWLINE.sub(HIDDEN_CODE, text[start:end])]
        at = end
    return "".join([*out, text[at:]])


def _indented(text: str) -> Iterator[tuple[int, int]]:
    """Lines of indented code that belongs to no list, box or note: what is indented below these is text."""
    at = 0
    within = False
    after_blank = True
    in_code = False
    for line in text.split("\n"):
        blank = not line.strip()
        indented = line.startswith(("    ", "\t"))
        if not blank:
            in_code = indented and not within and (after_blank or in_code) and HIDDEN_CODE not in line
            if in_code:
                yield at, at + len(line)
            elif not indented:
                starts = bool(_ITEM.match(line) or _BOX.match(line))
                within = starts or (within and not after_blank) or (within and line[:1] in " \t")
        after_blank = blank
        at += len(line) + 1
