"""Servers whose wall clock is stepped while they run."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import redis
from engblog.lab.process import wait_until

from .fake_clock import FakeClock

HOUR = 3600


@pytest.fixture(scope="module")
def clock(new_clock: Callable[[], FakeClock]) -> FakeClock:
    """The clock of this module's servers."""
    return new_clock()


@pytest.fixture(scope="module")
def redis_server(clock: FakeClock, start_redis: Callable[..., Any]) -> Any:
    """A Redis under the clock."""
    return clock.start(start_redis, save="")


@pytest.fixture
def cache(clock: FakeClock, redis_server: Any) -> redis.Redis:
    """A connection to it, with the clock at the true time."""
    clock.set(0)
    connection = redis.Redis(port=redis_server.port, decode_responses=True)
    connection.flushall()
    return connection


@pytest.fixture(scope="module")
def stepped_postgresql(clock: FakeClock, start_postgresql: Callable[..., Any]) -> Any:
    """A PostgreSQL under the clock."""
    return clock.start(start_postgresql, fsync="off")


@pytest.fixture
def stepped(clock: FakeClock, stepped_postgresql: Any) -> Iterator[psycopg.Connection[Any]]:
    """A connection to it, with the clock at the true time."""
    clock.set(0)
    with psycopg.connect(stepped_postgresql.dsn, autocommit=True) as connection:
        yield connection


@pytest.mark.fails_when("the clock is not stepped", assertion="gone", step=0)
def test_a_step_forward_expires_redis_keys(cache: redis.Redis, clock: FakeClock, step: int = 2 * HOUR) -> None:
    """A Redis key with a lifetime of one hour is gone at once if the server's clock steps ahead by two hours."""
    cache.set("session", "alice", ex=HOUR)
    clock.set(step)
    gone = cache.get("session") is None
    assert gone


@pytest.mark.fails_when("the clock is not stepped", assertion="left > 2 * HOUR", step=0)
def test_a_step_back_extends_redis_keys(cache: redis.Redis, clock: FakeClock, step: int = -2 * HOUR) -> None:
    """A Redis key with a lifetime of one hour has more than two hours left after a step back by two hours."""
    cache.set("session", "alice", ex=HOUR)
    clock.set(step)
    left = cache.ttl("session")
    assert left > 2 * HOUR


@pytest.mark.fails_when("the clock is not stepped", assertion="both", step=0)
def test_a_step_gives_a_redis_lock_to_a_second_client(
    redis_server: Any, cache: redis.Redis, clock: FakeClock, step: int = 2 * HOUR
) -> None:
    """After a step of the server's clock, a second client gets the lock while the first has most of its hour left."""
    taken = time.monotonic()
    first = cache.set("lock", "a", nx=True, ex=HOUR)
    clock.set(step)
    with redis.Redis(port=redis_server.port) as other:
        second = other.set("lock", "b", nx=True, ex=HOUR)
    both = bool(first and second)
    assert both
    assert HOUR - (time.monotonic() - taken) > HOUR / 2


@pytest.mark.fails_when("the ids are made from the time", assertion="ids == sorted(set(ids))", automatic=False)
def test_stream_ids_never_go_back(cache: redis.Redis, clock: FakeClock, automatic: bool = True) -> None:
    """After a step back, Redis gives a stream entry the milliseconds of the entry before it and a higher number."""
    ids = []
    for step in (0, -HOUR):
        clock.set(step)
        seconds, microseconds = cache.time()
        now = seconds * 1000 + microseconds // 1000
        said = cache.xadd("events", {"step": step}) if automatic else f"{now}-0"
        ids.append(tuple(int(part) for part in said.split("-")))
    assert ids == sorted(set(ids))
    assert ids[1] == (ids[0][0], ids[0][1] + 1)


