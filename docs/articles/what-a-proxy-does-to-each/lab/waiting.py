"""Waiting for what the origin and the browser come to know."""

from __future__ import annotations

from engblog.lab.process import wait_until
from origin import Origin
from playwright.sync_api import Page

PATIENCE = 60


def until_reading(origin: Origin, path: str, count: int = 1) -> None:
    """Wait until *count* clients wait for events at *path*."""
    wait_until(lambda: origin.reading(path) == count, seconds=PATIENCE, what=f"{count} readers of {path}")


def until(page: Page, condition: str) -> None:
    """Wait until a condition in JavaScript holds on the page."""
    page.wait_for_function(condition, timeout=PATIENCE * 1000)
