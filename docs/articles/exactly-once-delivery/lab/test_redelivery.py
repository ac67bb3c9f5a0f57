"""What brings a message back, how often, and what that costs."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from typing import Any, NamedTuple

import pytest
from experiments import ACK_WAIT, ask, verdict
from jobs import STREAM
from nats.js.api import ConsumerConfig

MESSAGES = 80
RUNS = 6


def _drain(stack: Any, consumer: str, design: str) -> None:
    """Let one process handle all that the consumer has, in one go."""
    stack.crew.start(f"{consumer}.{design}", "consume", design=design, consumers=[(consumer, "")], only="all")
    stack.crew.wait(f"{consumer}.{design}", "done")


def _charges(stack: Any, order: str) -> int:
    with stack.db() as db:
        return int(db.execute("SELECT count(*) FROM charges WHERE order_id = %s", (order,)).fetchone()[0])


async def _publish(jetstream: Any, subject: str, order: str) -> Any:
    return await jetstream.publish(subject, order.encode(), headers={"Nats-Msg-Id": order})


def _consumer(name: str, subject: str, *, ack_wait: float = ACK_WAIT, **settings: Any) -> Any:
    config = ConsumerConfig(durable_name=name, filter_subject=subject, ack_wait=ack_wait, **settings)
    return lambda jetstream: jetstream.add_consumer(STREAM, config)


@pytest.mark.fails_when("each message of a batch is acknowledged by itself", assertion="worst[40] > 1", each=True)
def test_the_batch_is_the_price_of_a_crash(stack: Any, record: Any, each: bool = False) -> None:
    """A kill doubles or loses no more effects than are acknowledged together: one at most, or up to a whole batch."""
    sizes = (1, 10, 40)
    runs = [Run(ack, size, f"{ack}-{size}-{run}-{each}") for ack in ("last", "first") for size in sizes
            for run in range(RUNS)]  # fmt: skip
    ask(stack.places.nats, lambda jetstream: _prepare(jetstream, runs))
    for run in runs:
        task = {"consumers": [(run.name, "")], "batch": run.size, "ack": run.ack, "each": each}
        stack.crew.start(run.name, "batches", **task)
        stack.crew.wait(run.name, "effect", times=random.randint(1, MESSAGES // 2))
        time.sleep(random.random() / 200)  # a few messages more or less: anywhere in a batch, and between two
        stack.crew.kill(run.name)
        stack.crew.start(f"{run.name}.survivor", "batches", **task)
    worst = dict.fromkeys(sizes, 0)
    for run in runs:
        stack.crew.wait(f"{run.name}.survivor", "done")
        doubled, lost = _outcome(stack, run)
        assert (lost if run.ack == "last" else doubled) == 0
        price = doubled + lost
        assert price <= run.size
        worst[run.size] = max(worst[run.size], price)
        _note(record, run, price)
    assert worst[40] > 1


class Run(NamedTuple):
    """One consumer that handles all messages in batches, and is killed once."""

    ack: str
    size: int
    name: str


def _note(record: Any, run: Run, price: int) -> None:
    title = "What one SIGKILL doubles or loses"
    note = f"{MESSAGES} messages a run, one kill at a random moment, {RUNS} runs for each batch size and order"
    chart = record.chart("crash_cost", title=title, x="messages in a batch", y="effects", kind="dots", note=note)
    what = "doubled" if run.ack == "last" else "lost"
    chart.point(f"acknowledged {run.ack}: {what}", f"{run.size}", price)
    note = f"effects {what} by one kill at a random moment, batches of {run.size}"
    record.sample(f"{what}_by_{run.size}", price, note=note)


def _outcome(stack: Any, run: Run) -> tuple[int, int]:
    """Count the effects that were doubled and those that were lost."""
    with stack.db() as db:
        question = "SELECT count(*), count(DISTINCT order_id) FROM charges WHERE order_id LIKE %s"
        rows, distinct = db.execute(question, (f"{run.name}:%",)).fetchone()
    return rows - distinct, MESSAGES - distinct


async def _prepare(jetstream: Any, runs: list[Run]) -> None:
    """Publish the messages once, and make a consumer for each run."""
    await asyncio.gather(*(_publish(jetstream, "orders.batch", f"batch.{number}") for number in range(MESSAGES)))
    for run in runs:
        await _consumer(run.name, "orders.batch", ack_wait=5.0)(jetstream)  # longer than a batch takes


@pytest.mark.fails_when("the first worker says that it is alive", assertion="len(deliveries) == 2", alive=True)
def test_a_slow_worker_gets_company(stack: Any, alive: bool = False) -> None:
    """When the acknowledgement is overdue, a second worker receives the message that the first still works on."""
    name = f"slow-{alive}"
    subject = f"orders.{name}"

    async def work_slowly(jetstream: Any) -> list[int]:
        await _publish(jetstream, subject, name)
        await _consumer(name, subject, ack_wait=2.0)(jetstream)
        workers = [await jetstream.pull_subscribe_bind(name, STREAM) for _ in range(2)]
        message = (await workers[0].fetch(1, timeout=60))[0]
        seen = [message.metadata.num_delivered]
        second = asyncio.create_task(workers[1].fetch(1, timeout=5))
        while not second.done():
            if alive:
                await message.in_progress()  # in SQS: ChangeMessageVisibility
            await asyncio.sleep(0.1)
        with contextlib.suppress(TimeoutError):
            seen += [again.metadata.num_delivered for again in await second]
        await message.ack_sync(timeout=60)
        return seen

    deliveries = ask(stack.places.nats, work_slowly)
    assert len(deliveries) == 2
    assert deliveries == [1, 2]  # both workers had the same message


@pytest.mark.fails_when("`max_deliver` is left at its default, -1", assertion="delivered == 0", max_deliver=-1)
def test_a_limit_of_deliveries_turns_crashes_into_loss(stack: Any, max_deliver: int = 3) -> None:
    """After max_deliver failed deliveries the message is in the stream, announced once, and delivered to nobody."""
    name = f"limit{max_deliver}"
    subject = f"orders.{name}"

    async def fail_three_times(jetstream: Any) -> tuple[int, int, int]:
        await _publish(jetstream, subject, name)
        settings = {} if max_deliver == -1 else {"max_deliver": max_deliver}
        await _consumer(name, subject, **settings)(jetstream)
        advisories = f"$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.{STREAM}.{name}"
        watch = await jetstream._nc.subscribe(advisories)
        worker = await jetstream.pull_subscribe_bind(name, STREAM)
        for _ in range(3):
            await (await worker.fetch(1, timeout=60))[0].nak()
        try:
            delivered = len(await worker.fetch(1, timeout=2))
        except TimeoutError:
            delivered = 0
        stored = await jetstream.stream_info(STREAM, subjects_filter=subject)
        announced = 0 if delivered else len([await watch.next_msg(timeout=60)])
        return delivered, (stored.state.subjects or {}).get(subject, 0), announced

    delivered, stored, announced = ask(stack.places.nats, fail_three_times)
    assert delivered == 0
    assert stored == 1
    assert announced == 1


@pytest.mark.fails_when("the inbox has forgotten the message", assertion="== 1", forgotten=True)
@pytest.mark.fails_when("there is no inbox", assertion="== 1", design="charge_ack_last")
def test_a_replay_repeats_what_the_inbox_does_not_remember(
    stack: Any, design: str = "charge_with_inbox", forgotten: bool = False
) -> None:
    """A new consumer that reads the stream from its start charges nobody again while the inbox has the ids."""
    name = f"replay-{design}-{forgotten}"
    subject = f"orders.{name}"
    ask(stack.places.nats, lambda jetstream: _publish(jetstream, subject, name))
    ask(stack.places.nats, _consumer(name, subject))
    _drain(stack, name, design)
    assert verdict(_charges(stack, name)) == "once"
    if forgotten:
        with stack.db() as db:
            db.execute("DELETE FROM inbox WHERE message_id = %s", (name,))
    ask(stack.places.nats, _consumer(f"{name}-again", subject))  # delivers everything, which is the default
    _drain(stack, f"{name}-again", design)
    assert _charges(stack, name) == 1
