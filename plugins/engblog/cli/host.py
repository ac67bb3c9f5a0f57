"""Asks the host, which knows its configuration, in a separate process: no command imports it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engblog.model.errors import EngblogError

QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
"""Two notices that MkDocs' ecosystem prints about its own future; the Makefile sets the same."""


class HostError(EngblogError):
    """The host cannot use the site's configuration; the message says why."""


def ask_host(module: str, config: Path, environment: Mapping[str, str] | None = None) -> Any:
    """The answer of *module* of the host to the configuration file *config*. Raises :class:`HostError`."""
    if not config.is_file():
        raise HostError(f"{config}: there is no such file; run this where mkdocs.yml is, or pass --config")
    command = [sys.executable, "-m", f"engblog.hosts.mkdocs.{module}", str(config.resolve())]
    full = {**os.environ, **QUIET} if environment is None else dict(environment)
    done = subprocess.run(command, env=full, capture_output=True, text=True, check=False)
    if done.returncode < 0 and done.stderr:  # ended by what watches it, which has named the file
        raise HostError(done.stderr.strip())
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        _, traceback, last = said.rpartition("Traceback (most recent call last):")
        raise HostError(f"{config} cannot be read:\n{last.splitlines()[-1] if traceback else said}")
    return json.loads(done.stdout.splitlines()[-1])
