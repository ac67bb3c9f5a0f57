"""The boundary between an author's files and an ``Article``: the result is an article or all problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from posixpath import normpath
from typing import NamedTuple

from engblog.model.article import Alias, Article, Correction, Lab, Moment, Person, SeriesPart, Taxonomy, Term
from engblog.model.problems import Code, Mark, Problems, did_you_mean, quote
from engblog.model.text import LONGEST_SLUG, is_slug, slugify
from engblog.model.urls import site_path
from engblog.source import marked_yaml, readtime
from engblog.source.allowances import apply_allowances
from engblog.source.body import Body, code_lines
from engblog.source.bounds import check_included
from engblog.source.citations import check_citations
from engblog.source.dates import check_past
from engblog.source.docs_files import DocsFiles
from engblog.source.fields import Fields, Key
from engblog.source.frontmatter import Parts
from engblog.source.includes import included
from engblog.source.lab_record import read_lab
from engblog.source.lab_settings import SETTINGS_NAME, check_data, read_settings
from engblog.source.parse import Parsed, Source
from engblog.source.placeholders import check_placeholders
from engblog.source.references import check_figures, check_references
from engblog.source.structure import check_structure, turned
from engblog.source.tags import check_tags

_INSTEAD = {
    "draft": "did you mean `status: draft`?",
    "published": "did you mean `status: published`, or the day, `date: 2026-11-23`?",
    "author": "did you mean “authors”? It is a list of keys of the authors file: `authors: [ada]`",
    "categories": "did you mean `category: Database`? An article has one, and a `subcategory`",
    "summary": "did you mean `description`?",
    "excerpt": "did you mean `description`?",
    "lastmod": "did you mean `updated`?",
    "modified": "did you mean `updated`?",
    "slug": "rename the folder: its name is the slug",
    "layout": "delete it: every article has the same template",
}
"""Hints for keys that other programs have."""
TITLE_CHARACTERS = 200
DESCRIPTION_CHARACTERS = (80, 900)
TAGS = (3, 8)
STATUSES = ("draft", "published")

FRONT_MATTER = (
    Key("title", "text", "Title of the article, also on its card.", "title: When fsync Lies"),
    Key(
        "description",
        "text",
        "The text under the title, on the home page, in feed readers and in search engines. Plain text that names the "
        "points of the article.",
        "description: >- …, 80 to 900 characters that say what the article shows",
        bounds=DESCRIPTION_CHARACTERS,
    ),
    Key(
        "date",
        "moment",
        "Day, or day and time with a zone, from which the article is published; a day starts at 00:00 UTC.",
        "date: 2026-11-23",
    ),
    Key("category", "text", "A category of the taxonomy.", "category: Database"),
    Key("subcategory", "text", "A subcategory of that category."),
    Key(
        "tags",
        "texts",
        "Tags of the taxonomy, by name or synonym.",
        "tags: [PostgreSQL, Durability, Linux]",
        bounds=TAGS,
    ),
    Key("authors", "texts", "Keys of the authors file."),
    Key("featured", "truth", "Puts the article at the top of the home page; only one article can have it."),
    Key(
        "status",
        "text",
        "A draft appears only in the preview. Without this key, the article is published.",
        among=STATUSES,
    ),
    Key(
        "updated",
        "moment",
        "Day on which the text was last brought up to date; on the day of publication, with a time and a zone.",
    ),
    Key("review_by", "day", "Day by which somebody promises to review the article; after it, readers see a note."),
    Key("aliases", "texts", "Earlier addresses of the article on this site; each redirects readers."),
    Key("id", "text", "Address at which the article was first published, if feeds would not know it otherwise."),
    Key(
        "series",
        "keys",
        "The series that the article is a part of.",
        inner=(
            Key("name", "text", "Name of the series.", "name: Durability from the disk up"),
            Key("part", "number", "Number of this part, starting at 1.", "part: 1"),
        ),
    ),
    Key("requires", "texts", "Slugs of articles to read first."),
    Key("applies_to", "texts by name", "Versions that the article is about, by product."),
    Key(
        "corrections",
        "list of keys",
        "Mistakes in the article that were corrected. Keep old entries.",
        inner=(
            Key("date", "day", "Day of the correction.", "date: 2026-11-23"),
            Key("text", "text", "The mistake and its correction.", "text: The figure for … was wrong; it is …"),
        ),
    ),
)
"""Every key of an article's front matter, in the order in which authors write them. ``schemas/front-matter.json`` is
made from it."""
_BY_NAME = {key.name: key for key in FRONT_MATTER}
KEYS = tuple(_BY_NAME)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that articles are checked against."""

    taxonomy: Taxonomy
    people: Mapping[str, Person]
    docs: DocsFiles
    sourced_figures: bool = True
    """True if each quantity in a text needs a measurement, a claim or a source."""
    now: datetime | None = None
    """The moment after which nothing can have happened; None if that is not checked."""


