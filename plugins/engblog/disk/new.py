"""A new article: a folder with a draft that already passes the check."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

from engblog.model.article import Person, Taxonomy
from engblog.model.errors import EngblogError
from engblog.model.text import is_slug, slugify
from engblog.source.schema import TAGS

_LONGEST_SLUG = 60
_TEMPLATE = """\
---
title: {title}
description: >-
  Replace this with 80 to 900 characters that say what the article shows: the failure, the mechanism behind it, and what
  to do about it. It is the text of the card on the home page.
date: {day}
category: {category}
{subcategory}tags: [{tags}]
{authors}status: draft
---

Open with the failure itself: what was seen, on what, at which load.

## The mechanism

One mechanism at a time, from first principles. Put the code into `lab/` and include it; measure, and show the number
that the lab recorded.

## What to do on Monday

- The first thing to change, and how to tell that it worked.

## Sources
"""


class SkeletonError(EngblogError):
    """No article can be made; the message says why."""


def new_article(
    articles: Path, title: str, *, day: date, taxonomy: Taxonomy, people: dict[str, Person], slug: str | None = None
) -> Path:
    """Make ``<articles>/<slug>/index.md`` for *title* and return it. Raises :class:`SkeletonError`; never
    overwrites."""
    title = " ".join(title.split())
    slug = slug or _shortened(slugify(title).encode("ascii", "ignore").decode().strip("-"))
    if not title:
        raise SkeletonError("the title is empty")
    if odd := next((character for character in title if _is_no_text(character)), None):
        raise SkeletonError(f"the title has a character that is no text: U+{ord(odd):04X}")
    if not is_slug(slug):
        raise SkeletonError(f"{slug!r} is no slug: give one with --slug, of lower-case letters, digits and hyphens")
    if not taxonomy.categories or len(taxonomy.tags) < TAGS[0]:
        raise SkeletonError(f"the taxonomy needs a category and {TAGS[0]} tags before an article can have them")
    folder = articles / slug
    category = taxonomy.categories[0]
    sub = f"subcategory: {_quoted(category.subcategories[0].name)}\n" if category.subcategories else ""
    text = _TEMPLATE.format(
        title=_quoted(title),
        day=day.isoformat(),
        category=_quoted(category.term.name),
        subcategory=sub,
        tags=", ".join(_quoted(tag.name) for tag in taxonomy.tags[: TAGS[0]]),
        authors=f"authors: [{next(iter(people))}]\n" if people else "",
    )
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise SkeletonError(f"{folder} exists already; give another --slug") from None
    except OSError as error:
        raise SkeletonError(f"{folder} cannot be made: {error.strerror}") from None
    target = folder / "index.md"
    target.write_text(text, encoding="utf-8")
    return target


def _shortened(slug: str) -> str:
    """*slug*, or those of its words that fit into 60 characters."""
    if len(slug) <= _LONGEST_SLUG:
        return slug
    return slug[: _LONGEST_SLUG + 1].rpartition("-")[0] or slug[:_LONGEST_SLUG]


def _is_no_text(character: str) -> bool:
    """Whether a file must not hold *character*: a control character, half of a surrogate pair, U+FFFE or U+FFFF."""
    return unicodedata.category(character) in {"Cc", "Cs"} or character in "\ufffe\uffff"


def _quoted(text: str) -> str:
    """*text* as a YAML scalar: in quotes when it could be read as anything but text."""
    plain = text.replace(" ", "").replace("-", "").isalnum() and text[0].isalpha() and text.lower() != "null"
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
