"""The first question: may the planner use the index at all?"""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from explain import explain, is_as_shown, run

ROWS = 200_000


@pytest.mark.fails_when("the number is an integer", assertion='plan.top == "Seq Scan"', literal="4711")
def test_a_numeric_value_turns_a_primary_key_lookup_into_a_scan(
    shop: Any, record: Any, literal="4711::numeric"
) -> None:
    """Comparing the bigint primary key with a numeric reads every page of the table to find one row; comparing it with
    an integer touches four pages."""
    plan = run(shop, f"SELECT * FROM orders WHERE id = {literal}")
    cured = run(shop, "SELECT * FROM orders WHERE id = 4711")
    (table,) = shop.execute("SELECT pg_relation_size('orders') / 8192").fetchone()
    record.number("table_pages", table, note="pages of orders")
    record.number("cast_pages", plan.pages, note="pages touched by WHERE id = 4711::numeric")
    record.number("key_pages", cured.pages, note="pages touched by WHERE id = 4711")
    assert plan.top == "Seq Scan"
    assert (plan.pages, plan.found, plan.removed) == (table, 1, ROWS - 1)
    assert (cured.top, cured.pages) == ("Index Scan", 4)
    assert is_as_shown(shop, "numeric", "SELECT * FROM orders WHERE id = 4711::numeric;")


OPERATORS = "SELECT count(*) FROM pg_operator WHERE oprleft = %s::regtype AND oprright = %s::regtype"
CAST = "SELECT castcontext FROM pg_cast WHERE castsource = %s::regtype AND casttarget = %s::regtype"


@pytest.mark.fails_when("the value is an integer", assertion="operators == 0", other="integer")
def test_only_the_column_can_be_cast_implicitly(shop: Any, other="numeric") -> None:
    """No operator takes a bigint and a numeric, and only the cast from bigint to numeric is implicit, so PostgreSQL
    casts the bigint column."""
    (operators,) = shop.execute(OPERATORS, ["bigint", other]).fetchone()
    assert operators == 0
    assert shop.execute(CAST, ["bigint", other]).fetchone() == ("i",)
    assert shop.execute(CAST, [other, "bigint"]).fetchone() == ("a",)
    assert "(id)::numeric" in explain(shop, "SELECT * FROM orders WHERE id = 4711::numeric").filters


@pytest.mark.fails_when("the program passes an int", assertion='plan.top == "Seq Scan"', value=4711)
def test_psycopg_sends_a_decimal_as_numeric(shop: Any, value=Decimal(4711)) -> None:
    """psycopg sends a Decimal as numeric, so a lookup by a bigint key becomes a sequential scan with a cast on the
    column."""
    plan = explain(shop, "SELECT * FROM orders WHERE id = %s", [value])
    assert plan.top == "Seq Scan"
    assert "(id)::numeric" in plan.filters


@pytest.mark.fails_when("the cast is on the column", assertion='plan.top == "Index Scan"', condition="id::numeric = %s")
def test_a_cast_on_the_parameter_brings_the_index_back(shop: Any, condition="id = %s::bigint") -> None:
    """With the parameter cast to bigint, PostgreSQL looks a Decimal up in the index on the bigint column."""
    plan = explain(shop, f"SELECT * FROM orders WHERE {condition}", [Decimal(4711)])
    assert plan.top == "Index Scan"
    assert plan.indexes == ["orders_pkey"]


REACH = {
    "bigint": ["smallint", "integer", "bigint"],
    "timestamptz": ["date", "timestamp", "timestamptz"],
    "text": ["text", "varchar"],
}
MISS = {"bigint": ["numeric", "real", "double precision"], "timestamptz": [], "text": ["name"]}
SAMPLES = {"bigint": "'4711'", "numeric": "'4711'", "timestamptz": "'2026-05-19'", "text": "'4711'"}


@pytest.mark.fails_when("the column itself is numeric", assertion="not reached & missing", integers="numeric")
def test_the_operator_family_decides_which_types_reach_the_index(shop: Any, integers="bigint") -> None:
    """A bigint index serves smallint and integer, but not numeric, real or double precision; a timestamptz index
    serves date and timestamp; a text index serves varchar, but name only if its collation is C."""
    reached, missing = set(), set()
    for column, types in REACH.items():
        made = integers if column == "bigint" else column
        values = {"timestamptz": "timestamptz '2026-01-01' + n * interval '1 hour'"}.get(made, f"n::{made}")
        shop.execute(f"CREATE TABLE one AS SELECT {values} AS key FROM generate_series(1, 20000) AS n")
        shop.execute("CREATE INDEX ON one (key)")
        shop.execute("ANALYZE one")
        shop.execute("SET LOCAL enable_seqscan = off")  # leaves a Seq Scan only where nothing else is possible
        for kind in [*types, *MISS[column]]:
            plan = explain(shop, f"SELECT * FROM one WHERE key = {SAMPLES[column]}::{kind}")
            if plan.index_conditions:
                reached.add((column, kind))
        missing |= {(column, kind) for kind in MISS[column]}
        shop.execute("DROP TABLE one")
    assert not reached & missing
    assert reached == {(column, kind) for column, kinds in REACH.items() for kind in kinds}
    shop.execute("CREATE TABLE one AS SELECT n::text AS key FROM generate_series(1, 20000) AS n")
    shop.execute('CREATE INDEX ON one (key COLLATE "C")')
    assert explain(shop, "SELECT * FROM one WHERE key = '4711'::name").index_conditions


