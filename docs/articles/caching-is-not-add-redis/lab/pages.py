"""Pages of a file: how many the kernel holds, how to make it forget them, and what one of them costs to read."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from pathlib import Path

from engblog.lab.process import find_program

PAGE = 4096
PAGES = 4096
"""16 MiB: more than readahead would bring by accident, little enough to write at once."""


def resident(path: Path) -> int:
    """Pages of *path* that are in the page cache, as fincore counts them; nothing is read."""
    fincore = find_program("fincore", package="util-linux")
    command = [fincore, "--noheadings", "--bytes", "--output", "PAGES", str(path)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def drop(path: Path) -> None:
    """Take *path* out of the page cache; dirty pages would stay, so they are written first."""
    # --8<-- [start:drop]
    with path.open("rb") as file:
        os.fsync(file.fileno())  # a dirty page cannot be dropped
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    # --8<-- [end:drop]


def median_read(descriptor: int, pages: list[int]) -> float:
    """Microseconds of one ``pread`` of a page."""
    times = []
    for page in pages:
        start = time.perf_counter_ns()
        os.pread(descriptor, PAGE, page * PAGE)
        times.append((time.perf_counter_ns() - start) / 1_000)
    return statistics.median(times)
