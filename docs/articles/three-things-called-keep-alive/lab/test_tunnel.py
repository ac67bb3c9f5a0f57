"""A WebSocket through a proxy: the proxy's kernel answers the probes, and its idle timer runs on."""

from __future__ import annotations

import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from dials import keep_alive
from web import start_haproxy, start_nginx, start_websocket_peer, version
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

EACH = 5  # tunnels through each proxy
LONGEST = 3.2  # seconds; the proxies' timers are set to 2.2


@pytest.mark.fails_when("the client sends a ping every 0.3 s", assertion="len(cut) > 0", ping=0.3)
def test_proxies_cut_an_idle_tunnel_despite_keep_alive(
    network: Any, record: Any, tmp_path: Path, ping: float | None = None
) -> None:
    """HAProxy's timeout tunnel and nginx's proxy_read_timeout close an idle WebSocket whose probes are all answered."""
    backend = start_websocket_peer(network)
    (tmp_path / "haproxy").mkdir()
    ports = {
        "HAProxy": start_haproxy(network, tmp_path / "haproxy", backend=backend),
        "nginx": start_nginx(network, tmp_path, backend=backend),
    }
    for product in ports:
        record.version(product, version(product.lower()))
    cut: list[tuple[str, float]] = []
    close_frames: list[Any] = []

    def idle(product: str, tunnel: ClientConnection) -> None:
        start = time.monotonic()
        try:
            tunnel.recv(timeout=LONGEST)
        except ConnectionClosed as closed:
            cut.append((product, time.monotonic() - start))
            close_frames.append(closed.rcvd)
        except TimeoutError:
            pass

    tunnels, waiting = [], []
    for product, port in [*ports.items()] * EACH:
        sock = network.connect(port)
        keep_alive(sock, idle=1, every=1, probes=1)
        tunnels.append(connect("ws://proxy/", sock=sock, ping_interval=ping, legacy=True))
        waiting.append(threading.Thread(target=idle, args=(product, tunnels[-1])))
        waiting[-1].start()
    for each in waiting:
        each.join()
    for tunnel in tunnels:
        tunnel.close()
    probes = network.count(network.client, "TCPKeepAlive")
    beyond = network.count(network.server, "TCPKeepAlive")
    assert len(cut) > 0
    assert Counter(product for product, _ in cut) == {"HAProxy": EACH, "nginx": EACH}
    assert close_frames == [None] * len(tunnels)  # the proxies only ended the TCP connection
    assert probes >= 2 * len(tunnels)  # the second on a connection goes out only if the first was answered
    assert beyond == 0  # on the proxies' connections to the backend there was none

    for product, seconds in cut:
        record.sample(f"cut_{product.lower()}", seconds, unit="s", note=f"from the handshake until {product} closed")
