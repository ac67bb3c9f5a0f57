"""PostgreSQL's three ways to stop, each asked for by a signal."""

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psutil
import psycopg
import pytest
from engblog.lab.process import wait_until
from engblog.lab.record import Recorder
from engblog.lab.servers import PostgreSQL
from kubelet import ended, running, stop
from standby import halted, pair

Start = Any
ROWS = 100_000
STRONGER = {signal.SIGINT: "fast", signal.SIGQUIT: "immediate"}
LOAD = f"CREATE TABLE event AS SELECT id, repeat('x', 100) FROM generate_series(1, {ROWS}) AS id"


@pytest.fixture(scope="module")
def cluster(start_postgresql: Start) -> PostgreSQL:
    """One cluster for most of the tests: making it costs more than starting it."""
    server: PostgreSQL = start_postgresql()
    return server


@pytest.fixture
def launch(cluster: PostgreSQL) -> Iterator[Start]:
    """``launch(fsync="off")`` starts the cluster, emptied, with these settings."""

    def start(**settings: str) -> PostgreSQL:
        cluster.stop()
        cluster.settings = dict(settings)
        cluster.start()
        with connect(cluster) as session:
            session.execute("DROP SCHEMA public CASCADE")
            session.execute("CREATE SCHEMA public")
        return cluster

    yield start
    cluster.stop()


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
    program = server.program("pg_controldata")
    told = subprocess.run([program, "-D", str(server.data)], capture_output=True, text=True, check=True).stdout
    states = re.findall(r"^Database cluster state:\s+(.*)$", told, re.MULTILINE)
    return str(states[0])


@pytest.mark.fails_when("the signal is SIGINT", assertion="not ended", number=signal.SIGINT)
def test_smart_waits_for_the_last_session(launch: Start, number: signal.Signals = signal.SIGTERM) -> None:
    """After SIGTERM PostgreSQL refuses new sessions, lets an open one work and commit, and ends only when that one
    does."""
    server: PostgreSQL = launch()
    before = server.log
    with closing(connect(server)) as session:
        session.execute("CREATE TABLE event (id int)")

        server.send(number)

        assert not ended(running(server), within=3)
        assert "the database system is shutting down" in refused(server)
        session.execute("INSERT INTO event VALUES (1)")
        assert server.running
    assert server.wait() == 0
    assert "received smart shutdown request" in log_since(server, before)
    assert server.log.rstrip().endswith("database system is shut down")
    assert cluster_state(server) == "shut down"
    server.start()
    assert one(server, "SELECT count(*) FROM event") == 1


@pytest.mark.fails_when("the first signal is SIGINT", assertion="ending.killed", number=signal.SIGINT)
def test_one_idle_session_turns_a_polite_stop_into_a_crash(
    launch: Start, number: signal.Signals = signal.SIGTERM
) -> None:
    """With one idle session open, PostgreSQL outlasts SIGTERM and the grace period; after the SIGKILL the next start
    has to recover."""
    server: PostgreSQL = launch()
    with closing(connect(server)) as idle:
        idle.execute("CREATE TABLE event AS SELECT generate_series(1, 1000) AS id")
        family = psutil.Process(server.pid).children(recursive=True)

        ending = stop(running(server), grace=5, number=number)

        assert ending.killed
        psutil.wait_procs(family, timeout=30)  # in a container they die with process 1
    before = server.log
    server.start()
    recovery = log_since(server, before)
    assert "database system was interrupted; last known up at" in recovery
    assert "database system was not properly shut down; automatic recovery in progress" in recovery
    assert one(server, "SELECT count(*) FROM event") == 1000


@pytest.mark.fails_when(
    "the second signal is another SIGTERM", assertion="within=20", stronger={signal.SIGTERM: "none"}
)
def test_a_hanging_smart_shutdown_can_be_overtaken(
    launch: Start, stronger: dict[signal.Signals, str] = STRONGER
) -> None:
    """SIGINT or SIGQUIT ends a PostgreSQL that has been waiting for its sessions since SIGTERM."""
    server: PostgreSQL = launch()
    for number, mode in stronger.items():
        before = server.log
        with closing(connect(server)):
            server.send(signal.SIGTERM)
            assert not ended(running(server), within=1)

            server.send(number)

            assert ended(running(server), within=20)
        assert server.wait() == 0
        said = log_since(server, before)
        assert said.index("received smart shutdown request") < said.index(f"received {mode} shutdown request")
        server.start()


