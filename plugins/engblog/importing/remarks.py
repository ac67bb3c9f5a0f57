"""Notes on what an import changed, and on what it leaves to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum


class Effect(Enum):
    """The effect of an import on a part of a post."""

    CHANGED = "changed"
    """It says the same in another form, or something that no reader could see was taken out."""
    LEFT = "left for you"
    """A reader would miss something; a person has to decide."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A note on a line of an old file."""

    effect: Effect
    path: str
    """The old file, from the folder that is imported."""
    line: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """``path:line message`` and, indented below, the hint."""
        head = f"{self.path}:{self.line} {self.message}"
        return f"{head}\n    {self.hint}" if self.hint else head


@dataclass(slots=True)
class Remarks:
    """The notes on one old file."""

    path: str
    found: list[Remark] = field(default_factory=list)

    def changed(self, line: int, message: str) -> None:
        """Note something that was translated or taken out without a loss."""
        self.found.append(Remark(Effect.CHANGED, self.path, line, message))

    def left(self, line: int, message: str, hint: str) -> None:
        """Note something that a person must look at."""
        self.found.append(Remark(Effect.LEFT, self.path, line, message, hint))

    @property
    def is_complete(self) -> bool:
        """True if nothing is left to a person."""
        return all(remark.effect is not Effect.LEFT for remark in self.found)


@dataclass(frozen=True, slots=True)
class FoldedRemark:
    """A note that applies to several lines of a file."""

    remark: Remark
    lines: tuple[int, ...]


def folded(remarks: Sequence[Remark]) -> list[FoldedRemark]:
    """*remarks* with those that say the same of one file folded into one, in the order of the first of each."""
    lines: dict[tuple[Effect, str, str, str], list[int]] = {}
    first: dict[tuple[Effect, str, str, str], Remark] = {}
    for remark in remarks:
        key = (remark.effect, remark.path, remark.message, remark.hint)
        first.setdefault(key, remark)
        lines.setdefault(key, []).append(remark.line)
    return [FoldedRemark(first[key], tuple(dict.fromkeys(lines[key]))) for key in lines]
