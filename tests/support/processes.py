"""Commands of ours in this process, which saves most of what a process of their own costs: its start, and its imports.

For tests of what a command does and says. That it can be started at all is for others to test, which really start it.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from engblog import cli
from engblog.hosts.mkdocs import ask
from mkdocs.__main__ import cli as mkdocs_cli  # noqa: TID251  (tests run the host itself)
from mkdocs.config.config_options import Hooks  # noqa: TID251

_START = subprocess.run
_LOGGERS = ("", "mkdocs", "mkdocs.commands.build")


def run_here(
    module: str, arguments: Sequence[str], *, cwd: Path, environment: Mapping[str, str], merged: bool = False
) -> subprocess.CompletedProcess[str]:
    """What ``python -m module arguments`` does in *cwd*. If *merged*, what it says on standard error is in its output.

    What it starts of ours runs here too.
    """
    out = io.StringIO()
    err = out if merged else io.StringIO()
    with (
        _place(cwd, environment),
        _loggers(),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        patch.object(subprocess, "run", _run),
    ):
        status = _call(module, arguments)
    return subprocess.CompletedProcess([module, *arguments], status, out.getvalue(), "" if merged else err.getvalue())


def can_run_here(module: str) -> bool:
    """Whether *module* is a command of ours, or the host."""
    return module in _COMMANDS


def _engblog(arguments: list[str]) -> int:
    return cli.main(arguments)


def _mkdocs(arguments: list[str]) -> int:
    mkdocs_cli.main(arguments, prog_name="mkdocs")
    return 0


def _ask(arguments: list[str]) -> int:
    return ask.main(*arguments)


_COMMANDS = {"engblog.cli": _engblog, "mkdocs": _mkdocs, "engblog.hosts.mkdocs.ask": _ask}


def _call(module: str, arguments: Sequence[str]) -> int:
    Hooks._load_hook.cache_clear()  # a new process would read the file again
    try:
        return _COMMANDS[module](list(arguments))
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except Exception:  # as the interpreter does
        traceback.print_exc()
        return 1


def _run(command: Sequence[str], **how: Any) -> subprocess.CompletedProcess[Any]:
    """``subprocess.run``, but for commands of ours."""
    ours = list(command[:2]) == [sys.executable, "-m"] and can_run_here(command[2])
    environment = how.get("env") or os.environ
    if not ours or environment.get("PYTHONPATH") != os.environ.get("PYTHONPATH"):
        return _START(command, **how)
    out, err = io.StringIO(), io.StringIO()
    captured = how.get("capture_output", False)
    with _place(Path(how.get("cwd") or "."), environment), _loggers(), contextlib.ExitStack() as stack:
        if captured:
            stack.enter_context(contextlib.redirect_stdout(out))
            stack.enter_context(contextlib.redirect_stderr(err))
        status = _call(command[2], command[3:])
    return subprocess.CompletedProcess(list(command), status, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def _place(cwd: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Stand in *cwd* with *environment* alone."""
    with contextlib.chdir(cwd), patch.dict(os.environ, environment, clear=True):
        yield


@contextlib.contextmanager
def _loggers() -> Iterator[None]:
    """Leave loggers and warnings as they were: the host filters what it has said once, and shows warnings its way."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [(each.level, each.propagate, list(each.handlers), list(each.filters)) for each in loggers]
    try:
        with warnings.catch_warnings():
            yield
    finally:
        for each, (level, propagate, handlers, filters) in zip(loggers, before, strict=True):
            each.setLevel(level)
            each.propagate = propagate
            each.handlers[:] = handlers
            each.filters[:] = filters
