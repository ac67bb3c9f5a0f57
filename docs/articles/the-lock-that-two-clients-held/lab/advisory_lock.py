"""A lock in PostgreSQL that belongs to a connection."""

from __future__ import annotations

import psycopg


class AdvisoryLock:
    """A session-level advisory lock: PostgreSQL keeps it as long as the connection lives."""

    def __init__(self, dsn: str, number: int) -> None:
        """Connect, without taking the lock."""
        self.db = psycopg.connect(dsn, autocommit=True)
        self.number = number

    def acquire(self) -> int | None:
        """Take the lock if it is free; return the process id of our backend, or None."""
        row = self.db.execute("SELECT pg_try_advisory_lock(%s)", [self.number]).fetchone()
        return self.db.info.backend_pid if row and row[0] else None

    def is_mine(self) -> bool:
        """Ask PostgreSQL whether our connection still answers."""
        return self.db.execute("SELECT 1").fetchone() == (1,)

    def release(self) -> bool:
        """Unlock, if the session that had the lock still exists."""
        try:
            row = self.db.execute("SELECT pg_advisory_unlock(%s)", [self.number]).fetchone()
        except psycopg.OperationalError:
            return False
        return bool(row and row[0])
