"""Leases in one Redis and in Redlock, clients that are stopped while they hold one, and stores that refuse them."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
import redis
import redis_lock
from clients import PATIENCE, Client
from engblog.lab.process import LabError, free_port, wait_until
from incident import Incident
from redis_lock import NumberedLock
from redlock import Redlock
from stores import FencedStore


@pytest.mark.fails_when(
    "the store compares tokens", assertion="(sold, gone) == (2, 1)", lock="NumberedLock", store="FencedStore"
)
def test_two_clients_sell_the_same_piece(
    incident: Incident, cache_server: Any, cache: Any, lock: str = "RedisLock", store: str = "Store"
) -> None:
    """A holder stopped past its lease wakes up and writes, so two clients report a sale and one piece is gone."""
    task = {"lock": lock, "store": store, "redis": cache_server.port}
    sold, gone = incident.play(task, lambda: not cache.exists(incident.item))
    assert (sold, gone) == (2, 1)


@pytest.mark.fails_when("it is stopped before it looks", assertion="(sold, gone) == (2, 1)", at="read")
def test_looking_before_the_write_does_not_help(
    incident: Incident, cache_server: Any, cache: Any, at: str = "looked"
) -> None:
    """A client that has checked its lock and is stopped before the write overwrites the next holder's sale."""
    task = {"lock": "RedisLock", "redis": cache_server.port, "look_first": True}
    sold, gone = incident.play(task, lambda: not cache.exists(incident.item), at=at, ttl=1000)
    assert (sold, gone) == (2, 1)


def _renew(cache: Any, name: str, ttl: int, done: threading.Event) -> None:
    value = cache.get(name)
    while not done.wait(ttl / 10_000):
        cache.eval(redis_lock.RENEW, 1, name, value, ttl)


@pytest.mark.fails_when("another process renews", assertion="expired", elsewhere=True)
def test_a_renewal_thread_stops_with_its_process(
    incident: Incident, cache_server: Any, cache: Any, elsewhere: bool = False
) -> None:
    """A thread extends the lease while its client works, but SIGSTOP stops the thread as well, and the lease ends."""
    ttl, done = 2000, threading.Event()
    client = incident.start(lock="RenewedLock", redis=cache_server.port, ttl=ttl, holds=["read"])
    client.wait("read")
    left = [cache.pttl(incident.item)]

    def extended() -> bool:
        left.append(cache.pttl(incident.item))
        return bool(left[-1] > left[-2])

    wait_until(extended, seconds=PATIENCE, what="the thread to extend the lease")
    if elsewhere:
        threading.Thread(target=_renew, args=(cache, incident.item, ttl, done)).start()
    client.pause()
    expired = True
    try:
        wait_until(lambda: not cache.exists(incident.item), seconds=2 * ttl / 1000, what="the lease to end")
    except LabError:
        expired = False
    finally:
        done.set()
    assert expired


@pytest.fixture(scope="module")
def nodes(start_redis: Callable[..., Any]) -> list[int]:
    """Ports of five independent Redis servers."""
    return [start_redis(save="").port for _ in range(5)]


def _free(nodes: list[int], name: str) -> Callable[[], bool]:
    clients = [redis.Redis(port=port) for port in nodes]
    return lambda: not any(client.exists(name) for client in clients)


@pytest.mark.fails_when("it looks at the clock only once", assertion='first.wait("end") == "busy"', timed=False)
def test_redlock_notices_a_pause_while_it_acquires(incident: Incident, nodes: list[int], timed: bool = True) -> None:
    """A Redlock client stopped past the lifetime with five grants in hand looks at its clock and gives up."""
    task = {"lock": "redlock", "nodes": nodes}
    second = incident.start(**task, holds=["ready"])
    first = incident.start(**task, ttl=300, holds=["asked"], timed=timed)
    assert first.wait("asked") == 5
    first.pause()
    wait_until(_free(nodes, incident.item), seconds=PATIENCE, what="the lock to be free")
    second.go_on()
    assert second.wait("end") == "sold"
    first.resume()
    assert first.wait("end") == "busy"


@pytest.mark.fails_when("the store checks a mark", assertion="(sold, gone) == (2, 1)", store="MarkedStore")
def test_redlock_cannot_notice_a_pause_afterwards(incident: Incident, nodes: list[int], store: str = "Store") -> None:
    """A Redlock client that is stopped after it has acquired the lock overwrites the next holder's sale."""
    task = {"lock": "redlock", "nodes": nodes, "store": store}
    sold, gone = incident.play(task, _free(nodes, incident.item), ttl=1000)
    assert (sold, gone) == (2, 1)


@pytest.mark.fails_when(
    "each write is synced to a log", assertion="held == [True, True]", appendonly="yes", appendfsync="always"
)
def test_a_node_that_forgets_makes_two_majorities(
    start_redis: Callable[..., Any], nodes: list[int], appendonly: str = "no", appendfsync: str = "no"
) -> None:
    """If one of three Redis servers that granted a lock restarts empty, it and two others grant it a second time."""
    forgetful = start_redis(save="", appendonly=appendonly, appendfsync=appendfsync)
    unreachable = [free_port(), free_port()]
    name = f"restart {appendonly}"
    ours = Redlock([*nodes[:2], forgetful.port, *unreachable], name, 60_000, between=lambda _: None)
    theirs = Redlock([*unreachable, forgetful.port, *nodes[2:4]], name, 60_000, between=lambda _: None)
    held = [ours.acquire() is not None]
    forgetful.send(9)
    forgetful.wait()
    forgetful.start()
    held.append(theirs.acquire() is not None)
    assert held == [True, True]


