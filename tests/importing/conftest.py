"""A picture for posts to show."""

from __future__ import annotations

import pytest
from engblog.disk.png import encode


@pytest.fixture
def png() -> bytes:
    return encode(2, 1, bytes([0, 0, 1]), [(255, 255, 255), (200, 30, 30)])
