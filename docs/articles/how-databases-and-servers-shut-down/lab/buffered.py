"""Two lines for one file: one handed to the kernel, one still in this process."""

import os
import signal
import sys

# --8<-- [start:buffer]
with open(sys.argv[1], "w") as file:
    os.write(file.fileno(), b"in the kernel\n")
    file.write("in the process\n")  # Python keeps it until the buffer is full or the file is closed
    # --8<-- [end:buffer]
    print("ready", flush=True)
    signal.pause()
