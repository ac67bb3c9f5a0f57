"""The characters of typesetting, and what is typed for them on a keyboard.

While a text is on its way to the renderer, each character that was set in place of a typed one is a letter that nobody
types. So the renderer can make the same ids of headings and find the same labels of links as without typesetting.
"""

from __future__ import annotations

import re

_TYPED = {"“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "–": "--", "—": "---"}
HELD = {shown: chr(0x10FF00 + index) for index, shown in enumerate(_TYPED)}
"""The letter that holds the place of each character until the page is rendered; from the last plane for private use."""
_SHOWN = str.maketrans({held: shown for shown, held in HELD.items()})
_AS_TYPED = str.maketrans({held: _TYPED[shown] for shown, held in HELD.items()})
_STRAIGHT = str.maketrans(_TYPED)
_IS_HELD = re.compile(f"[{''.join(HELD.values())}]")


def as_shown(text: str) -> str:
    """*text* with each held character as readers see it."""
    return text.translate(_SHOWN) if _IS_HELD.search(text) else text


def as_typed(text: str) -> str:
    """*text* with each held character as its author typed it."""
    return text.translate(_AS_TYPED) if _IS_HELD.search(text) else text


def straight(text: str) -> str:
    """*text* as it can be typed: equal for two texts that typesetting makes equal."""
    return text if text.isascii() else text.translate(_STRAIGHT)
