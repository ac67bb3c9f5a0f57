"""Two ways for a relay to find what it has not yet sent."""

from __future__ import annotations

from typing import Any


# --8<-- [start:position]
def unsent_by_position(db: Any, position: int) -> tuple[int, list[str]]:
    """Read on from the highest id seen. Wrong: a lower id can be committed later."""
    rows = db.execute("SELECT id, message_id FROM outbox WHERE id > %s ORDER BY id", (position,)).fetchall()
    return max([position, *(row[0] for row in rows)]), [row[1] for row in rows]
    # --8<-- [end:position]


def unsent_by_mark(db: Any, position: int) -> tuple[int, list[str]]:
    """Take every row that is not marked as sent, and mark it."""
    rows = db.execute("UPDATE outbox SET sent_at = now() WHERE sent_at IS NULL RETURNING message_id").fetchall()
    return position, [row[0] for row in rows]
