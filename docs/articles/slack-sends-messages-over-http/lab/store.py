"""The durable half of the lab's chat: messages in SQLite, each stored once however often its request arrives."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).with_name("schema.sql")
_TICKS = 1_000_000  # a ts has six digits behind its point

# --8<-- [start:sql]
INSERT = """
    INSERT INTO message (channel, ts, author, text, client_msg_id)
    VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (author, client_msg_id) DO NOTHING
    RETURNING channel, ts, text"""
FIND = """
    SELECT channel, ts, text FROM message
    WHERE author = ? AND client_msg_id = ?"""
# --8<-- [end:sql]


class KeyReusedError(Exception):
    """A key that the same author has already used for another message."""


def connect(path: str | Path) -> sqlite3.Connection:
    """Open the database at *path*, with its tables. A commit is on disk before it returns."""
    db = sqlite3.connect(path, timeout=30, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.executescript(SCHEMA.read_text())
    return db


def post(
    db: sqlite3.Connection,
    author: str,
    channel: str,
    text: str,
    key: str | None,
    *,
    before_commit: Callable[[], None] = lambda: None,
) -> str:
    """Store a message and return its ts; for a *key* that is known, return the ts of the first attempt."""
    db.execute("BEGIN IMMEDIATE")
    try:
        ts = _next_ts(db, channel)
        # --8<-- [start:post]
        row = db.execute(INSERT, (channel, ts, author, text, key)).fetchone()
        if row is None:  # the key is known: answer like the first attempt
            row = db.execute(FIND, (author, key)).fetchone()
        if (row["channel"], row["text"]) != (channel, text):
            raise KeyReusedError(key)
        # --8<-- [end:post]
        before_commit()
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
    return str(row["ts"])


def history(db: sqlite3.Connection, channel: str, *, oldest: str = "0", limit: int = 100) -> tuple[list[Any], bool]:
    """Return at most *limit* messages of *channel* after the ts *oldest*, in order, and whether there are more."""
    rows = db.execute(
        "SELECT channel, ts, author AS user, text, client_msg_id FROM message"
        " WHERE channel = ? AND ts > ? ORDER BY ts LIMIT ?",
        (channel, oldest, limit + 1),
    )
    found = [dict(row) for row in rows]
    return found[:limit], len(found) > limit


def _next_ts(db: sqlite3.Connection, channel: str) -> str:
    """Make a ts: the clock, or one tick after the channel's last message if the clock is not ahead of that.

    Whoever calls this holds SQLite's only write lock, so a greater ts is also a later commit.
    """
    last = db.execute("SELECT max(ts) FROM message WHERE channel = ?", (channel,)).fetchone()[0] or "0.000000"
    seconds, ticks = last.split(".")
    now = max(time.time_ns() // (1_000_000_000 // _TICKS), int(seconds) * _TICKS + int(ticks) + 1)
    return f"{now // _TICKS}.{now % _TICKS:06}"
