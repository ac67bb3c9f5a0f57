"""Helpers for servers of labs: waiting, ports and users."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path

from engblog.model.errors import EngblogError


class LabError(EngblogError):
    """A server was not found, started or stopped. The message says what to install or shows the server's log."""


def find_program(name: str, *folders: str, package: str) -> str:
    """Return the path of *name*, looking in *folders* and then on ``PATH``.

    Raises :class:`LabError` that names the Debian *package* to install.
    """
    for folder in folders:
        candidate = Path(folder) / name
        if os.access(candidate, os.X_OK):
            return str(candidate)
    found = shutil.which(name)
    if found is None:
        raise LabError(f"{name} is not installed; run: apt-get install {package}")
    return found


def free_port() -> int:
    """Return a TCP port on 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str) -> float:
    """Poll *condition* every 10 ms until it holds; return the seconds that this took.

    Raises :class:`LabError`, which names *what* did not happen, once *seconds* have passed.
    """
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > seconds:
            raise LabError(f"gave up after waiting {seconds:g} s for {what}")
        time.sleep(0.01)
    return time.monotonic() - start


def user_exists(name: str) -> bool:
    """True if the system has the account *name*."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def unprivileged(user: str) -> str | None:
    """Return *user* if we are root and must drop privileges to start a server, otherwise None.

    PostgreSQL refuses to run as root; Debian's packages create an account for each server.
    """
    if os.geteuid() != 0:
        return None
    if not user_exists(user):
        raise LabError(f"running as root, but there is no user {user!r} to start the server")
    return user


def give_to(path: Path, user: str | None) -> None:
    """Give the folder *path* to *user* (do nothing if *user* is None) and let the folders above it be entered."""
    if user is None:
        return
    shutil.chown(path, user)
    for parent in path.parents:
        if parent.owner() == "root" and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
