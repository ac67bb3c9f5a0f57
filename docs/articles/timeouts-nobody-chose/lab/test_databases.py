"""The databases' limits, work that goes on after its client has left, and a limit chosen from measured queries.

All tests that need a database are in this file, because its two longest calls wait while the others run.
"""

from __future__ import annotations

import asyncio
import inspect
import select
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pymysql
import pytest
from calls import PATIENCE, Call, command_of
from choice import DEFAULT_BUCKETS, cut, histogram_quantile, percentile
from engblog.lab.process import wait_until

pytestmark = pytest.mark.usefixtures("versions")
CALLS, EVERY, SLOW = 1000, 50, 0.12  # one query in 50 waits for another 120 ms
PG_LIMITS = {
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "idle_session_timeout",
    "client_connection_check_interval",
}


@pytest.fixture(scope="module")
def postgresql(start_postgresql: Callable[..., Any]) -> Any:
    """A PostgreSQL with its defaults, and a table."""
    server = start_postgresql(fsync="off")
    with psycopg.connect(server.dsn, autocommit=True) as db:
        db.execute("CREATE TABLE done (request text)")
    return server


@pytest.fixture(scope="module")
def mariadb(start_mariadb: Callable[..., Any]) -> Any:
    """A MariaDB with its defaults, and a table."""
    server = start_mariadb()
    with pymysql.connect(port=server.port, host="127.0.0.1", user="root", database="test") as db:
        db.cursor().execute("CREATE TABLE done (request VARCHAR(30), UNIQUE KEY one (request))")
        db.cursor().execute("CREATE TABLE log (request VARCHAR(30))")
    return server


@pytest.fixture(scope="module", autouse=True)
def _queries(request: pytest.FixtureRequest) -> None:
    """Start the queries of ten minutes before the module's first test."""
    for name in ("psycopg_query", "pymysql_queries"):
        if any(name in getattr(item, "fixturenames", ()) for item in request.session.items):
            request.getfixturevalue(name)


@pytest.fixture(scope="module")
def psycopg_query(postgresql: Any) -> Iterator[Call]:
    """A query of ten minutes with psycopg's defaults."""
    call = Call(command_of("psycopg_query", "", ""), "psycopg_query", postgresql.dsn, {}).go()
    yield call
    call.stop()


@pytest.fixture(scope="module")
def pymysql_queries(mariadb: Any) -> Iterator[dict[float | None, Call]]:
    """Queries of ten minutes by PyMySQL's `read_timeout`: with the default, and with a limit of eleven minutes."""
    calls = {
        limit: Call(command_of("pymysql_query", "", ""), "pymysql_query", mariadb.port, options).go()
        for limit, options in ((None, {}), (660, {"read_timeout": 660}))
    }
    yield calls
    for call in calls.values():
        call.stop()


@pytest.mark.fails_when(
    "`statement_timeout` is in the configuration", assertion='set(limits.values()) == {"0"}', limit="5s"
)
def test_postgresql_limits_nothing(start_postgresql: Any, postgresql: Any, limit: str | None = None) -> None:
    """PostgreSQL's limits on statements, locks, idle sessions and idle transactions, and its client check, are off."""
    server = start_postgresql(statement_timeout=limit) if limit else postgresql
    with psycopg.connect(server.dsn) as db:
        rows = db.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(PG_LIMITS)]).fetchall()
    limits = dict(rows)
    assert set(limits) == PG_LIMITS
    assert set(limits.values()) == {"0"}


@pytest.mark.fails_when("`max_statement_time` is 5", assertion="limits ==", setting="max_statement_time=5")
def test_mariadb_limits_idle_clients_to_eight_hours(mariadb: Any, record: Any, setting: str | None = None) -> None:
    """MariaDB's default limits: none on statements, 50 s on row locks, a day on metadata locks, 8 h on idle clients."""
    names = ["max_statement_time", "innodb_lock_wait_timeout", "lock_wait_timeout", "wait_timeout"]
    with pymysql.connect(port=mariadb.port, host="127.0.0.1", user="root") as db, db.cursor() as cursor:
        if setting:
            cursor.execute(f"SET {setting}")
        cursor.execute("SELECT " + ", ".join(f"@@{name}" for name in names))
        limits = [float(each) for each in cursor.fetchone() or ()]
    assert limits == [0, 50, 24 * 3600, 8 * 3600]


