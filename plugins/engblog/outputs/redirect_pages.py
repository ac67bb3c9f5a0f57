"""The page at an old address: it redirects readers and search engines without a script."""

from __future__ import annotations

import posixpath
import re
from html import escape
from urllib.parse import quote

from engblog.model.publication import Identity, Publication, Written
from engblog.model.site import Redirect
from engblog.model.urls import is_elsewhere, page_file

_LONG = re.compile(r"(\S{16})(?=\S)")
# No style sheet either: the page is visible for a moment, and must still work when the rest of the site changes.
_PAGE = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{heading}</title>
<meta name="robots" content="noindex">
{canonical}<meta http-equiv="refresh" content="0; url={address}">
</head>
<body data-kind="redirect">
<main>
<h1>This page has moved</h1>
<p>It is now at <a href="{address}" dir="auto">{title}</a>.</p>
</main>
</body>
</html>
"""


def redirect_pages(publication: Publication) -> Written:
    """A page at every old address of *publication*."""
    for redirect in publication.redirects:
        plain = redirect.target if is_elsewhere(redirect.target) else f"/{redirect.target}"
        title = publication.titles.get(redirect.target) or plain
        yield redirect.file, redirect_page(redirect, title, publication.identity).encode()


def redirect_page(redirect: Redirect, title: str, identity: Identity) -> str:
    """The document at ``redirect.path``; *title* is the title of the page that it leads to.

    A refresh drops the fragment and the query of the address that the reader opened; a fragment in the redirect itself
    is kept.
    """
    is_page = identity.url and not is_elsewhere(redirect.target)
    canonical = f'<link rel="canonical" href="{escape(identity.whole(redirect.target))}">\n' if is_page else ""
    return _PAGE.format(
        language=escape(identity.language),
        heading=escape(f"Moved: {title} · {identity.name}"),
        canonical=canonical,
        address=escape(_address(redirect)),
        title=_breakable(title),
    )


def _breakable(title: str) -> str:
    """*title* as markup whose longest words may break; without a style sheet, they would be wider than a phone's
    screen."""
    return "<wbr>".join(escape(piece) for piece in _LONG.sub("\\1\0", title).split("\0"))


def _address(redirect: Redirect) -> str:
    """The address of the new page; for one of this site, the relative one, which works whatever path the site is
    under."""
    anchor = f"#{quote(redirect.anchor, safe='!$&()*+,;=:@/?')}" if redirect.anchor else ""
    if is_elsewhere(redirect.target):
        return quote(redirect.target, safe=":/") + anchor
    here = posixpath.dirname(redirect.file)
    there = posixpath.relpath(page_file(redirect.target), here or ".")
    folder, _, name = there.rpartition("/")
    shown = there if name != "index.html" else f"{folder}/" if folder else "./"
    return quote(shown) + anchor
