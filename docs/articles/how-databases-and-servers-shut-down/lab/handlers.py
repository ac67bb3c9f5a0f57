"""A worker with a batch in memory, and two ways to end it: flush in the handler, or let the handler leave a mark."""

import signal
import sys
import threading
from pathlib import Path


class Worker:
    """Collects a batch, line by line, under a lock."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.batch: list[str] = []
        self.stopping = False

    def run(self) -> None:
        """Work until told to stop."""
        while not self.stopping:
            with self.lock:
                print("waiting", flush=True)
                self.batch.append(sys.stdin.readline())  # slow, and the lock is held
        self.flush()

    def flush(self) -> None:
        """Write the batch."""
        with self.lock:
            Path(sys.argv[2]).write_text("".join(self.batch))


# --8<-- [start:handlers]
def flush_now(worker: Worker) -> None:
    """Flush here: the interrupted code may hold the lock."""
    worker.flush()
    sys.exit(0)


def leave_a_mark(worker: Worker) -> None:
    """Let the loop flush, when it holds no lock."""
    worker.stopping = True
    # --8<-- [end:handlers]


worker = Worker()
handle = {"flush_now": flush_now, "leave_a_mark": leave_a_mark}[sys.argv[1]]
signal.signal(signal.SIGTERM, lambda *_: handle(worker))
worker.run()
