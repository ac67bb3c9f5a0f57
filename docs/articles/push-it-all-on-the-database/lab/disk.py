"""A disk that takes its time: every fsync and fdatasync of a server is held up by strace."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engblog.lab.process import find_program
from engblog.lab.servers import Server


@contextmanager
def slow_disk(server: Server, milliseconds: int) -> Iterator[None]:
    """Let every flush of the running *server* take at least that long."""
    trace = Path(server.folder) / "strace.log"
    command = [
        find_program("strace", package="strace"),
        "--follow-forks",
        f"--attach={server.pid}",
        "--trace=fsync,fdatasync",
        f"--inject=fsync,fdatasync:delay_enter={milliseconds * 1000}",
        f"--output={trace}",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        try:
            first = tracer.stderr.readline()
            assert "attached" in first, first
            yield
        finally:
            tracer.send_signal(signal.SIGINT)
            tracer.wait(20)
