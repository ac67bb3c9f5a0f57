"""Where a page splits, and what that leaves behind, on PostgreSQL."""

import pytest

from engblog.lab.record import Chart, Recorder

from .postgres import Postgres
from .tables import KEYS, empty, filled, insert

ROWS = 50_000
STEP = 2_500
FROM = 10_000
SPLITS = ("SPLIT_L", "SPLIT_R")


def leaves(pg: Postgres) -> list[int]:
    """Entries on each leaf page of i, from left to right, without the key that marks a page's end."""
    pages = {
        number: pg.connection.execute(
            "SELECT type, live_items, btpo_prev, btpo_next FROM bt_page_stats('i', %s)", [number]
        ).fetchone()
        for number in range(1, pg.pages("i"))
    }
    following = {page[2]: (number, page) for number, page in pages.items() if page is not None and page[0] == "l"}
    found, left = [], 0
    while left in following:
        left, (_, live, _, right) = following[left]
        found.append(live - (right != 0))
    return found


def until(pg: Postgres, pages: int, order: str = "") -> tuple[int, list[int]]:
    """Insert growing keys until the index has that many leaf pages: the last row, and the entries on each page."""
    empty(pg, "n", order)
    full = f"pg_relation_size('i') >= 8192 * {pages + 2}"  # the meta page, and a root above the leaves
    pg.run(f"DO $$ BEGIN FOR n IN 1..5000 LOOP INSERT INTO t VALUES (n); EXIT WHEN {full}; END LOOP; END $$")
    return int(pg.value("SELECT count(*) FROM t")), leaves(pg)


@pytest.mark.fails_when("the index is in descending order", assertion="left == before", order="DESC")
def test_growing_keys_split_the_last_page_at_nine_tenths(keyed: Postgres, record: Recorder, order: str = "") -> None:
    """With growing keys, the first split of an index on a bigint leaves 366 entries on the left page and moves 42 to
    the right one. The second split leaves as many, and nothing has been added to the first page by then."""
    row, (before, rest) = until(keyed, 2, order)
    _, (left, middle, _) = until(keyed, 3, order)
    assert left == before
    assert middle == left
    assert (before, rest) == (366, 42)
    record.number("split_row", row, note="row whose insert splits the first page of an index on a bigint")
    record.number("split_left", before, note="entries on the left page after that split")
    record.number("split_right", rest, note="entries on the right page after that split")


@pytest.mark.fails_when("the index is in ascending order", assertion="first + second < before + 50", order="")
def test_descending_keys_split_the_first_page_in_the_middle(
    keyed: Postgres, record: Recorder, order: str = "DESC"
) -> None:
    """In a descending index, growing keys arrive at the left end: the second split is of the leftmost page, leaves half
    the entries on each side, and the page at the right end has got no entry since the first split."""
    _, (before, before_last) = until(keyed, 2, order)
    _, (first, second, last) = until(keyed, 3, order)
    assert first + second < before + 50
    assert abs(first - second) <= 2
    assert last == before_last
    record.number("middle_left", first, note="entries on the left page after the second split, descending index")
    record.number("middle_right", second, note="entries on the page right of it")


def density(record: Recorder) -> Chart:
    """The chart that the tests of this file draw together."""
    note = "avg_leaf_density of pgstatindex, after every 2,500 rows; the indexes have the default fill factor of 90"
    return record.chart("density", title="How full the leaf pages are", x="rows", y="% of a page", note=note)


def walk(pg: Postgres, key: str, order: str = "") -> list[float]:
    """Density of the leaf pages after every 2,500 rows from 10,000 on; before that, single pages show."""
    empty(pg, key, order)
    insert(pg, key, 1, FROM - STEP)
    found = []
    for first in range(FROM - STEP + 1, ROWS, STEP):
        insert(pg, key, first, first + STEP - 1)
        found.append(pg.index("i").density)
    return found


def draw(record: Recorder, line: str, found: list[float]) -> None:
    """Add the densities to the chart."""
    for number, value in enumerate(found):
        density(record).point(line, FROM + number * STEP, value)


@pytest.mark.fails_when("the key is a UUIDv4", assertion="min(found) > 87", key=KEYS["UUIDv4"])
def test_a_sequence_fills_its_pages_to_the_fill_factor(keyed: Postgres, record: Recorder, key: str = "n") -> None:
    """An index on a sequence has leaf pages that are 87 to 91 percent full, from 10,000 to 50,000 rows."""
    found = walk(keyed, key)
    assert min(found) > 87
    assert max(found) < 91
    draw(record, "sequence", found)
    record.number("full_sequence", found[-1], unit="%", note="leaf density after 50,000 rows of a sequence")


