"""Makes the other files modules of this lab, and waits for conditions."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))


@pytest.fixture
def until() -> Callable[..., bool]:
    """Wait until a condition holds. False if it doesn't within some seconds."""

    def wait(condition: Callable[[], object], seconds: float = 30.0) -> bool:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True

    return wait


@pytest.fixture
def keep() -> Iterator[contextlib.ExitStack]:
    """Closes, with the test, what the test has opened."""
    with contextlib.ExitStack() as stack:
        yield stack
