"""Orders that are not unique, not complete, or not one-way: ties, NULL, mixed directions, lost digits."""

import datetime

import pytest

from engblog.lab.record import Recorder

from .conftest import On
from .databases import Database, Maria, Postgres
from .pages import SIZE, ids, walk_keyset, walk_offset

TIMES = {"PostgreSQL": "timestamp(6)", "MariaDB": "datetime(6)"}
FEED = 2_000


def series(product: str, upto: int) -> str:
    """The numbers from 1 as a table with a column n."""
    return (
        f"generate_series(1, {upto}) AS n"
        if product == "PostgreSQL"
        else f"(SELECT seq AS n FROM seq_1_to_{upto}) AS s"
    )


def make_feed(database: Database, product: str, key: str, kind: str = "integer", rows: int = FEED) -> None:
    """Make a table ``events`` of that many rows, whose column ``k`` is the expression *key* of the row's number n."""
    database.rows("DROP TABLE IF EXISTS events")
    database.rows(f"CREATE TABLE events (id bigint PRIMARY KEY, k {kind}, body varchar(200))")
    database.rows(f"INSERT INTO events SELECT n, {key}, repeat('x', 100) FROM {series(product, rows)}")


@pytest.mark.fails_when("the id breaks ties", assertion="len(found) < FEED", after="(k, id) < (%(key)s, %(id)s)")
@pytest.mark.parametrize("product", ["PostgreSQL", "MariaDB"])
def test_a_keyset_without_a_tie_breaker_skips_rows(
    on: On, product: str, record: Recorder, after: str = "k < %(key)s"
) -> None:
    """With eight rows to each value and pages of 20, "less than the last value" skips the rest of a cut group."""
    database = on(product)
    make_feed(database, product, "floor(n / 8)")

    found = ids(walk_keyset(database, "k", after, "k DESC, id DESC"))

    assert len(found) == len(set(found))
    assert len(found) < FEED
    assert FEED - len(found) == 333
    record.number("tie_lost", FEED - len(found), note="rows of 2,000 that a walk by k < last never showed")


@pytest.mark.fails_when("the groups are shorter than a page", assertion="second == first", group=8)
@pytest.mark.parametrize("product", ["PostgreSQL", "MariaDB"])
def test_less_or_equal_never_leaves_a_large_group(on: On, product: str, group: int = 50) -> None:
    """With fifty rows to each value, "at most the last value" returns the same page of 20 again."""
    database = on(product)
    make_feed(database, product, f"floor(n / {group})")

    walk = walk_keyset(database, "k", "k <= %(key)s", "k DESC, id DESC")
    next(walk)  # 2,000 is in a group of its own
    first, second = ([row[0] for row in next(walk)] for _ in range(2))

    assert second == first


@pytest.mark.fails_when("the id breaks ties", assertion="shown_twice > 0", order="k, id")
@pytest.mark.parametrize("product", ["PostgreSQL", "MariaDB"])
def test_offset_over_ties_repeats_rows_of_a_table_at_rest(
    on: On, product: str, record: Recorder, order: str = "k"
) -> None:
    """ORDER BY a column with five values, without an index: OFFSET pages repeat some rows and never show others."""
    database = on(product)
    make_feed(database, product, "n * 31 % 5")

    found = ids(walk_offset(database, order))

    shown_twice = len(found) - len(set(found))
    assert len(found) == FEED
    assert shown_twice > 0
    record.number(f"tie_{product.lower()}", shown_twice, note=f"rows of {FEED} never shown, on {product}")


EARLY = {"PostgreSQL": "DESC", "MariaDB": "ASC"}
"""The direction in which NULL comes first."""


