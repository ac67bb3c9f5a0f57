"""Slow subscribers of Redis, and streams that are shorter than the reader is late."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import redis

PAYLOAD = b"x" * 65_536


@pytest.fixture
def subscriber(keep: ExitStack) -> Callable[[int], socket.socket]:
    """Subscribers that are ready, and read only what the test reads."""

    def one(port: int) -> socket.socket:
        client = keep.enter_context(socket.socket())
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        client.connect(("127.0.0.1", port))
        client.settimeout(30)
        client.sendall(b"SUBSCRIBE news\r\n")
        said = b""
        while b":1\r\n" not in said:
            said += client.recv(4096)
        return client

    return one


@pytest.fixture
def connect(keep: ExitStack) -> Callable[[int], Any]:
    """Clients that end with the test."""
    return lambda port: keep.enter_context(redis.Redis(port=port))


@pytest.mark.fails_when("pub/sub clients have no limit", assertion="receivers[-1] == 0", limit="pubsub 0 0 0")
def test_redis_cuts_a_subscriber_that_does_not_read(
    start_redis: Callable[..., Any],
    subscriber: Callable[[int], socket.socket],
    connect: Callable[[int], Any],
    record: Any,
    limit: str = "pubsub 1mb 0 0",
) -> None:
    """With a hard limit of 1 MiB, Redis ends the connection of a subscriber that stops reading. PUBLISH reports one
    receiver until then, and none afterwards, and the subscriber has got a part of what was reported."""
    server = start_redis(save="")
    publisher = connect(server.port)
    publisher.config_set("client-output-buffer-limit", limit)
    client = subscriber(server.port)
    receivers = [publisher.publish("news", PAYLOAD) for _ in range(300)]
    assert receivers[-1] == 0
    reported = sum(receivers)
    assert receivers == [1] * reported + [0] * (300 - reported)
    got = 0
    try:
        while part := client.recv(1 << 20):
            got += len(part)
    except ConnectionError:
        pass
    complete = got // len(PAYLOAD)
    assert complete < reported
    record.number("redis_reported", reported, note="messages for which PUBLISH reported the slow subscriber")
    record.number("redis_got", complete, note="messages that the slow subscriber could still read")


@pytest.mark.fails_when("the limit is 1 MiB", assertion="evicted > 0", limit="pubsub 1mb 0 0")
def test_a_slow_subscriber_evicts_the_cache(
    start_redis: Callable[..., Any],
    subscriber: Callable[[int], socket.socket],
    connect: Callable[[int], Any],
    record: Any,
    limit: str = "pubsub 0 0 0",
) -> None:
    """If pub/sub clients have no limit, the messages for one stopped subscriber push keys out of a Redis with
    `maxmemory` and `allkeys-lru`."""
    server = start_redis(save="", maxmemory="48mb", maxmemory_policy="allkeys-lru")
    publisher = connect(server.port)
    publisher.config_set("client-output-buffer-limit", limit)
    with publisher.pipeline(transaction=False) as pipeline:
        for number in range(200):
            pipeline.set(f"key:{number}", b"x" * 100_000)
        pipeline.execute()
    assert publisher.info("stats")["evicted_keys"] == 0
    subscriber(server.port)
    for _ in range(16):
        with publisher.pipeline(transaction=False) as pipeline:
            for _ in range(50):
                pipeline.publish("news", PAYLOAD)
            pipeline.execute()
    publisher.set("one", "more")  # keys are evicted before a command that may need memory
    evicted = publisher.info("stats")["evicted_keys"]
    assert evicted > 0
    assert publisher.dbsize() == 201 - evicted
    record.number("evicted", evicted, note="keys of 200 that were evicted while one subscriber stood still")


@pytest.mark.fails_when("the stream isn't trimmed", assertion="len(entries) == 100", most=None)
def test_a_trimmed_stream_forgets_what_was_not_read(
    start_redis: Callable[..., Any], connect: Callable[[int], Any], most: int | None = 100
) -> None:
    """After 1,000 XADDs to a Redis stream with MAXLEN 100, a reader that starts at the beginning gets the last 100,
    and no error."""
    client = connect(start_redis(save="").port)
    with client.pipeline(transaction=False) as pipeline:
        for number in range(1_000):
            pipeline.xadd("orders", {"n": number}, maxlen=most, approximate=False)
        pipeline.execute()
    [(_, entries)] = client.xread({"orders": "0"}, count=2_000)
    assert len(entries) == 100
    assert entries[0][1] == {b"n": b"900"}


@pytest.mark.fails_when("pub/sub clients have no limit", assertion='counts[-1][1] == "0"', limit="pubsub 0 0 0")
def test_the_commands_show_a_slow_subscriber(
    start_redis: Callable[..., Any],
    connect: Callable[[int], Any],
    tmp_path: Path,
    record: Any,
    limit: str = "",
) -> None:
    """The commands of the article show the output buffer of a stopped subscriber with the first 20 MB, and PUBLISH
    reporting no receiver some messages later."""
    server = start_redis(save="")
    if limit:
        connect(server.port).config_set("client-output-buffer-limit", limit)
    client = tmp_path / "redis-cli"
    client.write_text(f'#!/bin/sh\nexec {server.program("redis-cli")} -p {server.port} "$@"\n')
    client.chmod(0o755)
    done = subprocess.run(
        ["sh", str(Path(__file__).with_name("try.sh"))],
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    counts = re.findall(r"^ *(\d+) (\d+)$", done.stdout, re.MULTILINE)
    [held] = re.findall(r"^omem=(\d+)$", done.stdout, re.MULTILINE)
    assert int(held) > 5_000_000
    assert counts[0] == ("20", "1")
    counts[1:] = sorted(counts[1:], key=lambda pair: -int(pair[1]))
    assert counts[-1][1] == "0"
    record.number("try_omem", int(held) / 1e6, unit="MB", digits=2, note="output buffer after 20 messages of 1 MB")
