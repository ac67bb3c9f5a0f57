"""What Redis still has after it was stopped."""

import signal
from pathlib import Path
from typing import Any

import pytest
import redis
from engblog.lab.process import wait_until
from engblog.lab.record import Recorder
from engblog.lab.servers import Redis
from kubelet import ended, running, stop
from memory_cgroup import memory_limit
from redis.backoff import NoBackoff
from redis.retry import Retry
from standby import halted

Start = Any


def start_with(start_redis: Start, save: str, **settings: str | int) -> Redis:
    """Start a server and give it the save points *save*: on a command line Redis 6.2 would ignore them."""
    server: Redis = start_redis(save="", **settings)
    with redis.Redis(port=server.port) as client:
        client.config_set("save", save)
    return server


def write(server: Redis, first: int, last: int) -> None:
    """Write the keys *first* to *last*; every write has been acknowledged when this returns."""
    with redis.Redis(port=server.port) as client, client.pipeline(transaction=False) as pipe:
        for number in range(first, last + 1):
            pipe.set(f"key:{number}", "value")
        assert all(pipe.execute())


def keys_after_restart(server: Redis) -> int:
    """Start *server* again on what is on disk, and count."""
    server.start()
    with redis.Redis(port=server.port) as client:
        return int(client.dbsize())


def write_a_gibibyte(server: Redis) -> None:
    """Write a thousand big values."""
    with redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0)) as client:
        for number in range(1024):
            client.set(f"big:{number}", b"x" * (1 << 20))


def info(server: Redis, key: str) -> str:
    """A line of ``INFO replication``; empty where there is none."""
    with redis.Redis(port=server.port) as client:
        return str(client.info("replication").get(key, ""))


def caught_up(server: Redis) -> bool:
    """Whether the only replica has acknowledged everything."""
    with redis.Redis(port=server.port) as client:
        replication = client.info("replication")
    return bool(replication["slave0"]["offset"] == replication["master_repl_offset"])


def setting(server: Redis, name: str) -> str | None:
    """The value of a setting; None where the server does not know it."""
    with redis.Redis(port=server.port, decode_responses=True) as client:
        found: dict[str, str] = client.config_get(name)
    return found.get(name)


def snapshot(server: Redis) -> None:
    """Let Redis write a snapshot now."""
    with redis.Redis(port=server.port) as client:
        client.save()


@pytest.mark.fails_when("no save point is configured", assertion="kept == 10_000", save="")
def test_sigterm_saves_every_key(start_redis: Start, record: Recorder, save: str = "3600 1") -> None:
    """With a save point configured, Redis writes a snapshot on SIGTERM and has every key after the restart."""
    server = start_with(start_redis, save)
    write(server, 1, 10_000)

    server.send(signal.SIGTERM)

    assert server.wait() == 0
    kept = keys_after_restart(server)
    assert kept == 10_000
    assert "Saving the final RDB snapshot before exiting." in server.log
    record.number("redis_sigterm", kept, note="keys after SIGTERM and a restart, of 10,000")


@pytest.mark.fails_when("the signal is SIGTERM", assertion="kept == 1000", number=signal.SIGTERM)
def test_sigkill_goes_back_to_the_last_snapshot(
    start_redis: Start, record: Recorder, number: signal.Signals = signal.SIGKILL
) -> None:
    """After SIGKILL and a restart Redis has the last snapshot's keys and none of those that it acknowledged since."""
    server = start_with(start_redis, "3600 1")
    write(server, 1, 1000)
    snapshot(server)
    write(server, 1001, 10_000)

    server.send(number)

    status = server.wait()
    kept = keys_after_restart(server)
    assert kept == 1000
    assert status == -signal.SIGKILL
    record.number("redis_sigkill", kept, note="keys after SIGKILL and a restart; 1,000 were in the last snapshot")


def test_the_oom_killer_goes_back_to_the_last_snapshot_too(start_redis: Start, record: Recorder) -> None:
    """Redis over its memory limit is killed by the kernel: its log has no line about it, and the keys since the last
    snapshot are gone."""
    server = start_with(start_redis, "3600 1")
    write(server, 1, 1000)
    snapshot(server)
    write(server, 1001, 10_000)
    before = server.log

    with memory_limit(server.pid, 32) as oom_kills:
        with pytest.raises(redis.ConnectionError):
            write_a_gibibyte(server)
        assert server.wait() == -signal.SIGKILL
        assert oom_kills() == 1

    assert server.log == before
    kept = keys_after_restart(server)
    assert kept == 1000
    record.number("redis_oom", kept, note="keys after the OOM killer and a restart; 1,000 were in the last snapshot")


@pytest.mark.fails_when("the append-only file is off", assertion="kept == 10_000", aof="no")
def test_an_append_only_file_survives_sigkill(start_redis: Start, record: Recorder, aof: str = "yes") -> None:
    """With the append-only file on and appendfsync always, Redis has every acknowledged key after SIGKILL and a
    restart."""
    server: Redis = start_redis(save="", appendonly=aof, appendfsync="always")
    write(server, 1, 10_000)

    server.send(signal.SIGKILL)

    server.wait()
    kept = keys_after_restart(server)
    assert kept == 10_000
    record.number("redis_aof", kept, note="keys after SIGKILL and a restart with appendonly yes, of 10,000")