@pytest.mark.fails_when("no key is NULL", assertion="len(found) == SIZE", key="n")
@pytest.mark.parametrize("product", ["PostgreSQL", "MariaDB"])
def test_a_null_in_the_cursor_ends_the_walk(on: On, product: str, key: str = "nullif(n % 10, 0)") -> None:
    """Where NULL sorts first, a full page of NULLs is the only page: nothing is less or greater than NULL."""
    database = on(product)
    make_feed(database, product, key)
    way, sign = EARLY[product], {"DESC": "<", "ASC": ">"}[EARLY[product]]

    found = ids(walk_keyset(database, "k", f"(k, id) {sign} (%(key)s, %(id)s)", f"k {way}, id {way}"))

    assert len(found) == SIZE
    assert all(number % 10 == 0 for number in found), "the NULLs"


@pytest.mark.fails_when("no key is NULL", assertion="FEED - len(found) == FEED // 10", key="n")
@pytest.mark.parametrize("product", ["PostgreSQL", "MariaDB"])
def test_nulls_at_the_end_are_never_shown(on: On, product: str, key: str = "nullif(n % 10, 0)") -> None:
    """Where NULL sorts last, the walk ends before the first NULL and leaves all of them out, without an error."""
    database = on(product)
    make_feed(database, product, key)
    way, sign = {"DESC": ("ASC", ">"), "ASC": ("DESC", "<")}[EARLY[product]]

    found = ids(walk_keyset(database, "k", f"(k, id) {sign} (%(key)s, %(id)s)", f"k {way}, id {way}"))

    assert len(found) == len(set(found))
    assert FEED - len(found) == FEED // 10
    assert all(number % 10 > 0 for number in found), "no NULL"


@pytest.mark.fails_when("the index is on the bare column", assertion="read == SIZE", expression="shipped_at")
def test_an_index_on_coalesce_gives_nulls_a_place(
    pg: Postgres, expression: str = "coalesce(shipped_at, 'infinity')"
) -> None:
    """PostgreSQL: with a value in NULL's place, indexed, the walk is complete and each page still reads 20 rows."""
    make_feed(pg, "PostgreSQL", "nullif(n % 10, 0)")
    key = "coalesce(k, 2147483647)"
    found = ids(walk_keyset(pg, key, f"({key}, id) > (%(key)s, %(id)s)", f"{key}, id"))
    assert len(found) == len(set(found)) == FEED

    pg.rows(f"CREATE INDEX unshipped ON orders (({expression}), id)")
    pg.rows("ANALYZE orders")
    try:
        shipped = "coalesce(shipped_at, 'infinity')"
        query = f"SELECT id FROM orders WHERE ({shipped}, id) > ('infinity', 5000) ORDER BY {shipped}, id LIMIT {SIZE}"
        read = pg.rows_read(query)
    finally:
        pg.rows("DROP INDEX unshipped")
    assert read == SIZE


@pytest.mark.fails_when("the query sorts by the bare column", assertion="read <= SIZE + 2", key="shipped_at")
def test_a_generated_column_gives_nulls_a_place(maria: Maria, key: str = "shipped_key") -> None:
    """MariaDB: with an indexed column generated from coalesce(), a page among the NULLs reads at most 22 rows."""
    maria.rows(
        "ALTER TABLE orders ADD shipped_key datetime "
        "AS (coalesce(shipped_at, timestamp '9999-12-31 00:00:00')) VIRTUAL, "
        "ADD INDEX unshipped (shipped_key, id)"
    )
    try:
        after = f"{key} > '9999-12-31' OR ({key} = '9999-12-31' AND id > 5000)"
        query = f"SELECT id FROM orders WHERE {after} ORDER BY {key}, id LIMIT {SIZE}"
        read = maria.rows_read(query)
        found = [row[0] for row in maria.rows(query)]
    finally:
        maria.rows("ALTER TABLE orders DROP INDEX unshipped, DROP COLUMN shipped_key")
    assert read <= SIZE + 2
    assert found == list(range(5_010, 5_210, 10))


MIXED = "priority DESC, id"


