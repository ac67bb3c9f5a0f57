"""Handlers of one message: the same work with its steps in another order. A handler can be killed at every yield."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

Steps = AsyncIterator[str]


# --8<-- [start:ack_first]
async def charge_ack_first(job: Any) -> Steps:
    """Acknowledge, then work: at most once, if nothing stalls."""
    await job.ack()
    yield "acked"
    job.charge()
    yield "effect"
    job.commit()
    yield "committed"
    # --8<-- [end:ack_first]


# --8<-- [start:ack_last]
async def charge_ack_last(job: Any) -> Steps:
    """Work, then acknowledge: at least once."""
    job.charge()
    yield "effect"
    job.commit()
    yield "committed"
    await job.ack()
    yield "acked"
    # --8<-- [end:ack_last]


async def charge_ack_unconfirmed(job: Any) -> Steps:
    """Work, then acknowledge without waiting for the broker's answer."""
    job.charge()
    yield "effect"
    job.commit()
    yield "committed"
    await job.message.ack()
    yield "acked"


async def charge_ack_flushed(job: Any) -> Steps:
    """Work, acknowledge without waiting for the broker's answer, and give the event loop its turn."""
    job.charge()
    yield "effect"
    job.commit()
    yield "committed"
    await job.message.ack()
    await asyncio.sleep(0.1)  # the client's other task writes to the socket
    yield "acked"


# --8<-- [start:inbox]
async def charge_with_inbox(job: Any) -> Steps:
    """Remember the message in the transaction that does the work."""
    if job.first_time("charge"):
        job.charge()
    yield "effect"
    job.commit()
    yield "committed"
    await job.ack()
    yield "acked"
    # --8<-- [end:inbox]


# --8<-- [start:position]
async def charge_with_position(job: Any) -> Steps:
    """Keep the position in the stream beside the effect; the broker's acknowledgements play no part."""
    if job.advance():
        job.charge()
    yield "effect"
    job.commit()
    yield "committed"
    # --8<-- [end:position]


async def mail_ack_first(job: Any) -> Steps:
    """Acknowledge, then send."""
    await job.ack()
    yield "acked"
    job.mail()
    yield "effect"


async def mail_ack_last(job: Any) -> Steps:
    """Send, then acknowledge."""
    job.mail()
    yield "effect"
    await job.ack()
    yield "acked"


# --8<-- [start:mail_inbox]
async def mail_after_inbox(job: Any) -> Steps:
    """Commit "sent", then send."""
    first = job.first_time("receipt")
    job.commit()
    yield "committed"
    if first:
        job.mail()  # returns when the server has said 250
    yield "effect"
    await job.ack()
    yield "acked"


async def mail_before_inbox(job: Any) -> Steps:
    """Send, then commit "sent"."""
    if job.first_time("receipt"):
        job.mail()
    yield "effect"
    job.commit()
    yield "committed"
    await job.ack()
    yield "acked"
    # --8<-- [end:mail_inbox]


# --8<-- [start:in_doubt]
async def mail_in_doubt(job: Any) -> Steps:
    """Commit "sending", send, commit "done"; a row that is found at "sending" is for a human."""
    if job.first_time("receipt", state="sending"):
        job.commit()
        yield "committed"
        job.mail()
        yield "effect"
        job.move("receipt", "sending", "done")
    else:
        job.move("receipt", "sending", "in doubt")
    job.commit()
    await job.ack()
    yield "acked"
    # --8<-- [end:in_doubt]


# --8<-- [start:pay]
async def pay_with_key(job: Any) -> Steps:
    """Let the other side remember: the key is the same in every attempt."""
    job.pay(idempotency_key=job.message_id)
    yield "effect"
    await job.ack()
    yield "acked"
    # --8<-- [end:pay]


async def pay_with_fresh_key(job: Any) -> Steps:
    """Make a new key for each attempt, as a client library does if it does not know the message."""
    job.pay(idempotency_key=f"{uuid.uuid4()}")
    yield "effect"
    await job.ack()
    yield "acked"


CONSUMERS: dict[str, Callable[[Any], Steps]] = {
    handler.__name__: handler
    for handler in (
        charge_ack_first,
        charge_ack_last,
        charge_ack_unconfirmed,
        charge_ack_flushed,
        charge_with_inbox,
        charge_with_position,
        mail_ack_first,
        mail_ack_last,
        mail_after_inbox,
        mail_before_inbox,
        mail_in_doubt,
        pay_with_key,
        pay_with_fresh_key,
    )
}


async def charge_with_inbox_by_sequence(job: Any) -> Steps:
    """Remember the broker's number of the message in place of the producer's id."""
    if job.first_time("charge", message_id=f"{job.sequence}"):
        job.charge()
    yield "effect"
    job.commit()
    yield "committed"
    await job.ack()
    yield "acked"


HANDLERS = {**CONSUMERS, "charge_with_inbox_by_sequence": charge_with_inbox_by_sequence}
