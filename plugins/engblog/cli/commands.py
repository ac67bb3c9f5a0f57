"""Helpers that the modules of commands share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]
    """The object to which a module adds its commands; argparse has no public name for it."""


def natural(text: str) -> int:
    """Read an option's value as a whole number, at least 1."""
    if text.isdecimal() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} must be a whole number, at least 1")
