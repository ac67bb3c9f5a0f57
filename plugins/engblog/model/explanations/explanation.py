"""An explanation of a problem code, with a wrong and a right example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engblog.model.problems import printable

Example = Mapping[str, str | None]
"""A part of a site, by where it is: ``front matter`` has keys of an article and ``text`` its text; or what a path
names, from the folder of the article, or with a slash from the docs folder. ``../b/text`` is another article's.

A value may be a symbolic link (``-> target``), have bytes that are not UTF-8 as lone surrogates, or be None for a file
that is missing. Of a finished site, ``page`` is markup on a page, and ``site/…`` a file; ``template`` is the theme's
for articles."""

LINK = "-> "
"""The beginning of an example that is a symbolic link."""
AS_BUILT = "…"
"""The content of a file of a finished site that is as the build wrote it."""
_PLACES = frozenset({"front matter", "text", "page", "template"})
_LINES = 14
_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class Explanation:
    """The meaning of a code, beyond the words in its definition."""

    about: str
    """The reason for the rule, and what to do, in one to three sentences."""
    bad: Example
    good: Example


def example_lines(example: Example) -> Iterator[str]:
    """The lines that show *example*, each indented below its place."""
    for place, content in example.items():
        where = place if place in _PLACES else f"`{place}`"
        if content is None:
            yield f"  {where}: there is no such file"
        elif content == AS_BUILT:
            yield f"  {where}: as the build writes it"
        elif content.startswith(LINK):
            yield f"  {where}: a symbolic link to {content.removeprefix(LINK)}"
        else:
            yield f"  {where}:"
            yield from (f"    {line}".rstrip() for line in _short(content))


def _short(content: str) -> Iterator[str]:
    lines = content.rstrip("\n").split("\n") if content.strip() else ["(nothing)"]
    for line in lines[:_LINES]:
        text = printable(line.replace("\t", "⇥").encode("utf-8", "replace").decode())
        yield f"{text[:_CHARACTERS]}… ({len(text):,} characters)" if len(text) > _CHARACTERS else text
    if len(lines) > _LINES:
        yield f"… ({len(lines):,} lines)"
