"""What Linux sends when it keeps a connection alive, when it starts, and who answers."""

from __future__ import annotations

import re
import socket
import subprocess
from typing import Any

import pytest
from dials import keep_alive
from engblog.lab.process import wait_until
from liveness import unacknowledged
from namespaces import CLIENT


@pytest.mark.fails_when("the host's `tcp_keepalive_time` is 60", assertion="total == 7875", idle=60)
def test_the_defaults_take_two_hours_and_eleven_minutes(network: Any, record: Any, idle: int | None = None) -> None:
    """Linux' defaults for keep-alive add up to 7,875 seconds of silence."""
    time_, interval, probes = (
        network.sysctl(network.client, f"net.ipv4.tcp_keepalive_{name}", value)
        for name, value in (("time", idle), ("intvl", None), ("probes", None))
    )
    total = time_ + probes * interval
    record.number("default_total", total, unit="s", note="tcp_keepalive_time + probes × intvl in a new namespace")
    assert total == 7875


@pytest.mark.fails_when("the program sets `SO_KEEPALIVE`", assertion='"keepalive" not in shown', asked=True)
def test_no_probe_is_scheduled_unless_the_program_asks(network: Any, asked: bool = False) -> None:
    """A connection whose program did not set SO_KEEPALIVE has no keep-alive timer in ss."""
    near, _far = network.pair()
    if asked:
        near.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    shown = network.output(network.client, "ss", "-tnoi", "state", "established")
    assert str(near.getsockname()[1]) in shown
    assert "keepalive" not in shown


@pytest.mark.fails_when("the program writes a byte", assertion="{length for _, _, length in seen} == {0}", write=True)
def test_a_probe_repeats_an_acknowledged_number_and_the_kernel_answers(network: Any, write: bool = False) -> None:
    """A probe is empty and one number behind; the peer's kernel acknowledges it, and its program reads nothing."""
    near, far = network.pair()
    near.sendall(b"x")
    assert far.recv(1) == b"x"
    wait_until(lambda: unacknowledged(near) == 0, seconds=30, what="the acknowledgement of the byte")
    command = ["tcpdump", "-nSvv", "-i", "left", "-c", "2", "tcp"]
    capture = network.start(network.router, *command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert "listening" in capture.stderr.readline()
    keep_alive(near, idle=1, every=1, probes=9)
    if write:
        near.sendall(b"y")
    printed, _ = capture.communicate(timeout=30)

    seen = re.findall(r"seq (\d+)(?::\d+)?, ack (\d+).*length (\d+)\n", printed)
    seen = [(int(seq), int(ack), int(length)) for seq, ack, length in seen]
    assert {length for _, _, length in seen} == {0}
    (probe, _, _), (_, answer, _) = seen
    assert probe == answer - 1  # already acknowledged, so the receiver can only repeat itself
    far.setblocking(False)
    with pytest.raises(BlockingIOError):
        far.recv(1)


@pytest.mark.fails_when("`TCP_KEEPINTVL` is 1 as well", assertion="min(gaps) > 1.5", every=1)
def test_the_interval_also_paces_probes_that_are_answered(network: Any, record: Any, every: int = 2) -> None:
    """With TCP_KEEPIDLE 1 and TCP_KEEPINTVL 2, answered probes go out every two seconds, not every second."""
    ends = [network.pair() for _ in range(5)]
    command = ["tcpdump", "-ntt", "-i", "eth0", "-c", "10", "tcp", "and", "src", CLIENT]
    capture = network.start(network.client, *command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert "listening" in capture.stderr.readline() + capture.stderr.readline()
    for near, _far in ends:
        keep_alive(near, idle=1, every=every, probes=9)
    printed, _ = capture.communicate(timeout=30)

    sent: dict[str, list[float]] = {}
    for when, port in re.findall(rf"^(\d+\.\d+) IP {CLIENT}\.(\d+) >", printed, re.MULTILINE):
        sent.setdefault(port, []).append(float(when))
    gaps = [second - first for first, second in sent.values()]
    note = "between two answered probes: idle 1 s, interval 2 s"
    record.samples("answered_gap", gaps, unit="s", digits=2, note=note)
    assert len(gaps) == len(ends)
    assert min(gaps) > 1.5
