"""A new article: a folder with a draft that already passes the check, and a lab that runs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from textwrap import fill
from typing import TypeVar

from engblog.model.article import Category, Person, Taxonomy
from engblog.model.errors import EngblogError
from engblog.model.problems import did_you_mean, quote
from engblog.model.text import is_seen, is_slug, slugify
from engblog.source.fields import Key
from engblog.source.outlines import OUTLINES, outline_for
from engblog.source.placeholders import placeholder
from engblog.source.schema import FRONT_MATTER, TAGS, TITLE_CHARACTERS
from engblog.source.typography import typographic
from engblog.source.yaml_text import as_scalar

_Found = TypeVar("_Found")
_LONGEST_SLUG = 60
_WIDTH = 110
_DESCRIPTION = placeholder(
    "80 to 900 characters that say what the article shows: the failure, the mechanism behind it, "
    "and what to do about it"
)
_LATER: Mapping[str, str] = {
    "featured": "true",
    "aliases": "[/2019/old-address/]",
    "id": "/2019/old-address/",
    "series": "{name: Durability from the disk up, part: 1}",
    "requires": "[another-article]",
    "applies_to": "{PostgreSQL: '15 to 18'}",
}
"""Values of keys that few articles need, as examples."""
_LAB = '''\
"""The lab of an article: each claim of the text is a test, and each figure is one that a test recorded."""

import pytest


@pytest.mark.fails_when("one entry is lost", assertion="kept == wanted", lost=1)
def test_what_was_written_is_there(record, lost=0):
    """{claim}"""
    wanted = 3
    kept = len(range(wanted - lost))
    record.number("kept", kept, unit="entries", note="{note}")
    assert kept == wanted
'''


class SkeletonError(EngblogError):
    """An article cannot be created; the message says why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An article that somebody wants to write, in their words."""

    title: str = ""
    slug: str = ""
    category: str = ""
    subcategory: str = ""
    tags: Sequence[str] = ()
    authors: Sequence[str] = ()
    outline: str = ""
    has_lab: bool = True


@dataclass(frozen=True, slots=True)
class _Plan:
    """A wish in the words of the vocabulary."""

    title: str
    slug: str
    category: str
    subcategory: str
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    outline: str


def new_article(
    articles: Path, wish: Wish, *, day: date, taxonomy: Taxonomy, people: Mapping[str, Person]
) -> tuple[Path, ...]:
    """Make ``<articles>/<slug>/index.md`` and its lab as *wish* says, and return the files. Raises
    :class:`SkeletonError`, which names everything that is wrong; never overwrites."""
    faults: list[str] = []
    plan = _planned(wish, taxonomy, people, faults)
    folder = articles / plan.slug
    if plan.slug and folder.exists():
        faults.append(f"{folder} already exists; pass another --slug")
    if faults:
        raise SkeletonError("\n".join(faults))
    written = {"index.md": _text(plan, day, wish.has_lab)}
    if wish.has_lab:
        claim = placeholder("the claim, in a sentence that makes sense without the text around it")
        note = placeholder("what was measured, and when")
        written[f"lab/test_{plan.slug.replace('-', '_')}.py"] = _LAB.format(claim=claim, note=note)
    try:
        folder.mkdir(parents=True)
        for name, text in written.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    except FileExistsError:
        raise SkeletonError(f"{folder} already exists; pass another --slug") from None
    except OSError as error:
        raise SkeletonError(f"{folder} cannot be created: {error.strerror}") from None
    return tuple(folder / name for name in written)


def slug_of(title: str) -> str:
    """The name of the folder of an article with *title*, or as many of its words as fit into 60 characters."""
    slug = slugify(title).encode("ascii", "ignore").decode().strip("-")
    if len(slug) <= _LONGEST_SLUG:
        return slug
    return slug[: _LONGEST_SLUG + 1].rpartition("-")[0] or slug[:_LONGEST_SLUG]


def _planned(wish: Wish, taxonomy: Taxonomy, people: Mapping[str, Person], faults: list[str]) -> _Plan:
    title = " ".join(wish.title.split())
    slug = wish.slug or slug_of(title)
    if fault := fault_of_title(title):
        faults.append(fault)
    elif not is_slug(slug):
        faults.append(f"{quote(slug)} is not a slug: pass --slug, with lower-case letters, digits and hyphens")
    category = _category(wish, taxonomy, faults)
    subcategory = _subcategory(wish, category, faults) if category else ""
    tags = _tags(wish, taxonomy, faults)
    for key in wish.authors:
        if key not in people:
            faults.append(f"--author: there is no {quote(key)} in the authors file; {did_you_mean(key, people)}")
    if wish.outline and wish.outline not in OUTLINES:
        faults.append(f"--outline: there is no {quote(wish.outline)}; {did_you_mean(wish.outline, OUTLINES)}")
    name = category.term.name if category else ""
    outline = wish.outline or outline_for(name, subcategory)
    return _Plan(title, slug, name, subcategory, tags, tuple(wish.authors), outline)


def fault_of_title(title: str) -> str:
    """The reason why no article can have *title*; empty if one can."""
    if not title:
        return "--title is missing: the title of the article"
    if len(title) > TITLE_CHARACTERS:
        return f"the title has {len(title)} characters; write at most {TITLE_CHARACTERS}"
    if odd := next((character for character in title if _is_no_text(character)), None):
        return f"the title has a character that cannot be shown: U+{ord(odd):04X}"
    return "" if is_seen(title) else "the title has no character that readers see"


def _category(wish: Wish, taxonomy: Taxonomy, faults: list[str]) -> Category | None:
    names = {each.term.name: each for each in taxonomy.categories}
    found = _named(wish.category, names)
    if found is None:
        missing = "is missing" if not wish.category else f"there is no {quote(wish.category)}"
        faults.append(f"--category: {missing}; {did_you_mean(wish.category, names) or 'the taxonomy has none'}")
    return found


def _subcategory(wish: Wish, category: Category, faults: list[str]) -> str:
    names = {each.name: each for each in category.subcategories}
    found = _named(wish.subcategory, names)
    if found is None and (names or wish.subcategory):
        missing = "is missing" if not wish.subcategory else f"there is no {quote(wish.subcategory)}"
        of = f"in {quote(category.term.name)}"
        faults.append(f"--subcategory: {missing} {of}; {did_you_mean(wish.subcategory, names) or 'it has none'}")
    return found.name if found else ""


def _tags(wish: Wish, taxonomy: Taxonomy, faults: list[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for tag in wish.tags:
        term = taxonomy.tag_names.get(typographic(tag).casefold())
        if term is None:
            hint = did_you_mean(tag, (each.name for each in taxonomy.tags)) or "the taxonomy has the list"
            faults.append(f"--tag: there is no {quote(tag)}; {hint}")
        else:
            found[term.name] = None
    least, most = TAGS
    if (
        not least
        <= len({*found, *(tag for tag in wish.tags if typographic(tag).casefold() not in taxonomy.tag_names)})
        <= most
    ):
        faults.append(f"--tag: give {least} to {most} tags; there {'is' if len(found) == 1 else 'are'} {len(found)}")
    return tuple(found)


def _named(name: str, names: Mapping[str, _Found]) -> _Found | None:
    """That of *names* which somebody means by *name*, whatever its case and its quotation marks."""
    meant = typographic(name)
    return names.get(meant) or next(
        (each for known, each in names.items() if known.casefold() == meant.casefold()), None
    )


def _text(plan: _Plan, day: date, has_lab: bool) -> str:
    values = {
        "title": as_scalar(plan.title),
        "description": ">-\n" + fill(_DESCRIPTION, _WIDTH, initial_indent="  ", subsequent_indent="  "),
        "date": day.isoformat(),
        "category": as_scalar(plan.category),
        "subcategory": as_scalar(plan.subcategory) if plan.subcategory else "",
        "tags": f"[{', '.join(map(as_scalar, plan.tags))}]",
        "authors": f"[{', '.join(plan.authors)}]" if plan.authors else "",
        "status": "draft",
    }
    lines = [line for key in FRONT_MATTER if values.get(key.name) for line in _key(key, values[key.name])]
    lines.append("# Further keys; take the # away from those that you need.")
    lines += [f"# {line}" for key in FRONT_MATTER if not values.get(key.name) for line in _later(key, day)]
    blocks = list(OUTLINES[plan.outline])
    if has_lab:
        blocks.insert(-1, placeholder("in each section, figures of the lab by their keys, and the marks of its claims"))
    return "---\n" + "\n".join(lines) + "\n---\n" + "\n\n".join(blocks) + "\n"


def _key(key: Key, value: str) -> Iterator[str]:
    yield from (f"# {line}" for line in fill(key.about, _WIDTH).split("\n"))
    yield f"{key.name}: {value}"


def _later(key: Key, day: date) -> Iterator[str]:
    """The explanation and an example of a key that the article does not have yet."""
    yield from fill(key.about, _WIDTH - 2).split("\n")
    inner = ", ".join(f"{each.name}: …" for each in key.inner)
    value = _LATER.get(key.name, "")
    if inner and not value:
        value = f"[{{{inner}}}]" if key.takes == "list of keys" else f"{{{inner}}}"
    if not value and key.takes in {"day", "moment"}:
        value = (day + timedelta(days=365 if key.name == "review_by" else 7)).isoformat()
    yield f"{key.name}: {value or ('[…]' if key.takes == 'texts' else '…')}"


def _is_no_text(character: str) -> bool:
    """True if a file must not contain *character*: a control character, half a surrogate pair, U+FFFE or U+FFFF."""
    return unicodedata.category(character) in {"Cc", "Cs"} or character in "\ufffe\uffff"
