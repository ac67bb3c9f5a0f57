"""Text that YAML would drop or change without a word: what its author wrote is not what a reader would see.

YAML takes `` #`` for a comment, ``!word`` for a tag, and a backslash in double quotes for an escape. In a title, each
is more likely to be text. So every character of the source must belong to a value, to the structure around it, or to
something that can only be a comment, because it has a separate line or follows a value whose end is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import yaml

from engblog.model.problems import Code, quote

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_LINE_END = re.compile(r"\r\n|\r|\n")
_SET_OFF = re.compile(r"#(?:[\s#]|$)")
"""The start of a comment that looks like one: ``# note``, not ``#7``."""
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(#[^\r\n]*)")
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_KEPT = frozenset('"\\')
_REPORTED = frozenset("0abevN")
"""These make control characters, which are reported wherever they come from."""
_BREAKS = frozenset("\t\r\n\u2028\u2029")

ESCAPE_HINT = r"write \\ for a backslash, or use single quotes"
_QUOTE = "put the whole value in quotes, or move the comment to a separate line"
_OPENS = (yaml.BlockMappingStartToken, yaml.BlockSequenceStartToken)
_FLOW_OPENS = (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken)
_FLOW_CLOSES = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)
_AWAITS_VALUE = (yaml.KeyToken, yaml.ValueToken, yaml.BlockEntryToken)


class LostText(NamedTuple):
    """A place in a text, both zero-based, and what would be lost there."""

    line: int
    column: int
    code: Code
    message: str
    hint: str


def find_lost_text(text: str) -> Iterator[LostText]:
    """Everything in *text*, which is YAML without a syntax error, that would not be in its values.

    Raises ``yaml.YAMLError`` for other texts.
    """
    indents = [-1]
    flow = 0
    for before, token in pairwise(yaml.scan(text, Loader=_Loader)):
        if isinstance(before, _OPENS):
            indents.append(before.start_mark.column)
        elif isinstance(before, yaml.BlockEndToken):
            indents.pop()
        flow += isinstance(before, _FLOW_OPENS) - isinstance(before, _FLOW_CLOSES)
        gap = text[before.end_mark.index : token.start_mark.index]
        if "#" in gap:
            yield from _comments(gap, before, token, indent=-1 if flow else indents[-1])
        if isinstance(token, yaml.TagToken):
            tag = text[token.start_mark.index : token.end_mark.index]
            message = f"{quote(tag)} would be lost: YAML takes it for a tag"
            yield LostText(*_start(token), Code.Y010_TAG, message, "put the whole value in quotes")
        elif isinstance(token, yaml.ScalarToken) and token.style == '"':
            yield from _escapes(text, token)
        elif isinstance(token, yaml.ScalarToken) and token.style in {"|", ">"}:
            yield from _block(text, token)


def _comments(gap: str, before: Any, after: Any, *, indent: int) -> Iterator[LostText]:
    """Comments in the *gap* between two tokens that may be text. *indent* is the column of the keys or dashes around
    them: only a deeper line could continue a value."""
    for number, line in enumerate(_LINE_END.split(gap)):
        lead, sign, rest = line.partition("#")
        if not sign:
            continue
        comment = sign + rest
        if number == 0 and before.end_mark.column > 0:
            column = before.end_mark.column + len(lead)
            kept = bool(lead) and _may_follow(before, after, comment)
            hint = _QUOTE
        else:
            column = len(lead)
            kept = column <= indent or not _may_continue(before, after)
            hint = "put the whole value in quotes; a comment must start no deeper than the key above it"
        if not kept:
            message = f"{quote(comment)} would be lost: YAML takes it for a comment"
            yield LostText(before.end_mark.line + number, column, Code.Y009_COMMENT, message, hint)


def _may_follow(before: Any, after: Any, comment: str) -> bool:
    """True if *comment*, on the line on which the token *before* ends, can only be a comment."""
    if isinstance(before, yaml.ScalarToken):
        return not before.plain and _SET_OFF.match(comment) is not None
    if isinstance(before, _AWAITS_VALUE):
        return _is_structure(before, after)
    if isinstance(before, (*_FLOW_OPENS, yaml.FlowEntryToken)):
        return _SET_OFF.match(comment) is not None
    return True


def _may_continue(before: Any, after: Any) -> bool:
    """True if a line that starts with ``#``, deeper than the key, could have been meant as a line of a value."""
    if isinstance(before, yaml.ScalarToken):
        return before.plain or before.style in {"|", ">"}
    return isinstance(before, _AWAITS_VALUE) and not _is_structure(before, after)


def _is_structure(before: Any, after: Any) -> bool:
    """True if the value that *after* starts is a list or a set of keys."""
    if isinstance(after, yaml.BlockEntryToken):
        return isinstance(before, yaml.ValueToken)  # a list whose dashes are not indented
    return isinstance(after, (*_OPENS, *_FLOW_OPENS))


def _escapes(text: str, token: Any) -> Iterator[LostText]:
    """Backslashes in double quotes that do not make the character that they seem to make."""
    start = token.start_mark
    for number, line in enumerate(_LINE_END.split(text[start.index : token.end_mark.index])):
        for found in _ESCAPE.finditer(line):
            starts_line = number > 0 and not line[: found.start()].strip()
            if not _is_meant(found[1], starts_line=starts_line):
                column = found.start() + (0 if number else start.column)
                message = f"{quote(found.group())} would be lost: in double quotes, a backslash starts an escape"
                yield LostText(start.line + number, column, Code.Y011_ESCAPE, message, ESCAPE_HINT)


def _is_meant(escape: str, *, starts_line: bool) -> bool:
    """True if *escape*, without its backslash, makes a character that readers see, or one that is reported anyway."""
    if escape in _KEPT or escape in _REPORTED:
        return True
    if len(escape) > 1:
        return chr(int(escape[1:], 16)) not in _BREAKS
    return escape == " " and starts_line  # keeps a space where a line is joined to the one before


def _block(text: str, token: Any) -> Iterator[LostText]:
    """A comment behind ``|`` or ``>``, and a block that has no text."""
    header = _HEADER.match(text, token.start_mark.index)
    if header is not None:
        line, column = _start(token)
        message = f"{quote(header[1])} would be lost: YAML takes it for a comment"
        yield LostText(line, column + header.start(1) - header.start(), Code.Y009_COMMENT, message, _QUOTE)
    elif not token.value.strip():
        hint = f"indent the text on the lines below it, or put the whole value in quotes: '{token.style}'"
        yield LostText(*_start(token), Code.Y012_EMPTY_BLOCK, f"no text follows the {quote(token.style)}", hint)


def _start(token: Any) -> tuple[int, int]:
    return token.start_mark.line, token.start_mark.column
