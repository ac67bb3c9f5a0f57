"""A WebSocket feed that can be resumed, and a client that resumes it."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.client import connect


class Feed:
    """The server's side: every message has a number, and the last *keep* of them can be asked for again."""

    def __init__(self, keep: int) -> None:
        """Remember *keep* messages."""
        self.log: deque[tuple[int, str]] = deque(maxlen=keep)
        self.last = 0
        self.listeners = 0
        self.sends_returned = 0
        self._news = asyncio.Condition()
        self._over = False

    async def publish(self, text: str) -> None:
        """Give *text* the next number and wake whoever listens."""
        async with self._news:
            self.last += 1
            self.log.append((self.last, text))
            self._news.notify_all()

    async def end(self) -> None:
        """Let every connection go."""
        async with self._news:
            self._over = True
            self._news.notify_all()

    # --8<-- [start:serve]
    async def serve(self, socket: Any) -> None:
        """Send what follows the number that the client has processed; say so if that is no longer possible."""
        asked = parse_qs(urlsplit(socket.request.path).query).get("after")
        sent = int(asked[0]) if asked else self.last  # without a number: from now on
        self.listeners += 1
        while True:
            if self.log and sent + 1 < self.log[0][0]:
                await socket.send(json.dumps({"gap": [sent + 1, self.log[0][0] - 1]}))
                return  # the client has to load the state anew
            for number, text in [entry for entry in self.log if entry[0] > sent]:
                await socket.send(json.dumps({"seq": number, "text": text}))
                self.sends_returned += 1
                sent = number
            async with self._news:
                while self.last <= sent:
                    await self._news.wait()
                    if self._over:
                        return
        # --8<-- [end:serve]


# --8<-- [start:follow]
async def follow(url: str, position: int | None, apply: Callable[[int, str], Awaitable[bool]]) -> dict[str, Any]:
    """Apply messages from behind *position* until *apply* says stop; return the server's gap, if it reports one."""
    after = "" if position is None else f"?after={position}"
    async with connect(url + after) as socket:
        async for frame in socket:
            message = json.loads(frame)
            if "gap" in message:
                return message
            if not await apply(message["seq"], message["text"]):  # stores the effect and seq together
                socket.transport.abort()  # what a crash does: no closing handshake, unread messages are gone
                break
    return {}
    # --8<-- [end:follow]
