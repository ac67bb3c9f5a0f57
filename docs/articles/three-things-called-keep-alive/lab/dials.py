"""The dials that Linux has for one connection."""

import socket


# --8<-- [start:dials]
def keep_alive(sock: socket.socket, *, idle: int, every: int, probes: int) -> None:
    """Let the kernel probe the peer's kernel. Both times are whole seconds."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, idle)  # before the first
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, every)  # between probes
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, probes)  # lost ones


def give_up_after(sock: socket.socket, seconds: float) -> None:
    """Let the kernel end a connection whose data stays unacknowledged."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(seconds * 1000))
    # --8<-- [end:dials]


# --8<-- [start:both]
def watch_the_path(sock: socket.socket, *, idle: int, every: int, probes: int) -> None:
    """Bound the silence of a connection, whether it is quiet or has data in flight."""
    keep_alive(sock, idle=idle, every=every, probes=probes)
    give_up_after(sock, idle + every * probes)
    # --8<-- [end:both]