@pytest.mark.fails_when("the append-only file is off", assertion="kept == 10_000", aof="no")
def test_sigterm_syncs_the_append_only_file(start_redis: Start, aof: str = "yes") -> None:
    """On SIGTERM Redis syncs its append-only file, even under appendfsync no, and has every key after the restart."""
    server: Redis = start_redis(save="", appendonly=aof, appendfsync="no")
    write(server, 1, 10_000)

    server.send(signal.SIGTERM)

    assert server.wait() == 0
    kept = keys_after_restart(server)
    assert kept == 10_000
    assert "Calling fsync() on the AOF file." in server.log


@pytest.mark.fails_when("the replica runs on", assertion="in server.log", stopped=False)
@pytest.mark.fails_when("`shutdown-timeout` is an hour", assertion="not ending.killed", timeout=3600)
def test_sigterm_waits_for_a_lagging_replica_up_to_a_limit(
    start_redis: Start, stopped: bool = True, timeout: int = 2
) -> None:
    """On SIGTERM a Redis master waits for a replica that lags, for at most shutdown-timeout (10 s by default), and then
    saves."""
    server = start_with(start_redis, "3600 1")
    replica: Redis = start_redis(save="")
    with redis.Redis(port=replica.port) as client:
        client.replicaof("127.0.0.1", server.port)
    wait_until(lambda: info(replica, "master_link_status") == "up", seconds=30, what="the replica's first copy")
    assert setting(server, "shutdown-timeout") == "10"
    with redis.Redis(port=server.port) as client:
        client.config_set("shutdown-timeout", timeout)

    with halted(replica, really=stopped):
        write(server, 1, 10_000)
        if not stopped:
            wait_until(lambda: caught_up(server), seconds=30, what="the replica to catch up")
        ending = stop(running(server), grace=8)

    assert not ending.killed
    assert ending.status == 0
    assert "Waiting for replicas before shutting down." in server.log
    assert "0 of 1 replicas are in sync when shutting down." in server.log
    assert ending.seconds >= timeout
    assert keys_after_restart(server) == 10_000


@pytest.mark.fails_when("a save point is configured", assertion="kept == 0", save="3600 1")
def test_without_save_points_sigterm_saves_nothing(start_redis: Start, record: Recorder, save: str = "") -> None:
    """With no save point and no append-only file, Redis exits with 0 on SIGTERM and has lost every key."""
    server = start_with(start_redis, save)
    write(server, 1, 10_000)

    server.send(signal.SIGTERM)

    assert server.wait() == 0
    kept = keys_after_restart(server)
    assert kept == 0
    record.number("redis_no_save", kept, note='keys after SIGTERM and a restart with save ""')


@pytest.mark.fails_when("the folder is there", assertion="stays", gone=False)
def test_redis_refuses_to_exit_when_it_cannot_save(start_redis: Start, tmp_path: Path, gone: bool = True) -> None:
    """When Redis cannot write its final snapshot it stays up after SIGTERM, and the SIGKILL that follows loses every
    key."""
    folder = tmp_path / "data"
    folder.mkdir()
    server = start_with(start_redis, "3600 1", dir=str(folder))
    write(server, 1, 10_000)
    if gone:
        folder.rmdir()  # the disk is full, the volume is gone, the permissions are wrong

    server.send(signal.SIGTERM)

    stays = not ended(running(server), within=3)
    assert stays
    assert "Error trying to save the DB, can't exit." in server.log
    with redis.Redis(port=server.port) as client:
        assert client.dbsize() == 10_000
    assert stop(running(server), grace=1).killed
    folder.mkdir()
    assert keys_after_restart(server) == 0


@pytest.mark.fails_when("the snapshot is quick", assertion=").killed", delay=0)
def test_a_snapshot_slower_than_the_grace_period_is_never_written(start_redis: Start, delay: int = 10_000) -> None:
    """When Redis's final snapshot takes longer than the grace period, SIGKILL comes in the middle and no key is
    kept."""
    server = start_with(start_redis, "3600 1", rdb_key_save_delay=delay)  # 10 ms a key: a hundred seconds
    write(server, 1, 10_000)

    assert stop(running(server), grace=4).killed

    assert "Saving the final RDB snapshot before exiting." in server.log
    assert keys_after_restart(server) == 0


@pytest.mark.fails_when("the second signal is SIGTERM", assertion="insisted", number=signal.SIGTERM)
def test_a_second_sigint_abandons_the_save(start_redis: Start, number: signal.Signals = signal.SIGINT) -> None:
    """A second SIGINT while Redis writes its final snapshot makes it exit at once with status 1 and without the
    data."""
    server = start_with(start_redis, "3600 1", rdb_key_save_delay=10_000)
    write(server, 1, 10_000)
    server.send(signal.SIGINT)
    wait_until(lambda: "Saving the final RDB snapshot" in server.log, seconds=30, what="the save to begin")

    server.send(number)

    insisted = ended(running(server), within=4)
    if not insisted:
        server.send(signal.SIGKILL)  # it would save for a hundred seconds
    assert insisted
    assert server.wait() == 1
    assert "You insist... exiting now." in server.log
    assert keys_after_restart(server) == 0
