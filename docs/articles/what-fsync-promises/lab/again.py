"""A program whose first fsync fails: it tries again, and believes the second answer."""

import os
import sys

fd = os.open("ledger", os.O_WRONLY | os.O_CREAT, 0o600)
answers = []
os.write(fd, b"paid")
for _attempt in range(2):
    try:
        os.fsync(fd)
        answers.append("ok")
    except OSError as error:
        answers.append(str(error.strerror))
        if "rewrite" in sys.argv:
            os.pwrite(fd, b"paid", 0)
folder = os.open(".", os.O_RDONLY)
os.fsync(folder)
print(*answers, sep="; ")
