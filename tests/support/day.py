"""The day on which tests of the pure packages run: always the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def day() -> Iterator[None]:
    """Make it noon of 1 December 2026."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1796126400")
        yield
