"""A server that prints a line for each request and answers 503, or hangs up: ``python3 flaky.py PORT [hang-up]``."""

import socketserver
import sys


class Refusal(socketserver.StreamRequestHandler):
    """Reads a request and refuses it."""

    def handle(self) -> None:
        """Read up to the empty line, and print."""
        while self.rfile.readline() not in (b"\r\n", b""):
            pass
        print("a request", flush=True)
        if "hang-up" not in sys.argv:
            self.wfile.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


socketserver.TCPServer.allow_reuse_address = True
with socketserver.TCPServer(("127.0.0.1", int(sys.argv[1])), Refusal) as server:
    print("port", server.server_address[1], flush=True)
    server.serve_forever()
