"""A request that can be repeated: the key, the effect and the answer are one transaction."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import psycopg

CREATED, UNPROCESSABLE = 201, 422


# --8<-- [start:charge]
def charge_once(db: psycopg.Connection[Any], customer: str, key: str, body: bytes) -> tuple[int, str]:
    """Charge for the first request with this key; answer every later one with the first one's answer."""
    fingerprint = hashlib.sha256(body).digest()
    with db.transaction():
        new = db.execute(
            "INSERT INTO requests (customer, key, body_hash) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (customer, key, fingerprint),
        )  # a concurrent duplicate waits here until the first one commits or rolls back
        if new.rowcount == 0:
            first = "SELECT body_hash, status, response FROM requests WHERE customer = %s AND key = %s"
            row = db.execute(first, (customer, key)).fetchone()
            assert row is not None
            same = bytes(row[0]) == fingerprint
            return (row[1], row[2]) if same else (UNPROCESSABLE, "this key was used for another request")
        response = charge(db, body)
        db.execute(
            "UPDATE requests SET status = %s, response = %s WHERE customer = %s AND key = %s",
            (CREATED, response, customer, key),
        )
        return CREATED, response
    # --8<-- [end:charge]


def charge(db: psycopg.Connection[Any], body: bytes) -> str:
    """Take the money, without a commit; return the answer's text, which names the charge."""
    wanted = json.loads(body)
    made = db.execute(
        "INSERT INTO charges (order_id, cents) VALUES (%s, %s) RETURNING id", (wanted["order"], wanted["cents"])
    ).fetchone()
    assert made is not None
    return json.dumps({"charge": made[0], "order": wanted["order"]})