@pytest.mark.fails_when("both columns go down", assertion="missing > 0", order="k DESC, id DESC")
@pytest.mark.parametrize("product", ["PostgreSQL", "MariaDB"])
def test_a_row_value_has_one_direction(on: On, product: str, record: Recorder, order: str = "k DESC, id") -> None:
    """In the order k DESC, id ASC, a walk by row values shows some rows twice and others never."""
    database = on(product)
    make_feed(database, product, "floor(n / 8)")

    found = ids(walk_keyset(database, "k", "(k, id) < (%(key)s, %(id)s)", order), most=500)

    missing = FEED - len(set(found))
    assert missing > 0
    assert len(found) > len(set(found))
    assert missing == 456
    record.number("mixed_lost", missing, note="rows of 2,000 that the row value never showed in a mixed order")


BOUNDED = "priority <= 2 AND (priority < 2 OR id > 90000)"


@pytest.fixture(scope="module")
def mixed(on: On) -> On:
    """The servers with an index on the mixed order, and PostgreSQL with one on the negated priority."""
    for product in ("PostgreSQL", "MariaDB"):
        on(product).rows("CREATE INDEX urgent ON orders (priority DESC, id)")
    on("PostgreSQL").rows("CREATE INDEX urgent_up ON orders ((-priority), id)")
    on("PostgreSQL").rows("ANALYZE orders")
    on("MariaDB").rows("ANALYZE TABLE orders")
    return on


@pytest.mark.fails_when("only the start of the tie has been shown", assertion="read > 18_000", after="id > 100")
@pytest.mark.parametrize("product", ["PostgreSQL", "MariaDB"])
def test_a_bounded_or_rereads_a_large_tie(mixed: On, product: str, record: Recorder, after: str = "id > 90000") -> None:
    """With 20,000 orders of one priority, the bounded OR reads the 18,000 before the cursor again for each page."""
    database = mixed(product)
    query = f"SELECT * FROM orders WHERE priority <= 2 AND (priority < 2 OR {after}) ORDER BY {MIXED} LIMIT {SIZE}"

    read = database.rows_read(query)

    assert read > 18_000
    assert [row[0] for row in database.rows(query)] == list(range(90_002, 90_102, 5))
    record.number(f"tie_read_{product.lower()}", read, digits=6, note=f"rows read by the bounded OR on {product}")


@pytest.mark.fails_when("index condition pushdown is off", assertion="returned == SIZE", pushdown="off")
def test_the_read_counters_of_mariadb_hide_what_the_engine_drops(
    mixed: On, maria: Maria, record: Recorder, pushdown: str = "on"
) -> None:
    """MariaDB: when a page passes 18,000 entries of a tie, the Handler_read counters say 20, and Handler_icp_attempts
    more than 18,000."""
    query = f"SELECT * FROM orders WHERE {BOUNDED} ORDER BY {MIXED} LIMIT {SIZE}"
    maria.rows(f"SET optimizer_switch = 'index_condition_pushdown={pushdown}'")
    try:
        counted = maria.counters(query)
    finally:
        maria.rows("SET optimizer_switch = 'index_condition_pushdown=on'")
    returned = sum(count for name, count in counted.items() if name.startswith("Handler_read_"))
    assert returned == SIZE
    assert counted["Handler_icp_attempts"] > 18_000
    record.number(
        "icp_attempts",
        counted["Handler_icp_attempts"],
        digits=6,
        note="Handler_icp_attempts for one page by the bounded OR",
    )


@pytest.mark.fails_when("the OR has only its bound", assertion="read <= SIZE + 2", condition=BOUNDED)
def test_mariadb_makes_exact_ranges_of_a_mixed_or(
    mixed: On, maria: Maria, condition: str = "priority < 2 OR (priority = 2 AND id > 90000)"
) -> None:
    """MariaDB, with an index in the mixed order: the full OR reads the page and at most two rows more."""
    query = f"SELECT id FROM orders WHERE {condition} ORDER BY {MIXED} LIMIT {SIZE}"
    read = maria.rows_read(query.replace("id", "*", 1))
    assert read <= SIZE + 2
    assert maria.rows(query) == maria.rows(f"SELECT id FROM orders WHERE {BOUNDED} ORDER BY {MIXED} LIMIT {SIZE}")


