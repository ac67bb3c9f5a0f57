"""A client process: it takes a lock, reads, writes and gives the lock back, and announces each step.

Its only argument is a task in JSON. After a step that the task names in ``holds``, it waits for a line on standard
input, so that a test can stop the process exactly there.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

import psycopg
import stores


class Steps:
    """Announcements on standard output, and waiting on standard input."""

    def __init__(self, holds: list[str]) -> None:
        """Wait after each step in *holds*."""
        self.holds = holds

    def __call__(self, name: str, value: Any = None) -> None:
        """Announce a step."""
        print(json.dumps([name, value]), flush=True)
        if name in self.holds:
            sys.stdin.readline()


class NoLock:
    """Nothing."""

    def acquire(self) -> int:
        """Hold it at once."""
        return 0

    def is_mine(self) -> bool:
        """Hold it always."""
        return True

    def release(self) -> bool:
        """Let go of nothing."""
        return True


def make_lock(task: dict[str, Any], step: Steps) -> Any:
    """Return the lock that the task names; import only what it needs."""
    kind, name, ttl = task["lock"], task["item"], task["ttl"]
    if kind == "none":
        return NoLock()
    if kind == "advisory":
        return import_module("advisory_lock").AdvisoryLock(task["lock_dsn"], task["number"])
    if kind == "etcd":
        return import_module("etcd_lock").EtcdLock(task["etcd"], name, ttl)
    if kind == "redlock":
        return import_module("redlock").Redlock(
            task["nodes"], name, ttl, between=lambda granted: step("asked", granted), timed=task["timed"]
        )
    return getattr(import_module("redis_lock"), kind)(task["redis"], name, ttl)


def make_store(task: dict[str, Any], lock: Any) -> Any:
    """Return the store that the task names, on its own connection or on the lock's."""
    db = lock.db if task["same_connection"] else psycopg.connect(task["dsn"], autocommit=True)
    return getattr(stores, task["store"])(db, task["item"])


# --8<-- [start:sell]
def sell(lock: Any, store: Any, step: Steps, look_first: bool) -> str:
    """Sell one piece under the lock."""
    token = lock.acquire()
    if token is None:
        return "busy"
    step("locked", token)
    store.claim(token)
    pieces = store.read(token)
    step("read", pieces)
    if pieces is None:
        return "refused"
    if look_first and not lock.is_mine():
        return "gave up"
    step("looked")
    took = store.write(pieces - 1, token)
    step("wrote")
    lock.release()
    return "sold" if took else "refused"
    # --8<-- [end:sell]


def main() -> None:
    """Run the task and announce how it ended."""
    task = json.loads(sys.argv[1])
    step = Steps(task["holds"])
    lock = make_lock(task, step)
    store = make_store(task, lock)
    step("ready")
    try:
        step("end", sell(lock, store, step, task["look_first"]))
    except psycopg.OperationalError as error:
        step("end", f"connection lost: {type(error).__name__}")


if __name__ == "__main__":
    main()
