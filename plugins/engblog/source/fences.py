"""Code fences: their beginning and their end."""

from __future__ import annotations

import re
from typing import NamedTuple

_FENCE = re.compile(r"^([ \t>]*)(`{3,}|~{3,})[ \t]*([^\n]*)$")


class Fence(NamedTuple):
    """A line that opens a fence."""

    before: str
    """White space and marks of quotation in front of it."""
    marker: str
    info: str
    """The text after the marker: a language, a title."""

    def is_closed_by(self, line: str) -> bool:
        """True if *line* ends the fence."""
        found = _FENCE.match(line) if self.marker in line else None
        return found is not None and found[2].startswith(self.marker) and not found[3].strip()


def opened_by(line: str) -> Fence | None:
    """The fence that *line* opens, if none is open; a line with more of its ticks is code in a paragraph."""
    found = _FENCE.match(line) if "```" in line or "~~~" in line else None
    return None if found is None or (found[2][0] == "`" and "`" in found[3]) else Fence(*found.groups())
