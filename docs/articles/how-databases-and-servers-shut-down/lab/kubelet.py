"""The part of the kubelet that ends a container: ask, wait, kill."""

import subprocess
import time
from dataclasses import dataclass
from signal import SIGKILL, SIGTERM

from engblog.lab.servers import Server


@dataclass(frozen=True)
class Ending:
    """How a process ended."""

    status: int  # what it exited with; negative: the signal that killed it
    asked: float
    gone: float

    @property
    def seconds(self) -> float:
        """From the first signal to the end."""
        return self.gone - self.asked

    @property
    def killed(self) -> bool:
        """Whether the grace period ran out."""
        return self.status == -SIGKILL


Process = subprocess.Popen[bytes]


# --8<-- [start:stop]
def stop(process: Process, grace: float, number: int = SIGTERM) -> Ending:
    """Ask, wait for *grace* seconds, then stop asking."""
    start = time.monotonic()
    process.send_signal(number)  # STOPSIGNAL, if set
    try:
        status = process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()
        status = process.wait()
    return Ending(status, start, time.monotonic())
    # --8<-- [end:stop]


def ended(process: Process, *, within: float) -> bool:
    """Whether *process* ends by itself within so many seconds."""
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        return False
    return True


def running(server: Server) -> Process:
    """Return the process of a database server."""
    assert server.process is not None
    return server.process
