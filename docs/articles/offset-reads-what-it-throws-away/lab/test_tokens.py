"""Page tokens that clients change, send to another list, read, or keep for too long."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

import pytest

from .cursors import BadTokenError, issue, read

KEYS = {"2026-11": b"a secret of the lab", "2026-10": b"an older secret of the lab"}
MINE = {"tenant": "7", "status": "open", "order": "placed_at desc, id desc"}
POSITION = ["2026-01-02T17:40:00.123456Z", 10_001]
BIG = 2**53 + 1


def refused(token: str, query: dict[str, str] = MINE, keys: dict[str, bytes] = KEYS) -> bool:
    """True if the token is not accepted for that query."""
    try:
        read(token, query, keys)
    except BadTokenError:
        return True
    return False


def unsigned(token: str) -> list[object]:
    """The position of a token whose seal is not looked at."""
    _, body, _ = token.split(".")
    return list(json.loads(base64.urlsafe_b64decode(body)))


@pytest.mark.fails_when("the id passes through a double", assertion="position == [POSITION[0], BIG]", number=float)
def test_a_token_returns_the_position_unchanged(number: Callable[[int], float] = int) -> None:
    """A token returns a position with all its digits, even an id of 2⁵³ + 1."""
    position = read(issue([POSITION[0], number(BIG)], MINE, KEYS, "2026-11"), MINE, KEYS)
    assert position == [POSITION[0], BIG]


@pytest.mark.fails_when("signatures are not compared", assertion="refused(forged)", compare=lambda *_: True)
def test_a_changed_token_is_refused(
    monkeypatch: pytest.MonkeyPatch, compare: Callable[[bytes, bytes], bool] = hmac.compare_digest
) -> None:
    """A token with another position under the old signature is refused, and so is text that isn't a token."""
    key, body, seal = issue(POSITION, MINE, KEYS, "2026-11").split(".")
    changed = json.dumps([POSITION[0], 1]).encode()
    forged = f"{key}.{base64.urlsafe_b64encode(changed).decode()}.{seal}"
    monkeypatch.setattr("hmac.compare_digest", compare)
    assert unsigned(forged) == [POSITION[0], 1]
    assert refused(forged)
    nonsense = ("", "..", "a.b.c", "é.é.é", f"{key}.{body}.", f"{key}..{seal}", f"2026-10.{body}.{seal}")
    too_deep = base64.urlsafe_b64encode(b"[" * 100_000).decode()  # the parser would give up with a RecursionError
    assert all(refused(text) for text in (*nonsense, f"{key}.{too_deep}.{seal}"))


@pytest.mark.fails_when("the signature leaves the query out", assertion="refused(token, signed)", covered=False)
def test_a_token_of_another_list_is_refused(covered: bool = True) -> None:
    """A token for one tenant, filter or order is refused with another one."""
    token = issue(POSITION, MINE if covered else {}, KEYS, "2026-11")
    for change in ({"tenant": "8"}, {"status": "paid"}, {"order": "priority desc, id"}):
        signed = {**MINE, **change} if covered else {}
        assert refused(token, signed)


@pytest.mark.fails_when("the position is encrypted", assertion="seen == POSITION", encrypted=True)
def test_a_token_is_signed_and_not_secret(encrypted: bool = False) -> None:
    """Anyone can read the position in a signed token without a key."""
    token = issue(POSITION, MINE, KEYS, "2026-11")
    if encrypted:
        key, body, seal = token.split(".")
        plain = base64.urlsafe_b64decode(body)
        pad = hashlib.shake_256(KEYS[key]).digest(len(plain))
        hidden = bytes(one ^ other for one, other in zip(plain, pad, strict=True))
        token = f"{key}.{base64.urlsafe_b64encode(hidden).decode()}.{seal}"
    try:
        seen = unsigned(token)
    except ValueError:
        seen = []
    assert seen == POSITION


@pytest.mark.fails_when("the old key is kept", assertion="refused(token, keys=left)", withdrawn="2026-11")
def test_a_key_can_be_replaced(withdrawn: str = "2026-10") -> None:
    """A token of the old key is accepted beside one of the new key, until the old key is withdrawn."""
    token = issue(POSITION, MINE, KEYS, "2026-10")
    assert read(token, MINE, KEYS) == POSITION
    assert read(issue(POSITION, MINE, KEYS, "2026-11"), MINE, KEYS) == POSITION
    left = {name: secret for name, secret in KEYS.items() if name != withdrawn}
    assert refused(token, keys=left)
