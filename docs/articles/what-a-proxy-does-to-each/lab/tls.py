"""A certificate for the lab, which Chromium is told to accept."""

from __future__ import annotations

import subprocess
from pathlib import Path

from engblog.lab.process import find_program


def make_certificate(folder: Path) -> Path:
    """Make a key and a certificate for 127.0.0.1 in one file; return its path."""
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    openssl = find_program("openssl", package="openssl")
    asked = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([openssl, *asked, *files], check=True, capture_output=True)
    both.write_bytes(certificate.read_bytes() + key.read_bytes())
    for path in (folder, both):
        path.chmod(0o755)
    return both
