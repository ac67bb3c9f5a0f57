"""The server as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LAB = Path(__file__).parent


class Process:
    """A server process of this lab."""

    def __init__(self, **settings: Any) -> None:
        """Start it and wait for its port."""
        command = [sys.executable, str(LAB / "server.py"), json.dumps(settings)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def end(self) -> dict[str, int]:
        """Close its input; return what it has counted."""
        output, _ = self.process.communicate()
        counts: dict[str, int] = json.loads(output)
        return counts
