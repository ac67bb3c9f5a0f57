"""A published site: a folder or an address on the web. Its answers are not trusted."""

from __future__ import annotations

import os
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Protocol
from urllib.parse import quote, urlsplit

from engblog.model.errors import EngblogError
from engblog.model.urls import page_address

_SOCKET_SECONDS = 20
_FILE_SECONDS = 120
_CHUNK = 64 * 1024
_HEADERS: Mapping[str, str] = {
    "Accept-Encoding": "identity",
    "Cache-Control": "no-cache",
    "User-Agent": "engblog-verify",
}
_GONE = frozenset({404, 410})


class PublishedError(EngblogError):
    """A site cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for a path: the bytes, or the reason in words why there are none."""

    data: bytes | None
    """At most one byte more than the limit; that extra byte shows that the file is longer."""
    said: str = ""


class Published(Protocol):
    """A published site."""

    @property
    def name(self) -> str:
        """Its name for people."""

    def read(self, path: str, limit: int) -> Answer:
        """Read the file at *path*, from the site's root: at most *limit* bytes and one. Raises
        :class:`PublishedError`."""

    def paths(self) -> frozenset[str] | None:
        """Every file; None if they cannot be listed."""

    def close(self) -> None:
        """Close connections. Files can still be read."""


def published(place: str) -> Published:
    """The site at *place*: an address that begins with ``http://`` or ``https://``, or a folder.

    Raises :class:`PublishedError`.
    """
    scheme, found, _ = place.partition("://")
    if not found:
        return FolderSite(Path(place))
    if scheme.lower() in {"http", "https"}:
        return WebSite(place)
    raise PublishedError(f"{place}: this must be a folder, or an address that begins with http:// or https://")


class FolderSite:
    """A site in a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise PublishedError(f"{folder}: there is no such folder; `mkdocs build` writes the site into site/")
        self._folder = folder

    @property
    def name(self) -> str:
        """The folder."""
        return str(self._folder)

    def read(self, path: str, limit: int) -> Answer:
        """See :class:`Published`."""
        try:
            with (self._folder / path).open("rb") as file:
                return Answer(file.read(limit + 1))
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return Answer(None, "is missing")
        except OSError as error:
            return Answer(None, f"cannot be read: {error.strerror}")

    def paths(self) -> frozenset[str]:
        """Every file except git's, which a checkout of a pages branch has."""
        found = []
        for folder, folders, names in os.walk(self._folder):
            base = Path(folder).relative_to(self._folder)
            if not base.parts:
                folders[:] = [name for name in folders if name != ".git"]
            found += [(base / name).as_posix() for name in names if base.parts or name != ".git"]
        return frozenset(found)

    def close(self) -> None:
        """Do nothing: there is nothing to close."""


class WebSite:
    """A site on the web. Connections are kept for the next file; several threads may read at once.

    Redirects are not followed, and no other host is asked.
    """

    def __init__(self, address: str, *, seconds: float = _SOCKET_SECONDS) -> None:
        """Wait up to *seconds* for the host to send data. Raises :class:`PublishedError` if *address* is not valid."""
        try:
            split = urlsplit(address)
            host, self._port = split.hostname, split.port
        except ValueError as error:
            raise PublishedError(f"{address}: {error}") from None
        if not host or split.username is not None or split.query or split.fragment:
            raise PublishedError(f"{address}: write it as https://example.org/blog/, without a user, query or fragment")
        path = split.path.removesuffix("build.json")
        self._root = quote(path if path.endswith("/") else f"{path}/", safe="/%:@!$&'()*+,;=~")
        self._host, self._seconds = host, seconds
        self._tls = ssl.create_default_context() if split.scheme.lower() == "https" else None
        self._idle: SimpleQueue[HTTPConnection] = SimpleQueue()
        self._address = f"{split.scheme.lower()}://{split.netloc}{self._root}"

    @property
    def name(self) -> str:
        """The address, with a closing slash."""
        return self._address

    def paths(self) -> None:
        """None, because the files of a web server cannot be listed."""
        return

    def close(self) -> None:
        """Close the connections that are kept."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def read(self, path: str, limit: int) -> Answer:
        """See :class:`Published`. A page is requested by the address that readers use."""
        target = self._root + quote(page_address(path), safe="/~")
        for connect in (self._kept, self._connect):
            try:
                return self._ask(connect(), target, limit)
            except (OSError, HTTPException) as error:
                # A host may close a kept connection at any time; a new one must answer.
                problem = error
        raise PublishedError(f"{self._address}: no answer for {path}: {_reason(problem)}") from None

    def _kept(self) -> HTTPConnection:
        try:
            return self._idle.get_nowait()
        except Empty:
            return self._connect()

    def _connect(self) -> HTTPConnection:
        if self._tls is None:
            return HTTPConnection(self._host, self._port, timeout=self._seconds)
        return HTTPSConnection(self._host, self._port, timeout=self._seconds, context=self._tls)

    def _ask(self, connection: HTTPConnection, target: str, limit: int) -> Answer:
        try:
            connection.request("GET", target, headers=_HEADERS)
            response = connection.getresponse()
            answer = _answer(response, target, limit)
            if response.isclosed() or response.length == 0:
                response.close()
                self._idle.put(connection)
                return answer
        except BaseException:
            connection.close()
            raise
        connection.close()  # the rest of a body is not worth reading
        return answer


def _answer(response: HTTPResponse, target: str, limit: int) -> Answer:
    if response.status != 200:
        _body(response, _CHUNK)
        if response.status in _GONE:
            return Answer(None, "is missing")
        if 300 <= response.status < 400:
            return Answer(None, f"redirects to {response.getheader('Location', 'nowhere')[:200]}")
        return Answer(None, f"answers {response.status} {response.reason[:100]}")
    encoding = response.getheader("Content-Encoding", "identity").lower()
    if encoding == "identity" or target.endswith(".gz"):
        return Answer(_body(response, limit))
    if encoding != "gzip":
        return Answer(None, f"has the encoding {encoding[:50]}, which was not requested")
    return Answer(_unpacked(_body(response, limit + _CHUNK), limit))


def _body(response: HTTPResponse, limit: int) -> bytes:
    """Read at most *limit* bytes and one. Raises ``TimeoutError`` if they take too long together, even if each is
    quick."""
    end = time.monotonic() + _FILE_SECONDS
    parts, size = [], 0
    while size <= limit and (part := response.read1(min(_CHUNK, limit + 1 - size))):
        parts.append(part)
        size += len(part)
        if time.monotonic() > end:
            raise TimeoutError(f"not complete after {_FILE_SECONDS} seconds")
    if size <= limit and response.length:
        raise HTTPException("the connection ended before the file was complete")
    return b"".join(parts)


def _unpacked(data: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, limit + 1)
    except zlib.error:
        return data  # not in the encoding of its header, so it cannot match the build either


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return str(error) if str(error).startswith("not complete") else "the host does not answer"
    text = getattr(error, "strerror", None) or str(error)
    return text or type(error).__name__
