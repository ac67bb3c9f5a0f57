"""What a style sheet and a script load, as far as it is written out in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engblog.html.links import clean_address

# Strings and comments are passed over whole, so that neither hides what stands behind a sign for the other.
_CSS = re.compile(
    r"""/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)"""
    r"""|(?:\burl\(|(@import))\s*+(?:"([^"\n]*+)"|'([^'\n]*+)'|(?!\burl)([^\s"')(;]++))"""
    r"""|(\bimage-set\()|(\btype\()|"((?:[^"\\\n]++|\\.)*+)"|'((?:[^'\\\n]++|\\.)*+)'|([()])""",
    re.IGNORECASE | re.DOTALL,
)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|([g-zG-Z@/:]))")
_SCRIPT_LOAD = re.compile(
    r"(?:\bimport\s*+\(?+|\bfrom|\bfetch\s*+\(|\bimportScripts\s*+\(|\b(?:Shared)?Worker\s*+\(|\bEventSource\s*+\(|"
    r"\bWebSocket\s*+\(|\bsendBeacon\s*+\()\s*+[\"'`]((?:(?:https?|wss?):)?//[^\"'`\s]*+)"
)


def css_loads(css: str) -> Iterator[str]:
    """The addresses that a style sheet loads."""
    if "\\" in css:
        css = _CSS_ESCAPE.sub(_plain_sign, css)
    depth = 0  # of brackets, in a set of pictures: its strings are addresses
    for found in _CSS.finditer(css):
        _, double, single, bare, in_set, kind, quoted, other, bracket = found.groups()
        if in_set:
            depth = 1
        elif depth and (kind or bracket):
            depth += -1 if bracket == ")" else 1
        elif address := double or single or bare or ((quoted or other) if depth == 1 else ""):
            yield clean_address(address)
        if depth and found[0][:4].lower() == "url(":
            depth += 1


def _plain_sign(found: re.Match[str]) -> str:
    """A letter or sign that an escape hides; other escapes stay."""
    sign = found[2] or (chr(int(found[1], 16)) if int(found[1], 16) < 0x7F else "")
    return sign if sign.isalpha() or sign in {"@", "/", ":", "-"} else found[0]


def script_loads(script: str) -> Iterator[str]:
    """Whole addresses from which a script imports or fetches, as far as they are written out where that is done."""
    for found in _SCRIPT_LOAD.finditer(script):
        yield found[1]
