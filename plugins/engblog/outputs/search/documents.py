"""From the article model to searchable documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from engblog.html.sections import Section
from engblog.model.article import Article, Taxonomy, Term
from engblog.model.publication import Publication
from engblog.outputs.search.model import Document, Facet


def documents_of(
    articles: Iterable[Article], taxonomy: Taxonomy, texts: Mapping[str, tuple[Section, ...]], language: str
) -> Iterator[Document]:
    """A document for each of *articles*, in their order.

    *texts* has each article's sections, by ``src_uri``; *language* is the site's, BCP 47. An article without a text
    raises ``KeyError``, because nobody would notice if the search left it out.
    """
    synonyms = _synonyms(taxonomy)
    for article in articles:
        yield Document(
            url=article.url,
            title=article.title,
            sections=texts[article.src_uri],
            description=article.description,
            category=_facet(article.category),
            subcategory=_facet(article.subcategory) if article.subcategory else None,
            tags=tuple(_facet(tag, synonyms.get(tag.slug, ())) for tag in article.tags),
            also=tuple(_also(article)),
            authors=tuple(Facet(person.key, person.name) for person in article.authors),
            published=article.published.day,
            minutes=article.minutes,
            verified=article.lab is not None,
            language=language,
        )


def pages_of(texts: Mapping[str, tuple[Section, ...]], publication: Publication, language: str) -> Iterator[Document]:
    """A document for each page that is written by hand and no article, in the order of their addresses.

    *texts* has the sections of articles and of pages, by ``src_uri``. The front page and the search are left out: they
    lead to the others.
    """
    articles = {article.src_uri for article in publication.site.articles}
    found = {unquote(publication.addresses[source]): source for source in texts if source not in articles}
    for address in sorted(found.keys() - {"", "search/"}):
        yield Document(address, publication.titles.get(address, ""), texts[found[address]], language=language)


def _also(article: Article) -> Iterator[str]:
    for person in article.authors:
        yield person.name
    if article.series:
        yield article.series.name
    for product, version in article.applies_to:
        yield f"{product} {version}"


def _facet(term: Term, synonyms: tuple[str, ...] = ()) -> Facet:
    return Facet(term.slug, term.name, synonyms)


def _synonyms(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    """The other names of each tag, by its slug, in the order of the vocabulary."""
    found: dict[str, tuple[str, ...]] = {}
    for name, tag in taxonomy.tag_names.items():
        if name != tag.name.casefold():
            found[tag.slug] = (*found.get(tag.slug, ()), name)
    return found
