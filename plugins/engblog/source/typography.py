"""Sets quotation marks, apostrophes, ellipses and dashes as printers do, in text and never in code.

``"so"`` becomes “so”, ``it's`` it’s, ``...`` an ellipsis, ``--`` a short dash and ``---`` a long one. What looks like
code stays as it was typed: ``--force``, ``./...``, an empty ``""``, the mark of inches. So does a character with a
backslash before it, an entity (``&quot;``), and every character that is typographic already.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token

from engblog.model.characters import HELD, as_shown
from engblog.source.commonmark import DEFINITION, Blocks, make_parser
from engblog.source.inlines import TAG, PieceKind, pieces, tags_of_block
from engblog.source.marks import ATTRIBUTES, CLAIM, GIVEN_MARK, KEYS, NUMBER

_RUN = re.compile(r"[\"']|\.{3,}|(?<![-!])-{2,}(?![->])")
"""Characters that may be set otherwise than they were typed."""
_OPAQUE = "\ufffc"
"""Anything in place of text: code, a picture. It is taken for a word."""
_BEFORE_OPENING = frozenset("([{<«“‘„‚—–-/=|:*_~\u00bf\u00a1")
_SHORTENED = re.compile(r"(?:\d\ds?|tis|twas|em|til|cause|bout|round|n)(?!\w)", re.IGNORECASE)
"""Words that begin with an apostrophe."""
_LONGEST_SHORTENED = 5
_AFTER_WORD = frozenset(")]”’.,!?%" + _OPAQUE)
_DASHES = {"--": "–", "---": "—"}
_UNTIED = re.compile(r"(?<=\S) (?=[–—] )")
_NO_BREAK = "\u00a0"
_AS_CODE = frozenset({"code", "kbd", "samp", "var", "tt", "pre", "script", "style", "textarea", "svg", "math"})
"""Elements whose text is not prose."""
_MARK = re.compile(r"\{|\+\+|8<")
_INCLUDE = re.compile(r"(?<!-)-++8<-++[^\n]*+")
_MARKS = re.compile("|".join(re.sub(r"\?P<\w+>", "?:", each.pattern) for each in (
    NUMBER, CLAIM, GIVEN_MARK, ATTRIBUTES, KEYS, _INCLUDE)))  # fmt: skip
_IN_LINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "data", "del", "dfn", "em", "i", "ins", "mark", "q", "s", "small", "span",
     "strong", "sub", "sup", "time", "u"}
)  # fmt: skip
"""Elements that do not begin a line: text goes on in them."""
_AT, _END = "at", "end"


class Change(NamedTuple):
    """A character to set, and the part of the text that it takes the place of."""

    start: int
    end: int
    new: str


def typographic(text: str) -> str:
    """*text*, a value on one line in which backticks mark code, as readers see it; no line begins with its dash."""
    return _UNTIED.sub(_NO_BREAK, as_shown(changed(text, _of_plain(text))))


def set_words(text: str) -> str:
    """*text*, a title in words, set."""
    return _with_part(text, 0, len(text))


def set_title(definition: str) -> str:
    """*definition*, of a link or a picture, with its title set."""
    found = DEFINITION.fullmatch(definition)
    return (
        _with_part(definition, found.start("title") + 1, found.end("title") - 1)
        if found and found["title"]
        else definition
    )


def set_target(target: str) -> str:
    """*target*, an address and perhaps a title behind it, with its title set."""
    address, space, title = target.partition("> " if target.startswith("<") else " ")
    return f"{address}{space}{_with_part(title, 1, len(title) - 1)}" if title else target


def set_box(head: str) -> str:
    """*head*, the line that opens a box, a fold or a tab, with its title set."""
    start, end = head.find('"') + 1, len(head.rstrip(" ")) - 1
    return _with_part(head, start, end) if 0 < start <= end and head[end] == '"' else head


def set_abbreviation(text: str) -> str:
    """*text*, a line that explains an abbreviation, with both set."""
    end = text.find("]")
    return _with_part(_with_part(text, end + 1, len(text)), 2, end)


def set_html(html: str) -> str:
    """*html*, a block that an author wrote, with its text set and everything else unchanged."""
    visible: list[str] = []
    starts, places = [0], [0]
    size = code = done = 0
    for piece in [*tags_of_block(html), None]:
        text = html[done : piece.start if piece else len(html)]
        visible.append(_OPAQUE * len(text) if code else text)
        starts.append(size)
        places.append(done)
        size += len(text)
        if piece:
            found = TAG.fullmatch(piece.text)
            code = _code_after(found, code) if found else code
            name = (found["name"] or found["end"]).lower() if found else ""
            if name and name not in _IN_LINE and not code:
                visible.append("\n")
                size += 1
            done = piece.start + len(piece.text)
    changes = []
    for start, end, new in _decided("".join(visible)):
        index = bisect_right(starts, start) - 1
        if index == bisect_right(starts, end - 1) - 1:  # else a tag is in it
            changes.append(Change(places[index] + start - starts[index], places[index] + end - starts[index], new))
    return changed(html, changes)


def _code_after(tag: re.Match[str], code: int) -> int:
    """The number of elements for code that are open behind *tag*, if *code* are before it."""
    if (tag["name"] or tag["end"] or "").lower() not in _AS_CODE or tag["empty"]:
        return code
    return code + 1 if tag["name"] else max(0, code - 1)


def changed(text: str, changes: Iterable[Change]) -> str:
    """*text* with *changes*, which are in order."""
    out, done = [], 0
    for start, end, new in changes:
        out += [text[done:start], new]
        done = end
    return "".join([*out, text[done:]])


class Typesetter:
    """Sets the prose of one text, of which it knows the labels."""

    def __init__(self, blocks: Blocks) -> None:
        """Take the labels of links and footnotes from *blocks*."""
        notes = (token.meta["label"] for token in blocks.tokens if token.type == "footnote_reference_open")
        self._labels: Mapping[str, object] = {
            "references": {label: {"href": "#", "title": ""} for label in blocks.targets},
            "footnotes": {"refs": {f":{label}": -1 for label in notes}},
        }

    def changes(self, content: str) -> list[Change]:
        """The changes in *content*, the text of a paragraph, a heading or a cell."""
        if not _RUN.search(content):
            return []
        tokens = _parser().parseInline(content, {**self._labels})[0].children or []
        marks = [found.span() for found in _MARKS.finditer(content)] if _MARK.search(content) else []
        return [
            change
            for change in sorted(_of_tokens(tokens, content, 0))
            if not any(start <= change.start < end for start, end in marks)
        ]

    def set(self, content: str) -> str:
        """*content* with everything set."""
        return changed(content, self.changes(content))


def _of_tokens(tokens: Sequence[Token], content: str, offset: int) -> Iterator[Change]:
    """The changes in *tokens*, whose places are counted from *offset*."""
    visible: list[str] = []
    places: dict[int, int] = {}
    size = code = 0
    for token in tokens:
        text = token.content
        match token.type:
            case "run" if not code:
                places[size] = offset + token.meta[_AT]
            case "text" | "text_special" | "run":
                text = _OPAQUE if code and text else text
            case "softbreak" | "hardbreak":
                text = "\n"
            case "code_inline":
                text = _OPAQUE
            case "html_inline":
                text, code = _after_tag(text, code)
            case "image":
                yield from _of_picture(token, content, offset)
                text = _OPAQUE
            case _:
                text = ""
        visible.append(text)
        size += len(text)
    for each in _decided("".join(visible), frozenset(places)):
        yield Change(places[each.start], places[each.start] + each.end - each.start, each.new)


def _after_tag(tag: str, code: int) -> tuple[str, int]:
    """The text that a reader sees of *tag*, and the number of elements for code that are open behind it."""
    found = TAG.fullmatch(tag)
    return ("\n" if tag[:3].lower() == "<br" else ""), _code_after(found, code) if found else code


def _of_picture(token: Token, content: str, offset: int) -> Iterator[Change]:
    """The changes in the text alternative and in the caption of a picture."""
    start, end = offset + token.meta[_AT], offset + token.meta[_END]
    yield from _of_tokens(token.children or [], content, start)
    if not token.attrs.get("title") or content[end - 1] != ")":
        return
    last = len(content[: end - 1].rstrip()) - 1
    mark = "(" if content[last] == ")" else content[last]
    first = last - 1
    while content[first] != mark or content[first - 1] == "\\":
        first -= 1
    for each in _of_plain(content[first + 1 : last]):
        if content[first + each.start] != "\\":
            yield Change(first + 1 + each.start, first + 1 + each.end, each.new)


def _of_plain(text: str) -> Iterator[Change]:
    """The changes in *text*, in which backticks mark code."""
    code = (piece for piece in pieces(text) if piece.kind is PieceKind.CODE) if "`" in text else ()
    for piece in code:
        text = f"{text[: piece.start]}{_OPAQUE * len(piece.text)}{text[piece.start + len(piece.text) :]}"
    return _decided(text)


def _with_part(text: str, start: int, end: int) -> str:
    """*text* with what is from *start* to *end* set, unless a backslash is before it."""
    part = text[start:end]
    return (
        text[:start]
        + changed(part, (each for each in _of_plain(part) if part[each.start - 1 : each.start] != "\\"))
        + text[end:]
    )


def _decided(text: str, among: frozenset[int] | None = None) -> Iterator[Change]:
    """The changes in *text*, which a reader sees; with *among*, of the runs that begin at these places."""
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    opened = {'"': 0, "'": 0}
    done, set_last = -1, ""
    for found in _RUN.finditer(text):
        at, end = found.span()
        if among is not None and at not in among:
            continue
        before = set_last if done == at else text[at - 1 : at] or " "
        after = text[end : end + 1] or " "
        if found[0] in opened:
            new = _quote(found[0], before, after, text[end : end + _LONGEST_SHORTENED + 1], opened)
        elif found[0] == "...":
            new = _ellipsis(before, after)
        else:
            new = _dash(found[0], before, after, is_inside=first < at and end < last)
        done, set_last = end, new or found[0]
        if new:
            yield Change(at, end, HELD[new])


def _quote(mark: str, before: str, after: str, rest: str, opened: dict[str, int]) -> str:
    opening, closing = "“”" if mark == '"' else "‘’"
    if mark in {before, after} or (before.isspace() and after.isspace()):
        return ""
    if before.isspace() or before in _BEFORE_OPENING:
        if mark == "'" and _SHORTENED.match(rest):
            return closing
        if after.isspace():
            return "" if before.isspace() else closing
        opened[mark] += 1
        return opening
    inside_word = mark == "'" and _is_word(before) and _is_word(after)
    if not inside_word:
        if before.isdecimal() and not opened[mark]:
            return ""  # feet, minutes, inches
        opened[mark] = max(0, opened[mark] - 1)
    return closing


def _ellipsis(before: str, after: str) -> str:
    if before in {"/", "\\"} or after in {"/", "\\"} or (before.isdecimal() and after.isdecimal()):
        return ""  # a folder, a range
    return "" if _is_word(after) and not _is_word(before) and before not in "“‘,.;:!?" else "…"  # else ...arguments


def _dash(run: str, before: str, after: str, *, is_inside: bool) -> str:
    spaced = is_inside and before.isspace() and after.isspace()
    joined = (_is_word(before) or before in _AFTER_WORD) and (_is_word(after) or after in "“‘\"'")
    return _DASHES.get(run, "") if spaced or joined else ""


def _is_word(character: str) -> bool:
    return character.isalnum() or character == _OPAQUE


@cache
def _parser() -> MarkdownIt:
    """A parser that tells the places of all runs that are text."""
    parser = make_parser()
    for character in "\"'.":
        parser.inline.add_terminator_char(character)
    parser.inline.ruler.after("text", "run", _run)
    parser.inline.ruler.at("image", _image)
    return parser


def _run(state: StateInline, silent: bool) -> bool:
    found = _RUN.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("run", "", 0)
        token.content, token.meta = found[0], {_AT: state.pos}
    state.pos = found.end()
    return True


def _image(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if not image(state, silent):
        return False
    if not silent:
        state.tokens[-1].meta = {_AT: start + 2, _END: state.pos}
    return True
