"""``taxonomy.yml`` and ``authors.yml`` as values, with every problem noted."""

from __future__ import annotations

from collections.abc import Collection

from engblog.model.article import Category, Person, Taxonomy, Term
from engblog.model.problems import Code, Mark, Problems, did_you_mean, quote
from engblog.model.text import LONGEST_SLUG, is_slug, slugify
from engblog.source import marked_yaml
from engblog.source.fields import Fields
from engblog.source.frontmatter import decode
from engblog.source.marked_yaml import Mapping, Scalar
from engblog.source.pictures import PICTURES

_LONGEST = 4 * 1024 * 1024
"""Characters of a vocabulary: some thirty thousand people."""
ACCENTS = ("amber", "forest", "indigo", "rose", "slate", "teal", "vermilion", "violet")
"""The theme's colours for categories (``tokens.css``)."""
_TERM_KEYS = ("name", "slug", "description")
_PERSON_KEYS = ("name", "role", "description", "links", "portrait")
_PORTRAITS = "assets/"
"""The folder of pictures that no text has to show."""


def read_taxonomy(data: bytes | None, path: str, problems: Problems) -> Taxonomy:
    """Read the file *path* with content *data*; an empty taxonomy, and a problem, when it is missing."""
    root = _root(data, path, problems, "categories:\n      - name: Database")
    if root is None:
        return Taxonomy()
    fields = Fields(root, problems, known=("categories", "tags"), what="taxonomy")
    categories: list[Category] = []
    slugs: dict[str, Mark] = {}
    for item in fields.items("categories"):
        if entry := _fields(item, problems, (*_TERM_KEYS, "accent", "subcategories"), "category"):
            term = _term(entry, problems, slugs, accent=entry.choice("accent", ACCENTS, ""))
            inner: dict[str, Mark] = {}
            children = [_fields(child, problems, _TERM_KEYS, "subcategory") for child in entry.items("subcategories")]
            subcategories = [_term(child, problems, inner) for child in children if child]
            if term:
                categories.append(Category(term, tuple(sub for sub in subcategories if sub)))
    tags: list[Term] = []
    names: dict[str, Term] = {}
    slugs = {}
    for item in fields.items("tags"):
        if entry := _fields(item, problems, (*_TERM_KEYS, "synonyms"), "tag"):
            if (term := _term(entry, problems, slugs)) is None:
                continue
            tags.append(term)
            for name, mark in [(term.name, entry.place("name")), *entry.proses("synonyms")]:
                other = names.setdefault(name.casefold(), term)
                if other is not term:
                    message = f"{quote(name)} already names the tag {quote(other.name)}"
                    problems.add(mark, Code.T005_VOCABULARY_CLASH, message, "keep it for one of the two")
    return Taxonomy(tuple(categories), tuple(tags), names)


def read_people(
    data: bytes | None, path: str, problems: Problems, files: Collection[str] | None = None
) -> dict[str, Person]:
    """Read the authors file; a missing file is not a problem until an article names an author.

    Portraits are looked for among *files*, by path from the docs folder; with None, they are not looked for.
    """
    if data is None:
        return {}
    root = _root(data, path, problems, "ada:\n      name: Ada Lovelace")
    people: dict[str, Person] = {}
    for key, value in root.pairs if root else ():
        if not is_slug(key.text) or len(key.text) > LONGEST_SLUG:
            hint = f"use lower-case letters, digits and hyphens: {slugify(key.text)[:LONGEST_SLUG]}"
            problems.add(key.mark, Code.S004_SLUG, f"the key {quote(key.text)} cannot be an address", hint)
        elif entry := _fields(value, problems, _PERSON_KEYS, "author"):
            if not entry.require("name", "name: Ada Lovelace"):
                continue
            links: list[tuple[str, str]] = []
            for item in entry.items("links"):
                if link := _fields(item, problems, ("title", "url"), "link"):
                    title, url = link.prose("title"), link.text("url")
                    if (
                        link.require("title", "title: Website")
                        and link.require("url", "url: https://example.org/")
                        and title
                        and url
                    ):
                        if url.startswith(("https://", "http://", "mailto:")):
                            links.append((title, url))
                        else:
                            problems.add(
                                link.place("url"),
                                Code.F006_CHOICE,
                                f"{quote(url)} is not a web address",
                                "start it with https://",
                            )
            name = entry.prose("name")
            if name:
                role, description = entry.prose("role") or "", entry.prose("description") or ""
                portrait = _portrait(entry, problems, files)
                people[key.text] = Person(key.text, name, role, description, tuple(links), portrait)
    return people


