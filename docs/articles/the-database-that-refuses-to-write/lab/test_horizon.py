"""What keeps VACUUM from freezing, at an ordinary age."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from edge import burn, connect, next_id, one, place, relfrozen, run, soon
from engblog.lab.process import wait_until
from engblog.lab.servers import PostgreSQL
from scripts import psql

TABLE = "CREATE TABLE event AS SELECT generate_series(1, 1000) AS id"


def held_back(server: PostgreSQL, table: str = "event", **changed: Any) -> bool:
    """True if VACUUM FREEZE cannot bring *table* up to the next id, after 50 more ids have been used."""
    burn(server, 50)
    target = next_id(server)
    run(server, f"VACUUM FREEZE {table}", **changed)
    return relfrozen(server, table, **changed) < target


def holder(server: PostgreSQL) -> str:
    """The kind of the oldest holder that the blockers query names, or an empty text."""
    rows = psql(server, "blockers.sql")
    return rows[0][1] if rows else ""


@contextmanager
def transaction(server: PostgreSQL, *statements: str, **changed: Any) -> Iterator[None]:
    """Run *statements* in a session and leave it open meanwhile."""
    with connect(server, **changed) as session:
        for statement in statements:
            session.execute(statement)  # type: ignore[arg-type]
        yield


BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ"


@pytest.mark.fails_when("it is READ COMMITTED", assertion="held_back(young)", begin="BEGIN")
def test_an_open_snapshot_holds(young: PostgreSQL, begin: str = BEGIN) -> None:
    """An idle REPEATABLE READ transaction that has run one SELECT keeps VACUUM FREEZE from moving a table past it, and
    its end sets it free."""
    run(young, TABLE)
    with transaction(young, begin, "SELECT 1"):
        assert held_back(young)
        assert holder(young) == "session"
    assert not held_back(young)


@pytest.mark.fails_when("it has only read", assertion="held_back(young)", statement="SELECT 1")
def test_an_idle_writer_holds(young: PostgreSQL, statement: str = "INSERT INTO other VALUES (1)") -> None:
    """A READ COMMITTED transaction that has written one row to another table and sits idle holds the horizon too."""
    run(young, TABLE, "CREATE TABLE other (id int)")
    with transaction(young, "BEGIN", statement):
        assert held_back(young)
        assert holder(young) == "session"
    assert not held_back(young)


@pytest.mark.fails_when("it is in the same database", assertion="not held_back(young)", dbname="postgres")
def test_another_database_holds_only_what_is_shared(young: PostgreSQL, dbname: str = "template1") -> None:
    """A transaction in another database doesn't hold this database's tables, but holds the shared catalogs, and with
    them this database's datfrozenxid."""
    run(young, TABLE)
    frozen = "SELECT datfrozenxid::text FROM pg_database WHERE datname = 'postgres'"
    with transaction(young, BEGIN, "SELECT 1", dbname=dbname):
        edge = next_id(young)
        assert not held_back(young)
        assert held_back(young, "pg_database")
        run(young, "VACUUM FREEZE")
        assert int(one(young, frozen)) <= edge
    run(young, "VACUUM FREEZE")
    assert int(one(young, frozen)) > edge


@pytest.mark.fails_when("it is committed at once", assertion="held_back(young)", after="COMMIT PREPARED 'lost'")
def test_a_prepared_transaction_holds_across_a_restart(young: PostgreSQL, after: str = "SELECT 1") -> None:
    """A prepared transaction holds the horizon with no session and across a restart, until somebody commits it or rolls
    it back."""
    run(young, TABLE, "CREATE TABLE other (id int)")
    with connect(young, autocommit=False) as session:
        session.execute("INSERT INTO other VALUES (1)")
        session.execute("PREPARE TRANSACTION 'lost'")
    run(young, after)
    young.stop()
    young.start()
    assert held_back(young)
    assert holder(young) == "prepared transaction"
    run(young, "ROLLBACK PREPARED 'lost'")
    assert not held_back(young)


SUBTRANS = 2048 * 1024
"""Ids whose entries fill 1,024 pages of `pg_subtrans`."""


@pytest.mark.fails_when("it is committed at once", assertion="4 * SUBTRANS", after="COMMIT PREPARED 'lost'")
def test_a_start_clears_four_bytes_for_each_id(young: PostgreSQL, after: str = "SELECT 1") -> None:
    """With a prepared transaction, a start of the server fills pg_subtrans with four bytes of zeros for each id from
    that transaction up to the next one."""
    run(young, "CREATE TABLE other (id int)")
    with connect(young, autocommit=False) as session:
        session.execute("INSERT INTO other VALUES (1)")
        session.execute("PREPARE TRANSACTION 'lost'")
    run(young, after)
    start = next_id(young)
    young.stop()
    folder = young.data / "pg_subtrans"
    for each in folder.iterdir():
        each.unlink()
    place(young, start + SUBTRANS)
    young.start()
    run(young, "CHECKPOINT")
    written = b"".join(each.read_bytes() for each in sorted(folder.iterdir()))
    run(young, "ROLLBACK PREPARED 'lost'" if after == "SELECT 1" else "SELECT 1")
    assert len(written) >= 4 * SUBTRANS
    assert not any(written)


