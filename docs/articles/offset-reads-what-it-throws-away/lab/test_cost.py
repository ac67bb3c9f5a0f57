"""Rows that one page costs, by OFFSET and by three ways of writing the keyset condition."""

import os
import subprocess
from contextlib import closing

import pytest

from engblog.lab.record import Chart, Recorder
from engblog.lab.servers import MariaDB, PostgreSQL

from .conftest import On
from .databases import LAB, Maria, Postgres, statements
from .pages import NEWEST_FIRST, ORDERS, SIZE, by_keyset, by_offset, last_of

PAGES = (2, 5, 10, 20, 50, 80, 90, 100, 200, 500, 1_000, 2_000, 4_501, 5_000)
DEEP = 4_501
"""The page whose OFFSET is 90,000."""


def by_page(record: Recorder) -> Chart:
    """The chart that the tests of this file draw together."""
    note = "PostgreSQL: rows of the scans in EXPLAIN ANALYZE; MariaDB: handler counters. 100,000 orders, pages of 20"
    return record.chart(
        "by_page", title="Rows read for one page", x="page", y="rows read", x_scale="log", y_scale="log", note=note
    )


@pytest.mark.fails_when("the page is asked for by keyset", assertion="read == page * SIZE", keyset=True)
def test_offset_reads_every_row_that_it_skips(pg: Postgres, record: Recorder, keyset: bool = False) -> None:
    """On PostgreSQL, page p of the feed reads p times 20 rows: those of the page and all before it."""
    chart = by_page(record)
    for page in PAGES:
        values = last_of(pg, page - 1)
        read = pg.rows_read(by_keyset("row value") if keyset else by_offset(page), values)
        assert read == page * SIZE
        chart.point("PostgreSQL, OFFSET", page, read)
    record.number("pg_deep", pg.rows_read(by_offset(DEEP)), digits=6, note="rows read by OFFSET 90000 on PostgreSQL")


@pytest.mark.fails_when("the index is forced", assertion="scanned == ORDERS + 1", hint="FORCE INDEX (feed)")
def test_mariadb_gives_up_the_index_for_a_deep_page(maria: Maria, record: Recorder, hint: str = "") -> None:
    """On MariaDB a shallow page walks the index; from some page on, every page scans the whole table and sorts it."""
    query = {page: by_offset(page).replace("FROM orders", f"FROM orders {hint}") for page in PAGES}
    counters = maria.counters(query[DEEP])
    scanned = counters["Handler_read_rnd_next"]
    assert scanned == ORDERS + 1
    assert counters["Handler_read_next"] == 0
    assert maria.rows("SHOW SESSION STATUS LIKE 'Sort_scan'") == [("Sort_scan", "1")]
    flip = first_sorted_page(maria, "orders", 500)
    for page in PAGES:
        read = maria.rows_read(query[page])
        assert read == (page * SIZE if page < flip else ORDERS + 1)
        by_page(record).point("MariaDB, OFFSET", page, read, digits=6)
    record.number(
        "maria_deep", scanned, digits=6, note="rows read by a deep page on MariaDB; the last read finds the end"
    )
    record.number("maria_flip", flip, note="first page for which MariaDB scans and sorts the table of 100,000 orders")


