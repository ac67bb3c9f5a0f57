"""HOT updates on PostgreSQL: what they save, and what ends them; and what each index adds to other statements."""

import json
from itertools import pairwise

import pytest

from engblog.lab.record import Chart, Recorder

from .postgres import Postgres
from .tables import SECONDARY, SESSIONS, filled, hot, sessions, touch, touches

UPDATES = 3_000


@pytest.mark.fails_when("last_seen is indexed", assertion='log.count("Btree") == 0', indexed=(*SECONDARY, "last_seen"))
def test_a_hot_update_writes_to_no_index(pg: Postgres, indexed: tuple[str, ...] = SECONDARY) -> None:
    """3,000 updates of a column without an index, in a table with five indexes, write no index record, and all of them
    are HOT."""
    sessions(pg, indexed)
    log = touch(pg, UPDATES)
    assert log.count("Btree") == 0
    assert hot(log) == UPDATES


@pytest.mark.fails_when("the new index is on region", assertion="after.size > 4 * before.size", column="region")
def test_one_more_index_ends_hot_for_all(pg: Postgres, record: Recorder, column: str = "last_seen") -> None:
    """An index on the updated column makes 3,000 updates write to the table and all six indexes, and more than four
    times the log. Most of the growth is in the five older indexes, and less than a fifth of the log is the new one's.
    """
    sessions(pg)
    before = touch(pg, UPDATES)
    pg.run(f"CREATE INDEX newest ON sessions ({column})")
    after = pg.logged(lambda: pg.run(touches(UPDATES)))
    assert after.size > 4 * before.size
    assert hot(before) == UPDATES
    assert before.count("Btree") == hot(after) == 0
    assert after.image_bytes == before.image_bytes == 0
    newest, table = pg.filenode("newest"), pg.filenode("sessions")
    indexes = set(pg.filenodes("sessions")) - {table}
    older = indexes - {newest}
    assert len(older) == 5
    assert min(after.count_of(node, "INSERT_LEAF", "INSERT_POST", "SPLIT_L", "SPLIT_R") for node in indexes) >= UPDATES
    assert sum(after.bytes_of(node) for node in older) > 0.5 * (after.size - before.size)
    share = after.bytes_of(newest) / after.size
    assert share < 0.2
    record.number("hot_bytes", before.size / UPDATES, unit="bytes", note="log for each HOT update")
    record.number("cold_bytes", after.size / UPDATES, unit="bytes", note="log for each update that is not HOT")
    record.number("cold_factor", after.size / before.size, digits=2, note="log with the index over that without")
    record.number("newest_share", 100 * share, unit="%", digits=2, note="share of the new index's records in that log")


def first_after(pg: Postgres, checkpoint: str, indexed: tuple[str, ...]) -> list[int]:
    """Number of whole pages of the table, and of each index, that the first update after a checkpoint logs."""
    sessions(pg, indexed)
    pg.run(checkpoint)
    log = pg.logged(lambda: pg.run(touches(1)))
    return [log.images(node) for node in pg.filenodes("sessions")]


@pytest.mark.fails_when("there is no checkpoint", assertion="cold == [1] * 7", checkpoint="SELECT 1")
def test_after_a_checkpoint_an_update_logs_a_page_of_every_index(pg: Postgres, checkpoint: str = "CHECKPOINT") -> None:
    """The first HOT update after a checkpoint logs one whole page. If last_seen is indexed, the update logs a page of
    each of the six indexes as well."""
    warm = first_after(pg, checkpoint, SECONDARY)
    cold = first_after(pg, checkpoint, (*SECONDARY, "last_seen"))
    assert cold == [1] * 7
    assert sum(warm) == 1


def price(record: Recorder) -> Chart:
    """The chart of the log by the number of indexes."""
    note = "bytes of log for each row, without page images; 1,000 single-row transactions on a table of 10,000 rows"
    return record.chart("price", title="The price of an index", x="indexes", y="bytes of log a row", note=note)


@pytest.mark.fails_when("the updates are HOT", assertion="each > 60", change="agent = repeat('y', 60)")
def test_every_index_pays_for_an_update_of_one(
    pg: Postgres, record: Recorder, change: str = "last_seen = last_seen + 1"
) -> None:
    """If an indexed column changes, each further index adds more than 60 bytes to the log of the update, although its
    column doesn't change."""
    sizes = []
    for count in range(5):
        sessions(pg, ("last_seen", *SECONDARY[:count]))
        log = touch(pg, 1_000, change)
        assert log.image_bytes == 0
        sizes.append(log.size / 1_000)
        price(record).point("update of an indexed column", 2 + count, sizes[-1])
    each = min(after - before for before, after in pairwise(sizes))
    assert each > 60
    record.number("cold_2", sizes[0], unit="bytes", note="log for each of these updates, the primary key and one index")
    record.number(
        "cold_6", sizes[-1], unit="bytes", note="log for each of these updates, the primary key and five indexes"
    )
    record.number("each_index", (sizes[-1] - sizes[0]) / 4, unit="bytes", note="log that each further index adds")


