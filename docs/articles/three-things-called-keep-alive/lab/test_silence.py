"""A path that drops everything without a word: who notices, and after how long."""

from __future__ import annotations

import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from dials import give_up_after, keep_alive, watch_the_path
from liveness import established, heartbeat, probes_out, retransmissions, verdict

EACH = 5  # connections of each kind
LONGEST = 4.5  # seconds that the test watches


@dataclass(frozen=True)
class Kind:
    """One kind of connection: what its program has set, and what it does after the cut."""

    key: str
    task: str
    dial: Callable[[socket.socket], None] = lambda _sock: None


KINDS = {  # in the order in which they are told
    "heartbeat": Kind("heartbeat", "beat"),
    "wrote, user timeout 1.5 s": Kind("wrote_timeout", "write", lambda s: give_up_after(s, 1.5)),
    "idle, keep-alive": Kind("idle_probes", "read", lambda s: keep_alive(s, idle=1, every=1, probes=2)),
    "wrote, keep-alive": Kind("wrote_probes", "write", lambda s: keep_alive(s, idle=1, every=1, probes=2)),
    "wrote": Kind("wrote", "write"),
    "idle": Kind("idle", "read"),
    "idle, user timeout 1.5 s": Kind("idle_timeout", "read", lambda s: give_up_after(s, 1.5)),
}
UNAWARE = {"idle", "idle, user timeout 1.5 s"}


@pytest.mark.fails_when("the router goes on forwarding", assertion="noticed == {kind: EACH", cut=False)
def test_who_notices_a_silent_drop(network: Any, start_peer: Callable[[], Any], record: Any, cut: bool = True) -> None:
    """Idle connections without probes notice nothing; the heartbeat is told first, plain writers last."""
    network.sysctl(network.client, "net.ipv4.tcp_retries2", 2)
    peer = start_peer()
    kinds = [kind for kind in KINDS for _ in range(EACH)]
    socks = [peer.connect() for _ in kinds]
    for kind, sock in zip(kinds, socks, strict=True):
        KINDS[kind].dial(sock)
        sock.sendall(b"still here\n")
        assert sock.recv(64)
    if cut:
        network.cut()
    start = time.monotonic()
    took: list[tuple[str, float]] = []
    watchers = [
        threading.Thread(target=_watch, args=(kind, sock, start, took), daemon=True)
        for kind, sock in zip(kinds, socks, strict=True)
    ]
    for watcher in watchers:
        watcher.start()
    while len(took) < EACH * (len(KINDS) - len(UNAWARE)) and time.monotonic() < start + LONGEST:
        time.sleep(0.02)
    time.sleep(0.5)  # for those that should not
    noticed = Counter(kind for kind, _ in took)
    assert noticed == {kind: EACH for kind in KINDS if kind not in UNAWARE}
    medians = {kind: statistics.median(seconds for each, seconds in took if each == kind) for kind in noticed}
    order = sorted(medians, key=lambda kind: medians[kind])
    assert order[:3] == list(KINDS)[:3]  # after these, the two kinds that wrote without a user timeout

    chart = record.chart(
        "noticed",
        title="Seconds from the cut until the program is told",
        x="connection",
        y="seconds",
        kind="dots",
        note=f"{EACH} connections of each kind at once, one run; idle ones without keep-alive were never told",
    )
    for kind, seconds in sorted(took, key=lambda each: list(KINDS).index(each[0])):
        chart.point("noticed", kind, seconds)
        record.sample(KINDS[kind].key, seconds, unit="s", digits=2, note=f"from the cut until an error: {kind}")


def _watch(kind: str, sock: socket.socket, start: float, took: list[tuple[str, float]]) -> None:
    """Note when one connection's program learns of the drop."""
    task = KINDS[kind].task
    try:
        if task == "beat":
            heartbeat(sock, every=0.5, deadline=1.0)
        if task == "write":
            sock.sendall(b"anyone?\n")
        if verdict(sock, within=LONGEST):
            took.append((kind, time.monotonic() - start))
    except TimeoutError:
        took.append((kind, time.monotonic() - start))
    except OSError:
        pass  # the test is over


@pytest.mark.fails_when("nothing has been written", assertion="probes == 0", write=False)
def test_keep_alive_waits_while_data_is_unacknowledged(network: Any, write: bool = True) -> None:
    """With unacknowledged data no probe is sent, and the connection outlives what keep-alive would have allowed."""
    near, far = network.pair()
    near.sendall(b"x")
    assert far.recv(1) == b"x"
    keep_alive(near, idle=1, every=1, probes=1)
    network.cut()
    if write:
        near.sendall(b"y")
    end = verdict(near, within=3.0)
    probes = network.count(network.client, "TCPKeepAlive")
    assert probes == 0
    assert end is None
    assert retransmissions(near) > 0


@pytest.mark.fails_when("no user timeout is set", assertion="== (True, 1)", scale=0)
def test_the_user_timeout_replaces_the_probe_count(network: Any, scale: float = 1) -> None:
    """One allowed probe and 3 s end after more than one; two allowed probes and half a second, after a single one."""
    dials = {"long": (1, 3.0), "short": (2, 0.5)}  # TCP_KEEPCNT and the user timeout
    socks = {}
    for name, (probes, seconds) in dials.items():
        near, far = network.pair()
        near.sendall(b"x")
        assert far.recv(1) == b"x"
        keep_alive(near, idle=1, every=1, probes=probes)
        give_up_after(near, seconds * scale)
        socks[name] = near
    network.cut()
    unanswered = dict.fromkeys(socks, 0)
    while any(established(near) for near in socks.values()):
        for name, near in socks.items():
            unanswered[name] = max(unanswered[name], probes_out(near))
        time.sleep(0.02)
    assert (unanswered["long"] > 1, unanswered["short"]) == (True, 1)


@pytest.mark.fails_when(
    "there is no user timeout", assertion="ends == {False: 'ETIMEDOUT', True: 'ETIMEDOUT'}", dials=keep_alive
)
def test_both_dials_bound_the_silence_with_and_without_data(network: Any, dials: Any = watch_the_path) -> None:
    """Keep-alive with a user timeout of the same length ends the quiet connection and the writer alike."""
    ends: dict[bool, str | None] = {}
    socks = {}
    for write in (False, True):
        near, far = network.pair()
        near.sendall(b"x")
        assert far.recv(1) == b"x"
        dials(near, idle=1, every=1, probes=1)
        socks[write] = near
    network.cut()
    socks[True].sendall(b"y")
    give_up = time.monotonic() + 3.5
    for write, near in socks.items():
        ends[write] = verdict(near, within=max(0.0, give_up - time.monotonic()))
    assert ends == {False: "ETIMEDOUT", True: "ETIMEDOUT"}
    assert not any(established(near) for near in socks.values())
