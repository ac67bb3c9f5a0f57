"""The page cache: what a file costs to read before and after the kernel has it in memory."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engblog.lab.process import find_program

from .quiet import quietest

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


@pytest.fixture
def file() -> Iterator[Path]:
    """A file on a real disk: a temporary folder that is memory itself (tmpfs) has nothing below it to read from."""
    kind = "stat --file-system --format=%T"
    places = [Path(tempfile.gettempdir()), Path("/var/tmp"), Path.home()]  # noqa: S108  (one of them is on a disk)
    disk = next(p for p in places if subprocess.check_output([*kind.split(), str(p)], text=True).strip() != "tmpfs")
    with tempfile.TemporaryDirectory(prefix="lab-pages-", dir=disk) as folder:
        made = Path(folder) / "pages"
        made.write_bytes(os.urandom(PAGE * PAGES))
        yield made


@pytest.mark.fails_when("the file is not dropped first", assertion="before == 0", dropped=False)
def test_a_file_that_was_just_written_is_in_memory_until_it_is_dropped(file: Path, dropped: bool = True) -> None:
    """Every page of a new file is in the page cache; DONTNEED takes all of them out, and reading brings them back."""
    assert resident(file) == PAGES
    if dropped:
        drop(file)
    before = resident(file)
    file.read_bytes()
    after = resident(file)

    assert before == 0
    assert after == PAGES


@pytest.mark.fails_when("the file is not dropped first", assertion="cold > 5 * warm", dropped=False)
def test_a_page_from_the_disk_costs_more_than_five_from_the_page_cache(
    file: Path, record: Any, dropped: bool = True
) -> None:
    """Reading a page that is not in the page cache takes more than 5 times as long as reading one that is."""
    draw = random.Random(1)
    colds, warms = [], []
    for _ in range(15):
        if dropped:
            drop(file)
        chosen = draw.sample(range(PAGES), 40)
        with file.open("rb", buffering=0) as opened:
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_RANDOM)  # no readahead
            colds.append(median_read(opened.fileno(), chosen))
            warms.append(median_read(opened.fileno(), chosen))
    colds, warms = quietest(colds), quietest(warms)
    record.samples("page_cold", colds, unit="µs", note="pread of 4 KiB that is not in the page cache, median of 40")
    record.samples("page_warm", warms, unit="µs", note="pread of 4 KiB from the page cache, median of 40, from Python")
    cold, warm = min(colds), min(warms)

    assert cold > 5 * warm


def median_read(descriptor: int, pages: list[int]) -> float:
    """Microseconds of one ``pread`` of a page."""
    times = []
    for page in pages:
        start = time.perf_counter_ns()
        os.pread(descriptor, PAGE, page * PAGE)
        times.append((time.perf_counter_ns() - start) / 1_000)
    return statistics.median(times)
