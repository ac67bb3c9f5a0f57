"""Ids by which an article and the page of its lab lead to each other's places."""

from __future__ import annotations

import re

from engblog.core.text import slugify

_NO_NAME = re.compile(r"[^\w.-]+")


def test_anchor(name: str) -> str:
    """The id of a test on its lab's page."""
    return name.replace("_", "-")


def claim_anchor(name: str) -> str:
    """The id of the first mark of a claim in its article; of each further one with ``-2``, ``-3``, … added."""
    return f"claim-{test_anchor(name)}"


def number_anchor(key: str) -> str:
    """The id of a measurement on its lab's page."""
    return f"number-{_NO_NAME.sub('-', key)}"


def chart_anchor(key: str) -> str:
    """The id of the data of a chart on its lab's page."""
    return f"chart-{_NO_NAME.sub('-', key)}"


def file_anchor(name: str) -> str:
    """The id of a file on its lab's page; of a line with ``-<number>`` added."""
    return f"file-{slugify(name)}"
