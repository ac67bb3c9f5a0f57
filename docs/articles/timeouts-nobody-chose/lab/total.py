"""A limit for a whole call, in blocking code."""
# ruff: noqa: S310

from __future__ import annotations

import time
import urllib.request


# --8<-- [start:get]
def get(url: str, seconds: float) -> bytes:
    """Get a page, but give up between two pieces of its body once *seconds* have passed."""
    ends, body = time.monotonic() + seconds, b""
    with urllib.request.urlopen(url, timeout=seconds) as answer:
        while piece := answer.read1():
            body += piece
            if time.monotonic() > ends:
                raise TimeoutError(f"no complete answer within {seconds} s")
    return body
    # --8<-- [end:get]
