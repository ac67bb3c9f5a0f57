"""Tests here do not depend on the day on which they run."""

from support.day import day  # noqa: F401
from support.moving import site  # noqa: F401