@pytest.mark.fails_when("the bounded OR is used", assertion="read == SIZE", condition=BOUNDED, order=MIXED)
def test_a_negated_column_turns_the_order_one_way(
    mixed: On, pg: Postgres, condition: str = "(-priority, id) > (-2, 90000)", order: str = "-priority, id"
) -> None:
    """PostgreSQL, with an index on (-priority, id): the row value reads 20 rows and returns the same page."""
    query = f"SELECT id FROM orders WHERE {condition} ORDER BY {order} LIMIT {SIZE}"
    read = pg.rows_read(query)
    assert read == SIZE
    assert pg.rows(query) == pg.rows(f"SELECT id FROM orders WHERE {BOUNDED} ORDER BY {MIXED} LIMIT {SIZE}")


# --8<-- [start:union]
UNION = """
(SELECT id, priority FROM orders WHERE priority = 2 AND id > %(id)s ORDER BY priority DESC, id LIMIT 20)
UNION ALL
(SELECT id, priority FROM orders WHERE priority < 2 ORDER BY priority DESC, id LIMIT 20)
ORDER BY priority DESC, id LIMIT 20
"""
# --8<-- [end:union]


@pytest.mark.fails_when("it is one query with a bounded OR", assertion="read <= 40", union=False)
def test_a_union_reads_at_most_two_pages(mixed: On, pg: Postgres, union: bool = True) -> None:
    """PostgreSQL: the rest of the tie and what follows it, as two queries with a LIMIT each, read at most 40 rows."""
    bounded = f"SELECT id, priority FROM orders WHERE priority <= 2 AND (priority < 2 OR id > %(id)s) ORDER BY {MIXED}"
    for last in (50_000, 90_000, 99_980):
        query = UNION if union else f"{bounded} LIMIT 20"
        read = pg.rows_read(query, {"id": last})
        assert read <= 40
        assert pg.rows(query, {"id": last}) == pg.rows(f"{bounded} LIMIT 20", {"id": last})


@pytest.mark.fails_when("the cursor keeps the microseconds", assertion="found != rightly", kept=6)
@pytest.mark.parametrize("way", ["DESC", "ASC"])
@pytest.mark.parametrize("product", ["PostgreSQL", "MariaDB"])
def test_a_cursor_that_loses_digits_loses_rows(on: On, product: str, way: str, record: Recorder, kept: int = 3) -> None:
    """With seven rows to a millisecond, a cursor cut to milliseconds skips rows newest first, and repeats them oldest
    first."""
    database = on(product)
    step = "n * 137 * interval '1 microsecond'" if product == "PostgreSQL" else "INTERVAL (n * 137) MICROSECOND"
    make_feed(database, product, f"timestamp '2026-01-01 00:00:00' + {step}", TIMES[product])
    sign = {"DESC": "<", "ASC": ">"}[way]

    found, values, where = [], {}, "true"
    while page := database.rows(f"SELECT id, k FROM events WHERE {where} ORDER BY k {way}, id {way} LIMIT 20", values):
        found += [number for number, _ in page]
        number, last = page[-1]
        values, where = {"at": cut(last, kept), "id": number}, f"(k, id) {sign} (%(at)s, %(id)s)"
        assert len(found) < 2 * FEED

    rightly = sorted(range(1, FEED + 1), reverse=way == "DESC")
    assert found != rightly
    lost, again = FEED - len(set(found)), len(found) - len(set(found))
    assert (lost > 0, again > 0) == (way == "DESC", way == "ASC")
    if way == "DESC":
        assert lost == 173
        record.number("digits_lost", lost, note="rows of 2,000 that the walk with a cut cursor never showed")


def cut(at: datetime.datetime, digits: int) -> datetime.datetime:
    """The time without what a clock of that many *digits* after the second would lose."""
    unit = 10 ** (6 - digits)
    return at.replace(microsecond=at.microsecond // unit * unit)
