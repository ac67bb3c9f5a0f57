"""Runs a command where a stranger's code can do little: ``python isolated.py [--network] [--user UID] -- COMMAND…``.

With ``--network``, it has no network but loopback, in a separate network namespace. With ``--user``, it runs as that
account, without any groups and with no way to get other rights. If one of these is impossible, nothing runs, and the
exit status is :data:`IMPOSSIBLE`.

A program by itself: it starts before anything of the lab, and imports nothing of ours.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

IMPOSSIBLE = 97
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET (sched.h)
_GET_FLAGS, _SET_FLAGS = 0x8913, 0x8914  # SIOCGIFFLAGS, SIOCSIFFLAGS (netdevice(7))
_UP = 1  # IFF_UP
_NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS (prctl(2))


def main(arguments: list[str]) -> int:
    """Replace this process with the command; return :data:`IMPOSSIBLE` if it cannot be isolated."""
    end = arguments.index("--")
    options, command = arguments[:end], arguments[end + 1 :]
    try:
        if "--network" in options:
            _leave_network()
        if "--user" in options:
            _become(int(options[options.index("--user") + 1]))
        os.execvp(command[0], command)  # noqa: S606  (no shell is wanted)
    except OSError as error:
        print(f"isolated: {error}", file=sys.stderr)
    return IMPOSSIBLE


def _leave_network() -> None:
    """Enter a new network, and set up its loopback."""
    uid, gid = os.geteuid(), os.getegid()
    _call("unshare", _NEW_NETWORK if uid == 0 else _NEW_USER | _NEW_NETWORK)
    if uid:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        name = struct.pack("16sh", b"lo", 0)
        flags = struct.unpack("16sh", fcntl.ioctl(any_socket, _GET_FLAGS, name))[1]
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh", b"lo", flags | _UP))


def _become(uid: int) -> None:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    _call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def _call(name: str, *arguments: int) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
