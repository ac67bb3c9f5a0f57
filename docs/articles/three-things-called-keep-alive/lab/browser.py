"""A page in Chromium whose WebSocket talks to a server of this process, in a namespace without a way out."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from engblog.lab.process import find_program
from namespaces import Network, inside
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

PINGS = 3
_HTML = b"<!doctype html><title>A page with a WebSocket</title><script type=module src=/page.mjs></script>"
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Visit:
    """What the server learned of a page."""

    methods: list[str]
    """What ``typeof`` says of the socket's ``send``, ``ping`` and ``pong``."""
    pongs: int = 0
    answered: bool = False
    """Whether the page itself answered a message after the pings."""
    beats: int = 0
    """Heartbeats of the page that the server answered before it fell silent."""
    close_code: int | None = None
    """The code with which the page then closed its socket."""


_SEEN: dict[bool, Visit] = {}


def chromium() -> str:
    """Return Chromium's path."""
    return find_program("chromium", package="chromium")


def chromium_version() -> str:
    """Return Chromium's version."""
    printed = subprocess.run([chromium(), "--version"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"\d+(?:\.\d+)+", printed)[0]


def visit(network: Network, *, hang: bool) -> Visit:
    """Open the page; let it hang if asked to; then send it a message and some pings. Each is made once."""
    if hang not in _SEEN:
        _SEEN[hang] = asyncio.run(_visit(network.server, hang))
    return _SEEN[hang]


async def _visit(namespace: str, hang: bool) -> Visit:
    finished: asyncio.Future[Visit] = asyncio.get_running_loop().create_future()

    async def talk(websocket: ServerConnection) -> None:
        try:
            finished.set_result(await _talk(websocket, hang))
        except Exception as error:
            if not finished.done():
                finished.set_exception(error)

    with inside(namespace):
        listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    async with serve(talk, sock=listener, process_request=_page, ping_interval=None, close_timeout=0.1):
        profile = tempfile.mkdtemp(prefix="lab-chromium-")
        browser = subprocess.Popen(
            [*_in(namespace), chromium(), *_QUIET, f"--user-data-dir={profile}", f"http://127.0.0.1:{port}/"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that the hung renderer can be ended with it
        )
        try:
            return await asyncio.wait_for(finished, 60)
        finally:
            os.killpg(browser.pid, signal.SIGKILL)
            browser.wait()
            shutil.rmtree(profile, ignore_errors=True)


def _in(namespace: str) -> list[str]:
    return ["ip", "netns", "exec", namespace]


def _page(_connection: ServerConnection, request: Request) -> Response | None:
    """Answer what is asked for beside the socket: the page, and its script."""
    script = Path(__file__).with_name("page.mjs").read_bytes()
    files = {"/": ("text/html", _HTML), "/page.mjs": ("text/javascript", script)}
    if request.path == "/socket":
        return None
    kind, body = files.get(request.path, ("text/plain", b""))
    return Response(200, "OK", Headers({"Content-Type": kind, "Content-Length": str(len(body))}), body)


async def _talk(websocket: ServerConnection, hang: bool) -> Visit:
    found = Visit(methods=str(await websocket.recv()).split())
    if hang:
        await websocket.send("hang")
        await asyncio.sleep(0.2)
    await websocket.send("are you there?")
    for _ in range(PINGS):
        pong = await websocket.ping()
        await asyncio.wait_for(pong, 30)
        found.pongs += 1
    with contextlib.suppress(TimeoutError):
        found.answered = await asyncio.wait_for(websocket.recv(), 1.0 if hang else 30) == "here"
    if not hang:
        await _fall_silent(websocket, found)
    return found


async def _fall_silent(websocket: ServerConnection, found: Visit) -> None:
    """Answer two heartbeats of the page and then none, and wait for it to close the socket."""
    await websocket.send("watch me")
    try:
        while await asyncio.wait_for(websocket.recv(), 30) == "ping":
            if found.beats < 2:
                await websocket.send("pong")
                found.beats += 1
    except ConnectionClosed as closed:
        found.close_code = closed.rcvd.code if closed.rcvd else None
