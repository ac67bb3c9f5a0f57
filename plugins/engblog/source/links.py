"""Writes links that name a label (``[text][label]``) as links that name their address.

The renderer does not know labels with code or brackets in them, and looks for labels where CommonMark does not. The
brackets are paired as the specification, 0.31, describes in its appendix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from markdown_it.common.utils import normalizeReference

from engblog.model.characters import as_typed
from engblog.source.inlines import masked

_INLINE = re.compile(
    r"\(\s*+(?:<[^<>\n]*+>|(?:[^\s()\\<]|\\.)(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\([^\s()]*+\))*+\))*+)?+"
    r"(?:\s++(?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\)))?+\s*+\)"
)
_CONFUSING = re.compile(r"\(\s*+(?P<address>[^\s<>('\"]*+[('\"][^\s<>]*)(?P<title>\s.*)?\)", re.DOTALL)
"""An address with characters that the renderer takes for the end of it, or for the beginning of a title."""
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]", re.DOTALL)
_BRACKET = re.compile(r"!?\[|\]")


def with_addresses(text: str, targets: Mapping[str, str], bare: Iterable[str] = ()) -> str:
    """*text*, the content of a paragraph, with each link to a label of *targets* as a link to its address and title,
    and with each of the *bare* addresses in it as a link."""
    if not bare and "[" not in text:
        return text
    hidden = masked(text)
    openers: list[tuple[int, bool]] = []
    linked = 0
    """The number of openers with a link behind them. Only those of images open anything: links are not in links."""
    changes: list[tuple[int, int, str]] = []
    at = 0
    while found := _BRACKET.search(hidden, at):
        at = found.end()
        if found[0] != "]":
            openers.append((at, found[0] == "!["))
            continue
        if not openers:
            continue
        start, is_image = openers.pop()
        has_link = len(openers) < linked
        linked = min(linked, len(openers))
        if has_link and not is_image:
            continue
        end, target = _link(text, hidden, start, at, targets)
        if end < 0:
            continue
        if target is not None:
            changes.append((at, end, f"({target})"))
        hidden = hidden[: start - 1] + "x" * (end - start + 1) + hidden[end:]
        if not is_image:
            linked = len(openers)
        at = end
    at = 0
    for address in bare:
        if (start := hidden.find(address, at)) >= 0:
            at = start + len(address)
            changes.append((start, at, _as_link(address)))
    out, done = [], 0
    for start, end, new in sorted(changes):
        out += [text[done:start], new]
        done = end
    return "".join([*out, text[done:]])


def _as_link(address: str) -> str:
    return f"[{address}](<http://{address}>)" if address.startswith("www.") else f"<{address}>"


def _link(text: str, hidden: str, start: int, at: int, targets: Mapping[str, str]) -> tuple[int, str | None]:
    """The end of the link whose text is from *start* to the bracket before *at*, -1 if it is none, and the target of
    its label, None for a link that names its address."""
    if inline := _INLINE.match(text, at):
        confusing = _CONFUSING.fullmatch(inline[0])
        return inline.end(), f"<{confusing['address']}>{confusing['title'] or ''}" if confusing else None
    label, end = text[start : at - 1], at
    if named := _LABEL.match(text, at):
        end = named.end()
        if named[1].strip():
            label = named[1]
    elif not _LABEL.fullmatch(text, start - 1, at):
        return -1, None
    target = None if hidden.startswith("^", start) else targets.get(normalizeReference(as_typed(label)))
    return (-1, None) if target is None else (end, target)
