"""Moments as feeds write them."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime


def rfc3339(moment: datetime) -> str:
    """*moment*, which is in UTC, as Atom and JSON Feed write dates."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment.year > 999 else f"{moment.year:04}-{moment:%m-%dT%H:%M:%SZ}"


def rfc822(moment: datetime) -> str:
    """*moment*, which is in UTC, as RSS and OPML write dates."""
    return format_datetime(moment, usegmt=True)
