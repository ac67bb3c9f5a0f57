"""robots.txt: everything may be read, and where the list of pages is."""

from __future__ import annotations

from urllib.parse import urlsplit

from engblog.model.publication import Identity, Publication, Written

_BELOW = """\
# Crawlers read robots.txt at the root of a host alone. This site stands below a path: what counts is the file at
# {root}robots.txt. Tell search engines of the site map yourself, or use a domain of your own.
"""


def robots_txt(publication: Publication) -> Written:
    """The file; the pages that no one should list say so themselves."""
    yield "robots.txt", _text(publication.identity).encode()


def _text(identity: Identity) -> str:
    text = "User-agent: *\nAllow: /\n"
    if not identity.url:
        return text
    split = urlsplit(identity.url)
    if split.path != "/":
        text = _BELOW.format(root=f"{split.scheme}://{split.netloc}/") + text
    return f"{text}\nSitemap: {identity.absolute('sitemap.xml')}\n"