def read_article(
    source: Source, vocabulary: Vocabulary, problems: Problems, *, path_prefix: str = ""
) -> Article | None:
    """Check *source* and return the article, or None if there is a problem; every problem is noted in *problems*.

    Problems name the lab's files as *path_prefix* + their path from the docs folder.
    """
    mine = Problems([*source.parsed.problems])
    article = _read(source, vocabulary, mine, path_prefix)
    looks_for_sources = vocabulary.sourced_figures and not source.parsed.is_draft
    apply_allowances(source.parsed, mine, () if looks_for_sources else (Code.L011_NO_SOURCE,))
    problems.found.extend(mine.found)
    return None if mine.found else article


def check_text(parsed: Parsed, problems: Problems, *, sourced_figures: bool) -> None:
    """Note what is wrong with the text of *parsed* itself, whatever is beside it; with *sourced_figures*, each quantity
    needs a source."""
    if parsed.body is None:
        return
    check_structure(parsed.body, parsed.path, problems)
    check_tags(parsed.body, parsed.path, problems)
    check_citations(parsed.body, parsed.path, problems)
    if sourced_figures and not parsed.is_draft:
        check_figures(parsed.body, parsed.path, problems)


def _read(source: Source, vocabulary: Vocabulary, problems: Problems, prefix: str) -> Article | None:
    parsed = source.parsed
    if not is_slug(source.slug) or len(source.slug) > LONGEST_SLUG:
        example = slugify(source.slug)[:LONGEST_SLUG].strip("-") or "why-fsync-lies"
        hint = f"rename it, for example to {example!r}: lower-case letters, digits, hyphens"
        message = f"the folder's name {quote(source.slug)} cannot be an address"
        problems.add(Mark(parsed.path), Code.S004_SLUG, message, hint)
    if parsed.body is None or parsed.parts is None:
        return None
    lab, is_known = _lab(source, prefix, problems)
    of_references = Problems()
    check_references(parsed.body, source, lab, vocabulary.docs, of_references)
    problems.found += [each for each in of_references.found if is_known or each.code not in _OF_RECORD]
    check_included(parsed.body, parsed.path, _sizes(parsed.body, source.includes), problems)
    if not parsed.is_sound:
        check_text(parsed, problems, sourced_figures=vocabulary.sourced_figures)
    if not parsed.is_draft:
        check_placeholders(parsed, lab, f"{prefix}{source.folder}/lab", problems)
    if parsed.parts.fields is None:
        return None
    fields = Fields(parsed.parts.fields, problems, known=KEYS, instead=_INSTEAD)
    return _article(fields, source, vocabulary, parsed.parts, parsed.body, lab, problems)


_OF_RECORD = frozenset({Code.L004_NUMBER, Code.L005_CLAIM, Code.L010_CHART})
"""The problems that every mark in a text has if the record of its lab cannot be read."""


