"""Pages of a file: how many the kernel holds, how to make it forget them, and what one of them costs to read."""

from __future__ import annotations

import os
import random
import subprocess
import time
from pathlib import Path

from engblog.lab.process import find_program

from .round_trips import ROUNDS

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


def reads(path: Path, *, dropped: bool = True, dropped_again: bool = False) -> tuple[list[float], list[float]]:
    """Microseconds of reading a page of *path* in every round: once it has been *dropped*, and then once more.

    A round is the mean of 40 pages drawn at random; nothing is read ahead.
    """
    draw = random.Random(1)
    first, second = [], []
    for _ in range(ROUNDS):
        if dropped:
            drop(path)
        chosen = draw.sample(range(PAGES), 40)
        with path.open("rb", buffering=0) as opened:
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_RANDOM)
            first.append(_mean_read(opened.fileno(), chosen))
            if dropped_again:
                drop(path)
            second.append(_mean_read(opened.fileno(), chosen))
    return first, second


def _mean_read(descriptor: int, pages: list[int]) -> float:
    """Microseconds of one ``pread`` of a page."""
    start = time.perf_counter_ns()
    for page in pages:
        os.pread(descriptor, PAGE, page * PAGE)
    return (time.perf_counter_ns() - start) / len(pages) / 1_000