@pytest.fixture
def overlap(incident: Incident, cache_server: Any, cache: Any) -> Callable[..., tuple[Client, Client]]:
    """Have a client stopped after a step while the next holder has read and waits before it writes."""

    def make(lock: str, store: str, at: str) -> tuple[Client, Client]:
        task = {"lock": lock, "store": store, "redis": cache_server.port}
        second = incident.start(**task, holds=["ready", "read"])
        first = incident.start(**task, ttl=300, holds=[at])
        first.wait(at)
        first.pause()
        wait_until(lambda: not cache.exists(incident.item), seconds=PATIENCE, what="the lease to end")
        second.go_on()
        second.wait("read")
        return first, second

    return make


@pytest.mark.fails_when("the store does not compare", assertion="(sold, gone) == (1, 1)", store="Store")
def test_the_store_refuses_the_old_token(
    incident: Incident, cache_server: Any, cache: Any, store: str = "FencedStore"
) -> None:
    """After a write with the newer token, the store refuses the stopped client's write with the older one."""
    task = {"lock": "NumberedLock", "store": store, "redis": cache_server.port}
    sold, gone = incident.play(task, lambda: not cache.exists(incident.item))
    assert (sold, gone) == (1, 1)
    assert incident.says == ["refused", "sold"]
    older, newer = (client.wait("locked") for client in incident.clients)
    assert older < newer


@pytest.mark.fails_when("reads carry the token too", assertion="(sold, gone) == (2, 1)", store="FencedReads")
def test_a_token_on_the_write_alone_comes_too_late(
    incident: Incident, overlap: Callable[..., tuple[Client, Client]], store: str = "FencedStore"
) -> None:
    """A store that sees tokens only on writes takes the old holder's write, and then the new holder's on top of it."""
    first, second = overlap("NumberedLock", store, "read")
    first.resume()
    says = [first.wait("end")]
    second.go_on()
    says.append(second.wait("end"))
    sold, gone = says.count("sold"), incident.gone()
    assert (sold, gone) == (2, 1)


@pytest.mark.fails_when("the store notes tokens only on writes", assertion="says ==", store="FencedStore")
def test_a_token_on_every_access_stops_the_old_holder(
    incident: Incident, overlap: Callable[..., tuple[Client, Client]], store: str = "FencedReads"
) -> None:
    """A store that notes the token of each read refuses the old holder from the moment the new one has read."""
    first, second = overlap("NumberedLock", store, "read")
    first.resume()
    says = [first.wait("end")]
    second.go_on()
    says.append(second.wait("end"))
    assert says == ["refused", "sold"]
    assert incident.gone() == 1


@pytest.mark.fails_when("the store ignores the mark", assertion="(sold, gone) == (1, 1)", store="Store")
def test_check_and_set_on_a_random_mark_loses_nothing(
    incident: Incident, cache_server: Any, cache: Any, store: str = "MarkedStore"
) -> None:
    """If each holder leaves its random value in the row before it reads and the write checks it, no sale is lost."""
    task = {"lock": "RedisLock", "store": store, "redis": cache_server.port}
    sold, gone = incident.play(task, lambda: not cache.exists(incident.item))
    assert (sold, gone) == (1, 1)
    assert incident.says == ["refused", "sold"]


@pytest.mark.fails_when("the mark is a number", assertion="says ==", lock="NumberedLock", store="FencedReads")
def test_the_last_mark_wins_and_not_the_last_lock(
    incident: Incident,
    overlap: Callable[..., tuple[Client, Client]],
    lock: str = "RedisLock",
    store: str = "MarkedStore",
) -> None:
    """With random marks, an expired holder that wakes up before it has left its mark shuts out the current one."""
    first, second = overlap(lock, store, "locked")
    first.resume()
    says = [first.wait("end")]
    second.go_on()
    says.append(second.wait("end"))
    assert says == ["sold", "refused"]
    assert incident.gone() == 1


@pytest.mark.fails_when(
    "each write is synced to a log", assertion="after <= before", appendonly="yes", appendfsync="always"
)
def test_a_counter_that_forgets_shuts_everybody_out(
    start_redis: Callable[..., Any],
    incident: Incident,
    db: psycopg.Connection[Any],
    appendonly: str = "no",
    appendfsync: str = "no",
) -> None:
    """After Redis restarts empty, tokens start at 1 again and are refused; later, the highest one exists twice."""
    server, store = start_redis(save="", appendonly=appendonly, appendfsync=appendfsync), FencedStore(db, incident.item)
    tokens = []
    for _ in range(3):
        lock = NumberedLock(server.port, incident.item, 60_000)
        tokens.append(lock.acquire())
        assert store.write(99, tokens[-1] or 0)
        lock.release()
    server.send(signal.SIGKILL)
    server.wait()
    server.start()
    lock = NumberedLock(server.port, incident.item, 60_000)
    before, after = tokens[-1] or 0, lock.acquire() or 0
    assert after <= before
    assert after == 1
    assert not store.write(98, after)
    while after < before:  # the counter catches up
        lock.release()
        after = lock.acquire() or 0
    assert (store.write(98, before), store.write(97, after)) == (True, True)
