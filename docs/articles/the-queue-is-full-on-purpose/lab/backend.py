"""An HTTP server that does one request at a time and counts them."""

from __future__ import annotations

import contextlib
import socket
import threading


class Backend:
    """Answers after :meth:`go`, and not before."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.paths: list[str] = []
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def go(self) -> None:
        """Answer from now on."""
        self._open.set()

    def close(self) -> None:
        """Take no more connections."""
        self._open.set()
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._thread.join(10)
        self.listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client:
                head = b""
                while b"\r\n\r\n" not in head and (part := client.recv(4096)):
                    head += part
                if head:
                    self.paths.append(head.split()[1].decode())
                    self._open.wait()
                    with contextlib.suppress(OSError):  # the client may have gone
                        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n")
