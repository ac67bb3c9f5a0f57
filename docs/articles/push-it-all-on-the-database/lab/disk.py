"""A disk that takes its time: strace holds up every fsync and fdatasync of a server, and counts them."""

import signal
import subprocess
from pathlib import Path

from engblog.lab.process import find_program
from engblog.lab.servers import Server


class SlowDisk:
    """From now on every flush of the running *server* takes at least *milliseconds*."""

    def __init__(self, server: Server, milliseconds: int) -> None:
        self._trace = Path(server.folder) / "strace.log"
        command = [
            find_program("strace", package="strace"),
            "--follow-forks",
            "--decode-fds=path",
            f"--attach={server.pid}",
            "--trace=fsync,fdatasync",
            f"--inject=fsync,fdatasync:delay_enter={1000 * milliseconds}",
            f"--output={self._trace}",
        ]
        self._tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self._tracer.stderr is not None
        first = self._tracer.stderr.readline()
        assert "attached" in first, first

    def redo_flushes(self) -> int:
        """Count the flushes of InnoDB's redo log so far."""
        lines = self._trace.read_text(encoding="utf-8", errors="replace").splitlines()
        return sum("sync(" in line and "ib_logfile" in line for line in lines)

    def repair(self) -> None:
        """Let the server's flushes be as fast as they were."""
        self._tracer.send_signal(signal.SIGINT)
        self._tracer.communicate(timeout=20)
        self._trace.unlink()