def _lab(source: Source, prefix: str, problems: Problems) -> tuple[Lab | None, bool]:
    """The lab of *source*, and False if *problems* say why it is not known."""
    if source.lab is None:
        return None, True
    folder = prefix + source.folder
    path = f"{folder}/lab/{SETTINGS_NAME}"
    settings = read_settings(source.lab.settings, path, problems)
    check_data(settings, source.lab.settings or "", path, source.lab.names, problems)
    for name, line, column, character in source.lab.turning:
        problems.add(Mark(f"{folder}/lab/{name}", line, column), Code.R028_DIRECTION, *turned(character))
    seen = Problems()
    lab = read_lab(source.lab, folder, f"make lab ARTICLE={source.slug}", seen)
    if not source.parsed.is_draft:  # a draft's lab need not have run yet
        problems.found.extend(seen.found)
        return lab, lab is not None or not seen.found
    return lab, True


def _article(
    fields: Fields,
    source: Source,
    vocabulary: Vocabulary,
    parts: Parts,
    body: Body,
    lab: Lab | None,
    problems: Problems,
) -> Article | None:
    """Make the article; None if something that every article needs is missing. Every field is read first, so that the
    problems of all of them are noted."""
    fields.require_all(FRONT_MATTER)
    title, description = _title(fields, problems), _description(fields, problems)
    dates = _dates(fields, vocabulary.now, problems)
    category = _category(fields, vocabulary.taxonomy, problems)
    subcategory = _subcategory(fields, vocabulary.taxonomy, category, problems)
    tags, people = _tags(fields, vocabulary.taxonomy, problems), _authors(fields, vocabulary.people, problems)
    status = fields.choice("status", STATUSES, "published")
    featured = fields.boolean("featured")
    series, requires = _series(fields, problems), tuple(text for text, _ in _distinct(fields, "requires", problems))
    aliases, first = _aliases(fields, problems), _id(fields, problems)
    corrections = _corrections(fields, dates.published, vocabulary.now, problems)
    applies_to = _applies_to(fields, problems)
    if not (title and description and dates.published and category):
        return None
    length = _length(body, source.includes)
    return Article(
        src_uri=source.src_uri,
        slug=source.slug,
        url=f"{vocabulary.docs.articles_dir}/{dates.published.day:%Y/%m/%d}/{source.slug}/".replace("//", "/"),
        title=title,
        description=description,
        published=dates.published,
        category=category,
        subcategory=subcategory,
        tags=tags,
        authors=people,
        status=status,
        featured=featured,
        minutes=readtime.read_minutes(length),
        words=length.words + length.cjk_characters,
        body=parts.body,
        body_line=parts.body_line,
        updated=dates.updated,
        review_by=dates.review_by,
        series=series,
        requires=requires,
        aliases=aliases,
        id=first,
        corrections=corrections,
        applies_to=applies_to,
        lab=lab,
        includes=tuple(
            sorted(normpath(f"{source.folder}/{name}") for name, text in source.includes.items() if text is not None)
        ),
    )


class _Dates(NamedTuple):
    published: Moment | None
    updated: Moment | None
    review_by: date | None


def _dates(fields: Fields, now: datetime | None, problems: Problems) -> _Dates:
    published, updated, review_by = fields.moment("date"), fields.moment("updated"), fields.day("review_by")
    if published and updated:
        _check_update(fields, published, updated, problems)
    if updated and now:
        check_past(updated, now, "updated", fields.place("updated"), problems)
    if published and review_by and review_by < published.day:
        message = f"'review_by' {review_by} is before the article's date {published.day}"
        problems.add(fields.place("review_by"), Code.F009_DATE_ORDER, message, f"use {published.day} or later")
    return _Dates(published, updated, review_by)


def _check_update(fields: Fields, published: Moment, updated: Moment, problems: Problems) -> None:
    """Note an update that is not after the publication, or that may be before it because it has no hour."""
    day_after = updated.instant + timedelta(days=1)
    if updated.at is None and (updated.day == published.day or updated.instant <= published.instant < day_after):
        message = f"'updated' {updated.day} may be before the article's date {published.iso}, because it has no hour"
        hint = f"write the hour and the zone of the update, for example `updated: {updated.day}T18:00Z`"
        problems.add(fields.place("updated"), Code.F009_DATE_ORDER, message, hint)
    elif updated.instant < published.instant:
        message = f"'updated' {updated.iso} is before the article's date {published.iso}"
        hint = f"use {published.day if updated.at is None else published.iso} or later"
        if published.at is None and updated.day == published.day:
            hint = (
                f"a date without an hour is 00:00 UTC: use {published.day}T00:00Z or later, or give `date` an hour too"
            )
        problems.add(fields.place("updated"), Code.F009_DATE_ORDER, message, hint)


