"""The clocks of a call: each silence, the whole, and connecting when a packet is lost."""
# ruff: noqa: S310

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
import total
from calls import Call
from peers import Drip, Unreachable, connected, timed

COUNT, GAP = 30, 0.05  # an answer that takes a second and a half, with a twentieth of a second between its bytes


@pytest.mark.fails_when("one silence lasts three seconds", assertion='outcome == "ok"', count=1, gap=3)
def test_a_read_timeout_is_not_a_limit_for_the_call(
    drip: Callable[..., Drip], record: Any, count: int = COUNT, gap: float = GAP
) -> None:
    """With a timeout of one second, urllib reads for longer than that, because no single silence is that long."""
    url = f"http://127.0.0.1:{drip(count, gap).port}/"
    # --8<-- [start:drip]
    outcome, took = timed(lambda: urllib.request.urlopen(url, timeout=1).read())
    # --8<-- [end:drip]
    assert outcome == "ok"
    assert took > 1
    record.number("dripped", took, unit="s", note="urllib with timeout=1, an answer of 30 bytes, one each 0.05 s")


def _plain(url: str, seconds: float) -> bytes:
    with urllib.request.urlopen(url, timeout=seconds) as answer:
        return bytes(answer.read())


@pytest.mark.fails_when("nobody looks at the clock", assertion='outcome == "TimeoutError"', get=_plain)
def test_counting_down_between_reads_limits_the_call(
    drip: Callable[..., Drip], get: Callable[[str, float], bytes] = total.get
) -> None:
    """A loop that looks at the clock after each piece of the body ends a call whose answer drips."""
    port = drip(COUNT, GAP).port
    outcome, _ = timed(lambda: get(f"http://127.0.0.1:{port}/", 1))
    assert outcome == "TimeoutError"


@pytest.mark.fails_when("the limit is `ResponseHeaderTimeout`", assertion='outcome != "ok"', total=None, headers=1000)
def test_go_client_timeout_covers_the_body(
    drip: Callable[..., Drip], start_call: Callable[..., Call], total: int | None = 1000, headers: int | None = None
) -> None:
    """Go's `http.Client.Timeout` ends a call whose headers have arrived and whose body is still coming."""
    limits = {key: value for key, value in {"Total": total, "Headers": headers}.items() if value}
    call = start_call("go_get", drip(COUNT, GAP).port, **limits).go()
    outcome, _ = call.end()
    assert outcome != "ok"
    assert "context deadline exceeded" in outcome
    assert call.word("headers", 0) is not None


@pytest.mark.fails_when(
    "the limits are `headersTimeout` and `bodyTimeout`", assertion='outcome != "ok"', abort=None, silence=1000
)
def test_an_abort_signal_covers_the_body(
    drip: Callable[..., Drip], start_call: Callable[..., Call], abort: int | None = 1000, silence: int | None = None
) -> None:
    """`AbortSignal.timeout` ends a `fetch` whose headers have arrived and whose body is still coming."""
    limits = {"abort": abort} if abort else {"headersTimeout": silence, "bodyTimeout": silence}
    call = start_call("fetch", drip(COUNT, GAP).port, **limits).go()
    outcome, _ = call.end()
    assert outcome != "ok"
    assert "TimeoutError" in outcome
    assert call.word("headers", 0) is not None


@pytest.mark.fails_when("the first SYN is answered", assertion="took > 0.9", lost=False)
def test_a_lost_syn_costs_a_second(unreachable: Unreachable, record: Any, lost: bool = True) -> None:
    """If the first SYN is lost, connecting takes a second more, although the port would accept soon after the loss."""
    if not lost:
        unreachable.drain()
    start = time.monotonic()
    client = unreachable.dial()
    if lost:
        assert not connected(client, 0.1)  # dropped, because the listener's queue is full
        unreachable.drain()
    assert connected(client, 60)
    took = time.monotonic() - start
    client.close()
    assert took > 0.9
    record.number(
        "lost_syn", took, unit="s", note="connect on loopback, the first SYN dropped, the port free 0.1 s later"
    )
