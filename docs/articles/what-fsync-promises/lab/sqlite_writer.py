"""A program that commits rows to the SQLite database ``app.db``, and prints when each commit returned."""

import sqlite3
import sys
import time

journal, synchronous, rows = sys.argv[1:]
db = sqlite3.connect("app.db", isolation_level=None)
db.execute(f"PRAGMA journal_mode = {journal}")
db.execute(f"PRAGMA synchronous = {synchronous}")
for number in range(int(rows)):
    db.execute("INSERT INTO t VALUES (?)", (number,))
    print(time.monotonic(), number, flush=True)
    time.sleep(0.001)
sys.stdout.flush()
time.sleep(60)  # closing the database would check the log in; the lab kills us instead
