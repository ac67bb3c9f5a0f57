"""PostgreSQL's own caches: the buffer pool, what lies below it, and the plan of a prepared statement."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from engblog.lab.process import wait_until

from .pages import drop, resident

SMALL, BIG = "product", "history"


class Database:
    """One PostgreSQL with a buffer pool of 4 MiB, a table that fits well, and one that is several times larger."""

    def __init__(self, server: Any) -> None:
        """Fill the tables of *server* and write everything to its files."""
        self.server = server
        with self.connect() as connection:
            for table, rows in ((SMALL, 6_000), (BIG, 160_000)):
                connection.execute(f"CREATE TABLE {table} (id int PRIMARY KEY, price int, text text)")
                connection.execute(
                    f"INSERT INTO {table} SELECT i, i, repeat('x', 100) FROM generate_series(1, {rows}) i"
                )
                connection.execute(f"VACUUM (FREEZE, ANALYZE) {table}")
            connection.execute("CHECKPOINT")

    def connect(self) -> psycopg.Connection[Any]:
        """A connection that commits every statement."""
        return psycopg.connect(self.server.dsn, autocommit=True)

    @contextmanager
    def restarted(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection to the server after a restart: it knows the catalogue, and no table is in the pool."""
        self.server.stop()
        self.server.start()
        with self.connect() as connection:
            connection.execute(f"EXPLAIN SELECT sum(price) FROM {SMALL}")
            yield connection

    def file(self, connection: psycopg.Connection[Any], table: str) -> Path:
        """The file that holds *table*."""
        return Path(self.server.data) / self.value(connection, f"SELECT pg_relation_filepath('{table}')")

    def value(self, connection: psycopg.Connection[Any], query: str) -> Any:
        """The only value of the only row."""
        row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]


@pytest.fixture(scope="module")
def database(start_postgresql: Callable[..., Any]) -> Database:
    """The tables, on a server without helpers in the background."""
    quiet = {"autovacuum": "off", "jit": "off", "max_parallel_workers_per_gather": 0}
    return Database(start_postgresql(shared_buffers="4MB", bgwriter_lru_maxpages=0, fsync="off", **quiet))


def buffers(connection: psycopg.Connection[Any], query: str) -> tuple[int, int]:
    """Pages that *query* found in the buffer pool, and pages that it had to ask the kernel for."""
    row = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}").fetchone()
    assert row is not None
    plan = (row[0] if isinstance(row[0], list) else json.loads(row[0]))[0]["Plan"]
    return plan["Shared Hit Blocks"], plan["Shared Read Blocks"]


@pytest.mark.fails_when("the server is restarted between the two", assertion="second == (pages, 0)", restarted=True)
def test_the_second_scan_finds_every_page_in_the_pool(database: Database, record: Any, restarted: bool = False) -> None:
    """After PostgreSQL has started, a first scan of a small table reads all its blocks, and a second hits them all."""
    query = f"SELECT sum(price) FROM {SMALL}"
    with database.restarted() as connection:
        pages = database.value(connection, f"SELECT relpages FROM pg_class WHERE relname = '{SMALL}'")
        first = buffers(connection, query)
        second = buffers(connection, query)
    if restarted:
        with database.restarted() as connection:
            second = buffers(connection, query)
    record.number("pool_pages", pages, note="pages of the table: blocks read by the first scan, hit by the second")

    assert first == (0, pages)
    assert second == (pages, 0)


@pytest.mark.fails_when("the file was dropped from the page cache before", assertion="disk == 0", dropped=True)
def test_read_in_explain_does_not_mean_that_a_disk_was_read(
    database: Database, record: Any, dropped: bool = False
) -> None:
    """EXPLAIN calls all blocks of a table read although none came from a disk: the kernel had them in memory."""
    with database.restarted() as connection:
        file = database.file(connection, SMALL)
        if dropped:
            drop(file)
        pages = database.value(connection, f"SELECT relpages FROM pg_class WHERE relname = '{SMALL}'")
        pid = connection.info.backend_pid
        before = _read_from_disk(pid)
        hit, read = buffers(connection, f"SELECT sum(price) FROM {SMALL}")
        disk = _read_from_disk(pid) - before
        held_twice = resident(file) > 0.99 * 2 * pages  # a block of PostgreSQL is two pages of 4 KiB
    record.number(
        "read_not_disk", read, note="blocks that EXPLAIN called read while the backend's read_bytes stood still"
    )

    assert (hit, read) == (0, pages)
    assert disk == 0
    assert held_twice


