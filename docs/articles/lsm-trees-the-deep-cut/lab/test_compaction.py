"""Compaction styles under the same overwrites: what each writes, keeps on the disk, and leaves to search."""

from __future__ import annotations

import functools
import random
import re
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from engblog.lab.record import Recorder

from .conftest import MEMORY
from .rocks import KIB, MIB, Store

KEYS = 10_000
WRITES = 50_000
STEP = 200
VALUE = b"v" * 400
ROW = 416
W_AMP = 11
"""Place of the column W-Amp in a line of the compaction statistics; the column Size is two words wide."""


@dataclass(frozen=True)
class Churn:
    """Bytes, disk and runs that one style made of the writes."""

    write_amplification: float
    """Bytes that flushes and compactions wrote into tables, for each byte of row; the log is not in it."""
    reported: dict[str, float]
    """The same by RocksDB's own account: W-Amp in `rocksdb.stats`, by the first word of its line."""
    logged: float
    """Bytes that went into the log, for each byte of row."""
    reasons: tuple[str, ...]
    """Why each compaction was made, by RocksDB's file `LOG`."""
    into_last: int
    """Compactions that wrote into the last level, where the oldest run is."""
    disk: tuple[tuple[float, float], ...]
    """Megabytes written so far, and bytes of live tables over bytes of live rows."""
    runs: tuple[int, ...]
    """Sorted runs, at the same moments."""

    @property
    def squeezed(self) -> float:
        """Share of the compactions that were made only because there were too many runs."""
        return self.reasons.count("UniversalSortedRunNum") / len(self.reasons)

    @property
    def mean_runs(self) -> float:
        """Sorted runs that a read meets in the second half of the writes, on average."""
        return statistics.fmean(self.runs[len(self.runs) // 2 :])

    @property
    def peak(self) -> float:
        """The largest space amplification in the second half of the writes."""
        return max(self._second_half())

    @property
    def typical(self) -> float:
        """The median of the same."""
        return statistics.median(self._second_half())

    def _second_half(self) -> list[float]:
        return [times for _, times in self.disk[len(self.disk) // 2 :]]


@functools.cache  # counter-experiments compare with runs that are made already
def churn(style: str, trigger: int) -> Churn:
    """Return what :func:`overwrite` says of a tree of this *style*, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="lab-lsm-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        return overwrite(Path(folder) / "db", style, trigger)


# --8<-- [start:churn]
def overwrite(folder: Path, style: str, trigger: int) -> Churn:
    """Overwrite rows at random in *folder*; flush after every STEP of them."""
    store = Store(
        folder,
        compaction_style=style,
        level_zero_file_num_compaction_trigger=trigger,
        max_bytes_for_level_base=256 * KIB,
        target_file_size_base=64 * KIB,
    )
    draw, disk, runs = random.Random(7), [], []
    for written in range(STEP, WRITES + 1, STEP):
        store.put([draw.randrange(KEYS) for _ in range(STEP)], VALUE)
        store.db.flush()
        store.settle()  # wait until compaction has caught up
        disk.append((written * ROW / 1e6, store.property("live-sst-files-size")))
        runs.append(store.sorted_runs())
    counters = store.counters()
    into_tables = counters["flush.write.bytes"] + counters["compact.write.bytes"]
    # --8<-- [end:churn]
    lines = [line.split() for line in re.findall(r"^ +(?:Sum|L\d) .*$", store.stats(), re.MULTILINE)]
    log = (folder / "LOG").read_text()
    store.close()
    return Churn(
        write_amplification=into_tables / (WRITES * ROW),
        reported={line[0]: float(line[W_AMP]) for line in reversed(lines)},  # the first table is of the whole time
        logged=counters["wal.bytes"] / (WRITES * ROW),
        reasons=tuple(re.findall(r'"compaction_reason": "(\w+)"', log)),
        into_last=len(re.findall(r'"event": "compaction_finished".*"output_level": 6,', log)),
        disk=tuple((megabytes, live / (KEYS * ROW)) for megabytes, live in disk),
        runs=tuple(runs),
    )


STYLES = {"leveled": ("level", 4), "universal, 4 runs": ("universal", 4), "universal, 8 runs": ("universal", 8)}


@pytest.mark.fails_when("both trees are leveled", assertion="level.write_amplification > 1.5", tiered=("level", 4))
def test_leveling_writes_more(record: Recorder, tiered: tuple[str, int] = ("universal", 8)) -> None:
    """Leveled compaction writes over 1.5 times what universal compaction with 8 runs writes for the same overwrites."""
    level, tier = churn("level", 4), churn(*tiered)

    assert level.write_amplification > 1.5 * tier.write_amplification
    for key, style in zip(("leveled", "tiered4", "tiered8"), STYLES.values(), strict=True):
        note = f"flush and compaction bytes for each byte of row, {WRITES:,} random overwrites of {KEYS:,} rows"
        record.number(f"wamp_{key}", churn(*style).write_amplification, note=note)


@pytest.mark.fails_when("both trees are leveled", assertion="tier.peak > 1.4 * level.peak", tiered=("level", 4))
def test_tiering_takes_more_disk(record: Recorder, tiered: tuple[str, int] = ("universal", 8)) -> None:
    """Universal compaction with 8 runs takes over 1.4 times the disk of leveled compaction at its worst."""
    level, tier = churn("level", 4), churn(*tiered)

    assert tier.peak > 1.4 * level.peak
    note = f"{WRITES:,} random overwrites of {KEYS:,} rows of {ROW} bytes, one run"
    chart = record.chart("disk", title="Disk taken", x="MB written", y="times the live rows", note=note)
    for line in ("leveled", "universal, 8 runs"):
        for at, (written, times) in enumerate(churn(*STYLES[line]).disk):
            if at % 5 == 4:
                chart.point(line, round(written, 1), times)
    for key, style in zip(("leveled", "tiered4", "tiered8"), STYLES.values(), strict=True):
        note = "live tables over live rows, compaction at rest, second half of the writes"
        record.number(f"peak_{key}", churn(*style).peak, note=f"{note}, at worst")
        record.number(f"typical_{key}", churn(*style).typical, note=f"{note}, median")


@pytest.mark.fails_when("both trees are leveled", assertion="tier.mean_runs > level.mean_runs", tiered=("level", 4))
def test_tiering_leaves_more_runs_to_search(record: Recorder, tiered: tuple[str, int] = ("universal", 8)) -> None:
    """Universal compaction with 8 runs leaves more sorted runs to search, on average, than leveled compaction."""
    level, tier = churn("level", 4), churn(*tiered)

    assert tier.mean_runs > level.mean_runs
    for key, style in zip(("leveled", "tiered4", "tiered8"), STYLES.values(), strict=True):
        note = "sorted runs, compaction at rest, second half of the writes"
        record.number(f"runs_{key}", churn(*style).mean_runs, digits=2, note=f"{note}, mean")
        record.number(f"most_runs_{key}", max(churn(*style).runs), note="sorted runs, compaction at rest, at worst")


@pytest.mark.fails_when("it is read on the line of one level", assertion="told ==", line="L0")
def test_the_line_sum_of_the_statistics_tells_the_write_amplification(line: str = "Sum") -> None:
    """W-Amp on the line Sum of `rocksdb.stats` is what the counters give, within a tenth, without the log."""
    for style in STYLES.values():
        told = churn(*style).reported[line]
        assert told == pytest.approx(churn(*style).write_amplification, rel=0.1)
        assert 1 < churn(*style).logged < 1.1


@pytest.mark.fails_when("it may keep eight as well", assertion="few.write_amplification > 1.5", runs=8)
def test_the_runs_that_it_may_keep_decide_what_a_universal_tree_writes(runs: int = 4) -> None:
    """A universal tree that may keep 4 runs writes over 1.5 times as much as one that may keep 8."""
    few, many = churn("universal", runs), churn("universal", 8)

    assert few.write_amplification > 1.5 * many.write_amplification


@pytest.mark.fails_when("it may keep eight", assertion="few.squeezed > 0.4", runs=8)
def test_a_tree_that_may_keep_few_runs_merges_to_stay_within_them(record: Recorder, runs: int = 4) -> None:
    """With 4 runs, over 40% of the compactions only keep the limit and under 10% rewrite the oldest run."""
    few, many = churn("universal", runs), churn("universal", 8)

    assert few.squeezed > 0.4
    assert many.squeezed < 0.2
    assert 0 < few.into_last < 0.1 * len(few.reasons)
    record.number("merges_4", len(few.reasons), note="compactions of the universal tree with 4 runs")
    record.number("oldest_4", few.into_last, note="of these, compactions into the last level, where the oldest run is")
    for key, tree in (("squeezed_4", few), ("squeezed_8", many)):
        note = "share of the compactions that RocksDB's LOG explains with UniversalSortedRunNum"
        record.number(key, 100 * tree.squeezed, unit="%", note=note)


@pytest.mark.fails_when("level sizes are not dynamic", assertion="levels == {6}", dynamic=False)
def test_a_young_database_merges_level_0_straight_into_the_last_level(
    open_store: Callable[..., Store], dynamic: bool = True
) -> None:
    """The first compaction of a new database puts its output into level 6, the last of seven, and not into level 1."""
    store = open_store(level_compaction_dynamic_level_bytes=dynamic)
    for _ in range(4):  # the default trigger
        store.put(range(1_000))
        store.db.flush()
    store.settle()

    levels = {file["level"] for file in store.files()}
    assert levels == {6}


@pytest.mark.fails_when("compaction is leveled", assertion="rows[0] > 0", compaction_style="level")
def test_fifo_drops_the_oldest_rows_without_a_delete(
    open_store: Callable[..., Store], compaction_style: str = "fifo"
) -> None:
    """FIFO compaction drops the oldest table files at its size limit, and with them rows that nobody deleted."""
    store = open_store(compaction_style=compaction_style, fifo_bytes=MIB, write_buffer_size=128 * KIB)
    for first in range(0, 30_000, 1_000):
        store.put_batch(range(first, first + 1_000))
        store.settle()
    store.db.flush()
    store.settle()

    rows = list(map(int, store.db.keys()))
    assert rows[-1] == 29_999
    assert rows[0] > 0
    assert rows == list(range(rows[0], 30_000))