def _rows(mariadb: Any, table: str, request: str) -> int:
    """Wait until MariaDB runs no insert any more, and count the rows."""
    with pymysql.connect(port=mariadb.port, host="127.0.0.1", user="root", database="test", autocommit=True) as db:
        cursor = db.cursor()

        def running() -> int:
            cursor.execute("SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'INSERT%'")
            return int((cursor.fetchone() or (0,))[0])

        wait_until(lambda: running() == 0, seconds=PATIENCE, what="the inserts to end")
        cursor.execute(f"SELECT COUNT(*) FROM {table} WHERE request = %s", [request])
        return int((cursor.fetchone() or (0,))[0])


# --8<-- [start:attempt]
def attempt(port: int, table: str, request: str, limit: float) -> int:
    """Insert one row, slowly, with a client that waits for a second; return its error."""
    with pymysql.connect(
        port=port, host="127.0.0.1", user="root", database="test", autocommit=True, read_timeout=1
    ) as db:
        cursor = db.cursor()
        cursor.execute("SET max_statement_time = %s", [limit])
        try:
            cursor.execute(f"INSERT INTO {table} SELECT %s FROM (SELECT SLEEP(2)) s", [request])
        except pymysql.err.OperationalError as error:
            return int(error.args[0])
    return 0
    # --8<-- [end:attempt]


@pytest.mark.fails_when("the server has a limit of half a second", assertion="rows == 1", limit=0.5)
def test_a_statement_is_done_after_its_client_gave_up(mariadb: Any, limit: float = 0) -> None:
    """PyMySQL's `read_timeout` ends the client's wait with error 2013, and MariaDB commits the row all the same."""
    request = f"one {limit}"
    error = attempt(mariadb.port, "log", request, limit)
    rows = _rows(mariadb, "log", request)
    assert rows == 1
    assert error == 2013


@pytest.mark.fails_when("the request's name is a unique key", assertion="rows == 2", table="done")
def test_a_retry_after_a_timeout_does_it_twice(mariadb: Any, table: str = "log") -> None:
    """A client that tries again after its timeout has two rows in the end, and saw two errors."""
    errors = [attempt(mariadb.port, table, "twice", 0) for _ in range(2)]
    rows = _rows(mariadb, table, "twice")
    assert rows == 2
    assert errors == [2013, 2013]


@pytest.mark.fails_when("`wait_timeout` is a minute", assertion="error == 2006", idle=60)
def test_an_idle_connection_is_closed_and_the_next_query_fails(mariadb: Any, idle: int = 1) -> None:
    """MariaDB closes a connection that is idle for `wait_timeout`, and the client learns it from its next query."""
    login = {"host": "127.0.0.1", "port": mariadb.port, "user": "root", "autocommit": True}
    with pymysql.connect(**login) as watcher, watcher.cursor() as cursor:
        pooled = pymysql.connect(**login)
        pooled.cursor().execute(f"SET wait_timeout = {idle}")

        def closed() -> bool:
            return (
                cursor.execute("SELECT 1 FROM information_schema.processlist WHERE id = %s", [pooled.thread_id()]) == 0
            )

        if idle < 10:
            wait_until(closed, seconds=PATIENCE, what="MariaDB to close the connection")
            assert select.select([pooled._sock], [], [], PATIENCE)[0]  # the client's kernel knows
        assert pooled.open  # as far as the client knows
        error = 0
        try:
            pooled.cursor().execute("SELECT 1")
        except pymysql.err.OperationalError as failed:
            error = failed.args[0]
    assert error == 2006


def _insert(request: str) -> str:
    return f"INSERT INTO done SELECT '{request}' FROM pg_sleep(2)"


def _done(postgresql: Any, request: str) -> int:
    """Wait until PostgreSQL runs the insert no longer, and count its rows."""
    with psycopg.connect(postgresql.dsn, autocommit=True) as db:
        question = "SELECT count(*) FROM pg_stat_activity WHERE query = %s AND state = 'active'"
        wait_until(
            lambda: db.execute(question, [_insert(request)]).fetchone() == (0,),
            seconds=PATIENCE,
            what="the statement to end",
        )
        row = db.execute("SELECT count(*) FROM done WHERE request = %s", [request]).fetchone()
        return int(row[0]) if row else 0


