"""Decides in which surroundings labs run: with which variables, on which network, and as whom.

A lab is a program that whoever wrote the article wrote. It never gets what other programs keep in the environment. In
CI, which runs pull requests, it also gets no network beyond loopback and no rights of root, as far as the machine can
keep them from it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engblog.lab import isolated

_KEPT = re.compile(
    "PATH|HOME|USER|LOGNAME|SHELL|TERM|TMPDIR|TZ|LANG|LANGUAGE|LC_[A-Z]+|CI|VIRTUAL_ENV|PYTHON[A-Z]*|PYTEST_[A-Z_]+|COLUMNS|NO_COLOR|"
    "SOURCE_DATE_EPOCH|ENGBLOG_[A-Z_]+|GO[A-Z0-9]+|OPENBLAS_[A-Z0-9_]+|JAVA_HOME|LD_LIBRARY_PATH|XDG_RUNTIME_DIR"
)
"""Variables that labs and their servers get. Any other could be a secret."""
_NOBODY = 65534
_CI = "CI"


@dataclass(frozen=True, slots=True)
class Isolation:
    """Barriers between labs and the rest of the machine."""

    network: bool = False
    """True if they have no network but loopback."""
    user: int | None = None
    """The account that they run as; None for our own."""
    lacks: tuple[str, ...] = ()
    """Barriers that this machine cannot set up, in words."""

    def command(self, command: Sequence[str]) -> list[str]:
        """The command that runs *command* behind the barriers."""
        options = [*(["--network"] if self.network else []), *(["--user", str(self.user)] if self.user else [])]
        return [sys.executable, "-I", "-S", str(isolated.__file__), *options, "--", *command] if options else [*command]

    def hand_over(self, *paths: Path) -> None:
        """Let the account write to *paths*, which are files."""
        if self.user is not None:
            for path in paths:
                path.touch()
                os.chown(path, self.user, self.user)


NOWHERE = Isolation()
"""No isolation: the lab runs as any other program of ours."""


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The variables of *given* that labs get."""
    return {name: value for name, value in given.items() if _KEPT.fullmatch(name)}


def strongest(given: Mapping[str, str], readable: Sequence[Path], *, writes: bool) -> Isolation:
    """The strongest isolation that this machine can do, if *given*, the environment, is one of CI.

    As another account, labs must be able to read all of *readable*; and they stay who we are if one *writes* a record.
    """
    if given.get(_CI, "") in {"", "false", "0"}:
        return NOWHERE
    lacks = []
    network = _can("--network")
    if not network:
        lacks.append("labs have the network of this machine: it allows no other")
    user = None
    if os.geteuid() == 0:
        tests = [f"test -r {str(path)!r}" for path in readable]
        if not writes and _can("--user", str(_NOBODY), command=["sh", "-c", " && ".join(["true", *tests])]):
            user = _NOBODY
        else:
            lacks.append("labs run as root: another account could not read this checkout and its Python, or write")
    return Isolation(network, user, tuple(lacks))


def _can(*options: str, command: Sequence[str] = ("true",)) -> bool:
    wrapped = [sys.executable, "-I", "-S", str(isolated.__file__), *options, "--", *command]
    return subprocess.run(wrapped, capture_output=True, check=False).returncode == 0
