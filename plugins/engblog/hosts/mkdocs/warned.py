"""Counts the host's warnings during a build, whether or not it is strict."""

from __future__ import annotations

import logging


class Warnings(logging.Handler):
    """Listens to the host from its creation until :meth:`end`; *least* is the level from which it counts."""

    def __init__(self, least: int = logging.WARNING) -> None:
        super().__init__(least)
        self._count = 0
        logging.getLogger("mkdocs").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count *record*."""
        self._count += 1

    def end(self) -> bool:
        """Listen no longer; True if anything was heard."""
        logging.getLogger("mkdocs").removeHandler(self)
        return bool(self._count)
