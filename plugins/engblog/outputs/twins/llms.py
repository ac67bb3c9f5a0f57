"""``llms.txt``: an overview of the site for programs, in the format of llmstxt.org."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engblog.model.article import Article
from engblog.model.publication import Publication, Written
from engblog.model.urls import twin_url
from engblog.outputs.twins.twin import escaped

_LENGTH = 300
_SENTENCE_END = re.compile(r"[.!?]\s")


def llms_txt(publication: Publication) -> Written:
    """The file; none for a site without an address."""
    if publication.identity.url:
        yield "llms.txt", ("\n".join(_lines(publication)) + "\n").encode()


def _lines(publication: Publication) -> Iterator[str]:
    identity = publication.identity
    yield f"# {escaped(identity.name)}"
    if identity.description:
        yield from ("", f"> {escaped(identity.description)}")
    yield ""
    yield (
        "Each article is linked as Markdown, with the code and the tests of its lab at the end. "
        "Its page is at the same address without `index.md`."
    )
    for category in publication.site.taxonomy.categories:
        articles = [each for each in publication.site.articles if each.category.slug == category.term.slug]
        if articles:
            yield from ("", f"## {escaped(category.term.name)}", "")
            yield from (_link(article, publication) for article in articles)
    yield from ("", "## Optional", "")
    for view in publication.views:
        if view.kind.in_llms:
            yield f"- [{escaped(view.title)}]({identity.absolute(view.url)}): {view.kind.in_llms}"
    for title, url in publication.feeds:
        yield f"- [{escaped(title)}]({identity.absolute(url)}): the newest articles"
    if (search := publication.addresses.get("search.md")) is not None:
        yield f"- [Search]({identity.absolute(search)}): in the reader's browser, with JavaScript"


def _link(article: Article, publication: Publication) -> str:
    address = publication.identity.absolute(twin_url(article))
    return f"- [{escaped(article.title)}]({address}): {escaped(opening(article.description))}"


def opening(text: str, length: int = _LENGTH) -> str:
    """The whole sentences of *text* within *length* characters, or as many words as fit and an ellipsis."""
    if len(text) <= length:
        return text
    ends = [found.start() + 1 for found in _SENTENCE_END.finditer(text[: length + 1])]
    if ends and ends[-1] >= length // 3:
        return text[: ends[-1]]
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
