"""The kill experiments: every handler and producer, killed at each of its steps, and what is true afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import nats
import psycopg
from crew import Crew
from engblog.lab.process import wait_until
from handlers import CONSUMERS
from jobs import PATIENCE, STREAM, Places
from mailbox import Mailbox
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig

Answer = TypeVar("Answer")
ACK_WAIT = 1.0
"""Seconds after which the broker delivers a message again that nobody has acknowledged."""

STALLED = "stalled"
"""Not killed: the process stops right after it has received the message, and goes on when another has done the work."""


def ask(url: str, question: Callable[[Any], Awaitable[Answer]]) -> Answer:
    """Connect to NATS, hand the JetStream context to *question* and return its answer."""

    async def connected() -> Answer:
        connection = await nats.connect(url)
        try:
            return await question(connection.jetstream(timeout=PATIENCE))
        finally:
            await connection.close()

    return asyncio.run(connected())


def make_stream(url: str, **settings: Any) -> None:
    """Make the stream that keeps every message of the lab."""
    ask(url, lambda jetstream: jetstream.add_stream(StreamConfig(name=STREAM, subjects=["orders.>"], **settings)))


def verdict(copies: int) -> str:
    """Say in a word what became of one effect."""
    return {0: "lost", 1: "once"}.get(copies, "twice" if copies == 2 else f"{copies} times")


@dataclass
class Cell:
    """One handler, stopped at one step."""

    design: str
    step: str
    seen: str = ""
    trace: dict[str, int] = field(default_factory=dict)
    """What the broker's consumer says when all is over."""

    @property
    def order(self) -> str:
        """The order that this cell is about: it is also the message's id."""
        return f"{self.design}.{self.step}"

    @property
    def subject(self) -> str:
        """The subject of its only message."""
        return f"orders.{self.order}"

    @property
    def consumer(self) -> str:
        """The durable consumer of its subject."""
        return f"{self.design}-{self.step}"


# --8<-- [start:kill]
def kill_consumers(places: Places, crew: Crew, mailbox: Mailbox, steps: Iterable[str]) -> dict[str, dict[str, Cell]]:
    """Stop every handler at each of *steps*, let a second process take over, and count the effects."""
    cells = [Cell(design, step) for design in CONSUMERS for step in (*steps, STALLED)]
    ask(places.nats, lambda jetstream: _publish(jetstream, cells))
    for cell in cells:
        hold = "received" if cell.step == STALLED else cell.step
        crew.start(cell.order, "consume", design=cell.design, consumers=[_of(cell)], only="one", hold=hold)
    for cell in cells:
        if cell.step == STALLED:
            crew.wait(cell.order, "received")
        elif crew.wait(cell.order, cell.step) == cell.step:
            crew.kill(cell.order)
        else:
            cell.seen = "no such step"
    for design in CONSUMERS:
        left = [_of(cell) for cell in cells if cell.design == design]
        crew.start(f"{design}.survivor", "consume", design=design, consumers=left, only="all")
    for design in CONSUMERS:
        crew.wait(f"{design}.survivor", "done")
        crew.go_on(f"{design}.{STALLED}")
        crew.wait(f"{design}.{STALLED}", "done")
    # --8<-- [end:kill]
    with psycopg.connect(places.dsn) as db:
        for cell in cells:
            cell.seen = cell.seen or verdict(_effects(db, mailbox, cell))
            cell.seen += _doubt(db, cell)
    ask(places.nats, lambda jetstream: _trace(jetstream, cells))
    return {design: {cell.step: cell for cell in cells if cell.design == design} for design in CONSUMERS}


def _of(cell: Cell) -> tuple[str, str]:
    return cell.consumer, cell.subject


async def _publish(jetstream: Any, cells: list[Cell]) -> None:
    for cell in cells:
        settings = ConsumerConfig(
            durable_name=cell.consumer, filter_subject=cell.subject, ack_wait=ACK_WAIT, ack_policy=AckPolicy.EXPLICIT
        )
        await jetstream.add_consumer(STREAM, settings)
        await jetstream.publish(cell.subject, cell.order.encode(), headers={"Nats-Msg-Id": cell.order})


def _effects(db: psycopg.Connection[Any], mailbox: Mailbox, cell: Cell) -> int:
    if cell.design.startswith("mail"):
        return len(mailbox.copies(cell.order))
    row = db.execute("SELECT count(*) FROM charges WHERE order_id = %s", (cell.order,)).fetchone()
    return int(row[0]) if row else 0


def _doubt(db: psycopg.Connection[Any], cell: Cell) -> str:
    row = db.execute("SELECT 1 FROM inbox WHERE message_id = %s AND state = 'in doubt'", (cell.order,)).fetchone()
    return ", in doubt" if row else ""


async def _trace(jetstream: Any, cells: list[Cell]) -> None:
    for cell in cells:
        state = await jetstream.consumer_info(STREAM, cell.consumer)
        cell.trace = {
            "deliveries": state.delivered.consumer_seq,
            "redelivered": state.num_redelivered,
            "pending": state.num_pending,
            "unacknowledged": state.num_ack_pending,
        }


def kill_producers(places: Places, crew: Crew, steps: Iterable[str]) -> dict[str, dict[str, str]]:
    """Kill every producer after each of *steps*, let a relay finish what an outbox holds, and compare both sides."""
    designs = {
        "commit_then_publish": (("commit_then_publish", True),),
        "publish_then_commit": (("publish_then_commit", True),),
        "order_with_outbox": (("order_with_outbox", True), ("relay", True), ("relay", False)),
        "order_with_outbox_without_id": (
            ("order_with_outbox", True),
            ("relay_without_id", True),
            ("relay_without_id", False),
        ),
    }
    seen: dict[str, dict[str, str]] = {}
    for design, parts in designs.items():
        seen[design] = {}
        for step in steps:
            order = f"{design}.{step}"
            found = [_run(places.dsn, crew, f"{order}.{part}", role, order, step if kill else None)
                     for part, (role, kill) in enumerate(parts)]  # fmt: skip
            if step not in found:
                seen[design][step] = "no such step"
    with psycopg.connect(places.dsn) as db:
        messages = ask(places.nats, _messages)
        for design, row in seen.items():
            for step in steps:
                order = f"{design}.{step}"
                there = db.execute("SELECT 1 FROM orders WHERE order_id = %s", (order,)).fetchone() is not None
                row.setdefault(step, _compare(there, messages.get(f"orders.{order}", 0)))
    return seen


def _run(dsn: str, crew: Crew, name: str, role: str, order: str, hold: str | None) -> str:
    crew.start(name, "produce", design=role, subject=f"orders.{order}", order=order, hold=hold)
    reached = crew.wait(name, hold) if hold else crew.wait(name, "done")
    if reached == hold:
        crew.kill(name)
    gone = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"  # SKIP LOCKED would skip its row
    with psycopg.connect(dsn, autocommit=True) as db:
        wait_until(lambda: db.execute(gone, (name,)).fetchone() == (0,), seconds=PATIENCE, what="the end of a session")
    return reached


async def _messages(jetstream: Any) -> dict[str, int]:
    state = await jetstream.stream_info(STREAM, subjects_filter=">")
    return state.state.subjects or {}


def _compare(order: bool, messages: int) -> str:
    if order:
        return {0: "lost", 1: "once"}.get(messages, "twice")
    return "phantom" if messages else "neither"
