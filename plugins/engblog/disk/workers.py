"""Does work for many items in several processes, one for each core, where the system can fork.

A worker leaves its results in the store and nothing else. The build finds them there, and makes the others itself: an
item that fails, takes too long, or ends its process costs only time, because the build tries it again and then says
what is wrong with it. So a build is the same with workers and without.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

try:
    import resource
except ImportError:  # pragma: no cover  (Windows)
    resource = None  # type: ignore[assignment]

LEAST = 20
"""Number of items below which a further process costs more than it saves."""
_SECONDS = 8
"""Time of the processor for one item, after which the system ends the worker: more than a page may take at all."""

_Item = TypeVar("_Item")


def usable_cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_workers(items: Sequence[_Item], work: Callable[[_Item], object], *, count: int | None = None) -> None:
    """Do *work* for each of *items*, if that is worth a process; *count* is the number of processes."""
    count = usable_cores() if count is None else count
    if len(items) < LEAST or count < 2 or not _can_fork():
        return
    sys.stdout.flush()
    sys.stderr.flush()
    children: list[int] = []
    try:
        for number in range(count):
            if (child := os.fork()) == 0:
                _work(items[number::count], work)
            children.append(child)
        while children:
            os.waitpid(children[-1], 0)
            children.pop()
    except BaseException:  # Ctrl+C, or no more processes
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        raise


def _can_fork() -> bool:
    return hasattr(os, "fork") and resource is not None and threading.active_count() == 1


def _work(items: Sequence[_Item], work: Callable[[_Item], object]) -> None:
    """Do *work* for *items*, and end this process without any of what the other would do at its end."""
    try:
        _be_silent()
        for item in items:
            _limit()
            try:
                work(item)
            except Exception:  # noqa: S112  (whoever needs it will see the same)
                continue
    finally:
        os._exit(0)


def _be_silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    for name in ("", "mkdocs"):
        logging.getLogger(name).handlers.clear()


def _limit() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + _SECONDS
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if hard == resource.RLIM_INFINITY or seconds < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))
