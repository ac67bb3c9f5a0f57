"""One feed of numbered events, offered as server-sent events, as a long poll and as a WebSocket."""

from __future__ import annotations

import asyncio
import json
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from websockets.http11 import Request
from websockets.server import ServerProtocol

LAB = Path(__file__).parent
FILES = {"/": ("text/html", "page.html"), "/page.js": ("text/javascript", "page.js")}
COOKIE = "session=alice"


@dataclass(frozen=True)
class Asked:
    """A request as it reached the origin."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    version: str
    raw: bytes

    @property
    def after(self) -> int:
        """Number of the last event that the client says it has seen."""
        # --8<-- [start:after]
        seen = self.headers.get("last-event-id") or self.query.get("after") or "0"
        # --8<-- [end:after]
        return int(seen)


@dataclass(eq=False)
class Reader:
    """A client that waits for events: how to send it one, and the request that it made."""

    asked: Asked
    send: Callable[[int, str], None]
    """Send the event with this number and text."""
    writer: asyncio.StreamWriter
    ping: Callable[[], None] = lambda: None
    """Send the ping of a WebSocket."""
    end: Callable[[], None] = lambda: None
    """Send the end of a response, or the close frame of a WebSocket."""


@dataclass
class Origin:
    """The server, in a thread with its own event loop. What tests call is safe from outside of that thread."""

    headers: Mapping[str, str] = field(default_factory=dict)
    """More headers for an event stream."""
    retry: int = 20
    """Milliseconds that the event stream tells a browser to wait before it reconnects."""
    hold: float = 60.0
    """Seconds until a long poll without news is answered with 204."""
    remembers: bool = True
    """Whether a reconnecting client is sent what it has missed."""
    port: int = 0

    def __post_init__(self) -> None:
        """Start listening."""
        self.events: list[str] = []
        self.asked: list[Asked] = []
        self.readers: list[Reader] = []
        self.sessions = {COOKIE}
        self._transports: weakref.WeakSet[asyncio.WriteTransport] = weakref.WeakSet()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server: asyncio.Server | None = None
        self.listen()

    # What tests call.

    def listen(self) -> None:
        """Accept connections, again on the same port after :meth:`stop_listening`."""

        async def start() -> None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

        self._in_loop(start)

    def stop_listening(self) -> None:
        """Refuse new connections and end those that wait for events, as a restart would."""

        async def stop() -> None:
            assert self._server
            self._server.close()
            for reader in list(self.readers):
                self._drop(reader)

        self._in_loop(stop)

    def publish(self, text: str) -> int:
        """Give every reader an event; return its number once the kernel has taken it."""

        async def give() -> int:
            self.events.append(text)
            for reader in list(self.readers):
                reader.send(len(self.events), text)
            return len(self.events)

        return int(self._in_loop(give))

    def write(self, raw: bytes) -> None:
        """Write bytes into every event stream: a comment, or half of an event."""

        async def give() -> None:
            for reader in self.readers:
                if reader.asked.path == "/events":
                    _chunk(reader.writer, reader.asked, raw)

        self._in_loop(give)

    def publish_in_two(self, text: str, between: Callable[[], object]) -> None:
        """Give every reader an event whose chunk is written in two halves; call *between* in between."""
        chunk = _chunked(_event(len(self.events) + 1, text))
        self.events.append(text)

        def write(part: bytes) -> None:
            async def give() -> None:
                for reader in self.readers:
                    reader.writer.write(part)

            self._in_loop(give)

        write(chunk[: len(chunk) // 2])
        between()
        write(chunk[len(chunk) // 2 :])

    def ping(self) -> None:
        """Send a ping to every WebSocket."""

        async def give() -> None:
            for reader in self.readers:
                reader.ping()

        self._in_loop(give)

    def end(self) -> None:
        """End every stream and every WebSocket as their protocols demand, and their connections."""

        async def give() -> None:
            for reader in list(self.readers):
                reader.end()
                self._drop(reader)

        self._in_loop(give)

    def cut(self) -> None:
        """End the connections of all readers."""

        async def end() -> None:
            for reader in list(self.readers):
                self._drop(reader)

        self._in_loop(end)

    def reading(self, path: str) -> int:
        """Count the clients that wait for events at *path*."""
        return sum(reader.asked.path == path for reader in list(self.readers))

    def requests(self, path: str) -> list[Asked]:
        """Return the requests for *path* so far."""
        return [asked for asked in list(self.asked) if asked.path == path]

    def close(self) -> None:
        """End the server and its thread."""
        self.stop_listening()
        self._in_loop(self._end_tasks)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end_tasks(self) -> None:
        """End what still runs for clients, and give their transports a turn of the loop to close."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for transport in list(self._transports):
            transport.abort()
        await asyncio.sleep(0)

    def _in_loop(self, work: Callable[[], Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work(), self._loop).result(60)

    # What clients ask for.

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._transports.add(writer.transport)
        try:
            raw = await reader.readuntil(b"\r\n\r\n")
            head = raw.decode("latin-1").split("\r\n")
            _method, target, version = head[0].split()
            lines = (line.split(":", 1) for line in head[1:] if line)
            headers = {name.lower(): value.strip() for name, value in lines}
            url = urlsplit(target)
            asked = Asked(url.path, dict(parse_qsl(url.query)), headers, version, raw)
            self.asked.append(asked)
            routes = {"/events": self._events, "/poll": self._poll, "/socket": self._socket}
            if asked.path in routes:
                await routes[asked.path](asked, reader, writer)
            else:
                self._file(asked, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _file(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.path == "/session":
            known = asked.headers.get("cookie", "") in self.sessions
            _answer(writer, HTTPStatus.NO_CONTENT if known else HTTPStatus.UNAUTHORIZED)
        elif asked.path in FILES:
            kind, name = FILES[asked.path]
            _answer(writer, HTTPStatus.OK, (LAB / name).read_bytes(), kind, {"Set-Cookie": COOKIE})
        else:
            _answer(writer, HTTPStatus.OK, b"here\n")

    async def _events(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        chunked = {"Transfer-Encoding": "chunked"} if asked.version == "HTTP/1.1" else {}
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache", **chunked, **self.headers}
        _head(writer, HTTPStatus.OK, headers)

        def send(number: int, text: str) -> None:
            _chunk(writer, asked, _event(number, text))

        def end() -> None:
            _chunk(writer, asked, b"")

        _chunk(writer, asked, f"retry: {self.retry}\n\n".encode())
        await self._stay(Reader(asked, send, writer, end=end), reader)

    async def _poll(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def send(number: int, text: str) -> None:
            body = json.dumps({"after": len(self.events), "events": self.events[number - 1 :]}).encode()
            _answer(writer, HTTPStatus.OK, body, "application/json", {"Cache-Control": "no-store"})
            self._drop(waiting)

        waiting = Reader(asked, send, writer)
        try:
            await asyncio.wait_for(self._stay(waiting, reader), self.hold)
        except TimeoutError:
            _answer(writer, HTTPStatus.NO_CONTENT)

    async def _socket(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol = ServerProtocol()
        protocol.receive_data(asked.raw)
        response = protocol.accept(next(event for event in protocol.events_received() if isinstance(event, Request)))
        protocol.send_response(response)

        def flush() -> None:
            for data in protocol.data_to_send():
                writer.write(data)

        def send(number: int, text: str) -> None:
            protocol.send_text(json.dumps({"id": number, "data": text}).encode())
            flush()

        def receive(data: bytes) -> None:
            protocol.receive_data(data)
            flush()
            if protocol.close_expected() and waiting in self.readers:
                self._drop(waiting)

        def ping() -> None:
            protocol.send_ping(b"")
            flush()

        def end() -> None:
            protocol.send_close(1000)
            flush()

        flush()
        waiting = Reader(asked, send, writer, ping, end)
        if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            await self._stay(waiting, reader, receive)

    async def _stay(
        self, waiting: Reader, reader: asyncio.StreamReader, receive: Callable[[bytes], object] = len
    ) -> None:
        """Send what the client has missed, and then every new event, until it leaves."""
        self.readers.append(waiting)
        try:
            if self.remembers:
                for number in range(waiting.asked.after, len(self.events)):
                    if waiting in self.readers:
                        waiting.send(number + 1, self.events[number])
            while waiting in self.readers and (data := await reader.read(65_536)):
                receive(data)
        finally:
            if waiting in self.readers:
                self.readers.remove(waiting)

    def _drop(self, reader: Reader) -> None:
        self.readers.remove(reader)
        reader.writer.close()


# --8<-- [start:event]
def _event(number: int, text: str) -> bytes:
    return f"id: {number}\ndata: {text}\n\n".encode()


# --8<-- [end:event]


def _chunk(writer: asyncio.StreamWriter, asked: Asked, raw: bytes) -> None:
    writer.write(_chunked(raw) if asked.version == "HTTP/1.1" else raw)


def _chunked(raw: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(raw), raw)


def _head(writer: asyncio.StreamWriter, status: HTTPStatus, headers: Mapping[str, str]) -> None:
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode())


def _answer(
    writer: asyncio.StreamWriter,
    status: HTTPStatus,
    body: bytes = b"",
    kind: str = "text/plain",
    headers: Mapping[str, str] | None = None,
) -> None:
    described = {"Content-Type": kind, "Content-Length": str(len(body))} if status != HTTPStatus.NO_CONTENT else {}
    _head(writer, status, {**described, **(headers or {})})
    writer.write(body)
