"""Serve the feed for the commands of the article, with an event every half second; print the port."""

from __future__ import annotations

import itertools
import sys
import time

from origin import Origin

origin = Origin(port=int(sys.argv[1]) if len(sys.argv) > 1 else 0)
print(origin.port, flush=True)
for number in itertools.count(1):
    origin.publish(f"event {number}")
    time.sleep(0.5)