@pytest.mark.fails_when("the key is a sequence", assertion="max(found) - min(found) > 10", key="n")
def test_random_keys_leave_a_density_that_swings(keyed: Postgres, record: Recorder, key: str = KEYS["UUIDv4"]) -> None:
    """With random keys, the density of the leaf pages swings by more than ten percentage points as the index grows, and
    stays between 50 and 90."""
    found = walk(keyed, key)
    assert max(found) - min(found) > 10
    assert min(found) > 50
    assert max(found) < 90
    draw(record, "UUIDv4", found)
    record.number("full_v4_low", min(found), unit="%", note="lowest leaf density from 10,000 to 50,000 random UUIDs")
    record.number("full_v4_high", max(found), unit="%", note="highest leaf density in that range")


@pytest.mark.fails_when("the index is in ascending order", assertion="max(found) < 55", order="")
def test_a_descending_index_on_growing_keys_stays_half_empty(
    keyed: Postgres, record: Recorder, order: str = "DESC"
) -> None:
    """A descending index on growing keys has leaf pages that are about half full, and needs 1.7 times the pages or
    more."""
    found = walk(keyed, "n", order)
    descending = keyed.index("i")
    assert max(found) < 55
    ascending = filled(keyed, "n", ROWS)
    assert descending.leaves > 1.7 * ascending.leaves
    draw(record, "sequence, DESC", found)
    record.number("leaves_desc", descending.leaves, note="leaf pages of a descending index on 50,000 growing keys")
    record.number("leaves_asc", ascending.leaves, note="leaf pages of an ascending index on the same keys")
    record.number("full_desc", found[-1], unit="%", note="leaf density of the descending index")


@pytest.mark.fails_when(
    "1,000 keys are made in each millisecond", assertion="made.density > 88", key="uuid_v7(n, 1000)"
)
def test_uuid_v7_fills_its_pages_like_a_sequence(keyed: Postgres, record: Recorder, key: str = KEYS["UUIDv7"]) -> None:
    """UUIDs of version 7, four to a millisecond, fill the leaf pages to more than 88 percent, and need 1.35 to
    1.45 times as many of them as a bigint."""
    made = filled(keyed, key, ROWS)
    assert made.density > 88
    record.number("full_v7", made.density, unit="%", note="leaf density, 50,000 UUIDv7, four to a millisecond")
    record.number("leaves_v7", made.leaves, note="leaf pages of 50,000 UUIDv7, four to a millisecond")
    sequence = filled(keyed, "n", ROWS)
    assert 1.35 < made.leaves / sequence.leaves < 1.45
    v4 = filled(keyed, KEYS["UUIDv4"], ROWS)
    record.number("full_v4", v4.density, unit="%", note="leaf density after 50,000 UUIDv4")
    record.number("leaves_v4", v4.leaves, note="leaf pages of 50,000 UUIDv4")


@pytest.mark.fails_when("four keys are made in each millisecond", assertion="made.density < 75", per_ms=4)
def test_uuid_v7_is_random_within_a_millisecond(keyed: Postgres, record: Recorder, per_ms: int = 1_000) -> None:
    """If 1,000 UUIDs of version 7 are made in each millisecond, and are random within it, the leaf pages are less than
    75 percent full."""
    made = filled(keyed, f"uuid_v7(n, {per_ms})", ROWS)
    assert made.density < 75
    record.number("full_v7_burst", made.density, unit="%", note="leaf density, 50,000 UUIDv7, 1,000 to a millisecond")


def split_bytes(pg: Postgres, key: str) -> float:
    """Average size of the records of page splits while 50,000 keys are inserted."""
    empty(pg, key)
    log = pg.totals(lambda: insert(pg, key, 1, ROWS))
    assert log.image_bytes == 0
    return log.size_of("Btree", *SPLITS) / log.count("Btree", *SPLITS)


