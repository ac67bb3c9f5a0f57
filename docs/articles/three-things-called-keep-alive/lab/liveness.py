"""Who says that a connection is dead: the kernel by an error, or the program by a heartbeat."""

from __future__ import annotations

import errno
import fcntl
import select
import socket
import struct
import termios
import time


# --8<-- [start:heartbeat]
def heartbeat(sock: socket.socket, *, every: float, deadline: float) -> None:
    """Ask the peer's own code; raise TimeoutError when an answer is overdue."""
    sock.settimeout(deadline)
    while True:
        sock.sendall(b"ping\n")
        if not sock.recv(64):  # written by the peer's loop, not its kernel
            raise ConnectionError("closed by the peer")
        time.sleep(every)
        # --8<-- [end:heartbeat]


def established(sock: socket.socket) -> bool:
    """Tell whether the kernel still holds this connection for good."""
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == 1


def retransmissions(sock: socket.socket) -> int:
    """Return how often the oldest unacknowledged data has been sent again without an answer."""
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 3)[2]


def probes_out(sock: socket.socket) -> int:
    """Return how many keep-alive probes have gone unanswered so far."""
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 4)[3]


def unacknowledged(sock: socket.socket) -> int:
    """Return how many bytes the peer's kernel has yet to acknowledge (SIOCOUTQ)."""
    return int(struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, b"\0" * 4))[0])


def verdict(sock: socket.socket, *, within: float) -> str | None:
    """Wait until the kernel reports an error on *sock* and return its name; None after *within* seconds."""
    poll = select.poll()
    poll.register(sock, 0)  # errors and hang-ups are always reported
    if not poll.poll(within * 1000):
        return None
    return errno.errorcode.get(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), "closed")
