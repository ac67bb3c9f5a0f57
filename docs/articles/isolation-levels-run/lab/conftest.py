"""What the lab's tests share: a bench for each database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))  # the other files are modules of this lab

from benches import Bench, InnoDBBench, PostgreSQLBench  # noqa: E402


# The lab crashes no server, so none of them needs to wait for a disk; isolation has nothing to do with it.
CARELESS = {
    "innodb_flush_log_at_trx_commit": 0,
    "innodb_flush_method": "nosync",
    "innodb_file_per_table": "OFF",
    "sync_frm": "OFF",
}


@pytest.fixture(scope="module")
def postgresql(start_postgresql: Callable[..., Any]) -> Iterator[PostgreSQLBench]:
    """PostgreSQL, which neither waits for a disk nor cleans up, and looks for deadlocks after 0.2 s."""
    bench = PostgreSQLBench(start_postgresql(fsync="off", autovacuum="off", deadlock_timeout="200ms"))
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def mariadb_server(start_mariadb: Callable[..., Any]) -> Any:
    """One MariaDB, on which innodb_snapshot_isolation is set by session."""
    return start_mariadb(**CARELESS)


@pytest.fixture(scope="module")
def mariadb(mariadb_server: Any) -> Iterator[InnoDBBench]:
    """MariaDB without snapshot isolation: the default until 11.6.1."""
    bench = InnoDBBench(mariadb_server, snapshot_isolation=False)
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def mariadb_snapshot(mariadb_server: Any) -> Iterator[InnoDBBench]:
    """MariaDB with snapshot isolation: the default since 11.6.2."""
    bench = InnoDBBench(mariadb_server, snapshot_isolation=True)
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def mysql(start_mysql: Callable[..., Any]) -> Iterator[InnoDBBench]:
    """MySQL 5.6, the version that the lab has."""
    bench = InnoDBBench(start_mysql(**CARELESS))
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def benches(
    postgresql: PostgreSQLBench, mariadb: InnoDBBench, mariadb_snapshot: InnoDBBench, mysql: InnoDBBench
) -> dict[str, Bench]:
    """All of them by name."""
    return {"postgresql": postgresql, "mariadb": mariadb, "mariadb_snapshot": mariadb_snapshot, "mysql": mysql}