@pytest.mark.fails_when("the big table is read through its index", assertion="hit > 0.9 * (hit + read)", by_index=True)
def test_a_scan_of_a_big_table_does_not_empty_the_pool(database: Database, record: Any, by_index: bool = False) -> None:
    """A sequential scan of a table larger than the pool of PostgreSQL leaves 90% of another table's blocks in it."""
    pool, scanned, hit, read = _scan_beside(database, by_index=by_index)
    record.number("pool_size", pool, note="blocks that the pool holds")
    record.number("scanned", scanned, note="blocks of the big table that the scan went through")
    record.number("kept", hit, note="of the small table's blocks, hits after the sequential scan")
    record.number(
        "kept_by_index", _scan_beside(database, by_index=True)[2], note="the same after reading it by its index"
    )

    assert scanned > pool
    assert hit > 0.9 * (hit + read)


def _scan_beside(database: Database, *, by_index: bool) -> tuple[int, int, int, int]:
    """Read the small table, then the whole big one, then the small one: size of the pool, blocks, hits, reads."""
    hot = f"SELECT sum(price) FROM {SMALL}"
    whole = f"SELECT sum(price) FROM {BIG}" + (" WHERE id > 0" if by_index else "")
    with database.restarted() as connection:
        pool = int(database.value(connection, "SELECT setting FROM pg_settings WHERE name = 'shared_buffers'"))
        buffers(connection, hot)
        connection.execute(f"SET enable_seqscan = {'off' if by_index else 'on'}")
        connection.execute("SET enable_bitmapscan = off")
        scanned = sum(buffers(connection, whole))
        connection.execute("RESET enable_seqscan")
        return pool, scanned, *buffers(connection, hot)


@pytest.mark.fails_when(
    "the server is restarted between the two", assertion="(hit, read) == (pages, pages)", again=True
)
def test_pg_statio_counts_what_the_pool_answered(database: Database, again: bool = False) -> None:
    """After two scans of a table, pg_statio_user_tables has counted each of its blocks once as read and once as hit."""
    query = f"SELECT sum(price) FROM {SMALL}"
    with database.restarted() as connection:
        pages = database.value(connection, f"SELECT relpages FROM pg_class WHERE relname = '{SMALL}'")
        connection.execute("SELECT pg_stat_reset()")
        connection.execute(query)
        if not again:
            connection.execute(query)
    if again:
        with database.restarted() as connection:
            connection.execute(query)
    with database.connect() as connection:  # a session reports what it did at its end
        counted = f"SELECT heap_blks_hit, heap_blks_read FROM pg_statio_user_tables WHERE relname = '{SMALL}'"
        wait_until(
            lambda: sum(connection.execute(counted).fetchone() or ()) == 2 * pages, seconds=60, what="statistics"
        )
        hit, read = connection.execute(counted).fetchone() or (0, 0)

    assert (hit, read) == (pages, pages)


@pytest.mark.fails_when("`plan_cache_mode` is `force_custom_plan`", assertion="== (15, 5)", mode="force_custom_plan")
def test_the_sixth_execution_is_the_first_to_use_a_cached_plan(database: Database, mode: str = "auto") -> None:
    """A prepared lookup by primary key is planned anew five times; the other 15 of 20 executions share one plan."""
    with database.connect() as connection:
        connection.execute(f"SET plan_cache_mode = {mode}")
        connection.execute(f"PREPARE lookup (int) AS SELECT price FROM {SMALL} WHERE id = $1")
        for number in range(20):
            connection.execute(f"EXECUTE lookup ({number + 1})")
        counted = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name = 'lookup'"

        assert connection.execute(counted).fetchone() == (15, 5)


def _read_from_disk(pid: int) -> int:
    """Bytes that the process has caused to be fetched from a disk: ``read_bytes`` of proc(5)."""
    lines = Path(f"/proc/{pid}/io").read_text(encoding="ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["read_bytes"])
