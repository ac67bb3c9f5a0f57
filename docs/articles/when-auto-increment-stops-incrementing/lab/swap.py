"""The part of the swap that is a loop: copy a table into its shadow in chunks while clients write."""

from collections.abc import Iterator

from .sql import Connection, run, value


# --8<-- [start:copy]
def copy_in_chunks(db: Connection, size: int, source: str = "events", target: str = "events_new") -> Iterator[int]:
    """Copy the rows that exist now, in key order, a transaction a chunk; yield how many rows each one brought."""
    end = value(db, f"SELECT MAX(id) FROM {source}")  # a later row comes through the trigger
    done = value(db, f"SELECT MIN(id) - 1 FROM {source}")
    while done < end:
        chunk = f"SELECT id FROM {source} WHERE id > %s AND id <= %s ORDER BY id LIMIT %s"
        upto = value(db, f"SELECT COALESCE(MAX(id), %s) FROM ({chunk}) AS chunk", [end, done, end, size])
        yield run(
            db,
            f"INSERT IGNORE INTO {target} (id, kind, body)"  # IGNORE: the trigger was here first, and it knows better
            f" SELECT id, kind, body FROM {source} WHERE id > %s AND id <= %s LOCK IN SHARE MODE",
            [done, upto],
        )
        done = upto
# --8<-- [end:copy]
