"""Feeds without acknowledgements: Redis Pub/Sub and a plain WebSocket."""

from __future__ import annotations

import asyncio
import socket as sockets
from collections.abc import Callable
from typing import Any

import pytest
import redis
import websockets
from engblog.lab.process import wait_until
from feed import Feed, follow
from websockets.asyncio.server import serve


@pytest.fixture(scope="module")
def cache(start_redis: Callable[..., Any]) -> Any:
    """A Redis."""
    return redis.Redis(port=start_redis(save="").port, decode_responses=True)


def _heard(subscription: Any, wanted: str) -> list[str]:
    """Return the messages of a subscription up to the one that is *wanted*."""
    heard: list[str] = []

    def arrived() -> bool:
        message = subscription.get_message(ignore_subscribe_messages=True)
        heard.extend([message["data"]] if message else [])
        return wanted in heard

    wait_until(arrived, seconds=60, what=wanted)
    return heard


@pytest.mark.fails_when("the messages go into a stream", assertion='heard == ["before", "after"]', stream=True)
def test_pubsub_loses_what_is_published_while_nobody_listens(cache: Any, stream: bool = False) -> None:
    """A subscriber that was away has missed what was published meanwhile, and is not told."""
    if stream:
        for text in ("before", "meanwhile", "after"):
            cache.xadd("stream", {"text": text})
        heard = [fields["text"] for _, fields in cache.xread({"stream": "0"})[0][1]]
    else:
        heard = []
        for text in ("before", "meanwhile", "after"):
            if text == "meanwhile":
                assert cache.publish("orders", text) == 0
                continue
            subscription = cache.pubsub()
            subscription.subscribe("orders")
            wait_until(lambda: cache.pubsub_numsub("orders")[0][1] == 1, seconds=60, what="the subscription")
            cache.publish("orders", text)
            heard += _heard(subscription, text)
            subscription.close()
            wait_until(lambda: cache.pubsub_numsub("orders")[0][1] == 0, seconds=60, what="the end of it")
    assert heard == ["before", "after"]


@pytest.mark.fails_when("nobody is subscribed", assertion="counted == 1", subscribers=0)
def test_publish_counts_a_subscriber_that_never_reads(cache: Any, subscribers: int = 1) -> None:
    """PUBLISH answers 1 for a subscriber that never reads the message and then goes away."""
    channel = f"deaf{subscribers}"
    deaf = sockets.create_connection(("127.0.0.1", cache.connection_pool.connection_kwargs["port"]))
    if subscribers:
        deaf.sendall(f"SUBSCRIBE {channel}\r\n".encode())
        wait_until(lambda: cache.pubsub_numsub(channel)[0][1] == 1, seconds=60, what="the subscription")
    counted = cache.publish(channel, "order 17")
    deaf.close()
    assert counted == 1


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)


async def _session(resume: bool, keep: int) -> tuple[list[int], int, dict[str, Any]]:
    """Play twenty messages: the client dies over the fifth of ten, misses five while away, and returns for five."""
    feed, applied = Feed(keep), list[int]()

    async def apply(number: int, _: str) -> bool:
        applied.append(number)
        if number == 5:
            await _until(lambda: feed.sends_returned == 10)
        return number not in (5, 20)

    async def publish(first: int, last: int) -> None:
        for number in range(first, last + 1):
            await feed.publish(f"{number}")

    async def sent(number: int) -> None:
        await _until(lambda: feed.sends_returned == number)

    async with serve(feed.serve, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        client = asyncio.create_task(follow(url, None, apply))
        await _until(lambda: feed.listeners == 1)
        for number in range(1, 11):
            await publish(number, number)
            await sent(number)
        await client
        returned = feed.sends_returned
        await publish(11, 15)
        client = asyncio.create_task(follow(url, 5 if resume else None, apply))
        await _until(lambda: feed.listeners == 2)
        await publish(16, 20)
        answer = await client
        await feed.end()
        return applied, returned, answer


@pytest.mark.fails_when("the client says how far it has come", assertion="lost == list(range(6, 16))", resume=True)
def test_send_returns_for_messages_that_nobody_processes(resume: bool = False) -> None:
    """Ten sends had returned when a client died over the fifth message; 6 to 15, sent or missed, are lost."""
    applied, returned, _ = asyncio.run(_session(resume, keep=1000))
    lost = [number for number in range(1, 21) if number not in applied]
    assert returned == 10
    assert lost == list(range(6, 16))


@pytest.mark.fails_when("the client starts from now", assertion="applied == list(range(1, 21))", resume=False)
def test_a_client_that_says_how_far_it_is_misses_nothing(record: Any, resume: bool = True) -> None:
    """A client that reconnects with the number of the last message it processed gets every message, once, in order."""
    record.version("websockets for Python", websockets.__version__)
    applied, _, _ = asyncio.run(_session(resume, keep=1000))
    assert applied == list(range(1, 21))


@pytest.mark.fails_when("the server keeps enough", assertion='answer == {"gap": [6, 12]}', keep=1000)
def test_a_server_that_has_forgotten_says_so(keep: int = 3) -> None:
    """A server that keeps too few messages to resume answers with the gap and not with the rest."""
    applied, _, answer = asyncio.run(_session(True, keep))
    assert answer == {"gap": [6, 12]}
    assert applied == [1, 2, 3, 4, 5]
