"""PostgreSQL: what its settings keep, what they lose, and what it does when fsync fails."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from engblog.lab.process import LabError, wait_until

from commits import Loss, commit_for
from machine import Machine
from window import lose

Fixture = Callable[..., Any]
ROWS = "SELECT number FROM t"


def not_the_wal(path: str) -> bool:
    """The kernel wrote back every file except the log."""
    return not path.startswith("pg_wal/")


@pytest.fixture(scope="module")
def box(start_postgresql: Fixture, machine: Fixture) -> Machine:
    """A machine with PostgreSQL, and with an empty table ``t``."""
    server = start_postgresql(autovacuum="off")
    with psycopg.connect(server.dsn, autocommit=True) as db:
        db.execute("CREATE TABLE t (number int)")
    made: Machine = machine(server, server.data)
    return made


def found(box: Machine) -> set[int]:
    """The rows that are there."""
    with psycopg.connect(box.server.dsn) as db:
        return {number for (number,) in db.execute(ROWS)}


def lost(box: Machine, seconds: float, *, power: bool = True) -> Loss:
    """Commit for *seconds*, and crash at the worst instant."""
    with psycopg.connect(box.server.dsn, autocommit=True) as db:
        acks = commit_for(seconds, lambda number: db.execute("INSERT INTO t VALUES (%s)", [number]))
    return lose(box, acks, "pg_wal/", lambda: found(box), power=power)


@pytest.mark.fails_when("`synchronous_commit` is off", assertion="gone.rows == 0", mode="off")
def test_a_synchronous_commit_is_kept(box: Machine, mode: str = "") -> None:
    """With `synchronous_commit` at its default, PostgreSQL lost no acknowledged row in a power failure."""
    box.boot(**({"synchronous_commit": mode} if mode else {}))
    gone = lost(box, 0.5)
    assert gone.rows == 0


@pytest.mark.fails_when("`synchronous_commit` is on", assertion="gone.rows > 0", mode="on")
def test_an_asynchronous_commit_can_be_lost(box: Machine, record: Any, windows: Any, mode: str = "off") -> None:
    """With `synchronous_commit` off, PostgreSQL lost acknowledged rows in a power failure, but only the latest."""
    box.boot(synchronous_commit=mode)
    gone = lost(box, 1.1)
    windows("PostgreSQL, off", gone)
    record.number("pg_async", gone.milliseconds, unit="ms", digits=2, note="age of the oldest row lost")
    assert gone.rows > 0
    assert not gone.hole


@pytest.mark.fails_when("`synchronous_commit` is on", assertion="gone.rows > 0", mode="on")
def test_an_asynchronous_commit_dies_with_the_process(box: Machine, mode: str = "off") -> None:
    """With `synchronous_commit` off, PostgreSQL lost acknowledged rows when its processes were killed."""
    box.boot(synchronous_commit=mode)
    gone = lost(box, 0.5, power=False)
    assert gone.rows > 0


@pytest.mark.fails_when("the last commit is asynchronous too", assertion="== {1, 2, 3}", last="off")
def test_one_synchronous_commit_saves_those_before(box: Machine, last: str = "on") -> None:
    """A synchronous commit of PostgreSQL also saved the asynchronous commits before it from a power failure."""
    box.boot(wal_writer_delay=10000)
    with psycopg.connect(box.server.dsn, autocommit=True) as db:
        for number, mode in ((1, "off"), (2, "off"), (3, last)):
            db.execute(f"SET synchronous_commit = {mode}")
            db.execute("INSERT INTO t VALUES (%s)", [number])
        box.crash()
    box.restart()
    assert found(box) == {1, 2, 3}


@pytest.mark.fails_when("`fsync` is on", assertion="not starts", fsync="on")
def test_without_fsync_the_cluster_may_not_start(box: Machine, record: Any, fsync: str = "off") -> None:
    """With `fsync` off, PostgreSQL did not start after a power failure before which the kernel had written back every
    file except the log."""
    box.boot(fsync=fsync)
    with psycopg.connect(box.server.dsn, autocommit=True) as db:
        db.execute("INSERT INTO t SELECT generate_series(1, 1000)")
        db.execute("CHECKPOINT")
        box.crash(written_back=not_the_wal)
    try:
        box.restart()
        starts = True
    except LabError:
        starts = False
    if not starts:
        panic = next(line for line in box.log.splitlines() if "PANIC" in line)
        record.number("pg_panic", panic.partition("PANIC:  ")[2], note="what PostgreSQL logs")
    assert not starts


@pytest.mark.fails_when("`data_sync_retry` is on", assertion='"PANIC:" in', retry="on")
def test_postgresql_panics_when_fsync_fails(box: Machine, record: Any, retry: str = "off") -> None:
    """When the sync of a table failed in a checkpoint, PostgreSQL panicked and recovered from the log; a power failure
    afterwards took no row."""
    box.boot(data_sync_retry=retry)
    _failed_checkpoint(box)
    assert "PANIC:" in box.log
    line = next(line for line in box.log.splitlines() if "PANIC:" in line)
    record.number("pg_fsync_panic", _without_names(line.partition("PANIC:  ")[2]), note="what PostgreSQL logs")
    wait_until(lambda: _answers(box), seconds=60, what="the end of recovery")
    box.crash()
    box.restart()
    assert found(box) == set(range(1000))


@pytest.mark.fails_when("`data_sync_retry` is off", assertion="found(box) == set()", retry="off")
@pytest.mark.fails_when("somebody reads the table between the checkpoints", assertion="found(box) == set()", read=True)
def test_a_retried_fsync_loses_the_table(box: Machine, retry: str = "on", read: bool = False) -> None:
    """With `data_sync_retry` on, the checkpoint after a failed sync succeeded; after a power failure, the table was
    empty, and PostgreSQL logged no error and no warning."""
    box.boot(data_sync_retry=retry)
    _failed_checkpoint(box)
    wait_until(lambda: _answers(box), seconds=60, what="PostgreSQL to answer")
    if read:
        found(box)
    with psycopg.connect(box.server.dsn, autocommit=True) as db:
        db.execute("CHECKPOINT")
    box.crash()
    logged = len(box.log)
    box.restart()
    assert found(box) == set()
    assert not any(word in box.log[logged:] for word in ("WARNING:", "ERROR:", "PANIC:"))


def _failed_checkpoint(box: Machine) -> None:
    with psycopg.connect(box.server.dsn, autocommit=True) as db:
        db.execute("INSERT INTO t SELECT generate_series(0, 999)")
        row = db.execute("SELECT pg_relation_filepath('t')").fetchone()
        assert row
        box.disk.fail_next_sync(row[0])
        with pytest.raises(psycopg.Error):
            db.execute("CHECKPOINT")
    assert box.disk.has_failed


def _without_names(line: str) -> str:
    return line.partition('file "')[0] + 'file "…"' + line.partition('file "')[2].partition('"')[2]


def _answers(box: Machine) -> bool:
    try:
        with psycopg.connect(box.server.dsn) as db:
            return bool(db.execute("SELECT 1").fetchall())  # a look at the table could make its pages dirty again
    except psycopg.Error:
        return False


CLIENTS = (1, 2, 4, 8, 16)
COMMITS = 96


def _syncs_per_commit(box: Machine, clients: int) -> tuple[float, float]:
    """Syncs of the log for each commit, and commits for each second, when *clients* commit at once."""
    each = COMMITS // clients
    gate = threading.Barrier(clients + 1)

    def work() -> None:
        with psycopg.connect(box.server.dsn, autocommit=True) as db:
            gate.wait()
            for number in range(each):
                db.execute("INSERT INTO t VALUES (%s)", [number])
            gate.wait()

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    start = box.disk.now()
    gate.wait()
    end = box.disk.now()
    for thread in threads:
        thread.join()
    syncs = [step for step in box.disk.syncs("pg_wal/", since=start) if step.time <= end]
    return len(syncs) / COMMITS, COMMITS / (end - start)


@pytest.mark.fails_when("one client commits", assertion="many < 0.5", clients=(1,))
def test_many_commits_share_one_sync(box: Machine, record: Any, clients: tuple[int, ...] = CLIENTS) -> None:
    """Sixteen clients of PostgreSQL that commit at once need less than one sync of the log for two commits; one client
    needs at least one for each."""
    box.boot(delay_ms=10)
    chart = record.chart(
        "group",
        title="Commits a second when a sync takes 10 ms",
        x="Clients",
        y="Commits a second",
        x_scale="log",
        note="PostgreSQL, 96 commits in all, every sync of the shim takes 10 ms",
    )
    for number in clients:
        many, rate = _syncs_per_commit(box, number)
        chart.point("commits", number, rate, digits=3)
        record.number(f"syncs_{number}", many, digits=2, note=f"syncs for each commit with {number} clients")
        record.number(f"rate_{number}", rate, digits=2, unit="commits/s", note=f"with {number} clients")
        if number == 1:
            assert many >= 1
    assert many < 0.5
