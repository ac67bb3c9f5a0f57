"""Wrong estimates: old statistics, columns that depend on each other, and plans made without the value."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from explain import explain, is_as_shown, run
from jobs import JOBS, LEFT, fill_queue


@pytest.fixture(scope="module")
def queue(server: Any) -> str:
    """A connection string for the queue that has been worked off since its last ANALYZE."""
    fill_queue(server.dsn)
    return str(server.dsn)


@pytest.fixture
def fresh_queue(queue: str) -> Any:
    """``fresh_queue()`` connects to the queue and runs ANALYZE, which is rolled back at the end."""

    @contextmanager
    def connect(**options: Any) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(queue, **options) as connection:
            connection.execute("ANALYZE jobs")
            yield connection
            connection.rollback()

    return connect


QUEUED = "SELECT * FROM jobs WHERE state = 'queued';"


@pytest.mark.fails_when("ANALYZE runs after the work", assertion='plan.top == "Seq Scan"', analyze=True)
def test_old_statistics_hide_an_almost_empty_queue(queue: str, analyze=False) -> None:
    """With the statistics of the full queue, PostgreSQL expects all 50,000 jobs, scans the table, and finds 20."""
    with psycopg.connect(queue) as connection, connection.transaction(force_rollback=True):
        if analyze:
            connection.execute("ANALYZE jobs")
        plan = run(connection, QUEUED)
        assert plan.top == "Seq Scan"
        assert (plan.rows, plan.found, plan.removed) == (JOBS, LEFT, JOBS - LEFT)
        assert is_as_shown(connection, "stale", QUEUED)


@pytest.mark.fails_when("another column is analysed", assertion='plan.indexes == ["jobs_state"]', columns="(payload)")
def test_analyze_finds_the_queue_again(queue: str, record: Any, columns="(state)") -> None:
    """After ANALYZE, the planner expects the 20 jobs that are left in the queue and uses the index, which touches less
    than a tenth of the pages; a new index touches fewer again."""
    with psycopg.connect(queue) as connection, connection.transaction(force_rollback=True):
        before = run(connection, QUEUED)
        connection.execute(f"ANALYZE jobs {columns}")
        plan = run(connection, QUEUED)
        record.number("stale_pages", before.pages, note="pages touched with old statistics")
        record.number("fresh_pages", plan.pages, note="pages touched after ANALYZE")
        assert plan.indexes == ["jobs_state"]
        assert (plan.rows, plan.found) == (LEFT, LEFT)
        assert plan.pages < before.pages / 10
        assert is_as_shown(connection, "fresh", QUEUED)
        connection.execute("REINDEX INDEX jobs_state")
        rebuilt = run(connection, QUEUED)
        record.number("rebuilt_pages", rebuilt.pages, note="pages touched after ANALYZE and REINDEX")
        assert rebuilt.pages <= LEFT + 3 < plan.pages


@pytest.mark.fails_when("the statistics are fresh", assertion='plan.top == "Seq Scan"', analyze=True)
def test_cheaper_random_pages_do_not_repair_old_statistics(queue: str, analyze=False) -> None:
    """With the statistics of the full queue, a random_page_cost of 1.1 does not bring the index back."""
    with psycopg.connect(queue) as connection, connection.transaction(force_rollback=True):
        if analyze:
            connection.execute("ANALYZE jobs")
        connection.execute("SET random_page_cost = 1.1")
        plan = explain(connection, QUEUED)
    assert plan.top == "Seq Scan"


@pytest.mark.fails_when("nobody has worked on the queue", assertion="changed == JOBS - LEFT", work=False)
def test_the_age_of_statistics_is_a_number_of_changes(server: Any, record: Any, work=True) -> None:
    """n_mod_since_analyze counts every row changed since the last ANALYZE: 49,980 in a queue of 50,000 jobs, for which
    autovacuum's default threshold is 5,050."""
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS aged")
        connection.execute("CREATE DATABASE aged")
    aged = server.dsn.replace("dbname=postgres", "dbname=aged")
    fill_queue(aged, work=work)
    age = "SELECT n_mod_since_analyze FROM pg_stat_user_tables WHERE relname = 'jobs'"
    with psycopg.connect(aged) as connection:
        (changed,) = connection.execute(age).fetchone()
        rule = (
            "SELECT current_setting('autovacuum_analyze_threshold')::int"
            " + current_setting('autovacuum_analyze_scale_factor')::float * reltuples"
            " FROM pg_class WHERE relname = 'jobs'"
        )
        (threshold,) = connection.execute(rule).fetchone()
    record.number("changed", changed, note="n_mod_since_analyze after the work")
    assert changed == JOBS - LEFT
    assert threshold == 5_050


