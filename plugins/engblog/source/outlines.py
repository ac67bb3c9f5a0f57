"""Outlines of new articles: what a text about an incident, a choice, a tuning or a mechanism has to say, in order."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engblog.source.placeholders import placeholder

_DEFAULT = "deep dive"
_WORDS = {
    "incident": re.compile(r"incident|outage|post-?mortem|failure|real problems", re.IGNORECASE),
    "choice": re.compile(r"pick|choose|choosing|choice|decision|trade-?off|compar|\bvs\b", re.IGNORECASE),
    "tuning": re.compile(r"optimi|tuning|perform|profil|query|latency|cost", re.IGNORECASE),
}
"""Words in the name of a subcategory, or else of a category, that say which outline suits it; the first that has one
counts."""
_SOURCES = "## Sources"

OUTLINES: Mapping[str, tuple[str, ...]] = {
    "incident": (
        placeholder("what broke, for whom and for how long, as somebody on call saw it"),
        "## What to do",
        "- " + placeholder("the change that prevents it, in a line"),
        "- " + placeholder("the signal that shows it coming"),
        "## What we saw",
        placeholder("the timeline: what happened, and when, with the messages and graphs of that day"),
        "## What we believed, and why it was wrong",
        placeholder("the first explanation, and the observation that it could not explain"),
        "## What it was",
        placeholder("the mechanism, from first principles, and the test of the lab that repeats it"),
        "## The fix that held",
        placeholder("what was changed, what it cost, and what the lab measures before and after"),
        _SOURCES,
    ),
    "choice": (
        placeholder("the decision, and what went wrong where it was made without knowing this"),
        "## In short",
        "- " + placeholder("take this if …"),
        "- " + placeholder("take that if …"),
        "## The forces",
        placeholder("what pulls towards each side: load, failure, people, money"),
        "## What each one does",
        placeholder("the mechanism of each candidate, one after the other, as the lab shows it"),
        "## How each one fails",
        placeholder("the failure of each, provoked in the lab, and what it takes to recover"),
        "## When to decide again",
        placeholder("the sign that the decision no longer fits, and what changing it costs"),
        _SOURCES,
    ),
    "tuning": (
        placeholder("what was slow, for whom, and how much of the time went where"),
        "## What to do",
        "- " + placeholder("the change with the largest effect, in a line"),
        "## How to see it",
        placeholder("the command that shows where the time goes, and how to read its output"),
        "## Why it is slow",
        placeholder("the mechanism, from first principles"),
        "## What helps, and what does not",
        placeholder("each change, with the figures of the lab before and after it"),
        "## What it costs",
        placeholder("what the faster way makes slower, larger or harder to operate"),
        _SOURCES,
    ),
    "deep dive": (
        placeholder("the observation that most people would explain wrongly"),
        "## In short",
        "- " + placeholder("what to remember, in a line"),
        "- " + placeholder("what to check on your own system"),
        "## The mechanism",
        placeholder("how it works, from first principles, one step at a time, with code from the lab"),
        "## Watch it work",
        placeholder("two or three commands by which readers see it for themselves, with their output"),
        "## Where it ends",
        placeholder("the limits, and what happens beyond them, as the lab shows it"),
        "## What to do on Monday",
        placeholder("the first thing to change, and how to tell that it worked"),
        _SOURCES,
    ),
}
"""The blocks of each outline, by its name."""


def outline_for(category: str, subcategory: str = "") -> str:
    """The name of the outline that suits an article of *category* and *subcategory*."""
    for name in (subcategory, category):
        for outline, words in _WORDS.items():
            if words.search(name):
                return outline
    return _DEFAULT
