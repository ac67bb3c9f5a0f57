"""Processes that hold one lock each and do nothing else; one process imports what they need and forks them.

Its only argument is a list of tasks in JSON, as for ``client.py``. It prints the process id of each holder.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

from client import Steps, make_lock


def hold(task: dict[str, Any]) -> None:
    """Take the lock, say so, and wait to be killed."""
    lock = make_lock(task, Steps([]))
    pid = os.getpid() if lock.acquire() else 0
    os.write(sys.stdout.fileno(), f"{pid}\n".encode())  # whole lines, because five processes share the pipe
    signal.pause()


def main() -> None:
    """Fork a holder for each task and collect them."""
    for task in json.loads(sys.argv[1]):
        if os.fork() == 0:
            hold(task)
    for _ in json.loads(sys.argv[1]):
        os.wait()


if __name__ == "__main__":
    main()
