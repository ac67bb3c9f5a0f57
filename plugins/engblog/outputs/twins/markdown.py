"""An article's Markdown without our extensions: includes, marks, admonitions and tabs become plain Markdown.

The blocks are those that the page is made of (:mod:`engblog.source.canonical`), so page and twin have the same text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engblog.model.characters import as_shown
from engblog.source.canonical import Node, Writer, fenced
from engblog.source.commonmark import Blocks, read_blocks
from engblog.source.fences import read_info
from engblog.source.inlines import PieceKind, pieces
from engblog.source.marks import ATTRIBUTES_AND_SPACE, CLAIM_AND_SPACE, GIVEN, NUMBER
from engblog.source.typography import set_html, set_title

_COMMENT = re.compile(r"<!--.*?(?:-->[ \t]*|\Z)", re.DOTALL)
_CHART = re.compile(r"!\[(?P<alt>[^\[\]]*)\]\(chart:(?P<key>[^\s()]+)(?:\s+\"(?P<caption>[^\"]*)\")?\s*\)")
_TARGET = re.compile(r"(?P<lead>\]\(\s*)(?P<target><[^<>\n]*>|[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)")
_DEFINITION = re.compile(r"^(?P<lead> {0,3}\[(?!\^)[^\[\]\n]+\]:[ \t]*)(?P<target><[^<>\n]*>|\S+)", re.MULTILINE)
_ATTRIBUTE = re.compile(r"(?P<lead><[a-zA-Z][^<>]*?\s(?:href|src)=\")(?P<target>[^\"<>]*)(?=\")")
_KEYS = re.compile(r"\+\+(?P<keys>[a-z0-9-]+(?:\+[a-z0-9-]+)*)\+\+")
_HIGHLIGHTED = re.compile(r"^(`+)[ \t]*#![\w+-]+[ \t]+")
_BOX = re.compile(r"^[ \t]*</?(?:div|section|aside)\b[^<>]*>[ \t]*(?:\n|$)", re.MULTILINE)
"""Tags of HTML boxes around Markdown, each on its own line."""
_HELD = re.compile("\ue000([0-9]+)\ue001")


@dataclass(frozen=True, slots=True)
class Marks:
    """The replacements for the marks in an article."""

    include: Callable[[str], list[str] | None]
    """The lines that an include's target shows; None if it does not exist."""
    address: Callable[[str], str]
    """The whole address of a link's or picture's target."""
    number: Callable[[str], str | None]
    """The recorded text of a measured number, as Markdown; None if it is unknown."""
    chart: Callable[[str, str], list[str] | None]
    """The lines that replace the chart of a key, given its text alternative; None if it is unknown."""
    claim: Callable[[str], str | None]
    """The replacement for the mark of a claim, as Markdown; None if it is unknown."""


def plain(text: str, meanings: Marks) -> str:
    """*text*, an article's body, as Markdown that needs no extensions except tables and footnotes."""
    blocks = read_blocks(text)
    return as_shown("\n".join(_PlainWriter(meanings, blocks).blocks(blocks.tree.children)).strip()) + "\n"


class _PlainWriter(Writer):
    """Writes blocks without our extensions."""

    def __init__(self, meanings: Marks, blocks: Blocks) -> None:
        super().__init__(meanings.include, blocks, indent=None)
        self._meanings = meanings

    def block(self, node: Node) -> Iterator[str]:
        match node.type:
            case "definition":
                yield from _DEFINITION.sub(self._reach, set_title(node.content)).split("\n")
            case "html_block":
                yield from self._html(node).rstrip("\n").split("\n")
            case _:
                yield from super().block(node)

    def is_written(self, node: Node) -> bool:
        return node.type != "abbreviation" and (node.type != "html_block" or bool(self._html(node).strip()))

    def paragraph(self, node: Node) -> Iterator[str]:
        drawn = _CHART.fullmatch(self._typesetter.set(node.children[0].content).strip())
        if drawn and (lines := self._meanings.chart(drawn["key"], " ".join(drawn["alt"].split()))) is not None:
            yield from [*lines, *(["", self._plain(drawn["caption"])] if drawn["caption"] else [])]
        else:
            yield from (line for line in super().paragraph(node) if line.strip())

    def fence(self, node: Node) -> Iterator[str]:
        info = read_info(node.info)
        if info.title and "`" not in info.title:
            yield from (f"`{info.title}`:", "")
        yield from fenced(self.included(node.content), info.language)

    def cell(self, node: Node) -> str:
        return self.inline(node).replace("|", "\\|")

    def box(self, node: Node) -> Iterator[str]:
        title = self._plain(self._typesetter.set(node.content))
        lines = [*([f"**{title}**", ""] if title else []), *self.blocks(node.children)]
        is_tab = node.markup == "==="
        yield from lines if is_tab else (f"> {line}".rstrip() for line in lines)

    def inline(self, node: Node) -> str:
        return self._plain(super().inline(node))

    def _plain(self, text: str) -> str:
        """Prose, with its marks replaced; code in it stays unchanged."""
        code: list[str] = []
        parts = []
        for piece in pieces(text.replace("\ue000", "")):
            if piece.kind is PieceKind.CODE:
                code.append(_HIGHLIGHTED.sub(r"\1", piece.text))
                parts.append(f"\ue000{len(code) - 1}\ue001")
            elif not _COMMENT.fullmatch(piece.text):
                parts.append(piece.text)
        meanings, text = self._meanings, "".join(parts)
        text = NUMBER.sub(lambda found: _or(meanings.number(found["key"].strip()), found[0]), text)
        text = CLAIM_AND_SPACE.sub(lambda found: _or(meanings.claim(found["key"].strip()), found[0]), text)
        text = _ATTRIBUTE.sub(self._reach, _TARGET.sub(self._reach, GIVEN.sub("", text)))
        text = ATTRIBUTES_AND_SPACE.sub("", text)
        text = _KEYS.sub(lambda found: "`" + "+".join(key.capitalize() for key in found["keys"].split("+")) + "`", text)
        return _HELD.sub(lambda found: code[int(found[1])], text)

    def _html(self, node: Node) -> str:
        return _ATTRIBUTE.sub(self._reach, _BOX.sub("", _COMMENT.sub("", set_html(node.content))))

    def _reach(self, found: re.Match[str]) -> str:
        target = found["target"]
        return f"{found['lead']}{self._meanings.address(target[1:-1] if target.startswith('<') else target)}"


def _or(found: str | None, stands: str) -> str:
    return stands if found is None else found
