"""Pages of the feed of orders, by OFFSET and by keyset."""

from collections.abc import Iterator
from typing import Any

from .databases import Database, Row

SIZE = 20
ORDERS = 100_000
NEWEST_FIRST = "ORDER BY placed_at DESC, id DESC"

# --8<-- [start:after]
AFTER = {
    "row value": "(placed_at, id) < (%(at)s, %(id)s)",
    "or": "placed_at < %(at)s OR (placed_at = %(at)s AND id < %(id)s)",
    "bounded or": "placed_at <= %(at)s AND (placed_at < %(at)s OR id < %(id)s)",
}
# --8<-- [end:after]


def by_offset(page: int) -> str:
    """Query for that page of the feed; the first is 1."""
    return f"SELECT * FROM orders {NEWEST_FIRST} LIMIT {SIZE} OFFSET {(page - 1) * SIZE}"


def by_keyset(form: str) -> str:
    """Query for the page after the order that was placed ``at`` and has that ``id``."""
    return f"SELECT * FROM orders WHERE {AFTER[form]} {NEWEST_FIRST} LIMIT {SIZE}"


def last_of(database: Database, page: int) -> dict[str, Any]:
    """The position of a page's last order, which a client of the feed would hold."""
    ((at, number),) = database.rows(f"SELECT placed_at, id FROM orders {NEWEST_FIRST} LIMIT 1 OFFSET {page * SIZE - 1}")
    return {"at": at, "id": number}


def walk_offset(database: Database, order: str, table: str = "events", size: int = SIZE) -> Iterator[list[Row]]:
    """The pages of *table* in that order by OFFSET, up to the first empty one."""
    offset = 0
    while page := database.rows(f"SELECT id FROM {table} ORDER BY {order} LIMIT {size} OFFSET {offset}"):
        yield page
        offset += size


def walk_keyset(
    database: Database, key: str, after: str, order: str, table: str = "events", size: int = SIZE
) -> Iterator[list[Row]]:
    """The pages of *table*, each after the last row of the one before (``%(key)s`` and ``%(id)s``)."""
    where, values = "true", {}
    while page := database.rows(f"SELECT id, {key} FROM {table} WHERE {where} ORDER BY {order} LIMIT {size}", values):
        yield page
        where, values = after, {"id": page[-1][0], "key": page[-1][1]}


def ids(pages: Iterator[list[Row]], most: int = 1_000) -> list[int]:
    """The ids on all *pages*, in order; a walk that doesn't end is an error."""
    found: list[int] = []
    for number, page in enumerate(pages):
        assert number < most, "the walk doesn't end"
        found += [row[0] for row in page]
    return found
