"""An HTTP server whose capacity is fixed: a few workers, each of which sleeps for every request that it serves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from clock import now
from loopback import listen

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\nConnection: close\r\n\r\nbusy\n"


@dataclass(slots=True)
class Request:
    """A request that waits for a worker."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    patience: float
    """Seconds that the client would wait, by its own word."""
    came: float = field(default_factory=now)

    def left(self) -> float:
        """Seconds until the client stops waiting."""
        return self.came + self.patience - now()

    def answer(self, response: bytes) -> None:
        """Send *response* and close."""
        if not self.writer.is_closing():
            self.writer.write(response)
            self.writer.close()


@dataclass
class Server:
    """*workers* that need *service* seconds for each request: the capacity is their quotient."""

    workers: int = 5
    service: float = 0.2
    limit: int | None = None
    """Most requests that may be inside; the others get 503 at once."""
    drop: str = "nothing"
    """Requests that are dropped unserved when their turn comes: ``nothing``, ``expired`` or ``doomed``."""

    port: int = 0
    received: list[float] = field(default_factory=list)
    """When each request arrived."""
    served: list[float] = field(default_factory=list)
    """When a worker finished a request."""
    wasted: list[float] = field(default_factory=list)
    """When a worker finished a request whose client had gone."""

    def __post_init__(self) -> None:
        """Prepare the queue, from which the workers take requests first come, first served."""
        self._queue: asyncio.Queue[Request] = asyncio.Queue()
        self._running = asyncio.Event()
        self._running.set()
        self._inside = 0

    async def start(self) -> Server:
        """Listen on a free port of 127.0.0.1, and start the workers."""
        self.port = await listen(self._accept)
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self.workers)]
        return self

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await read_head(reader)
        if head is None:
            writer.close()
            return
        request = Request(reader, writer, float(head.get("x-patience", "60")))
        self.received.append(request.came)
        if self.limit is not None and self._inside >= self.limit:
            request.answer(BUSY)
            return
        self._inside += 1
        self._queue.put_nowait(request)

    # --8<-- [start:work]
    async def _work(self) -> None:
        while True:
            request = await self._queue.get()
            if self._is_pointless(request):
                request.answer(BUSY)
            else:
                await self._running.wait()  # the blip: nothing runs
                await asyncio.sleep(self.service)
                await self._running.wait()
                self.served.append(now())
                if request.reader.at_eof():  # the client has closed its end
                    self.wasted.append(now())
                request.answer(OK)
            self._inside -= 1

    def _is_pointless(self, request: Request) -> bool:
        needed = {"nothing": float("-inf"), "expired": 0, "doomed": 3 * self.service}  # with a margin
        return request.left() < needed[self.drop]

    # --8<-- [end:work]

    async def blip(self, seconds: float) -> None:
        """Stop all work for that long. Requests keep arriving and wait."""
        self._running.clear()
        await asyncio.sleep(seconds)
        self._running.set()

    def forget_queue(self) -> None:
        """Drop all requests that wait for a worker, as a restart would."""
        while not self._queue.empty():
            self._queue.get_nowait().answer(BUSY)
            self._inside -= 1


async def read_head(reader: asyncio.StreamReader) -> dict[str, str] | None:
    """The headers of a request, or None if the client left before it had sent them."""
    try:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    pairs = (line.partition(":") for line in lines[1:] if line)
    return {name.lower(): value.strip() for name, _, value in pairs}
