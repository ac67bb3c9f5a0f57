"""Values as YAML that is read back as the same text, and that no reader takes for anything but text."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 .,'()/+-]*+")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+"
)


def scalar(text: str) -> str:
    """*text* on one line, in quotes if it could be read as anything else."""
    one = flat_line(text)
    if _PLAIN.fullmatch(one) and one[-1] not in " .,'(/-" and one.lower() not in _WORDS:
        return one
    return "'{}'".format(one.replace("'", "''"))


def flow(texts: list[str]) -> str:
    """*texts* as a list in brackets."""
    return f"[{', '.join(scalar(text) if ',' not in text else _quoted(text) for text in texts)}]"


def _quoted(text: str) -> str:
    return "'{}'".format(flat_line(text).replace("'", "''"))


def flat_line(text: str) -> str:
    """*text* on one line, without characters that nobody sees."""
    return " ".join(_UNSEEN.sub(" ", text).split())
