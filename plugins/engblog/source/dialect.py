"""The blocks that articles have beside those of CommonMark, as rules for ``markdown-it-py``.

``<div markdown>`` contains Markdown. Boxes (``!!! note``), folds (``??? note``) and tabs (``=== "Title"``) contain what
is indented by four below them; ``*[HTML]: …`` explains an abbreviation. A definition of a link leaves a token behind,
so that it keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.strikethrough import tokenize
from markdown_it.token import Token
from mdit_py_plugins.gfm_autolink.index import _protocol_rule as find_address

Rule = Callable[[StateBlock, int, int, bool], bool]

_INDENT = 4
# As Python-Markdown's admonitions and PyMdown's details and tabs read them.
_BOX = re.compile(r"\A!!! ?(?P<kinds>[\w-]+(?: +[\w-]+)*)(?: +\"(?P<title>.*)\")? *$")
_FOLD = re.compile(
    r"\?\?\?\+? ?(?:(?P<kinds>[\w-]+(?: +[\w-]+)*?)?(?: +\"(?P<title>.*)\")|(?P<bare>[\w-]+(?: +[\w-]+)*?)) *$"
)
_TAB = re.compile(r"===(?:\+!|!\+|[+!])? +\"(?P<title>.*)\" *$")
_MARKDOWN_TAG = re.compile(r"<[a-zA-Z][a-zA-Z0-9-]*+(?=\s)(?=[^<>]*+>\s*+$)[^<>]*?\smarkdown")
_ABBREVIATION = re.compile(r"\*\[[^\\\]\n]+\] ?:[ \t]*\S.*$")
_PROTOCOL = re.compile(r"(?:https?|mailto|xmpp)\Z")
_LONGEST_PROTOCOL = 6
AT = "at"
"""The key of a mark's ``meta`` that has its place: characters of the paragraph before it."""
_ALERTS = {"NOTE": "note", "TIP": "tip", "IMPORTANT": "note", "WARNING": "warning", "CAUTION": "danger"}
_ALERT = re.compile(rf"\[!(?P<kind>{'|'.join(_ALERTS)})\][ \t]*(?:\n|$)", re.IGNORECASE)
_INTERRUPTED: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list", "footnote_def"]}


def add_rules(parser: MarkdownIt) -> None:
    """Add the rules of this module to *parser*."""
    rules = parser.block.ruler
    rules.before("fence", "box", _box, _INTERRUPTED)
    rules.before("fence", "abbreviation", _abbreviation, _INTERRUPTED)
    rules.at("reference", _reference)
    rules.before("html_block", "markdown_tag", _markdown_tag, _INTERRUPTED)
    parser.inline.ruler.at("strikethrough", _struck)
    parser.inline.ruler.at("gfm_autolink_protocol", _protocol)


def make_boxes(tokens: Sequence[Token]) -> None:
    """Turn each of GitHub's alerts in *tokens*, a quotation that begins with ``[!NOTE]``, into the box it means."""
    opened: list[Token | None] = []
    for index, token in enumerate(tokens):
        if token.type == "blockquote_open":
            text = tokens[index + 2] if index + 2 < len(tokens) and tokens[index + 2].type == "inline" else None
            found = _ALERT.match(text.content) if text else None
            opened.append(token if found else None)
            if found and text and text.children:
                kind = found["kind"].upper()
                token.type, token.tag, token.markup, token.info = "box_open", "div", "!!!", _ALERTS[kind]
                token.content = kind.capitalize()
                token.meta = {"head": f'!!! {token.info} "{token.content}"'}
                text.content = text.content[found.end() :]
                breaks = next((at for at, child in enumerate(text.children) if child.type == "softbreak"), None)
                text.children = [] if breaks is None else text.children[breaks + 1 :]
        elif token.type == "blockquote_close" and opened.pop():
            token.type, token.tag = "box_close", "div"


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _box(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    text = _line(state, start).expandtabs(_INDENT)
    if text[:3] not in {"!!!", "???", "==="} or state.is_code_block(start):
        return False
    found = _BOX.match(text) or _FOLD.match(text) or _TAB.match(text)
    if found is None:
        return False
    if silent:
        return True
    parts = found.groupdict()
    kinds = (parts.get("kinds") or parts.get("bare") or "").split()
    title = parts["title"] if parts["title"] is not None else (kinds[0].capitalize() if kinds else "")
    inside = state.sCount[start] + _INDENT
    last = line = start
    while (line := line + 1) < end and (state.isEmpty(line) or state.sCount[line] >= inside):
        if not state.isEmpty(line):
            last = line
    opening = state.push("box_open", "div", 1)
    opening.map, opening.info, opening.content, opening.markup = [start, last + 1], " ".join(kinds), title, text[:3]
    opening.meta = {"head": text}
    before = state.parentType, state.lineMax, state.blkIndent
    state.parentType, state.lineMax, state.blkIndent = "box", last + 1, inside
    state.md.block.tokenize(state, start + 1, last + 1)
    state.parentType, state.lineMax, state.blkIndent = before
    state.push("box_close", "div", -1)
    state.line = last + 1
    return True


def _abbreviation(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001  (a rule's form)
    text = _line(state, start)
    if not text.startswith("*[") or state.is_code_block(start) or not _ABBREVIATION.match(text):
        return False
    if not silent:
        token = state.push("abbreviation", "", 0)
        token.map, token.content = [start, start + 1], text
        state.line = start + 1
    return True


def _markdown_tag(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001  (a rule's form)
    """An element that says that Markdown is in it: only its tag is HTML."""
    text = _line(state, start)
    if not text.startswith("<") or state.is_code_block(start) or not _MARKDOWN_TAG.match(text):
        return False
    if not silent:
        token = state.push("html_block", "", 0)
        token.map, token.content = [start, start + 1], f"{text}\n"
        state.line = start + 1
    return True


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if not reference(state, start, end, silent):
        return False
    if not silent:
        token = state.push("definition", "", 0)
        token.map = [start, state.line]
        token.content = state.getLines(start, state.line, state.blkIndent, False).strip()
    return True


def _struck(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if not tokenize(state, silent):
        return False
    state.tokens[-1].meta = {AT: start}
    return True


def _protocol(state: StateInline, silent: bool) -> bool:
    """Call the rule for bare addresses, which searches all text before each colon, with no more than a protocol."""
    found = None if silent else _PROTOCOL.search(state.pending[-_LONGEST_PROTOCOL:])
    if found is None:
        return False
    if before := state.pending.removesuffix(found[0]):
        state.pending = before
        state.pushPending()
        state.pending = found[0]
    return find_address(state, silent)
