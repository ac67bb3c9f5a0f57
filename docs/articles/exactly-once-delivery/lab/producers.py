"""Producers of one order's message, and the relay of the outbox. Each can be killed at every yield."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

Steps = AsyncIterator[str]


# --8<-- [start:dual]
async def commit_then_publish(shop: Any) -> Steps:
    """Commit the order, then publish it."""
    shop.insert_order()
    yield "written"
    shop.commit()
    yield "committed"
    await shop.publish(shop.order)
    yield "published"


async def publish_then_commit(shop: Any) -> Steps:
    """Publish the order, then commit it."""
    shop.insert_order()
    yield "written"
    await shop.publish(shop.order)
    yield "published"
    shop.commit()
    yield "committed"
    # --8<-- [end:dual]


# --8<-- [start:outbox]
async def order_with_outbox(shop: Any) -> Steps:
    """Write the order, and the message to publish, in one transaction."""
    shop.insert_order()
    shop.insert_outbox()
    yield "written"
    shop.commit()
    yield "committed"


async def relay(shop: Any) -> Steps:
    """Publish what the outbox holds, oldest first, until it is empty."""
    while row := shop.next_unsent():  # SELECT … WHERE sent_at IS NULL ORDER BY id … FOR UPDATE SKIP LOCKED
        yield "claimed"
        await shop.publish(row.payload, message_id=row.message_id)  # returns at the stream's PubAck
        yield "published"
        shop.mark_sent(row)
        shop.commit()
        yield "marked"
    # --8<-- [end:outbox]


async def relay_without_id(shop: Any) -> Steps:
    """Publish what the outbox holds without telling the broker the message's id."""
    while row := shop.next_unsent():
        yield "claimed"
        await shop.publish(row.payload)
        yield "published"
        shop.mark_sent(row)
        shop.commit()
        yield "marked"


PRODUCERS: dict[str, Callable[[Any], Steps]] = {
    producer.__name__: producer
    for producer in (commit_then_publish, publish_then_commit, order_with_outbox, relay, relay_without_id)
}
