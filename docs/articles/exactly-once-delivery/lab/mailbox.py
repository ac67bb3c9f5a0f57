"""A real SMTP server that keeps what it accepts, and that can lose the connection around its final answer."""

from __future__ import annotations

import asyncio
import threading
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller
from engblog.lab.process import free_port


class Mailbox:
    """What has arrived, and how the server behaves at the end of the next message."""

    def __init__(self) -> None:
        """Listen on 127.0.0.1."""
        self.messages: list[Any] = []
        self.fault = ""
        """``cut before storing``, ``cut after storing``, ``slow after storing``, or nothing."""
        self.release = threading.Event()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=60)
        self._controller.start()

    # --8<-- [start:data]
    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take responsibility for a message, then say so."""
        if self.fault == "cut before storing":
            server.transport.abort()
            return "250 nobody hears this"
        self.messages.append(message_from_bytes(envelope.content))
        if self.fault == "cut after storing":
            server.transport.abort()
        if self.fault == "slow after storing":
            await asyncio.to_thread(self.release.wait, 60)
        return "250 OK"
        # --8<-- [end:data]

    def copies(self, order: str) -> list[Any]:
        """Return the receipts of one order."""
        return [message for message in self.messages if message["Subject"] == f"Receipt {order}"]

    def close(self) -> None:
        """Stop listening."""
        self.release.set()
        self._controller.stop()
