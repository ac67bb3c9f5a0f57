"""Names of files that a text does not find although they look right: with a space, or with an accent in two parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

from engblog.source.body import Body, Reference

_ADDRESS = re.compile(
    r"\]\((?P<address>(?:[^()<>\n\"']|(?<![ \t])[\"'])*+)(?:\"[^\"\n]*+\"|'[^'\n]*+')?+[ \t]*+\)"  # and its title
)
_LONGEST = 1000


def whole_target(reference: Reference, body: Body) -> str:
    """The address of *reference* in *body* with the spaces that its author typed, which Markdown ends it at."""
    target, number = reference.target, reference.line - body.first_line
    lines = body.blocks.text.split("\n")
    line = lines[number][reference.column - 1 :][:_LONGEST].removeprefix("!") if 0 <= number < len(lines) else ""
    for found in _ADDRESS.finditer(line):
        address = found["address"].strip(" \t")
        if address.partition(" ")[0] == target and " " in address and "[" not in line[1 : found.start()]:
            return address
    return target


def odd_name_hint(target: str, names: Iterable[str]) -> str:
    """The remedy if one of *names*, files beside the text, is *target* but for a space or the spelling of an accent."""
    plain = unquote(target)
    for name in names:
        if name == plain and " " in target:
            return f"Markdown ends the address at the space: write ({name.replace(' ', '%20')}), or rename the file"
        if name != plain and unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", plain):
            odd = next((one, other) for one, other in zip(f"{name}\0", f"{plain}\0", strict=False) if one != other)
            return (
                f"the name of the file looks the same, but has U+{ord(odd[0]):04X} where the text has "
                f"U+{ord(odd[1]):04X}: rename the file to {plain}, typed as in the text"
            )
    return ""
