"""A program as process 1 of a PID namespace of its own, which is what a container's entrypoint is."""

import os
import signal
from pathlib import Path

import psutil

# --8<-- [start:unshare]
UNSHARE = ["unshare", "--pid", "--fork", "--kill-child"]
if os.geteuid() != 0:
    UNSHARE += ["--user", "--map-root-user"]
# --8<-- [end:unshare]


def first_process(unshare: int) -> psutil.Process:
    """Return process 1 of the namespace that *unshare* (a process id) made, as seen from outside."""
    child: psutil.Process = psutil.Process(unshare).children()[0]
    inside = _status(child.pid, "NSpid").split()[-1]
    assert inside == "1", f"process {child.pid} is {inside} inside"
    return child


def mask(pid: int, name: str) -> set[int]:
    """The signals in a mask of ``/proc/<pid>/status``: ``SigCgt``, ``SigIgn``, ``SigBlk`` or ``ShdPnd``."""
    bits = int(_status(pid, name), 16)
    return {number for number in signal.valid_signals() if bits >> (number - 1) & 1}


def _status(pid: int, name: str) -> str:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return value.strip()
    raise KeyError(name)
