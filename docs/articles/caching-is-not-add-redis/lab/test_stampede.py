"""A key expires under 32 readers: how often the origin is asked, by what guards the fill."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import redis

from .near import NearCache
from .readers import Fleet
from .round_trips import Wire, command


@pytest.fixture(scope="module")
def server(start_redis: Callable[..., Any]) -> Any:
    """A Redis without snapshots."""
    return start_redis(save="")


@pytest.fixture
def fleet(server: Any) -> Callable[[str], Fleet]:
    """``fleet("none")``: readers that start from an empty cache."""
    with redis.Redis(port=server.port) as client:
        client.flushall()
    return lambda guard: Fleet(server.port, guard)


@pytest.mark.fails_when("the threads of a process share a flight", assertion="calls == readers.readers", guard="flight")
def test_every_reader_of_a_missing_key_asks_the_origin(
    fleet: Callable[[str], Fleet], record: Any, guard: str = "none"
) -> None:
    """32 readers that miss the same key at once ask the origin 32 times."""
    readers = fleet(guard)
    calls = readers.run()
    record.number("fleet_readers", readers.readers, note="threads that miss at once")
    record.number("fleet_processes", readers.processes, note="processes that they run in")

    assert calls == readers.readers


@pytest.mark.fails_when("every thread loads for itself", assertion="calls == readers.processes", guard="none")
def test_single_flight_asks_once_a_process(fleet: Callable[[str], Fleet], guard: str = "flight") -> None:
    """32 readers in 4 processes that miss the same key ask the origin 4 times if the threads of each share a flight."""
    readers = fleet(guard)
    calls = readers.run()

    assert calls == readers.processes


@pytest.mark.fails_when("there is no lease between the processes", assertion="calls == 1", guard="flight")
def test_a_lease_asks_once(fleet: Callable[[str], Fleet], guard: str = "lease") -> None:
    """32 readers in 4 processes that miss the same key ask the origin once if the processes share a lease in Redis."""
    calls = fleet(guard).run()

    assert calls == 1


@pytest.mark.fails_when("the copy in the process lives for no time", assertion="gets == 1", seconds=0.0)
def test_a_near_copy_takes_a_hot_key_off_the_server(server: Any, record: Any, seconds: float = 60.0) -> None:
    """1,000 reads of one key through a copy in the process that has not expired are one GET for Redis."""
    with redis.Redis(port=server.port, decode_responses=True) as client:
        client.set("hot", "1")
        client.config_resetstat()
        near = NearCache(client, seconds=seconds)
        values = {near.get("hot") for _ in range(1_000)}
        gets = client.info("commandstats")["cmdstat_get"]["calls"]

    assert values == {"1"}
    assert gets == 1


@pytest.mark.fails_when("tracking is off, the default", assertion='b"invalidate" in told', tracking="OFF")
def test_redis_tells_a_client_which_copy_is_stale(
    server: Any, dial: Callable[[int], Wire], tracking: str = "ON"
) -> None:
    """With CLIENT TRACKING on, Redis tells a client that has read a key when another client writes it."""
    # --8<-- [start:tracking]
    reader, writer = dial(server.port), dial(server.port)
    writer.ask(command("SET", "hot", "1"), b"+OK\r\n")
    reader.ask(command("HELLO", "3"), b"*0\r\n")
    reader.ask(command("CLIENT", "TRACKING", tracking), b"+OK\r\n")
    reader.ask(command("GET", "hot"), b"1\r\n")  # from now on the server remembers that we have a copy

    writer.ask(command("SET", "hot", "2"), b"+OK\r\n")
    told = reader.ask(command("PING"), b"+PONG\r\n")  # the message came before the answer

    assert b"invalidate" in told
    assert b"hot" in told
    # --8<-- [end:tracking]


@pytest.mark.fails_when("all copies get the same TTL", assertion="worst < 100", share=0.0)
def test_jitter_spreads_a_thousand_expiries(server: Any, record: Any, share: float = 0.1) -> None:
    """With TTLs between 270 and 330 s, fewer than 100 of 1,000 keys written at once expire in the same second."""
    draw = random.Random(5)
    with redis.Redis(port=server.port, decode_responses=True) as client:
        client.flushall()
        now = client.time()[0]
        with client.pipeline(transaction=False) as batch:
            for number in range(1_000):
                ttl = 300 * draw.uniform(1 - share, 1 + share)
                batch.set(f"page:{number}", "x", pxat=int(1_000 * (now + ttl)))
            batch.execute()
            for number in range(1_000):
                batch.pttl(f"page:{number}")
            seconds = [round(left / 1_000) for left in batch.execute()]  # until they expire
            worst = Counter(seconds).most_common(1)[0][1]
    record.number("jitter_worst", worst, note="of 1,000 keys, those that expire in the worst second with 10% jitter")

    assert worst < 100
