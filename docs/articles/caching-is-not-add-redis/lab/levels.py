"""How much memory to walk through to stay within each level of the hierarchy."""

from __future__ import annotations

import subprocess

KIB = 1024
LINE = 64


def l2_size() -> int:
    """Bytes of this machine's L2 as getconf knows it, or 512 KiB where it does not."""
    said = subprocess.run(["getconf", "LEVEL2_CACHE_SIZE"], capture_output=True, text=True, check=False).stdout.strip()
    return int(said) if said.isdigit() and int(said) else 512 * KIB


LEVELS = {"l1": 16 * KIB, "l2": 256 * KIB, "l3": 2 * l2_size(), "memory": 128 * KIB * KIB}
"""Bytes to walk through, chosen to fit into each level and not into the one above it."""