def _sizes(body: Body, includes: Mapping[str, str | None]) -> dict[str, int]:
    """The bytes that each include of *body* brings, by its target."""
    targets = {reference.target for reference in body.references if reference.kind == "include"}
    return {target: len("\n".join(included(target, includes.get) or ()).encode()) for target in targets}


def _length(body: Body, includes: Mapping[str, str | None]) -> readtime.Length:
    words, cjk = readtime.count_words(body.prose)
    shown = code_lines(body, lambda target: included(target, includes.get))
    return readtime.Length(
        words=words,
        cjk_characters=cjk,
        code_lines=sum(1 for line in shown if line.strip()),
        pictures=sum(1 for reference in body.references if reference.kind == "image"),
    )


def _title(fields: Fields, problems: Problems) -> str | None:
    text = fields.prose("title")
    if text is not None and len(text) > TITLE_CHARACTERS:
        message, hint = f"the title has {len(text)} characters", f"write at most {TITLE_CHARACTERS}"
        problems.add(fields.place("title"), Code.F004_LENGTH, message, hint)
    return text


def _description(fields: Fields, problems: Problems) -> str | None:
    text = fields.prose("description")
    if text is None:
        return None
    least, most = DESCRIPTION_CHARACTERS
    if not least <= len(text) <= most:
        message = f"the description has {len(text)} characters"
        hint = f"write {least} to {most} that say what the article shows, in plain text"
        problems.add(fields.place("description"), Code.F004_LENGTH, message, hint)
    return text


def _category(fields: Fields, taxonomy: Taxonomy, problems: Problems) -> Term | None:
    name = fields.prose("category")
    if name is None:
        return None
    category = taxonomy.category(name)
    if category is None:
        hint = did_you_mean(name, [known.term.name for known in taxonomy.categories])
        problems.add(fields.place("category"), Code.T001_CATEGORY, f"no category {quote(name)} in the taxonomy", hint)
        return None
    return category.term


def _subcategory(fields: Fields, taxonomy: Taxonomy, category: Term | None, problems: Problems) -> Term | None:
    name = fields.prose("subcategory")
    if name is None or category is None:
        return None
    of = taxonomy.category(category.name)
    found = next((term for term in of.subcategories if term.name == name), None) if of else None
    if found is None:
        hint = did_you_mean(name, [term.name for term in of.subcategories] if of else [])
        message = f"no subcategory {quote(name)} in {quote(category.name)}"
        problems.add(fields.place("subcategory"), Code.T002_SUBCATEGORY, message, hint or "add it to the taxonomy")
    return found


def _tags(fields: Fields, taxonomy: Taxonomy, problems: Problems) -> tuple[Term, ...]:
    tags: list[Term] = []
    for name, mark in fields.proses("tags"):
        term = taxonomy.tag_names.get(name.casefold())
        if term is None:
            hint = (
                did_you_mean(name, [tag.name for tag in taxonomy.tags])
                or "add it to the taxonomy, if nothing there fits"
            )
            problems.add(mark, Code.T003_TAG, f"no tag {quote(name)} in the taxonomy", hint)
        elif term in tags:
            problems.add(
                mark,
                Code.F008_REPEATED,
                f"{quote(name)} is the tag {quote(term.name)}, which is already listed",
                "delete it",
            )
        else:
            tags.append(term)
    least, most = TAGS
    given = fields.value("tags")
    if isinstance(given, marked_yaml.Sequence) and not least <= len(given.items) <= most:
        noun = "tag" if len(given.items) == 1 else "tags"
        problems.add(given.mark, Code.F007_COUNT, f"{len(given.items) or 'no'} {noun}", f"give {least} to {most}")
    return tuple(tags)