@pytest.mark.fails_when(
    "the updates are of a column that gets an index",
    assertion="max(sizes) - min(sizes) < 0.01 * max(sizes)",
    change="user_id = user_id + 1",
)
def test_the_number_of_indexes_is_nothing_to_a_hot_update(
    pg: Postgres, record: Recorder, change: str = "last_seen = last_seen + 1"
) -> None:
    """HOT updates write as much log with five indexes as with one, to within a hundredth."""
    sizes = []
    for count in range(5):
        sessions(pg, SECONDARY[:count])
        sizes.append(touch(pg, 1_000, change).size / 1_000)
        price(record).point("HOT update", 1 + count, sizes[-1])
    assert max(sizes) - min(sizes) < 0.01 * max(sizes)


MENTIONS = {
    "the predicate of a partial index": "(user_id) WHERE {column} < 0",
    "INCLUDE": "(user_id) INCLUDE ({column})",
    "an expression": "(({column} / 1000))",
}


@pytest.mark.fails_when("they mention another column", assertion="hot(log) == 0", column="region")
@pytest.mark.parametrize("where", MENTIONS)
def test_an_index_that_only_mentions_the_column_ends_hot(pg: Postgres, where: str, column: str = "last_seen") -> None:
    """A column in the predicate of a partial index that no row is in, in INCLUDE, or in an expression whose value
    doesn't change, makes no update of that column HOT."""
    sessions(pg, ())
    pg.run(f"CREATE INDEX mention ON sessions {MENTIONS[where].format(column=column)}")
    log = touch(pg, 500)
    assert hot(log) == 0
    assert log.count("Heap", "UPDATE") == 500


@pytest.mark.fails_when("the value changes", assertion="hot(log) == 500", change="last_seen = last_seen + 1")
def test_writing_the_same_value_again_is_hot(pg: Postgres, change: str = "last_seen = last_seen") -> None:
    """An update that writes the value an indexed column already has writes a new version of the row, and is HOT."""
    sessions(pg, (*SECONDARY, "last_seen"))
    log = touch(pg, 500, change)
    assert hot(log) == 500


@pytest.mark.fails_when("a snapshot is held open", assertion="hot(log) > 0.8 * 6_000", held=True)
def test_pruning_makes_room_even_at_fill_factor_100(
    pg: Postgres, reader: Postgres, record: Recorder, held: bool = False
) -> None:
    """In a table with fill factor 100, more than 80 percent of 6,000 updates that are spread over it are HOT."""
    sessions(pg, (), fillfactor=100)
    if held:
        reader.run("BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT FROM sessions LIMIT 1")
    log = touch(pg, 6_000)
    assert hot(log) > 0.8 * 6_000
    record.number("hot_100", hot(log), digits=4, note="HOT updates at fill factor 100")


@pytest.mark.fails_when("nobody holds a snapshot", assertion="hot(log) < 0.01 * 6_000", held=False)
def test_an_open_snapshot_ends_hot(pg: Postgres, reader: Postgres, record: Recorder, held: bool = True) -> None:
    """While another session holds a snapshot, less than a hundredth of 6,000 updates that are spread over a table with
    fill factor 100 are HOT."""
    sessions(pg, (), fillfactor=100)
    if held:
        reader.run("BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT FROM sessions LIMIT 1")
    log = touch(pg, 6_000)
    assert hot(log) < 0.01 * 6_000
    record.number("hot_snapshot", hot(log), note="HOT updates with a snapshot held")


@pytest.mark.fails_when("the fill factor is 50", assertion="shares[100] < 5", room=50)
def test_an_update_of_all_rows_needs_half_of_each_page(pg: Postgres, record: Recorder, room: int = 0) -> None:
    """If one statement updates every row, less than 5 percent of the updates are HOT at fill factor 100, less than 80
    percent at 60, and all of them at 50."""
    chart = record.chart(
        "bulk",
        title="HOT updates when one statement updates every row",
        x="fill factor of the table",
        y="% HOT",
        kind="bars",
        note="HOT_UPDATE records for 10,000 rows of about 110 bytes; only the primary key is indexed",
    )
    shares = {}
    for fillfactor in (100, 90, 80, 70, 60, 50):
        sessions(pg, (), fillfactor=room or fillfactor)
        log = pg.totals(lambda: pg.run("UPDATE sessions SET last_seen = last_seen + 1"))
        shares[fillfactor] = 100 * hot(log) / SESSIONS
        chart.point("HOT", str(fillfactor), shares[fillfactor])
    assert shares[100] < 5
    assert shares[60] < 80
    assert shares[50] == 100
    record.number("bulk_90", shares[90], unit="%", digits=2, note="HOT share of that statement at fill factor 90")


