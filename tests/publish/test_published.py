"""A published site is read from whatever answers."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from engblog.publish.published import PublishedError, WebSite
from support.pictures import PNG
from support.verifying import Asked

Reply = Callable[[BaseHTTPRequestHandler], None]


@contextlib.contextmanager
def host(replies: dict[str, Reply], otherwise: Reply) -> Iterator[tuple[str, list[str]]]:
    """A host that answers as told; its address, and where requests came from, one for each."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            seen.append(f"{self.client_address[1]}")
            replies.get(self.path, otherwise)(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", seen
        server.shutdown()


def answer(body: bytes, status: int = 200, *, length: int | None = None, **headers: str) -> Reply:
    def reply(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body) if length is None else length))
        request.end_headers()
        request.wfile.write(body)
        if length is not None:
            request.close_connection = True

    return reply


def raw(data: bytes) -> Reply:
    def reply(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(data)
        request.close_connection = True

    return reply


def silent(request: BaseHTTPRequestHandler) -> None:
    request.rfile.read(1)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (answer(b"", 404), "build.json is missing; is this the root of a site that was built with this plugin?"),
        (answer(b"<!doctype html>"), "build.json is not what a build writes: it is an HTML page"),
        (answer(b'{"commit": "HEAD"}'), "build.json is not what a build writes: commit, epoch"),
        (answer(b"", 301, Location="https://else.example/"), "redirects to https://else.example/; give that address"),
        (answer(b"", 302, Location="/\x1b[2Jx"), r"redirects to /\x1b[2Jx; give that address"),
        (answer(b"down", 503), "build.json answers 503 Service Unavailable"),
        (answer(b"", 403), "build.json answers 403 Forbidden"),
        (answer(b" " * 100_000), "build.json has more than 65536 bytes, so the build did not write it"),
        (answer(gzip.compress(b" " * 10_000_000), Content_Encoding="gzip"), "has more than 65536 bytes"),
        (answer(b"x", Content_Encoding="br"), "has the encoding br, which was not requested"),
        (answer(b"{", length=100), "no answer for build.json: the connection ended before the file was complete"),
        (raw(b""), "no answer for build.json: "),
        (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "no answer for build.json: "),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"), "no answer for build.json: "),
    ],
)
@pytest.mark.usefixtures("published")
def test_whatever_a_host_answers_is_said_in_a_line(verify: Asked, reply: Reply, said: str) -> None:
    with host({}, reply) as (address, _):
        status, told = verify(address)
    assert status == 1
    assert told.startswith(f"engblog: {address}: ")
    assert said in told
    assert "\n" not in told


@pytest.mark.usefixtures("published")
def test_a_host_that_does_not_listen_is_said(verify: Asked) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    assert verify(address) == (1, f"engblog: {address}: no answer for build.json: Connection refused")


def test_a_host_that_keeps_silent_is_not_waited_for() -> None:
    with host({}, silent) as (address, _):
        place = WebSite(address, seconds=0.2)
        with pytest.raises(PublishedError, match="the host does not answer"):
            place.read("build.json", 100)
        place.close()


def test_a_file_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engblog.publish.published._FILE_SECONDS", 0.3)

    def trickle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100000")
        request.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(200):
                request.wfile.write(b"x")
                threading.Event().wait(0.02)

    with host({}, trickle) as (address, _):
        place = WebSite(address)
        with pytest.raises(PublishedError, match=r"not complete after 0\.3 seconds"):
            place.read("build.json", 100_000)
        place.close()


def test_of_a_file_without_end_no_more_is_read_than_was_built(compare: Asked, published: Path) -> None:
    sent = []

    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(10**12))
        request.end_headers()
        with contextlib.suppress(OSError):
            while len(sent) < 1000:
                request.wfile.write(PNG + b"x" * 100_000)
                sent.append(1)

    with host({"/logo.png": endless}, _file_of(published)) as (address, _):
        status, said = compare(address)
    assert status == 1
    assert f"logo.png: continues after the {len(PNG)} bytes that were built" in said
    assert len(sent) < 1000


def _file_of(published: Path) -> Reply:
    def reply(request: BaseHTTPRequestHandler) -> None:
        file = published / request.path.lstrip("/")
        answer((file / "index.html" if file.is_dir() else file).read_bytes())(request)

    return reply


def test_connections_are_kept(compare: Asked, published: Path) -> None:
    with host({}, _file_of(published)) as (address, seen):
        assert compare(address)[0] == 0
    assert len(seen) > 20
    assert len(set(seen)) <= 6


def test_a_host_that_hangs_up_after_each_file_is_asked_anew(compare: Asked, published: Path) -> None:
    def reply(request: BaseHTTPRequestHandler) -> None:
        _file_of(published)(request)
        request.close_connection = True  # without saying so

    with host({}, reply) as (address, _):
        assert compare(address)[0] == 0


def test_a_packed_answer_is_unpacked_but_not_a_packed_file(compare: Asked, published: Path) -> None:
    def reply(request: BaseHTTPRequestHandler) -> None:
        file = published / request.path.lstrip("/")
        data = (file / "index.html" if file.is_dir() else file).read_bytes()
        packed = data if file.suffix == ".gz" else gzip.compress(data)
        answer(packed, Content_Encoding="gzip")(request)

    with host({}, reply) as (address, _):
        assert compare(address)[0] == 0


def test_a_host_that_still_serves_the_old_site_is_asked_again(compare: Asked, published: Path) -> None:
    asked = []

    def reply(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        (answer(b"", 404) if len(asked) == 1 else _file_of(published))(request)

    with host({}, reply) as (address, _):
        assert compare(address, wait=1)[0] == 0
    assert asked.count("/build.json") == 3  # not there; there; and compared with the others


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("ftp://example.org/", "this must be a folder, or an address that begins with http:// or https://"),
        ("file:///etc", "an address that begins with http:// or https://"),
        ("http://", "write it as https://example.org/blog/"),
        ("http://user:secret@example.org/", "without a user, query or fragment"),
        ("http://example.org/?x=1", "without a user, query or fragment"),
        ("http://example.org:port/", "Port could not be cast to integer"),
        ("http://[::1/", "Invalid IPv6 URL"),
        ("http://bad host/", "no answer for build.json"),
        ("http://-.invalid/", "no answer for build.json"),
        ("no/such/folder", "no/such/folder: there is no such folder"),
        ("", "there is no such folder|build.json is missing"),
    ],
)
@pytest.mark.usefixtures("published")
def test_what_is_no_place_is_said(verify: Asked, place: str, said: str) -> None:
    status, told = verify(place)
    assert status == 1
    assert any(each in told for each in said.split("|")), told
