"""Plans of PostgreSQL as objects, and as the text that the article shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg

PLANS = Path(__file__).parent / "plans"
WIDTH = 84
SHOWN_ON = 15
"""The major version whose plans the article shows; others word some lines differently."""


class Plan:
    """The plan of one statement and, if the statement ran, what it found."""

    def __init__(self, tree: dict[str, Any]) -> None:
        """Wrap the ``Plan`` of ``EXPLAIN (FORMAT JSON)``."""
        self.tree = tree
        self.nodes = list(_nodes(tree))

    @property
    def top(self) -> str:
        """Type of the topmost node, such as ``Seq Scan``."""
        return str(self.tree["Node Type"])

    @property
    def types(self) -> list[str]:
        """Types of all nodes, from the top."""
        return [str(node["Node Type"]) for node in self.nodes]

    @property
    def indexes(self) -> list[str]:
        """Names of the indexes that the plan uses."""
        return [str(node["Index Name"]) for node in self.nodes if "Index Name" in node]

    @property
    def index_conditions(self) -> str:
        """All conditions that an index looks up, as text; empty if no index narrows the search."""
        return " ".join(str(node["Index Cond"]) for node in self.nodes if "Index Cond" in node)

    @property
    def cost(self) -> float:
        """Estimated total cost."""
        return float(self.tree["Total Cost"])

    @property
    def rows(self) -> int:
        """Estimated rows."""
        return int(self.tree["Plan Rows"])

    @property
    def found(self) -> int:
        """Rows that the statement returned."""
        return int(self.tree["Actual Rows"])

    @property
    def pages(self) -> int:
        """Pages that the statement touched, in memory or not; a page counts every time."""
        return int(self.tree["Shared Hit Blocks"]) + int(self.tree["Shared Read Blocks"])

    @property
    def removed(self) -> int:
        """Rows that were read and then filtered out."""
        return sum(int(node.get("Rows Removed by Filter", 0)) for node in self.nodes)

    @property
    def filters(self) -> str:
        """All filters, as text."""
        return " ".join(str(node["Filter"]) for node in self.nodes if "Filter" in node)


def _nodes(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for child in tree.get("Plans", ()):
        yield from _nodes(child)


def explain(connection: psycopg.Connection[Any], statement: str, values: Sequence[Any] | None = None) -> Plan:
    """Plan *statement* without running it."""
    return _explained(connection, "FORMAT JSON", statement, values)


def run(
    connection: psycopg.Connection[Any], statement: str, values: Sequence[Any] | None = None, *, warm: bool = True
) -> Plan:
    """Plan and run *statement*, counting rows and pages; once more before that, unless *warm* is false.

    The first run in a session also reads a few pages of the catalogue, which are not the statement's.
    """
    options = "ANALYZE, BUFFERS, FORMAT JSON"
    if warm:
        _explained(connection, options, statement, values)
    return _explained(connection, options, statement, values)


def _explained(connection: psycopg.Connection[Any], options: str, statement: str, values: Sequence[Any] | None) -> Plan:
    row = connection.execute(f"EXPLAIN ({options}) {statement}".encode(), values).fetchone()
    assert row is not None
    answer = row[0] if isinstance(row[0], list) else json.loads(row[0])
    return Plan(answer[0]["Plan"])


def broken(line: str) -> str:
    """Break a *line* of a plan that is too long to be read on a page, before what was counted."""
    if len(line) <= WIDTH:
        return line
    indent = " " * (len(line) - len(line.lstrip(" ->")))
    return line.replace(" (actual", f"\n{indent}  (actual")


def is_as_shown(connection: psycopg.Connection[Any], name: str, statement: str) -> bool:
    """Run *statement* and compare its plan with the one in the article, ``plans/<name>.txt``.

    The tables are the same in every run and ANALYZE reads them whole, so every digit must agree. A missing file is
    written: to renew one, delete it. Long lines are broken before ``(actual``. Other major versions print plans
    differently and are not compared.
    """
    if connection.info.server_version // 10_000 != SHOWN_ON:
        return True
    explained = f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) {statement}"
    lines = [row[0] for row in connection.execute(explained.encode())]
    text = "\n".join([statement, "", *map(broken, lines)]) + "\n"
    file = PLANS / f"{name}.txt"
    if not file.exists():
        file.write_text(text, encoding="utf-8")
    return text == file.read_text(encoding="utf-8")
