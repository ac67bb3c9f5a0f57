"""The tables of the tests: one that only grows, and one whose rows are updated."""

from .postgres import Index, Log, Postgres, Totals

KEYS = {"sequence": "n", "UUIDv7": "v7", "UUIDv4": "v4"}
"""The column of table keys that has keys of that kind."""


def make_keys(pg: Postgres, rows: int = 66_000) -> None:
    """Make a table of keys, in the order in which the tests insert them."""
    pg.run(
        f"CREATE TABLE keys AS SELECT n, uuid_v4(n) AS v4, uuid_v7(n) AS v7 FROM generate_series(1::bigint, {rows}) n",
        "VACUUM ANALYZE keys",
    )


def empty(pg: Postgres, key: str, order: str = "", fillfactor: int = 90) -> None:
    """Make table t for that kind of *key*, with one index, i, and without rows."""
    pg.run(
        "DROP TABLE IF EXISTS t",
        f"CREATE TABLE t (id {'bigint' if key == 'n' else 'uuid'})",
        f"CREATE UNIQUE INDEX i ON t (id {order}) WITH (fillfactor = {fillfactor})",
    )


def insert(pg: Postgres, key: str, first: int, last: int) -> None:
    """Insert the keys number *first* to *last* into t, one after the other."""
    source = "generate_series({0}, {1}) AS n" if key == "n" else "keys WHERE n BETWEEN {0} AND {1}"
    pg.run(f"INSERT INTO t SELECT {key} FROM {source.format(first, last)}")


def grow(pg: Postgres, key: str, first: int, last: int) -> Log:
    """Insert these keys and return what that wrote to the log."""
    return pg.logged(lambda: insert(pg, key, first, last))


def filled(pg: Postgres, key: str, rows: int, order: str = "") -> Index:
    """Make t, insert *rows* rows and return the state of its index."""
    empty(pg, key, order)
    insert(pg, key, 1, rows)
    return pg.index("i")


SESSIONS = 10_000
SECONDARY = ("user_id", "device", "region", "expires")


def sessions(pg: Postgres, indexed: tuple[str, ...] = SECONDARY, fillfactor: int = 90) -> None:
    """Make a table of 10,000 sessions with a primary key and an index on each of the *indexed* columns."""
    pg.run(
        "DROP TABLE IF EXISTS sessions",
        "CREATE TABLE sessions (id int PRIMARY KEY, user_id int, device int, region int, expires int,"
        f" last_seen int NOT NULL, agent text) WITH (fillfactor = {fillfactor})",
        "INSERT INTO sessions SELECT n, hashint4(n), hashint4(n + 1), hashint4(n + 2), hashint4(n + 3), n,"
        f" repeat('x', 60) FROM generate_series(1, {SESSIONS}) AS n",
        *(f"CREATE INDEX ON sessions ({column})" for column in indexed),
        "VACUUM ANALYZE sessions",
    )


def touch(pg: Postgres, updates: int, change: str = "last_seen = last_seen + 1") -> Totals:
    """Update that many sessions, spread over the table, each in a separate transaction."""
    return pg.totals(lambda: pg.run(touches(updates, change)))


def touches(updates: int, change: str = "last_seen = last_seen + 1") -> str:
    """The block that makes these updates."""
    each = f"UPDATE sessions SET {change} WHERE id = 1 + (n::bigint * 7919) % {SESSIONS}; COMMIT;"
    return f"DO $$ BEGIN FOR n IN 1..{updates} LOOP {each} END LOOP; END $$"


def hot(log: Totals | Log) -> int:
    """Number of HOT updates in the log."""
    return log.count("Heap", "HOT_UPDATE")
