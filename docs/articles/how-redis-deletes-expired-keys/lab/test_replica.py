"""What a replica shows of keys past their TTL, and what frees them there."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest
from engblog.lab.process import wait_until

KEYS = 1_000


def _pair(start_cache: Callable[..., Any]) -> tuple[Any, Any]:
    """A master and a replica that is connected to it."""
    master = start_cache(repl_diskless_sync_delay=0)
    replica = start_cache()
    replica.replicaof("127.0.0.1", master.server.port)
    wait_until(lambda: replica.stat("master_link_status") == "up", seconds=60, what="the replica to be in step")
    return master, replica


def _calls(cache: Any, command: str) -> int:
    """How often *command* was called, by a client or by a master."""
    return int(cache.info("commandstats").get(f"cmdstat_{command}", {"calls": 0})["calls"])


def _keys_on(replica: Any, number: int) -> None:
    wait_until(lambda: replica.dbsize() == number, seconds=60, what=f"{number} keys on the replica")


def dead_keys(replica: Any) -> int:
    """Keys past their TTL: what DBSIZE counts and SCAN hides."""
    living = sum(1 for _ in replica.scan_iter(count=1_000))
    return int(replica.dbsize()) - living


@pytest.mark.fails_when("the master's cycle runs", assertion="replica.dbsize() == KEYS", master_cycle=True)
def test_a_replica_hides_dead_keys_and_keeps_them(start_cache: Callable[..., Any], master_cycle: bool = False) -> None:
    """A replica answers nil for keys past their TTL and hides them from KEYS and SCAN, but DBSIZE counts them,
    RANDOMKEY names them, and reading every one of them frees none."""
    master, replica = _pair(start_cache)
    master.sweep(False)  # the master does not notice that the keys die
    master.fill("k", KEYS, ttl_ms=500)
    _keys_on(replica, KEYS)
    replica.outlive(500)
    if master_cycle:
        master.sweep(True)
        _keys_on(master, 0)
        _keys_on(replica, 0)

    # --8<-- [start:view]
    assert replica.get("k0") is None
    assert replica.exists("k0") == 0
    assert replica.ttl("k0") == -2
    assert replica.keys("*") == []
    assert list(replica.scan_iter()) == []
    # and yet
    assert replica.dbsize() == KEYS
    assert replica.info("keyspace")["db0"]["expires"] == KEYS
    assert replica.randomkey().startswith("k")
    assert replica.memory_usage("k0") > 0
    assert dead_keys(replica) == KEYS
    # --8<-- [end:view]

    for i in range(KEYS):
        assert replica.get(f"k{i}") is None
    assert replica.dbsize() == KEYS  # reading frees nothing here


def test_what_frees_a_key_on_a_replica_is_a_del_from_its_master(start_cache: Callable[..., Any]) -> None:
    """A read of a dead key on the master, and the master's cycle, delete keys on the replica by one DEL each; the
    replica's own expired_keys stays at 0."""
    master, replica = _pair(start_cache)
    master.sweep(False)
    master.fill("k", KEYS, ttl_ms=200)
    _keys_on(replica, KEYS)
    replica.outlive(200)

    assert master.get("k0") is None
    _keys_on(replica, KEYS - 1)
    master.sweep(True)
    _keys_on(replica, 0)

    assert master.stat("expired_keys") == KEYS
    assert replica.stat("expired_keys") == 0  # not an expiry: a command from the master
    assert _calls(replica, "del") == KEYS


@pytest.mark.fails_when("`lazyfree-lazy-expire` is `no`", assertion='_calls(replica, "unlink") == 10', lazy_expire="no")
def test_lazy_expiry_reaches_the_replica_as_unlink(start_cache: Callable[..., Any], lazy_expire: str = "yes") -> None:
    """With lazyfree-lazy-expire on the master, its replica receives an UNLINK for each key that expires, and no DEL."""
    master, replica = _pair(start_cache)
    master.config_set("lazyfree-lazy-expire", lazy_expire)
    master.sweep(False)  # until the replica has seen all of them
    master.fill("k", 10, ttl_ms=200)
    _keys_on(replica, 10)
    master.sweep(True)
    _keys_on(replica, 0)

    assert _calls(replica, "unlink") == 10
    assert _calls(replica, "del") == 0


@pytest.mark.fails_when("clients are not paused", assertion="cache.dbsize() == KEYS", paused=False)
def test_nothing_dies_while_clients_are_paused(start_cache: Callable[..., Any], paused: bool = True) -> None:
    """While CLIENT PAUSE holds back writes, neither a lookup nor the cycle deletes a key past its TTL; reads answer
    nil."""
    cache = start_cache()
    cache.fill("k", KEYS, ttl_ms=300)
    if paused:
        cache.client_pause(60_000, all=False)  # writes wait, reads do not
    cache.outlive(300)

    deadline = cache.now_ms() + 500  # five ticks
    while cache.now_ms() < deadline:
        assert cache.get("k0") is None
        assert cache.dbsize() == KEYS

    cache.client_unpause()
    wait_until(lambda: cache.dbsize() == 0, seconds=30, what="the cycle")


@pytest.mark.fails_when("the master goes on", assertion="replica.dbsize() == KEYS", hangs=False)
def test_a_replica_of_a_hung_master_frees_nothing_until_it_is_promoted(
    start_cache: Callable[..., Any], hangs: bool = True
) -> None:
    """While its master hangs, a replica keeps every key past its TTL; after REPLICAOF NO ONE its own cycle deletes
    them."""
    master, replica = _pair(start_cache)
    master.sweep(False)  # until it hangs
    master.fill("k", KEYS, ttl_ms=1_000)
    _keys_on(replica, KEYS)
    if hangs:
        master.server.send(signal.SIGSTOP)
    else:
        master.sweep(True)
        _keys_on(replica, 0)
    try:
        replica.outlive(1_000)
        assert replica.get("k0") is None
        assert replica.dbsize() == KEYS

        replica.replicaof("NO", "ONE")
        _keys_on(replica, 0)
        assert replica.stat("expired_keys") == KEYS
    finally:
        master.server.send(signal.SIGCONT)
