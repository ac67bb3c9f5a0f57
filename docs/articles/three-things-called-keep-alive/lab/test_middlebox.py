"""A stateful firewall between two hosts, which forgets a connection on which nothing moves."""

from __future__ import annotations

import select
import time
from typing import Any

import pytest
from dials import keep_alive
from engblog.lab.process import wait_until
from liveness import established, retransmissions

# --8<-- [start:firewall]
FIREWALL = """
table ip firewall {
    chain forward {
        type filter hook forward priority 0; policy drop;
        ct state established accept
        ct state new tcp flags & (syn | ack) == syn accept
    }
}
"""
# --8<-- [end:firewall]


def test_conntrack_keeps_an_idle_connection_for_five_days(network: Any, record: Any) -> None:
    """Linux' connection tracking forgets an established connection after 432,000 idle seconds by default."""
    seconds = network.sysctl(network.router, "net.netfilter.nf_conntrack_tcp_timeout_established")
    record.number("conntrack", seconds, unit="s", note="nf_conntrack_tcp_timeout_established in a new namespace")
    assert seconds == 5 * 24 * 3600


@pytest.mark.fails_when("keep-alive probes every second", assertion="not arrived", probing=True)
def test_a_firewall_forgets_an_idle_connection_and_tells_nobody(network: Any, probing: bool = False) -> None:
    """After the firewall's idle timeout a write vanishes, is retransmitted, and both ends still say ESTABLISHED."""
    network.sysctl(network.router, "net.netfilter.nf_conntrack_tcp_timeout_established", 2)
    network.nft(FIREWALL)
    near, far = network.pair()
    if probing:
        keep_alive(near, idle=1, every=1, probes=3)
    port = f"sport={near.getsockname()[1]}"
    if probing:
        time.sleep(3.0)  # well past the timeout
    else:
        wait_until(lambda: port not in _tracked(network), seconds=30, what="the firewall to forget")
    assert established(near)
    assert established(far)

    near.sendall(b"x")
    wait_until(lambda: retransmissions(near) >= 2 or _readable(far), seconds=30, what="an arrival, or retransmissions")
    arrived = _readable(far)
    assert not arrived
    assert established(near)


def _tracked(network: Any) -> str:
    return str(network.output(network.router, "cat", "/proc/net/nf_conntrack"))


def _readable(sock: Any) -> bool:
    return bool(select.select([sock], [], [], 0)[0])
