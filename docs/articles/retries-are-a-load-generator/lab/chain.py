"""Services that call each other: layers that retry, and a gateway with or without a deadline."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from client import Caller, FailedError, attempt
from clock import now
from loopback import listen
from server import BUSY, OK, read_head

FOREVER = 60.0


# --8<-- [start:layer]
@dataclass
class Layer:
    """A service that answers by calling the one below it, with a number of attempts. Without one below, it fails."""

    below: int | None = None
    attempts: int = 3
    received: int = 0

    async def answer(self) -> bytes:
        """Call the layer below until it answers, or the attempts are used up."""
        self.received += 1
        if self.below is not None and await Caller(self.below, self.attempts, FOREVER).call():
            return OK
        return BUSY

    # --8<-- [end:layer]

    async def start(self) -> int:
        """Listen on a free port of 127.0.0.1 and return it."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if await read_head(reader) is not None:
                writer.write(await self.answer())
            writer.close()

        return await listen(serve)


async def one_click(attempts: list[int]) -> int:
    """Send one request through a layer for each number of *attempts*, from the top; return what the bottom received."""
    bottom = Layer()
    port = await bottom.start()
    for number in reversed(attempts[1:]):
        port = await Layer(port, number).start()
    await Caller(port, attempts[0], FOREVER).call()
    return bottom.received


@dataclass
class Silent:
    """A server that takes requests and never answers."""

    received: list[float] = field(default_factory=list)

    async def start(self) -> int:
        """Listen on a free port of 127.0.0.1 and return it."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if await read_head(reader) is not None:
                self.received.append(now())
                await reader.read()  # until the client leaves
            writer.close()

        return await listen(serve)


# --8<-- [start:gateway]
async def gateway(port: int, patience: float, propagate: bool, attempts: int = 4, each: float = 0.5) -> None:
    """Call the service on *port* for a caller that has *patience* seconds left; mind them if *propagate* is true."""
    deadline = now() + patience
    for _ in range(attempts):
        left = deadline - now() if propagate else each
        if left <= 0:
            return
        try:
            await attempt(port, min(each, left))
        except FailedError:
            continue
        return


# --8<-- [end:gateway]


async def calls_after_leaving(propagate: bool, patience: float = 0.75) -> int:
    """Count the calls that reach a silent server after the user, who waits for *patience* seconds, has left."""
    silent = Silent()
    port = await silent.start()
    left = now() + patience
    await gateway(port, patience, propagate)
    return sum(came > left for came in silent.received)
