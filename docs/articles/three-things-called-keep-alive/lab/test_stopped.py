"""A process that is stopped, on a host that is well: what its kernel goes on doing for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from dials import give_up_after, keep_alive
from engblog.lab.process import wait_until
from liveness import established, heartbeat, unacknowledged, verdict

PROBES = 1


@pytest.mark.fails_when("the path is cut as well", assertion="alive", cut=True)
def test_a_stopped_process_passes_every_probe(network: Any, start_peer: Callable[[], Any], cut: bool = False) -> None:
    """A connection to a stopped process stays established after twice as many probes as may go unanswered."""
    peer = start_peer()
    idle = peer.connect()
    keep_alive(idle, idle=1, every=1, probes=PROBES)
    peer.stop()  # SIGSTOP
    if cut:
        network.cut()
    wait_until(
        # one more than twice the limit: when it goes out, those before it have been answered
        lambda: network.count(network.client, "TCPKeepAlive") > 2 * PROBES or not established(idle),
        seconds=30,
        what="the probes",
    )
    alive = established(idle)
    assert alive


@pytest.mark.fails_when("the process runs", assertion='outcome == "no answer"', stop=False)
def test_a_heartbeat_misses_the_stopped_process(start_peer: Callable[[], Any], stop: bool = True) -> None:
    """A heartbeat that the process has to answer raises TimeoutError once the process is stopped."""
    peer = start_peer()
    sock = peer.connect()
    if stop:
        peer.stop()
    outcome = "answered"

    def beat() -> None:
        nonlocal outcome
        try:
            heartbeat(sock, every=0.2, deadline=1.0)
        except TimeoutError:
            outcome = "no answer"
        except OSError:
            pass  # the test is over

    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    beating.join(2.5)
    sock.close()
    assert outcome == "no answer"


@pytest.mark.fails_when("the process has ended", assertion='outcome == "connected"', ended=True)
def test_a_stopped_process_accepts_connections(
    network: Any, start_peer: Callable[[], Any], ended: bool = False
) -> None:
    """A new TCP connection to a stopped process is established by its kernel."""
    peer = start_peer()
    peer.stop()
    if ended:
        peer.kill()
    try:
        new = network.connect(peer.port)
        outcome = "connected" if established(new) else "pending"
    except ConnectionRefusedError:
        outcome = "refused"
    assert outcome == "connected"


@pytest.mark.fails_when("the path is cut as well", assertion="left == 0", cut=True)
def test_the_kernel_acknowledges_what_the_process_never_reads(
    network: Any, start_peer: Callable[[], Any], cut: bool = False
) -> None:
    """What is written to a stopped process is acknowledged by its kernel: nothing stays outstanding."""
    peer = start_peer()
    sock = peer.connect()
    peer.stop()
    if cut:
        network.cut()
    sock.sendall(b"x" * 1000)
    deadline = time.monotonic() + (1 if cut else 30)
    while unacknowledged(sock) and time.monotonic() < deadline:
        time.sleep(0.01)
    left = unacknowledged(sock)
    assert left == 0


@pytest.mark.fails_when("no user timeout is set", assertion='end == "ETIMEDOUT"', seconds=0)
def test_the_user_timeout_ends_a_writer_that_a_stopped_process_blocks(
    network: Any, start_peer: Callable[[], Any], seconds: float = 1
) -> None:
    """Once the peer takes no more, TCP_USER_TIMEOUT ends the connection; without it the window probes keep it up."""
    peer = start_peer()
    sock = peer.connect()
    keep_alive(sock, idle=1, every=1, probes=PROBES)
    peer.stop()
    _fill(sock)
    give_up_after(sock, seconds)
    end = verdict(sock, within=4.0)
    assert network.count(network.client, "TCPWinProbe") > 0
    assert end == "ETIMEDOUT"


def _fill(sock: Any) -> None:
    """Write until neither side's kernel takes any more."""
    sock.setblocking(False)
    took = time.monotonic()
    while time.monotonic() - took < 0.3:
        try:
            sock.send(b"x" * 65536)
            took = time.monotonic()
        except BlockingIOError:
            time.sleep(0.01)
