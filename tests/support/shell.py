"""The ``engblog`` command, run in this process."""

from __future__ import annotations

import pytest
from engblog.cli import main


def engblog(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run ``engblog`` with *arguments*; its status, what it printed, and what it said on standard error."""
    status = main(arguments)
    out = capsys.readouterr()
    return status, out.out, out.err
