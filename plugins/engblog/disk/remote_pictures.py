"""Fetches pictures of an old blog from other hosts, when its user asks for that."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import quote, urlsplit, urlunsplit

from engblog.source.pictures import MOST_BYTES

_SECONDS = 20
_AGENT = "engblog-import (+https://pypi.org/project/engblog/)"


def fetch_picture(address: str) -> bytes | None:
    """The bytes at *address*; None if there is nothing, or more than a picture may have."""
    split = urlsplit(address)
    if split.scheme not in {"http", "https"}:
        return None
    safe = urlunsplit(
        split._replace(path=quote(split.path, safe="/%:@!$&'()*+,;=~"), query=quote(split.query, safe="=&%+/:?@,;"))
    )
    request = urllib.request.Request(safe, headers={"User-Agent": _AGENT})  # noqa: S310  (http and https only)
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            data: bytes = answer.read(MOST_BYTES + 1)
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError):
        return None
    return data if 0 < len(data) <= MOST_BYTES else None


def remembering(fetch: Callable[[str], bytes | None]) -> Callable[[str], bytes | None]:
    """*fetch*, asked only once for each address."""
    known: dict[str, bytes | None] = {}

    def fetched(address: str) -> bytes | None:
        if address not in known:
            known[address] = fetch(address)
        return known[address]

    return fetched
