"""A retry loop: which errors, the whole transaction, and an effect that a repetition does not repeat."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from benches import Bench, ServerError

# --8<-- [start:codes]
RETRY = {
    "40001",  # PostgreSQL: serialization failure
    "40P01",  # PostgreSQL: deadlock
    "1213",   # InnoDB: deadlock; the transaction is gone
    "1020",   # MariaDB: the row has changed since the snapshot; the transaction is gone
    "1205",   # InnoDB: waited too long; the transaction is still open
}  # fmt: skip
# --8<-- [end:codes]


# --8<-- [start:loop]
def in_transaction(bench: Bench, connection: Any, level: str, work: Callable[[], Any], attempts: int = 10) -> Any:
    """Run *work* in a transaction, from its first read to its COMMIT, and all of it again if it was refused."""
    for attempt in range(1, attempts + 1):
        bench.begin(connection, level)
        try:
            result = work()
            bench.execute(connection, "COMMIT")  # PostgreSQL may refuse even this
            return result
        except ServerError as refused:
            bench.execute(connection, "ROLLBACK")  # always: 1205 leaves a transaction open
            if refused.code not in RETRY or attempt == attempts:
                raise
            time.sleep(random.uniform(0, 0.005 * 2**attempt))
    raise ValueError("attempts must be at least 1")


# --8<-- [end:loop]
# --8<-- [start:once]
def deposit_once(bench: Bench, connection: Any, request: str, amount: int) -> None:
    """Add *amount* to account 10, once for each *request*, however often it is tried."""
    bench.execute(connection, f"INSERT INTO request VALUES ('{request}')")  # its primary key refuses a second one
    bench.execute(connection, f"UPDATE account SET balance = balance + {amount} WHERE id = 10")


# --8<-- [end:once]
