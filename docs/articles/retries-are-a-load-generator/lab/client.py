"""One call of a service: attempts, each on a connection of its own and with a time-out, under a policy of retries."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import Protocol

from guards import Breaker, Budget


class FailedError(Exception):
    """An attempt that got no answer in time, or a refusal."""


async def attempt(port: int, patience: float) -> None:
    """Send one request to *port*; return when it was answered with 200 within *patience* seconds."""
    writer = None
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET / HTTP/1.1\r\nHost: lab\r\nX-Patience: {patience:.3f}\r\n\r\n".encode())
            status = await reader.readline()
    except (TimeoutError, OSError) as error:
        raise FailedError from error
    finally:
        if writer is not None:
            writer.close()
    if b" 200 " not in status:
        raise FailedError(status)


class Sender(Protocol):
    """The function that sends one attempt."""

    async def __call__(self, port: int, patience: float) -> None:
        """Return if it succeeded, raise :class:`FailedError` if not."""


@dataclass
class Caller:
    """A client with its policy. The defaults are those of a loop that somebody wrote in five minutes."""

    port: int
    attempts: int = 4
    patience: float = 1.0
    backoff: float = 0.0
    """Most seconds of the first pause; each further pause may be twice as long. 0: retry at once."""
    jitter: bool = True
    budget: Budget | None = None
    breaker: Breaker | None = None
    hedge_after: float | None = None
    """Seconds after which another copy is sent while the others still wait, instead of retries."""
    send: Sender = attempt
    sent: int = 0

    # --8<-- [start:call]
    async def call(self) -> bool:
        """Try until an attempt succeeds, or nothing allows another one."""
        if self.budget:
            self.budget.deposit()
        made = 0
        while not await self.once():
            made += 1
            if made >= self.attempts or (self.budget and not self.budget.withdraw()):
                return False
            await asyncio.sleep(self.pause(made))
        return True

    def pause(self, retry: int) -> float:
        """Seconds before the retry of that number: exponential, at random if there is jitter."""
        most = self.backoff * 2 ** (retry - 1)
        return random.uniform(0, most) if self.jitter else most

    # --8<-- [end:call]

    async def once(self) -> bool:
        """Send one attempt, unless the breaker is open."""
        if self.breaker and not self.breaker.allows():
            return False
        self.sent += 1
        try:
            await self.send(self.port, self.patience)
        except FailedError:
            answered = False
        else:
            answered = True
        if self.breaker:
            self.breaker.report(answered)
        return answered

    # --8<-- [start:hedge]
    async def hedged(self) -> bool:
        """Send another copy whenever nothing has come for a while; the first answer wins."""
        if self.budget:
            self.budget.deposit()
        copies = [asyncio.create_task(self.once())]
        try:
            async with asyncio.timeout(self.patience):
                while True:
                    may = len(copies) < self.attempts
                    waiting = [copy for copy in copies if not copy.done()]
                    if waiting:
                        await asyncio.wait(
                            waiting,
                            timeout=self.hedge_after if may else None,
                            return_when=asyncio.FIRST_COMPLETED,
                        )
                    if any(copy.done() and copy.result() for copy in copies):
                        return True
                    if may and (not self.budget or self.budget.withdraw()):
                        copies.append(asyncio.create_task(self.once()))
                    elif all(copy.done() for copy in copies):
                        return False
        except TimeoutError:
            return False
        finally:
            for copy in copies:
                copy.cancel()

    # --8<-- [end:hedge]
