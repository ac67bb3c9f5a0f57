"""One participant of a saga: it holds stock, and can be told to let it go."""

from __future__ import annotations

from typing import Any


# --8<-- [start:saga]
def reserve(db: Any, saga: str, item: str) -> None:
    """Hold one piece for this saga, once, unless the saga was cancelled before."""
    with db.transaction():
        new = db.execute(
            "INSERT INTO reservations (saga, item, state) VALUES (%s, %s, 'held') ON CONFLICT DO NOTHING", (saga, item)
        )
        if new.rowcount == 1:
            db.execute("UPDATE stock SET free = free - 1 WHERE item = %s", (item,))


def release(db: Any, saga: str, item: str) -> None:
    """Let the piece go, once; if there is nothing to let go, leave a tombstone."""
    with db.transaction():
        tombstone = db.execute(
            "INSERT INTO reservations (saga, item, state) VALUES (%s, %s, 'released') ON CONFLICT DO NOTHING",
            (saga, item),
        )  # waits for a reservation that is being written at this moment
        if tombstone.rowcount == 0:
            held = "UPDATE reservations SET state = 'released' WHERE saga = %s AND state = 'held'"
            if db.execute(held, (saga,)).rowcount == 1:
                db.execute("UPDATE stock SET free = free + 1 WHERE item = %s", (item,))
    # --8<-- [end:saga]


def release_that_looks_first(db: Any, saga: str, item: str) -> None:
    """Look for the reservation, then write the tombstone over it. Wrong: the look finds nothing that is uncommitted."""
    with db.transaction():
        row = db.execute("SELECT state FROM reservations WHERE saga = %s FOR UPDATE", (saga,)).fetchone()
        db.execute(
            "INSERT INTO reservations (saga, item, state) VALUES (%s, %s, 'released') "
            "ON CONFLICT (saga) DO UPDATE SET state = 'released'",
            (saga, item),
        )
        if row and row[0] == "held":
            db.execute("UPDATE stock SET free = free + 1 WHERE item = %s", (item,))


def release_without_tombstone(db: Any, saga: str, item: str) -> None:
    """Undo what is there: delete the reservation, if there is one, and give the piece back."""
    with db.transaction():
        gone = db.execute("DELETE FROM reservations WHERE saga = %s", (saga,))
        if gone.rowcount == 1:
            db.execute("UPDATE stock SET free = free + 1 WHERE item = %s", (item,))
