"""A process that says what its clocks read.

It takes commands on its standard input, ``read`` or ``suspend SECONDS``, and answers each with a line of JSON.
"""

from __future__ import annotations

import json
import sys
import time

from suspend import suspend

# --8<-- [start:clocks]
CLOCKS = ("CLOCK_REALTIME", "CLOCK_MONOTONIC", "CLOCK_BOOTTIME")


def read() -> dict[str, float]:
    """Read every clock, in seconds."""
    return {name: time.clock_gettime(getattr(time, name)) for name in CLOCKS}


# --8<-- [end:clocks]
def main() -> None:
    """Obey the commands until the input ends."""
    for line in sys.stdin:
        command, *seconds = line.split()
        if command == "suspend":
            suspend(int(seconds[0]))
        print(json.dumps(read()), flush=True)


if __name__ == "__main__":
    main()
