"""pgbench: many clients that do the same thing, and what they report."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """The counts and times of one run."""

    committed: int
    retries: int
    rate: float
    """Transactions a second."""

    @property
    def tries_per_commit(self) -> float:
        """Transactions begun for each one committed."""
        return (self.committed + self.retries) / self.committed


def run(server: Any, port: int, script: str, *, clients: int, each: int, **variables: str) -> Outcome:
    """Let *clients* run *script* *each* times through *port*; repeat what fails to serialize."""
    printed = subprocess.run(
        [
            server.program("pgbench"),
            "--no-vacuum",
            f"--client={clients}",
            f"--transactions={each}",
            "--max-tries=10000",
            "--file",
            str(Path(__file__).with_name(script)),
            *(f"--define={name}={value}" for name, value in variables.items()),
            *("--host=127.0.0.1", f"--port={port}", "--username=postgres", "postgres"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    def found(pattern: str) -> float:
        match = re.search(pattern, printed)
        assert match, printed
        return float(match[1])

    return Outcome(
        committed=int(found(r"actually processed: (\d+)")),
        retries=int(found(r"total number of retries: (\d+)")),
        rate=found(r"tps = ([\d.]+)"),
    )
