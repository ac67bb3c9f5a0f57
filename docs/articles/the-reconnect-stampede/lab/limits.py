"""The limit of open files, which each client's socket counts against."""

from __future__ import annotations

import resource


def raise_files() -> int:
    """Raise this process's soft limit of open files to its hard limit; return it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def limit_files(number: int) -> None:
    """Allow this process no more than *number* open files."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))
