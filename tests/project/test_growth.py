"""No regular expression of the plugin takes more than linear time, on whatever an author writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.growth import Found, growth_of, patterns_in

PACKAGE = Path(__file__).parents[2] / "plugins" / "engblog"
FOUND, MADE_LATER = patterns_in(PACKAGE, "engblog")
OF_ARGUMENTS = {
    "disk/docs.py": "the escaped name of a folder between two constants",
    "lab/servers/nginx.py": "the key of a directive at the start of a line",
    "outputs/search/stem.py": "one of a few endings, at the end of a word",
    "publish/answers.py": "words of git, written out in the same module",
    "publish/rules.py": "the escaped name of a folder before digits",
    "source/canonical.py": "one of two marks, behind blanks at the start of a line",
    "source/lab_settings.py": "an escaped key at the start of a line",
}
"""Modules with expressions that are made of a function's arguments, and what these consist of."""


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.place)
def test_matching_takes_linear_time(found: Found) -> None:
    assert growth_of(found) is None, found.pattern.pattern


def test_every_expression_is_looked_at() -> None:
    assert len(FOUND) > 200
    assert {place.partition(":")[0] for place in MADE_LATER} == OF_ARGUMENTS.keys()


@pytest.mark.parametrize(
    ("pattern", "scans"),
    [
        (r"\{:?[ \t]*(?:(?:[#.][\w:-]+|[\w:-]+=[^\s{}\"'=]+)[ \t]*)+\}", True),
        (r"(a+)+$", False),
        (r"(?:a|a)*b", False),
        (r"\s+x", True),
        (r"<!--.*?-->", True),
        (r"\((?P<address>[^\s<>]*[('\"][^\s<>]*)\)", False),
        (r"(?:\s|<\?.*?\?>)*!", False),
        (r"(x+x+)+y", False),
        (r"\[[^\]]*\]:", True),
        (r".*?,(.*?),(.*?),z", False),
    ],
)
def test_an_expression_that_grows_faster_is_found(pattern: str, scans: bool) -> None:
    assert growth_of(Found("here", re.compile(pattern, re.DOTALL), scans)) is not None
