"""One client of any of the three servers, and statements that may have to wait for a lock."""

import threading
import time
from typing import Any

import psycopg
import pymysql

from engblog.lab.servers import Server

PATIENCE_SECONDS = 60.0
INNODB_TRX_REFRESH_SECONDS = 0.12  # InnoDB refreshes information_schema.innodb_trx at most ten times a second


class Session:
    """A connection that starts a transaction with its first statement and keeps it until commit or rollback."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.is_postgresql = server.name == "PostgreSQL"
        self._connection: Any
        if self.is_postgresql:
            # InnoDB gives up waiting for a lock after 50 s; so does PostgreSQL here.
            self._connection = psycopg.connect(server.dsn, options="-c lock_timeout=50s")  # type: ignore[attr-defined]
        else:
            self._connection = pymysql.connect(host="127.0.0.1", port=server.port, user="root", database="test")
        self._cursor = self._connection.cursor()
        self._sent: Sent | None = None
        self._closed = False
        self.number: int = self.value("SELECT pg_backend_pid()" if self.is_postgresql else "SELECT connection_id()")
        self.commit()

    def run(self, statement: str, *arguments: object) -> int:
        """Execute one statement; return how many rows the server says it changed."""
        self._cursor.execute(statement, arguments or None)
        changed: int = self._cursor.rowcount
        return changed

    def rows(self, query: str, *arguments: object) -> list[tuple[Any, ...]]:
        """Return the rows of *query*."""
        self._cursor.execute(query, arguments or None)
        return [tuple(row) for row in self._cursor.fetchall()]

    def value(self, query: str, *arguments: object) -> Any:
        """Return the first column of the first row of *query*."""
        return self.rows(query, *arguments)[0][0]

    def refused(self, statement: str, *arguments: object) -> str:
        """Return the code with which the server refuses *statement* (SQLSTATE or MySQL's number), or ``""``."""
        try:
            self.run(statement, *arguments)
        except (psycopg.Error, pymysql.Error) as error:
            return error_code(error)
        return ""

    def commit(self) -> None:
        """Commit."""
        self._connection.commit()

    def rollback(self) -> None:
        """Roll back."""
        self._connection.rollback()

    @property
    def busy(self) -> bool:
        """Whether a statement that was sent is still on its way."""
        return self._sent is not None and self._sent.is_alive()

    def close(self) -> None:
        """Close the connection; the server rolls back what was not committed."""
        if self._sent is not None:
            self._sent.join(PATIENCE_SECONDS)
        if not self._closed:
            self._connection.close()
        self._closed = True

    def send(self, statement: str, *arguments: object) -> "Sent":
        """Let a thread execute *statement*, which may have to wait."""
        self._sent = Sent(self, statement, arguments)
        return self._sent


class Sent(threading.Thread):
    """A statement on its way."""

    def __init__(self, session: Session, statement: str, arguments: tuple[object, ...]) -> None:
        super().__init__(daemon=True)
        self._session, self._statement, self._arguments = session, statement, arguments
        self._error = ""
        self.start()

    def run(self) -> None:
        """Execute the statement and keep the code of the error with which it ended."""
        self._error = self._session.refused(self._statement, *self._arguments)

    def waits(self) -> bool:
        """Return True as soon as the server reports that the statement waits for a lock, False when it is done."""
        watcher = Session(self._session.server)
        deadline = time.monotonic() + PATIENCE_SECONDS
        try:
            while self.is_alive():
                if _waits_for_a_lock(watcher, self._session.number):
                    return True
                assert time.monotonic() < deadline, f"neither done nor waiting: {self._statement}"
                self.join(0.01 if watcher.is_postgresql else INNODB_TRX_REFRESH_SECONDS)
        finally:
            watcher.close()
        return False

    def answer(self) -> str:
        """Wait for the end of the statement; return the code of its error, or ``""``."""
        self.join(PATIENCE_SECONDS)
        assert not self.is_alive(), f"no answer: {self._statement}"
        return self._error


def error_code(error: Exception) -> str:
    """Return the SQLSTATE of PostgreSQL's *error*, or the number of MySQL's and MariaDB's."""
    return str(error.sqlstate if isinstance(error, psycopg.Error) else error.args[0])


def is_deadlock(error: Exception) -> bool:
    """Tell whether the server ended the statement because of a deadlock."""
    return error_code(error) in ("40P01", "1213")


def _waits_for_a_lock(watcher: Session, number: int) -> bool:
    if watcher.is_postgresql:
        query = "SELECT cardinality(pg_blocking_pids(%s))"
    else:
        query = (
            "SELECT count(*) FROM information_schema.innodb_trx"
            " WHERE trx_mysql_thread_id = %s AND trx_state = 'LOCK WAIT'"
        )
    waiting = watcher.value(query, number) > 0
    watcher.commit()
    return waiting