NEW = "n, hashint4(n), hashint4(n + 1), hashint4(n + 2), hashint4(n + 3), 0, repeat('x', 60)"


def inserts(count: int) -> str:
    """A block that inserts that many sessions, each in a separate transaction."""
    values = f"INSERT INTO sessions VALUES ({NEW}); COMMIT;"
    return f"DO $$ BEGIN FOR n IN {SESSIONS + 1}..{SESSIONS + count} LOOP {values} END LOOP; END $$"


@pytest.mark.fails_when(
    "the indexes leave the new rows out", assertion="entries >= 1_000 * indexes", where="WHERE id < 0"
)
def test_an_insert_writes_to_every_index(pg: Postgres, record: Recorder, where: str = "") -> None:
    """An insert writes one record for the table and at least one for each index."""
    sizes = []
    for indexes in range(1, 6):
        sessions(pg, ())
        for column in SECONDARY[: indexes - 1]:
            pg.run(f"CREATE INDEX ON sessions ({column}) {where}")
        log = pg.totals(lambda: pg.run(inserts(1_000)))
        entries = log.count("Btree", "INSERT_LEAF", "INSERT_POST", "SPLIT_L", "SPLIT_R")
        assert entries >= 1_000 * indexes
        assert log.count("Heap", "INSERT") == 1_000
        sizes.append(log.size / 1_000)
        price(record).point("insert", indexes, sizes[-1])
    record.number(
        "insert_each", (sizes[-1] - sizes[0]) / 4, unit="bytes", note="log that each further index adds to it"
    )
    record.number("insert_1", sizes[0], unit="bytes", note="log for each insert into a table with one index")
    record.number("insert_5", sizes[-1], unit="bytes", note="log for each insert into a table with five indexes")


@pytest.mark.fails_when("deduplication is off", assertion="few < many / 2", deduplicate="off")
def test_an_index_on_few_values_is_small(pg: Postgres, record: Recorder, deduplicate: str = "on") -> None:
    """An index on a column with five values has less than half the leaf pages of one in which every value differs."""
    pg.run(
        "DROP TABLE IF EXISTS t",
        "CREATE TABLE t (five int, id int)",
        f"CREATE INDEX few ON t (five) WITH (deduplicate_items = {deduplicate})",
        "CREATE INDEX many ON t (id)",
        "INSERT INTO t SELECT n % 5, n FROM generate_series(1, 30000) AS n",
    )
    few, many = pg.index("few").leaves, pg.index("many").leaves
    assert few < many / 2
    record.number("few_leaves", few, note="leaf pages of an index on 30,000 rows with five values")
    record.number("many_leaves", many, note="leaf pages of an index on the same rows with 30,000 values")


@pytest.mark.fails_when("VACUUM is part of the work", assertion='log.count("Btree") == 0', vacuum="VACUUM sessions")
def test_a_delete_leaves_the_indexes_to_vacuum(pg: Postgres, vacuum: str = "SELECT 1") -> None:
    """A statement that deletes 1,000 rows of a table with five indexes writes no index record, and the VACUUM after it
    writes to each of the indexes."""
    sessions(pg)
    log = pg.logged(lambda: pg.run("DELETE FROM sessions WHERE id % 10 = 0", vacuum))
    assert log.count("Btree") == 0
    assert log.count("Heap", "DELETE") == 1_000
    vacuumed = pg.logged(lambda: pg.run("VACUUM sessions"))
    indexes = set(pg.filenodes("sessions")) - {pg.filenode("sessions")}
    assert len(indexes) == 5
    assert min(vacuumed.count_of(index, "VACUUM") for index in indexes) > 0


def pages_read(pg: Postgres, query: str) -> int:
    """Pages that a query reads, from memory or not."""
    plan = pg.value(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {query}")
    plan = plan if isinstance(plan, list) else json.loads(plan)
    return int(plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"])


@pytest.mark.fails_when("there is no index", assertion="missing == levels", drop=True)
def test_a_read_takes_one_path_through_the_tree(pg: Postgres, record: Recorder, drop: bool = False) -> None:
    """A query for one key in 60,000 reads one page of each level of the index, and one of the table if the key is
    there."""
    levels = filled(pg, "n", 60_000).levels + 1
    pg.run("VACUUM ANALYZE t", "SET enable_bitmapscan = off", "SET enable_indexonlyscan = off")
    if drop:
        pg.run("DROP INDEX i")
    pages_read(pg, "SELECT ctid FROM t WHERE id = 7")  # the first query of a session also reads the meta page
    found = pages_read(pg, "SELECT ctid FROM t WHERE id = 4711")
    missing = pages_read(pg, "SELECT ctid FROM t WHERE id = -1")
    assert missing == levels
    assert found == levels + 1
    record.number("levels", levels, note="levels of an index on 60,000 bigints")
