"""The commands of the article, on a port that is free."""

from __future__ import annotations

import pytest
from conftest import Script


@pytest.mark.fails_when("the call has a timeout", assertion='number == "45"', name="timeout")
def test_the_commands_show_a_call_without_a_limit(scripts: dict[str, Script], name: str = "plain") -> None:
    """`try.sh` shows a Python process that waits in `recvfrom`, and a connection for which the kernel runs no timer."""
    done = scripts[name].done()
    number = done.stdout.split()[0]
    assert number == "45"  # recvfrom
    assert f"127.0.0.1:{scripts[name].port}" in done.stdout
    assert "timer:" not in done.stdout
    assert "curl: (28)" in done.stderr
