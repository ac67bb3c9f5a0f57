"""A job queue whose statistics are those of the morning, before anybody had worked on it."""

from __future__ import annotations

import psycopg

from engblog.lab.process import wait_until

JOBS = 50_000
LEFT = 20

# --8<-- [start:queue]
FILL = """
    CREATE TABLE jobs (id bigint PRIMARY KEY, state text NOT NULL, payload text NOT NULL);
    INSERT INTO jobs SELECT n, 'queued', repeat('x', 100) FROM generate_series(1, 50000) AS n;
    CREATE INDEX jobs_state ON jobs (state, id);
"""
WORK = "UPDATE jobs SET state = 'done' WHERE id % 2500 <> 0"  # all but 20
# --8<-- [end:queue]


def fill_queue(dsn: str, *, work: bool = True) -> None:
    """Fill the queue and ANALYZE it; then *work* it off and VACUUM, which leaves the statistics as they were.

    Each step has its own session and waits for its end, because sessions report their changes then.
    """
    for statement in (FILL, "VACUUM ANALYZE jobs", *((WORK, "VACUUM jobs") if work else ())):
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(statement.encode())
            session = connection.info.backend_pid
        _wait_for_the_end(dsn, session)


def _wait_for_the_end(dsn: str, session: int) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:

        def ended() -> bool:
            return connection.execute("SELECT FROM pg_stat_activity WHERE pid = %s", [session]).fetchone() is None

        wait_until(ended, seconds=30, what="the end of the session")
