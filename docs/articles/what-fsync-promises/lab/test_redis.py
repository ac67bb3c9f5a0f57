"""Redis: the append-only file, and what happens when fsync fails."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

import pytest
import redis
from engblog.lab.process import LabError, wait_until

from commits import Loss, commit_for
from machine import Machine
from window import lose

Fixture = Callable[..., Any]
AOF = "incr.aof"


@pytest.fixture(scope="module")
def box(start_redis: Fixture, machine: Fixture) -> Machine:
    """A machine with Redis."""
    server = start_redis(appendonly="yes", save="")
    made: Machine = machine(server, server.folder)
    return made


def client(box: Machine) -> redis.Redis:
    """A connection."""
    return redis.Redis(port=box.server.port, decode_responses=True, socket_timeout=60)


def found(box: Machine) -> set[int]:
    """The numbers that are there."""
    return {int(number) for number in client(box).lrange("t", 0, -1)}


def lost(box: Machine, seconds: float, *, power: bool = True) -> Loss:
    """Push numbers for *seconds*, and crash at the worst instant."""
    connection = client(box)
    acks = commit_for(seconds, lambda number: connection.rpush("t", number))
    return lose(box, acks, AOF, lambda: found(box), power=power)


@pytest.mark.fails_when("`appendfsync` is `everysec`", assertion="gone.rows == 0", mode="everysec")
def test_always_keeps_every_write(box: Machine, mode: str = "always") -> None:
    """With `appendfsync always`, Redis lost no acknowledged write in a power failure."""
    box.boot(appendfsync=mode)
    gone = lost(box, 0.6)
    assert gone.rows == 0


@pytest.mark.fails_when("`appendfsync` is `always`", assertion="gone.rows > 0", mode="always")
def test_everysec_loses_to_a_power_failure(box: Machine, record: Any, windows: Any, mode: str = "everysec") -> None:
    """With `appendfsync everysec`, Redis lost acknowledged writes in a power failure, but only the latest."""
    box.boot(appendfsync=mode)
    gone = lost(box, 2.5)
    windows("Redis, everysec", gone)
    record.number("redis_everysec", gone.milliseconds, unit="ms", digits=2, note="age of the oldest write lost")
    assert gone.rows > 0
    assert not gone.hole


@pytest.mark.fails_when("the power fails", assertion="gone.rows == 0", power=True)
def test_no_survives_a_kill(box: Machine, power: bool = False) -> None:
    """With `appendfsync no`, Redis lost no acknowledged write when it was killed."""
    box.boot(appendfsync="no")
    gone = lost(box, 0.5, power=power)
    assert gone.rows == 0


@pytest.mark.fails_when("somebody calls `SAVE`", assertion="found(box) == set()", save=True)
def test_the_default_keeps_nothing_yet(start_redis: Fixture, machine: Fixture, save: bool = False) -> None:
    """With Redis's default settings, a power failure took all of a hundred acknowledged writes: there is no AOF, and no
    snapshot was due yet."""
    server = start_redis()
    box: Machine = machine(server, server.folder)
    box.boot()
    connection = client(box)
    assert connection.config_get("appendonly") == {"appendonly": "no"}
    assert connection.config_get("save") == {"save": "3600 1 300 100 60 10000"}
    for number in range(100):
        connection.rpush("t", number)
    if save:
        connection.save()
    box.crash()
    box.restart()
    assert found(box) == set()


@pytest.mark.fails_when("`appendfsync` is `everysec`", assertion="not box.server.running", mode="everysec")
def test_always_exits_when_fsync_fails(box: Machine, record: Any, mode: str = "always") -> None:
    """With `appendfsync always`, Redis exits when a sync fails, and does not acknowledge the write."""
    box.boot(appendfsync=mode)
    box.disk.fail_next_sync(AOF)
    acknowledged = False
    with contextlib.suppress(redis.ConnectionError):
        acknowledged = bool(client(box).rpush("t", 1))
    wait_until(lambda: not box.server.running or "Fail to fsync" in box.log, seconds=60, what="what Redis does")
    assert not box.server.running
    assert not acknowledged
    said = next(line for line in box.log.splitlines() if "fsync error" in line)
    record.number("redis_fsync", said.partition("# ")[2], note="what Redis logs")


@pytest.mark.fails_when("no sync fails", assertion='refusal.startswith("MISCONF")', fails=False)
def test_everysec_refuses_writes_after_a_failed_fsync(box: Machine, record: Any, fails: bool = True) -> None:
    """With `appendfsync everysec`, Redis refused all writes after a failed sync while nothing else was written; once
    the AOF had been switched off and on, it took them again, and a power failure did not take the earlier write."""
    box.boot(appendfsync="everysec")
    connection = client(box)
    if fails:
        box.disk.fail_next_sync(AOF)
    connection.rpush("t", 1)
    wait_until(lambda: bool(box.disk.syncs(AOF, kinds="SF")), seconds=30, what="a sync")
    refusal = ""
    with contextlib.suppress(LabError):
        refusal = wait_for(lambda: refused(connection), seconds=30 if fails else 2)
    assert refusal.startswith("MISCONF")
    time.sleep(2.1)  # Redis would sync again if there were anything to sync
    assert refused(connection)
    record.number("redis_misconf", refusal, note="what Redis answers to a write")
    for answer in ("no", "yes"):
        connection.config_set("appendonly", answer)
    wait_for(lambda: not refused(connection))
    wait_for(lambda: connection.info("persistence")["aof_rewrite_in_progress"] == 0)
    box.crash()
    box.restart()
    assert 1 in found(box)


@pytest.mark.fails_when("the AOF is rewritten before the power fails", assertion="not starts", rewrite=True)
def test_everysec_forgets_an_error_under_load(box: Machine, record: Any, rewrite: bool = False) -> None:
    """Under load, Redis with `appendfsync everysec` refused writes after a failed sync, but took them again after a
    later sync had succeeded; after a power failure, it did not start, because its AOF had a hole."""
    box.boot(appendfsync="everysec", delay_ms=300)  # so that writes arrive while a sync is under way
    connection = client(box)
    box.disk.fail_next_sync(AOF)
    wait_for(lambda: refused(connection, "load"))
    wait_for(lambda: not refused(connection, "load"))
    if rewrite:
        connection.bgrewriteaof()
        wait_for(lambda: connection.info("persistence")["aof_rewrite_in_progress"] == 0)
    box.crash()
    try:
        box.restart()
        starts = True
    except LabError:
        starts = False
    assert not starts
    said = next(line for line in box.log.splitlines() if "Bad file format" in line)
    record.number("redis_hole", said.partition("# ")[2].partition(" appendonly")[0], note="what Redis logs")


def refused(connection: redis.Redis, key: str = "t") -> str:
    """The error that a write is answered with, or nothing."""
    try:
        connection.rpush(key, "0" if key == "t" else "0" * 4096)  # a load fills whole pages
    except redis.ResponseError as error:
        return str(error)
    return ""


def wait_for(answer: Callable[[], Any], seconds: float = 30) -> Any:
    """Ask until there is an *answer*."""
    answers: list[Any] = []

    def ask() -> bool:
        answers.append(answer())
        return bool(answers[-1])

    wait_until(ask, seconds=seconds, what="an answer")
    return answers[-1]
