"""Processes to kill. Reads one task a line from standard input and forks a process for each.

A process announces every step that it has completed as ``NAME PID STEP`` on standard output. At the step that its task
names under ``hold`` it stops, until somebody kills it or sends SIGUSR1. Forking saves the start of an interpreter for
each of the many processes that the experiments need.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import traceback
from typing import Any

import nats
import nats.js.errors
import psycopg
from handlers import HANDLERS
from jobs import PATIENCE, STREAM, Job, Places, Shop
from producers import PRODUCERS


class Stage:
    """Where a process says what it has done, and stops if it was told to."""

    def __init__(self, name: str, hold: str | None) -> None:
        """Stop once, at the step *hold*."""
        self._name = name
        self._hold = hold

    def reached(self, step: str) -> None:
        """Announce *step*; at the step to hold, stop the whole process: no other task of it runs on."""
        os.write(1, f"{self._name} {os.getpid()} {step}\n".encode())
        if step == self._hold:
            self._hold = None
            signal.sigwait({signal.SIGUSR1})


async def consume(task: dict[str, Any], places: Places, stage: Stage) -> None:
    """Handle messages of each consumer that the task names: one, or all that there are."""
    connection = await nats.connect(places.nats)
    jetstream = connection.jetstream()
    handler = HANDLERS[task["design"]]
    with psycopg.connect(places.dsn) as db:
        for consumer, subject in task["consumers"]:
            source = _by_position if task["design"] == "charge_with_position" else _by_delivery
            async for message in source(jetstream, db, consumer, subject):
                stage.reached("received")
                async for step in handler(Job(places, db, consumer, message)):
                    stage.reached(step)
                if task["only"] == "one":
                    break
    await connection.close()


async def _by_delivery(jetstream: Any, _db: Any, consumer: str, _subject: str) -> Any:
    """Fetch from the consumer until nothing is left to deliver and nothing waits for an acknowledgement."""
    subscription = await jetstream.pull_subscribe_bind(consumer, STREAM)
    while True:
        state = await jetstream.consumer_info(STREAM, consumer, timeout=PATIENCE)
        if not state.num_pending and not state.num_ack_pending:
            return
        try:
            yield (await subscription.fetch(1, timeout=1))[0]
        except TimeoutError:
            continue


async def _by_position(jetstream: Any, db: Any, consumer: str, subject: str) -> Any:
    """Read the stream from behind the position that the database remembers."""
    while True:
        row = db.execute("SELECT seq FROM position WHERE consumer = %s", (consumer,)).fetchone()
        db.rollback()
        try:
            yield await jetstream.get_msg(STREAM, seq=(row[0] if row else 0) + 1, subject=subject, next=True)
        except nats.js.errors.NotFoundError:
            return


async def consume_batches(task: dict[str, Any], places: Places, stage: Stage) -> None:
    """Fetch messages in batches; acknowledge each batch as a whole, or each message, before or after the work."""
    connection = await nats.connect(places.nats)
    jetstream = connection.jetstream()
    ((consumer, _),) = task["consumers"]
    subscription = await jetstream.pull_subscribe_bind(consumer, STREAM)
    with psycopg.connect(places.dsn, autocommit=True) as db:
        while True:
            state = await jetstream.consumer_info(STREAM, consumer, timeout=PATIENCE)
            if not state.num_pending and not state.num_ack_pending:
                break
            try:
                batch = await subscription.fetch(task["batch"], timeout=1)
            except TimeoutError:
                continue
            if task["ack"] == "first" and not task["each"]:
                await asyncio.gather(*(message.ack_sync(timeout=PATIENCE) for message in batch))
            for message in batch:
                if task["ack"] == "first" and task["each"]:
                    await message.ack_sync(timeout=PATIENCE)
                order = f"{consumer}:{message.data.decode()}"
                db.execute("INSERT INTO charges (order_id, cents) VALUES (%s, 1)", (order,))
                stage.reached("effect")
                if task["ack"] == "last" and task["each"]:
                    await message.ack_sync(timeout=PATIENCE)
            if task["ack"] == "last" and not task["each"]:
                await asyncio.gather(*(message.ack_sync(timeout=PATIENCE) for message in batch))
    await connection.close()


async def produce(task: dict[str, Any], places: Places, stage: Stage) -> None:
    """Run a producer for one order, or the relay."""
    connection = await nats.connect(places.nats)
    with psycopg.connect(places.dsn, application_name=task["name"]) as db:
        shop = Shop(db, connection.jetstream(), task["subject"], task["order"])
        async for step in PRODUCERS[task["design"]](shop):
            stage.reached(step)
    await connection.close()


def _main() -> None:
    places = Places(**json.loads(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system collects children that have ended
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    for line in sys.stdin:
        task = json.loads(line)
        if os.fork() == 0:
            os.close(0)
            stage = Stage(task["name"], task.get("hold"))
            try:
                role = {"consume": consume, "batches": consume_batches, "produce": produce}[task["role"]]
                asyncio.run(role(task, places, stage))
                stage.reached("done")
            except BaseException:
                traceback.print_exc()
                stage.reached("failed")
            os._exit(0)


if __name__ == "__main__":
    _main()