# --8<-- [start:unpaid]
UNPAID = "SELECT * FROM orders WHERE payment = 'due' AND parcel = 'shipped'\nORDER BY placed_at LIMIT 10;"
# --8<-- [end:unpaid]


@pytest.mark.fails_when("there are statistics about both columns", assertion="plan.indexes", mcv=True)
def test_independence_is_assumed(shop: Any, record: Any, mcv=False) -> None:
    """The planner multiplies 40% by 50.01% and expects 40,008 unpaid parcels that were shipped, where there are 20, so
    it walks placed_at instead of using the index on both columns, and discards 94,991 rows."""
    if mcv:
        shop.execute("CREATE STATISTICS orders_unpaid (mcv) ON payment, parcel FROM orders")
        shop.execute("ANALYZE orders (payment, parcel)")
    plan = run(shop, UNPAID)
    matching = explain(shop, "SELECT * FROM orders WHERE payment = 'due' AND parcel = 'shipped'")
    both = "SELECT count(*) FROM orders WHERE payment = 'due' AND parcel = 'shipped'"
    (shipped,) = shop.execute("SELECT count(*) FROM orders WHERE parcel = 'shipped'").fetchone()
    (due,) = shop.execute("SELECT count(*) FROM orders WHERE payment = 'due'").fetchone()
    record.number("unpaid_pages", plan.pages, note="pages touched by the walk along placed_at")
    assert plan.indexes == ["orders_placed_at"]
    assert (due, shipped) == (80_000, 100_020)
    assert matching.rows == round(due * shipped / 200_000) == 40_008
    assert shop.execute(both).fetchone() == (20,)
    assert plan.removed == 94_991
    assert is_as_shown(shop, "product", UNPAID)


@pytest.mark.fails_when(
    "the statistics are about dependencies", assertion='plan.indexes == ["orders_payment_parcel"]', kind="dependencies"
)
def test_a_list_of_combinations_cures_it(shop: Any, record: Any, kind="mcv") -> None:
    """With extended statistics of kind mcv the estimate is 20, and the plan uses the index on both columns; the kind
    dependencies does not help."""
    # --8<-- [start:mcv]
    shop.execute(f"CREATE STATISTICS orders_unpaid ({kind}) ON payment, parcel FROM orders")
    shop.execute("ANALYZE orders")
    # --8<-- [end:mcv]
    plan = run(shop, UNPAID)
    record.number("paired_pages", plan.pages, note="pages touched with statistics about both columns")
    assert plan.indexes == ["orders_payment_parcel"]
    assert plan.pages < 100
    assert explain(shop, "SELECT * FROM orders WHERE payment = 'due' AND parcel = 'shipped'").rows == 20
    assert is_as_shown(shop, "combination", UNPAID)


@pytest.mark.fails_when("there are no such statistics", assertion="plan.indexes", made=False)
def test_a_sample_is_enough_for_the_combination(shop: Any, record: Any, made=True) -> None:
    """At the default statistics target of 100, where ANALYZE sees a sample, statistics of kind mcv bring the same plan,
    from an estimate below 150 rows where there are 20."""
    shop.execute("SET LOCAL default_statistics_target = 100")
    if made:
        shop.execute("CREATE STATISTICS orders_unpaid (mcv) ON payment, parcel FROM orders")
    for _ in range(6):
        shop.execute("ANALYZE orders (payment, parcel)")
        plan = explain(shop, UNPAID)
        estimate = explain(shop, "SELECT * FROM orders WHERE payment = 'due' AND parcel = 'shipped'").rows
        record.sample("sampled_rows", estimate, unit="rows", note="estimate for 20 rows from statistics of a sample")
        assert plan.indexes == ["orders_payment_parcel"]
        assert estimate < 150


PREPARE = "PREPARE of_state(text) AS SELECT * FROM jobs WHERE state = $1"
COUNTS = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name = 'of_state'"


