"""The second question: is the index cheaper? Pages, rows, and the constants that price them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from explain import Plan, explain, is_as_shown, run

ROWS = 200_000
CUSTOMERS = 10_000


@pytest.mark.fails_when("a page costs twice as much", assertion="explained.cost == price", seq_page_cost=2)
def test_the_cost_of_a_sequential_scan_is_four_numbers(shop: Any, record: Any, seq_page_cost=1) -> None:
    """The cost of a sequential scan with one condition is the table's pages times 1.0 plus its rows times 0.0125."""
    shop.execute(f"SET LOCAL seq_page_cost = {seq_page_cost}")
    # --8<-- [start:price]
    size = "SELECT relpages, reltuples FROM pg_class WHERE relname = 'orders'"
    pages, rows = shop.execute(size).fetchone()
    for_pages = pages * 1.0  # seq_page_cost
    for_rows = rows * (0.01 + 0.0025)  # cpu_tuple_cost, cpu_operator_cost
    price = for_pages + for_rows
    explained = explain(shop, "SELECT * FROM orders WHERE status = 'done'")
    assert explained.cost == price
    # --8<-- [end:price]
    assert explained.top == "Seq Scan"
    record.number("seq_cost", int(price), note="computed: cost of the sequential scan with one condition")
    record.number("seq_cpu_cost", int(for_rows), note="computed: the part of it that is for rows")


def by_status(status: str) -> str:
    """The statement that asks for one status."""
    return f"SELECT * FROM orders WHERE status = '{status}';"


@pytest.mark.fails_when("the statistics are gone", assertion='plans["failed"].top == "Index Scan"', forget=True)
def test_one_statement_has_three_plans(shop: Any, forget=False) -> None:
    """The same statement with three values gets an index scan for 0.1% of the rows, a bitmap scan for 10% and a
    sequential scan for 89.9%, and each estimate is exact."""
    if forget:
        shop.execute("DELETE FROM pg_statistic WHERE starelid = 'orders'::regclass")
    plans = {status: run(shop, by_status(status)) for status in ("failed", "open", "done")}
    assert plans["failed"].top == "Index Scan"
    assert plans["open"].top == "Bitmap Heap Scan"
    assert plans["done"].top == "Seq Scan"
    assert [(plan.rows, plan.found) for plan in plans.values()] == [(200, 200), (20_000, 20_000), (179_800, 179_800)]
    assert all(is_as_shown(shop, status, by_status(status)) for status in plans)


def customers(share: float) -> str:
    """The statement for that share of the rows, scattered over the table."""
    return f"SELECT * FROM orders WHERE customer < {round(CUSTOMERS * share)}"


def days(share: float) -> str:
    """The statement for that share of the rows, side by side in the table."""
    return f"SELECT * FROM orders WHERE id <= {round(ROWS * share)}"


def only(shop: Any, way: str) -> None:
    """Leave the planner one way to read a table: index, bitmap, seq, or any of them."""
    for each in ("index", "bitmap", "seq"):
        shop.execute(f"SET LOCAL enable_{each}scan = {'on' if way in (each, 'any') else 'off'}")


@pytest.mark.fails_when(
    "the table is sorted by customer", assertion="scattered.pages > 40 * ordered.pages", cluster=True
)
def test_a_tenth_of_the_rows_can_be_a_tenth_of_the_pages_or_five_times_the_table(
    shop: Any, record: Any, cluster=False
) -> None:
    """Through an index, a tenth of the rows touches more than 40 times as many pages when the rows are scattered as
    when they lie side by side, and more than five times the pages of the table."""
    if cluster:
        shop.execute("CLUSTER orders USING orders_customer")
    only(shop, "index")
    ordered = run(shop, "SELECT * FROM orders WHERE placed_at <= '2026-01-14 21:20Z'")
    scattered = run(shop, customers(0.1))
    record.number("ordered_pages", ordered.pages, note="pages touched by 10% of the rows in the order of the table")
    record.number("scattered_pages", scattered.pages, note="pages touched by 10% of the rows, scattered")
    (pages,) = shop.execute("SELECT relpages FROM pg_class WHERE relname = 'orders'").fetchone()
    assert ordered.found == scattered.found == 20_000
    assert scattered.pages > 40 * ordered.pages
    assert scattered.pages > 5 * pages