@pytest.mark.fails_when("the value is an untyped literal", assertion='answer == "no operator"', literal="'4711'")
def test_bigint_and_text_cannot_be_compared_at_all(shop: Any, literal="'4711'::text") -> None:
    """PostgreSQL refuses to compare bigint with text: operator does not exist."""
    try:
        shop.execute(f"SELECT FROM orders WHERE id = {literal}")
        answer = "a result"
    except psycopg.errors.UndefinedFunction as error:
        answer = "no operator" if "operator does not exist: bigint = text" in str(error) else str(error)
    assert answer == "no operator"


@pytest.mark.fails_when("the number is an integer", assertion='cannot.top == "Seq Scan"', literal="4711")
@pytest.mark.fails_when(
    "the sequential scan stays enabled", assertion='"orders_customer" in would_not.indexes', setting="on"
)
def test_switching_seqscan_off_tells_cannot_from_would_not(shop: Any, literal="4711::numeric", setting="off") -> None:
    """With enable_seqscan off, the lookup by a numeric, which cannot use the index, keeps its sequential scan, and the
    query for 70% of the customers changes from its sequential scan to the index."""
    most = "SELECT * FROM orders WHERE customer < 7000"
    assert explain(shop, most).top == "Seq Scan"
    shop.execute(f"SET LOCAL enable_seqscan = {setting}")
    cannot = explain(shop, f"SELECT * FROM orders WHERE id = {literal}")
    would_not = explain(shop, most)
    assert cannot.top == "Seq Scan"
    assert "orders_customer" in would_not.indexes


@pytest.mark.fails_when("the condition is on the column", assertion='"Index Cond"', condition="id = 4711")
def test_an_index_without_an_index_condition_is_only_a_smaller_table(shop: Any, condition="id = 4711::numeric") -> None:
    """With enable_seqscan off, a query that needs nothing but the indexed column may read the whole index, with a
    Filter and without an Index Cond."""
    shop.execute("SET LOCAL enable_seqscan = off")
    plan = run(shop, f"SELECT count(*) FROM orders WHERE {condition}")
    scan = plan.nodes[-1]
    (whole,) = shop.execute("SELECT pg_relation_size('orders_pkey') / 8192").fetchone()
    assert scan["Node Type"] == "Index Only Scan"
    assert "Index Cond" not in scan
    assert "(id)::numeric" in scan["Filter"]
    assert plan.pages > 0.9 * whole


# --8<-- [start:lower]
LOWER = "SELECT * FROM orders WHERE lower(email) = 'customer77@example.com';"
# --8<-- [end:lower]


@pytest.mark.fails_when(
    "the condition is on the column", assertion='plan.top == "Seq Scan"', condition="email = 'Customer77@Example.com'"
)
def test_a_function_on_the_column_hides_it_from_the_index(
    shop: Any, condition="lower(email) = 'customer77@example.com'"
) -> None:
    """The index on email cannot serve lower(email), and the planner, which has no statistics about the expression,
    expects 0.5% of the rows: 1,000 where there are 20."""
    plan = run(shop, f"SELECT * FROM orders WHERE {condition}")
    assert plan.top == "Seq Scan"
    assert plan.rows == ROWS * 0.005 == 1_000
    assert plan.found == 20
    assert is_as_shown(shop, "lower", LOWER)


@pytest.mark.fails_when("ANALYZE runs right after CREATE INDEX", assertion="before.rows == 1_000", at_once=True)
def test_an_expression_index_gets_its_statistics_at_the_next_analyze(shop: Any, at_once=False) -> None:
    """An index on lower(email) is used at once, but the estimate stays at 1,000 rows until the next ANALYZE, which
    brings it to 20."""
    shop.execute("CREATE INDEX orders_email_lower ON orders (lower(email))")
    if at_once:
        shop.execute("ANALYZE orders")
    before = explain(shop, LOWER)
    shop.execute("ANALYZE orders")
    after = explain(shop, LOWER)
    assert before.indexes == after.indexes == ["orders_email_lower"]
    assert before.rows == 1_000
    assert after.rows == 20
    assert is_as_shown(shop, "lower_index", LOWER)


