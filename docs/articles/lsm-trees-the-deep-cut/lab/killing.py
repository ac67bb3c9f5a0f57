"""Run the writer, believe its promises, kill it, and see what is left; or watch its system calls instead."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import psutil

from rocksdict import DBRecoveryMode, Options, Rdict

from engblog.lab.process import find_program

WRITER = Path(__file__).with_name("writer.py")


def _until_all_is_promised(writer: subprocess.Popen[bytes], rows: int) -> int:
    """Read promises until all *rows* are promised; then kill the writer and everything it started, with SIGKILL."""
    promised = 0
    assert writer.stdout is not None
    with writer.stdout as pipe:
        for line in pipe:
            promised = int(line)
            if promised == rows:
                break
    for process in [*psutil.Process(writer.pid).children(recursive=True), psutil.Process(writer.pid)]:
        process.kill()
    writer.wait()
    return promised


def promised_then_killed(folder: Path, **settings: int) -> int:
    """Run the writer with *settings*, kill -9 it after its last promise, and return how many rows it had promised."""
    command = [sys.executable, str(WRITER), str(folder), json.dumps(settings)]
    return _until_all_is_promised(subprocess.Popen(command, stdout=subprocess.PIPE), settings["rows"])


def recovered(folder: Path, mode: str = "point_in_time") -> int | None:
    """Open what a killed writer left, and count its rows; None if RocksDB refuses to open it."""
    options = Options(raw_mode=True)
    options.set_wal_recovery_mode(getattr(DBRecoveryMode, mode)())
    try:
        db = Rdict(str(folder), options)
    except Exception as refusal:
        if "Corruption" not in str(refusal):
            raise
        return None
    rows = len(list(db.keys()))
    db.close()
    return rows


def log_file(folder: Path) -> Path:
    """The write-ahead log in *folder* that has something in it."""
    return max(folder.glob("*.log"), key=lambda path: path.stat().st_size)


class Calls:
    """System calls of the writer between its first promise and its last."""

    def __init__(self, trace: str) -> None:
        lines = trace.splitlines()
        promises = [at for at, line in enumerate(lines) if re.search(r"\bwrite\(1<", line)]
        self.lines = lines[promises[0] + 1 : promises[-1]]
        self._before = [lines[start + 1 : end] for start, end in pairwise(promises)]

    def count(self, call: str, file: str = "") -> int:
        """Count calls of *call* on a file whose name ends with *file*."""
        return _count(self.lines, call, file)

    def before_each_promise(self, call: str, file: str = "") -> list[int]:
        """Count such calls between each promise and the next."""
        return [_count(lines, call, file) for lines in self._before]


def _count(lines: list[str], call: str, file: str) -> int:
    wanted = re.compile(rf"\b(?:{call})\(\d+<[^>]*{re.escape(file)}>")
    return sum(1 for line in lines if wanted.search(line))


def trace(folder: Path, **settings: int) -> Calls:
    """Run the writer with *settings* under strace and return its calls to read, write and synchronise files."""
    output = folder.with_suffix(".trace")
    calls = "trace=read,pread64,write,pwrite64,fsync,fdatasync,sync_file_range"
    strace = [find_program("strace", package="strace"), "-f", "-y", "-e", calls, "-o", str(output)]
    command = [*strace, sys.executable, str(WRITER), str(folder), json.dumps(settings)]
    _until_all_is_promised(subprocess.Popen(command, stdout=subprocess.PIPE), settings["rows"])
    return Calls(output.read_text())
