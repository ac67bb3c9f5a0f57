"""Refuse every signal that the kernel lets a process refuse, say which it did not, and wait."""

import json
import signal

refused = []
ALL = signal.valid_signals()
# --8<-- [start:refuse]
for number in ALL:
    try:
        signal.signal(number, signal.SIG_IGN)  # sigaction(2)
    except OSError as error:
        refused.append([signal.Signals(number).name, error.strerror])

signal.pthread_sigmask(signal.SIG_BLOCK, ALL)  # hold back the rest
# --8<-- [end:refuse]
blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [])
free = ALL - blocked
print(json.dumps({"refused": refused, "free": sorted(signal.Signals(n).name for n in free)}), flush=True)
while True:
    signal.pause()
