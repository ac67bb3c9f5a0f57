"""Write rows and say so after each: the process that the tests kill or trace.

``writer.py FOLDER SETTINGS``, where *SETTINGS* is JSON: ``rows``, and what is not as by default of ``sync``, ``log``,
``buffered``, ``batch``, ``flush_after`` and ``read_first``. One line goes to standard output for each write that has
returned, in one ``write`` call, so that whoever reads the pipe knows what was promised.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from rocksdict import Options, Rdict, WriteBatch, WriteOptions


def open_buffered(folder: str) -> Rdict:
    """Open the database with ``manual_wal_flush``, which the binding can only take from a file of options."""
    Rdict(folder, Options(raw_mode=True)).close()
    newest = max(Path(folder).glob("OPTIONS-*"))
    newest.write_text(newest.read_text().replace("manual_wal_flush=false", "manual_wal_flush=true"))
    options, families = Options.load_latest(folder)
    return Rdict(folder, options, families)


def main(folder: str, settings: dict[str, int]) -> None:
    """Write until all rows are there, then wait to be killed."""
    promise = WriteOptions()
    promise.sync = bool(settings.get("sync", 0))
    promise.disable_wal = not settings.get("log", 1)
    db = open_buffered(folder) if settings.get("buffered") else Rdict(folder, Options(raw_mode=True))
    size = settings.get("batch", 1)
    for first in range(0, settings["rows"], size):
        if settings.get("read_first"):
            db.get(b"%08d" % first)
        batch = WriteBatch(raw_mode=True)
        for number in range(first, first + size):
            batch.put(b"%08d" % number, b"v" * 100)
        db.write(batch, promise)
        if first + size == settings.get("flush_after"):
            db.flush()
        os.write(1, b"%d\n" % (first + size))
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
