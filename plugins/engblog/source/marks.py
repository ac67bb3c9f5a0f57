"""The marks by which an article refers to its lab's measurements and claims; only this module knows their syntax."""

from __future__ import annotations

import re

_REASON = r"\{given:(?P<reason>[^{}\n]*)\}"
NUMBER = re.compile(r"\{lab:(?P<key>[^{}\n]*)\}")
"""A measured number: ``{lab:pause.worst}``."""
CLAIM = re.compile(r"\{claim:(?P<key>[^{}\n]*)\}")
"""The mark of a claim, after its sentence: ``{claim:test_name}``."""
CLAIM_AND_SPACE = re.compile(rf"(?:(?<!\s)\s++)?+{CLAIM.pattern}")
"""The same with the white space before it, which no page shows."""
GIVEN_MARK = re.compile(_REASON)
"""A reason why a figure needs no source: ``{given:our example}``."""
GIVEN = re.compile(rf"(?:(?<!\s)\s++)?+{_REASON}")
"""The same with the white space before it, which no page shows."""
SOURCE = re.compile(rf"{NUMBER.pattern}|{CLAIM.pattern.replace('key', 'test')}|\[\^[^\[\]\n]+\]|{_REASON}")
"""Anything that supports a figure: a measurement, a claim, a footnote or a reason."""
ATTRIBUTES = re.compile(
    r"\{:?[ \t]*+(?:(?:[#.][\w:-]++|[\w:-]++=(?:\"[^\"\n]*+\"|'[^'\n]*+'|[^\s{}\"'=]++))[ \t]*+)++\}"
)
"""A list of attributes for the element before it: ``{#name .class key="value"}``."""
ATTRIBUTES_AND_SPACE = re.compile(rf"(?:(?<![ \t])[ \t]++)?+{ATTRIBUTES.pattern}")
"""The same with the white space before it, which no page shows."""
KEYS = re.compile(r"\+\+[a-zA-Z0-9\"-]+(?:\+[a-zA-Z0-9\"-]+)*\+\+")
"""Keys to press: ``++ctrl+c++``."""
