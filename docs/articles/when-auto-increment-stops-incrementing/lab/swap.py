"""The part of the swap that is a loop: copy a table into its shadow in chunks while clients write."""

from collections.abc import Iterator

from .sql import Connection, rows, run, value


# --8<-- [start:copy]
def copy_in_chunks(db: Connection, size: int, source: str, target: str) -> Iterator[int]:
    """Copy the rows that exist now, in key order, a transaction a chunk; yield each one's rows."""
    done, end = rows(db, f"SELECT COALESCE(MIN(id), 1) - 1, COALESCE(MAX(id), 0) FROM {source}")[0]
    while done < end:
        chunk = f"SELECT id FROM {source} WHERE id > %s AND id <= %s ORDER BY id LIMIT %s"
        last_of_chunk = f"SELECT COALESCE(MAX(id), %s) FROM ({chunk}) AS chunk"
        upto = value(db, last_of_chunk, [end, done, end, size])
        yield run(
            db,
            f"INSERT IGNORE INTO {target} (id, kind, body)"  # what is there came by trigger: newer
            f" SELECT id, kind, body FROM {source} WHERE id > %s AND id <= %s LOCK IN SHARE MODE",
            [done, upto],
        )
        done = upto


# --8<-- [end:copy]
