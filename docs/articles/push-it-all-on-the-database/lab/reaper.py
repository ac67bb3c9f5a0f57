"""Deletes a merchant and its orders, a few at a time; the foreign key has the last word."""

from typing import Any

import psycopg


# --8<-- [start:reap]
def delete_merchant(db: psycopg.Connection[Any], merchant: int, batch: int = 1_000) -> list[int]:
    """Delete *merchant* and its orders; return how many rows each transaction deleted."""
    deleted = []
    while True:
        with db.transaction():
            orders = db.execute(
                "DELETE FROM orders WHERE id IN (SELECT id FROM orders WHERE merchant_id = %s LIMIT %s)",
                (merchant, batch),
            ).rowcount
            deleted.append(orders)
        if orders:
            continue
        try:
            with db.transaction():
                deleted.append(db.execute("DELETE FROM merchants WHERE id = %s", (merchant,)).rowcount)
            return deleted
        except psycopg.errors.ForeignKeyViolation:
            pass  # an order came in between: again
    # --8<-- [end:reap]
