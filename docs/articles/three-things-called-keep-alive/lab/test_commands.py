"""The commands that show keep-alive on the reader's own machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dials import keep_alive

COMMANDS = Path(__file__).with_name("look.sh").read_text().splitlines()


@pytest.mark.fails_when("keep-alive is off", assertion='"timer:(keepalive" in sockets', on=False)
def test_the_commands_show_the_timer_the_settings_and_the_probes(network: Any, on: bool = True) -> None:
    """ss shows the keep-alive timer, sysctl the settings, nstat the probes sent, and tcpdump a probe and its answer."""
    near, _far = network.pair()
    if on:
        keep_alive(near, idle=1, every=1, probes=3)
    sockets, settings = (network.output(network.client, "sh", "-c", command) for command in COMMANDS[:2])
    assert "timer:(keepalive" in sockets
    assert "tcp_keepalive_time = 7200" in settings
    assert "tcp_retries2 = 15" in settings

    captured = network.output(network.client, "sh", "-c", COMMANDS[3])
    assert captured.count("length 0") == 2  # a probe and its answer
    assert f"{near.getsockname()[0]}.{near.getsockname()[1]} >" in captured
    counters = network.output(network.client, "sh", "-c", COMMANDS[2])
    sent = int(counters.split("TcpExtTCPKeepAlive")[1].split()[0])
    assert sent >= 1
