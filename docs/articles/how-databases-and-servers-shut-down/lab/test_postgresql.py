"""PostgreSQL's three ways to stop, each asked for by a signal."""

import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from engblog.lab.process import find_program, wait_until
from engblog.lab.record import Recorder
from engblog.lab.servers import PostgreSQL
from kubelet import running, stop

Start = Any
ROWS = 200_000
LOAD = f"CREATE TABLE event AS SELECT id, repeat('x', 100) FROM generate_series(1, {ROWS}) AS id"


def connect(server: PostgreSQL, *, autocommit: bool = True) -> psycopg.Connection[Any]:
    """Open a session."""
    return psycopg.connect(server.dsn, autocommit=autocommit)


def refused(server: PostgreSQL) -> str:
    """Why *server* refuses a new session; empty when it does not."""
    try:
        connect(server).close()
    except psycopg.OperationalError as error:
        return str(error)
    return ""


def one(server: PostgreSQL, query: str) -> Any:
    """The only value of a query, in a session of its own."""
    with connect(server) as session:
        row = session.execute(query).fetchone()
    assert row is not None
    return row[0]


def log_since(server: PostgreSQL, before: str) -> str:
    """What *server* has logged since its log was *before*."""
    return server.log.removeprefix(before)


def cluster_state(server: PostgreSQL) -> str:
    """What the control file of a stopped cluster says about how it was stopped."""
    folders = [str(path) for path in Path("/usr/lib/postgresql").glob(f"{server.version.split('.')[0]}/bin")]
    program = find_program("pg_controldata", *folders, package="postgresql")
    told = subprocess.run([program, "-D", str(server.data)], capture_output=True, text=True, check=True).stdout
    states = re.findall(r"^Database cluster state:\s+(.*)$", told, re.MULTILINE)
    return str(states[0])


def test_smart_waits_for_the_last_session(start_postgresql: Start) -> None:
    """After SIGTERM PostgreSQL refuses new sessions, serves the open one, and ends only when that one does."""
    server: PostgreSQL = start_postgresql()
    session = connect(server)
    session.execute("CREATE TABLE event (id int)")

    server.send(signal.SIGTERM)
    wait_until(lambda: "the database system is shutting down" in refused(server), seconds=30, what="a refusal")

    session.execute("INSERT INTO event VALUES (1)")
    assert server.running
    session.close()
    assert server.wait() == 0
    assert "received smart shutdown request" in server.log
    assert server.log.rstrip().endswith("database system is shut down")
    assert cluster_state(server) == "shut down"


def test_one_idle_session_turns_a_polite_stop_into_a_crash(start_postgresql: Start) -> None:
    """One idle session outlasts SIGTERM and the grace period; after SIGKILL the next start has to recover."""
    server: PostgreSQL = start_postgresql()
    idle = connect(server)
    idle.execute("CREATE TABLE event AS SELECT generate_series(1, 1000) AS id")
    family = psutil.Process(server.pid).children(recursive=True)

    ending = stop(running(server), grace=2)

    assert ending.killed
    psutil.wait_procs(family, timeout=30)  # in a container they die with process 1
    idle.close()
    before = server.log
    server.start()
    recovery = log_since(server, before)
    assert "database system was interrupted; last known up at" in recovery
    assert "database system was not properly shut down; automatic recovery in progress" in recovery
    assert one(server, "SELECT count(*) FROM event") == 1000


@pytest.mark.parametrize(
    ("number", "mode"), [(signal.SIGINT, "fast"), (signal.SIGQUIT, "immediate")], ids=["fast", "immediate"]
)
def test_a_hanging_smart_shutdown_can_be_overtaken(number: signal.Signals, mode: str, start_postgresql: Start) -> None:
    """SIGINT or SIGQUIT after SIGTERM turns the smart shutdown that waits into a fast or immediate one that ends."""
    server: PostgreSQL = start_postgresql()
    with connect(server):
        server.send(signal.SIGTERM)
        wait_until(lambda: "smart shutdown" in server.log, seconds=30, what="the smart shutdown")

        server.send(number)

        assert server.wait() == 0
    assert server.log.index("smart shutdown") < server.log.index(f"received {mode} shutdown request")


def test_fast_ends_sessions_and_keeps_what_was_committed(start_postgresql: Start) -> None:
    """SIGINT ends every session, rolls back what was open, and the next start has nothing to recover."""
    server: PostgreSQL = start_postgresql()
    session = connect(server)
    session.execute("CREATE TABLE event AS SELECT generate_series(1, 1000) AS id")
    session.autocommit = False
    session.execute("INSERT INTO event VALUES (1001)")  # never committed

    server.send(signal.SIGINT)

    assert server.wait() == 0
    with session, pytest.raises(psycopg.errors.AdminShutdown):
        session.execute("SELECT 1")
    assert server.log.rstrip().endswith("database system is shut down")
    assert cluster_state(server) == "shut down"
    before = server.log
    server.start()
    assert "database system was shut down at" in log_since(server, before)
    assert "recovery" not in log_since(server, before)
    assert one(server, "SELECT count(*) FROM event") == 1000