def _memcached(port: int, command: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(f"{command}\r\nquit\r\n".encode())
        return b"".join(iter(lambda: connection.recv(4096), b"")).decode()


def _uptime(port: int) -> int:
    return int(_memcached(port, "stats").partition("STAT uptime ")[2].split()[0])


@pytest.mark.fails_when("its monotonic clock steps too", assertion="kept", monotonic=True)
def test_memcached_ignores_the_wall_clock(
    new_clock: Callable[[], FakeClock], start_memcached: Callable[..., Any], monotonic: bool = False
) -> None:
    """A Memcached item with a lifetime of one hour is still there after the wall clock has stepped ahead by two."""
    clock = new_clock()
    server = clock.start(start_memcached, monotonic=monotonic)
    assert "STORED" in _memcached(server.port, f"set session 0 {HOUR} 5\r\nalice")
    before = _uptime(server.port)
    clock.set(2 * HOUR)
    wait_until(lambda: _uptime(server.port) >= before + 2, seconds=60, what="Memcached to look at its clock twice")
    kept = "alice" in _memcached(server.port, "get session")
    assert kept


BUSY = "DO $$ BEGIN LOOP END LOOP; END $$"


@pytest.mark.fails_when("the clock is not stepped", assertion="running", step=0)
@pytest.mark.fails_when("the statement sleeps", assertion="running", statement="SELECT pg_sleep(30)")
def test_a_statement_timeout_waits_for_the_wall_clock(
    stepped_postgresql: Any,
    stepped: psycopg.Connection[Any],
    clock: FakeClock,
    step: int = -HOUR,
    statement: str = BUSY,
) -> None:
    """If the clock steps back by an hour, a busy statement with a timeout of two seconds still runs after six."""

    def active(pid: int) -> bool:
        found = stepped.execute("SELECT FROM pg_stat_activity WHERE pid = %s AND state = 'active'", [pid])
        return found.rowcount == 1

    with psycopg.connect(stepped_postgresql.dsn, autocommit=True) as busy:
        pid = busy.info.backend_pid
        busy.execute("SET statement_timeout = '2s'")
        busy.pgconn.send_query(statement.encode())
        wait_until(lambda: active(pid), seconds=60, what="the statement to begin")
        clock.set(step)
        time.sleep(6)
        running = active(pid)
        stepped.execute("SELECT pg_cancel_backend(%s)", [pid])
        while busy.pgconn.get_result():
            pass
    assert running


@pytest.mark.fails_when("it asks by id", assertion="found == []", column="id")
@pytest.mark.fails_when("the clock is not stepped", assertion="found == []", step=0)
def test_a_poller_by_time_misses_a_row(
    stepped: psycopg.Connection[Any], clock: FakeClock, column: str = "created_at", step: int = -30
) -> None:
    """After a step back, a row that is inserted later sorts first, and a consumer that asks by time never gets it."""
    stepped.execute("DROP TABLE IF EXISTS events")
    stepped.execute("CREATE TABLE events (id bigserial, created_at timestamptz DEFAULT now())")
    stepped.execute("INSERT INTO events DEFAULT VALUES")
    last = stepped.execute(f"SELECT max({column}) FROM events").fetchone()
    assert last
    clock.set(step)
    stepped.execute("INSERT INTO events DEFAULT VALUES")
    found = stepped.execute(f"SELECT id FROM events WHERE {column} > %s", last).fetchall()
    assert found == []
    assert stepped.execute("SELECT id FROM events ORDER BY created_at").fetchall() == [(2,), (1,)]


@pytest.mark.fails_when("they commit in the order of their ids", assertion="found == []", in_order=True)
def test_a_poller_by_id_misses_a_late_commit(
    stepped_postgresql: Any, stepped: psycopg.Connection[Any], in_order: bool = False
) -> None:
    """If the transaction with the higher id commits first, a consumer that asks by id never gets the other row."""
    stepped.execute("DROP TABLE IF EXISTS events")
    stepped.execute("CREATE TABLE events (id bigserial)")
    with psycopg.connect(stepped_postgresql.dsn) as early, psycopg.connect(stepped_postgresql.dsn) as late:
        for transaction in (early, late):
            transaction.execute("INSERT INTO events DEFAULT VALUES")
        first, second = (early, late) if in_order else (late, early)
        first.commit()
        seen = stepped.execute("SELECT max(id) FROM events").fetchone()
        second.commit()
    found = stepped.execute("SELECT id FROM events WHERE id > %s", seen).fetchall()
    assert found == []
    assert stepped.execute("SELECT count(*) FROM events").fetchone() == (2,)
