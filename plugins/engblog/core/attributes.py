"""The attributes of a tag, as browsers read them."""

from __future__ import annotations

import re
from html import unescape

_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++)))?""")


def attributes(text: str) -> dict[str, str]:
    """Values without entities by name in lower case; *text* is what a tag has after its name. Of two with one name
    the first wins."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        value = double or single or bare
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found
