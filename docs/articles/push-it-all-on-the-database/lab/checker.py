"""The checker: reads what the database does not enforce, and reports what is wrong. It repairs nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

RULES = (Path(__file__).parent / "checker.sql").read_text(encoding="utf-8")


# --8<-- [start:check]
def check(
    db: psycopg.Connection[Any], rules: dict[str, str], last: int, step: int = 1_000
) -> Iterator[tuple[str, int]]:
    """Yield ``(rule, id)`` for every row that breaks one of *rules*, one range of merchants after the other."""
    db.autocommit = True  # a statement is a transaction, so none is open for long
    db.execute("SET default_transaction_read_only = on")
    db.execute("SET statement_timeout = '5s'")
    for first in range(0, last + 1, step):
        for rule, query in rules.items():
            for (found,) in db.execute(query, {"first": first, "last": first + step - 1}):
                yield rule, found
                # --8<-- [end:check]


def rules(text: str = RULES) -> dict[str, str]:
    """Return the queries of checker.sql by their names."""
    named = {}
    for part in text.split("-- name: ")[1:]:
        name, _, query = part.partition("\n")
        named[name.strip()] = query.strip().rstrip(";")
    return named
