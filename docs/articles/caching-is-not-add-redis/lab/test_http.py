"""Validation: what a 304 saves, what it does not, and where an ETag comes from."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from .counted_origin import Answer, Asked, CountedOrigin

BODY = os.urandom(50_000).hex().encode()

STATIC = """
user root;
events {}
http {
    server {
        listen 127.0.0.1:{port};
        location / { root site; }
    }
}
"""


def get(port: int, path: str, **headers: str) -> requests.Response:
    """One GET, with nothing kept between calls."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(f"http://127.0.0.1:{port}{path}", headers=named, timeout=60)


@pytest.mark.fails_when("the file has changed since", assertion="second.status_code == 304", changed=True)
def test_a_304_carries_no_body(start_nginx: Callable[[str], Any], record: Any, changed: bool = False) -> None:
    """A request with the ETag of a file that has not changed is answered 304 without a body."""
    server = start_nginx(STATIC)
    file = server.folder / "site" / "prices.json"
    file.parent.mkdir()
    file.write_bytes(BODY)
    first = get(server.port, "/prices.json")
    if changed:
        file.write_bytes(BODY + b"!")
    second = get(server.port, "/prices.json", If_None_Match=first.headers["ETag"])
    record.number("body_200", len(first.content), unit="bytes", note="body of the 200")
    record.number(
        "head_304", sum(len(f"{k}: {v}\r\n") for k, v in second.headers.items()), unit="bytes", note="304's head"
    )

    assert (first.status_code, len(first.content)) == (200, len(BODY))
    assert second.status_code == 304
    assert second.content == b""


@pytest.mark.fails_when("both copies have the same modification time", assertion="tags[0] != tags[1]", same_time=True)
def test_the_same_file_has_another_etag_on_the_next_server(
    start_nginx: Callable[[str], Any], record: Any, same_time: bool = False
) -> None:
    """nginx makes the ETag of a file from its modification time and its size: equal copies on two servers differ."""
    tags = []
    for seconds in (1_700_000_000, 1_700_000_001):
        server = start_nginx(STATIC)
        file = server.folder / "site" / "prices.json"
        file.parent.mkdir()
        file.write_bytes(BODY)
        modified = 1_700_000_000 if same_time else seconds
        os.utime(file, (modified, modified))
        tags.append(get(server.port, "/prices.json").headers["ETag"])
    record.number("etag", tags[0], note="ETag of a file, the first of two servers")
    again = get(server.port, "/prices.json", If_None_Match=tags[0])

    assert tags[0] != tags[1]
    assert again.status_code == 200  # the whole body again, for a file that is the same
    assert re.fullmatch(f'"{1_700_000_000:x}-{len(BODY):x}"', tags[0])


@pytest.mark.fails_when("the tag is the version of the row", assertion="rendered == 10", tag="version")
def test_a_304_whose_tag_is_a_hash_saves_no_work(origin: CountedOrigin, tag: str = "hash") -> None:
    """With an ETag that is a hash of the page, ten requests answered 304 have rendered the page ten times."""
    rendered = 0

    def render() -> bytes:
        nonlocal rendered
        rendered += 1
        return BODY

    def answer(asked: Asked) -> Answer:
        if tag == "version":
            etag = '"price-17"'  # known before the page is made
            if asked.headers.get("if-none-match") == etag:
                return Answer(status=304, headers={"ETag": etag})
            return Answer(render(), headers={"ETag": etag})
        page = render()
        etag = f'"{hashlib.sha256(page).hexdigest()[:16]}"'
        if asked.headers.get("if-none-match") == etag:
            return Answer(status=304, headers={"ETag": etag})
        return Answer(page, headers={"ETag": etag})

    origin.answer = answer
    etag = get(origin.port, "/").headers["ETag"]
    rendered = 0
    statuses = [get(origin.port, "/", If_None_Match=etag).status_code for _ in range(10)]

    assert statuses == [304] * 10
    assert rendered == 10
