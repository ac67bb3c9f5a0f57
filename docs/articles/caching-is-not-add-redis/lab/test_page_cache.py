"""The page cache: what a file costs to read before and after the kernel has it in memory."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import pytest

from .pages import PAGES, drop, reads, resident


@pytest.mark.fails_when("the file is not dropped", assertion="dropped == 0", drops=False)
def test_a_file_that_was_just_written_is_in_memory_until_it_is_dropped(file: Path, drops: bool = True) -> None:
    """At least 99% of a new file's pages are in the page cache; DONTNEED takes all of them out."""
    written = resident(file)
    if drops:
        drop(file)
    dropped = resident(file)

    assert written > 0.99 * PAGES  # the kernel may take some back at any time
    assert dropped == 0


@pytest.mark.fails_when("the file is not dropped first", assertion="cold > 5 * warm", dropped=False)
def test_a_page_from_the_disk_costs_more_than_five_from_the_page_cache(
    file: Path, record: Any, dropped: bool = True
) -> None:
    """Reading a page that is not in the page cache takes more than 5 times as long as reading it again."""
    colds, warms = reads(file, dropped=dropped)
    record.samples("page_cold", colds, unit="µs", note="pread of 4 KiB that is not in the page cache, mean of 40")
    record.samples("page_warm", warms, unit="µs", note="pread of 4 KiB from the page cache, mean of 40, from Python")
    cold, warm = statistics.median(colds), statistics.median(warms)

    assert cold > 5 * warm
