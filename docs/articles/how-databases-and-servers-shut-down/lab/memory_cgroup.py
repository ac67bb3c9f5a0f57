"""A memory limit like a container's, so that the kernel's OOM killer can be met on purpose."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_ROOT = Path("/sys/fs/cgroup")


@contextmanager
def memory_limit(pid: int, mebibytes: int) -> Iterator[Callable[[], int]]:
    """Let the process *pid* take *mebibytes* more from here on; yield a function that counts OOM kills.

    Skips the test where memory control groups cannot be made.
    """
    old = (_ROOT / "memory").is_dir()  # version 1 of the interface has a tree for each resource
    group = (_ROOT / "memory" if old else _ROOT) / f"lab-{pid}"
    limit, swap, events = (
        ("memory.limit_in_bytes", "memory.swappiness", "memory.oom_control")
        if old
        else ("memory.max", "memory.swap.max", "memory.events")
    )
    try:
        group.mkdir()
        (group / limit).write_text(str(mebibytes << 20))
        (group / swap).write_text("0")
        (group / "cgroup.procs").write_text(str(pid))
    except OSError as error:
        if group.exists():
            group.rmdir()
        pytest.skip(f"no memory control group to be had here: {error}")

    def oom_kills() -> int:
        lines = dict(line.split() for line in (group / events).read_text().splitlines())
        return int(lines["oom_kill"])

    try:
        yield oom_kills
    finally:
        for left in (group / "cgroup.procs").read_text().split():  # a failed test's server lives on
            (group.parent / "cgroup.procs").write_text(left)
        group.rmdir()
