"""Writes a text as the renderer needs it, so that its page shows what GitHub shows.

Python-Markdown wants a blank line before a list and four blanks for each level; it takes ``#14125`` for a heading, the
``#`` off ``C#``, and a fence for text if it does not know what follows the language. The blocks are therefore read as
CommonMark reads them and written in the one form that both understand; the words in them stay unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from markdown_it.tree import SyntaxTreeNode

from engblog.html.names import VOID
from engblog.source.commonmark import Blocks
from engblog.source.dialect import AT
from engblog.source.fences import read_info
from engblog.source.includes import expanded
from engblog.source.inlines import TAG, Piece, PieceKind, pieces
from engblog.source.links import with_addresses
from engblog.source.marks import ATTRIBUTES, CLAIM, GIVEN_MARK, NUMBER
from engblog.source.typography import (
    Change,
    Typesetter,
    changed,
    set_abbreviation,
    set_box,
    set_html,
    set_target,
    set_title,
    set_words,
)

Node = SyntaxTreeNode
Include = Callable[[str], list[str] | None]

_APART = "<!-- -->"
"""Between two blocks that would become one: two lists, two quotations, a list and code."""
_MERGING = frozenset({"bullet_list", "ordered_list", "code_block"})
_LISTS = frozenset({"bullet_list", "ordered_list"})
_RUN_ON = _LISTS | {"paragraph"}
"""Blocks between which no blank line is needed in an item."""
_SEEN_AT_LINE_START = frozenset({"fence", "html_block", "code_block", "table", "box"})
"""Blocks that the renderer only sees at the start of a line, and not after the mark of an item."""
_STARTS_BLOCK = re.compile(r"(?P<number>\d+)(?=[.)](?:\s|$))|[#>]|[-+*](?=\s|$)|[-=|:](?=[-=|: ]*$)")
"""A line of prose that would begin or end a block, if it began a paragraph or if the renderer looked at each line."""
_BRACE = re.compile(r"\{")
_IN_TAG = re.compile(r"[`\[\]\\{}*]")
"""Characters in a tag's attributes that the renderer would read as Markdown."""
_RUNNING = frozenset({"javascript", "vbscript", "file", "data"})
"""Schemes of addresses that markdown-it-py makes no link of."""
_BETWEEN_TAGS = re.compile(r">[^<]*")
_CLOSING_HASHES = re.compile(r"(?<!#)#++(?=[ \t]*+$)")
_INDENT = " " * 4
_FILE_NAME = re.compile(r"\.\w+$|/")


def canonical(blocks: Blocks, include: Include = lambda _: None) -> str:
    """Write *blocks* for the renderer, with the files that they include: *include* gives the lines for a target."""
    return "\n".join(_RendererWriter(include, blocks).blocks(blocks.tree.children)) + "\n"


