"""Counting, and pages that are reached without walking: by value, backwards, the last one, and by number."""

import pytest

from engblog.lab.record import Recorder

from .conftest import On
from .databases import Postgres
from .pages import NEWEST_FIRST, ORDERS, SIZE, by_keyset, by_offset, last_of

COUNT = "SELECT count(*) FROM orders"
CAPPED = "SELECT count(*) FROM (SELECT 1 FROM orders LIMIT 1001) AS part"


@pytest.mark.fails_when("the count is capped", assertion="read >= ORDERS", count=CAPPED)
@pytest.mark.parametrize("product", ["PostgreSQL", "MariaDB"])
def test_an_exact_count_reads_every_row(on: On, product: str, count: str = COUNT) -> None:
    """An exact count(*) of 100,000 orders reads at least 100,000 rows or index entries."""
    database = on(product)
    read = database.rows_read(count)
    assert read >= ORDERS
    assert database.rows(count) == [(ORDERS,)]


@pytest.mark.fails_when("the query does not count", assertion="read >= ORDERS", counted="*")
@pytest.mark.parametrize(
    ("product", "default"), [("PostgreSQL", "*, count(*) OVER ()"), ("MariaDB", "SQL_CALC_FOUND_ROWS *")]
)
def test_a_page_with_its_total_reads_the_whole_table(on: On, product: str, default: str, counted: str = "") -> None:
    """count(*) OVER () on PostgreSQL and SQL_CALC_FOUND_ROWS on MariaDB turn page 1 into a read of every row."""
    read = on(product).rows_read(f"SELECT {counted or default} FROM orders {NEWEST_FIRST} LIMIT {SIZE}")
    assert read >= ORDERS


@pytest.mark.fails_when("the count has no cap", assertion="read == 1_001", count=COUNT)
def test_a_capped_count_stops(pg: Postgres, count: str = CAPPED) -> None:
    """A count over LIMIT 1001 reads 1,001 rows on PostgreSQL, enough to say "more than 1,000"."""
    read = pg.rows_read(count)
    assert read == 1_001
    assert pg.rows(count) == [(1_001,)]


@pytest.mark.fails_when("statistics are renewed", assertion="estimate == ORDERS", after="ANALYZE copied")
def test_an_estimate_is_as_old_as_the_last_analyze(pg: Postgres, after: str = "SELECT 1") -> None:
    """reltuples is 100,000 after ANALYZE of 100,000 rows, and still 100,000 when 40,000 of them are gone."""
    pg.rows("DROP TABLE IF EXISTS copied")
    pg.rows("CREATE TABLE copied AS SELECT id FROM orders")
    pg.rows("ANALYZE copied")
    pg.rows("DELETE FROM copied WHERE id <= 40000")
    pg.rows(after)
    ((estimate,),) = pg.rows("SELECT reltuples::bigint FROM pg_class WHERE oid = 'copied'::regclass")
    assert pg.rows("SELECT count(*) FROM copied") == [(60_000,)]
    assert estimate == ORDERS


@pytest.mark.fails_when("the whole table is counted", assertion="read == SIZE + 1", query=COUNT)
def test_one_row_more_tells_whether_a_page_follows(
    pg: Postgres, query: str = by_keyset("row value").replace("LIMIT 20", "LIMIT 21")
) -> None:
    """On PostgreSQL, LIMIT 21 reads 21 rows, and returns the 21st only if another page follows."""
    read = pg.rows_read(query, last_of(pg, 4_500))
    assert read == SIZE + 1
    assert len(pg.rows(query, last_of(pg, 4_998))) == SIZE + 1
    assert len(pg.rows(query, last_of(pg, 4_999))) == SIZE


@pytest.mark.fails_when("the page is asked for by number", assertion="read == SIZE", query=by_offset(2_893))
@pytest.mark.parametrize("product", ["PostgreSQL", "MariaDB"])
def test_a_jump_to_a_date_reads_one_page(on: On, product: str, query: str = "") -> None:
    """A page that starts at a date reads 20 rows on PostgreSQL and on MariaDB."""
    dated = f"SELECT * FROM orders WHERE placed_at < '2026-01-08 00:00:00' {NEWEST_FIRST} LIMIT {SIZE}"
    database = on(product)
    read = database.rows_read(query or dated)
    assert read == SIZE
    assert database.rows(dated)[0][1].strftime("%m-%d %H:%M") == "01-07 23:59"


