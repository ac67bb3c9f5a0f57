"""A lease in a table: who may say that it has expired?"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import psycopg
import pytest

from .fake_clock import FakeClock

LEASE = 5
TABLE = """
DROP TABLE IF EXISTS lease;
CREATE TABLE lease (holder text, expires_at timestamptz, renewals int);
INSERT INTO lease VALUES ('a', now() + interval '{lease} s', 0)
"""
RENEW = "UPDATE lease SET renewals = renewals + 1, expires_at = now() + interval '{lease} s'"


@contextmanager
def renewing(dsn: str, lease: int) -> Iterator[None]:
    """Renew the lease four times a second, as its holder does."""
    done = threading.Event()

    def renew() -> None:
        with psycopg.connect(dsn, autocommit=True) as db:
            while not done.wait(0.25):
                db.execute(RENEW.format(lease=lease))

    thread = threading.Thread(target=renew)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def candidate(clock: FakeClock, dsn: str, method: str) -> str:
    """Let a candidate under *clock* try for twice the lease's time, and return what it says."""
    program = str(Path(__file__).with_name("candidate.py"))
    command = [sys.executable, program, dsn, method, str(LEASE), str(2 * LEASE)]
    environment = {**os.environ, **clock.environment()}
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


@pytest.mark.fails_when("it watches the lease", assertion="said == ", method="observation")
@pytest.mark.fails_when("its clock is right", assertion="said == ", ahead=0)
def test_a_fast_clock_takes_a_lease_that_is_renewed(
    postgresql: Any,
    db: psycopg.Connection[Any],
    new_clock: Callable[[], FakeClock],
    method: str = "expiry",
    ahead: float = 90,
) -> None:
    """A candidate whose clock is 90 seconds ahead takes a lease of five seconds that its holder keeps renewing."""
    clock = new_clock()
    clock.set(ahead)
    db.execute(TABLE.format(lease=LEASE))
    with renewing(postgresql.dsn, LEASE):
        said = candidate(clock, postgresql.dsn, method)
    assert said == "takes it"


@pytest.mark.fails_when("the lease is renewed", assertion="said == ", alive=True)
@pytest.mark.fails_when("it believes the timestamp", assertion="said == ", method="expiry")
def test_an_observer_takes_a_lease_that_nobody_renews(
    postgresql: Any,
    db: psycopg.Connection[Any],
    new_clock: Callable[[], FakeClock],
    method: str = "observation",
    alive: bool = False,
) -> None:
    """A candidate that watches a lease takes it if nobody renews it, although its own clock is an hour behind."""
    clock = new_clock()
    clock.set(-3600)
    db.execute(TABLE.format(lease=LEASE))
    with renewing(postgresql.dsn, LEASE) if alive else nullcontext():
        said = candidate(clock, postgresql.dsn, method)
    assert said == "takes it"
