"""A program that replaces the file ``settings``, with as much care as its arguments say."""

import os
import sys
from pathlib import Path

care = set(sys.argv[1:])

# --8<-- [start:save]
fd = os.open("settings.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
os.write(fd, b"new" * 1000)
if "file" in care:
    os.fsync(fd)
os.close(fd)
Path("settings.new").rename("settings")
if "folder" in care:
    folder = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(folder)
    os.close(folder)
# --8<-- [end:save]
