"""Footnotes and labels of links that nothing defines, or nothing uses; and rows of tables with too many cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.common.utils import normalizeReference

from engblog.importing.old_text import HIDDEN_CODE, OldText, Rewrite
from engblog.importing.remarks import Remarks
from engblog.importing.written import unseen
from engblog.model.problems import quote
from engblog.source.commonmark import DEFINITION, Blocks

_NOTE = re.compile(r"(?<!\\)\[\^(?P<label>[^\[\]\s]*)\](?!:)")
_HANGING = re.compile(r"^(?P<label>[ ]{0,3}\[\^[^\[\]\s]+\]:)[ \t]*\n[ \t]{1,3}(?=[^\s\[])", re.MULTILINE)
_LABELLED = re.compile(r"(?<!\\)\[(?P<text>[^\[\]\x00]*)\]\[(?P<label>[^\[\]\x00]*)\](?![(\[])")
_ADDRESS = re.compile(r"[/.#:?]|^<")
_OPENS_BOX = re.compile(r"[ \t>]*+(?P<mark>(?:!!!|\?\?\?\+?)[ \t]*+[\w\"]|===[+!]*+[ \t]++[^\s])")
_PIPE = re.compile(r"(?<!\\)\|")
_CONTENTS = re.compile(r"^[ \t]*\[\[?_?TOC_?\]\]?[ \t]*$\n?", re.MULTILINE | re.IGNORECASE)


def translate_citations(text: OldText, remarks: Remarks) -> None:
    """Show as text what cites nothing, and take out what nothing cites."""
    text.sub(_CONTENTS, lambda found: _contents(found, text, remarks))
    text.sub(_HANGING, lambda found: f"{text.text[slice(*found.span('label'))]} ")
    blocks = text.blocks
    lines = text.text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    notes: dict[str, tuple[int, int]] = {}
    changes: list[Rewrite] = []
    for token, following in zip(blocks.tokens, blocks.tokens[1:], strict=False):
        if token.type != "footnote_reference_open" or not token.map:
            continue
        label = str(token.meta["label"])
        span = (starts[token.map[0]], starts[min(token.map[1], len(lines))])
        if label in notes or following.type == "footnote_reference_close":
            remarks.changed(
                text.line(span[0]), f"the footnote {quote(label)} is defined twice or empty: this one is a comment now"
            )
            end = min(span[1], len(text.text))
            changes.append(Rewrite(span[0], end, f"{unseen(text.text[span[0] : end])}\n"))
        else:
            notes[label] = span
    cited = {
        str(child.meta["label"])
        for token in blocks.tokens
        for child in token.children or ()
        if child.type == "footnote_ref"
    }
    masked = text.masked()
    for found in _NOTE.finditer(masked):
        if found["label"] not in notes:
            remarks.changed(text.line(found.start()), f"{quote(found[0])} is text now: there is no such footnote")
            changes.append(Rewrite(found.start(), found.start(), "\\"))
    for label, span in notes.items():
        if label not in cited:
            remarks.changed(
                text.line(span[0]), f"the footnote {quote(label)} is a comment now: nothing cites it, no page showed it"
            )
            end = min(span[1], len(text.text))
            changes.append(Rewrite(span[0], end, f"{unseen(text.text[span[0] : end])}\n"))
    for found in _LABELLED.finditer(masked):
        label = found["label"] or found["text"]
        if (
            not label.startswith("^")
            and not found["text"].startswith("^")
            and (
                normalizeReference(text.text[slice(*found.span("label" if found["label"] else "text"))])
                not in blocks.targets
            )
        ):
            remarks.changed(text.line(found.start()), f"{quote(found[0])} is text now: no link is defined as that")
            changes.append(Rewrite(found.start(), found.start(), "\\"))
    for token in blocks.tokens:
        if token.type == "definition" and token.map:
            read = DEFINITION.match(token.content)
            if read and not _ADDRESS.search(read["target"]):
                start = text.text.find("[", starts[token.map[0]])
                if start >= 0:
                    remarks.changed(text.line(start), f"{quote(token.content)} is text now: it defines no link")
                    changes.append(Rewrite(start, start, "\\"))
    changes += _lost_boxes(text, blocks, starts, remarks)
    text.apply(changes)
    _widen_tables(text, remarks)


def _lost_boxes(text: OldText, blocks: Blocks, starts: list[int], remarks: Remarks) -> Iterator[Rewrite]:
    """Show as text what looks like the opening of a box or a tab and is none."""
    for token in blocks.tokens:
        for row in range(*token.map) if token.type == "inline" and token.map else ():
            found = _OPENS_BOX.match(text.text, starts[row])
            if found:
                remarks.changed(text.origin(row), f"{quote(found[0].strip())} … is text now: it opens no box")
                yield Rewrite(found.start("mark"), found.start("mark"), "\\")


def _contents(found: re.Match[str], text: OldText, remarks: Remarks) -> str:
    remarks.changed(text.line(found.start()), "the mark of a list of contents was taken out: each page has its own")
    return ""


def _widen_tables(text: OldText, remarks: Remarks) -> None:
    """Give the head of a table as many columns as its widest row has."""
    lines = text.text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    masked = text.masked().split("\n")
    changes: list[Rewrite] = []
    for token in text.blocks.tokens:
        if token.type != "table_open" or not token.map:
            continue
        rows = range(token.map[0], min(token.map[1], len(lines)))
        counts = [_cells(masked[row] if HIDDEN_CODE not in masked[row] else lines[row]) for row in rows]
        if len(counts) < 2 or max(counts) <= counts[0]:
            continue
        missing = max(counts) - counts[0]
        remarks.changed(text.origin(token.map[0]), f"the table got {missing} more in its head: a row has more cells")
        for row, cell in ((rows[0], " |"), (rows[1], "---|")):
            line = lines[row].rstrip()
            more = ("" if line.endswith("|") else "|") + cell * missing
            changes.append(Rewrite(starts[row] + len(line), starts[row] + len(line), more))
    text.apply(changes)


def _cells(line: str) -> int:
    plain = line.strip().lstrip("> ").strip()
    return len(_PIPE.findall(plain.removeprefix("|"))) + (not plain.endswith("|") or plain.endswith("\\|"))
