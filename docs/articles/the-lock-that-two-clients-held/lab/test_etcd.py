"""Leases of etcd, and how long each kind of lock stays taken after its holder has died."""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from engblog.lab.process import find_program, wait_until
from etcd_lock import EtcdLock, b64, call
from etcd_server import Etcd
from incident import Incident


@pytest.mark.fails_when("the store compares revisions", assertion="(sold, gone) == (2, 1)", store="FencedStore")
def test_an_etcd_lease_ends_under_a_stopped_holder(incident: Incident, etcd: Etcd, store: str = "Store") -> None:
    """A holder of an etcd lease that is stopped past its lifetime overwrites the next holder's sale."""
    task = {"lock": "etcd", "etcd": etcd.port, "store": store}
    name = b64(incident.item)
    free: Callable[[], bool] = lambda: not call(etcd.port, "kv/range", key=name).get("kvs")  # noqa: E731
    sold, gone = incident.play(task | {"ttl": 60}, free, ttl=2)
    assert (sold, gone) == (2, 1)


def _without_looking(lock: EtcdLock, key: str, value: str) -> bool:
    call(lock.port, "kv/put", key=b64(key), value=b64(value))
    return True


@pytest.mark.fails_when("the write is a plain put", assertion="not late", put=_without_looking)
def test_a_transaction_compares_and_writes_at_once(
    etcd: Etcd, put: Callable[[EtcdLock, str, str], bool] = EtcdLock.put
) -> None:
    """A write that compares the lock's creation revision in the same etcd transaction fails once another holds it."""
    name = f"leader {put.__name__}"
    first, second = EtcdLock(etcd.port, name, 2, renewed=False), EtcdLock(etcd.port, name, 60, renewed=False)
    assert first.acquire()
    wait_until(lambda: second.acquire() is not None, seconds=60, what="the lease to end")
    assert put(second, "config", "new")
    late = put(first, "config", "old")
    assert not late
    assert call(etcd.port, "kv/range", key=b64("config"))["kvs"][0]["value"] == b64("new")


@pytest.mark.fails_when("its data is lost", assertion="after > before", keep=False)
def test_the_revision_survives_a_kill(etcd: Etcd, keep: bool = True) -> None:
    """After SIGKILL and a restart on its data, etcd gives the next lock a higher revision than the one before."""
    before = EtcdLock(etcd.port, f"first {keep}", 60, renewed=False).acquire() or 0
    etcd.kill()
    if not keep:
        etcd.forget()
    etcd.start()
    after = EtcdLock(etcd.port, f"second {keep}", 60, renewed=False).acquire() or 0
    assert after > before


@pytest.mark.fails_when("10 seconds are asked for", assertion="granted > asked", asked=10)
def test_etcd_raises_a_short_lifetime(etcd: Etcd, record: Any, asked: int = 1) -> None:
    """An etcd with default settings, asked for a lease of one second, grants one of two."""
    granted = int(call(etcd.port, "lease/grant", TTL=asked)["TTL"])
    record.number("etcd_granted", granted, unit="s", note="lifetime that etcd granted when it was asked for 1 s")
    assert granted > asked
    assert granted == 2


def _start(etcd: Etcd, *command: str, ttl: int = 60) -> subprocess.Popen[str]:
    program = find_program("etcdctl", package="etcd-client")
    endpoint = f"--endpoints=http://127.0.0.1:{etcd.port}"
    return subprocess.Popen(
        [program, endpoint, "lock", f"--ttl={ttl}", "nightly", "--", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"ETCDCTL_API": "3"},
    )


@pytest.mark.fails_when("etcdctl is not stopped", assertion="got_it", stop=False)
def test_etcdctl_lock_leaves_its_command_running(etcd: Etcd, stop: bool = True) -> None:
    """When `etcdctl lock` loses its lease, its command runs on beside the next one, even after etcdctl wakes up."""
    revision = ("sh", "-c", "echo $ETCD_LOCK_REV; exec sleep 600")
    first = _start(etcd, *revision, ttl=2)
    second = None
    try:
        assert first.stdout
        older = int(first.stdout.readline())
        (command,) = psutil.Process(first.pid).children()
        if stop:
            os.kill(first.pid, signal.SIGSTOP)
        second = _start(etcd, "sh", "-c", "echo $ETCD_LOCK_REV")
        try:
            newer = int(second.communicate(timeout=60 if stop else 5)[0])
            got_it = True
        except subprocess.TimeoutExpired:
            newer, got_it = 0, False
        assert got_it
        assert newer > older
        os.kill(first.pid, signal.SIGCONT)
        time.sleep(1)  # longer than etcdctl waits between two renewals of a lease of two seconds
        assert command.is_running()
        assert command.status() != psutil.STATUS_ZOMBIE
        assert first.poll() is None
    finally:
        for process in (first, second):
            if process:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.communicate()


