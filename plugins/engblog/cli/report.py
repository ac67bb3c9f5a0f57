"""Problems as text for people: with the line that each is about on a terminal, and many alike folded into one."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from engblog.model.problems import Code, Mark, Problem, printable

OF_A_FILE = 5
"""Problems of one code in one file that are shown, before the rest is only counted."""
OF_A_CODE = 20
"""The same in all files."""

_QUOTED = re.compile("“([^“”…]++)[”…]")
_WORD = re.compile(r"[\w/.#:@+-]+|\S")
_BOLD, _DIM, _RED, _CYAN, _UNDERLINED, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[36m", "\x1b[4;31m", "\x1b[0m"
_LONGEST_FILE = 2_000_000
_LEAST_WIDTH = 40


@dataclass(frozen=True, slots=True)
class Appearance:
    """The way in which a report is shown."""

    excerpts: bool = False
    """True to show the line that each problem is about."""
    colour: bool = False
    width: int = 80

    @classmethod
    def of(cls, stream: TextIO, environment: Mapping[str, str] = os.environ) -> Appearance:
        """The style for *stream*: with lines on a terminal, and in colour unless ``NO_COLOR`` is set or the terminal
        has none."""
        if not stream.isatty():
            return cls()
        has_colour = not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
        return cls(excerpts=True, colour=has_colour, width=max(_LEAST_WIDTH, shutil.get_terminal_size().columns))


def as_text(problems: Sequence[Problem], style: Appearance, *, every: bool = False) -> str:
    """The problems as text that ends with the count of each code. Unless *every* one is wanted, those of a code of
    which there are many are folded: :data:`OF_A_FILE`, :data:`OF_A_CODE`."""
    lines, shown, files = list[str](), Counter[Code](), Counter[tuple[Code, str]]()
    folded: dict[Code, Counter[str]] = defaultdict(Counter)
    sources = _Sources()
    for problem in problems:
        key = (problem.code, problem.mark.path)
        if not every and (files[key] >= OF_A_FILE or shown[problem.code] >= OF_A_CODE):
            folded[problem.code][problem.mark.path] += 1
            continue
        files[key] += 1
        shown[problem.code] += 1
        lines += _shown(problem, style, sources)
    for code, paths in folded.items():
        lines.append(_rest(code, paths))
    return "\n".join([*lines, *_counts(problems, style, is_folded=bool(folded))])


def _shown(problem: Problem, style: Appearance, sources: _Sources) -> Iterator[str]:
    if not style.excerpts:
        yield from str(problem).split("\n")
        return
    mark = problem.mark
    place = printable(f"{mark.path}:{mark.line}:{mark.column}".replace("\n", "\ufffd"))
    yield f"{_in(style, _BOLD, place)} {_in(style, _RED, problem.code.id)} {printable(problem.message)}"
    if (line := sources.line(mark)) is not None:
        yield from _excerpt(line, mark.column, _length(problem, line), style)
    if problem.hint:
        yield f"    {_in(style, _CYAN, printable(problem.hint))}"


def _excerpt(line: str, column: int, length: int, style: Appearance) -> Iterator[str]:
    """The part of *line* around *column* that has room, with *length* characters marked."""
    room = style.width - 8
    start = column - 1
    left = max(0, min(start - room // 3, len(line) - room)) if len(line) > room else 0
    right = min(len(line), left + room)
    lead, tail = ("…" if left else ""), ("…" if right < len(line) else "")
    before, marked, after = line[left:start], line[start : min(start + length, right)], line[start + length : right]
    if style.colour and marked:
        yield f"    {_DIM}|{_PLAIN} {lead}{before}{_UNDERLINED}{marked}{_PLAIN}{after}{tail}"
        return
    yield f"    | {lead}{line[left:right]}{tail}"
    yield f"    | {' ' * _width(lead + before)}{'^' * max(1, _width(marked))}"


def _length(problem: Problem, line: str) -> int:
    """The number of characters that *problem* is about: what its message quotes, if it is there, or a word."""
    rest = line[problem.mark.column - 1 :]
    for quoted in _QUOTED.findall(problem.message):
        if rest.startswith(quoted):
            return len(quoted)
    word = _WORD.match(rest)
    return len(word[0]) if word else 1


def _width(text: str) -> int:
    """The columns of a terminal that *text* takes."""
    return sum(_WIDTHS.get(unicodedata.east_asian_width(each), 1) for each in text if not unicodedata.combining(each))


_WIDTHS = {"W": 2, "F": 2}


@dataclass
class _Sources:
    """The lines of the files that problems are in, each file read once."""

    _lines: dict[str, list[str] | None] = field(default_factory=dict)

    def line(self, mark: Mark) -> str | None:
        """The line of *mark*, safe to print; None if there is none."""
        if mark.path not in self._lines:
            self._lines[mark.path] = _lines_of(Path(mark.path))
        lines = self._lines[mark.path]
        if lines is None or not 0 < mark.line <= len(lines) or not lines[mark.line - 1].strip():
            return None
        return "".join(each if each.isprintable() else " " for each in lines[mark.line - 1])


def _lines_of(path: Path) -> list[str] | None:
    try:
        if not path.is_file() or path.stat().st_size > _LONGEST_FILE:
            return None
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError):
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _rest(code: Code, paths: Counter[str]) -> str:
    """A line in place of the problems of *code* that are not shown."""
    places = [f"{printable(path.replace(chr(10), chr(0xFFFD)))} ({count})" for path, count in paths.most_common(3)]
    more = f" and {len(paths) - 3} other files" if len(paths) > 4 else ""
    if len(paths) == 4:
        path, count = paths.most_common()[3]
        places.append(f"{printable(path)} ({count})")
    return f"{code.id} {paths.total()} more like these: {', '.join(places)}{more}"


def _counts(problems: Sequence[Problem], style: Appearance, *, is_folded: bool) -> Iterator[str]:
    counts = Counter(problem.code for problem in problems)
    wide = len(str(max(counts.values())))
    for code, count in sorted(counts.items(), key=lambda each: (-each[1], each[0].id)):
        yield f"  {count:>{wide}} {_in(style, _RED, code.id)} {code.value}"
    if style.excerpts:
        first = next(iter(counts)).id
        yield _in(style, _DIM, f"  engblog check --explain {first} says more" + ("; --all shows each" * is_folded))
    elif is_folded:
        yield "  --all shows each of them"
    yield count_of(problems)


def count_of(problems: Iterable[Problem]) -> str:
    """The number of *problems* and of their files, in words."""
    found = [problem.mark.path for problem in problems]
    total, files = len(found), len({*found})
    return f"{total} problem{'' if total == 1 else 's'} in {files} file{'' if files == 1 else 's'}"


def _in(style: Appearance, code: str, text: str) -> str:
    return f"{code}{text}{_PLAIN}" if style.colour else text