@pytest.mark.fails_when("the table is sorted by customer", assertion="abs(scattered) < 0.01", cluster=True)
def test_correlation_is_in_the_statistics(shop: Any, cluster=False) -> None:
    """In pg_stats, correlation is 1 for placed_at, whose values are in the order of the rows, and within 0.01 of 0 for
    customer, whose values are scattered."""
    if cluster:
        shop.execute("CLUSTER orders USING orders_customer")
        shop.execute("ANALYZE orders (placed_at, customer)")
    known = dict(shop.execute("SELECT attname, correlation FROM pg_stats WHERE tablename = 'orders'").fetchall())
    ordered, scattered = known["placed_at"], known["customer"]
    assert abs(scattered) < 0.01
    assert ordered == 1


SHARES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


def costs(shop: Any, statement: str) -> dict[str, float]:
    """Estimated cost of each way to read the rows of *statement*."""
    found = {}
    for way in ("index", "bitmap", "seq"):
        only(shop, way)
        found[way] = explain(shop, statement).cost
    only(shop, "any")
    return found


def turning_point(shop: Any, way: str, statement: Callable[[float], str]) -> float:
    """The highest share, in steps of 0.1%, at which *way* is estimated to be cheaper than the sequential scan."""
    low, high = 1, 1_000
    while low < high:
        middle = (low + high + 1) // 2
        found = costs(shop, statement(middle / 1_000))
        low, high = (middle, high) if found[way] < found["seq"] else (low, middle - 1)
    return low / 10


@pytest.mark.fails_when("a random page costs as much as any other", assertion="index_until < 1", random_page_cost=1)
def test_the_bitmap_moves_the_turning_point_to_half_of_the_table(shop: Any, record: Any, random_page_cost=4) -> None:
    """At the default costs, a plain index scan of scattered rows is cheaper than the sequential scan up to less than
    1% of the table, a bitmap scan up to about half, and an index scan of rows side by side up to about two thirds."""
    shop.execute(f"SET LOCAL random_page_cost = {random_page_cost}")
    chart = record.chart(
        "costs",
        title="Estimated cost of three ways to read scattered rows",
        x="rows that match, % of the table",
        y="estimated cost",
        x_scale="log",
        y_scale="log",
        note="EXPLAIN with the other ways switched off; 200,000 rows, default costs",
    )
    for share in SHARES:
        found = costs(shop, customers(share))
        chart.point("index scan", 100 * share, found["index"])
        chart.point("bitmap scan", 100 * share, found["bitmap"])
        chart.point("sequential scan", 100 * share, found["seq"])
    index_until = turning_point(shop, "index", customers)
    bitmap_until = turning_point(shop, "bitmap", customers)
    ordered_until = turning_point(shop, "index", days)
    record.number("ordered_until", ordered_until, unit="%", note="the same for an index scan of rows side by side")
    record.number("index_until", index_until, unit="%", note="highest share at which an index scan is cheaper than seq")
    record.number("bitmap_until", bitmap_until, unit="%", note="highest share at which a bitmap is cheaper than seq")
    assert index_until < 1
    assert 45 < bitmap_until < 60
    assert 60 < ordered_until < 75
    assert explain(shop, customers(0.4)).top == "Bitmap Heap Scan"
    assert explain(shop, customers(0.6)).top == "Seq Scan"


@pytest.mark.fails_when("the cache is assumed to be small", assertion="all_cost < 1.3 * tenth_cost", cache="1MB")
def test_a_page_that_stays_in_memory_is_charged_once(shop: Any, cache="4GB") -> None:
    """From a tenth of the rows, scattered, to all of them, an index scan touches ten times as many pages, but the
    planner expects it to cost less than 1.3 times as much."""
    shop.execute(f"SET LOCAL effective_cache_size = '{cache}'")
    only(shop, "index")
    tenth, everything = run(shop, customers(0.1)), run(shop, customers(1))
    all_cost, tenth_cost = everything.cost, tenth.cost
    assert all_cost < 1.3 * tenth_cost
    assert round(everything.pages / tenth.pages) == 10


