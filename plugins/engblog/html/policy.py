"""The Content-Security-Policy of a page, and the inline scripts that it allows by their hashes.

GitHub Pages lets no site set headers, so the policy is in the page, in a ``<meta>`` that comes before anything it
governs. Two things such a policy cannot do (CSP 3, section 3.3): ``frame-ancestors``, so that any site may frame these
pages, and reports. A page here has nothing that a click in a frame could give away.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_ENDS_EARLY = re.compile(r"</script|<script|<!--", re.IGNORECASE)
"""Texts that end the element, or change how a browser reads on, even in a string or a comment."""

_OWN = "'self'"
_NONE = "'none'"


@dataclass(frozen=True, slots=True)
class InlineScript:
    """A script in every page: what a browser runs, and the expression that allows exactly that."""

    name: str
    text: str
    source: str
    """``'sha256-…'``, over the bytes of ``text``."""


def inline_script(name: str, data: bytes) -> InlineScript:
    """The script in the file *name* with the bytes *data*, as a browser will see it: with LF for every line's end.

    Raises ``ValueError``, saying why, for one that cannot be in a page.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{name} is not UTF-8") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise ValueError(f"{name} has a NUL: browsers replace it, and the hash would not fit")
    if found := _ENDS_EARLY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ValueError(f"{name}:{line}: {found[0]!r} cannot be used in an inline script; write it in two parts")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return InlineScript(name, text, f"'sha256-{digest}'")


_LOOPBACK = ("http://localhost:*", "http://127.0.0.1:*")
"""Hosts of a built site that somebody looks at before it is deployed."""


def script_sources(site_url: str, places: Iterable[str]) -> tuple[str, ...]:
    """The expressions that allow scripts from *places* and from nowhere else, for the site at *site_url*.

    A place is a folder, with a slash at its end, or a file, by its path from the site's root. A policy can name folders
    only in whole addresses. So every place is also named on the reader's own machine, where a built site is looked at,
    below the site's path or at the root; a site that does not know its address allows scripts from all of itself.
    """
    split = urlsplit(site_url)
    if not split.netloc:
        return (_OWN,)
    path, names = split.path.rstrip("/"), sorted(places)
    roots: tuple[str, ...] = (f"{split.scheme}://{split.netloc}{quote(path)}",)
    roots += tuple(f"{host}{quote(lead)}" for host in _LOOPBACK for lead in dict.fromkeys((path, "")))
    return tuple(f"{root}/{quote(name)}" for root in roots for name in names) or (_NONE,)


def page_policy(
    scripts: Iterable[InlineScript] = (),
    *,
    files: Sequence[str] = (_OWN,),
    workers: Sequence[str] = (_OWN,),
    nonce: str = "",
) -> str:
    """The policy of a page with the inline *scripts*: everything from the site itself, and nothing from elsewhere.

    *files* and *workers* are the sources of other scripts (:func:`script_sources`). In a preview, into which the server
    writes a script with a number that changes, *nonce* allows that one.
    """
    allowed = sorted({script.source for script in scripts}) + ([f"'nonce-{nonce}'"] if nonce else [])
    directives = (
        ("default-src", _NONE),
        ("script-src", *(files if files != (_NONE,) or not allowed else ()), *allowed),
        ("style-src", _OWN),
        ("img-src", _OWN, "data:"),
        ("font-src", _OWN),
        ("connect-src", _OWN),
        ("worker-src", *workers),
        ("manifest-src", _OWN),
        ("base-uri", _NONE),
        ("form-action", _OWN),
    )
    return "; ".join(" ".join(directive) for directive in directives)