@pytest.mark.fails_when("the second table is as large", assertion="small < large / 4", rows=ORDERS)
def test_a_smaller_table_is_sorted_from_an_earlier_page_on(
    maria: Maria, record: Recorder, rows: int = ORDERS // 10
) -> None:
    """MariaDB begins to sort at a much earlier page if the table has a tenth of the rows."""
    maria.rows("DROP TABLE IF EXISTS fewer")
    maria.rows("CREATE TABLE fewer LIKE orders")
    maria.rows(f"INSERT INTO fewer SELECT * FROM orders WHERE id <= {rows}")
    maria.rows("ANALYZE TABLE fewer")
    small, large = first_sorted_page(maria, "fewer", rows // SIZE), first_sorted_page(maria, "orders", 500)
    assert small < large / 4
    record.number("maria_flip_small", small, note="first page for which MariaDB sorts a table of 10,000 orders")


def first_sorted_page(maria: Maria, table: str, last: int) -> int:
    """The first page for which MariaDB plans to sort, after which it sorts for each page up to *last*."""
    explain = {
        page: f"EXPLAIN {by_offset(page).replace('FROM orders', f'FROM {table}')}" for page in range(1, last + 1)
    }
    found = [page for page, query in explain.items() if "Using filesort" in str(maria.rows(query))]
    assert found == list(range(found[0], last + 1))
    return found[0]


@pytest.mark.fails_when("the page is asked for by OFFSET", assertion="read <= SIZE + 2", offset=True)
@pytest.mark.parametrize("product", ["PostgreSQL", "MariaDB"])
def test_a_keyset_page_costs_the_same_at_any_depth(
    on: On, product: str, record: Recorder, offset: bool = False
) -> None:
    """A keyset page in the form that suits the server reads 20 rows at any depth, and on MariaDB at most two more."""
    database = on(product)
    query = by_keyset("row value" if product == "PostgreSQL" else "or")
    chart = by_page(record)
    for page in PAGES:
        values = last_of(database, page - 1)
        read = database.rows_read(by_offset(page) if offset else query, values)
        assert read <= SIZE + 2
        assert read == SIZE or product == "MariaDB"
        assert database.rows(query, values) == database.rows(by_offset(page))
        chart.point(f"{product}, keyset", page, read)


@pytest.mark.fails_when("the condition is expanded", assertion="read == DEEP * SIZE", form="or")
def test_mariadb_filters_a_row_value_after_reading(maria: Maria, record: Recorder, form: str = "row value") -> None:
    """MariaDB answers a row value correctly, but walks the index from its start, as OFFSET would."""
    values = last_of(maria, DEEP - 1)
    read = maria.rows_read(by_keyset(form), values)
    assert read == DEEP * SIZE
    assert maria.rows(by_keyset(form), values) == maria.rows(by_offset(DEEP))
    record.number("maria_row_value", read, digits=6, note="rows read by the row value, after page 4,500")
    record.number("maria_or", maria.rows_read(by_keyset("or"), values), note="rows read by OR, after page 4,500")


@pytest.mark.fails_when("the condition is a row value", assertion="read == DEEP * SIZE", form="row value")
def test_postgresql_filters_an_or_after_reading(pg: Postgres, record: Recorder, form: str = "or") -> None:
    """PostgreSQL answers an OR correctly, but walks the index from its start, as OFFSET would."""
    values = last_of(pg, DEEP - 1)
    read = pg.rows_read(by_keyset(form), values)
    assert read == DEEP * SIZE
    assert pg.rows(by_keyset(form), values) == pg.rows(by_offset(DEEP))
    record.number("pg_or", read, digits=6, note="rows read by OR, after page 4,500")
    record.number(
        "pg_row_value",
        pg.rows_read(by_keyset("row value"), values),
        note="rows read by the row value, after page 4,500",
    )


@pytest.mark.fails_when("the bound is left out", assertion="max(read.values()) <= SIZE + 4", form="or")
def test_a_bounded_or_reads_little_on_both(on: On, record: Recorder, form: str = "bounded or") -> None:
    """If the OR has a bound on the first column, PostgreSQL and MariaDB read the page and at most four orders more."""
    read = {}
    for product in ("PostgreSQL", "MariaDB"):
        database = on(product)
        values = last_of(database, DEEP - 1)
        read[product] = database.rows_read(by_keyset(form), values)
        assert database.rows(by_keyset(form), values) == database.rows(by_offset(DEEP))
    assert max(read.values()) <= SIZE + 4
    record.number("pg_bounded", read["PostgreSQL"], note="rows read by the bounded OR on PostgreSQL, after page 4,500")
    record.number("maria_bounded", read["MariaDB"], note="rows read by the bounded OR on MariaDB, after page 4,500")


@pytest.mark.fails_when("the walk uses the keyset", assertion="read == 101_000", keyset=True)
def test_a_whole_walk_grows_with_the_square(pg: Postgres, record: Recorder, keyset: bool = False) -> None:
    """On PostgreSQL, the first 100 pages of 20 rows read 101,000 rows by OFFSET and 2,000 by keyset."""
    total = {"offset": 0, "keyset": 0}
    for page in range(1, 101):
        values = last_of(pg, page - 1) if page > 1 else {}
        total["offset"] += pg.rows_read(by_offset(page))
        total["keyset"] += pg.rows_read(by_keyset("row value") if values else by_offset(1), values)
    read = total["keyset" if keyset else "offset"]
    assert read == 101_000
    assert total["keyset"] == 2_000
    record.number("walk_offset", total["offset"], digits=6, note="rows read by the first 100 pages by OFFSET")
    record.number("walk_keyset", total["keyset"], digits=6, note="rows read by the first 100 pages by keyset")


@pytest.mark.fails_when("the index begins with the filter", assertion="read > 100 * SIZE", indexed=True)
def test_a_keyset_needs_the_filter_in_its_index(pg: Postgres, record: Recorder, indexed: bool = False) -> None:
    """PostgreSQL reads 20 rows for a page of one customer in a thousand if the index begins with the customer, and more
    than 2,000 if not."""
    mine = f"SELECT * FROM orders WHERE customer = 7 AND {{after}} {NEWEST_FIRST} LIMIT {SIZE}"
    pg.rows("CREATE INDEX mine ON orders (customer, placed_at DESC, id DESC)")
    try:
        values = {"at": "2026-01-17 00:00:00Z", "id": ORDERS}
        query = mine.format(after="(placed_at, id) < (%(at)s, %(id)s)")
        right = pg.rows_read(query, values)
        if not indexed:
            pg.rows("DROP INDEX mine")
        read = pg.rows_read(query, values)
    finally:
        pg.rows("DROP INDEX IF EXISTS mine")
    assert right == SIZE
    assert read > 100 * SIZE
    record.number("unfiltered", read, digits=6, note="rows read for one customer's page without the customer's index")


@pytest.mark.fails_when("the order has an index", assertion="read >= ORDERS", indexed=True)
@pytest.mark.parametrize("product", ["PostgreSQL", "MariaDB"])
def test_an_order_without_an_index_reads_everything(on: On, product: str, indexed: bool = False) -> None:
    """A keyset page in an order that no index has reads the whole table, on PostgreSQL and on MariaDB."""
    database = on(product)
    forms = {"PostgreSQL": "(customer, id) > ({0}, 5)", "MariaDB": "customer > {0} OR (customer = {0} AND id > 5)"}
    if indexed:
        database.rows("CREATE INDEX by_customer ON orders (customer, id)")
    try:
        read = min(
            database.rows_read(f"SELECT * FROM orders WHERE {after} ORDER BY customer, id LIMIT {SIZE}")
            for after in (forms[product].format(last) for last in (10, 900))
        )
    finally:
        if indexed:
            database.rows("DROP INDEX by_customer" + (" ON orders" if product == "MariaDB" else ""))
    assert read >= ORDERS


@pytest.mark.fails_when("the condition is expanded", assertion="read == SIZE", form="or")
def test_placeholders_leave_the_row_value_exact(pg: Postgres, form: str = "row value") -> None:
    """PostgreSQL: a prepared statement reads 20 rows too, with a plan that was made without knowing the values."""
    text = by_keyset(form).replace("%(at)s", "$1").replace("%(id)s", "$2")
    values = last_of(pg, DEEP - 1)
    pg.rows("SET plan_cache_mode = 'force_generic_plan'")
    pg.rows(f"PREPARE page (timestamptz, bigint) AS {text}")
    try:
        read = pg.rows_read("EXECUTE page (%(at)s, %(id)s)", values)
    finally:
        pg.rows("DEALLOCATE page")
        pg.rows("RESET plan_cache_mode")
    assert read == SIZE


ROW_VALUE = "(placed_at, id) < ('2026-01-02 17:40:00', 10001)"
OR_FORM = "placed_at < '2026-01-02 17:40:00' OR (placed_at = '2026-01-02 17:40:00' AND id < 10001)"


@pytest.mark.fails_when("PostgreSQL scans no index", assertion="len(scans) == 2", options="-c enable_indexscan=off")
@pytest.mark.fails_when("MariaDB gets the OR", assertion='"Handler_read_next\\t90019" in shown', condition=OR_FORM)
def test_the_commands_of_the_article_show_it(
    postgresql: PostgreSQL, mariadb: MariaDB, options: str = "", condition: str = ROW_VALUE
) -> None:
    """psql shows 90,020 and 20 rows read for the same page; MariaDB's counter shows 90,019 steps for the row value."""
    psql = [postgresql.program("psql"), "-qX", postgresql.dsn, "-f", str(LAB / "try.sql")]
    environment = {**os.environ, "PGOPTIONS": options}
    shown = subprocess.run(psql, check=True, capture_output=True, text=True, env=environment).stdout
    scans = [line for line in shown.splitlines() if "Scan using feed" in line]
    assert len(scans) == 2
    assert "actual rows=90020" in scans[0]
    assert "actual rows=20" in scans[1]
    assert "Index Cond: (ROW(placed_at, id) < ROW(" in shown
    with closing(Postgres(postgresql.dsn)) as database:
        page, same = (database.rows(query.partition("\n")[2]) for query in statements("try.sql"))
    assert page == same
    client = ["mariadb", "--no-defaults", "-h127.0.0.1", f"-P{mariadb.port}", "-uroot", "test"]
    script = (LAB / "try-mariadb.sql").read_text(encoding="utf-8")
    assert ROW_VALUE in script
    script = script.replace(ROW_VALUE, condition)
    shown = subprocess.run(client, check=True, capture_output=True, text=True, input=script).stdout
    assert "Handler_read_next\t90019" in shown
