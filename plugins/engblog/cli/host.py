"""Asks the host, which knows its configuration, in a separate process: no command imports it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from engblog.model.errors import EngblogError

QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
"""Two notices that MkDocs' ecosystem prints about its own future; the Makefile sets the same."""


class HostError(EngblogError):
    """The host cannot use the site's configuration; the message says why."""


def ask_host(module: str, config: Path, environment: Mapping[str, str] | None = None) -> Any:
    """The answer of *module* of the host to the configuration file *config*. Raises :class:`HostError`."""
    full = {**os.environ, **QUIET} if environment is None else dict(environment)
    done = subprocess.run(_command(module, config), env=full, capture_output=True, text=True, check=False)
    return _answer(config, done.returncode, done.stdout, done.stderr)


class Question:
    """A question to *module* of the host about the configuration file *config* and *names* in it, which is being
    answered while the caller does something else. Raises :class:`HostError`, here and for the answer."""

    def __init__(self, module: str, config: Path, names: Iterable[str] = ()) -> None:
        self._config = config
        command = [*_command(module, config), *names]
        self._out, self._err = TemporaryFile("w+"), TemporaryFile("w+")  # noqa: SIM115  (`drop` closes them)
        self._process = subprocess.Popen(command, env={**os.environ, **QUIET}, stdout=self._out, stderr=self._err)

    def answer(self) -> Any:
        """Wait for the answer."""
        status = self._process.wait()
        for each in (self._out, self._err):
            each.seek(0)
        return _answer(self._config, status, self._out.read(), self._err.read())

    def drop(self) -> None:
        """End the process, if it still runs, and forget the answer."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._out.close()
        self._err.close()


def _command(module: str, config: Path) -> list[str]:
    if not config.is_file():
        raise HostError(f"{config}: there is no such file; run this where mkdocs.yml is, or pass --config")
    return [sys.executable, "-m", f"engblog.hosts.mkdocs.{module}", str(config.resolve())]


def _answer(config: Path, status: int, out: str, err: str) -> Any:
    if status < 0 and err:  # ended by what watches it, which has named the file
        raise HostError(err.strip())
    if status:
        said = (err or out).strip()
        _, traceback, last = said.rpartition("Traceback (most recent call last):")
        raise HostError(f"{config} cannot be read:\n{last.splitlines()[-1] if traceback else said}")
    return json.loads(out.splitlines()[-1])
