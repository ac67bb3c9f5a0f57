"""A relay between two connections, with a queue between reading and writing."""

from __future__ import annotations

import asyncio


# --8<-- [start:relay]
async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, places: int) -> None:
    """Pass chunks on. With 0 places, asyncio's queue has no limit."""
    queue: asyncio.Queue[bytes] = asyncio.Queue(maxsize=places)

    async def receive() -> None:
        while chunk := await reader.read(65_536):
            await queue.put(chunk)  # waits while the queue is full, and so nobody reads
        await queue.put(b"")

    async def send() -> None:
        while chunk := await queue.get():
            writer.write(chunk)
            await writer.drain()  # without it, write() would never wait

    await asyncio.gather(receive(), send())


# --8<-- [end:relay]