# --8<-- [start:back]
BACK = """
SELECT * FROM (
  SELECT * FROM orders WHERE (placed_at, id) > (%(at)s, %(id)s)
  ORDER BY placed_at ASC, id ASC LIMIT 20
) AS previous
ORDER BY placed_at DESC, id DESC
"""
# --8<-- [end:back]


@pytest.mark.fails_when(
    "only the comparison is turned", assertion="== pg.rows(by_offset(4_500))", query=BACK.replace("ASC", "DESC")
)
def test_a_page_back_turns_comparison_and_order(pg: Postgres, query: str = BACK) -> None:
    """PostgreSQL reads 20 rows for the page before, if comparison and order are turned and then its rows again."""
    ((at, number),) = pg.rows(f"SELECT placed_at, id FROM orders {NEWEST_FIRST} LIMIT 1 OFFSET 90000")
    values = {"at": at, "id": number}
    assert pg.rows(query, values) == pg.rows(by_offset(4_500))
    assert pg.rows_read(query, values) == SIZE


@pytest.mark.fails_when("it is asked for by OFFSET", assertion="read == SIZE", order=f"{NEWEST_FIRST} OFFSET 99980")
def test_the_last_page_is_the_first_of_the_other_order(pg: Postgres, order: str = "ORDER BY placed_at, id") -> None:
    """PostgreSQL reads 20 rows for the last page, if it is asked for as the first page of the opposite order."""
    query = f"SELECT id FROM orders {order} LIMIT {SIZE}"
    read = pg.rows_read(query)
    assert sorted(row[0] for row in pg.rows(query)) == list(range(1, SIZE + 1))
    assert read == SIZE


# --8<-- [start:deferred]
DEFERRED = """
SELECT orders.* FROM (
  SELECT id FROM orders ORDER BY placed_at DESC, id DESC LIMIT 20 OFFSET 90000
) AS page JOIN orders USING (id)
ORDER BY placed_at DESC, id DESC
"""
# --8<-- [end:deferred]


@pytest.mark.fails_when(
    "the inner query needs a column outside the index", assertion="blocks < plain / 4", inner="id, note"
)
def test_a_deferred_join_reads_the_index_but_not_the_rows(pg: Postgres, record: Recorder, inner: str = "id") -> None:
    """PostgreSQL: a deferred join reads as many index entries as OFFSET, but touches under a quarter of the blocks."""
    query = DEFERRED.replace("SELECT id", f"SELECT {inner}")
    if inner != "id":
        query = query.replace("SELECT orders.*", "SELECT page.note, orders.*")
    blocks, plain = (touched(pg, text) for text in (query, by_offset(4_501)))
    read = pg.rows_read(query)
    assert read >= 90_020
    assert blocks < plain / 4
    assert pg.rows(DEFERRED) == pg.rows(by_offset(4_501))
    record.number("blocks_plain", plain, digits=6, note="blocks that OFFSET 90000 touched on PostgreSQL")
    record.number("blocks_deferred", blocks, digits=6, note="blocks that the deferred join touched")


def touched(pg: Postgres, query: str) -> int:
    """Count the blocks that the query asked the buffer manager for."""
    plan = pg.plan(query)
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


# --8<-- [start:marks]
MARKS = """
CREATE TABLE marks AS
SELECT (n - 1) / 20 + 1 AS page, placed_at, id
FROM (SELECT placed_at, id, row_number() OVER (ORDER BY placed_at DESC, id DESC) AS n FROM orders) AS numbered
WHERE n % 1000 = 0
"""
# --8<-- [end:marks]


@pytest.mark.fails_when("the jump starts at the top", assertion="read <= 1_000", marked=False)
def test_marks_bound_the_cost_of_a_jump(pg: Postgres, record: Recorder, marked: bool = True) -> None:
    """PostgreSQL: with the key of every 1,000th row stored, a jump to a page reads at most 1,000 rows of the feed."""
    pg.rows("DROP TABLE IF EXISTS marks")
    pg.rows(MARKS)
    most = 0
    for page in (60, 1_000, 4_321, 4_990):
        query = f"SELECT placed_at, id, page FROM marks WHERE page < {page} ORDER BY page DESC LIMIT 1"
        ((at, number, mark),) = pg.rows(query)
        rest = (page - mark - 1) * SIZE
        query = f"{by_keyset('row value')} OFFSET {rest}" if marked else by_offset(page)
        read = pg.rows_read(query, {"at": at, "id": number})
        assert read <= 1_000
        assert pg.rows(query, {"at": at, "id": number}) == pg.rows(by_offset(page))
        most = max(most, read)
    record.number("marks_most", most, digits=4, note="most rows of the feed that one of four jumps read")
