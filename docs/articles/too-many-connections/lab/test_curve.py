"""Throughput, time and wasted work, by the size of the pool."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import bench
import psycopg
import pytest
from engblog.lab.process import wait_until
from poolers import Stats, stats

CLIENTS = 32
SIZES = (1, 2, 4, 8, 16, 32)
HOLD = 0.1  # seconds that wait.pgbench.sql keeps a connection


@dataclass(frozen=True)
class Run:
    """What pgbench and PgBouncer say about one run."""

    outcome: bench.Outcome
    stats: Stats


Through = Callable[..., Run]


@pytest.fixture
def through(postgresql: Any, start_pooler: Callable[..., Any]) -> Through:
    """Run a script of pgbench through a PgBouncer whose pool has some size and is open."""

    def run(size: int, script: str, *, clients: int = CLIENTS, each: int, **variables: str) -> Run:
        pooler = start_pooler(postgresql, pool_mode="transaction", default_pool_size=size, max_client_conn=200)
        with contextlib.ExitStack() as stack:  # open the pool's connections: one transaction in each
            for _ in range(size):
                stack.enter_context(psycopg.connect(pooler.dsn)).execute("SELECT 1")
        before = stats(pooler)
        outcome = bench.run(postgresql, pooler.port, script, clients=clients, each=each, **variables)
        seen = Run(outcome, stats(pooler) - before)
        pooler.stop()
        return seen

    return run


@pytest.mark.fails_when("the pool has 32 connections", assertion="rate <= 4 / HOLD", size=32)
def test_a_pool_sets_a_ceiling(through: Through, record: Any, size: int = 4) -> None:
    """Four connections that are each held for 100 ms serve at most 40 transactions a second, for 32 clients."""
    rate = through(size, "wait.pgbench.sql", each=2).outcome.rate
    record.number("ceiling", rate, note="transactions a second, 32 clients, pool of 4, 100 ms each")
    assert rate <= 4 / HOLD


def test_busy_connections_are_rate_times_hold(
    postgresql: Any, db: psycopg.Connection[Any], record: Any, start_pooler: Callable[..., Any]
) -> None:
    """The number of busy sessions, sampled, is the rate times the hold, with 30% of tolerance for a short run."""
    pooler = start_pooler(postgresql, pool_mode="transaction", default_pool_size=20)
    samples: list[int] = []
    command = [postgresql.program("pgbench"), "-n", "-c", "20", "-T", "3", "-R", "40", "-h", "127.0.0.1"]
    command += ["-p", str(pooler.port), "-U", "postgres", "-f", str(Path(__file__).with_name("wait.pgbench.sql"))]
    load = subprocess.Popen([*command, "postgres"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _busy(db) > 0 or load.poll() is not None, seconds=60, what="the load to begin")
        start, (begun,) = stats(pooler), db.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone() or (0,)
        while load.poll() is None:
            samples.append(_busy(db))
            db.execute("SELECT pg_sleep(0.01)")
        end, (ended,) = stats(pooler), db.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone() or (0,)
    finally:
        load.wait()
    counted = end - start
    rate, hold = counted.transactions / float(ended - begun), counted.served / counted.transactions
    busy = sum(samples) / len(samples)
    record.number("little_rate", rate, note="transactions a second, counted by PgBouncer")
    record.number("little_hold", hold * 1000, unit="ms", note="mean time of a transaction on its connection")
    record.number("little_product", rate * hold, note="rate times hold")
    record.number("little_busy", busy, note="mean number of active sessions, sampled in pg_stat_activity")
    assert abs(busy - rate * hold) < 0.3 * rate * hold


def _busy(db: psycopg.Connection[Any]) -> int:
    row = db.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    ).fetchone()
    assert row
    return int(row[0])


@pytest.mark.fails_when("there are only two clients", assertion="share[2] < 0.5 * share[32]", clients=2)
def test_a_bigger_pool_moves_the_queue_into_the_server(through: Through, record: Any, clients: int = CLIENTS) -> None:
    """Of the time of 32 clients' queries, a smaller share is spent in the server with a pool of 2 than with 32."""
    where = record.chart(
        "where",
        title="Where a query of 32 clients spends its time",
        x="connections in the pool",
        y="ms a query",
        x_scale="log",
        note="32 clients of pgbench, queries that only compute; PgBouncer's counters; one run a point",
    )
    share, inside = {}, {}
    for size in SIZES:
        run = through(size, "think.pgbench.sql", clients=clients, each=5)
        inside[size], queued = (total / run.stats.transactions for total in (run.stats.served, run.stats.waited))
        share[size] = inside[size] / (inside[size] + queued)
        where.point("in the server", size, inside[size] * 1000)
        where.point("in the pool's queue", size, queued * 1000)
        record.number(f"rate_{size}", run.outcome.rate, note=f"queries a second, 32 clients, pool of {size}")
        record.number(f"share_{size}", share[size] * 100, unit="%", note=f"of a query's time, pool of {size}")
    record.number("slower", inside[32] / inside[2], digits=2, note="time in the server, pool of 32, over that of 2")
    assert share[2] < 0.5 * share[32]


