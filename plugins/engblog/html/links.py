"""Where the addresses on a site's pages lead: to one of its files, to nothing, or to another host."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from urllib.parse import unquote, urlsplit

from engblog.model.urls import page_address

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*+:")
_UNKNOWN = "https://site.invalid/"
"""Where a site lives that does not say: RFC 2606 promises that nobody else does."""
_FETCHED = frozenset({"http", "https", "ws", "wss", "ftp"})
_CONTROL = re.compile(r"[\t\n\r]")


def clean_address(address: str) -> str:
    """*address* as browsers take it: without white space around it and line breaks inside."""
    return _CONTROL.sub("", address.strip("\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f\x1b\x1f "))


class Where(Enum):
    """On which side of the site's border an address is."""

    SITE = "below the site's address"
    BESIDE = "on the site's host, but not below its address"
    ELSEWHERE = "on another host"
    NOWHERE = "no place on the web: mail, a telephone, data"


@dataclass(frozen=True, slots=True)
class Target:
    """Where an address leads."""

    where: Where
    path: str = ""
    """Of an address within the site: the path of its file from the site's root, whether there is one or not."""
    fragment: str = ""
    """What stands after ``#``, as it is written."""
    found: bool = False
    """Whether the site has that file."""
    host: str = ""


class Addresses:
    """The addresses of a site: *url* is its own, empty when it does not know it; *paths* are its files."""

    def __init__(self, url: str, paths: Iterable[str]) -> None:
        self._root = url or _UNKNOWN
        split = urlsplit(self._root)
        self._origin = (split.scheme.lower(), split.netloc.lower())
        self._base = unquote(split.path) or "/"
        self._files = frozenset(paths)
        self._known: dict[tuple[str, str], tuple[str, bool] | None] = {}

    def of(self, page: str) -> str:
        """The address of a page's file: ``index.html`` goes without saying."""
        return f"{self._root}{page_address(page)}"

    def target(self, page: str, address: str) -> Target:
        """Where *address* leads from the file *page*, a path from the site's root."""
        address, _, fragment = address.partition("#")
        path = address.partition("?")[0]
        if not path:
            return Target(Where.SITE, page, fragment, page in self._files)
        if "\\" in path:
            path = path.replace("\\", "/")  # as browsers do
        if path.startswith(self._root) and "/.." not in path:
            return self._within("", path[len(self._root) :], fragment)
        if _SCHEME.match(path):
            return self._whole(path, fragment)
        if path.startswith("//"):
            return self._whole(f"{self._origin[0]}:{path}", fragment)
        if path.startswith("/"):
            return self._absolute(unquote(path), fragment)
        folder = page.rpartition("/")[0]
        while path.startswith("../") and folder:
            folder = folder.rpartition("/")[0]
            path = path[3:]
        return self._within(folder, path, fragment)

    def _whole(self, address: str, fragment: str) -> Target:
        try:
            split = urlsplit(address)
        except ValueError:  # brackets that hold no address of a host
            return Target(Where.ELSEWHERE, host=address)
        scheme = split.scheme.lower()
        if (scheme, split.netloc.lower()) == self._origin:
            path = _normal(unquote(split.path) or "/")
            if path.startswith(self._base):
                return self._within("", path[len(self._base) :], fragment, decode=False)
            return Target(Where.BESIDE, path)
        if scheme in _FETCHED:
            return Target(Where.ELSEWHERE, host=split.netloc or address)
        return Target(Where.NOWHERE)

    def _absolute(self, path: str, fragment: str) -> Target:
        path = _normal(path)
        if path.startswith(self._base):
            return self._within("", path[len(self._base) :], fragment, decode=False)
        return Target(Where.SITE, f"..{path}" if self._base != "/" else path, fragment, found=False)

    def _within(self, folder: str, path: str, fragment: str, *, decode: bool = True) -> Target:
        key = (folder, path)
        if key not in self._known:
            whole = unquote(path) if decode and "%" in path else path
            self._known[key] = self._file(_normal(f"{self._base}{folder}/{whole}" if folder else self._base + whole))
        known = self._known[key]
        if known is None:
            return Target(Where.SITE, f"../{path}", fragment, found=False)
        return Target(Where.SITE, known[0], fragment, known[1])

    def _file(self, path: str) -> tuple[str, bool] | None:
        """The file that a server answers with for *path*, which begins with a slash."""
        if not path.startswith(self._base):
            return None
        name = path[len(self._base) :]
        if not name or name.endswith("/"):
            name += "index.html"
        return name, name in self._files


def _normal(path: str) -> str:
    """*path* without ``.``, ``..`` and empty parts; it keeps a slash at its end."""
    if "/." not in path and "//" not in path:
        return path
    parts: list[str] = []
    pieces = path.split("/")
    for piece in pieces[1:]:
        if piece == "..":
            del parts[-1:]
        elif piece not in {".", ""}:
            parts.append(piece)
    end = "/" if pieces[-1] in {"", ".", ".."} and parts else ""
    return f"/{'/'.join(parts)}{end}"
