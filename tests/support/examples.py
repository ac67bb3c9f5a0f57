"""How many examples an expensive property gets: few in the gate, more in ``make fuzz``."""

from __future__ import annotations

from hypothesis import settings

_GATE = 100


def examples(few: int) -> int:
    """*few* in the gate, in proportion in the other profiles of ``tests/conftest.py``."""
    return max(1, few * settings().max_examples // _GATE)
