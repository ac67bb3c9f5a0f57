"""The data of lists of articles: of a term, a person, a series or a year, and of the home page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engblog.model.kinds import CATEGORY, SUBCATEGORY, TAG
from engblog.model.site import Site, View
from engblog.model.urls import files_beside, page_url
from engblog.pages.shared import Data, crumb, view_data
from engblog.pages.terms import children, person_data, work_of


def list_data(view: View, crumbs: list[Data], rows: Mapping[str, Data]) -> Data:
    """The data that every list has; *rows* has the row of every article by slug."""
    title = list_title(view)
    if view.page > 1 and title:
        title = f"{title}, page {view.page}"
    return view_data(view.kind.name, title, crumbs) | {
        "heading": view.title,
        "count": view.total,
        "rows": [
            _row(rows[article.slug], view) | {"number": f"{number:02d}"}
            for number, article in enumerate(view.articles, view.first)
        ],
        "pager": _pager(view),
    }


def _row(row: Data, view: View) -> Data:
    """*row* as *view* shows it: the tag that a list is about comes first."""
    if view.kind is not TAG:
        return row
    return row | {"tags": sorted(row["tags"], key=lambda tag: str(tag["url"]) != view.base_url)}


def list_title(view: View) -> str:
    """The list's title, whichever of its pages *view* is."""
    return view.kind.window.format(title=view.title)


def list_description(view: View, page: Mapping[str, Any]) -> str:
    """The description of a list for search engines; *page* is the dict of *view*."""
    intro = page.get("intro")
    if intro and view.page == 1:
        return str(intro)
    articles = "article" if view.total == 1 else "articles"
    about = view.kind.description.format(count=view.total, articles=articles, title=view.title)
    return f"{about[:-1]}, page {view.page} of {view.page_count}." if view.page > 1 else about


def about_list(view: View, site: Site) -> tuple[list[Data], Data]:
    """The breadcrumbs of a list, and its data about the term, the person or the year whose articles it has."""
    crumbs = [crumb("Home", "")]
    if view.kind.above:
        crumbs.append(crumb(*view.kind.above))
    if view.category and view.kind is SUBCATEGORY:
        crumbs.append(crumb(view.category.term.name, CATEGORY.url(view.category.term.slug)))
    about = view.term or view.person
    data: Data = {"intro": (about.description if about else "") or None, "children": []}
    if view.category:
        data["accent"] = view.category.term.accent or None
    if view.category and view.kind is CATEGORY:
        data["children"] = children(site, view.category)
    if view.person:
        data["person"] = person_data(view.person) | work_of(site, view.person)
    return crumbs, data


def feeds_of_view(view: View) -> list[Data]:
    """The feeds of *view*; empty if its kind has no feeds."""
    return feeds_of_list(view.base_url, list_title(view)) if view.kind.feed_title else []


def feeds_of_list(page: str, title: str) -> list[Data]:
    """The feeds of the list at *page*: the text of a link to each, and the name that feed readers show in a choice."""
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