@pytest.mark.fails_when(
    "the zone is part of the expression",
    assertion='"IMMUTABLE" in refused',
    expression="(placed_at AT TIME ZONE 'UTC')::date",
)
def test_a_day_of_a_timestamptz_cannot_be_indexed(shop: Any, record: Any, expression="placed_at::date") -> None:
    """PostgreSQL refuses an index on placed_at::date of a timestamptz, because the day depends on the session's time
    zone."""
    days = []
    for zone in ("UTC", "America/New_York"):
        shop.execute(f"SET LOCAL timezone = '{zone}'")
        days.append(shop.execute("SELECT (timestamptz '2026-02-01 00:30Z')::date::text").fetchone()[0])
    assert days == ["2026-02-01", "2026-01-31"]
    refused = ""
    try:
        shop.execute(f"CREATE INDEX ON orders (({expression}))")
    except psycopg.errors.InvalidObjectDefinition as error:
        refused = error.diag.message_primary or ""
    record.number("immutable", refused or "none", note="answer to CREATE INDEX ON orders ((placed_at::date))")
    assert "IMMUTABLE" in refused


@pytest.mark.fails_when(
    "the range is written with a cast", assertion='ranged.indexes == ["orders_placed_at"]', cast="::date"
)
def test_a_range_finds_the_day_that_a_cast_hides(shop: Any, record: Any, cast="") -> None:
    """A condition on placed_at::date scans the table; the same day written as a half-open range uses the index and
    finds the same 1,440 rows."""
    hidden = run(shop, "SELECT * FROM orders WHERE placed_at::date = '2026-02-01'")
    day = f"placed_at{cast} >= '2026-02-01' AND placed_at{cast} < '2026-02-02'"
    ranged = run(shop, f"SELECT * FROM orders WHERE {day}")
    record.number("day_cast_pages", hidden.pages, note="pages touched by placed_at::date = '2026-02-01'")
    record.number("day_range_pages", ranged.pages, note="pages touched by the half-open range")
    assert hidden.top == "Seq Scan"
    assert hidden.found == ranged.found == 1_440
    difference = f"SELECT count(*) FROM orders WHERE (placed_at::date = '2026-02-01') <> ({day})"
    assert shop.execute(difference).fetchone() == (0,)
    assert ranged.indexes == ["orders_placed_at"]
    assert hidden.pages > 10 * ranged.pages


@pytest.mark.fails_when(
    "the index has text_pattern_ops", assertion="not plain.indexes", index="(email text_pattern_ops)"
)
def test_a_prefix_search_needs_the_pattern_operator_class(shop: Any, index="(email)") -> None:
    """In a database with the collation C.UTF-8, LIKE 'prefix%' cannot use a plain index on the column, but uses one
    with text_pattern_ops."""
    prefix = "SELECT * FROM orders WHERE email LIKE 'Customer77@%'"
    collation = "SELECT datcollate FROM pg_database WHERE datname = current_database()"
    assert shop.execute(collation).fetchone() == ("C.UTF-8",)
    shop.execute("DROP INDEX orders_email")
    shop.execute(f"CREATE INDEX orders_email ON orders {index}")
    shop.execute("SET LOCAL enable_seqscan = off")
    plain = explain(shop, prefix)
    shop.execute("CREATE INDEX orders_email_pattern ON orders (email text_pattern_ops)")
    shop.execute("SET LOCAL enable_seqscan = on")
    assert not plain.indexes
    assert explain(shop, prefix).indexes == ["orders_email_pattern"]


@pytest.mark.fails_when("no value occurs twice", assertion="not valid", distinct=20_000)
def test_a_failed_concurrent_build_leaves_an_index_that_no_plan_uses(server: Any, distinct=10_000) -> None:
    """CREATE UNIQUE INDEX CONCURRENTLY that meets a duplicate leaves an invalid index behind, and no plan uses it."""
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS codes")
        connection.execute(f"CREATE TABLE codes AS SELECT n % {distinct} AS code FROM generate_series(1, 20000) AS n")
        with contextlib.suppress(psycopg.errors.UniqueViolation):
            connection.execute("CREATE UNIQUE INDEX CONCURRENTLY codes_code ON codes (code)")
        state = "SELECT indisvalid, indisready FROM pg_index WHERE indexrelid = 'codes_code'::regclass"
        valid, ready = connection.execute(state).fetchone()
        connection.execute("SET enable_seqscan = off")
        plan = explain(connection, "SELECT * FROM codes WHERE code = 77")
    assert not valid
    assert not ready
    assert not plan.indexes


@pytest.mark.fails_when("the plan is a custom one", assertion="not plan.indexes", mode="force_custom_plan")
def test_a_generic_plan_cannot_use_a_partial_index(shop: Any, mode="force_generic_plan") -> None:
    """A generic plan for status = $1 cannot use an index WHERE status = 'failed'."""
    shop.execute("DROP INDEX orders_status")
    shop.execute("CREATE INDEX orders_failed ON orders (placed_at) WHERE status = 'failed'")
    shop.execute("PREPARE of_status(text) AS SELECT * FROM orders WHERE status = $1")
    shop.execute(f"SET LOCAL plan_cache_mode = {mode}")
    shop.execute("SET LOCAL enable_seqscan = off")
    plan = explain(shop, "EXECUTE of_status('failed')")
    shop.execute("DEALLOCATE of_status")
    assert not plan.indexes
