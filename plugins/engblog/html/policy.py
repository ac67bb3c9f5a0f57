"""The Content-Security-Policy of a page, and the inline scripts that it allows by their hashes.

GitHub Pages lets no site set headers, so the policy is in the page, in a ``<meta>`` that comes before anything it
governs. Two things such a policy cannot do (CSP 3, section 3.3): ``frame-ancestors``, so that any site may frame these
pages, and reports. A page here has nothing that a click in a frame could give away.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

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


def page_policy(scripts: Iterable[InlineScript] = (), *, reloads: bool = False) -> str:
    """The policy of a page with the inline *scripts*: everything from the site itself, and nothing from elsewhere.

    With *reloads*, the page is a preview, into which ``mkdocs serve`` writes a script with a number that changes:
    inline scripts are allowed then, as no hash could name that one. (A hash would switch ``'unsafe-inline'`` off.)
    """
    allowed = ["'unsafe-inline'"] if reloads else sorted({script.source for script in scripts})
    directives = (
        ("default-src", _NONE),
        ("script-src", _OWN, *allowed),
        ("style-src", _OWN),
        ("img-src", _OWN, "data:"),
        ("font-src", _OWN),
        ("connect-src", _OWN),
        ("worker-src", _OWN),
        ("manifest-src", _OWN),
        ("base-uri", _NONE),
        ("form-action", _OWN),
    )
    return "; ".join(" ".join(directive) for directive in directives)
