"""A new article: a folder with a draft that already passes the check."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

from engblog.model.article import Person, Taxonomy
from engblog.model.errors import EngblogError
from engblog.model.text import is_seen, is_slug, slugify
from engblog.source.schema import TAGS, TITLE_CHARACTERS

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

Open with the failure itself: what you saw, on which system, under which load.

## The mechanism

Explain each mechanism from first principles. Put the code into `lab/` and include it here; measure, and show the number
that the lab recorded.

## What to do on Monday

- The first thing to change, and how to tell that it worked.

## Sources
"""


class SkeletonError(EngblogError):
    """An article cannot be created; the message says why."""


def new_article(
    articles: Path, title: str, *, day: date, taxonomy: Taxonomy, people: dict[str, Person], slug: str | None = None
) -> Path:
    """Make ``<articles>/<slug>/index.md`` for *title* and return it. Raises :class:`SkeletonError`; never
    overwrites."""
    title = " ".join(title.split())
    slug = slug or _shortened(slugify(title).encode("ascii", "ignore").decode().strip("-"))
    if not title:
        raise SkeletonError("the title is empty")
    if len(title) > TITLE_CHARACTERS:
        raise SkeletonError(f"the title has {len(title)} characters; write at most {TITLE_CHARACTERS}")
    if odd := next((character for character in title if _is_no_text(character)), None):
        raise SkeletonError(f"the title has a character that cannot be shown: U+{ord(odd):04X}")
    if not is_seen(title):
        raise SkeletonError("the title has no character that readers see")
    if not is_slug(slug):
        raise SkeletonError(f"{slug!r} is not a slug: pass --slug, with lower-case letters, digits and hyphens")
    if not taxonomy.categories or len(taxonomy.tags) < TAGS[0]:
        raise SkeletonError(f"the taxonomy must have a category and {TAGS[0]} tags first")
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
        raise SkeletonError(f"{folder} already exists; pass another --slug") from None
    except OSError as error:
        raise SkeletonError(f"{folder} cannot be created: {error.strerror}") from None
    target = folder / "index.md"
    target.write_text(text, encoding="utf-8")
    return target


def _shortened(slug: str) -> str:
    """*slug*, or as many of its words as fit into 60 characters."""
    if len(slug) <= _LONGEST_SLUG:
        return slug
    return slug[: _LONGEST_SLUG + 1].rpartition("-")[0] or slug[:_LONGEST_SLUG]


def _is_no_text(character: str) -> bool:
    """True if a file must not contain *character*: a control character, half a surrogate pair, U+FFFE or U+FFFF."""
    return unicodedata.category(character) in {"Cc", "Cs"} or character in "\ufffe\uffff"


def _quoted(text: str) -> str:
    """*text* as a YAML scalar: in quotes when it could be read as anything but text."""
    plain = text.replace(" ", "").replace("-", "").isalnum() and text[0].isalpha() and text.lower() != "null"
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
