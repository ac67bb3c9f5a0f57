"""What a list of articles says: of a term, of a person, of a series, of a year, or the home page's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engblog.model.site import Site, View
from engblog.model.urls import category_url, files_beside, page_url
from engblog.pages.shared import Data, crumb, view_data
from engblog.pages.terms import children, person_data
from engblog.site.views import has_feeds

_TITLES = {"tag": "Articles tagged {}", "author": "Articles by {}", "series": "Series: {}", "year": "Articles of {}"}
"""What a window is called, so that a tag and a category of one name can be told apart in a row of tabs."""


def list_data(view: View, crumbs: list[Data], rows: Mapping[str, Data]) -> Data:
    """What every list has; *rows* are those of all articles by slug."""
    title = list_title(view)
    if view.page > 1 and title:
        title = f"{title}, page {view.page}"
    return view_data(view.kind, title, crumbs) | {
        "heading": view.title,
        "count": view.total,
        "rows": [
            rows[article.slug] | {"number": f"{number:02d}"} for number, article in enumerate(view.articles, view.first)
        ],
        "pager": _pager(view),
    }


def list_title(view: View) -> str:
    """What the list is called, whichever of its pages *view* is."""
    return _TITLES.get(view.kind, "{}").format(view.title)


def list_description(view: View, page: Mapping[str, Any]) -> str:
    """What search engines show of a list; *page* is the dict of *view*."""
    intro = page.get("intro")
    if intro and view.page == 1:
        return str(intro)
    noun = "article" if view.total == 1 else "articles"
    about = {
        "archive": f"All {view.total} {noun} by year.",
        "tags": f"{view.total} tags, by how many articles carry them.",
        "authors": "The people who write here.",
        "corrections": "What was wrong in an article and was put right, and what was brought up to date.",
        "feeds": "Every feed of this site: all articles, each category, tag and author, and corrections.",
        "year": f"{view.total} {noun} of {view.key}.",
        "author": f"{view.total} {noun} by {view.title}.",
        "series": f"The series “{view.title}” in {view.total} parts.",
    }.get(view.kind, f"{view.total} {noun} on {view.title}.")
    return f"{about[:-1]}, page {view.page} of {view.page_count}." if view.page > 1 else about


def about_list(view: View, site: Site) -> tuple[list[Data], Data]:
    """The way to a list, and what it says of the term, the person or the year whose articles it has."""
    crumbs = [crumb("Home", "")]
    data: Data = {"intro": None, "children": []}
    if view.kind in {"category", "subcategory"}:
        category = next(each for each in site.taxonomy.categories if each.term.slug == view.key.partition("/")[0])
        term = category.term
        if view.kind == "subcategory":
            crumbs.append(crumb(term.name, category_url(term.slug)))
            term = next(sub for sub in category.subcategories if sub.slug == view.key.partition("/")[2])
        else:
            data["children"] = children(site, category)
        data |= {"intro": term.description or None, "accent": category.term.accent or None}
    elif view.kind == "tag":
        crumbs.append(crumb("Tags", "tags/"))
        tag = next(each for each in site.taxonomy.tags if each.slug == view.key)
        data["intro"] = tag.description or None
    elif view.kind == "author":
        crumbs.append(crumb("Authors", "authors/"))
        data["person"] = person_data(site.people[view.key])
        data["intro"] = data["person"]["description"] or None
    elif view.kind == "year":
        crumbs.append(crumb("Archive", "archive/"))
    return crumbs, data


def feeds_of_view(view: View) -> list[Data]:
    """The feeds of *view*; none of a kind that has none."""
    return feeds_of_list(view.base_url, list_title(view)) if has_feeds(view) else []


def feeds_of_list(page: str, title: str) -> list[Data]:
    """The feeds of the list at *page*: what a link to each says, and what readers call it who offer a choice."""
    return [
        {
            "label": format_.label,
            "title": f"{title}, {format_.label}",
            "url": file,
            "type": format_.media_type,
        }
        for format_, file in files_beside(page).items()
    ]


def _pager(view: View) -> Data:
    base = view.base_url
    return {
        "page": view.page,
        "page_count": view.page_count,
        "previous": page_url(base, view.page - 1) if view.page > 1 else None,
        "next": page_url(base, view.page + 1) if view.page < view.page_count else None,
        "pages": [
            {"number": number, "url": page_url(base, number), "current": number == view.page}
            for number in _shown_pages(view.page, view.page_count)
        ],
    }


def _shown_pages(page: int, count: int) -> list[int]:
    """The first, the last, and those around *page*: a pager of 50 pages stays one line."""
    return sorted({1, count, *range(max(1, page - 2), min(count, page + 2) + 1)})