@pytest.mark.fails_when("the signal is SIGQUIT", assertion='== "shut down"', number=signal.SIGQUIT)
def test_fast_ends_sessions_and_keeps_what_was_committed(launch: Start, number: signal.Signals = signal.SIGINT) -> None:
    """SIGINT makes PostgreSQL end every session and roll back what was open, and the next start has nothing to
    recover."""
    server: PostgreSQL = launch()
    with closing(connect(server)) as session:
        session.execute("CREATE TABLE event AS SELECT generate_series(1, 1000) AS id")
        session.autocommit = False
        session.execute("INSERT INTO event VALUES (1001)")  # never committed

        server.send(number)

        assert server.wait() == 0
        assert cluster_state(server) == "shut down"
        with pytest.raises(psycopg.errors.AdminShutdown):  # 57P01
            session.execute("SELECT 1")
    assert server.log.rstrip().endswith("database system is shut down")
    before = server.log
    server.start()
    assert "database system was shut down at" in log_since(server, before)
    assert "recovery" not in log_since(server, before)
    assert one(server, "SELECT count(*) FROM event") == 1000


@pytest.mark.fails_when("the signal is SIGINT", assertion='== "in production"', number=signal.SIGINT)
def test_immediate_leaves_the_work_to_crash_recovery(
    launch: Start, record: Recorder, number: signal.Signals = signal.SIGQUIT
) -> None:
    """SIGQUIT stops PostgreSQL without a checkpoint: exit status and log look as ever, the control file does not, and
    the next start replays the log up to the last committed row."""
    server: PostgreSQL = launch(max_wal_size="4GB", checkpoint_timeout="1h")
    with closing(connect(server)) as session:
        session.execute(LOAD)
        session.autocommit = False
        session.execute("INSERT INTO event VALUES (0)")  # never committed

        server.send(number)

        assert server.wait() == 0  # neither the status
        assert server.log.rstrip().endswith("database system is shut down")  # nor the last line
        assert cluster_state(server) == "in production"  # but the control file tells
        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")
    before = server.log
    server.start()
    recovery = log_since(server, before)
    assert "database system was interrupted; last known up at" in recovery
    assert "database system was not properly shut down; automatic recovery in progress" in recovery
    replayed = wal_bytes(recovery)
    assert replayed > 10 << 20
    assert one(server, "SELECT count(*) FROM event") == ROWS
    record.number("loaded_rows", ROWS, note="rows loaded before the stop")
    record.number("replayed", replayed / (1 << 20), unit="MiB", note="log replayed after SIGQUIT")


def wal_bytes(log: str) -> int:
    """How much of the write-ahead log a recovery replayed, from its own two log lines."""
    places = [re.search(rf"redo {word} at ([0-9A-F]+)/([0-9A-F]+)", log) for word in ("starts", "done")]
    begin, end = ((int(place[1], 16) << 32) + int(place[2], 16) for place in places if place)
    return end - begin


def commits_kept(launch: Start, number: signal.Signals, *, wait: str) -> int:
    """Commit 1,000 rows one by one, stop the server by *number*, and count them after the next start."""
    server: PostgreSQL = launch(wal_writer_delay="10s")
    with connect(server) as session:
        session.execute("CREATE TABLE event (id int)")
        session.execute(f"SET synchronous_commit = {wait}")
        for row in range(1000):
            session.execute("INSERT INTO event VALUES (%s)", [row])
        server.send(number)
        server.wait()
    server.start()
    return int(one(server, "SELECT count(*) FROM event"))


@pytest.mark.fails_when("`synchronous_commit` is on", assertion="min(kept) < 1000", wait="on", runs=1)
@pytest.mark.fails_when("the signal is SIGINT", assertion="min(kept) < 1000", number=signal.SIGINT, runs=1)
def test_immediate_loses_commits_that_did_not_wait(
    launch: Start, record: Recorder, wait: str = "off", number: signal.Signals = signal.SIGQUIT, runs: int = 5
) -> None:
    """With synchronous_commit off, PostgreSQL keeps every commit after SIGINT and loses the latest after SIGQUIT."""
    kept = [commits_kept(launch, number, wait=wait) for _ in range(runs)]
    assert min(kept) < 1000
    assert commits_kept(launch, signal.SIGINT, wait=wait) == 1000
    note = "of 1,000 commits without waiting, kept after SIGQUIT"
    record.samples("async_kept", kept, worst="lowest", digits=4, note=note)


