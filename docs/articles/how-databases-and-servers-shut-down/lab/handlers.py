"""A worker with a batch in memory, and two ways to end it: flush in the handler, or let the handler leave a mark."""

import signal
import sys
import threading
from pathlib import Path
from types import FrameType

lock = threading.Lock()
batch: list[str] = []
stopping = False


def flush() -> None:
    """Write the batch."""
    with lock:
        Path(sys.argv[2]).write_text("".join(batch))


# --8<-- [start:handlers]
def flush_now(number: int, frame: FrameType | None) -> None:
    """The work is done inside the handler: it needs a lock that the interrupted code may hold."""
    flush()
    sys.exit(0)


def leave_a_mark(number: int, frame: FrameType | None) -> None:
    """The work is left to the main loop, which knows when it holds the lock."""
    global stopping
    stopping = True
# --8<-- [end:handlers]


signal.signal(signal.SIGTERM, {"flush_now": flush_now, "leave_a_mark": leave_a_mark}[sys.argv[1]])
while not stopping:
    with lock:
        print("waiting", flush=True)
        batch.append(sys.stdin.readline())  # slow work under a lock
flush()
