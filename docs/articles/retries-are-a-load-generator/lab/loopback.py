"""Listening on 127.0.0.1, and leaving nothing open."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeVar
from weakref import WeakSet

from clock import Loop

T = TypeVar("T")
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]

_listeners: list[asyncio.Server] = []
_tasks: set[asyncio.Task[None]] = set()
_writers: WeakSet[asyncio.StreamWriter] = WeakSet()


async def listen(serve: Serve) -> int:
    """Call *serve* for each connection to a free port of 127.0.0.1, and return the port."""

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _writers.add(writer)
        task = asyncio.create_task(serve(reader, writer))
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)

    listener = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=1024)
    _listeners.append(listener)
    return int(listener.sockets[0].getsockname()[1])


def run(work: Awaitable[T]) -> T:
    """Do the *work* by the lab's clock, and close afterwards whatever it has opened."""

    async def whole() -> T:
        try:
            return await work
        finally:
            while _listeners:
                _listeners.pop().close()
            for task in list(_tasks):
                task.cancel()
            for writer in list(_writers):
                writer.transport.abort()
            await asyncio.sleep(0.05)  # lets the loop close what was aborted

    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(whole())
