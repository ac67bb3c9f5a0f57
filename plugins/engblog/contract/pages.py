"""Checks that every article and every list has its page, and that every list leads to its articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import unescape

from engblog.contract.finding import Finding, in_file, is_findable
from engblog.html.page import ReadPage, read_page
from engblog.model.article import Article
from engblog.model.article import is_public as public
from engblog.model.kinds import ARCHIVE, HOME
from engblog.model.problems import Code, quote
from engblog.model.publication import Publication


def wrong_pages(publication: Publication, documents: Mapping[str, ReadPage]) -> Iterator[Finding]:
    """Articles and lists without their page, and lists that do not lead to their articles."""
    for article in publication.site.articles:
        path = f"{article.url}index.html"
        document = documents.get(path)
        if document is None:
            message = f"{quote(article.title)} has no page"
            yield in_file(Code.P001_NO_PAGE, path, message, "a plugin dropped it, or an error was ignored")
        elif " ".join(article.title.split()) not in document.title:
            message = f"the page of {quote(article.title)} is titled {quote(document.title)}"
            yield in_file(
                Code.P001_NO_PAGE, path, message, "the template must set the title; check that the file is complete"
            )
        elif public(article, publication.site.now) and not is_findable(path, document):
            message = f"the page of {quote(article.title)} is hidden from search engines or redirects its readers"
            yield in_file(Code.P001_NO_PAGE, path, message, "a published page must do neither")
        elif gone := _ids_gone(publication, article, document):
            message = f"the text of {quote(article.title)} is not on its page: #{gone} is missing"
            yield in_file(Code.P001_NO_PAGE, path, message, "the template must set all of `page.content`")
    for view in publication.views:
        if f"{view.url}index.html" not in documents:
            message = f"the list {quote(view.title or 'home')} has no page"
            hint = "a plugin dropped it, or an error was ignored"
            yield in_file(Code.P001_NO_PAGE, f"{view.url}index.html", message, hint)


def _ids_gone(publication: Publication, article: Article, document: ReadPage) -> str:
    """The first heading of the article's body that is not on its page."""
    body = publication.bodies.get(article.src_uri, "")
    at = body.find('<h2 id="')
    while at >= 0:
        start = at + 8
        name = unescape(body[start : body.find('"', start)])
        if name not in document.ids and name in read_page(body).ids:  # what is in a comment only looks like a heading
            return name
        at = body.find('<h2 id="', start)
    return ""


def wrong_lists(publication: Publication, reached: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """Lists that do not lead to each of their articles; *reached* are the files that each page links to."""
    home: set[str] = set()
    for view in publication.views:
        path = f"{view.url}index.html"
        if path not in reached:
            continue
        linked = reached[path]
        if view.kind is HOME:
            home |= linked
        if view.kind is ARCHIVE:
            continue  # it shows the newest of each year and leads to the years, which have their own lists
        for article in view.articles:
            if (page := f"{article.url}index.html") not in linked:
                message = f"{quote(article.title)} is not in this list"
                hint = f"link to {article.url} in {view.kind.template}"
                yield in_file(Code.P002_LIST, path, message, hint, "list", about=page)
    for article in publication.site.articles:
        if home and (page := f"{article.url}index.html") not in home:
            message = f"{quote(article.title)} is on none of the pages of the home page's list"
            yield in_file(Code.P002_LIST, "index.html", message, "give it a row there, or feature it", about=page)
