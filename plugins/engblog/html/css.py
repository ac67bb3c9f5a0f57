"""Addresses that style sheets and scripts load, if they are written out there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engblog.html.links import clean_address

# Strings and comments are passed over whole, so that neither hides what stands behind a sign for the other.
_CSS = re.compile(
    r"""/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)"""
    r"""|(?:\burl\(|(@import))\s*+(?:"([^"\n]*+)"|'([^'\n]*+)'|(?!\burl)([^\s"')(;]++))"""
    r"""|(\bimage-set\()|(\btype\()|"((?:[^"\\\n]++|\\.)*+)(?:"|\\?\Z)|'((?:[^'\\\n]++|\\.)*+)(?:'|\\?\Z)|([()])"""
    r"""|["'](?:(?<=")(?:[^"\\\n]++|\\.)*+|(?:[^'\\\n]++|\\.)*+)""",  # ends with its line, and is then no string
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
    """Complete addresses from which a script imports or fetches, if they are written out in the call."""
    for found in _SCRIPT_LOAD.finditer(script):
        yield found[1]


# A text without a backslash has the same tokens for every browser. Each token is taken whole, so that none hides in
# another one.
_TOKEN = re.compile(
    r"/\*(?:[^*]++|\*(?!/))*+(?:\*/|(?P<open>))"
    r"|(?P<string>\"[^\"\\\n\r\f]*+\"|'[^'\\\n\r\f]*+')"
    r"|(?P<own>url\(\s*+(?:\"#[^\"\\()\s]++\"|'#[^'\\()\s]++'|#[^\"'\\()\s]++)\s*+\))"
    r"|(?P<name>-*+[a-z_][\w-]*+\()"
    r"|[\w-]++"
    r"|@(?P<rule>[\w-]*+)"
    r"|(?P<odd>[\\\"'])"
    r"|[^\w\\\"'@/-]++|.",
    re.IGNORECASE | re.DOTALL,
)
_FUNCTIONS = frozenset(
    {
        "calc", "clamp", "color", "color-mix", "hsl", "hsla", "hwb", "is", "lab", "lch", "light-dark", "matrix", "max",
        "min", "not", "nth-child", "oklab", "oklch", "rgb", "rgba", "rotate", "scale", "scalex", "scaley", "skewx",
        "skewy", "translate", "translatex", "translatey", "var", "where",
    }
)  # fmt: skip
"""Functions of which no one asks for an address."""


def unfit_css(css: str, *, is_sheet: bool = False) -> str:
    """The first part of *css* that is more than colours, sizes and places; empty if there is none.

    A value may refer to an element of the same drawing, ``url(#id)``; a style sheet may not, and has no rules but
    those of selectors and ``@media``.
    """
    for found in _TOKEN.finditer(css):
        kind = found.lastgroup
        if kind == "name" and found[0][:-1].lower() not in _FUNCTIONS:
            return css[found.start() : found.start() + 60]
        if kind in {"own", "rule"} and (not is_sheet or (kind == "own" or found["rule"].lower() != "media")):
            if kind == "own" and not is_sheet:
                continue
            return found[0]
        if kind in {"odd", "open"}:
            return css[found.start() : found.start() + 60]
    return ""


def own_references(css: str) -> Iterator[str]:
    """The ids that *css*, a fit value, refers to: ``a`` in ``url(#a)``."""
    for found in _TOKEN.finditer(css):
        if found["own"]:
            yield found["own"][4:-1].strip().strip("\"'")[1:]
