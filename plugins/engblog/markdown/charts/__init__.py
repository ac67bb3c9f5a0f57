"""Charts from a lab's record: scales, drawing as SVG, and the same data as a table."""

from __future__ import annotations

from engblog.markdown.charts.drawing import draw
from engblog.markdown.charts.table import Table, table_of

__all__ = ["Table", "draw", "table_of"]
