"""Code fences begin and end where Markdown says."""

from __future__ import annotations

import pytest
from engblog.source.fences import Fence, opened_by


@pytest.mark.parametrize(
    ("line", "fence"),
    [
        ("```", Fence("", "```", "")),
        ("``` python title='x'", Fence("", "```", "python title='x'")),
        ("    ~~~~sql", Fence("    ", "~~~~", "sql")),
        ("> > ```text", Fence("> > ", "```", "text")),
        ("~~~ a`b", Fence("", "~~~", "a`b")),
        ("``` a`b", None),
        ("``", None),
        ("text ```", None),
    ],
)
def test_a_line_opens_a_fence_or_none(line: str, fence: Fence | None) -> None:
    assert opened_by(line) == fence


@pytest.mark.parametrize(
    ("opener", "line", "closed"),
    [
        ("```", "```", True),
        ("```", "  ```` ", True),
        ("```", "> ```", True),
        ("````", "```", False),
        ("```", "~~~", False),
        ("```", "``` x", False),
        ("```", "x ```", False),
        ("~~~", "~~~~", True),
    ],
)
def test_a_fence_is_closed_by_its_own_kind_and_nothing_behind_it(opener: str, line: str, closed: bool) -> None:
    fence = opened_by(opener)
    assert fence is not None
    assert fence.is_closed_by(line) is closed