RUNS = 5
LIFETIME = 3
KINDS = {"advisory": "PostgreSQL, advisory lock", "RenewedLock": "Redis, 3 s lease", "etcd": "etcd, 3 s lease"}


@pytest.fixture
def holders(postgresql: Any, cache_server: Any, etcd: Etcd) -> Iterator[list[int]]:
    """Process ids of clients that hold one lock each."""
    servers = {"lock_dsn": postgresql.dsn, "redis": cache_server.port, "etcd": etcd.port}
    with contextlib.ExitStack() as ending:
        forkers = [ending.enter_context(_forked(kind, servers)) for kind in KINDS]
        pids = [int(forker.stdout.readline()) for forker in forkers for _ in range(RUNS) if forker.stdout]
        assert 0 not in pids
        yield pids


@contextlib.contextmanager
def _forked(kind: str, servers: dict[str, Any]) -> Iterator[subprocess.Popen[str]]:
    """Run ``holders.py`` for locks of one kind, and kill what is left of it."""
    ttl = LIFETIME if kind == "etcd" else LIFETIME * 1000
    tasks = [servers | {"lock": kind, "item": f"{kind} {i}", "number": 900 + i, "ttl": ttl} for i in range(RUNS)]
    command = [sys.executable, str(Path(__file__).with_name("holders.py")), json.dumps(tasks)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as forker:
        try:
            yield forker
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(forker.pid, signal.SIGKILL)


@pytest.fixture
def is_free(db: psycopg.Connection[Any], cache: Any, etcd: Etcd) -> Callable[[str], bool]:
    """Tell whether the lock of that name is free."""

    def look(name: str) -> bool:
        kind, run = name.split()
        if kind == "advisory":
            sql = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
            return db.execute(sql, [900 + int(run)]).fetchone() == (0,)
        if kind == "etcd":
            return not call(etcd.port, "kv/range", key=b64(name)).get("kvs")
        return not cache.exists(name)

    return look


@pytest.mark.fails_when("the holders are stopped", assertion='max(took["advisory"])', end=signal.SIGSTOP)
def test_a_killed_holder_frees_an_advisory_lock_before_a_lease(
    holders: list[int], is_free: Callable[[str], bool], record: Any, end: signal.Signals = signal.SIGKILL
) -> None:
    """After SIGKILL of all holders, each advisory lock was free before any of the leases of three seconds had ended."""
    for pid in holders:
        os.kill(pid, end)
    started, took = time.monotonic(), {kind: [math.inf] * RUNS for kind in KINDS}
    while any(math.inf in took[kind] for kind in ("RenewedLock", "etcd")) and time.monotonic() < started + 60:
        for kind, seconds in took.items():
            for run in range(RUNS):
                if seconds[run] == math.inf and is_free(f"{kind} {run}"):
                    seconds[run] = time.monotonic() - started
        time.sleep(0.02)
    chart = record.chart(
        "after_kill",
        title="From SIGKILL of the holder to a free lock",
        x="lock",
        y="seconds",
        kind="dots",
        note=f"{RUNS} holders each, all killed at once; asked in a loop; leases renewed until then",
    )
    keys = {"advisory": "free_advisory", "RenewedLock": "free_redis", "etcd": "free_etcd"}
    for kind, seconds in took.items():
        if math.inf not in seconds:
            record.samples(
                keys[kind],
                [round(s, 3) for s in seconds],
                unit="s",
                note="from SIGKILL to a free lock",
                worst="highest",
            )
            for each in seconds:
                chart.point("holder killed", KINDS[kind], each)
    assert max(took["advisory"]) < min(took["RenewedLock"] + took["etcd"]) < math.inf
