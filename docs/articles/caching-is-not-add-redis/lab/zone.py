"""A DNS zone that counts the questions it gets, and a question to any server: just enough of RFC 1035."""

from __future__ import annotations

import secrets
import socket
import struct
import threading
from dataclasses import dataclass

A, SOA, INTERNET = 1, 6, 1
NXDOMAIN = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said: its code, the addresses, and the TTL that it put on them (or on the SOA record)."""

    code: int
    addresses: tuple[str, ...]
    ttl: int | None


class Zone:
    """An authoritative server for one zone, ``example.``, over UDP.

    ``addresses`` maps names to ``(address, ttl)``. A name that is not in it does not exist; the answer then carries the
    zone's SOA record with ``soa_ttl`` and the field MINIMUM ``soa_minimum``, unless ``soa_ttl`` is None.
    """

    def __init__(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self.addresses: dict[str, tuple[str, int]] = {}
        self.soa_ttl: int | None = 3600
        self.soa_minimum = 3600
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join(10)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            message, sender = self._socket.recvfrom(4096)
            if not message:
                return
            name, end = _name(message, 12)
            self.asked.append(name)
            self._socket.sendto(self._answer(message, name, end + 4), sender)

    def _answer(self, message: bytes, name: str, end: int) -> bytes:
        question = message[12:end]
        found = self.addresses.get(name)
        answers = _record(b"\xc0\x0c", A, found[1], socket.inet_aton(found[0])) if found else b""
        authority = b"" if found or self.soa_ttl is None else self._soa()
        flags = 0x8400 | (0 if found else NXDOMAIN)
        counts = (1, int(bool(answers)), int(bool(authority)), 0)
        return message[:2] + struct.pack("!5H", flags, *counts) + question + answers + authority

    def _soa(self) -> bytes:
        zone = _wire("example")
        numbers = struct.pack("!5I", 1, 3600, 600, 86400, self.soa_minimum)
        return _record(zone, SOA, self.soa_ttl or 0, _wire("ns.example") + _wire("root.example") + numbers)


def ask(port: int, name: str) -> Reply:
    """Ask the server on *port* of 127.0.0.1 for the address of *name*."""
    ticket = secrets.token_bytes(2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(30)
        client.connect(("127.0.0.1", port))
        client.send(ticket + struct.pack("!5H", 0x0100, 1, 0, 0, 0) + _wire(name) + struct.pack("!2H", A, INTERNET))
        message = client.recv(4096)
    flags, _, answers, authorities, _ = struct.unpack("!5H", message[2:12])
    at = _name(message, 12)[1] + 4
    addresses, ttl = [], None
    for _ in range(answers + authorities):
        at = _name(message, at)[1]
        kind, _, ttl, size = struct.unpack("!2HIH", message[at : at + 10])
        if kind == A:
            addresses.append(socket.inet_ntoa(message[at + 10 : at + 14]))
        at += 10 + size
    return Reply(flags & 0xF, tuple(addresses), ttl)


def _record(owner: bytes, kind: int, ttl: int, data: bytes) -> bytes:
    return owner + struct.pack("!2HIH", kind, INTERNET, ttl, len(data)) + data


def _wire(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def _name(message: bytes, at: int) -> tuple[str, int]:
    """The name at *at* and the offset behind it."""
    labels, end = [], 0
    while size := message[at]:
        if size >= 0xC0:  # a pointer to an earlier name ends this one
            end = end or at + 2
            at = struct.unpack("!H", message[at : at + 2])[0] & 0x3FFF
            continue
        labels.append(message[at + 1 : at + 1 + size].decode())
        at += 1 + size
    return ".".join(labels).lower(), end or at + 1
