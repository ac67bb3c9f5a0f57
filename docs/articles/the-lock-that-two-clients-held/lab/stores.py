"""The store that the lock protects: a row in PostgreSQL, read and written in several ways."""

from __future__ import annotations

from typing import Any

import psycopg


class Store:
    """A count of pieces, without any defence: whoever writes last is right."""

    def __init__(self, db: psycopg.Connection[Any], item: str) -> None:
        """Use *db*, whose statements commit by themselves."""
        self.db, self.item = db, item

    def claim(self, _token: Any) -> None:
        """Do whatever the store wants before the work."""

    def read(self, _token: Any) -> int | None:
        """Return the number of pieces, or None if the store refuses."""
        return self._one("SELECT pieces FROM stock WHERE item = %s", self.item)

    def write(self, pieces: int, _token: Any) -> bool:
        """Set the number of pieces; tell whether the store took it."""
        return self._took("UPDATE stock SET pieces = %s WHERE item = %s", pieces, self.item)

    def _one(self, sql: str, *values: Any) -> Any:
        row = self.db.execute(sql, values).fetchone()
        return row[0] if row else None

    def _took(self, sql: str, *values: Any) -> bool:
        return self.db.execute(sql, values).rowcount == 1


# --8<-- [start:fenced]
FENCED_WRITE = """
UPDATE stock SET pieces = %s, token = %s
WHERE item = %s AND token <= %s
"""


class FencedStore(Store):
    """A store that refuses a write whose token is older than the newest that it has seen."""

    def write(self, pieces: int, token: int) -> bool:
        """Set the number of pieces unless a newer holder has been here."""
        return self._took(FENCED_WRITE, pieces, token, self.item, token)


# --8<-- [end:fenced]
# --8<-- [start:reads]
FENCED_READ = """
UPDATE stock SET token = %s
WHERE item = %s AND token <= %s
RETURNING pieces
"""
# --8<-- [end:reads]


class FencedReads(FencedStore):
    """The same store, which already notes the token when its holder reads."""

    def read(self, token: int) -> int | None:
        """Return the number of pieces and shut out all older tokens."""
        return self._one(FENCED_READ, token, self.item, token)


class MarkedStore(Store):
    """A store with check-and-set on a random mark: write if the row still has the mark that we left."""

    def claim(self, token: str) -> None:
        """Leave our mark."""
        self._took("UPDATE stock SET mark = %s WHERE item = %s", token, self.item)

    def write(self, pieces: int, token: str) -> bool:
        """Set the number of pieces if our mark is still there."""
        return self._took("UPDATE stock SET pieces = %s WHERE item = %s AND mark = %s", pieces, self.item, token)


class VersionedStore(Store):
    """A store without any lock: write if nobody has written since we read."""

    version = -1

    def read(self, token: Any) -> int | None:
        """Return the number of pieces and remember the row's version."""
        self.version = self._one("SELECT version FROM stock WHERE item = %s", self.item)
        return super().read(token)

    def write(self, pieces: int, _token: Any) -> bool:
        """Set the number of pieces if the version is still the one that we read."""
        return self._took(
            "UPDATE stock SET pieces = %s, version = version + 1 WHERE item = %s AND version = %s",
            pieces,
            self.item,
            self.version,
        )


class RelativeStore(Store):
    """A store without any lock and without a stale value: the database subtracts."""

    def write(self, _pieces: int, _token: Any) -> bool:
        """Take one piece if there is one, whatever we have read."""
        return self._took("UPDATE stock SET pieces = pieces - 1 WHERE item = %s AND pieces > 0", self.item)
