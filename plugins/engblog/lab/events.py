"""Events of a running lab, for the program that started it: a file with a line of JSON for each event.

``{"event": "collected", "items": 12}``, then for each item ``{"event": "started", "test": …}`` and ``{"event":
"finished", "test": …, "outcome": "passed", "said": ""}``. An outcome is ``passed``, ``failed`` or ``skipped``; for a
failure, *said* is its message on one line. ``{"event": "recorded"}`` means that a record was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO


class EventWriter:
    """Writes events to a file, each immediately."""

    def __init__(self, path: Path) -> None:
        """Create the file *path*, or empty it."""
        self._file: TextIO = path.open("w", encoding="utf-8")

    def write(self, event: str, **values: Any) -> None:
        """Write one event."""
        self._file.write(json.dumps({"event": event, **values}) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class EventReader:
    """Reads the events of a file that is still being written."""

    def __init__(self, path: Path) -> None:
        """Read *path*, which need not exist yet."""
        self._path = path
        self._read = 0

    def new(self) -> Iterator[dict[str, Any]]:
        """The events that have been written since the last call; a line without its end is left for the next."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._read)
                lines = file.read().split(b"\n")
        except FileNotFoundError:
            return
        for line in lines[:-1]:
            self._read += len(line) + 1
            yield json.loads(line)
