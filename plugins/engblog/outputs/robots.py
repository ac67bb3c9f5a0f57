"""robots.txt: it allows everything and names the sitemap."""

from __future__ import annotations

from urllib.parse import urlsplit

from engblog.model.publication import Identity, Publication, Written

_BELOW = """\
# Crawlers read robots.txt only at the root of a host. This site is below a path, so the file that counts is
# {root}robots.txt. Submit the sitemap to search engines yourself, or use your own domain.
"""


def robots_txt(publication: Publication) -> Written:
    """The file; pages that search engines should not list say so themselves."""
    yield "robots.txt", _text(publication.identity).encode()


def _text(identity: Identity) -> str:
    text = "User-agent: *\nAllow: /\n"
    if not identity.url:
        return text
    split = urlsplit(identity.url)
    if split.path != "/":
        text = _BELOW.format(root=f"{split.scheme}://{split.netloc}/") + text
    return f"{text}\nSitemap: {identity.absolute('sitemap.xml')}\n"
