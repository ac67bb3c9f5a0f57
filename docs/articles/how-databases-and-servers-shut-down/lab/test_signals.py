"""What a signal can and cannot do to a process."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from engblog.lab.record import Recorder
from kubelet import ended, stop
from pid_one import mask

LAB = Path(__file__).parent


@contextmanager
def running(script: str, *arguments: str | Path) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]]:
    """A script of this lab; yields the process, what to write to it and what to read from it."""
    command = [sys.executable, str(LAB / script), *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process, process.stdin, process.stdout
        finally:
            process.kill()


def test_exactly_two_signals_cannot_be_refused(record: Recorder) -> None:
    """A process can ignore or block every signal but SIGKILL and SIGSTOP: for those two, sigaction(2) answers
    EINVAL."""
    with running("deaf.py") as (process, _, output):
        told = json.loads(output.readline())

        assert told["refused"] == [["SIGKILL", "Invalid argument"], ["SIGSTOP", "Invalid argument"]]
        assert told["free"] == ["SIGKILL", "SIGSTOP"]
        ignored = mask(process.pid, "SigIgn")
        assert ignored == signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}

        ending = stop(process, grace=0.5)
        assert ending.killed
        record.number("signals_ignored", len(ignored), note="signals that a process could set to be ignored")
        record.number("einval", told["refused"][0][1], note="what sigaction(2) answers for SIGKILL")


@pytest.mark.fails_when(
    "the signal is SIGINT, for which Python has a handler", assertion="target.read_text()", numbers=(signal.SIGINT,)
)
def test_a_killed_process_loses_its_own_buffers_and_no_others(
    tmp_path: Path, numbers: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGKILL)
) -> None:
    """A process that is killed, by SIGKILL or by a SIGTERM without a handler, loses what it had not yet given to the
    kernel and nothing else."""
    for number in numbers:
        target = tmp_path / number.name
        with running("buffered.py", target) as (process, _, output):
            output.readline()
            process.send_signal(number)
            assert process.wait(30) == -number

        assert target.read_text() == "in the kernel\n"


def end(handler: str, target: Path) -> int:
    """Stop the worker of handlers.py while it holds its lock, and let its slow work end after that; return its status.

    It has three seconds until SIGKILL.
    """
    with running("handlers.py", handler, target) as (process, entry, output):
        output.readline()
        process.send_signal(signal.SIGTERM)
        entry.write(b"one\n")
        entry.flush()
        if not ended(process, within=3):
            process.kill()
        return process.wait()


@pytest.mark.fails_when("the handler only leaves a mark", assertion="status == -signal.SIGKILL", handler="leave_a_mark")
def test_work_inside_a_handler_can_wait_for_the_code_it_interrupted(tmp_path: Path, handler: str = "flush_now") -> None:
    """A signal handler that takes a lock which the interrupted code holds never returns: the worker is killed and its
    batch is lost."""
    target = tmp_path / "batch"
    status = end(handler, target)

    assert status == -signal.SIGKILL
    assert not target.exists()


@pytest.mark.fails_when("the handler flushes", assertion="status == 0", handler="flush_now")
def test_a_handler_that_leaves_a_mark_lets_the_main_loop_finish(tmp_path: Path, handler: str = "leave_a_mark") -> None:
    """A worker whose signal handler only sets a flag finishes its work, writes its batch and exits with 0."""
    target = tmp_path / "batch"
    status = end(handler, target)

    assert status == 0
    assert target.read_text() == "one\n"
