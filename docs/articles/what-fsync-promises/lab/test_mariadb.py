"""MariaDB and MySQL: the redo log, the binary log, and what happens when fsync fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pymysql
import pytest

from commits import Loss, commit_for
from disk import everything
from machine import Machine
from window import lose

Fixture = Callable[..., Any]
REDO = "ib_logfile"


def connect(server: Any) -> pymysql.Connection[Any]:
    """A connection that commits each statement."""
    return pymysql.connect(host="127.0.0.1", port=server.port, user="root", database="test", autocommit=True)


def query(server: Any, sql: str) -> list[tuple[Any, ...]]:
    """The rows that *sql* returns."""
    with connect(server) as db, db.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def box_of(start: Fixture, machine: Fixture) -> Machine:
    """A machine with a server, and with an empty table ``t``; the shim would not see asynchronous writes."""
    small = {"innodb_log_file_size": 4 << 20, "innodb_buffer_pool_size": 32 << 20}
    server = start(innodb_use_native_aio=0, **small)
    query(server, "CREATE TABLE t (number INT PRIMARY KEY) ENGINE=InnoDB")
    box: Machine = machine(server, server.data)
    return box


@pytest.fixture(scope="module")
def mariadb(start_mariadb: Fixture, machine: Fixture) -> Machine:
    """A machine with MariaDB."""
    return box_of(start_mariadb, machine)


@pytest.fixture(scope="module")
def mysql(start_mysql: Fixture, machine: Fixture) -> Machine:
    """A machine with MySQL."""
    return box_of(start_mysql, machine)


def found(box: Machine) -> set[int]:
    """The rows that are there."""
    return {number for (number,) in query(box.server, "SELECT number FROM t")}


def lost(box: Machine, seconds: float, *, power: bool = True, names: Callable[[str], bool] | None = None) -> Loss:
    """Commit for *seconds*, and crash at the worst instant for the redo log."""
    with connect(box.server) as db, db.cursor() as cursor:
        acks = commit_for(seconds, lambda number: cursor.execute("INSERT INTO t VALUES (%s)", [number]))
    return lose(box, acks, REDO, lambda: found(box), power=power, names=names)


@pytest.mark.fails_when("`innodb_flush_log_at_trx_commit` is 2", assertion="gone.rows == 0", mode=2)
def test_mariadb_keeps_a_commit_with_1(mariadb: Machine, mode: int = 1) -> None:
    """With `innodb_flush_log_at_trx_commit` at 1 and no binary log, MariaDB lost no acknowledged row in a power
    failure."""
    mariadb.boot(innodb_flush_log_at_trx_commit=mode)
    gone = lost(mariadb, 0.4)
    assert gone.rows == 0


@pytest.mark.fails_when("`innodb_flush_log_at_trx_commit` is 1", assertion="gone.rows > 0", mode=1)
def test_mariadb_with_2_loses_to_a_power_failure(mariadb: Machine, record: Any, windows: Any, mode: int = 2) -> None:
    """With `innodb_flush_log_at_trx_commit` at 2, MariaDB lost acknowledged rows in a power failure, but only the
    latest."""
    mariadb.boot(innodb_flush_log_at_trx_commit=mode)
    gone = lost(mariadb, 2.2)
    windows("MariaDB, 2", gone)
    record.number("mariadb_2", gone.milliseconds, unit="ms", digits=2, note="age of the oldest row lost")
    assert gone.rows > 0
    assert not gone.hole


@pytest.mark.fails_when("`innodb_flush_log_at_trx_commit` is 0", assertion="gone.rows == 0", mode=0)
def test_mariadb_with_2_survives_a_kill(mariadb: Machine, mode: int = 2) -> None:
    """With `innodb_flush_log_at_trx_commit` at 2, MariaDB lost no acknowledged row when it was killed."""
    mariadb.boot(innodb_flush_log_at_trx_commit=mode)
    gone = lost(mariadb, 0.6, power=False)
    assert gone.rows == 0


@pytest.mark.fails_when("`innodb_flush_log_at_trx_commit` is 2", assertion="gone.rows > 0", mode=2)
def test_mariadb_with_0_loses_to_a_kill(mariadb: Machine, mode: int = 0) -> None:
    """With `innodb_flush_log_at_trx_commit` at 0, MariaDB lost acknowledged rows when it was killed."""
    mariadb.boot(innodb_flush_log_at_trx_commit=mode)
    gone = lost(mariadb, 0.6, power=False)
    assert gone.rows > 0


@pytest.mark.fails_when("`innodb_flush_log_at_trx_commit` is 1", assertion="gone.rows > 0", mode=1)
def test_mysql_with_2_loses_to_a_power_failure(mysql: Machine, record: Any, windows: Any, mode: int = 2) -> None:
    """With `innodb_flush_log_at_trx_commit` at 2, MySQL 5.6 lost acknowledged rows in a power failure."""
    mysql.boot(innodb_flush_log_at_trx_commit=mode)
    gone = lost(mysql, 2.2)
    windows("MySQL, 2", gone)
    record.number("mysql_2", gone.milliseconds, unit="ms", digits=2, note="age of the oldest row lost")
    assert gone.rows > 0


def logged(box: Machine) -> int:
    """The transactions in the binary logs that are left."""
    logs = [log for log, *_ in query(box.server, "SHOW BINARY LOGS")]
    events = [event for log in logs for event in query(box.server, f"SHOW BINLOG EVENTS IN '{log}'")]
    return sum(event[2] == "Xid" for event in events)


@pytest.mark.fails_when("`sync_binlog` is 1", assertion="logged(mariadb) == 0", settings={"sync_binlog": 1})
def test_an_unsynced_binlog_lacks_what_the_table_has(
    mariadb: Machine, record: Any, settings: dict[str, int] | None = None
) -> None:
    """With the binary log on and all else at the defaults, a power failure of MariaDB left at least 99 of 100 committed
    rows in the table, and not one transaction in the binary log."""
    mariadb.boot(log_bin="binlog", **settings or {})
    with connect(mariadb.server) as db, db.cursor() as cursor:
        for number in range(100):
            cursor.execute("INSERT INTO t VALUES (%s)", [number])
    mariadb.crash(names=everything)  # the file's name had reached the disk, its content not
    mariadb.restart()
    rows = found(mariadb)
    record.number("binlog_kept", len(rows), unit="rows", note="of 100, in the table after the power failure")
    assert rows >= set(range(99))
    assert logged(mariadb) == 0


@pytest.mark.fails_when("`sync_binlog` is 1", assertion="gone.rows == 1", settings={"sync_binlog": 1})
@pytest.mark.fails_when(
    "`innodb_flush_log_at_trx_commit` is 3",
    assertion="gone.rows == 1",
    settings={"innodb_flush_log_at_trx_commit": 3},
)
def test_an_unsynced_binlog_costs_the_last_row(mariadb: Machine, settings: dict[str, int] | None = None) -> None:
    """With the binary log on and all else at the defaults, a power failure of MariaDB took the last acknowledged row
    from the table, and only that one."""
    mariadb.boot(log_bin="binlog", **settings or {})
    gone = lost(mariadb, 0.4, names=everything)
    assert gone.rows == 1


@pytest.mark.fails_when("`sync_binlog` is 1", assertion="@@sync_binlog", settings={"sync_binlog": 1})
def test_both_leave_the_binlog_to_the_kernel(
    mariadb: Machine, mysql: Machine, settings: dict[str, int] | None = None
) -> None:
    """By default, `innodb_flush_log_at_trx_commit` is 1 and `sync_binlog` is 0 on MariaDB 10.11 and MySQL 5.6."""
    for box in (mariadb, mysql):
        box.boot(**settings or {})
        assert query(box.server, "SELECT @@sync_binlog, @@innodb_flush_log_at_trx_commit") == [(0, 1)]


@pytest.mark.fails_when("no sync fails", assertion="not mariadb.server.running", fails=False)
def test_mariadb_aborts_when_fsync_fails(mariadb: Machine, record: Any, fails: bool = True) -> None:
    """When a sync of the redo log fails, MariaDB ends itself, and does not acknowledge the commit."""
    mariadb.boot()
    if fails:
        mariadb.disk.fail_next_sync(f"{REDO}0")
        with pytest.raises(pymysql.Error):
            query(mariadb.server, "INSERT INTO t VALUES (1)")
        mariadb.server.wait()
    assert not mariadb.server.running
    said = next(line for line in mariadb.log.splitlines() if "sync() returned" in line)
    record.number("mariadb_fsync", said[said.index("[ERROR]") :], note="what MariaDB logs")
