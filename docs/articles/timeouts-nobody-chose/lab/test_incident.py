"""A silent service that nobody needs takes a whole shop down, and a timeout brings a part of it back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from engblog.lab.process import wait_until
from peers import Peer
from shop import Shop

WORKERS = 4


@pytest.fixture
def open_shop(silent: Peer) -> Iterator[Callable[[float | None], Shop]]:
    """Open shops whose recommendations come from the silent peer."""
    made: list[Shop] = []

    def start(timeout: float | None) -> Shop:
        made.append(Shop(silent.port, WORKERS, timeout))
        return made[-1]

    yield start
    silent.close()
    for shop in made:
        shop.close()


@pytest.mark.fails_when("the call has a timeout", assertion="health is None", timeout=0.25)
def test_one_silent_service_takes_the_shop_down(
    open_shop: Callable[..., Shop], silent: Peer, timeout: float | None = None
) -> None:
    """Four requests for recommendations without a timeout occupy all four workers, and /health has no answer either."""
    shop = open_shop(timeout)
    assert shop.get("/health", 30) == b"fine"
    visitors = [threading.Thread(target=shop.get, args=("/product", 30), daemon=True) for _ in range(WORKERS)]
    for visitor in visitors:
        visitor.start()
    wait_until(lambda: len(silent.accepted) == WORKERS, seconds=60, what="all workers to wait")
    health = shop.get("/health", 2)
    assert health is None


@pytest.mark.fails_when("the timeout is 50 ms", assertion="rate <= WORKERS / 0.5", timeout=0.05)
def test_a_timeout_turns_an_outage_into_a_rate(
    open_shop: Callable[..., Shop], record: Any, timeout: float = 0.5
) -> None:
    """With four workers and a timeout of half a second, the shop makes at most eight product pages a second."""
    shop = open_shop(timeout)
    done: list[bytes] = []
    end = time.monotonic() + 2

    def visit() -> None:
        while time.monotonic() < end:
            answer = shop.get("/product", 60)
            if answer:
                done.append(answer)

    start = time.monotonic()
    visitors = [threading.Thread(target=visit, daemon=True) for _ in range(3 * WORKERS)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    rate = len(done) / (time.monotonic() - start)
    assert set(done) == {b"a product"}
    assert rate <= WORKERS / 0.5
    record.number("rate", rate, unit="pages/s", note="4 workers, 12 visitors, timeout of 0.5 s, a silent peer")
