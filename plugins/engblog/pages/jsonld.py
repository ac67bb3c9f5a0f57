"""JSON-LD: descriptions of pages in schema.org's terms, as plain dicts and as text that is safe in a page.

Every node has the absolute address of a page of the site for its ``@id``; without ``site_url`` there are none.
Sources: schema.org 28 (``TechArticle``, ``CorrectionComment``, ``ProfilePage``) and Google's rules for articles,
breadcrumbs and profile pages. Only facts from the model appear: no ratings, no logo, no level of proficiency.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engblog.model.article import Article, Moment, Person
from engblog.model.kinds import ARCHIVE, AUTHOR
from engblog.model.publication import Identity
from engblog.model.site import View
from engblog.model.text import shortened
from engblog.site.history import last_change

Node = dict[str, Any]

HEADLINE = 110
"""Length after which Google has cut headlines, in characters; the node's ``name`` then has the whole title."""

_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
"""Characters that could end the element or start another, that older scripts take for a line's end, or that UTF-8
cannot encode."""


def jsonld_script(nodes: Sequence[Node]) -> str:
    """Encode *nodes* as one JSON-LD document that is safe inside ``<script type="application/ld+json">``."""
    graph = {"@context": "https://schema.org", "@graph": list(nodes)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def open_graph_locale(language: str) -> str | None:
    """*language*, a BCP 47 tag, as Open Graph writes it: ``en_GB``. None if the tag names no region, because guessing
    one would be wrong; Open Graph then assumes ``en_US``."""
    parts = language.split("-")
    region = next((part for part in parts[1:] if len(part) == 2 and part.isalpha()), "")
    return f"{parts[0].lower()}_{region.upper()}" if region else None


def publisher(identity: Identity) -> Node:
    """The publisher: the site itself, under its own name."""
    return {"@type": "Organization", "@id": f"{identity.url}#publisher", "name": identity.name, "url": identity.url}


def blog(identity: Identity) -> Node:
    """The whole publication, in the form in which each of its pages refers to it."""
    return {"@type": "Blog", "@id": f"{identity.url}#blog", "name": identity.name, "url": identity.url}


def person(identity: Identity, who: Person) -> Node:
    """Somebody who writes, with the address of the page that lists what they wrote."""
    url = identity.whole(AUTHOR.url(who.key))
    node: Node = {"@type": "Person", "@id": f"{url}#person", "name": who.name, "url": url}
    return node | _given(jobTitle=who.role)


def breadcrumbs(identity: Identity, crumbs: Iterable[Mapping[str, str]], title: str, path: str) -> Node:
    """The breadcrumbs from the home page to the page called *title* at *path*; *crumbs* are those that it shows."""
    way = [(crumb["title"], crumb["url"]) for crumb in crumbs] + [(title, path)]
    return {
        "@type": "BreadcrumbList",
        "@id": f"{identity.whole(path)}#breadcrumbs",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": identity.whole(url)}
            for position, (name, url) in enumerate(way, 1)
        ],
    }


def article_node(identity: Identity, article: Article, *, image: str | None = None) -> Node:
    """An article; *image* is the address of its card from the site's root, percent-encoded."""
    url = identity.whole(article.url)
    headline = shortened(article.title, HEADLINE)
    sections = [article.category.name, *([article.subcategory.name] if article.subcategory else [])]
    return {
        "@type": "TechArticle",
        "@id": f"{url}#article",
        "headline": headline,
        **_given(name=article.title if headline != article.title else ""),
        "description": article.description,
        "url": url,
        "mainEntityOfPage": url,
        "isPartOf": blog(identity),
        "inLanguage": identity.language,
        "datePublished": _instant(article.published),
        "dateModified": _instant(last_change(article)),
        **_given(author=[person(identity, who) for who in article.authors]),
        "publisher": publisher(identity),
        **_given(image=identity.absolute(image) if image else ""),
        "articleSection": sections,
        "keywords": [tag.name for tag in article.tags],
        "wordCount": article.words,
        "timeRequired": f"PT{article.minutes}M",
        **_given(dependencies=", ".join(f"{product} {versions}" for product, versions in article.applies_to)),
        **_given(
            correction=[
                {"@type": "CorrectionComment", "text": each.text, "datePublished": each.day.isoformat()}
                for each in article.corrections
            ]
        ),
    }


def home_nodes(identity: Identity, *, description: str, search: str | None) -> list[Node]:
    """The home page: the blog, and the site with its search, the page at the path *search*."""
    site: Node = {
        "@type": "WebSite",
        "@id": f"{identity.url}#site",
        "name": identity.name,
        "url": identity.url,
        "inLanguage": identity.language,
        "publisher": {"@id": f"{identity.url}#publisher"},
    }
    if search:
        site["potentialAction"] = {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{identity.whole(search)}?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        }
    whole = blog(identity) | _given(description=description) | {"inLanguage": identity.language}
    return [whole | {"publisher": publisher(identity)}, site]


def list_node(identity: Identity, view: View, title: str, *, description: str) -> Node:
    """A page that lists articles, with the articles on it. The archive shows the newest of each year and leads to
    the years, which list them all: repeated here, a thousand articles would weigh more than the page itself."""
    node = _page(identity, "CollectionPage", view.url, title, description)
    if not view.articles or view.kind is ARCHIVE:
        return node
    entries = [
        {"@type": "ListItem", "position": number, "url": identity.whole(article.url), "name": article.title}
        for number, article in enumerate(view.articles, view.first)
    ]
    return node | {"mainEntity": {"@type": "ItemList", "numberOfItems": view.total, "itemListElement": entries}}


def profile_node(identity: Identity, view: View, who: Person, title: str, *, description: str) -> Node:
    """The page of somebody who writes."""
    whole = person(identity, who) | _given(
        description=who.description,
        image=identity.whole(who.portrait) if who.portrait else "",
        sameAs=[url for _, url in who.links],
    )
    return _page(identity, "ProfilePage", view.url, title, description) | {"mainEntity": whole}


def lab_node(identity: Identity, article: Article, path: str, title: str, *, description: str) -> Node:
    """The page of an article's lab."""
    about = {"@id": f"{identity.whole(article.url)}#article"}
    return _page(identity, "WebPage", path, title, description) | {"about": about}


def plain_node(identity: Identity, path: str, title: str, *, description: str) -> Node:
    """A hand-written page."""
    kind = {"about/": "AboutPage", "search/": "SearchResultsPage"}.get(path, "WebPage")
    return _page(identity, kind, path, title, description)


def _page(identity: Identity, kind: str, path: str, title: str, description: str) -> Node:
    url = identity.whole(path)
    node: Node = {"@type": kind, "@id": url, "url": url, "name": title or identity.name}
    return node | _given(description=description) | {"isPartOf": blog(identity), "inLanguage": identity.language}


def _given(**properties: Any) -> Node:
    """Keep the *properties* that have a value; validators complain about empty ones."""
    return {name: value for name, value in properties.items() if value}


def _instant(moment: Moment) -> str:
    """ISO 8601 with a zone: a bare date is its first instant in UTC, as everywhere else on the site."""
    return (moment.at or moment.instant).isoformat()