@pytest.mark.fails_when("the five asked for the rare value", assertion='plan.top == "Seq Scan"', first="queued")
@pytest.mark.fails_when("custom plans are forced", assertion='plan.top == "Seq Scan"', mode="force_custom_plan")
@pytest.mark.fails_when("there were only four", assertion='plan.top == "Seq Scan"', times=4)
def test_the_sixth_execution_forgets_the_value(fresh_queue: Any, first="done", mode="auto", times=5) -> None:
    """After five executions of a prepared statement for the frequent state, the sixth, for the rare one, gets a generic
    plan: a scan that expects half of the table and finds 20 jobs."""
    with fresh_queue() as connection:
        connection.execute(f"SET plan_cache_mode = {mode}")
        # --8<-- [start:five]
        connection.execute(PREPARE)
        for _ in range(times):
            connection.execute(f"EXECUTE of_state('{first}')")
        plan = run(connection, "EXECUTE of_state('queued')", warm=False)
        # --8<-- [end:five]
        assert plan.top == "Seq Scan"
        assert "$1" in plan.filters
        assert (plan.rows, plan.found) == (JOBS / 2, LEFT)
        assert connection.execute(COUNTS).fetchone() == (1, 5)
        assert is_as_shown(connection, "generic", "EXECUTE of_state('queued');")


@pytest.mark.fails_when("the first five asked for the frequent value", assertion="counts == (0, 20)", first="done")
def test_the_first_five_decide(fresh_queue: Any, first="queued") -> None:
    """If the first five executions of a prepared statement ask for the rare state, every one of twenty gets a custom
    plan."""
    with fresh_queue() as connection:
        connection.execute(PREPARE)
        for _ in range(5):
            connection.execute(f"EXECUTE of_state('{first}')")
        for _ in range(15):
            connection.execute("EXECUTE of_state('queued')")
        counts = connection.execute(COUNTS).fetchone()
    assert counts == (0, 20)


@pytest.mark.fails_when("the mode stays at auto", assertion='plan.indexes == ["jobs_state"]', mode="auto")
def test_forcing_custom_plans_brings_the_index_back(fresh_queue: Any, mode="force_custom_plan") -> None:
    """With plan_cache_mode = force_custom_plan, a prepared statement that had a generic plan uses the index again."""
    with fresh_queue() as connection:
        connection.execute(PREPARE)
        for _ in range(6):
            connection.execute("EXECUTE of_state('done')")
        assert connection.execute(COUNTS).fetchone() == (1, 5)
        connection.execute(f"SET plan_cache_mode = {mode}")
        plan = explain(connection, "EXECUTE of_state('queued')")
        assert plan.indexes == ["jobs_state"]
        assert plan.rows == LEFT


@pytest.mark.fails_when(
    "psycopg prepares at once", assertion="prepared == [0] * 5 + [1] * 6", options={"prepare_threshold": 0}
)
def test_in_psycopg_it_is_the_eleventh_execution(fresh_queue: Any, options: dict[str, int] | None = None) -> None:
    """By default, psycopg runs a statement five times before it prepares it, so the eleventh execution is the first
    with a generic plan."""
    seen = (
        "SELECT coalesce(sum(generic_plans), 0), count(*) FROM pg_prepared_statements WHERE statement LIKE '%%jobs%%'"
    )
    prepared, generic = [], []
    with fresh_queue(**(options or {})) as connection:
        for _ in range(11):
            connection.execute("SELECT * FROM jobs WHERE state = %s", ["done"])
            plans, statements = connection.execute(seen, prepare=False).fetchone()
            prepared.append(statements)
            generic.append(plans)
    assert prepared == [0] * 5 + [1] * 6
    assert generic == [0] * 10 + [1]


@pytest.mark.fails_when("the build of the index succeeds", assertion='"f|CREATE UNIQUE INDEX', column="id")
def test_why_sql_shows_what_the_planner_knows(server: Any, column="customer") -> None:
    """why.sql shows the common values of a table's columns with their frequencies, their correlation, the changes since
    the last ANALYZE, and which index is invalid."""
    script = Path(__file__).parent / "why.sql"
    psql = [server.program("psql"), "-d", server.dsn, "-AX", "-v", "ON_ERROR_STOP=1", "-v", "table=orders", "-f"]
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        with suppress(psycopg.errors.UniqueViolation):
            connection.execute(f"CREATE UNIQUE INDEX CONCURRENTLY orders_once ON orders ({column})")
        answer = subprocess.run([*psql, str(script)], check=True, capture_output=True, text=True).stdout
        connection.execute("DROP INDEX orders_once")
    assert "attname|n_distinct|correlation|most_common_vals|most_common_freqs" in answer
    assert "status|3|" in answer
    assert "{done,open,failed}|{0.899,0.1,0.001}" in answer
    assert "last_analyze|last_autoanalyze|n_mod_since_analyze|n_live_tup" in answer
    assert "t|CREATE INDEX orders_status ON public.orders USING btree (status)" in answer
    assert f"f|CREATE UNIQUE INDEX orders_once ON public.orders USING btree ({column})" in answer
