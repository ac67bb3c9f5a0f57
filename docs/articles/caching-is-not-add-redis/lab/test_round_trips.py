"""Redis, memcached and PostgreSQL over a socket, beside a copy in the process: what a hit costs where."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from . import rungs
from .counted_origin import Answer, CountedOrigin
from .levels import LEVELS, LINE
from .pages import reads
from .proxy import Proxy
from .round_trips import Lookup, Wire, command, microseconds

ONE_ROW = "SELECT price FROM product WHERE id = $1"
WHOLE_TABLE = "SELECT sum(price) FROM product WHERE id <> $1"
KEY = "price:4711"

Dial = Callable[[int], Wire]
Prepare = Callable[..., Lookup]


@dataclass
class Servers:
    """A Redis and a PostgreSQL that both know the price of product 4711."""

    redis: Any
    postgresql: Any


@pytest.fixture(scope="module")
def servers(start_redis: Callable[..., Any], start_postgresql: Callable[..., Any]) -> Servers:
    """One of each, the table in the buffer pool."""
    database = start_postgresql(fsync="off", autovacuum="off", jit="off")
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE product (id int PRIMARY KEY, price int)")
        connection.execute("INSERT INTO product SELECT i, i FROM generate_series(1, 10000) i")
        connection.execute("VACUUM ANALYZE product")
    cache = start_redis(save="")
    with redis.Redis(port=cache.port) as client:
        client.set(KEY, 4711)
        client.mset({f"price:{number}": number for number in range(100)})
    return Servers(cache, database)


@pytest.fixture
def wire(servers: Servers, dial: Dial) -> Wire:
    """A bare connection to Redis."""
    return dial(servers.redis.port)


def get(wire: Wire) -> bytes:
    """A hit in Redis over a bare socket."""
    return wire.ask(command("GET", KEY), b"4711\r\n")


def mid(values: list[float]) -> float:
    """The median."""
    return statistics.median(values)


@pytest.mark.fails_when("the query adds up the table", assertion="lookup < 10 * hit", query=WHOLE_TABLE)
def test_redis_is_not_ten_times_as_fast_as_a_lookup_by_primary_key(
    servers: Servers,
    wire: Wire,
    dial: Dial,
    prepare: Prepare,
    start_memcached: Callable[[], Any],
    record: Any,
    query: str = ONE_ROW,
) -> None:
    """A prepared lookup by primary key takes less than 10 times as long as a hit in Redis on the same machine."""
    memcached = dial(start_memcached().port)
    memcached.ask(b"set %s 0 0 4\r\n4711\r\n" % KEY.encode(), b"STORED\r\n")
    row = prepare(servers.postgresql.dsn, query)
    calls = {
        "redis": lambda: get(wire),
        "memcached": lambda: memcached.ask(b"get %s\r\n" % KEY.encode(), b"END\r\n"),
        "lookup": row.prepared,
    }
    measured = microseconds(calls)
    for name, values in measured.items():
        record.samples(f"hit_{name}", values, unit="µs", note=f"one round trip over loopback, bare client: {name}")
    hit, lookup = mid(measured["redis"]), mid(measured["lookup"])
    record.number("redis_gain", lookup / hit, digits=2, note="median lookup over median hit in Redis")

    assert lookup < 10 * hit


@pytest.mark.fails_when(
    "`plan_cache_mode` is `force_custom_plan` there too", assertion="planned > 1.2 * cached", mode="force_custom_plan"
)
def test_a_prepared_lookup_is_faster_because_its_plan_is_cached(
    servers: Servers, prepare: Prepare, record: Any, mode: str = "auto"
) -> None:
    """In the fastest rounds, a prepared lookup takes over 1.2 times as long if it is planned each time, not once."""
    row = prepare(servers.postgresql.dsn, ONE_ROW, mode)
    custom = prepare(servers.postgresql.dsn, ONE_ROW, "force_custom_plan")
    measured = microseconds({"anew": row.anew, "planned": custom.prepared, "cached": row.prepared})
    anew, planned, cached = (min(values) for values in measured.values())
    record.samples("lookup_anew", measured["anew"], unit="µs", note="lookup, parsed and planned each time")
    record.samples("lookup_planned", measured["planned"], unit="µs", note="prepared lookup, planned each time")
    record.samples("lookup_cached", measured["cached"], unit="µs", note="prepared lookup with its cached plan")

    assert planned > 1.2 * cached
    assert anew > 1.2 * cached


@pytest.mark.fails_when("the GET goes over the bare socket", assertion="library > lookup", bare_too=True)
def test_the_client_library_costs_more_than_the_choice_of_the_server(
    servers: Servers, wire: Wire, prepare: Prepare, record: Any, bare_too: bool = False
) -> None:
    """In the fastest rounds, a GET through redis-py takes longer than a lookup over a bare connection to PostgreSQL."""
    row = prepare(servers.postgresql.dsn, ONE_ROW)
    with redis.Redis(port=servers.redis.port) as client, psycopg.connect(servers.postgresql.dsn) as connection:
        cursor = connection.cursor()
        query = ONE_ROW.replace("$1", "%s")
        calls = {
            "redis-py": (lambda: get(wire)) if bare_too else (lambda: client.get(KEY)),
            "psycopg": lambda: cursor.execute(query, (4711,), prepare=True).fetchone(),
            "lookup": row.prepared,
        }
        measured = microseconds(calls)
    record.version("redis-py", redis.__version__)
    record.version("psycopg", psycopg.__version__)
    record.samples("library_redis", measured["redis-py"], unit="µs", note="GET through redis-py, without hiredis")
    record.samples("library_psycopg", measured["psycopg"], unit="µs", note="prepared lookup through psycopg")
    library, lookup = min(measured["redis-py"]), min(measured["lookup"])

    assert library > lookup


@pytest.mark.fails_when(
    "the command has to sort 20,000 numbers", assertion="inside < 0.2 * trip", key="numbers", name="SORT"
)
def test_redis_is_busy_for_less_than_a_fifth_of_a_round_trip(
    servers: Servers, wire: Wire, record: Any, key: str = KEY, name: str = "GET"
) -> None:
    """By its own count, Redis executes a GET in less than a fifth of the time that the round trip takes."""
    with redis.Redis(port=servers.redis.port) as client:
        client.rpush("numbers", *range(20_000))
        client.config_resetstat()
        limit = ("LIMIT", 0, 1) if name == "SORT" else ()
        end = b"0\r\n" if name == "SORT" else b"4711\r\n"
        trips = microseconds({"trip": lambda: wire.ask(command(name, key, *limit), end)})["trip"]
        inside = client.info("commandstats")[f"cmdstat_{name.lower()}"]["usec_per_call"]
    record.number("redis_inside", inside, unit="µs", digits=2, note="usec_per_call of GET in INFO commandstats")
    trip = mid(trips)

    assert inside < 0.2 * trip


@pytest.mark.fails_when("the cache in the process holds nothing", assertion="remote > 50 * local", maxsize=0)
def test_a_hit_over_a_socket_costs_more_than_fifty_in_the_process(wire: Wire, record: Any, maxsize: int = 1000) -> None:
    """A hit in Redis over loopback takes over 50 times as long as a hit in functools.lru_cache."""

    @functools.lru_cache(maxsize=maxsize)
    def price(product: int) -> bytes:
        return wire.ask(command("GET", f"price:{product}"), b"\r\n")

    in_process = microseconds({"local": lambda: price(4711)}, times=200)["local"]
    local, remote = mid(in_process), mid(microseconds({"remote": lambda: get(wire)})["remote"])
    record.samples("hit_local", [1_000 * each for each in in_process], unit="ns", note="a hit in lru_cache")

    assert remote > 50 * local


@pytest.mark.fails_when("the hundred GETs are sent at once", assertion="single > 5 * batch", pipelined=True)
def test_a_hundred_gets_are_a_hundred_round_trips(wire: Wire, record: Any, pipelined: bool = False) -> None:
    """A hundred GETs, each waiting for its answer, take over 5 times as long as one MGET of the same keys."""
    gets = [command("GET", f"price:{number}") for number in range(100)]
    mget = command("MGET", *(f"price:{number}" for number in range(100)))
    last = b"$2\r\n99\r\n"

    def hundred() -> None:
        if pipelined:
            wire.ask(b"".join(gets), last)
        else:
            for number, each in enumerate(gets):
                wire.ask(each, b"%d\r\n" % number)

    measured = microseconds({"single": hundred, "batch": lambda: wire.ask(mget, last)}, times=1)
    record.samples("hundred_gets", [each / 1_000 for each in measured["single"]], unit="ms", note="100 GETs in turn")
    record.samples("one_mget", measured["batch"], unit="µs", note="one MGET of 100 keys")
    single, batch = mid(measured["single"]), mid(measured["batch"])

    assert single > 5 * batch


@pytest.mark.fails_when("the query adds up the table", assertion="through > direct", query=WHOLE_TABLE)
def test_a_cache_with_half_hits_makes_cheap_reads_slower(
    servers: Servers, wire: Wire, prepare: Prepare, record: Any, query: str = ONE_ROW
) -> None:
    """With a hit in every second read, lookups by primary key take longer through Redis than without it."""
    row = prepare(servers.postgresql.dsn, query)
    nil = b"$-1\r\n"
    turn = 0

    # --8<-- [start:aside]
    def aside() -> None:
        nonlocal turn
        turn += 1
        if turn % 2:
            wire.ask(command("GET", KEY), b"4711\r\n")
        else:  # a miss pays for the question, the row, and the copy of it
            wire.ask(command("GET", "price:unknown"), nil)
            row.prepared()
            wire.ask(command("SET", "price:other", 4711), b"+OK\r\n")

    # --8<-- [end:aside]

    measured = microseconds({"aside": aside, "direct": row.prepared, "hit": lambda: get(wire)}, times=20)
    through, direct, hit = (mid(measured[name]) for name in ("aside", "direct", "hit"))
    record.samples(
        "aside_half", measured["aside"], unit="µs", note="mean of 20 reads through Redis, every second one a hit"
    )
    record.samples("aside_direct", measured["direct"], unit="µs", note="mean of 20 reads without a cache")
    record.samples("even_hit", measured["hit"], unit="µs", note="c: a round trip to Redis")
    for name, cost in (("lookup", direct), ("1ms", 1_000.0), ("20ms", 20_000.0)):
        share = 200 * hit / (cost + hit)
        record.number(
            f"even_{name}", share, unit="%", digits=2, note="hit ratio above which the cache pays: 2c / (o + c)"
        )

    assert through > direct


@pytest.mark.fails_when("the key is not there", assertion="redis_counts == (3, 1)", missing=True)
def test_redis_and_memcached_count_hits_and_misses(
    servers: Servers, wire: Wire, dial: Dial, start_memcached: Callable[[], Any], missing: bool = False
) -> None:
    """After three hits and a miss, INFO stats of Redis and stats of memcached say three hits and one miss."""
    memcached = dial(start_memcached().port)
    wire.ask(command("CONFIG", "RESETSTAT"), b"+OK\r\n")
    memcached.ask(b"set there 0 0 1\r\n1\r\n", b"STORED\r\n")
    wire.ask(command("SET", "there", 1), b"+OK\r\n")
    for key in ("there", "there", "there", "elsewhere"):
        name = "elsewhere" if missing else key
        wire.ask(command("GET", name), b"\r\n")
        memcached.ask(f"get {name}\r\n".encode(), b"END\r\n")
    with redis.Redis(port=servers.redis.port) as client:
        said = client.info("stats")
    redis_counts = (said["keyspace_hits"], said["keyspace_misses"])
    lines = memcached.ask(b"stats\r\n", b"END\r\n").decode().splitlines()
    stats = dict(line.split()[1:3] for line in lines if line.startswith("STAT"))
    memcached_counts = (int(stats["get_hits"]), int(stats["get_misses"]))

    assert redis_counts == (3, 1)
    assert memcached_counts == (3, 1)


@pytest.mark.fails_when(
    "the page has to come from the disk", assertion="min(across) > 5 * max(inside)", dropped_again=True
)
def test_the_step_is_where_a_hit_leaves_the_process(
    servers: Servers,
    chase: Callable[..., Any],
    file: Path,
    start_memcached: Callable[[], Any],
    edge: Callable[..., Proxy],
    origin: CountedOrigin,
    dial: Dial,
    prepare: Prepare,
    record: Any,
    dropped_again: bool = False,
) -> None:
    """Any hit that crosses a socket takes over 5 times as long as any hit in CPU caches, memory or the page cache."""
    rounds = {level: [each / 1_000 for each in chase(size // LINE)[1]] for level, size in LEVELS.items()}
    rounds["page_cold"], rounds["page_warm"] = reads(file, dropped_again=dropped_again)
    origin.answer = lambda _: Answer(rungs.PAGE, headers={"Cache-Control": "max-age=3600"})
    calls = {
        "memcached": rungs.memcached(dial(start_memcached().port)),
        "redis": rungs.redis(dial(servers.redis.port)),
        "nginx": rungs.nginx(dial(edge("keepalive_requests 100000;").port)),
        "lookup": prepare(servers.postgresql.dsn, ONE_ROW).prepared,
    }
    rounds |= microseconds(calls) | microseconds({"local": rungs.local()}, times=1_000)

    chart = record.chart(
        "staircase",
        title="What one hit costs, cache by cache",
        x="where the hit is",
        y="nanoseconds",
        kind="dots",
        y_scale="log",
        note="one machine, loopback, bare clients; every dot is the mean of a short round",
    )
    for key, name in rungs.NAMES.items():
        short = max(rounds[key]) < 1
        values = [1_000 * each for each in rounds[key]]
        record.samples(
            f"rung_{key}", values if short else rounds[key], unit="ns" if short else "µs", note=f"one hit: {name}"
        )
        for value in values:
            chart.point("one hit", name, value)
    inside = [mid(rounds[key]) for key in ("l1", "l2", "l3", "memory", "local", "page_warm")]
    across = [mid(rounds[key]) for key in ("memcached", "redis", "nginx", "lookup")]
    record.number("across_spread", max(across) / min(across), digits=2, note="slowest over fastest median of the four")

    assert min(across) > 5 * max(inside)
