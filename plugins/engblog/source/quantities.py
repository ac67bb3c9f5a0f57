"""Figures without a source: the quantities in an article's prose, tables and captions that nothing supports.

A quantity is a number with a unit (``36 ms``, ``five seconds``), a share (``25%``), a factor or a ratio (``3 times``,
``4×``, ``3:1``), or a count of things (``1,000 keys``). Its sentence, or its row of a table, must contain a
measured number (``{lab:…}``), a claim, a footnote, or a reason why it needs no source (``{given:…}``). A mark after a
sentence's full stop belongs to that sentence. A mark in the head of a table's column covers the column; one in a
sentence that ends with a colon covers the list or the table that the sentence introduces.

These pass by rule, because they measure nothing:

- years and dates; versions (``Redis 7.0.15``, ``HTTP/2``); numbers of sections, steps, lists, figures and RFCs; ports,
  status codes and error numbers;
- names that have a number in them (``p99``, ``L1``, ``32-bit``, a type of 32 bits), and everything in `` `code` ``:
  settings and commands;
- headings, footnotes and the front matter; and the captions of charts, because the record supports them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from engblog.source.body import INLINE_CODE
from engblog.source.marks import GIVEN, SOURCE

_CODE = "\ue000"
"""Placeholder for each letter of code in a line."""
_UNITS = (
    "ns|µs|μs|us|ms|s|sec|min|h|seconds?|milliseconds?|microseconds?|nanoseconds?|minutes?|hours?|days?|weeks?|months?|"
    "years?|bytes?|[kKMGTP]i?B|[kMG]bit|[kMG]?Hz|Mbps|Gbps|percent|points?|times|fold|x|px|°C|cores?|rows?/s"
)
_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    "(?:a |one )?(?:dozen|hundred|thousand|million|billion)"
)
_TIME_OR_SIZE = (
    "(?:nano|micro|milli)?seconds?|minutes?|hours?|days?|weeks?|months?|years?|(?:kilo|mega|giga)?bytes?|percent|times"
)
_JOINING = (
    "and|or|but|of|that|which|who|where|when|while|to|in|on|at|by|from|for|with|the|a|an|each|every|this|it|is|are|was|"
    "were|has|have|had|then|than|as|if|so|not|no|does|did|can|may|must|will|would"
)
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SPACE = r"[ \u00a0\u202f\n]"
_QUANTITY = re.compile(
    rf"""
    (?<![\w.,:/#§{_CODE}-])                        # not inside a word, a version, an address or a time of day
    (?:
      ~?{_NUMBER}(?:\s?[–—-]\s?{_NUMBER})?         # one number or a range
      (?:
        [ \u00a0\u202f]?%                          # a share
        | {_SPACE}?(?:×|:1\b)                      # a factor, a ratio
        | [{_SPACE[1:-1]}-]?(?:{_UNITS})\b
        | {_SPACE}(?:(?!(?:{_JOINING})\b)[a-z][\w’'-]*{_SPACE}){{0,2}}?(?P<thing>[a-z][a-z’'-]*s)\b
      )
    | ×[ ]?{_NUMBER}
    | (?:{_WORDS}){_SPACE}(?:{_TIME_OR_SIZE})\b
    )
    """,
    re.VERBOSE,
)
_NO_THING = re.compile(
    "is|was|has|this|its|us|as|does|plus|less|always|across|yes|vs|versus|thus|perhaps|besides|ours|yours|theirs|hers|"
    "towards|upwards|onwards|downwards|afterwards|regardless|unless|bits|means"
)
"""Words that end as plurals do and count nothing."""
_NUMBERED = re.compile(
    r"(?:\b(?:RFC|sections?|steps?|figure|table|chapter|part|lines?|ports?|status|codes?|error|errno|exit|page|level|"
    r"versions?|release|issue|bug|commit|ticket|item|number|no|rule|phase|stage|tier|KIP-?|JEP|PEP|ISO|UTF-?|SQLSTATE)"
    rf"|§|\bHTTP/?|\bTLS|\bIPv){_SPACE}*\(?$",
    re.IGNORECASE,
)
"""Words before a number that numbers something."""
_NAME = re.compile(r"(?:^|[^\w-])(?P<name>[A-Z][\w.’'-]*|nginx|glibc|systemd|psycopg|redis-py|rocksdict)[ \u00a0\n]$")
_NOT_A_NAME = re.compile(
    "A|About|Add|After|All|Almost|Among|An|And|Another|Any|Around|As|At|Before|Behind|Below|Between|Both|But|By|Delete|"
    "Even|Every|Exactly|Fewer|First|For|From|Give|Here|I|If|In|Insert|Into|It|Its|Just|Last|Less|More|Most|Nearly|Next|No|"
    "Of|On|Once|Only|Open|Or|Our|Over|Read|Roughly|Send|So|Some|Start|Such|Take|Than|That|The|Their|Then|There|These|They|"
    "This|Those|To|Under|Until|Up|Wait|We|What|When|Where|While|With|Within|Without|Write|You|Your"
)
"""Words that start a sentence before a number, and name no product that the number could be a version of."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTH = re.compile(
    rf"{_SPACE}(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_BEHIND = re.compile(rf"(?:{_SPACE}*(?:{SOURCE.pattern}))*", re.VERBOSE)
_END = re.compile(r"[.!?…][)\"”’*_]*")
_ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|approx|No|Fig|Dr|etc|resp|[A-Z])|\.\.)\.$")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]+")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\]\n]+\]:")
_DEFINITION = re.compile(r" {0,3}\[[^\]\n]+\]:")
_DELIMITER = re.compile(r"[ \t:|]*+-[ \t:|-]*+$")
_CHART = re.compile(r"!\[[^\[\]]*\]\(chart:[^\s()]*(?:\s+\"[^\"]*\")?\s*\)")
"""A chart, whose caption describes the record's own data."""
_PICTURE = re.compile(r"(?P<alt>!\[[^\[\]]*\])(?P<address>\([^\s()]*)")
_ADDRESS = re.compile(r"\]\([^\s()]*(?:\([^\s()]*\)[^\s()]*)*|<https?:[^<>\n]*>|https?://\S+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ATTRIBUTES = re.compile(r"\{(?!lab:|claim:|given:)[^{}\n]*\}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure that has no source, with its place in the file, one-based."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ReasonlessMark:
    """A ``{given:…}`` mark that gives no reason."""

    line: int
    column: int


class _Places:
    """Lines and columns of a text whose first line is *first_line* of its file."""

    def __init__(self, text: str, first_line: int) -> None:
        self._first = first_line
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column, one-based, of what is *offset* characters into the text."""
        row = bisect_right(self._starts, offset) - 1
        return self._first + row, offset - self._starts[row] + 1


def unsourced(prose: str, first_line: int) -> Iterator[Quantity]:
    """Find every quantity without a source in *prose*, an article's text without its fences and comments, whose first
    line is *first_line* of its file."""
    text = _readable(prose)
    places = _Places(text, first_line)
    covered = False
    for start, end, kind in _blocks(text):
        block = text[start:end]
        if kind == "table":
            if not covered:
                yield from _in_table(text, start, end, places)
        else:
            begin = 0
            for begin, stop in _sentences(block):
                sentence = block[begin:stop]
                if not (covered and kind == "item") and not SOURCE.search(sentence):
                    yield from _found(text, start + begin, start + stop, places)
        if kind == "prose":
            last = block[begin:]
            covered = _introduces(last) and bool(SOURCE.search(last))


def without_reason(prose: str, first_line: int) -> Iterator[ReasonlessMark]:
    """Find the marks that say a figure needs no source but give no reason."""
    places = _Places(prose, first_line)
    for found in GIVEN.finditer(_coded(prose)):
        if not found["reason"].strip():
            yield ReasonlessMark(*places.at(prose.index("{given:", found.start())))


def _coded(prose: str) -> str:
    return INLINE_CODE.sub(lambda found: re.sub(r"[^\n]", _CODE, found[0]), prose)


def _readable(prose: str) -> str:
    """*prose* at the same places, with code, addresses, tags and pictures' alternatives made unreadable."""

    def blank(found: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", found[0])

    text = _PICTURE.sub(blank, _CHART.sub(blank, _coded(prose)))
    for pattern in (_ADDRESS, _TAG, _ATTRIBUTES):
        text = pattern.sub(blank, text)
    return text


def _blocks(text: str) -> Iterator[tuple[int, int, str]]:
    """Paragraphs, items of lists and tables: start, end and kind; headings and footnotes are left out."""
    at, start, kind, skipping = 0, 0, "", False
    for line in [*text.split("\n"), ""]:
        blank = not line.strip()
        indented = line.startswith(("    ", "\t"))
        if skipping and (blank or indented):
            at += len(line) + 1
            continue
        noted = bool(_FOOTNOTE.match(line) or _DEFINITION.match(line))
        heading = line.startswith("#")
        item = bool(_ITEM.match(line))
        row = line.lstrip().startswith("|") or (kind == "table" and "|" in line)
        ends = blank or noted or heading or (item and not row) or (row != (kind == "table"))
        if kind and ends:
            yield start, at, kind
            kind = ""
        skipping = noted
        if not (blank or noted or heading) and not kind:
            kind = "table" if row else "item" if item else "prose"
            start = at
        at += len(line) + 1
    if kind:
        yield start, min(at, len(text)), kind


def _sentences(block: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of *block*, with the marks after its full stop."""
    start = 0
    for end in _END.finditer(block):
        if end.start() < start or _ABBREVIATED.search(block, max(start, end.start() - 12), end.start() + 1):
            continue
        behind = _BEHIND.match(block, end.end())
        stop = behind.end() if behind else end.end()
        rest = block[stop : stop + 20]
        follows = rest.lstrip(' \u00a0\n*_("“‘[{')
        if rest and not rest[0].isspace():
            continue
        if follows and not (follows[0].isupper() or follows[0].isdigit() or follows[0] in f"{_CODE}~+−"):
            continue
        yield start, stop
        start = stop
    if block[start:].strip():
        yield start, len(block)


def _introduces(sentence: str) -> bool:
    return SOURCE.sub("", sentence).rstrip().rstrip("*_").endswith(":")


def _in_table(text: str, start: int, end: int, places: _Places) -> Iterator[Quantity]:
    lines = text[start:end].split("\n")
    head = lines[0] if len(lines) > 1 and _DELIMITER.match(lines[1]) else ""
    sourced = {number for number, cell in enumerate(_cells(head)) if SOURCE.search(head, *cell)}
    at = start
    for number, line in enumerate(lines):
        if not SOURCE.search(line) and not (number == 1 and head):
            for column, (left, right) in enumerate(_cells(line)):
                if column not in sourced:
                    yield from _found(text, at + left, at + right, places)
        at += len(line) + 1


def _cells(row: str) -> list[tuple[int, int]]:
    """Start and end of each cell of *row*."""
    bars = [found.start() for found in re.finditer(r"(?<!\\)\|", row)]
    edges = [-1, *bars, len(row)] if not row.lstrip().startswith("|") else [*bars, len(row)]
    return [(left + 1, right) for left, right in pairwise(edges)]


def _found(text: str, start: int, end: int, places: _Places) -> Iterator[Quantity]:
    for found in _QUANTITY.finditer(text, start, end):
        if not _passes(text, found):
            words = " ".join(found[0].split())
            yield Quantity(words, *places.at(found.start()))


def _passes(text: str, found: re.Match[str]) -> bool:
    """True if the number measures nothing: a name, a date, a number in a list."""
    thing = found["thing"]
    if thing is not None and _NO_THING.fullmatch(thing):
        return True
    before = text[max(0, found.start() - 40) : found.start()]
    counted = thing is not None
    if counted and (_YEAR.match(found[0]) and re.match(rf"(?:19|20)\d\d{_SPACE}", found[0])):
        return True
    if _MONTH.match(text, found.start() + len(found[0].split()[0])):
        return True
    named = _NAME.search(before)
    return counted and bool(_NUMBERED.search(before) or (named and not _NOT_A_NAME.fullmatch(named["name"])))
