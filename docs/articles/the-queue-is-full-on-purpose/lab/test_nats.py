"""Slow consumers of NATS: cut off by the server, cut short by the client, or asked to say when they are ready."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import nats
import pytest
from nats.errors import SlowConsumerError
from nats.js.api import ConsumerConfig, DiscardPolicy, StreamConfig
from nats.js.errors import APIError

PAYLOAD = b"x" * 65_536
COUNT = 200


@pytest.fixture
def subscriber(keep: ExitStack) -> Callable[..., socket.socket]:
    """Subscribers that are ready, and read only what the test reads."""

    def one(port: int) -> socket.socket:
        client = keep.enter_context(socket.socket())
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        client.connect(("127.0.0.1", port))
        client.settimeout(30)
        client.sendall(b'CONNECT {"verbose":false}\r\nSUB news 1\r\nPING\r\n')
        said = b""
        while b"PONG\r\n" not in said:
            said += client.recv(4096)
        return client

    return one


class Reader:
    """Reads a subscription to its end, and counts the messages that are complete."""

    def __init__(self, client: socket.socket) -> None:
        self.client = client
        self.bytes = 0
        self.ended = False
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    @property
    def messages(self) -> int:
        """Messages that have arrived whole."""
        return self.bytes // (len(PAYLOAD) + len(b"MSG news 1 65536\r\n\r\n"))

    def _read(self) -> None:
        try:
            while part := self.client.recv(1 << 20):
                self.bytes += len(part)
            self.ended = True
        except ConnectionError:
            self.ended = True
        except OSError:
            return  # nothing came for a long time


@pytest.mark.fails_when("the subscriber reads", assertion='"Slow Consumer Detected" in server.log', reads=True)
def test_nats_cuts_a_subscriber_that_does_not_read(
    start_nats: Callable[..., Any],
    subscriber: Callable[..., socket.socket],
    record: Any,
    reads: bool = False,
) -> None:
    """With `max_pending` at 1 MiB, NATS ends the connection of a subscriber that stops reading. It has then got a part
    of the messages, and the publisher hears no error."""
    server = start_nats(max_pending=1_048_576, jetstream=False)
    client = subscriber(server.port)
    reader = Reader(client) if reads else None

    async def publish() -> tuple[int, Exception | None]:
        errors: list[Exception] = []

        async def failed(error: Exception) -> None:
            errors.append(error)

        async with await nats.connect(server.url, error_cb=failed) as connection:
            for number in range(COUNT):
                await connection.publish("news", PAYLOAD)
                await connection.flush()
                if reader:
                    while reader.messages <= number:
                        await asyncio.sleep(0.001)
            sent = connection.stats["out_msgs"]
        return sent, errors[0] if errors else None

    sent, error = asyncio.run(publish())
    if reader:
        client.shutdown(socket.SHUT_RDWR)
        reader.thread.join(10)
    assert "Slow Consumer Detected" in server.log
    assert (sent, error) == (COUNT, None)
    reader = Reader(client)
    reader.thread.join(60)
    assert reader.ended
    assert reader.messages < COUNT
    record.number("nats_got", reader.messages, note="messages of 200 that the slow NATS subscriber could still read")


@pytest.mark.fails_when("the limit is 1,000 messages", assertion="dropped > 0", limit=1_000)
def test_the_client_drops_what_its_callback_cannot_take(
    start_nats: Callable[..., Any], record: Any, limit: int = 10
) -> None:
    """nats-py with `pending_msgs_limit=10` and a callback that hangs drops messages and reports each to the error
    callback; the connection stays open."""
    server = start_nats(jetstream=False)

    async def run() -> tuple[int, int, bool]:
        errors: list[Exception] = []
        handled: list[bytes] = []
        go = asyncio.Event()

        async def failed(error: Exception) -> None:
            errors.append(error)

        async def handle(message: Any) -> None:
            await go.wait()
            handled.append(message.data)

        async with await nats.connect(server.url, error_cb=failed) as consumer, await nats.connect(server.url) as other:
            subscription = await consumer.subscribe("news", cb=handle, pending_msgs_limit=limit)
            await consumer.flush()
            await consumer.flush()  # the first PING can overtake the SUB, which the client buffers
            for number in range(50):
                await other.publish("news", str(number).encode())
            await other.flush()
            while subscription.delivered + len(errors) < 50:
                await asyncio.sleep(0.01)
                if subscription.pending_msgs + len(errors) + 1 >= 50:
                    break
            go.set()
            while len(handled) + len(errors) < 50:
                await asyncio.sleep(0.01)
            assert all(isinstance(error, SlowConsumerError) for error in errors)
            connected = consumer.is_connected
        return len(handled), len(errors), connected

    handled, dropped, connected = asyncio.run(asyncio.wait_for(run(), 60))
    assert dropped > 0
    assert handled + dropped == 50
    assert connected
    assert handled <= limit + 1
    record.number("nats_dropped", dropped, note="messages of 50 that nats-py dropped at a limit of 10")


async def fill(url: str, discard: DiscardPolicy, count: int = 20) -> tuple[int, int, int]:
    """Publish to a stream of ten places. Returns how many were accepted, refused, and the first that is there."""
    async with await nats.connect(url) as connection:
        jetstream = connection.jetstream()
        name = f"orders-{discard.value}"
        await jetstream.add_stream(StreamConfig(name=name, subjects=[name], max_msgs=10, discard=discard))
        accepted = refused = 0
        for _ in range(count):
            try:
                await jetstream.publish(name, b"order")
                accepted += 1
            except APIError:
                refused += 1
        state = (await jetstream.stream_info(name)).state
        await jetstream.delete_stream(name)
    return accepted, refused, state.first_seq


@pytest.mark.fails_when("the policy is new", assertion="(accepted, first) == (20, 11)", discard=DiscardPolicy.NEW)
def test_a_full_stream_loses_its_oldest_messages(
    start_nats: Callable[..., Any], discard: DiscardPolicy = DiscardPolicy.OLD
) -> None:
    """A JetStream stream of ten messages with the default policy `old` acknowledges twenty and has the last ten."""
    accepted, _, first = asyncio.run(fill(start_nats().url, discard))
    assert StreamConfig().discard in (None, DiscardPolicy.OLD)
    assert (accepted, first) == (20, 11)


@pytest.mark.fails_when("the policy is old", assertion="(refused, first) == (10, 1)", discard=DiscardPolicy.OLD)
def test_a_full_stream_refuses_its_publisher(
    start_nats: Callable[..., Any], discard: DiscardPolicy = DiscardPolicy.NEW
) -> None:
    """With `discard: new`, a JetStream stream of ten messages that is sent twenty keeps the first ten, and the
    publisher gets an error for each of the others."""
    _, refused, first = asyncio.run(fill(start_nats().url, discard))
    assert (refused, first) == (10, 1)


@pytest.mark.fails_when("`max_ack_pending` is 1,000", assertion="first == 5", most=1_000)
def test_a_consumer_gets_no_more_than_it_acknowledges(start_nats: Callable[..., Any], most: int = 5) -> None:
    """With `max_ack_pending` at 5, a JetStream consumer gets five of a hundred messages, and one more for each that it
    acknowledges; the others stay in the stream."""
    server = start_nats()

    async def run() -> tuple[list[int], int]:
        async with await nats.connect(server.url) as connection:
            jetstream = connection.jetstream()
            await jetstream.add_stream(StreamConfig(name="work", subjects=["work"]))
            for _ in range(100):
                await jetstream.publish("work", b"job")
            config = ConsumerConfig(max_ack_pending=most)
            subscription = await jetstream.subscribe("work", durable="worker", config=config, manual_ack=True)
            held = []

            async def receive(expected: int) -> int:
                while len(held) < expected:
                    held.append(await subscription.next_msg(30))
                while True:
                    try:
                        held.append(await subscription.next_msg(0.5))
                    except TimeoutError:
                        return len(held)

            first = await receive(5)
            assert first == 5
            then = []
            for message in held[:3]:
                await message.ack()
                then.append(await receive(len(held) + 1))
            left = (await jetstream.stream_info("work")).state.messages
        return then, left

    then, left = asyncio.run(run())
    assert then == [6, 7, 8]
    assert left == 100
