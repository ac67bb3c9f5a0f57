"""The commit as part of the time that a row is locked: what a slow flush does to a hot row."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engblog.lab.servers import Server

from .disk import SlowDisk
from .sessions import Session
from .shop import MERCHANTS, Shop
from .writers import Outcome, TakeOrder, Work, count_only, write

OpenSlow = Callable[[str], tuple[Shop, SlowDisk]]
INNODB = ("MariaDB", "MySQL")
WRITERS = 16
FLUSH_MS = 10
ALONE, SHARED = 1.2, 1.5
"""Commits for a flush: about one each, since the server's own background flush may stand in now and then, or more."""
SLOW_FLUSH = f"SET commit_delay = {1000 * FLUSH_MS}; SET commit_siblings = 0"
ASYNCHRONOUS = f"{SLOW_FLUSH}; SET synchronous_commit = off"


def count_and_notify(db: Session, merchant: int, work: Work) -> None:
    """Count and commit, with a NOTIFY in the same transaction."""
    db.run("NOTIFY counted")
    count_only(db, merchant, work)


@pytest.mark.fails_when("`commit_siblings` is 5", assertion="quick >= FLUSH_MS / 1000", siblings=5)
def test_commit_delay_makes_every_flush_slow(open_postgresql: Callable[..., Shop], siblings: int = 0) -> None:
    """With commit_delay 10000 and commit_siblings 0, nine in ten commits of a lone writer take 10 ms or more."""
    setting = f"SET commit_delay = {1000 * FLUSH_MS}; SET commit_siblings = {siblings}"
    run = write(open_postgresql(), 1, count_only, setting=setting, seconds=0.4)
    quick = sorted(run.latencies)[len(run.latencies) // 10]
    assert quick >= FLUSH_MS / 1000


@pytest.mark.fails_when(
    "`synchronous_commit` is off", assertion="run.committed <= ALONE * flushes", setting=ASYNCHRONOUS
)
@pytest.mark.fails_when(
    "each writer has its own row", assertion="run.committed <= ALONE * flushes", merchants=MERCHANTS
)
def test_postgresql_keeps_the_row_locked_until_the_flush_is_done(
    open_postgresql: Callable[..., Shop], record: Any, setting: str = SLOW_FLUSH, merchants: int = 1
) -> None:
    """PostgreSQL: 16 writers that count on one row need about one flush for each commit."""
    shop = open_postgresql()
    for _ in range(5):
        run, flushes = _postgresql_run(shop, count_only, setting, merchants)
        _note(record, "PostgreSQL", "pg_one", run)
        assert run.committed <= ALONE * flushes


@pytest.mark.fails_when("they count on one row", assertion="run.committed > SHARED * flushes", merchants=1)
@pytest.mark.fails_when("they also NOTIFY", assertion="run.committed > SHARED * flushes", take_order=count_and_notify)
def test_writers_of_different_rows_share_a_flush(
    open_postgresql: Callable[..., Shop],
    record: Any,
    take_order: TakeOrder = count_only,
    merchants: int = MERCHANTS,
) -> None:
    """PostgreSQL: 16 writers, each on its own row, share flushes: there are over 1.5 commits to a flush."""
    shop = open_postgresql()
    for _ in range(5):
        run, flushes = _postgresql_run(shop, take_order, SLOW_FLUSH, merchants)
        record.sample("pg_own", run.rate, note="commits a second, 16 writers on 16 rows, 10 ms flush", worst="lowest")
        assert run.committed > SHARED * flushes


@pytest.mark.fails_when("there is no NOTIFY", assertion="run.committed <= ALONE * flushes", take_order=count_only)
def test_notify_makes_commits_of_different_rows_queue(
    open_postgresql: Callable[..., Shop], record: Any, take_order: TakeOrder = count_and_notify
) -> None:
    """PostgreSQL: with a NOTIFY in each transaction 16 writers on 16 rows need about one flush for each commit."""
    shop = open_postgresql()
    for _ in range(5):
        run, flushes = _postgresql_run(shop, take_order, SLOW_FLUSH, MERCHANTS)
        note = "commits a second, 16 writers on 16 rows, each with NOTIFY, 10 ms flush"
        record.sample("pg_notify", run.rate, note=note, worst="lowest")
        assert run.committed <= ALONE * flushes


@pytest.mark.fails_when("`synchronous_commit` is on", assertion="run.committed > SHARED * flushes", setting=SLOW_FLUSH)
def test_asynchronous_commit_takes_the_flush_out_of_the_lock(
    open_postgresql: Callable[..., Shop], record: Any, setting: str = ASYNCHRONOUS
) -> None:
    """PostgreSQL, synchronous_commit off: 16 writers on one row make over 1.5 commits for each flush."""
    shop = open_postgresql()
    for _ in range(5):
        run, flushes = _postgresql_run(shop, count_only, setting, 1)
        _note(record, "PostgreSQL, asynchronous", "pg_async", run)
        assert run.committed > SHARED * flushes


@pytest.mark.fails_when("the binary log is on", assertion="run.committed > SHARED * flushes", logged=True)
@pytest.mark.parametrize("kind", INNODB)
def test_innodb_lets_go_of_the_row_before_the_flush(
    open_slow: OpenSlow, record: Any, kind: str, logged: bool = False
) -> None:
    """MariaDB and MySQL 5.6, no binary log: 16 writers on one row make over 1.5 commits for each redo log flush."""
    shop, disk = open_slow(kind)
    for _ in range(5):
        run, flushes = _innodb_run(shop, disk, logged)
        _note(record, f"{kind}, no binary log", f"{kind.lower()}_plain", run)
        assert run.committed > SHARED * flushes


@pytest.mark.fails_when("there is no binary log", assertion="run.committed <= ALONE * flushes", logged=False)
@pytest.mark.parametrize("kind", INNODB)
def test_with_a_binary_log_innodb_keeps_the_row_through_the_flush(
    open_slow: OpenSlow, record: Any, kind: str, logged: bool = True
) -> None:
    """MariaDB and MySQL 5.6 with a binary log: 16 writers on one row need about one redo log flush for each commit."""
    shop, disk = open_slow(kind)
    for _ in range(5):
        run, flushes = _innodb_run(shop, disk, logged)
        _note(record, f"{kind}, binary log", f"{kind.lower()}_binlog", run)
        assert run.committed <= ALONE * flushes


@pytest.fixture(scope="module")
def logging_mariadb(start_mariadb: Callable[..., Any]) -> Any:
    """MariaDB with a binary log, which a session can switch off for itself."""
    return start_mariadb(log_bin="changes", server_id=1, innodb_fast_shutdown=2)


@pytest.fixture(scope="module")
def logging_mysql(start_mysql: Callable[..., Any]) -> Any:
    """MySQL 5.6 likewise."""
    return start_mysql(log_bin="changes", server_id=1, innodb_fast_shutdown=2)


@pytest.fixture
def open_slow(logging_mariadb: Server, logging_mysql: Server) -> Iterator[OpenSlow]:
    """``open_slow("MySQL")`` returns a shop on that server, and the disk below it, which it has made slow."""
    servers = {server.name: server for server in (logging_mariadb, logging_mysql)}
    closing: list[Callable[[], None]] = []

    def open_one(kind: str) -> tuple[Shop, SlowDisk]:
        shop = Shop(servers[kind])
        disk = SlowDisk(servers[kind], FLUSH_MS)
        closing.extend([shop.close, disk.repair])
        return shop, disk

    yield open_one
    for close in reversed(closing):
        close()


def _postgresql_run(shop: Shop, take_order: TakeOrder, setting: str, merchants: int) -> tuple[Outcome, int]:
    before = _wal_flushes(shop)
    run = write(shop, WRITERS, take_order, merchants=merchants, setting=setting)
    return run, _wal_flushes(shop) - before


def _wal_flushes(shop: Shop) -> int:
    for db in [*shop.crew(WRITERS), shop.db]:  # each keeps its statistics to itself for up to a second
        db.run("SELECT pg_stat_force_next_flush()")
        db.commit()
    moved = shop.db.value("SELECT current_setting('server_version_num')::int >= 180000")
    query = "SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal'" if moved else "SELECT wal_sync FROM pg_stat_wal"
    flushes = int(shop.db.value(query))
    shop.db.commit()
    return flushes


def _innodb_run(shop: Shop, disk: SlowDisk, logged: bool) -> tuple[Outcome, int]:
    before = disk.redo_flushes()
    run = write(shop, WRITERS, count_only, setting=f"SET sql_log_bin = {int(logged)}")
    return run, disk.redo_flushes() - before


def _note(record: Any, name: str, key: str, run: Outcome) -> None:
    chart = record.chart(
        "flush",
        title="One row, 16 writers, 10 ms a flush",
        x="server",
        y="commits a second",
        kind="dots",
        y_scale="log",
        note="five runs of 0.15 s each",
    )
    chart.point("one row", name, run.rate)
    record.sample(key, run.rate, note=f"commits a second, 16 writers on one row, 10 ms flush, {name}", worst="lowest")
