"""The commands that the article gives to its readers."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any


def test_the_commands_show_a_lock_change_hands(cache_server: Any, tmp_path: Path) -> None:
    """The `redis-cli` commands pass the lock from alice to bob, and alice's late release leaves it alone."""
    client = tmp_path / "redis-cli"
    client.write_text(f'#!/bin/sh\nexec {cache_server.program("redis-cli")} -p {cache_server.port} "$@"\n')
    client.chmod(0o755)
    script = Path(__file__).with_name("try.sh")
    done = subprocess.run(
        ["sh", "-e", str(script)],
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["OK", "", "OK", "0"]