class Writer:
    """Writes blocks as lines of Markdown.

    What belongs to the item of a list is indented by *indent*; with None, by no more than its number or mark needs.
    Prose is set as printers do (:mod:`engblog.source.typography`), with letters that hold the place of what was set.
    """

    def __init__(self, include: Include, blocks: Blocks, *, indent: int | None = 4) -> None:
        self._include, self._indent, self._typesetter = include, indent, Typesetter(blocks)

    def blocks(self, nodes: Sequence[Node], *, tight: bool = False) -> Iterator[str]:
        """The lines of *nodes*, which are in one container; *tight* if no blank lines are in it."""
        before: Node | None = None
        for node in filter(self.is_written, nodes):
            if before is not None:
                if _would_merge(before, node):
                    yield from ("", _APART)
                if not (tight and before.type == "paragraph" and node.type in _LISTS):
                    yield ""
            yield from self.block(node)
            before = node

    def is_written(self, node: Node) -> bool:  # noqa: ARG002
        """True if any line comes of *node*."""
        return True

    def block(self, node: Node) -> Iterator[str]:
        """The lines of one block."""
        match node.type:
            case "paragraph":
                yield from self.paragraph(node)
            case "heading":
                yield f"{node.markup if node.tag == 'h' else '#' * int(node.tag[1])} {self.heading(node)}".rstrip()
            case "bullet_list" | "ordered_list":
                yield from self.items(node)
            case "blockquote":
                yield from (f"> {line}" if line else ">" for line in self.blocks(node.children))
            case "fence":
                yield from self.fence(node)
            case "code_block":
                yield from (
                    f"{_INDENT}{line}" if line.strip() else "" for line in node.content.rstrip("\n").split("\n")
                )
            case "html_block":
                yield from set_html(node.content).rstrip("\n").split("\n")
            case "abbreviation":
                yield set_abbreviation(node.content)
            case "definition":
                yield from set_title(node.content).rstrip("\n").split("\n")
            case "hr":
                yield "---"
            case "table":
                yield from self.table(node)
            case "dl":
                yield from self.definitions(node)
            case "footnote_reference":
                yield from self.hung(f"[^{node.meta['label']}]: ", node.children)
            case "box":
                yield from self.box(node)
            case _:
                raise ValueError(f"a block that articles do not have: {node.type}")

    def paragraph(self, node: Node) -> Iterator[str]:
        """Lines of prose, none of which begins like another block."""
        for line in self.inline(node.children[0]).split("\n"):
            bare = line.lstrip(" \t")
            found = _STARTS_BLOCK.match(bare)
            at = found.end("number") if found and found["number"] else 0
            yield f"{bare[:at]}\\{bare[at:]}" if found else bare

    def heading(self, node: Node) -> str:
        """A heading's text on one line; a ``#`` at its end stays."""
        text = " ".join(line.strip() for line in self.inline(node.children[0]).split("\n"))
        return _CLOSING_HASHES.sub(lambda hashes: hashes[0].replace("#", "\\#"), text)

    def items(self, node: Node) -> Iterator[str]:
        """The items of a list."""
        number = int(node.attrs.get("start", 1))
        inside = [child for item in node.children for child in item.children]
        tight = all(child.hidden for child in inside if child.type == "paragraph")
        # The renderer puts code on lines apart, and then wants the next item apart as well.
        apart = not (tight and all(child.type in _RUN_ON for child in inside))
        for index, item in enumerate(node.children):
            if apart and index:
                yield ""
            marker = f"{number + index}. " if node.type == "ordered_list" else "- "
            indent = self._indent or len(marker)
            yield from self.hung(marker.ljust(indent), item.children, indent, tight=tight)

    def hung(self, marker: str, nodes: Sequence[Node], indent: int = 4, *, tight: bool = False) -> Iterator[str]:
        """The lines of *nodes* after *marker*, those below the first indented by *indent*."""
        lines = self.blocks(nodes, tight=tight)
        if not nodes or (self._indent and nodes[0].type in _SEEN_AT_LINE_START):
            yield from (marker, "") if nodes else (marker,)
        else:
            yield f"{marker}{next(lines, '')}"
        yield from (f"{' ' * indent}{line}" if line else "" for line in lines)

    def fence(self, node: Node) -> Iterator[str]:
        """A block of code with what it includes, in a fence that nothing in it ends."""
        info = read_info(node.info)
        is_words = " " in info.title and not _FILE_NAME.search(info.title)
        written = info.written.replace(info.title, set_words(info.title)) if is_words else info.written
        yield from fenced(self.included(node.content), written, node.markup[0])

    def included(self, content: str) -> list[str]:
        """The lines of a block of code with what it includes."""
        return [*expanded(content.removesuffix("\n"), self._include)] if content else []

    def table(self, node: Node) -> Iterator[str]:
        """A table, a pipe on either side."""
        for part in node.children:
            for row in part.children:
                yield f"| {' | '.join(self.cell(cell.children[0]) for cell in row.children)} |"
                if part.type == "thead":
                    yield f"| {' | '.join(_ruled(str(cell.attrs.get('style', ''))) for cell in row.children)} |"

    def cell(self, node: Node) -> str:
        """A cell. The renderer wants a pipe in text escaped and a pipe in code unescaped."""
        return "".join(
            piece.text if piece.kind is PieceKind.CODE else piece.text.replace("|", "\\|")
            for piece in pieces(self.inline(node))
        )

    def definitions(self, node: Node) -> Iterator[str]:
        """Terms and what they mean."""
        for index, child in enumerate(node.children):
            if child.type == "dt":
                yield from ([""] if index else [])
                yield self.inline(child.children[0])
            else:
                yield from self.hung(":   ", child.children)

    def box(self, node: Node) -> Iterator[str]:
        """A box, a fold or a tab."""
        yield set_box(node.meta["head"])
        yield from (f"{_INDENT}{line}" if line else "" for line in self.blocks(node.children))

    def inline(self, node: Node) -> str:
        """The content of a paragraph, a heading or a cell."""
        return self._typesetter.set(node.content)


