"""The commit as part of the time that a row is locked: what a slow flush does to a hot row."""

from collections.abc import Callable
from typing import Any

import pytest

from .disk import slow_disk
from .shop import Shop
from .writers import Outcome, TakeOrder, count_only, write

WRITERS = 16
FLUSH_MS = 10
CEILING = 1000 / FLUSH_MS
# --8<-- [start:slow]
SLOW_FLUSH = f"SET commit_delay = {FLUSH_MS * 1000}; SET commit_siblings = 0;"
# --8<-- [end:slow]
