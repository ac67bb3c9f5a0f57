"""Names that never change: tag URIs (RFC 4151). An article's name comes from the first address it ever had.

A feed reader recognizes an article only by its id. An address is a poor id, because it changes when the article or the
site moves, and every subscriber then sees old articles as new ones.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from engblog.model.article import Article

_YEAR = "2026"
_COMPONENT = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_AUTHORITY = re.compile(rf"(?:[a-z0-9._-]+@)?{_COMPONENT}(?:\.{_COMPONENT})*,\d{{4}}(?:-\d\d(?:-\d\d)?)?")


def is_authority(text: str) -> bool:
    """True if *text* is a domain (or a mail address) and, after a comma, a date on which its owner had it."""
    return _AUTHORITY.fullmatch(text) is not None


def default_authority(site_url: str) -> str:
    """The authority of a site that sets none: the host of *site_url*, and a year that never changes."""
    try:
        host = (urlsplit(site_url).hostname or "").encode("idna").decode("ascii").lower()
    except (UnicodeError, ValueError):
        host = ""
    plain = ".".join(part for part in (re.sub("[^a-z0-9-]+", "-", each).strip("-") for each in host.split(".")) if part)
    return f"{plain or 'localhost'},{_YEAR}"


def tag_uri(authority: str, path: str) -> str:
    """The name of a thing that was first published at *path*, a path from the site's root."""
    return f"tag:{authority}:{quote(path)}"


def article_id(authority: str, article: Article) -> str:
    """The name of *article*: made from its ``id``, otherwise from the first of its aliases, which is where it was
    published, otherwise from its address."""
    return tag_uri(authority, article.first_url)


def authority_date(authority: str) -> tuple[int, int, int]:
    """Year, month and day of *authority*."""
    year, month, day = [int(part) for part in (f"{authority.rpartition(',')[2]}-01-01").split("-")[:3]]
    return year, month, day
