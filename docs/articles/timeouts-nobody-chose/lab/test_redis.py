"""A call that is silent on purpose, and a socket timeout that doesn't know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry


@pytest.mark.fails_when("the socket timeout is longer", assertion='outcome == "TimeoutError"', socket_timeout=60)
def test_a_socket_timeout_ends_a_blocking_pop(start_redis: Callable[..., Any], socket_timeout: float = 0.3) -> None:
    """A BRPOP that may wait for a second fails under a socket timeout of 0.3 s, although the server is healthy."""
    server = start_redis(save="")
    client = redis.Redis(port=server.port, socket_timeout=socket_timeout, retry=Retry(NoBackoff(), 0))
    assert client.ping()
    outcome = "ok"
    try:
        client.brpop(["queue"], timeout=1)
    except redis.TimeoutError as error:
        outcome = type(error).__name__
    assert outcome == "TimeoutError"
    assert redis.Redis(port=server.port).ping()
