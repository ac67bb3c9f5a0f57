"""The part of the kubelet that ends a container: ask, wait, kill."""

import signal
import subprocess
import time
from dataclasses import dataclass


# --8<-- [start:stop]
@dataclass(frozen=True)
class Ending:
    """How a process ended."""

    status: int  # what it exited with; negative: the signal that killed it
    seconds: float  # from the first signal to the end

    @property
    def killed(self) -> bool:
        """Whether the grace period ran out."""
        return self.status == -signal.SIGKILL


def stop(
    process: subprocess.Popen[bytes], *, grace: float, ask: signal.Signals = signal.SIGTERM
) -> Ending:
    """Ask *process* to stop, wait for *grace* seconds, then stop asking."""
    start = time.monotonic()
    process.send_signal(ask)
    try:
        status = process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()
        status = process.wait()
    return Ending(status, time.monotonic() - start)
# --8<-- [end:stop]
