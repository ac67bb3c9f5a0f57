"""Text as a YAML scalar."""

from __future__ import annotations


def as_scalar(text: str) -> str:
    """*text* as a YAML scalar on one line: in quotes when it could be read as anything but text."""
    plain = text.replace(" ", "").replace("-", "").isalnum() and text[0].isalpha() and text.lower() not in _WORDS
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""Words that some reader of YAML takes for a value of another type."""
