"""The data of a chart as a table, for screen readers, feeds and the Markdown twin."""

from __future__ import annotations

from dataclasses import dataclass

from engblog.model.article import LabChart


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its column heads, and its rows, each starting with its own head."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table_of(chart: LabChart) -> Table:
    """Make the table of *chart*: a row for each x, a column for each line; several values of one place in one cell."""
    lines = list(dict.fromkeys(line for line, _, _ in chart.points))
    places = list(dict.fromkeys(x for _, x, _ in chart.points))
    if all(isinstance(x, int | float) for x in places):
        places.sort(key=float)
    values: dict[tuple[str, float | str], list[str]] = {}
    for line, x, y in chart.points:
        values.setdefault((line, x), []).append(f"{y:,}")
    heads = (chart.x, *(f"{line}: {chart.y}" if len(lines) > 1 else chart.y for line in lines))
    rows = tuple(
        (x if isinstance(x, str) else f"{x:,}", *(", ".join(values.get((line, x), ["–"])) for line in lines))
        for x in places
    )
    return Table(heads, rows)
