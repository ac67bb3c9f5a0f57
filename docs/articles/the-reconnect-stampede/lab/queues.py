"""What the kernel says about a listening socket and about a connection."""

from __future__ import annotations

import socket
import struct

_SO_MEMINFO, _SK_MEMINFO_DROPS = 55, 8
ESTABLISHED, SYN_SENT = 1, 2


def drops(listener: socket.socket) -> int:
    """How many packets the kernel has dropped at *listener*: the number after `d` in `ss -ltm`."""
    counters = struct.unpack("9I", listener.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, 36))
    return counters[_SK_MEMINFO_DROPS]


def accept_queue(listener: socket.socket) -> tuple[int, int]:
    """How many connections wait in the accept queue, and its limit: Recv-Q and Send-Q of `ss -lt`."""
    waiting, limit = struct.unpack("2I", listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 32)[24:32])
    return waiting, limit


def state(sock: socket.socket) -> int:
    """The state of a connection, as this side sees it."""
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]


def repeats(sock: socket.socket) -> int:
    """Count the packets that the kernel has sent again on this connection: SYNs at first, then what was to be sent."""
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    return int(struct.unpack("I", info[100:104])[0])