def _authors(fields: Fields, people: Mapping[str, Person], problems: Problems) -> tuple[Person, ...]:
    found: list[Person] = []
    for key, mark in _distinct(fields, "authors", problems):
        if key in people:
            found.append(people[key])
        else:
            hint = did_you_mean(key, people) or "add the author to the authors file"
            problems.add(mark, Code.T004_AUTHOR, f"no author {quote(key)}", hint)
    return tuple(found)


def _distinct(fields: Fields, key: str, problems: Problems) -> list[tuple[str, Mark]]:
    seen: set[str] = set()
    kept: list[tuple[str, Mark]] = []
    for text, mark in fields.texts(key):
        if text in seen:
            problems.add(mark, Code.F008_REPEATED, f"{quote(text)} appears twice in {key!r}", "delete one")
        else:
            kept.append((text, mark))
        seen.add(text)
    return kept


def _series(fields: Fields, problems: Problems) -> SeriesPart | None:
    mapping = fields.mapping("series")
    if mapping is None:
        return None
    keys = _BY_NAME["series"].inner
    inner = Fields(mapping, problems, known=[key.name for key in keys], what="series")
    complete = inner.require_all(keys)
    name, part = inner.prose("name"), inner.integer("part", least=1)
    if name and not 0 < len(slugify(name).encode()) <= LONGEST_SLUG:
        problems.add(
            inner.place("name"),
            Code.S004_SLUG,
            f"{quote(name)} cannot be turned into an address",
            f"use letters or digits in it, at most {LONGEST_SLUG}",
        )
        return None
    return SeriesPart(name, part) if complete and name and part else None


def _aliases(fields: Fields, problems: Problems) -> tuple[Alias, ...]:
    every = (_alias(path, mark, problems) for path, mark in _distinct(fields, "aliases", problems))
    return tuple(alias for alias in every if alias is not None)


def _id(fields: Fields, problems: Problems) -> Alias | None:
    path = fields.text("id")
    return _alias(path, fields.place("id"), problems) if path is not None else None


def _alias(path: str, mark: Mark, problems: Problems) -> Alias | None:
    address = site_path(path)
    if address is None:
        hint = "write its old path on this site, for example /articles/2024/01/31/old-name/"
        problems.add(mark, Code.F010_ALIAS_PATH, f"{quote(path)} is not a path of this site", hint)
        return None
    return Alias(address, mark.line, mark.column)


def _corrections(
    fields: Fields, published: Moment | None, now: datetime | None, problems: Problems
) -> tuple[Correction, ...]:
    found = []
    keys = _BY_NAME["corrections"].inner
    for item in fields.items("corrections"):
        if not isinstance(item, marked_yaml.Mapping):
            problems.add(
                item.mark,
                Code.F003_TYPE,
                "a correction needs a date and a text",
                "write `- date: 2026-11-23` and `text: …`",
            )
            continue
        inner = Fields(item, problems, known=[key.name for key in keys], what="correction")
        inner.require_all(keys)
        day, text = inner.day("date"), inner.prose("text")
        if day and published and day < published.day:
            message = f"the correction of {day} is before the article's date {published.day}"
            problems.add(inner.place("date"), Code.F009_DATE_ORDER, message, f"use {published.day} or later")
        if day and now:
            check_past(Moment(day), now, "date", inner.place("date"), problems)
        if day and text:
            found.append(Correction(day, text))
    return tuple(sorted(found, key=lambda correction: (correction.day, correction.text)))


def _applies_to(fields: Fields, problems: Problems) -> tuple[tuple[str, str], ...]:
    mapping = fields.mapping("applies_to")
    if mapping is None:
        return ()
    inner = Fields(mapping, problems, known=[key.text for key, _ in mapping.pairs], what="applies_to")
    found = []
    for key, _ in mapping.pairs:
        if inner.require(key.text, f'{key.text}: "14–17"') and (versions := inner.text(key.text)):
            found.append((key.text, versions))
    return tuple(found)