def milliseconds(shop: Any, statement: str) -> float:
    """Time to plan and run *statement* without fetching its rows.

    Without ``prepare=False``, psycopg would prepare it in the sixth call, and PostgreSQL would keep that call's plan
    when the settings change.
    """
    start = time.perf_counter()
    shop.execute(f"SELECT sum(length(note)) FROM ({statement.rstrip(';')}) AS found".encode(), prepare=False)
    return 1_000 * (time.perf_counter() - start)


@pytest.mark.fails_when(
    "the rows lie side by side",
    assertion="forced.pages > 20 * chosen.pages",
    statement="SELECT * FROM orders WHERE id <= 120000",
)
def test_the_sequential_scan_is_right_for_most_of_the_table(
    shop: Any, record: Any, statement="SELECT * FROM orders WHERE customer < 6000"
) -> None:
    """For 60% of the rows, scattered, PostgreSQL reads the table once; forced through the index, the same statement
    touches more than 20 times as many pages."""
    only(shop, "seq")
    chosen = run(shop, statement)
    only(shop, "index")
    forced = run(shop, statement)
    for _ in range(5):
        for way in ("seq", "index"):
            only(shop, way)
            key = f"most_{way}_ms"
            record.sample(key, milliseconds(shop, statement), unit="ms", note=f"60% of the rows, {way} scan, in memory")
    only(shop, "any")
    record.number("most_seq_pages", chosen.pages, note="pages touched by the sequential scan")
    record.number("most_index_pages", forced.pages, note="pages touched by the forced index scan")
    assert chosen.found == forced.found == 120_000
    assert forced.pages > 20 * chosen.pages
    assert explain(shop, statement).top == "Seq Scan"


@pytest.mark.fails_when("the table is sorted by customer", assertion="many > table", cluster=True)
def test_pages_by_share(shop: Any, record: Any, cluster=False) -> None:
    """Read through an index, scattered rows touch more pages than the table has from 2% of the rows on; rows side by
    side touch no more than their share of the table and of the index."""
    chart = record.chart(
        "pages",
        title="Pages touched through an index",
        x="rows that match, % of the table",
        y="pages touched",
        x_scale="log",
        y_scale="log",
        note="EXPLAIN (ANALYZE, BUFFERS) with only index scans allowed; a page counts every time it is touched",
    )
    if cluster:
        shop.execute("CLUSTER orders USING orders_customer")
    only(shop, "index")
    (table,) = shop.execute("SELECT relpages FROM pg_class WHERE relname = 'orders'").fetchone()
    ordered = [run(shop, days(share)).pages for share in SHARES]
    scattered = [run(shop, customers(share)).pages for share in SHARES]
    for share, few, many in zip(SHARES, ordered, scattered, strict=True):
        chart.point("scattered rows", 100 * share, many)
        chart.point("rows side by side", 100 * share, few)
        chart.point("sequential scan", 100 * share, table)
    assert [many > table for many in scattered] == [share >= 0.02 for share in SHARES]
    (index,) = shop.execute("SELECT relpages FROM pg_class WHERE relname = 'orders_pkey'").fetchone()
    height = 4  # the way down the index, and the pages that are only begun
    assert all(few <= (table + index) * share + height for share, few in zip(SHARES, ordered, strict=True))


@pytest.mark.fails_when("nobody runs ANALYZE", assertion='after.top == "Index Scan"', analyze=False)
def test_sorting_the_table_pays_only_after_analyze(shop: Any, record: Any, analyze=True) -> None:
    """CLUSTER cuts the pages that a tenth of the customers touches to less than a fifth, and the planner changes from
    the bitmap scan to the index scan only after ANALYZE."""
    before = run(shop, customers(0.1))
    shop.execute("CLUSTER orders USING orders_customer")
    if analyze:
        shop.execute("ANALYZE orders")
    after = run(shop, customers(0.1))
    record.number("clustered_pages", after.pages, note="pages touched by a tenth of the customers after CLUSTER")
    record.number("unclustered_pages", before.pages, note="pages touched by a tenth of the customers before CLUSTER")
    assert before.top == "Bitmap Heap Scan"
    assert after.top == "Index Scan"
    assert after.pages < before.pages / 5


