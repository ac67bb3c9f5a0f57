"""Three databases behind one interface: connections, levels, and the question who waits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pymysql

READ_UNCOMMITTED, READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE = LEVELS = (
    "READ UNCOMMITTED",
    "READ COMMITTED",
    "REPEATABLE READ",
    "SERIALIZABLE",
)
# --8<-- [start:table]
TABLE = """
CREATE TABLE account (
    id      INT PRIMARY KEY,
    owner   VARCHAR(10) NOT NULL,
    balance INT NOT NULL
)"""
INDEX = "CREATE INDEX account_owner ON account (owner)"
ROWS = ((10, "ada", 50), (20, "ada", 60))
# --8<-- [end:table]


class ServerError(Exception):
    """An error that the server answered."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code


class Bench(ABC):
    """One server with the lab's table."""

    pause: float
    """Seconds that the runner waits for an answer before it asks the server who waits."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.admin = self.connect()
        self.serial: dict[Any, Any] = {}
        """Runs of one session after another, which do not depend on an isolation level."""
        self._sessions: dict[str, tuple[Any, ThreadPoolExecutor]] = {}

    @abstractmethod
    def connect(self) -> Any:
        """A client that sends BEGIN and COMMIT itself."""

    @abstractmethod
    def number(self, connection: Any) -> int:
        """The number by which the server knows a *connection*."""

    @abstractmethod
    def begin(self, connection: Any, level: str) -> None:
        """Start a transaction at an isolation *level*."""

    @abstractmethod
    def waiting(self) -> set[int]:
        """Numbers of the connections that wait for another one, as the server sees it."""

    @abstractmethod
    def execute(self, connection: Any, sql: str) -> Any:
        """Rows as tuples, or the number of rows changed; raises :class:`ServerError`."""

    def session(self, name: str) -> tuple[Any, ThreadPoolExecutor]:
        """The connection of this *name* and the thread that talks to it, made on first use."""
        if name not in self._sessions:
            self._sessions[name] = self.connect(), ThreadPoolExecutor(max_workers=1)
        return self._sessions[name]

    def reset(self) -> None:
        """Drop the table and fill it again."""
        values = ", ".join(f"({number}, '{owner}', {balance})" for number, owner, balance in ROWS)
        for sql in ("DROP TABLE IF EXISTS account", TABLE + self.engine, INDEX, f"INSERT INTO account VALUES {values}"):
            self.execute(self.admin, sql)

    engine = ""

    def table(self) -> Any:
        """All rows, by id."""
        return self.execute(self.admin, "SELECT * FROM account ORDER BY id")

    def close(self) -> None:
        """Close every connection."""
        for connection, thread in self._sessions.values():
            thread.shutdown()
            connection.close()
        self.admin.close()


class PostgreSQLBench(Bench):
    """PostgreSQL by psycopg."""

    pause = 0.02
    WAITING = """
        SELECT pid FROM pg_stat_activity
         WHERE cardinality(pg_blocking_pids(pid)) > 0
            OR cardinality(pg_safe_snapshot_blocking_pids(pid)) > 0"""

    def connect(self) -> psycopg.Connection[Any]:
        """A client without prepared statements, whose every query is planned anew."""
        return psycopg.connect(self.server.dsn, autocommit=True, prepare_threshold=None)

    def number(self, connection: psycopg.Connection[Any]) -> int:
        """The process id of the server's process for it."""
        return connection.info.backend_pid

    def begin(self, connection: psycopg.Connection[Any], level: str) -> None:
        """Start a transaction; its snapshot is taken by its first statement."""
        connection.execute(f"BEGIN ISOLATION LEVEL {level}")

    def waiting(self) -> set[int]:
        """Ask for everyone whom another process blocks, by a lock or while it waits for a safe snapshot."""
        return {pid for (pid,) in self.admin.execute(self.WAITING)}

    def execute(self, connection: psycopg.Connection[Any], sql: str) -> Any:
        """Send one statement."""
        try:
            cursor = connection.execute(sql)
        except psycopg.Error as error:
            raise ServerError(error.sqlstate or "no answer", str(error).partition("\n")[0]) from error
        return tuple(cursor.fetchall()) if cursor.description else cursor.rowcount


class InnoDBBench(Bench):
    """MariaDB or MySQL by PyMySQL."""

    pause = 0.11  # InnoDB refreshes innodb_trx only if nobody has read it for 0.1 s
    engine = " ENGINE=InnoDB"
    WAITING = """
        SELECT trx_mysql_thread_id FROM information_schema.innodb_trx
         WHERE trx_state = 'LOCK WAIT'"""

    def __init__(self, server: Any, snapshot_isolation: bool | None = None) -> None:
        self.snapshot_isolation = snapshot_isolation
        """The value of MariaDB's innodb_snapshot_isolation; None where there is no such variable."""
        super().__init__(server)

    def connect(self) -> Any:
        """A client in autocommit mode, which BEGIN suspends until the transaction's end."""
        return pymysql.connect(host="127.0.0.1", port=self.server.port, user="root", database="test", autocommit=True)

    def number(self, connection: Any) -> int:
        """The connection's id."""
        return int(connection.thread_id())

    def begin(self, connection: Any, level: str) -> None:
        """Start a transaction; its snapshot is taken by its first plain SELECT."""
        if self.snapshot_isolation is not None:
            self.execute(connection, f"SET SESSION innodb_snapshot_isolation = {int(self.snapshot_isolation)}")
        self.execute(connection, f"SET SESSION TRANSACTION ISOLATION LEVEL {level}")
        self.execute(connection, "BEGIN")

    def waiting(self) -> set[int]:
        """Ask InnoDB whose transactions wait for a lock."""
        return {number for (number,) in self.execute(self.admin, self.WAITING)}

    def execute(self, connection: Any, sql: str) -> Any:
        """Send one statement."""
        with connection.cursor() as cursor:
            try:
                cursor.execute(sql)
            except pymysql.err.MySQLError as error:
                raise ServerError(str(error.args[0]), str(error.args[1])) from error
            return tuple(cursor.fetchall()) if cursor.description else cursor.rowcount
