"""A site where it is published: a folder, or an address on the web. Whatever answers there is not to be trusted."""

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
    """A site cannot be looked at; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is found at a path: the bytes, or in words why there are none."""

    data: bytes | None
    """At most the number that was asked for and one more: then there are more."""
    said: str = ""


class Published(Protocol):
    """A site where it is published."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    def read(self, path: str, limit: int) -> Answer:
        """The file at *path*, from the site's root; at most *limit* bytes and one. Raises :class:`PublishedError`."""

    def paths(self) -> frozenset[str] | None:
        """Every file; None if nobody can know."""

    def close(self) -> None:
        """Let go of what is held open. Files can still be read."""


def published(place: str) -> Published:
    """The site at *place*: an address that begins with ``http://`` or ``https://``, or a folder.

    Raises :class:`PublishedError`.
    """
    scheme, found, _ = place.partition("://")
    if not found:
        return FolderSite(Path(place))
    if scheme.lower() in {"http", "https"}:
        return WebSite(place)
    raise PublishedError(f"{place}: give an address that begins with http:// or https://, or a folder")


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
            return Answer(None, "is not there")
        except OSError as error:
            return Answer(None, f"cannot be read: {error.strerror}")

    def paths(self) -> frozenset[str]:
        """Every file but those of git, which a checkout of a branch of pages has."""
        found = []
        for folder, folders, names in os.walk(self._folder):
            base = Path(folder).relative_to(self._folder)
            if not base.parts:
                folders[:] = [name for name in folders if name != ".git"]
            found += [(base / name).as_posix() for name in names if base.parts or name != ".git"]
        return frozenset(found)

    def close(self) -> None:
        """Nothing is held open."""


class WebSite:
    """A site on the web. Connections are kept for the next file; several threads may read at once.

    Redirects are not followed, and no other host is asked.
    """

    def __init__(self, address: str, *, seconds: float = _SOCKET_SECONDS) -> None:
        """*seconds* is how long the host may keep silent. Raises :class:`PublishedError` if *address* is none."""
        try:
            split = urlsplit(address)
            host, self._port = split.hostname, split.port
        except ValueError as error:
            raise PublishedError(f"{address}: {error}") from None
        if not host or split.username is not None or split.query or split.fragment:
            raise PublishedError(f"{address}: write it as https://example.org/blog/, without user, query and fragment")
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
        """Nobody can list what a web server has."""
        return

    def close(self) -> None:
        """Close the connections that are kept."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def read(self, path: str, limit: int) -> Answer:
        """See :class:`Published`. A page is asked for by the address that its readers use."""
        target = self._root + quote(page_address(path), safe="/~")
        for connect in (self._kept, self._connect):
            try:
                return self._ask(connect(), target, limit)
            except (OSError, HTTPException) as error:
                # A host may hang up on a connection that it kept, at any time; one that is new must answer.
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
            return Answer(None, "is not there")
        if 300 <= response.status < 400:
            return Answer(None, f"redirects to {response.getheader('Location', 'nowhere')[:200]}")
        return Answer(None, f"answers {response.status} {response.reason[:100]}")
    encoding = response.getheader("Content-Encoding", "identity").lower()
    if encoding == "identity" or target.endswith(".gz"):
        return Answer(_body(response, limit))
    if encoding != "gzip":
        return Answer(None, f"comes in the encoding {encoding[:50]}, which was not asked for")
    return Answer(_unpacked(_body(response, limit + _CHUNK), limit))


def _body(response: HTTPResponse, limit: int) -> bytes:
    """At most *limit* bytes and one. Raises ``TimeoutError`` if they take too long, whatever each single one takes."""
    end = time.monotonic() + _FILE_SECONDS
    parts, size = [], 0
    while size <= limit and (part := response.read1(min(_CHUNK, limit + 1 - size))):
        parts.append(part)
        size += len(part)
        if time.monotonic() > end:
            raise TimeoutError(f"not complete after {_FILE_SECONDS} seconds")
    if size <= limit and response.length:
        raise HTTPException("the connection ended before the file did")
    return b"".join(parts)


def _unpacked(data: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, limit + 1)
    except zlib.error:
        return data  # not what its header says: then it is not what was built either


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return str(error) if str(error).startswith("not complete") else "the host keeps silent"
    text = getattr(error, "strerror", None) or str(error)
    return text or type(error).__name__
