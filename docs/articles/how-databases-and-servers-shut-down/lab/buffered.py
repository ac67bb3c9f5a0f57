"""Two lines for one file: one handed to the kernel, one still in this process."""

import os
import signal
import sys
import time
from pathlib import Path

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job starts with SIGINT ignored
# --8<-- [start:buffer]
with Path(sys.argv[1]).open("w") as file:
    os.write(file.fileno(), b"in the kernel\n")
    file.write("in the process\n")  # Python keeps it for now
    # --8<-- [end:buffer]
    print("ready", flush=True)
    while True:  # not pause(): a signal that comes just before it would be missed
        time.sleep(0.05)
