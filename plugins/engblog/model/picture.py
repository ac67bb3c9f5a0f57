"""A file that a page shows as a picture, as found on disk."""

from __future__ import annotations

from dataclasses import dataclass

LFS = "Git LFS pointer"
"""The kind of the small text that is in the place of a file until Git LFS has fetched it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The content of a file, as far as it decides whether browsers can show it."""

    kind: str = ""
    """The format that the first bytes have, whatever the file's name: ``PNG``, ``SVG``, ``HTML``, ``text``; empty if
    they are of no format that we know."""
    width: int = 0
    height: int = 0
    """Width and height in pixels; 0 if unknown."""
    complete: bool = True
    """False if the end of the file is missing."""
    problem: str = ""
    """The reason why the file cannot be shown, in words that follow "it"; empty if there is none."""