LOGICAL = "SELECT pg_create_logical_replication_slot('lost', 'test_decoding')"
PHYSICAL = "SELECT pg_create_physical_replication_slot('lost', true)"


@pytest.mark.fails_when("the slot is physical and unused", assertion='"pg_class"', create=PHYSICAL)
def test_a_logical_slot_holds_the_catalogs_alone(young: PostgreSQL, create: str = LOGICAL) -> None:
    """An unused logical replication slot keeps the catalogs back, and so datfrozenxid, while user tables freeze."""
    frozen = "SELECT datfrozenxid::text FROM pg_database WHERE datname = 'postgres'"
    run(young, TABLE, create)
    try:
        edge = next_id(young)
        assert not held_back(young)
        assert held_back(young, "pg_class")
        assert holder(young) == "replication slot"
        run(young, "VACUUM FREEZE")
        assert int(one(young, frozen)) <= edge
    finally:
        run(young, "SELECT pg_drop_replication_slot('lost')")
    run(young, "VACUUM FREEZE")
    assert int(one(young, frozen)) > edge


@pytest.mark.fails_when("the table is an ordinary one", assertion="<= edge", kind="")
def test_a_temporary_table_holds_its_database(young: PostgreSQL, kind: str = "TEMPORARY") -> None:
    """An idle session without a transaction holds its database's datfrozenxid if it owns an old temporary table, which
    nobody else can vacuum."""
    frozen = "SELECT datfrozenxid::text FROM pg_database WHERE datname = 'postgres'"
    with transaction(young, f"CREATE {kind} TABLE work (id int)"):
        edge = next_id(young)
        burn(young, 50)
        run(young, "VACUUM FREEZE")
        assert int(one(young, frozen)) <= edge
        assert holder(young) == "temporary table"
    wait_until(lambda: not psql(young, "blockers.sql"), seconds=30, what="the session's end")
    run(young, "VACUUM FREEZE")
    assert int(one(young, frozen)) > edge


@pytest.fixture(scope="module")
def standby(start_postgresql: Any) -> PostgreSQL:
    """The server that becomes the standby."""
    server: PostgreSQL = start_postgresql(autovacuum="off", fsync="off", shared_buffers="16MB")
    return server


def standby_of(primary: PostgreSQL, standby: PostgreSQL, **settings: str) -> None:
    """Make *standby* stream from *primary*, which is given a slot for it."""
    for server in (primary, standby):
        server.stop()
    shutil.rmtree(standby.data)
    subprocess.run(["cp", "-a", str(primary.data), str(standby.data)], check=True)
    mark = standby.data / "standby.signal"
    mark.touch()
    shutil.chown(mark, standby.data.owner(), standby.data.group())
    primary.start()
    run(primary, "SELECT pg_create_physical_replication_slot('standby')")
    standby.settings = {
        **primary.settings,
        "primary_conninfo": f"host=127.0.0.1 port={primary.port} user=postgres",
        "wal_receiver_status_interval": "1s",
        **settings,
    }
    standby.start()


XMIN = "SELECT count(xmin) FROM pg_replication_slots WHERE slot_name = 'standby'"
STREAMS = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"


@pytest.mark.fails_when("`hot_standby_feedback` is off", assertion="held_back(primary)", feedback="off", seconds=4)
@pytest.mark.fails_when("the standby has no slot", assertion="held_back(primary)", slot="", seconds=4)
def test_a_dead_standby_holds_through_its_slot(
    young: PostgreSQL, standby: PostgreSQL, feedback: str = "on", slot: str = "standby", seconds: float = 60
) -> None:
    """With hot_standby_feedback and a slot, a standby that was killed goes on holding the primary's horizon until the
    slot is dropped."""
    primary = young
    run(primary, TABLE)
    standby_of(primary, standby, hot_standby_feedback=feedback, primary_slot_name=slot)
    try:
        wait_until(lambda: one(primary, STREAMS) == 1, seconds=60, what="the standby to stream")
        soon(lambda: one(primary, XMIN) == 1, seconds)

        standby.send(signal.SIGQUIT)
        standby.wait()
        wait_until(lambda: one(primary, STREAMS) == 0, seconds=60, what="the primary to notice")

        assert held_back(primary)
        assert holder(primary) == "replication slot"
    finally:
        standby.stop()
        wait_until(lambda: one(primary, STREAMS) == 0, seconds=60, what="the primary to notice")
        run(primary, "SELECT pg_drop_replication_slot('standby')")
    assert not held_back(primary)


PROMISED = "UPDATE pg_class SET relfrozenxid = '{}' WHERE relname = 'event'"


@pytest.mark.fails_when("the row keeps the promise", assertion="failed", promise="SELECT {}")
def test_a_broken_row_keeps_its_table_old(young: PostgreSQL, promise: str = PROMISED) -> None:
    """A VACUUM that fails on one broken row leaves its table's relfrozenxid where it was each time, although the
    blockers query lists no holder."""
    run(young, TABLE)
    edge = next_id(young)
    run(young, promise.format(edge))
    burn(young, 50)
    failed = 0
    for _ in range(2):
        try:
            run(young, "VACUUM FREEZE event")
        except psycopg.errors.DataCorrupted:
            failed += 1
    assert failed == 2
    assert relfrozen(young) == edge
    assert psql(young, "blockers.sql") == []