class _RendererWriter(Writer):
    """Writes what Python-Markdown needs."""

    def __init__(self, include: Include, blocks: Blocks) -> None:
        super().__init__(include, blocks)
        self._targets = {label: set_target(target) for label, target in blocks.targets.items()}

    def block(self, node: Node) -> Iterator[str]:
        if node.type == "html_block":
            yield from _with_markdown(set_html(node.content)).rstrip("\n").split("\n")
        else:
            yield from super().block(node)

    def is_written(self, node: Node) -> bool:
        return node.type != "definition"

    def inline(self, node: Node) -> str:
        """The content of *node* with the addresses of its links, with what only looks like a tag as text, and with
        breaks that the renderer knows."""
        changes = [*self._typesetter.changes(node.content), *_double_tildes(node)]
        text = changed(node.content, sorted(changes))
        parts = pieces(with_addresses(text, self._targets, [*_bare_addresses(node)]))
        return "".join(self._piece(piece) for piece in parts)

    def _piece(self, piece: Piece) -> str:
        match piece.kind:
            case PieceKind.TEXT if not piece.text.startswith("]("):
                return _BRACE.sub(_as_text, piece.text.replace("<", "&lt;"))
            case PieceKind.BREAK:
                return "  \n"
            case PieceKind.CODE:
                return _without_edges(piece.text)
            case PieceKind.ADDRESS:
                return _address(piece.text)
            case PieceKind.TAG:
                return _IN_TAG.sub(lambda found: f"&#{ord(found[0])};", piece.text)
            case _:
                return piece.text


def _address(text: str) -> str:
    """An address in angle brackets; the renderer knows few schemes, and some that run code are text."""
    bare = text[1:-1]
    scheme = bare.partition(":")[0].lower()
    if ":" not in bare or scheme in {"http", "https", "ftp", "mailto"}:
        return text
    return f"&lt;{bare}&gt;" if scheme in _RUNNING else f"[{bare}](<{bare}>)"


def _bare_addresses(node: Node) -> Iterator[str]:
    """The addresses without brackets that GitHub makes links of, in order."""
    for child in node.children:
        if child.type == "link" and child.info == "auto":
            yield child.children[0].content
        else:
            yield from _bare_addresses(child)


def _double_tildes(node: Node) -> Iterator[Change]:
    """A second tilde wherever the text of *node* is struck by one."""
    return (Change(at, at, "~") for at in _struck(node)) if "~" in node.content else iter(())


def _struck(node: Node) -> Iterator[int]:
    """The places of single tildes that strike text."""
    for child in node.children:
        if child.type == "s" and child.markup == "~" and child.nester_tokens:
            yield from (mark.meta[AT] for mark in child.nester_tokens)
        yield from _struck(child) if child.type != "image" else ()


def _as_text(found: re.Match[str]) -> str:
    """A brace and what it opens: a mark or a list of attributes, or else text, of which the renderer would take some
    for a list."""
    text, at = found.string, found.start()
    is_mark = any(pattern.match(text, at) for pattern in (NUMBER, CLAIM, GIVEN_MARK, ATTRIBUTES))
    return "{" if is_mark else "\\{"


def _without_edges(code: str) -> str:
    """*code* with blanks at its edges put outside: the renderer would drop them, and two words would become one."""
    ticks = code[: len(code) - len(code.lstrip("`"))]
    inside = code[len(ticks) : len(code) - len(ticks)].replace("\n", " ")
    if not inside.strip() or (inside[0] == " " and inside[-1] == " "):
        return code
    before, after = inside[:1].isspace(), inside[-1:].isspace()
    return f"{' ' * before}{ticks}{inside.strip()}{ticks}{' ' * after}" if before or after else code


def fenced(lines: Sequence[str], info: str, mark: str = "`") -> Iterator[str]:
    """*lines* as a block of code, in a fence that is longer than any in it."""
    longest = max((len(run) for line in lines for run in re.findall(f"^[ \t>]*({mark}+)", line)), default=0)
    fence = mark * max(3, longest + 1)
    yield f"{fence}{info}"
    yield from lines
    yield fence


def _would_merge(before: Node, node: Node) -> bool:
    return (before.type in _LISTS and node.type in _MERGING) or (before.type == node.type == "blockquote")


def _ruled(style: str) -> str:
    side = style.partition(":")[2]
    return {"left": ":---", "right": "---:", "center": ":---:"}.get(side, "---")


def _with_markdown(html: str) -> str:
    """*html* with a mark for the renderer on each element that is still open at its end, because the text in it is
    Markdown."""
    html = _BETWEEN_TAGS.sub(lambda text: text[0].replace("\t", "&#9;"), html)  # the renderer would make blanks of them
    opened: list[re.Match[str]] = []
    for tag in TAG.finditer(html):
        name = (tag["name"] or tag["end"]).lower()
        if tag["name"] and name not in VOID and not tag["empty"]:
            opened.append(tag)
        elif tag["end"]:
            while opened and opened.pop()["name"].lower() != name:
                pass
    for tag in reversed(opened):
        if "markdown" not in tag["attributes"]:
            at = tag.start() + 1 + len(tag["name"])
            html = f'{html[:at]} markdown="block"{html[at:]}'
    return html
