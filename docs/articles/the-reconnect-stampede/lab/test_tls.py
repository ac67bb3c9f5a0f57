"""What a crowd costs in TLS, and what a restart does to resumption."""

from __future__ import annotations

import os
import socket
import ssl
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engblog.lab.record import Recorder
from tls import KEYS, client_context, make_certificate, prices

COUNT = 100


@pytest.mark.fails_when("the client resumes", assertion="full > 1.5 * resumed", resume=True)
def test_a_full_handshake_costs_more_than_a_resumed_one(record: Recorder, tmp_path: Path, resume: bool = False) -> None:
    """With a 2,048-bit RSA key, a full TLS 1.3 handshake costs the server more CPU than one and a half resumed ones."""
    record.version("OpenSSL", ssl.OPENSSL_VERSION.split()[1])
    certificate = make_certificate(tmp_path, "RSA 2048")
    each_full, each_resumed = prices(certificate, COUNT, resume), prices(certificate, COUNT, True)
    record.samples("tls_rsa", each_full, unit="ms", digits=2, note="CPU of the server, full handshake, RSA 2048")
    record.samples("tls_resumed", each_resumed, unit="ms", digits=2, note="CPU of the server, resumed handshake")
    full, resumed = draw(record, "full, RSA 2048", each_full), draw(record, "resumed", each_resumed)
    assert full > 1.5 * resumed


@pytest.mark.fails_when("the key is RSA too", assertion="elliptic < rsa", kind="RSA 2048 again")
def test_an_elliptic_key_is_cheaper(record: Recorder, tmp_path: Path, kind: str = "ECDSA P-256") -> None:
    """A full handshake with an ECDSA key on P-256 costs the server less CPU than one with a 2,048-bit RSA key."""
    each_rsa = prices(make_certificate(tmp_path, "RSA 2048"), COUNT, False)
    each = prices(make_certificate(tmp_path, kind), COUNT, False) if kind in KEYS else each_rsa
    record.samples("tls_ecdsa", each, unit="ms", digits=2, note="CPU of the server, full handshake, P-256")
    rsa, elliptic = statistics.median(each_rsa), draw(record, "full, ECDSA P-256", each)
    assert elliptic < rsa


def draw(record: Recorder, name: str, each: list[float]) -> float:
    """Add a bar to the chart of prices; return the median that it shows."""
    median = statistics.median(each)
    chart = record.chart(
        "tls",
        title="CPU of the server for one TLS 1.3 handshake",
        x="handshake",
        y="ms of CPU",
        kind="bars",
        note="Median of 100 in memory, Python's ssl module; key exchange and certificate as OpenSSL chooses them.",
    )
    chart.point("CPU", name, median)
    return median


NGINX = """
worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off;
    server {{
        listen 127.0.0.1:{{port}} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {certificate};
        ssl_protocols TLSv1.2 TLSv1.3;
        {tickets}
        return 200 "ready";
    }}
}}
"""


def visit(context: ssl.SSLContext, port: int, session: ssl.SSLSession | None) -> tuple[bool, ssl.SSLSession | None]:
    """Connect and read an answer; return whether the session was resumed, and the one for next time."""
    raw = socket.create_connection(("127.0.0.1", port), timeout=30)
    with context.wrap_socket(raw, session=session) as secure:
        secure.sendall(b"GET / HTTP/1.0\r\n\r\n")
        while secure.recv(4096):
            pass
        return bool(secure.session_reused), secure.session


def resumes(start_nginx: Callable[[str], Any], folder: Path, shared: bool, restart: bool) -> bool:
    """True if a client resumes its session at nginx, after a restart or without one."""
    certificate, key = make_certificate(folder), folder / "ticket.key"
    key.write_bytes(os.urandom(80))
    key.chmod(0o644)
    tickets = f"ssl_session_ticket_key {key};" if shared else ""
    server = start_nginx(NGINX.format(certificate=certificate, tickets=tickets))
    context = client_context()
    _resumed, session = visit(context, server.port, None)
    if restart:
        server.stop()
        server.start()
    return visit(context, server.port, session)[0]


@pytest.mark.fails_when("nginx is not restarted", assertion="not resumed", restart=False)
def test_a_restart_makes_tickets_worthless(start_nginx: Any, tmp_path: Path, restart: bool = True) -> None:
    """After a restart of an nginx without a ticket key file, a client's ticket is refused: the handshake is full."""
    resumed = resumes(start_nginx, tmp_path, shared=False, restart=restart)
    assert not resumed


@pytest.mark.fails_when("there is no key file", assertion="resumed", shared=False)
def test_a_shared_ticket_key_survives_a_restart(start_nginx: Any, tmp_path: Path, shared: bool = True) -> None:
    """With `ssl_session_ticket_key`, a client resumes its session at an nginx that has been restarted."""
    resumed = resumes(start_nginx, tmp_path, shared=shared, restart=True)
    assert resumed
