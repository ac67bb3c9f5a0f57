"""The data of a chart as a table."""

from __future__ import annotations

from engblog.markdown.charts import table_of
from engblog.model.article import LabChart


def chart(
    *points: tuple[str, float | str, float], kind: str = "line", x_scale: str = "linear", **more: str
) -> LabChart:
    words = {"title": "Pace", "x": "dead, %", "y": "keys a second", "y_scale": "linear", "note": "one run"} | more
    return LabChart(key="pace", kind=kind, x_scale=x_scale, points=points, **words)


POINTS = (("idle", 5.0, 100.0), ("idle", 10.0, 250.5), ("busy", 5.0, 70.0), ("busy", 10.0, 90.0))


def test_the_table_has_every_value() -> None:
    table = table_of(chart(*POINTS, ("busy", 5.0, 71.0)))
    assert table.heads == ("dead, %", "idle: keys a second", "busy: keys a second")
    assert table.rows == (("5.0", "100.0", "70.0, 71.0"), ("10.0", "250.5", "90.0"))
    assert table_of(chart(("a", "x", 1234.0))).rows == (("x", "1,234.0"),)
    assert table_of(chart(("a", 1, 2), ("b", 2, 3))).rows == (("1", "2", "–"), ("2", "–", "3"))
