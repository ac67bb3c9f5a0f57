"""The lab's scripts, run as a reader would."""

import os
import subprocess
from pathlib import Path

from engblog.lab.servers import PostgreSQL

LAB = Path(__file__).parent


def psql(server: PostgreSQL, script: str) -> list[list[str]]:
    """The rows that psql prints for one of the lab's scripts."""
    command = [server.program("psql"), "-XAt", "-F", "|", "-d", server.dsn, "-f", str(LAB / script)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line.split("|") for line in printed.splitlines()]


def shell(
    server: PostgreSQL, script: str, folder: Path, *, port: int, without: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a shell script of the lab in *folder*, with the programs of *server* and as the account that runs it.

    *without* is text that is taken out of the script."""
    programs = Path(server.program("initdb")).parent
    at = {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": "postgres", "PGDATABASE": "postgres"}
    path = f"{programs}:{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-c", (LAB / script).read_text().replace(without, "")],
        user=server.data.owner(),
        group=server.data.group(),
        extra_groups=[],
        cwd=folder,
        env={**server.installation.environment, **at, "PATH": path, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
    )
