"""Page tokens: a position in a list, bound to the query that it belongs to, and signed."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any


class BadTokenError(Exception):
    """The token is not ours, or belongs to another query. Answer 400, and say that the list starts again."""


# --8<-- [start:token]
def issue(position: list[Any], query: Mapping[str, str], keys: Mapping[str, bytes], key: str) -> str:
    """Return a token for the page after *position* of *query*: its filters, its order and whose list it is."""
    body = json.dumps(position).encode()
    return f"{key}.{_text(body)}.{_text(_seal(body, query, keys[key]))}"


def read(token: str, query: Mapping[str, str], keys: Mapping[str, bytes]) -> list[Any]:
    """Return the position in *token*, if one of our *keys* signed it for the same *query*."""
    try:
        key, body, seal = token.split(".")
        position = base64.urlsafe_b64decode(body)
        genuine = hmac.compare_digest(base64.urlsafe_b64decode(seal), _seal(position, query, keys[key]))
    except (ValueError, KeyError):
        raise BadTokenError from None
    if not genuine:
        raise BadTokenError
    return list(json.loads(position))


def _seal(body: bytes, query: Mapping[str, str], secret: bytes) -> bytes:
    bound = json.dumps(query, sort_keys=True).encode()
    return hmac.digest(secret, hashlib.sha256(bound).digest() + body, "sha256")


# --8<-- [end:token]


def _text(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode()