@pytest.mark.fails_when("the pool has two connections", assertion="max(counts) > 8", size=2)
def test_every_busy_connection_wants_a_core(
    postgresql: Any, db: psycopg.Connection[Any], start_pooler: Callable[..., Any], record: Any, size: int = 32
) -> None:
    """With 32 connections that compute, more than eight processes of the server are runnable at once."""
    pooler = start_pooler(postgresql, pool_mode="transaction", default_pool_size=size)
    load = Thread(
        target=bench.run, args=[postgresql, pooler.port, "think.pgbench.sql"], kwargs={"clients": CLIENTS, "each": 5}
    )
    load.start()
    counts = []
    while load.is_alive():
        pids = [pid for (pid,) in db.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")]
        counts.append(sum(_runnable(pid) for pid in pids))
    record.samples("runnable", counts, note="processes of the server that ran or were ready to run, by sample")
    assert max(counts) > 8


def _runnable(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2][0] == "R"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.fails_when("they are READ COMMITTED", assertion="tries[32] > 2 * tries[2]", isolation="READ COMMITTED")
def test_a_bigger_pool_does_the_same_work_more_often(
    through: Through, db: psycopg.Connection[Any], record: Any, isolation: str = "REPEATABLE READ"
) -> None:
    """Deposits on 4 accounts, REPEATABLE READ: no retries with a pool of 1, over twice the tries with 32 as with 2."""
    commits = record.chart(
        "commits",
        title="Deposits of 32 clients on 4 accounts",
        x="connections in the pool",
        y="commits a second",
        x_scale="log",
        note="32 clients of pgbench, REPEATABLE READ, what fails is repeated; one run a point",
    )
    tries = {}
    for size in SIZES:
        db.execute("UPDATE accounts SET balance = 0")
        run = through(size, "deposit.pgbench.sql", each=8, isolation=isolation).outcome
        tries[size] = run.tries_per_commit
        commits.point("committed", size, run.rate)
        commits.point("begun", size, run.rate * run.tries_per_commit)
        record.number(f"tries_{size}", run.tries_per_commit, note=f"transactions begun for a commit, pool of {size}")
        record.number(f"commits_{size}", run.rate, note=f"commits a second, pool of {size}")
        (sum_of_balances,) = db.execute("SELECT sum(balance) FROM accounts").fetchone() or (0,)
        assert sum_of_balances == run.committed == CLIENTS * 8
    assert tries[1] == 1
    assert tries[32] > 2 * tries[2]
    assert tries[32] > 2


@pytest.mark.fails_when("they are REPEATABLE READ", assertion="tries == 1", isolation="REPEATABLE READ")
def test_read_committed_repeats_nothing(through: Through, isolation: str = "READ COMMITTED") -> None:
    """The same deposits at READ COMMITTED, with a pool of 32, take one attempt for each commit."""
    tries = through(32, "deposit.pgbench.sql", each=2, isolation=isolation).outcome.tries_per_commit
    assert tries == 1
