"""Resume tokens: what they save, and the restart that makes them worthless."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from engblog.lab.record import Recorder
from feed import KEEP, Memory, Stream, resume
from websockets.sync.client import connect

LAB = Path(__file__).parent
COMERS = 20


class Feed:
    """The process of `feed.py`."""

    def __init__(self, redis_port: int | None) -> None:
        """Start it."""
        command = [sys.executable, str(LAB / "feed.py"), str(redis_port or "")]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def publish(self, texts: list[str]) -> None:
        """Add events."""
        with connect(f"ws://127.0.0.1:{self.port}/") as socket:
            socket.recv()
            socket.send(json.dumps(texts))
            assert socket.recv() == "ok"

    def visit(self, token: str = "") -> tuple[str, list[list[str]], int]:
        """Connect with a token; return what came, and how many bytes that was."""
        with connect(f"ws://127.0.0.1:{self.port}/?token={token}") as socket:
            message = socket.recv()
        kind, events = json.loads(message)
        return kind, events, len(message)

    def kill(self) -> None:
        """End it, as a crash would."""
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


@pytest.fixture
def start_feed() -> Iterator[Callable[[int | None], Feed]]:
    """``start_feed(port)`` starts a :class:`Feed` with its log in Redis, ``start_feed(None)`` one in memory."""
    made: list[Feed] = []

    def start(port: int | None) -> Feed:
        made.append(Feed(port))
        return made[-1]

    yield start
    for feed in made:
        feed.kill()


NEWS = [f"news {number}" for number in range(3)]


def return_after_a_crash(
    start_feed: Callable[[int | None], Feed], port: int | None
) -> tuple[set[str], list[list[str]], list[int]]:
    """Have clients come back with their tokens to a new process; return the kinds, texts and sizes of the answers."""
    old = start_feed(port)
    old.publish([f"message {number:05} {'x' * 60}" for number in range(KEEP)])
    token = old.visit()[1][-1][0]
    old.kill()
    new = start_feed(port)
    new.publish(NEWS)
    visits = [new.visit(token) for _ in range(COMERS)]
    texts = [[text for _token, text in events] for _kind, events, _size in visits]
    return {kind for kind, _events, _size in visits}, texts, [size for _kind, _events, size in visits]


@pytest.mark.fails_when("the log is in memory", assertion='kinds == {"missed"}', log="memory")
def test_a_log_outside_the_server_survives_it(
    start_redis: Any, start_feed: Callable[[int | None], Feed], record: Recorder, log: str = "redis"
) -> None:
    """With the log in Redis, clients get only the events that they missed, although the server is a new process."""
    port = start_redis().port
    kinds, texts, sizes = return_after_a_crash(start_feed, port if log == "redis" else None)
    kind, events, size = start_feed(port).visit()
    record.number("missed_bytes", max(sizes), note="bytes for a client with a token, three events missed")
    record.number("everything_bytes", size, note="bytes for a client without a token, 500 events")
    assert kinds == {"missed"}
    assert texts == [NEWS] * COMERS
    assert len(set(sizes)) == 1
    assert (kind, len(events)) == ("everything", KEEP)
    assert size > 100 * max(sizes)


@pytest.mark.fails_when("the log is in Redis", assertion='kinds == {"everything"}', log="redis")
def test_a_log_in_memory_dies_with_its_tokens(
    start_redis: Any, start_feed: Callable[[int | None], Feed], log: str = "memory"
) -> None:
    """With the log in the server's memory, its restart makes every token worthless."""
    kinds, _texts, _sizes = return_after_a_crash(start_feed, start_redis().port if log == "redis" else None)
    assert kinds == {"everything"}


@pytest.mark.fails_when("the token names the epoch", assertion='missing == ["new 1", "new 2", "new 3"]', epoch=True)
def test_a_bare_number_loses_events_silently(epoch: bool = False) -> None:
    """If the token is a bare number and the numbers start again, a client misses new events up to its old number."""
    old, new = Memory(epoch), Memory(epoch)
    old.append([f"old {number}" for number in range(1, 4)])
    token = old.latest()[-1][0]
    new.append([f"new {number}" for number in range(1, 7)])
    kind, events = resume(new, token)
    got = [text for _token, text in events]
    missing = [text for _token, text in new.latest() if text not in got]
    assert missing == ["new 1", "new 2", "new 3"]
    assert (kind, got) == ("missed", ["new 4", "new 5", "new 6"])


@pytest.mark.fails_when("the log is long enough", assertion='kind == "everything"', published=KEEP - 1)
def test_a_token_that_the_log_has_forgotten_gets_everything(start_redis: Any, published: int = KEEP) -> None:
    """If the log no longer has a client's last event, the client gets everything instead of a part."""
    log = Stream(redis.Redis(port=start_redis().port, decode_responses=True))
    log.append(["seen"])
    token = log.latest()[-1][0]
    log.append([f"news {number}" for number in range(published)])
    assert log.since(token)  # Redis answers with what is left, and without an error
    kind, _events = resume(log, token)
    assert kind == "everything"
