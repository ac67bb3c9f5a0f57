"""The rungs of the staircase: one hit in each cache, as a call that can be timed."""

from __future__ import annotations

import functools
from collections.abc import Callable

from .round_trips import Wire, command

PAGE = b"p" * 1_000

NAMES = {
    "l1": "L1",
    "l2": "L2",
    "l3": "L3",
    "memory": "memory",
    "local": "LRU in process",
    "page_warm": "page cache",
    "memcached": "memcached",
    "redis": "Redis",
    "lookup": "PostgreSQL",
    "nginx": "nginx",
    "page_cold": "disk",
}


def local() -> Callable[[], object]:
    """A hit in functools.lru_cache."""
    cached = functools.lru_cache(maxsize=1_000)(lambda product: product)
    return lambda: cached(4711)


def memcached(wire: Wire) -> Callable[[], bytes]:
    """A hit in memcached."""
    wire.ask(b"set price:4711 0 0 4\r\n4711\r\n", b"STORED\r\n")
    return lambda: wire.ask(b"get price:4711\r\n", b"END\r\n")


def redis(wire: Wire) -> Callable[[], bytes]:
    """A hit in Redis."""
    wire.ask(command("SET", "price:4711", 4711), b"+OK\r\n")
    return lambda: wire.ask(command("GET", "price:4711"), b"4711\r\n")


def nginx(wire: Wire) -> Callable[[], bytes]:
    """A hit in the cache of nginx, on a connection that stays open."""
    request = b"GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n"
    wire.ask(request, PAGE)
    return lambda: wire.ask(request, PAGE)