@pytest.mark.fails_when("both keys are sequences", assertion="middle > 4 * right", key="n")
def test_a_split_in_the_middle_logs_half_a_page(keyed: Postgres, record: Recorder, key: str = KEYS["UUIDv4"]) -> None:
    """The log record of a split in the middle is more than four times as large as that of a split at the right
    end."""
    right, middle = split_bytes(keyed, "n"), split_bytes(keyed, key)
    assert middle > 4 * right
    record.number("split_bytes_right", right, unit="bytes", note="average split record, sequence, no page images")
    record.number("split_bytes_middle", middle, unit="bytes", note="average split record, UUIDv4, no page images")


def rebuilt(pg: Postgres, fillfactor: int) -> int:
    """Build an index on 50,000 random keys and return the number of its leaf pages."""
    pg.run(
        "DROP TABLE IF EXISTS t",
        "CREATE TABLE t (id uuid)",
        f"INSERT INTO t SELECT v4 FROM keys WHERE n <= {ROWS}",
        f"CREATE UNIQUE INDEX i ON t (id) WITH (fillfactor = {fillfactor})",
    )
    return pg.index("i").leaves


def splits(pg: Postgres, batches: int, skip: int = 0) -> list[int]:
    """Number of page splits in each batch of 2,500 random keys after the first *skip* ones."""
    found = []
    for first in range(ROWS + 1 + skip * STEP, ROWS + 1 + (skip + batches) * STEP, STEP):
        log = pg.totals(lambda first=first: insert(pg, KEYS["UUIDv4"], first, first + STEP - 1))
        found.append(log.count("Btree", *SPLITS))
    return found


def wave(record: Recorder) -> Chart:
    """The chart of the splits after a rebuild."""
    note = "SPLIT records in the log for each 2,500 random UUIDs that were inserted into a new index on 50,000 of them"
    return record.chart("wave", title="Page splits after a rebuild", x="rows inserted since", y="splits", note=note)


@pytest.mark.fails_when("the fill factor is 70", assertion="grown - packed >= packed - 1", fillfactor=70)
def test_a_fully_packed_index_splits_every_page_at_once(
    keyed: Postgres, record: Recorder, fillfactor: int = 100
) -> None:
    """After a rebuild of an index on 50,000 random keys with fill factor 100, the first 2,500 new keys split every leaf
    page except the last one, which wasn't full."""
    packed = rebuilt(keyed, fillfactor)
    found = splits(keyed, 1)
    grown = keyed.index("i").leaves
    assert grown - packed >= packed - 1
    found += splits(keyed, 5, skip=1)
    for batch, count in enumerate(found, start=1):
        wave(record).point("fill factor 100", batch * STEP, count)
    record.number("packed", packed, note="leaf pages of 50,000 random UUIDs at fill factor 100")
    record.number("packed_grown", grown, note="leaf pages of the same index after 2,500 more")


@pytest.mark.fails_when("the fill factor is 90", assertion="sum(found[:4]) == 0", fillfactor=90)
def test_a_lower_fill_factor_puts_the_splits_off(keyed: Postgres, record: Recorder, fillfactor: int = 70) -> None:
    """At fill factor 70, the first 10,000 random keys split no page of an index on 50,000, which has at least 85
    percent of the leaf pages that inserts would have made."""
    loose = rebuilt(keyed, fillfactor)
    found = splits(keyed, 6)
    assert sum(found[:4]) == 0
    assert loose > 0.85 * filled(keyed, KEYS["UUIDv4"], ROWS).leaves
    for batch, count in enumerate(found, start=1):
        wave(record).point("fill factor 70", batch * STEP, count)
    record.number("loose", loose, note="leaf pages of 50,000 random UUIDs at fill factor 70")


@pytest.mark.fails_when("the fill factor is 70", assertion="max(found) > loose / 2", fillfactor=70)
def test_the_default_fill_factor_splits_in_one_wave(keyed: Postgres, record: Recorder, fillfactor: int = 90) -> None:
    """At the default fill factor of 90, the first 2,500 random keys split no page of an index on 50,000, and a later
    batch of 2,500 splits more than half as many as there were."""
    loose = rebuilt(keyed, fillfactor)
    found = splits(keyed, 6)
    assert max(found) > loose / 2
    assert found[0] == 0
    for batch, count in enumerate(found, start=1):
        wave(record).point("fill factor 90", batch * STEP, count)
    record.number("default_leaves", loose, note="leaf pages of 50,000 random UUIDs at fill factor 90")
    record.number("default_wave", max(found), note="most splits in a batch of 2,500 keys at fill factor 90")