@pytest.mark.fails_when(
    "`client_connection_check_interval` is 100 ms",
    assertion="rows == 1",
    check="-c client_connection_check_interval=100",
)
def test_postgresql_finishes_for_a_dead_client(
    postgresql: Any, start_call: Callable[..., Call], check: str = ""
) -> None:
    """A client is killed during its INSERT, and PostgreSQL finishes the statement and commits it."""
    request = f"killed {check}"
    call = start_call("psycopg_insert", postgresql.dsn, statement=_insert(request), server=check)
    pid = call.go().ready()
    with psycopg.connect(postgresql.dsn, autocommit=True) as db:
        state = "SELECT state, wait_event FROM pg_stat_activity WHERE pid = %s"
        wait_until(
            lambda: db.execute(state, [pid]).fetchone() == ("active", "PgSleep"), seconds=PATIENCE, what="the insert"
        )
    call.process.send_signal(signal.SIGKILL)
    call.process.wait()
    rows = _done(postgresql, request)
    assert rows == 1


@pytest.mark.fails_when("the insert runs in a thread", assertion="rows == 0", thread=True)
def test_a_cancelled_task_cancels_its_query(postgresql: Any, thread: bool = False) -> None:
    """When `asyncio.timeout` ends a psycopg query, PostgreSQL is asked to cancel the statement, and there is no row."""
    request, asked = f"task {thread}", "canceling statement due to user request"
    before = postgresql.log.count(asked)

    def blocking() -> None:
        with psycopg.connect(postgresql.dsn, autocommit=True) as db:
            db.execute(_insert(request))

    # --8<-- [start:cancel]
    async def insert() -> None:
        async with await psycopg.AsyncConnection.connect(postgresql.dsn, autocommit=True) as db:
            async with asyncio.timeout(0.5):
                await (asyncio.to_thread(blocking) if thread else db.execute(_insert(request)))

    # --8<-- [end:cancel]

    with pytest.raises(TimeoutError):
        asyncio.run(insert())
    rows = _done(postgresql, request)
    assert rows == 0
    wait_until(lambda: postgresql.log.count(asked) == before + 1, seconds=PATIENCE, what="the log to name a request")


@pytest.fixture(scope="module")
def measure(postgresql: Any) -> Callable[..., tuple[list[float], int]]:
    """Measure queries, with or without a limit for the statement; return durations, and how many are slow."""

    def run(limit: str = "0", counted: bool = False) -> tuple[list[float], int]:
        durations, slow = [], 0
        with psycopg.connect(postgresql.dsn, autocommit=True) as db:
            db.execute("SELECT set_config('statement_timeout', %s, false)", [limit])
            for number in range(CALLS):
                start = time.monotonic()
                try:
                    db.execute("SELECT pg_sleep(%s)", [SLOW if number % EVERY == 0 else 0])
                except psycopg.errors.QueryCanceled:
                    if not counted:
                        continue
                durations.append(time.monotonic() - start)
                slow += number % EVERY == 0
        return durations, slow

    return run


@pytest.fixture(scope="module")
def durations(measure: Callable[..., tuple[list[float], int]]) -> list[float]:
    """Durations of the queries without a limit."""
    return measure()[0]


def ten_medians(durations: list[float]) -> float:
    """Choose ten times the median."""
    return 10 * statistics.median(durations)


def p999(durations: list[float]) -> float:
    """Choose the 99.9th percentile."""
    return percentile(durations, 0.999)


@pytest.mark.fails_when("the limit is the 99.9th percentile", assertion="lost > 0.01", rule=p999)
def test_ten_times_the_median_cuts_healthy_calls(
    durations: list[float], record: Any, rule: Callable[[list[float]], float] = ten_medians
) -> None:
    """A limit of ten times the median would have ended more than one in a hundred of the healthy queries."""
    limit = rule(durations)
    lost = cut(durations, limit)
    assert lost > 0.01
    assert cut(durations, p999(durations)) <= 0.001
    record.number("mean", 1000 * statistics.mean(durations), unit="ms", note="mean of 1,000 queries")
    record.number("ten_medians", 1000 * limit, unit="ms", note="ten times the median")
    record.number("lost", 100 * lost, unit="%", note="queries that take longer than ten times the median")
    for name, share in (("p50", 0.5), ("p99", 0.99), ("p999", 0.999)):
        record.number(
            name, 1000 * percentile(durations, share), unit="ms", note=f"percentile {100 * share:g} of the queries"
        )
    chart = record.chart(
        "cut",
        title="Healthy calls that a timeout would have ended",
        x="timeout, ms",
        y="calls ended, %",
        x_scale="log",
        note="1,000 queries to PostgreSQL without a limit, one in 50 waits for 120 ms; computed from all durations",
    )
    for limit_ms in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 110, 120, 125, 130, 150, 200, 500):
        chart.point("ended", limit_ms, 100 * cut(durations, limit_ms / 1000))