def test_immediate_leaves_the_work_to_crash_recovery(start_postgresql: Start, record: Recorder) -> None:
    """SIGQUIT stops without a checkpoint; the next start replays the log and finds every committed row."""
    server: PostgreSQL = start_postgresql(max_wal_size="4GB", checkpoint_timeout="1h")
    session = connect(server)
    session.execute(LOAD)
    session.autocommit = False
    session.execute("INSERT INTO event VALUES (0)")  # never committed

    server.send(signal.SIGQUIT)

    assert server.wait() == 0  # neither the status
    with session, pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    assert server.log.rstrip().endswith("database system is shut down")  # nor the last line
    assert cluster_state(server) == "in production"  # but the control file tells
    before = server.log
    server.start()
    recovery = log_since(server, before)
    assert "database system was interrupted; last known up at" in recovery
    assert "database system was not properly shut down; automatic recovery in progress" in recovery
    replayed = wal_bytes(recovery)
    assert replayed > 20 << 20
    assert one(server, "SELECT count(*) FROM event") == ROWS
    record.number("loaded_rows", ROWS, note="rows loaded before the stop")
    record.number("replayed", replayed / (1 << 20), unit="MiB", note="log replayed after SIGQUIT, 200,000 rows")


def wal_bytes(log: str) -> int:
    """How much of the write-ahead log a recovery replayed, from its own two log lines."""
    places = [re.search(rf"redo {word} at ([0-9A-F]+)/([0-9A-F]+)", log) for word in ("starts", "done")]
    begin, end = ((int(place[1], 16) << 32) + int(place[2], 16) for place in places if place)
    return end - begin


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
def test_immediate_loses_commits_that_did_not_wait(
    number: signal.Signals, start_postgresql: Start, record: Recorder
) -> None:
    """With synchronous_commit off, a fast stop keeps every commit and an immediate one loses the latest."""
    server: PostgreSQL = start_postgresql(wal_writer_delay="10s")
    with connect(server) as session:
        session.execute("CREATE TABLE event (id int)")
        session.execute("SET synchronous_commit = off")
        for row in range(1000):
            session.execute("INSERT INTO event VALUES (%s)", [row])
        server.send(number)
        server.wait()

    server.start()
    kept = int(one(server, "SELECT count(*) FROM event"))
    if number == signal.SIGINT:
        assert kept == 1000
    else:
        assert kept < 1000
        record.number("async_kept", kept, note="of 1,000 commits without waiting, kept after SIGQUIT")


@pytest.mark.parametrize(
    ("number", "rows", "counted"), [(signal.SIGINT, 1000, 1000), (signal.SIGQUIT, 0, 0)], ids=["fast", "immediate"]
)
def test_immediate_empties_unlogged_tables(
    number: signal.Signals, rows: int, counted: int, start_postgresql: Start
) -> None:
    """Rows of an unlogged table and the statistics counters survive a fast shutdown and not an immediate one."""
    server: PostgreSQL = start_postgresql()
    with connect(server) as session:
        session.execute("CREATE UNLOGGED TABLE hit AS SELECT generate_series(1, 1000) AS id")
        session.execute("CREATE TABLE event (id int)")
        session.execute("INSERT INTO event SELECT generate_series(1, 1000)")
    wait_until(lambda: one(server, INSERTED) == 1000, seconds=30, what="the counters")

    server.send(number)
    server.wait()
    server.start()

    assert one(server, "SELECT count(*) FROM hit") == rows
    assert one(server, INSERTED) == counted
    assert one(server, "SELECT count(*) FROM event") == 1000


INSERTED = "SELECT coalesce(sum(n_tup_ins), 0)::int FROM pg_stat_user_tables WHERE relname = 'event'"


def test_a_checkpoint_beforehand_makes_the_last_one_short(start_postgresql: Start, record: Recorder) -> None:
    """A fast shutdown ends with a checkpoint of all that is dirty; a CHECKPOINT just before leaves it little."""
    written = {}
    for name in ("unprepared", "prepared"):
        server: PostgreSQL = start_postgresql(shared_buffers="256MB", max_wal_size="4GB", checkpoint_timeout="1h")
        with connect(server) as session:
            session.execute(LOAD)
            if name == "prepared":
                session.execute("CHECKPOINT")
        server.send(signal.SIGINT)
        assert server.wait() == 0
        last = re.findall(r"checkpoint complete: wrote (\d+) buffers", server.log)[-1]
        written[name] = int(last)
        record.number(f"{name}_buffers", written[name], note="8 KiB buffers written by the shutdown checkpoint")

    assert written["unprepared"] > 10 * written["prepared"]
