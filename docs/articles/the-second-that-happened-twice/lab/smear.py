"""Two ways to get over a leap second, as functions of the seconds since noon of its day."""

from __future__ import annotations

# --8<-- [start:smear]
NOON_TO_NOON = 86_401  # the leap second is one of them
LEAP = 43_200


def stepped(elapsed: float) -> float:
    """A clock that is set back by one second when the leap second begins."""
    return elapsed if elapsed < LEAP else elapsed - 1


def smeared(elapsed: float) -> float:
    """A clock that spreads the correction evenly over the 86,401 seconds."""
    return elapsed * 86_400 / NOON_TO_NOON


# --8<-- [end:smear]
