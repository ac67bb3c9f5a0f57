"""The terms and people of a site, each with the number of its articles; those without articles are left out."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

from engblog.model.article import Category, Person
from engblog.model.kinds import AUTHOR, CATEGORY, SERIES, SUBCATEGORY, TAG
from engblog.model.site import Site
from engblog.pages.shared import Data, day_data, link
from engblog.site.views import group, series_of

_WEIGHTS = 5
_MOST_SUBJECTS = 10


def categories(site: Site) -> list[Data]:
    """The categories, each with its subcategories."""
    counts = Counter(article.category.slug for article in site.articles)
    return [
        {
            "name": category.term.name,
            "slug": category.term.slug,
            "url": CATEGORY.url(category.term.slug),
            "accent": category.term.accent or None,
            "count": counts[category.term.slug],
            "description": category.term.description,
            "subcategories": children(site, category),
        }
        for category in site.taxonomy.categories
        if counts[category.term.slug]
    ]


def children(site: Site, category: Category) -> list[Data]:
    """The subcategories of *category*."""
    within = (article for article in site.articles if article.category.slug == category.term.slug)
    counts = Counter(article.subcategory.slug for article in within if article.subcategory)
    return [
        {"name": sub.name, "url": SUBCATEGORY.url(f"{category.term.slug}/{sub.slug}"), "count": counts[sub.slug]}
        for sub in category.subcategories
        if counts[sub.slug]
    ]


def weighed_tags(site: Site) -> list[Data]:
    """The tags by name, each with a weight from 1 to 5: its count relative to that of the most common tag."""
    counts = Counter(tag.slug for article in site.articles for tag in article.tags)
    most = max(counts.values(), default=1)
    return [
        {
            "name": tag.name,
            "url": TAG.url(tag.slug),
            "count": counts[tag.slug],
            "weight": max(1, -(-counts[tag.slug] * _WEIGHTS // most)),
        }
        for tag in sorted(site.taxonomy.tags, key=lambda tag: tag.name.casefold())
        if counts[tag.slug]
    ]


def people(site: Site) -> list[Data]:
    """The people by name."""
    written = group((person.key, article) for article in site.articles for person in article.authors)
    by_name = sorted((site.people[key] for key in written), key=lambda person: person.name.casefold())
    return [
        person_data(person) | {"count": len(written[person.key]), "latest": link(written[person.key][0])}
        for person in by_name
    ]


def work_of(site: Site, person: Person) -> Data:
    """The subjects that *person* writes about, the most frequent first, and what they have done so far."""
    written = [article for article in site.articles if person in article.authors]
    tags = Counter(tag for article in written for tag in article.tags)
    ranked = sorted(tags.items(), key=lambda item: (-item[1], item[0].name.casefold()))[:_MOST_SUBJECTS]
    return {
        "since": day_data(min(article.published.day for article in written)),
        "tests": sum(len(article.lab.tests) for article in written if article.lab),
        "subjects": [{"name": tag.name, "url": TAG.url(tag.slug), "count": count} for tag, count in ranked],
    }


def person_data(person: Person) -> Data:
    """The data about *person*."""
    return {
        "portrait": quote(person.portrait) or None,
        "name": person.name,
        "role": person.role,
        "description": person.description,
        "url": AUTHOR.url(person.key),
        "links": [{"title": title, "url": url} for title, url in person.links],
    }


def all_series(site: Site) -> list[Data]:
    """The series by slug."""
    return [
        {"name": parts[0].series.name, "url": SERIES.url(slug), "count": len(parts)}
        for slug, parts in sorted(series_of(site).items())
        if parts[0].series
    ]
