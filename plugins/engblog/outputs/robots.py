"""robots.txt: everything may be read, and where the list of pages is."""

from __future__ import annotations

from urllib.parse import urlsplit

from engblog.model.publication import Identity

_BELOW = """\
# Crawlers read robots.txt at the root of a host alone. This site stands below a path: what counts is the file at
# {root}robots.txt. Tell search engines of the site map yourself, or use a domain of your own.
"""


def robots(identity: Identity) -> str:
    """The text for the site *identity*; the pages that no one should list say so themselves."""
    text = "User-agent: *\nAllow: /\n"
    if not identity.url:
        return text
    split = urlsplit(identity.url)
    if split.path != "/":
        text = _BELOW.format(root=f"{split.scheme}://{split.netloc}/") + text
    return f"{text}\nSitemap: {identity.absolute('sitemap.xml')}\n"
