"""A producer is killed between its database and its broker."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest
from experiments import ask, kill_producers
from jobs import STREAM
from nats.js.api import ConsumerConfig, StreamConfig
from relay import unsent_by_mark, unsent_by_position

STEPS = ("written", "committed", "claimed", "published", "marked")


@pytest.fixture(scope="module")
def matrix(stack: Any, record: Any) -> dict[str, dict[str, str]]:
    """Every producer of the lab, killed at each step; run once."""
    seen = kill_producers(stack.places, stack.crew, STEPS)
    for design, row in seen.items():
        for step, text in row.items():
            note = f"messages of one order; {design}() or its relay was killed {WHEN[step]}, and a relay ran afterwards"
            if text == "no such step":
                record.number(f"{design}_{step}", "–", note=f"{design}() has no step {step!r}")
            else:
                record.number(f"{design}_{step}", text, note=note)
    return seen


WHEN = {
    "written": "before the commit of the order",
    "committed": "after the commit of the order",
    "claimed": "after the relay had locked the row",
    "published": "after the publish",
    "marked": "after the relay had marked the row as sent",
}


Matrix = dict[str, dict[str, str]]


@pytest.mark.fails_when("the message is a row in the same commit", assertion='== "lost"', design="order_with_outbox")
def test_commit_then_publish_loses_the_message(matrix: Matrix, design: str = "commit_then_publish") -> None:
    """Killed between its commit and its publish, a producer leaves an order that nobody hears of."""
    assert matrix[design]["committed"] == "lost"
    assert (matrix[design]["written"], matrix[design]["published"]) == ("neither", "once")


@pytest.mark.fails_when("the message is a row in the same commit", assertion='== "phantom"', design="order_with_outbox")
def test_publish_then_commit_tells_of_an_order_that_does_not_exist(
    matrix: Matrix, design: str = "publish_then_commit"
) -> None:
    """Killed between its publish and its commit, a producer leaves a message about an order that does not exist."""
    assert matrix[design]["published"] == "phantom"
    assert (matrix[design]["written"], matrix[design]["committed"]) == ("neither", "once")


@pytest.mark.fails_when("the order is published after the commit, without an outbox", assertion='"lost" not in',
                        design="commit_then_publish")  # fmt: skip
def test_an_outbox_publishes_what_was_committed_and_nothing_else(
    matrix: Matrix, design: str = "order_with_outbox"
) -> None:
    """With an outbox, killed anywhere, either both are there or neither; a kill before the commit leaves neither."""
    assert "lost" not in matrix[design].values()
    assert "phantom" not in matrix[design].values()
    assert matrix[design]["written"] == "neither"
    assert {matrix[design][step] for step in STEPS if step != "written"} == {"once"}


@pytest.mark.fails_when("the relay sends the row's id along", assertion='== "twice"', design="order_with_outbox")
def test_a_relay_publishes_twice(matrix: Matrix, design: str = "order_with_outbox_without_id") -> None:
    """Killed between the stream's acknowledgement and its own commit, a relay publishes the row again."""
    assert matrix[design]["published"] == "twice"


@pytest.mark.fails_when("the window is 2 minutes, the default", assertion="late.seq > first.seq", window=120.0)
def test_the_stream_forgets_an_id_after_its_window(stack: Any, window: float = 1.0) -> None:
    """The stream stores no second message with an id within duplicate_window, and stores one after it."""

    async def publish_three_times(jetstream: Any) -> Any:
        name = f"WINDOW{window:.0f}"
        await jetstream.add_stream(StreamConfig(name=name, subjects=[name], duplicate_window=window))
        headers = {"Nats-Msg-Id": "order 17"}
        first, again = await asyncio.gather(*(jetstream.publish(name, b"17", headers=headers) for _ in range(2)))
        for _ in range(10):
            await asyncio.sleep(0.5)
            late = await jetstream.publish(name, b"17", headers=headers)
            if not late.duplicate:
                break
        return first, again, late

    first, again, late = ask(stack.places.nats, publish_three_times)
    assert again.duplicate
    assert again.seq == first.seq
    assert late.seq > first.seq


def test_the_defaults_are_two_minutes_thirty_seconds_and_no_limit(stack: Any) -> None:
    """JetStream's defaults: ids for 2 minutes, 30 seconds to acknowledge, and as many deliveries as it takes."""

    async def defaults(jetstream: Any) -> tuple[Any, ...]:
        stream = await jetstream.add_stream(StreamConfig(name="DEFAULTS", subjects=["defaults"]))
        consumer = await jetstream.add_consumer("DEFAULTS", ConsumerConfig(durable_name="defaults"))
        return stream.config.duplicate_window, consumer.config.ack_wait, consumer.config.max_deliver

    assert ask(stack.places.nats, defaults) == (120, 30, -1)


@pytest.mark.fails_when("the inbox keeps the stream's sequence", assertion="charged == 1",
                        design="charge_with_inbox_by_sequence")  # fmt: skip
def test_an_inbox_keyed_by_the_producers_id_absorbs_a_second_publish(
    stack: Any, design: str = "charge_with_inbox"
) -> None:
    """A message that was stored twice, under two sequences, is charged once if the inbox keeps the producer's id."""
    stream, order = f"FORGETFUL_{design}", f"forgotten {design}"

    async def publish_twice(jetstream: Any) -> int:
        for _ in range(2):  # no id that the stream could remember; the payload carries the order
            await jetstream.publish(f"orders.{stream}", order.encode())
        await jetstream.add_consumer(STREAM, ConsumerConfig(durable_name=stream, filter_subject=f"orders.{stream}"))
        return int((await jetstream.consumer_info(STREAM, stream)).num_pending)

    assert ask(stack.places.nats, publish_twice) == 2
    stack.crew.start(stream, "consume", design=design, consumers=[(stream, "")], only="all")
    stack.crew.wait(stream, "done")
    with stack.db() as db:
        (charged,) = db.execute("SELECT count(*) FROM charges WHERE order_id = %s", (order,)).fetchone()
    assert charged == 1


@pytest.mark.fails_when("the relay looks for rows that are not marked", assertion='"early" not in sent',
                        relay=unsent_by_mark)  # fmt: skip
def test_a_relay_that_remembers_its_position_skips_a_late_commit(stack: Any, relay: Any = unsent_by_position) -> None:
    """A relay that reads on from the highest id never sees a row that has a lower id and is committed later."""
    insert = "INSERT INTO outbox (message_id, subject, payload) VALUES (%s, 'late', '')"
    with psycopg.connect(stack.places.dsn) as slow, psycopg.connect(stack.places.dsn) as fast, stack.db() as db:
        db.execute("DELETE FROM outbox")
        slow.execute(insert, ("early",))  # draws the lower id, and does not commit yet
        fast.execute(insert, ("late",))
        fast.commit()
        position, sent = relay(db, 0)
        slow.commit()
        _, more = relay(db, position)
        sent += more
    assert "late" in sent
    assert "early" not in sent
