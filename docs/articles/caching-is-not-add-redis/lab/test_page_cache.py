"""The page cache: what a file costs to read before and after the kernel has it in memory."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from .pages import PAGES, drop, median_read, resident
from .quiet import quietest


@pytest.mark.fails_when("the file is not dropped first", assertion="before == 0", dropped=False)
def test_a_file_that_was_just_written_is_in_memory_until_it_is_dropped(file: Path, dropped: bool = True) -> None:
    """Every page of a new file is in the page cache; DONTNEED takes all of them out, and reading brings them back."""
    assert resident(file) > 0.99 * PAGES  # the kernel may take some back at any time
    if dropped:
        drop(file)
    before = resident(file)
    file.read_bytes()
    after = resident(file)

    assert before == 0
    assert after > 0.99 * PAGES


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
