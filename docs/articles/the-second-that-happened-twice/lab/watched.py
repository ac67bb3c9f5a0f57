"""A process whose clocks a test can watch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

Reading = dict[str, float]


class Watched:
    """A running ``clock_process.py``."""

    def __init__(self, environment: dict[str, str], prefix: list[str] | None = None) -> None:
        """Start it with *environment* beside the usual variables, by the command *prefix* if there is one."""
        self.process = subprocess.Popen(
            [*(prefix or []), sys.executable, str(Path(__file__).with_name("clock_process.py"))],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(self) -> Reading:
        """Read its clocks."""
        return self._ask("read")

    def suspend(self, seconds: int) -> Reading:
        """Let its boot-time clock run on while its monotonic clock does not; return what they say then."""
        return self._ask(f"suspend {seconds}")

    def _ask(self, command: str) -> Reading:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        answer: Reading = json.loads(self.process.stdout.readline())
        return answer

    def end(self) -> None:
        """Close its input and wait for its end."""
        self.process.communicate(timeout=60)


def passed(earlier: Reading, later: Reading) -> Reading:
    """The time between two readings by each clock."""
    return {name: later[name] - earlier[name] for name in earlier}
