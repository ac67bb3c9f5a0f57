"""A peer whose loop sends back what it reads: stop the process, and only its kernel is left to answer."""

import select
import socket
import sys

listener = socket.create_server((sys.argv[1], 0), backlog=64)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)  # little room, so that a test fills it quickly
print(listener.getsockname()[1], flush=True)
watched = [listener]
while True:
    for ready in select.select(watched, [], [])[0]:
        if ready is listener:
            watched.append(listener.accept()[0])
        elif data := ready.recv(4096):
            ready.sendall(data)
        else:
            watched.remove(ready)
            ready.close()
