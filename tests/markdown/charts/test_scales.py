"""Scales of charts: round ticks, and every value between them."""

from __future__ import annotations

import math

import pytest
from engblog.markdown.charts.scales import linear, logarithmic, tick_label
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = st.floats(min_value=-1e9, max_value=1e9).filter(lambda value: not value or abs(value) > 1e-6)
ABOVE_ZERO = st.floats(min_value=1e-6, max_value=1e9)


@given(st.lists(NUMBERS, min_size=1, max_size=8), st.booleans())
def test_a_linear_scale_holds_its_values_between_round_ticks(values: list[float], zero: bool) -> None:
    scale = linear(values, zero=zero)
    assert 2 <= len(scale.ticks) <= 9
    assert scale.low < scale.high
    assert not zero or scale.low <= 0 <= scale.high
    assert all(-1e-6 <= scale.at(value) <= 1 + 1e-6 for value in values)


@given(st.lists(ABOVE_ZERO, min_size=1, max_size=8))
def test_a_logarithmic_scale_holds_its_values(values: list[float]) -> None:
    scale = logarithmic(values)
    assert scale.low <= min(values) * 1.0011
    assert scale.high >= max(values) * 0.9989
    assert 1 <= len(scale.ticks) <= 10
    assert scale.at(scale.low) == 0
    assert scale.at(scale.high) == pytest.approx(1)
    assert scale.at(math.sqrt(scale.low * scale.high)) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.5, "0.5"),
        (1500, "1,500"),
        (20000, "20k"),
        (1.5e6, "1.5M"),
        (3e9, "3G"),
        (0.00005, "5e-05"),
        (-2, "-2"),
    ],
)
def test_a_tick_is_written_for_readers(value: float, text: str) -> None:
    assert tick_label(value) == text


def test_ticks_are_round() -> None:
    assert linear([0, 97]).ticks == (0, 20, 40, 60, 80, 100)
    assert linear([0, 0.97]).ticks == (0, 0.2, 0.4, 0.6, 0.8, 1.0)
    assert logarithmic([1.2, 52000]).ticks == (1, 10, 100, 1000, 10000, 100000)
    assert logarithmic([3, 40]).ticks == (2, 5, 10, 20, 50)
