"""The records that forget.c leaves, one for each thing that a program did to a file."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

_HEAD = struct.Struct("<QQqII")  # struct record in forget.c


@dataclass(frozen=True, slots=True)
class Step:
    """One record. *kind*: C create, L link, M mkdir, R rename, U unlink; W write, T truncate, A allocate; S sync of a
    file, Y sync of a folder, F sync that failed."""

    time: float
    kind: str
    file: int
    offset: int
    data: bytes

    @property
    def paths(self) -> list[str]:
        """The paths that it names: two for a rename and a link."""
        return [path.decode() for path in self.data.split(b"\0")]


def read_journal(path: Path) -> list[Step]:
    """Read every record; a record that the kill cut short is left out."""
    data = path.read_bytes() if path.exists() else b""
    steps: list[Step] = []
    at = 0
    while at + _HEAD.size <= len(data):
        nanoseconds, file, offset, kind, size = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        if at + size > len(data):
            break
        steps.append(Step(nanoseconds / 1e9, chr(kind), file, offset, data[at : at + size]))
        at += size
    return steps
