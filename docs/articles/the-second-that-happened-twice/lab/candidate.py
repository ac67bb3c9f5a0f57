"""A process that wants the lease, and may only take it if its holder is gone.

Arguments: the connection string, ``expiry`` or ``observation``, the lease's seconds, and for how long to try.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import psycopg

Db = psycopg.Connection[Any]


# --8<-- [start:expiry]
def has_expired(db: Db) -> Callable[[], bool]:
    """Believe the holder's timestamp, and our own clock."""

    def free() -> bool:
        expires = one(db, "SELECT extract(epoch FROM expires_at) FROM lease")
        return time.time() > expires

    return free


# --8<-- [end:expiry]
# --8<-- [start:observation]
def has_been_silent(db: Db, seconds: float) -> Callable[[], bool]:
    """Believe our own monotonic clock, and that the row has not changed."""
    seen, since = None, time.monotonic()

    def free() -> bool:
        nonlocal seen, since
        renewals = one(db, "SELECT renewals FROM lease")
        if renewals != seen:
            seen, since = renewals, time.monotonic()
        return time.monotonic() - since > seconds

    return free


# --8<-- [end:observation]
def one(db: Db, query: str) -> float:
    """The single number that *query* returns."""
    row = db.execute(query).fetchone()
    assert row
    return float(row[0])


def main(dsn: str, method: str, lease: str, patience: str) -> None:
    """Print ``takes it`` as soon as the lease seems free, or ``waits`` if it never does."""
    with psycopg.connect(dsn, autocommit=True) as db:
        free = has_expired(db) if method == "expiry" else has_been_silent(db, float(lease))
        end = time.monotonic() + float(patience)
        while time.monotonic() < end:
            if free():
                print("takes it")
                return
            db.execute("SELECT pg_sleep(0.05)")  # under libfaketime, Python's own sleep fails
        print("waits")


if __name__ == "__main__":
    main(*sys.argv[1:])
