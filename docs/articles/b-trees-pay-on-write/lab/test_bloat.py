"""What deletes and updates leave in an index, and what removes it, on PostgreSQL."""

import pytest

from engblog.lab.record import Recorder

from .postgres import Index, Postgres
from .tables import filled, insert

ROWS = 50_000
MOST = "id % 10 <> 0"
"""Nine rows in ten, spread over the whole range."""
OLDEST = f"id <= {ROWS * 9 // 10}"
"""As many rows, at the low end of the range."""


def thinned(pg: Postgres, deleted: str) -> tuple[Index, Index]:
    """The index with 50,000 rows, and after most of them were deleted and vacuumed."""
    full = filled(pg, "n", ROWS)
    pg.run(f"DELETE FROM t WHERE {deleted}", "VACUUM t")
    return full, pg.index("i")


@pytest.mark.fails_when("the oldest rows are deleted", assertion="thin.leaves == full.leaves", deleted=OLDEST)
def test_vacuum_keeps_every_page_that_has_an_entry_left(pg: Postgres, record: Recorder, deleted: str = MOST) -> None:
    """After nine rows in ten were deleted throughout the range, VACUUM leaves every leaf page in the index, less than
    11 percent full."""
    full, thin = thinned(pg, deleted)
    assert thin.leaves == full.leaves
    assert thin.size == full.size
    assert thin.density < 11
    record.number("thin_leaves", thin.leaves, note="leaf pages before the delete and after VACUUM")
    record.number("thin_density", thin.density, unit="%", digits=2, note="leaf density after VACUUM")


@pytest.mark.fails_when("the new keys lie between the old ones", assertion="grown.leaves > 1.8 * full.leaves", base=0)
def test_growing_keys_never_return_to_old_pages(pg: Postgres, record: Recorder, base: int = ROWS) -> None:
    """If nine rows in ten are deleted throughout the range, and 45,000 new rows with higher keys follow, the index has
    more than 1.8 times the leaf pages for the same number of rows, until REINDEX INDEX CONCURRENTLY."""
    full, _ = thinned(pg, MOST)
    pg.run(f"INSERT INTO t SELECT {base} + n FROM generate_series(1, {ROWS}) AS n WHERE n % 10 <> 0")
    grown = pg.index("i")
    assert pg.value("SELECT count(*) FROM t") == ROWS
    assert grown.leaves > 1.8 * full.leaves
    pg.run("REINDEX INDEX CONCURRENTLY i")
    assert pg.index("i").leaves <= full.leaves + 1
    record.number("grown_leaves", grown.leaves, note="leaf pages with 5,000 old rows and 45,000 new ones")
    record.number("mended_leaves", pg.index("i").leaves, note="leaf pages after REINDEX INDEX CONCURRENTLY")


def after_a_retention_job(pg: Postgres, *later: str) -> tuple[Index, Index]:
    """The index with its oldest nine tenths deleted and vacuumed, and after as many new rows at the other end."""
    thinned(pg, OLDEST)
    pg.run(*later)
    left = pg.index("i")
    insert(pg, "n", ROWS + 1, ROWS + ROWS * 9 // 10)
    return left, pg.index("i")


TRANSACTION = "SELECT pg_current_xact_id()"
"""A transaction that takes a number, as each one does that writes."""


@pytest.mark.fails_when("no VACUUM follows", assertion="grown.size < 1.1 * left.size", later=(TRANSACTION,))
@pytest.mark.fails_when("no transaction runs in between", assertion="grown.size < 1.1 * left.size", later=("VACUUM t",))
def test_empty_pages_are_used_again_after_the_next_vacuum(
    pg: Postgres, record: Recorder, later: tuple[str, ...] = (TRANSACTION, "VACUUM t")
) -> None:
    """If the oldest nine tenths of the rows are deleted on an idle server, VACUUM deletes their index pages. Once a
    transaction and another VACUUM have run, as many new rows don't make the index larger."""
    left, grown = after_a_retention_job(pg, *later)
    assert left.deleted > 0.8 * left.size / 8192
    assert grown.size < 1.1 * left.size
    record.number("emptied", left.deleted, note="pages of the index that VACUUM deleted")


CHURN = 600


def churned(pg: Postgres, reader: Postgres, held: bool) -> Index:
    """The index on a column that never changes, after 20 updates of each row in another indexed column."""
    pg.run(
        "DROP TABLE IF EXISTS churn",
        "CREATE TABLE churn (id int PRIMARY KEY, fixed int, v int)",
        f"INSERT INTO churn SELECT n, hashint4(n), 0 FROM generate_series(1, {CHURN}) AS n",
        "CREATE INDEX churn_fixed ON churn (fixed)",
        "CREATE INDEX churn_v ON churn (v)",
    )
    if held:
        reader.run("BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT FROM churn LIMIT 1")
    each = f"UPDATE churn SET v = v + 1 WHERE id = 1 + (n::bigint * 7919) % {CHURN}; COMMIT;"
    pg.run(f"DO $$ BEGIN FOR n IN 1..{20 * CHURN} LOOP {each} END LOOP; END $$")
    return pg.index("churn_fixed")


@pytest.mark.fails_when("nobody holds a snapshot", assertion="held.leaves > 1.8 * free.leaves", hold=False)
def test_a_held_snapshot_makes_indexes_grow(
    pg: Postgres, reader: Postgres, record: Recorder, hold: bool = True
) -> None:
    """After 20 updates of each row, none of them HOT, the index on a column that never changed has more than 1.8 times
    the leaf pages if a snapshot was held open in the meantime."""
    free, held = churned(pg, reader, held=False), churned(pg, reader, held=hold)
    assert held.leaves > 1.8 * free.leaves
    record.number("churn_free", free.leaves, note="leaf pages of the unchanged column's index without a snapshot")
    record.number("churn_held", held.leaves, note="leaf pages of the same index with a snapshot held open")