def _portrait(entry: Fields, problems: Problems, files: Collection[str] | None) -> str:
    path = entry.text("portrait") or ""
    if not path or files is None:
        return path
    pictures = {each for each in files if each.startswith(_PORTRAITS) and each.lower().endswith(tuple(PICTURES))}
    if path in pictures:
        return path
    hint = did_you_mean(path, pictures) or f"put it into the docs folder, as {_PORTRAITS}ada.jpg"
    problems.add(entry.place("portrait"), Code.R001_PICTURE, f"there is no picture {quote(path)}", hint)
    return ""


def _root(data: bytes | None, path: str, problems: Problems, example: str) -> Mapping | None:
    if data is None:
        problems.add(
            Mark(path), Code.T006_NO_VOCABULARY, "the file is missing", f"create it, starting with:\n      {example}"
        )
        return None
    already = len(problems.found)
    text = decode(data, path, problems)
    value = marked_yaml.parse(text, path, problems, most=_LONGEST) if text is not None else None
    if value is None and len(problems.found) == already:
        empty = "the file is empty" if text is not None and not text.strip() else "the file has only comments"
        problems.add(Mark(path), Code.T006_NO_VOCABULARY, empty, f"start it with:\n      {example}")
    if value is None or isinstance(value, Mapping):
        return value
    problems.add(value.mark, Code.Y007_NOT_MAPPING, "the file has no keys", f"start it with:\n      {example}")
    return None


def _fields(value: marked_yaml.Value, problems: Problems, known: tuple[str, ...], what: str) -> Fields | None:
    if isinstance(value, Mapping):
        return Fields(value, problems, known=known, what=what)
    shown = f" {quote(value.text)}" if isinstance(value, Scalar) else ""
    problems.add(value.mark, Code.F003_TYPE, f"the {what}{shown} must be a set of keys and values", "write `- name: …`")
    return None


def _term(entry: Fields, problems: Problems, slugs: dict[str, Mark], accent: str = "") -> Term | None:
    if not entry.require("name", "name: Database"):
        return None
    name = entry.prose("name")
    if name is None:
        return None
    slug = entry.text("slug") or slugify(name)
    place = entry.place("slug" if entry.value("slug") else "name")
    if not slug or slug != slugify(slug) or len(slug.encode()) > LONGEST_SLUG:
        hint = f"give it a `slug:` of letters, digits and hyphens, at most {LONGEST_SLUG}"
        problems.add(place, Code.S004_SLUG, f"{quote(name)} cannot be turned into an address", hint)
        return None
    if slug in slugs:
        message = f"{quote(name)} has the address {slug!r}, like the term on line {slugs[slug].line}"
        problems.add(place, Code.T005_VOCABULARY_CLASH, message, "rename one, or give one its own `slug:`")
        return None
    by_name = f"name {name}"  # no slug has a space
    if by_name in slugs:
        message = f"{quote(name)} also names the term on line {slugs[by_name].line}"
        problems.add(entry.place("name"), Code.T005_VOCABULARY_CLASH, message, "rename one")
        return None
    slugs[slug], slugs[by_name] = place, entry.place("name")
    return Term(name, slug, entry.prose("description") or "", accent)