@pytest.mark.fails_when("the table is an ordinary one", assertion="rows", kind="TABLE")
def test_immediate_empties_unlogged_tables(launch: Start, kind: str = "UNLOGGED TABLE") -> None:
    """Rows of an unlogged table and the statistics counters survive a fast shutdown of PostgreSQL, not an immediate
    one."""
    server: PostgreSQL = launch()
    with connect(server) as session:
        session.execute(f"CREATE {kind} hit AS SELECT generate_series(1, 1000) AS id")
        session.execute("CREATE TABLE event (id int)")
        session.execute("INSERT INTO event SELECT generate_series(1, 1000)")
    wait_until(lambda: one(server, INSERTED) == 1000, seconds=30, what="the counters")
    rows = []
    for each in (signal.SIGINT, signal.SIGQUIT):
        server.send(each)
        server.wait()
        server.start()
        rows.append((one(server, "SELECT count(*) FROM hit"), one(server, INSERTED)))

    assert rows == [(1000, 1000), (0, 0)]
    assert one(server, "SELECT count(*) FROM event") == 1000


INSERTED = "SELECT coalesce(sum(n_tup_ins), 0)::int FROM pg_stat_user_tables WHERE relname = 'event'"


@pytest.mark.fails_when("the `CHECKPOINT` is left out", assertion="> 10 *", statement="SELECT 1")
def test_a_checkpoint_beforehand_makes_the_last_one_short(
    launch: Start, record: Recorder, statement: str = "CHECKPOINT"
) -> None:
    """After a CHECKPOINT, the checkpoint at the end of a fast shutdown writes less than a tenth of the buffers that it
    writes without."""
    written = {}
    settings = {"shared_buffers": "256MB", "max_wal_size": "4GB", "checkpoint_timeout": "1h", "log_checkpoints": "on"}
    for name, last_words in (("unprepared", "SELECT 1"), ("prepared", statement)):
        server: PostgreSQL = launch(**settings)
        with connect(server) as session:
            session.execute(LOAD)
            session.execute(last_words)
        server.send(signal.SIGINT)
        assert server.wait() == 0
        last = re.findall(r"checkpoint complete: wrote (\d+) buffers", server.log)[-1]
        written[name] = int(last)
        record.number(f"{name}_buffers", written[name], note="8 KiB buffers written by the shutdown checkpoint")

    assert written["unprepared"] > 10 * written["prepared"]


STANDBYS = "SELECT application_name, state, now() - reply_time AS silent FROM pg_stat_replication"


@pytest.mark.fails_when("the standby runs on", assertion="ending.killed", stopped=False)
def test_a_fast_shutdown_waits_for_a_stopped_standby(start_postgresql: Start, stopped: bool = True) -> None:
    """With its standby stopped, a primary waits after its shutdown checkpoint until the grace period runs out; the
    SIGKILL then costs no data."""
    primary, standby = pair(start_postgresql)
    with connect(primary) as session:
        session.execute("CREATE TABLE event AS SELECT generate_series(1, 1000) AS id")
        session.execute("CHECKPOINT")  # as the advice goes
        assert session.execute(STANDBYS).fetchall()[0][:2] == ("walreceiver", "streaming")
    family = psutil.Process(primary.pid).children(recursive=True)
    before = primary.log

    with halted(standby, really=stopped):
        ending = stop(running(primary), grace=6, number=signal.SIGINT)

        assert ending.killed
        said = log_since(primary, before)
        assert re.search("checkpoint starting: shutdown.*checkpoint complete", said, re.DOTALL)
        assert "database system is shut down" not in said
        assert cluster_state(primary) == "shut down"
        psutil.wait_procs(family, timeout=30)
        before = primary.log
        primary.start()
        assert "database system was shut down at" in log_since(primary, before)
        assert "recovery" not in log_since(primary, before)
        assert one(primary, "SELECT count(*) FROM event") == 1000


@pytest.mark.fails_when("it is at its default of 60 seconds", assertion="not ending.killed", timeout="60s")
def test_wal_sender_timeout_bounds_the_wait_for_a_standby(start_postgresql: Start, timeout: str = "3s") -> None:
    """With wal_sender_timeout at three seconds, a primary gives its stopped standby up and ends by itself with status
    0."""
    primary, standby = pair(start_postgresql, wal_sender_timeout=timeout)
    with halted(standby):
        ending = stop(running(primary), grace=20, number=signal.SIGINT)

        assert not ending.killed
        assert ending.status == 0
        assert "terminating walsender process due to replication timeout" in primary.log
