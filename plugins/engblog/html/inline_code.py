"""Code that is written into a page or a drawing: what a policy allows, and how messages name it."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256, sha384, sha512

from engblog.html.page import TANGLED, Inline

PHRASES = {
    "script": "a script in the page:",
    "style": "a style sheet in the page:",
    "attribute": "a style attribute:",
    "handler": "a script in an attribute:",
    "address": "a script in an address:",
    "document": "a document in an attribute:",
    "base": "a <base> that redirects every address:",
    TANGLED: "more elements are left open than can be read, from:",
}
"""The start of a message about each kind of code, which a part of the code follows."""
_DIRECTIVES = {
    "script": ("script-src-elem", "script-src", "default-src"),
    "style": ("style-src-elem", "style-src", "default-src"),
    "attribute": ("style-src-attr", "style-src", "default-src"),
    "handler": ("script-src-attr", "script-src", "default-src"),
    "address": ("script-src-elem", "script-src", "default-src"),
}
_HASHES = {"sha256": sha256, "sha384": sha384, "sha512": sha512}
_HASH = re.compile(r"'(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})'")


def allows(policy: str | None, inline: Inline) -> bool:
    """True if a page's own *policy* lets *inline* run (Content Security Policy, level 3); without one, nothing may."""
    directives: dict[str, str] = {}
    for part in (policy or "").split(";"):
        name, _, value = part.strip().partition(" ")
        directives.setdefault(name.lower(), value)
    if inline.kind in {"document", "base", TANGLED}:
        return False
    sources = next((directives[name] for name in _DIRECTIVES[inline.kind] if name in directives), "'none'")
    hashes = _HASH.findall(sources)
    if "'unsafe-inline'" in sources and not hashes:
        return True
    if inline.kind not in {"script", "style"}:
        return False  # hashes are for elements
    text = inline.text.replace("\r\n", "\n").replace("\r", "\n").encode()
    return any(
        b64encode(_HASHES[name](text).digest()).decode() == value.replace("-", "+").replace("_", "/")
        for name, value in hashes
    )
