"""As much of WebSockets (RFC 6455) as this lab needs: the handshake, and short frames from the server."""

from __future__ import annotations

import base64
import hashlib
import re

REQUEST = (
    b"GET /feed HTTP/1.1\r\nHost: lab\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
GOING_AWAY, RESTART, TRY_LATER = 1001, 1012, 1013
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEY = re.compile(rb"sec-websocket-key: *(\S+)", re.IGNORECASE)


def accept(request: bytes) -> bytes:
    """Make the answer to a client's handshake."""
    key = _KEY.search(request)
    if key is None:
        return b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    token = base64.b64encode(hashlib.sha1(key[1] + _GUID).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + token + b"\r\n\r\n"
    )


def text(message: str) -> bytes:
    """Make a text frame of the server, with at most 125 bytes."""
    return _frame(0x81, message.encode())


def close(code: int, reason: str = "") -> bytes:
    """Make a close frame of the server."""
    return _frame(0x88, code.to_bytes(2, "big") + reason.encode())


def closing(data: bytes) -> tuple[int, str] | None:
    """The code and the reason of the close frame that *data* ends with, or None."""
    at = data.rfind(b"\x88")
    if at < 0 or at + 4 > len(data) or at + 2 + data[at + 1] != len(data):
        return None
    return int.from_bytes(data[at + 2 : at + 4], "big"), data[at + 4 :].decode()


def _frame(kind: int, payload: bytes) -> bytes:
    assert len(payload) <= 125, "longer frames have a longer head"
    return bytes([kind, len(payload)]) + payload
