"""Ends every process of a lab's run, however the run ends.

A run that is killed by SIGKILL cannot clean up, so it starts a keeper: this file, as a separate process that uses only
the standard library. Through a pipe, the run reports each folder and each server that it makes. When the run has ended,
which the keeper learns from the pipe and the kernel, it kills whatever is left and removes the folders.

A process belongs to the run if its environment has the run's token, if it is in the session of one of the run's
servers, or if its working directory is in one of the run's folders. A single rule would not be enough: some servers
overwrite their environment to show a title, some leave their session.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

TOKEN = "ENGBLOG_LAB_RUN"  # noqa: S105  (a name)
"""Environment variable with the token of a run."""
RUNNER = "ENGBLOG_LAB_RUNNER"
"""Environment variable with the process id of the program that started the run; if that ends, the run must end too."""
_END = b"end \0"
_PATIENCE = 20.0
_PAUSE = 0.05


class Keeper:
    """A run's keeper: report to it what the run makes, and close it when the run is over."""

    def __init__(self) -> None:
        """Start the keeper. From now on, processes that this one starts have the run's token in their environment."""
        self._before = os.environ.pop(TOKEN, None)
        token = uuid.uuid4().hex
        read, self._pipe = os.pipe()
        runner = os.environ.get(RUNNER, "0")
        own = os.getpid() if os.getsid(0) == os.getpid() else 0
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", __file__, token, str(read), str(os.getpid()), str(own), runner],
                pass_fds=[read],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        finally:
            os.close(read)
        os.environ[TOKEN] = token

    def folder(self, path: Path) -> None:
        """Have *path* removed when the run is over, and processes that work in it ended."""
        self._tell("folder", str(path.resolve()))

    def server(self, pid: int) -> None:
        """Have every process in the session of the process *pid* ended when the run is over."""
        self._tell("session", f"{pid} {_started(pid)}")

    def close(self) -> None:
        """Report that the run is over, and wait until nothing is left of it."""
        os.environ.pop(TOKEN, None)
        if self._before is not None:
            os.environ[TOKEN] = self._before
        self._tell("end", "")  # the pipe may stay open for long, because a forked process can hold it
        os.close(self._pipe)
        try:
            self._process.wait(2 * _PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _tell(self, kind: str, what: str) -> None:
        with contextlib.suppress(BrokenPipeError):  # without a keeper, a run cleans up as far as it can
            os.write(self._pipe, f"{kind} {what}\0".encode())


def main(token: str, pipe: int, run: int, session: int, runner: int) -> None:
    """Wait for the end of the process *run*, or of the *runner* that started it, and end what is left of the run."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if session:
        leader = f"{session} {_started(session)}"
    told = _listen(pipe, run, runner)
    folders = [what for kind, what in told if kind == "folder"]
    sessions = {what for kind, what in told if kind == "session"}
    if session:
        sessions.add(leader)
    spared = {os.getpid(), run}  # the run may still be printing its results
    end = time.monotonic() + _PATIENCE
    quiet = 0
    while quiet < 2 and time.monotonic() < end:
        left = [pid for pid in _of_run(token, folders, sessions) if pid not in spared]
        for pid in left:
            _kill(pid)
        quiet = 0 if left else quiet + 1
        time.sleep(_PAUSE)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _listen(pipe: int, run: int, runner: int) -> list[tuple[str, str]]:
    """Collect the run's reports until it ends. If the *runner* ends first, the run is killed."""
    watched = select.poll()
    watched.register(pipe, select.POLLIN | select.POLLHUP)
    ends = {descriptor: pid for pid in (run, runner) if pid and (descriptor := _watch(pid)) is not None}
    for descriptor in ends:
        watched.register(descriptor, select.POLLIN)
    said = bytearray()
    while True:
        ready = {descriptor for descriptor, _ in watched.poll()}
        ended = {ends[descriptor] for descriptor in ready & ends.keys()}
        if runner in ended and run not in ended:
            _kill(run)
        if pipe in ready:
            part = os.read(pipe, 1 << 16)
            said += part
            if not part or said.endswith(_END):
                break
        elif ended:
            break
    words = (each.partition(" ") for each in said.decode("utf-8", "surrogateescape").split("\0") if each)
    return [(kind, what) for kind, _, what in words]


def _watch(pid: int) -> int | None:
    """A descriptor that can be read once the process *pid* has ended; None if there is no such process."""
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None


def _of_run(token: str, folders: list[str], sessions: set[str]) -> Iterator[int]:
    mark = f"{TOKEN}={token}".encode()
    alive = {number for each in sessions if _is_session(*each.split(" ")) for number in [each.partition(" ")[0]]}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        with contextlib.suppress(OSError, IndexError):  # it has just ended, or belongs to another user
            stat = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            if stat[0] != "Z" and (
                stat[3] in alive
                or mark in (entry / "environ").read_bytes().split(b"\0")
                or any(_is_in(str((entry / "cwd").readlink()), folder) for folder in folders)
            ):
                yield int(entry.name)


def _is_in(path: str, folder: str) -> bool:
    return f"{path.removesuffix(' (deleted)')}/".startswith(f"{folder}/")


def _is_session(leader: str, started: str) -> bool:
    """True if a session's number still means the reported session: its *leader* is the same process, or is gone."""
    now = _started(int(leader))
    return now in {"", started}


def _started(pid: int) -> str:
    """The start time of the process *pid*, as a word that no other process with this number has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _kill(pid: int) -> None:
    with contextlib.suppress(OSError):  # it has already ended
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:6]))
