"""Three orders in which a server can record a key and do what the request asks for.

Only one of them needs both in one database. The others represent a key in a cache and an effect elsewhere, and can be
interrupted between the two.
"""

from __future__ import annotations

import argparse
import sqlite3
import time
from collections.abc import Callable

import faults
import store

Post = Callable[[str, str, str, str | None], str]
_KEYS = "CREATE TABLE IF NOT EXISTS key (id text PRIMARY KEY, ts text, recorded real NOT NULL)"


class Keys:
    """Keys in a store of their own, which forgets them after a while."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._db = sqlite3.connect(options.keys_db, timeout=30, isolation_level=None)
        self._db.execute(_KEYS)
        self._seconds = options.key_seconds

    def known(self, author: str, key: str | None) -> tuple[str] | None:
        """Return what was recorded with a key that is not too old, else None."""
        self._db.execute("DELETE FROM key WHERE recorded < ?", (time.time() - self._seconds,))
        found: tuple[str] | None = self._db.execute("SELECT ts FROM key WHERE id = ?", (f"{author}/{key}",)).fetchone()
        return found

    def record(self, author: str, key: str | None, ts: str) -> None:
        """Record a key with the *ts* to answer."""
        self._db.execute("INSERT OR REPLACE INTO key VALUES (?, ?, ?)", (f"{author}/{key}", ts, time.time()))


def together(db: sqlite3.Connection, options: argparse.Namespace) -> Post:
    """One transaction writes both."""

    def post(author: str, channel: str, text: str, key: str | None) -> str:
        return store.post(db, author, channel, text, key, before_commit=lambda: faults.between_two_writes(options))

    return post


def key_first(db: sqlite3.Connection, options: argparse.Namespace) -> Post:
    """Claim the key, then store the message."""
    keys = Keys(options)

    # --8<-- [start:key-first]
    def post(author: str, channel: str, text: str, key: str | None) -> str:
        if seen := keys.known(author, key):
            return seen[0]  # done already, or so the key says
        keys.record(author, key, ts="pending")
        faults.between_two_writes(options)
        ts = store.post(db, author, channel, text, None)
        keys.record(author, key, ts)
        return ts

    # --8<-- [end:key-first]
    return post


def message_first(db: sqlite3.Connection, options: argparse.Namespace) -> Post:
    """Store the message, then record the key."""
    keys = Keys(options)

    # --8<-- [start:message-first]
    def post(author: str, channel: str, text: str, key: str | None) -> str:
        if seen := keys.known(author, key):
            return seen[0]
        ts = store.post(db, author, channel, text, None)
        faults.between_two_writes(options)
        keys.record(author, key, ts)
        return ts

    # --8<-- [end:message-first]
    return post


ORDERS: dict[str, Callable[[sqlite3.Connection, argparse.Namespace], Post]] = {
    "together": together,
    "key-first": key_first,
    "message-first": message_first,
}