@pytest.mark.fails_when("calls that timed out are counted too", assertion="slow == 0", counted=True)
def test_a_histogram_does_not_see_past_the_timeout(
    durations: list[float], measure: Callable[..., tuple[list[float], int]], record: Any, counted: bool = False
) -> None:
    """Under a limit of 100 ms, the queries that come through include no slow one; without it, the slow ones set p99."""
    survivors, slow = measure(limit="100ms", counted=counted)
    assert slow == 0
    assert percentile(durations, 0.99) > 0.1
    seen = percentile(survivors, 0.99)
    record.number(
        "survivors", 1000 * seen, unit="ms", note="99th percentile of the queries that a 100 ms limit let through"
    )


@pytest.mark.fails_when(
    "there are bounds at 120 and 122 ms",
    assertion="estimate > 1.3 * exact",
    bounds=(*DEFAULT_BUCKETS[:5], 0.12, 0.122, 0.25),
)
def test_a_bucket_moves_the_percentile(record: Any, bounds: tuple[float, ...] = tuple(DEFAULT_BUCKETS)) -> None:
    """If one call in 50 takes 121 ms and the others 1 ms, the default buckets put p99 above 1.3 times 121 ms."""
    calls = [0.001 + (SLOW if number % EVERY == 0 else 0) for number in range(CALLS)]
    exact = percentile(calls, 0.99)
    estimate = histogram_quantile(calls, 0.99, bounds)
    assert estimate > 1.3 * exact
    record.number("estimate", 1000 * estimate, unit="ms", note="histogram_quantile(0.99) with the default buckets")


def _limits_of_waits(dsn: str, monkeypatch: pytest.MonkeyPatch) -> set[float | None]:
    """Run a query with psycopg and return the limits that it passes to its waits."""
    plain, limits = psycopg.Connection.wait, []

    def wait(*args: Any, **named: Any) -> Any:
        bound = inspect.signature(plain).bind(*args, **named)
        bound.apply_defaults()
        limits.append(bound.arguments["timeout"])
        return plain(*args, **named)

    with psycopg.connect(dsn) as db:
        monkeypatch.setattr(psycopg.Connection, "wait", wait)
        db.execute("SELECT 1")
    return set(limits)


@pytest.mark.usefixtures("syscalls")
@pytest.mark.fails_when("the query runs under `asyncio.timeout(1)`", assertion="call.outlasts()", asyncio_timeout=1)
def test_psycopg_waits_for_ever(
    postgresql: Any,
    psycopg_query: Call,
    start_call: Callable[..., Call],
    monkeypatch: pytest.MonkeyPatch,
    asyncio_timeout: float | None = None,
) -> None:
    """A psycopg query still waits after 33 seconds; it wakes up every 100 ms, but has no limit for the whole wait."""
    call = psycopg_query
    if asyncio_timeout:
        call = start_call("psycopg_query", postgresql.dsn, asyncio_timeout=asyncio_timeout).go()
    assert call.outlasts()
    assert call.seen in ({"epoll_wait": 100}, {"poll": 100}, {"epoll_pwait": 100})
    assert _limits_of_waits(postgresql.dsn, monkeypatch) == {None}


@pytest.mark.usefixtures("syscalls")
@pytest.mark.fails_when("`read_timeout` is 0.5", assertion="call.outlasts()", read_timeout=0.5)
@pytest.mark.fails_when("`read_timeout` is eleven minutes", assertion="call.seen ==", read_timeout=660)
def test_pymysql_waits_for_ever(
    mariadb: Any,
    pymysql_queries: dict[float | None, Call],
    start_call: Callable[..., Call],
    read_timeout: float | None = None,
) -> None:
    """A PyMySQL query still waits after 33 seconds, in a system call without a time limit."""
    call = pymysql_queries.get(read_timeout)
    if call is None:
        call = start_call("pymysql_query", mariadb.port, read_timeout=read_timeout).go()
    assert call.outlasts()
    assert call.seen == {"recvfrom": None}