@pytest.mark.fails_when("the statement asks for every column", assertion='"Index Only Scan"', columns="*")
def test_a_covering_index_does_not_visit_the_table(shop: Any, record: Any, columns="customer, status") -> None:
    """With status included in the index on customer, PostgreSQL reads both columns of a tenth of the customers from
    fewer than 200 pages of the index, and none of the table."""
    shop.execute("CREATE INDEX orders_customer_status ON orders (customer) INCLUDE (status)")
    plan = run(shop, f"SELECT {columns} FROM orders WHERE customer < 1000")
    record.number("covering_pages", plan.pages, note="pages touched by the index-only scan")
    assert plan.top == "Index Only Scan"
    assert plan.found == 20_000
    assert plan.pages < 200


@pytest.mark.fails_when("the table has 50,000 rows", assertion='plan.top == "Seq Scan"', rows=50_000)
def test_a_table_of_one_page_is_scanned(shop: Any, rows=50) -> None:
    """A lookup by primary key in a table of one page is a sequential scan."""
    shop.execute("CREATE TABLE countries (id integer PRIMARY KEY, name text NOT NULL)")
    shop.execute(f"INSERT INTO countries SELECT n, 'country ' || n FROM generate_series(1, {rows}) AS n")
    shop.execute("ANALYZE countries")
    plan = run(shop, "SELECT * FROM countries WHERE id = 7")
    assert plan.top == "Seq Scan"
    assert plan.pages == 1


# --8<-- [start:join]
NORTH = "SELECT o.* FROM customers c JOIN orders o ON o.customer = c.id\nWHERE c.region = 'north';"
# --8<-- [end:join]


def orders_by(plan: Plan) -> str:
    """The type of the node that reads orders."""
    return next(node["Node Type"] for node in plan.nodes if node.get("Relation Name") == "orders")


@pytest.mark.fails_when("the cost of a random page stays", assertion='cheap.top == "Nested Loop"', random_page_cost=4)
def test_random_page_cost_decides_a_join(shop: Any, record: Any, random_page_cost=1.1) -> None:
    """At a random_page_cost of 4, the join scans all orders; at 1.1, it looks up 500 customers in the index one by one,
    and touches more than twice as many pages."""
    default = run(shop, NORTH)
    shown = is_as_shown(shop, "join_default", NORTH)
    shop.execute(f"SET LOCAL random_page_cost = {random_page_cost}")
    cheap = run(shop, NORTH)
    for _ in range(5):
        for key, price, reads in (("hash", 4, "a scan of all orders"), ("loop", random_page_cost, "index lookups")):
            shop.execute(f"SET LOCAL random_page_cost = {price}")
            taken = milliseconds(shop, NORTH)
            record.sample(f"join_{key}_ms", taken, unit="ms", note=f"the join with {reads}, in memory")
    record.number("join_hash_pages", default.pages, note="pages touched by the hash join")
    record.number("join_loop_pages", cheap.pages, note="pages touched by the nested loop")
    assert (default.top, orders_by(default)) == ("Hash Join", "Seq Scan")
    assert cheap.top == "Nested Loop"
    assert cheap.indexes == ["orders_customer"]
    assert default.found == cheap.found == 10_000
    assert cheap.pages > 2 * default.pages
    loops = next(node["Actual Loops"] for node in cheap.nodes if "Index Name" in node)
    record.number("join_loops", int(loops), note="lookups of the nested loop")
    assert loops == 500
    assert shown
    assert is_as_shown(shop, "join_cheap", NORTH)


@pytest.mark.fails_when("the assumed cache is that of the default", assertion="orders_by(small)", cache="4GB")
def test_effective_cache_size_decides_the_same_join(shop: Any, cache="8MB") -> None:
    """At a random_page_cost of 1.1, an effective_cache_size of 8MB instead of 4GB turns the join's index lookups back
    into a scan of all orders."""
    shop.execute("SET LOCAL random_page_cost = 1.1")
    large = explain(shop, NORTH)
    shop.execute(f"SET LOCAL effective_cache_size = '{cache}'")
    small = explain(shop, NORTH)
    assert large.indexes == ["orders_customer"]
    assert orders_by(small) == "Seq Scan"
