"""The structure of a text as CommonMark and GitHub read it, with the lines of every block.

``markdown-it-py`` does the reading. The constructs that articles have beside CommonMark are rules for it, in
:mod:`engblog.source.dialect`. What is read here once decides which lines are code, where a tag is, how the text is
written for the renderer (:mod:`engblog.source.canonical`), and what its page has to show
(:mod:`engblog.source.faithful`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from engblog.html.shown import FOOTNOTE, LINE
from engblog.source.dialect import add_rules, make_boxes

DEFINITION = re.compile(
    r"\s*\[(?P<label>(?:[^\[\]\\]|\\.)+)\]:\s*(?P<target><[^<>\n]*>|\S+)(?:\s+(?P<title>[\"'(].*))?\s*", re.DOTALL
)
"""The definition of a link."""
_MOST_NESTED = 60
"""Deeper containers than this are left as text: no person writes them."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """A text that was read."""

    text: str
    tokens: Sequence[Token]
    targets: Mapping[str, str]
    """Address and title of each link that the text defines, as written, by its label as CommonMark compares labels."""

    @property
    def tree(self) -> SyntaxTreeNode:
        """The blocks as a tree."""
        return SyntaxTreeNode(self.tokens)

    @property
    def code(self) -> Iterator[tuple[Token, int, int]]:
        """Fences and code that is indented, each with its first line and the line behind its last, zero-based."""
        for token in self.tokens:
            if token.type in {"fence", "code_block"} and token.map:
                yield token, token.map[0], token.map[1]


class LateBlocks(Blocks):
    """A text that is read when something asks for its blocks, which is seldom once it is known to have no problem."""

    __slots__ = ("_read",)
    _read: Blocks | None

    def __init__(self, text: str) -> None:
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "_read", None)

    @property
    def tokens(self) -> Sequence[Token]:
        """The tokens, read now."""
        return self._now.tokens

    @property
    def targets(self) -> Mapping[str, str]:
        """The targets of links, read now."""
        return self._now.targets

    @property
    def _now(self) -> Blocks:
        if self._read is None:
            object.__setattr__(self, "_read", read_blocks(self.text))
        return self._read  # type: ignore[return-value]


def read_blocks(text: str) -> Blocks:
    """Read *text*, the body of an article or a page, without its front matter."""
    tokens = _parser().parse(text)
    make_boxes(tokens)
    targets: dict[str, str] = {}
    for token in tokens:
        found = DEFINITION.fullmatch(token.content) if token.type == "definition" else None
        if found:
            targets.setdefault(normalizeReference(found["label"]), _target(found["target"], found["title"] or ""))
    return Blocks(text, tokens, targets)


def _target(address: str, title: str) -> str:
    plain = address.strip("<>")
    needs_brackets = not plain or " " in plain or plain.count("(") != plain.count(")")
    return " ".join([f"<{plain}>" if needs_brackets else plain, *title.split()])


@cache
def _parser() -> MarkdownIt:
    return make_parser()


def make_parser() -> MarkdownIt:
    """A new parser of what articles are written in; further rules can be added to it."""
    parser = MarkdownIt("commonmark", {"maxNesting": _MOST_NESTED, "strikethrough_single_tilde": True}).enable(
        ["table", "strikethrough"]
    )
    deflist_plugin(parser)
    footnote_plugin(parser, inline=False, move_to_end=False)
    gfm_autolink_plugin(parser)
    add_rules(parser)
    parser.add_render_rule("footnote_ref", _reference)
    return parser


def render(tokens: Sequence[Token]) -> str:
    """The HTML of *tokens*, each block with the line of the text that it begins on, zero-based."""
    out: list[str] = []
    parser = _parser()
    for token in tokens:
        line = token.map[0] if token.map else 0
        match token.type:
            case "inline":
                out.append(parser.renderer.render([token], parser.options, {}))
            case "fence" | "code_block":
                title = f'<p class="filename">{escape(token.meta["title"])}</p>' if token.meta.get("title") else ""
                out.append(f'{title}<pre {LINE}="{line}"><code>{escape(token.content)}</code></pre>')
            case "html_block":
                out.append(token.content)
            case "box_open":
                title = f'<p class="admonition-title">{escape(token.content)}</p>' if token.content else ""
                out.append(f'<div class="box" {LINE}="{line}">{title}')
            case "footnote_reference_open":
                out.append(f'<aside {FOOTNOTE}="{escape(token.meta["label"])}">')
            case "footnote_reference_close":
                out.append("</aside>")
            case "definition" | "abbreviation":
                pass
            case _ if not token.hidden:
                number = f' start="{token.attrs["start"]}"' if "start" in token.attrs else ""
                place = f' {LINE}="{line}"' if token.map else ""
                out.append(f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}{number}{place}>")
    return "".join(out)


def _reference(self: object, tokens: Sequence[Token], index: int, options: object, env: object) -> str:  # noqa: ARG001
    return f'<sup id="fnref:{escape(str(tokens[index].meta["label"]))}"></sup>'
