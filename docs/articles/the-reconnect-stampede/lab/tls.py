"""TLS handshakes in memory, and what they cost the server."""

from __future__ import annotations

import contextlib
import ssl
import subprocess
import time
from pathlib import Path

from engblog.lab.process import find_program

KEYS = {
    "RSA 2048": ["rsa:2048"],
    "ECDSA P-256": ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
}


def make_certificate(folder: Path, kind: str = "ECDSA P-256") -> Path:
    """Make a key and a certificate for 127.0.0.1 in one file; return its path."""
    both, key = folder / "both.pem", folder / "key.pem"
    asked = [find_program("openssl", package="openssl"), "req", "-x509", "-newkey", *KEYS[kind], "-nodes", "-days", "2"]
    made = subprocess.run([*asked, "-subj", "/CN=127.0.0.1", "-keyout", str(key)], check=True, capture_output=True)
    both.write_bytes(made.stdout + key.read_bytes())
    for path in (folder, both):
        path.chmod(0o755)
    return both


def client_context() -> ssl.SSLContext:
    """A client that takes any certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def prices(certificate: Path, count: int, resume: bool) -> list[float]:
    """Milliseconds of CPU for the server in each of *count* TLS 1.3 handshakes, after a first one for the ticket."""
    server_side, client_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), client_context()
    server_side.load_cert_chain(certificate)
    spent: list[float] = []
    session: ssl.SSLSession | None = None
    for _ in range(count + 1):
        to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = client_side.wrap_bio(to_client, to_server, session=session if resume else None)
        server = server_side.wrap_bio(to_server, to_client, server_side=True)
        seconds = 0.0
        for _round in range(2):
            _step(client)
            began = time.thread_time()
            _step(server)
            seconds += time.thread_time() - began
        assert client.session_reused == bool(session and resume)
        server.write(b"ready")
        client.read()
        session = client.session
        spent.append(1e3 * seconds)
    return spent[1:]


def _step(side: ssl.SSLObject) -> None:
    with contextlib.suppress(ssl.SSLWantReadError):
        side.do_handshake()
