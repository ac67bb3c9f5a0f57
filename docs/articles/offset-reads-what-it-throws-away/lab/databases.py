"""The two servers as the tests see them: run a query, and count the rows that it read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pymysql

LAB = Path(__file__).parent
Row = tuple[Any, ...]
Values = Mapping[str, Any]
NONE: Values = {}


class Database(Protocol):
    """A database that runs statements with ``%(name)s`` for values."""

    def rows(self, query: str, values: Values = NONE) -> list[Row]:
        """Rows that *query* returns; none if it is not a query."""

    def rows_read(self, query: str, values: Values = NONE) -> int:
        """Count the rows that the server reads in order to answer *query*."""


class Postgres:
    """A PostgreSQL database. Plans are made for the values themselves, not for placeholders."""

    def __init__(self, dsn: str) -> None:
        self.connection = psycopg.connect(dsn, autocommit=True, cursor_factory=psycopg.ClientCursor)
        self.connection.execute("SET timezone = 'UTC'")

    def close(self) -> None:
        """End the session, and with it an open transaction."""
        self.connection.close()

    def rows(self, query: str, values: Values = NONE) -> list[Row]:
        """Rows that *query* returns; none if it is not a query."""
        cursor = self.connection.execute(query.encode(), values or None)
        return cursor.fetchall() if cursor.description else []

    def plan(self, query: str, values: Values = NONE) -> dict[str, Any]:
        """Run *query* and return its plan with what each node did."""
        ((plans,),) = self.rows(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {query}", values)
        plan: dict[str, Any] = plans[0]["Plan"]
        return plan

    def rows_read(self, query: str, values: Values = NONE) -> int:
        """Count the rows that the scans of the tables returned or dropped."""
        return _scanned(self.plan(query, values))


# --8<-- [start:scanned]
def _scanned(node: dict[str, Any]) -> int:
    """Add up, over all scans of tables in a plan, the rows that they passed on and the rows that they dropped."""
    below = sum(_scanned(child) for child in node.get("Plans", ()))
    if "Relation Name" not in node:
        return below
    dropped = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return below + round((node["Actual Rows"] + dropped) * node["Actual Loops"])


# --8<-- [end:scanned]


class Maria:
    """A MariaDB database."""

    def __init__(self, port: int) -> None:
        self.connection = pymysql.connect(
            host="127.0.0.1",
            port=port,
            user="root",
            database="test",
            autocommit=True,
            init_command="SET time_zone = '+0:00'",
        )

    def close(self) -> None:
        """End the session, and with it an open transaction."""
        self.connection.close()

    def rows(self, query: str, values: Values = NONE) -> list[Row]:
        """Rows that *query* returns; none if it is not a query."""
        with self.connection.cursor() as cursor:
            cursor.execute(query, values or None)
            return list(cursor.fetchall())

    def counters(self, query: str, values: Values = NONE) -> dict[str, int]:
        """Run *query* and return how far it moved this session's handler counters."""
        self.rows(f"EXPLAIN {query}", values)  # opens the table, whose statistics are rows of other tables
        self.rows("FLUSH STATUS")
        self.rows(query, values)
        return {name: int(count) for name, count in self.rows("SHOW SESSION STATUS LIKE 'Handler%'")}

    # --8<-- [start:counters]
    def rows_read(self, query: str, values: Values = NONE) -> int:
        """Count the rows that the engine returned, and the index entries that it dropped by a pushed-down condition."""
        counted = self.counters(query, values)
        returned = sum(count for name, count in counted.items() if name.startswith("Handler_read_"))
        return returned + counted["Handler_icp_attempts"] - counted["Handler_icp_match"]

    # --8<-- [end:counters]


def statements(name: str) -> list[str]:
    """The statements of the lab's file *name*."""
    return [text.strip() for text in (LAB / name).read_text(encoding="utf-8").split(";") if text.strip()]


def run_file(database: Database, name: str) -> None:
    """Run the statements of the lab's file *name*."""
    for statement in statements(name):
        database.rows(statement)
