"""Charts: scales with round ticks, drawings that hold every point, and tables with the same data."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from engblog.markdown.charts import draw, table_of
from engblog.markdown.charts.drawing import STYLES, WIDTH
from engblog.model.article import LabChart
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = st.floats(min_value=-1e9, max_value=1e9).filter(lambda value: not value or abs(value) > 1e-6)


def chart(
    *points: tuple[str, float | str, float], kind: str = "line", x_scale: str = "linear", **more: str
) -> LabChart:
    words = {"title": "Pace", "x": "dead, %", "y": "keys a second", "y_scale": "linear", "note": "one run"} | more
    return LabChart(key="pace", kind=kind, x_scale=x_scale, points=points, **words)


def drawn(made: LabChart) -> ElementTree.Element:
    return ElementTree.fromstring(draw(made, "c", "It <rises> & falls"))  # noqa: S314  (we drew it)


POINTS = (("idle", 5.0, 100.0), ("idle", 10.0, 250.5), ("busy", 5.0, 70.0), ("busy", 10.0, 90.0))


def test_every_point_is_drawn_with_the_mark_of_its_line() -> None:
    svg = draw(chart(*POINTS), "c", "d")
    assert svg.count("<circle") == 2 + 1, "two points and the legend"
    assert svg.count("m-4 -4h8v8h-8z") == 2 + 1
    root = drawn(chart(*POINTS))
    assert [each.text for each in root if each.tag in {"title", "desc"}] == ["Pace", "It <rises> & falls"]
    texts = [each.text for each in root.iter("text")]
    assert {"idle", "busy", "dead, %", "keys a second", "5", "10", "0", "300"} <= set(texts)


def test_higher_values_are_drawn_higher() -> None:
    circles = list(drawn(chart(("a", 1, 10), ("a", 2, 30), ("a", 3, 20))).iter("circle"))
    low, high, middle = (float(each.get("cy", "")) for each in circles)
    assert high < middle < low
    assert [float(each.get("cx", "")) for each in circles] == sorted(float(each.get("cx", "")) for each in circles)


def test_names_stand_in_rows_and_longer_bars_are_longer() -> None:
    root = drawn(chart(("a", "L1 cache", 1), ("a", "memory", 92.5), kind="bars"))
    first, second = (float(each.get("width", "")) for each in root.iter("rect"))
    assert second == pytest.approx(92.5 * first, rel=0.2)
    assert {"L1 cache", "memory", "1", "92.5"} <= {each.text or "" for each in root.iter("text")}


def test_samples_are_all_drawn_and_their_median_is_marked() -> None:
    svg = draw(chart(*(("a", "x", value) for value in (1.0, 2.0, 30.0)), kind="dots"), "c", "d")
    assert svg.count("<circle") == 3
    assert len(re.findall(r'd="M[\d. ]+v18"', svg)) == 1


PLACES = st.one_of(NUMBERS, st.sampled_from(["x", "y<"]))
SHAPES = st.sampled_from(["line", "bars", "dots"])


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b & <c>", "a long name of a line"]), PLACES, NUMBERS), min_size=1, max_size=12
    ),
    SHAPES, st.sampled_from(["linear", "log"]), st.sampled_from(["linear", "log"]),
)  # fmt: skip
def test_any_data_is_a_drawing_that_stays_in_its_box(
    points: list[tuple[str, float | str, float]], kind: str, x_scale: str, y_scale: str
) -> None:
    made = chart(*points, kind=kind, x_scale=x_scale, y_scale=y_scale)
    root = drawn(made)
    height = float(root.get("height", ""))
    for shape in root.iter():
        for name, most in (("cx", WIDTH), ("cy", height), ("x", WIDTH), ("y", height)):
            if name in shape.attrib:
                assert -40 <= float(shape.attrib[name]) <= most + 40, shape.attrib
    assert "nan" not in ElementTree.tostring(root, encoding="unicode")
    assert table_of(made).rows


def test_lines_differ_in_more_than_colour() -> None:
    assert len({(style.dash, style.mark) for style in STYLES}) == len(STYLES)


def test_the_same_data_gives_the_same_bytes() -> None:
    assert draw(chart(*POINTS), "c", "d") == draw(chart(*POINTS), "c", "d")
