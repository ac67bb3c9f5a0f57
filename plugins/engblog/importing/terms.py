"""Tags, categories and authors of an old blog, brought into one form and added to the vocabulary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import yaml

from engblog.importing.dialect import OldAuthor, plain_slug
from engblog.importing.written_yaml import scalar
from engblog.model.article import Person, Taxonomy
from engblog.model.text import LONGEST_SLUG, is_seen, slugify


@dataclass(slots=True)
class TermNames:
    """The one spelling of each tag or category, by its address."""

    known: dict[str, str] = field(default_factory=dict)
    """Names that the vocabulary has, by the address that their own name or a synonym makes."""
    found: dict[str, Counter[str]] = field(default_factory=dict)

    def note(self, names: Iterable[str]) -> None:
        """Note *names* as a post has them."""
        for name in names:
            if slug := term_slug(name):
                self.found.setdefault(slug, Counter())[name] += 1

    def name(self, name: str) -> str:
        """The spelling in which articles write *name*; empty if it cannot be a term."""
        slug = term_slug(name)
        if not slug:
            return ""
        if slug in self.known:
            return self.known[slug]
        spellings = self.found.get(slug)
        return max(spellings, key=lambda each: (spellings[each], each)) if spellings else name


def term_slug(name: str) -> str:
    """The address of the term *name*; empty if it has none."""
    slug = slugify(name)
    return slug if is_seen(name) and len(slug.encode()) <= LONGEST_SLUG else ""


def tag_names(taxonomy: Taxonomy) -> TermNames:
    """The tags of *taxonomy*."""
    known = {slugify(tag.name): tag.name for tag in taxonomy.tags}
    for synonym, term in taxonomy.tag_names.items():
        known.setdefault(slugify(synonym), term.name)
    known |= {tag.slug: tag.name for tag in taxonomy.tags if tag.slug not in known}
    return TermNames(known)


def category_names(taxonomy: Taxonomy) -> TermNames:
    """The categories of *taxonomy*."""
    known = {slugify(each.term.name): each.term.name for each in taxonomy.categories}
    return TermNames({**{each.term.slug: each.term.name for each in taxonomy.categories}, **known})


@dataclass(slots=True)
class PeopleKeys:
    """The keys of the authors file, by the names of people."""

    by_name: dict[str, str]
    new: dict[str, OldAuthor] = field(default_factory=dict)
    """People whom the authors file does not have, by the keys that they get."""

    @classmethod
    def of(cls, people: Mapping[str, Person]) -> PeopleKeys:
        """The keys of *people*."""
        return cls({person.name.casefold(): key for key, person in people.items()})

    def key(self, author: OldAuthor) -> str:
        """The key of *author*, a new one if the authors file does not have them; empty without a letter to make one."""
        known = {*self.by_name.values()}
        if author.key and author.key.casefold() in known:
            return author.key.casefold()
        name = author.name.casefold()
        if name in self.by_name:
            return self.by_name[name]
        if not author.key and name in known:
            return name
        made = plain_slug(author.key or author.name)[:LONGEST_SLUG].strip("-")
        if not made or not is_seen(author.name):
            return ""
        key, number = made, 1
        taken = set(self.by_name.values())
        while key in taken:
            number += 1
            key = f"{made}-{number}"
        self.by_name[author.name.casefold()] = key
        self.new[key] = author
        return key


def with_terms(text: str | None, categories: Iterable[str], tags: Iterable[str]) -> str | None:
    """*text*, a taxonomy (None if there is none), with *categories* and *tags* added at the ends of its lists; None if
    it is written in a form to which nothing can be added."""
    lists = {"categories": [*categories], "tags": [*tags]}
    out = text or ""
    for key, names in lists.items():
        if not names:
            continue
        lines = "\n".join(f"{{}}- name: {scalar(name)}" for name in names)
        added = _with_items(out, key, lines)
        if added is None:
            return None
        out = added
    return out


def _with_items(text: str, key: str, lines: str) -> str | None:
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return None
    if root is not None and not isinstance(root, yaml.MappingNode):
        return None
    value = next((value for name, value in (root.value if root else ()) if name.value == key), None)
    lead = text if not text or text.endswith("\n") else f"{text}\n"
    if value is None:
        return f"{lead}{key}:\n{lines.replace('{}', '  ')}\n"
    if not isinstance(value, yaml.SequenceNode) or value.flow_style or not value.value:
        return None
    rows = lead.split("\n")
    last = value.end_mark.line if value.end_mark.line > value.value[-1].start_mark.line else value.end_mark.line + 1
    while last > 0 and (not rows[last - 1].strip() or rows[last - 1].lstrip().startswith("#")):
        last -= 1
    indent = " " * value.start_mark.column
    return "\n".join([*rows[:last], *lines.replace("{}", indent).split("\n"), *rows[last:]])


def with_people(text: str | None, people: Mapping[str, OldAuthor]) -> str:
    """*text*, an authors file (None if there is none), with *people* at its end."""
    out = text or ""
    out = out if not out or out.endswith("\n") else f"{out}\n"
    for key, person in people.items():
        out += f"{scalar(key)}:\n  name: {scalar(person.name)}\n"
        if person.role and is_seen(person.role):
            out += f"  role: {scalar(person.role)}\n"
        if person.url.startswith(("https://", "http://", "mailto:")) and " " not in person.url:
            out += f"  links:\n    - title: Website\n      url: {scalar(person.url)}\n"
    return out
