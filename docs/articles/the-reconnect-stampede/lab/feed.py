"""A feed with a token for each event, and the log behind it: in the server's memory, or in Redis.

Started with the port of Redis, or with nothing. Prints its port.
"""

from __future__ import annotations

import json
import secrets
import sys
from typing import Protocol

import redis
from websockets.sync.server import ServerConnection, serve

Event = tuple[str, str]
KEEP = 500


class Log(Protocol):
    """What a feed needs of a log."""

    def append(self, texts: list[str]) -> None:
        """Add events."""

    def since(self, token: str) -> list[Event]:
        """Return the events from the one with this token on, or what there is."""

    def latest(self) -> list[Event]:
        """Return the last events, for those who have none."""


class Memory:
    """A log that ends with its process."""

    def __init__(self, epoch: bool = True) -> None:
        """Start empty. The epoch tells this log's numbers from those of the one before."""
        self._epoch = secrets.token_hex(4) if epoch else "log"
        self._events: list[Event] = []

    def append(self, texts: list[str]) -> None:
        """Add events."""
        for text in texts:
            self._events.append((f"{self._epoch}-{len(self._events) + 1}", text))

    def since(self, token: str) -> list[Event]:
        """Return the events from the one with this token on."""
        tokens = [event[0] for event in self._events]
        return self._events[tokens.index(token) :] if token in tokens else []

    def latest(self) -> list[Event]:
        """Return the last events."""
        return self._events[-KEEP:]


class Stream:
    """A log in a Redis stream, which outlives the server and is the same for all servers."""

    def __init__(self, client: redis.Redis) -> None:
        """Use the stream `feed`."""
        self._client = client

    def append(self, texts: list[str]) -> None:
        """Add events."""
        with self._client.pipeline() as pipeline:
            for text in texts:
                pipeline.xadd("feed", {"text": text}, maxlen=KEEP, approximate=False)
            pipeline.execute()

    def since(self, token: str) -> list[Event]:
        """Return the events from the one with this token on, or what is left of them."""
        return [(number, fields["text"]) for number, fields in self._client.xrange("feed", token or "-")]

    def latest(self) -> list[Event]:
        """Return the last events."""
        return self.since("")[-KEEP:]


# --8<-- [start:resume]
def resume(log: Log, token: str) -> tuple[str, list[Event]]:
    """Return what a client missed that has seen the event with this token, or everything if that can't be known."""
    events = log.since(token) if token else []
    if events and events[0][0] == token:
        return "missed", events[1:]
    return "everything", log.latest()
    # --8<-- [end:resume]


def main() -> None:
    """Serve `/?token=…`, and take new events from clients that send them."""
    port = sys.argv[1]
    log: Log = Stream(redis.Redis(port=int(port), decode_responses=True)) if port else Memory()

    def handle(connection: ServerConnection) -> None:
        assert connection.request
        kind, events = resume(log, connection.request.path.partition("token=")[2])
        connection.send(json.dumps([kind, events]))
        for texts in connection:
            log.append(json.loads(texts))
            connection.send("ok")

    with serve(handle, "127.0.0.1", 0) as server:
        print(server.socket.getsockname()[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
