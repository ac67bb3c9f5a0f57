"""What a server does on the last ids before the wraparound point."""

from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import psycopg
import pytest
from conftest import Held
from edge import (
    DROP,
    HALF,
    STOP,
    WARN,
    a_young_queue,
    as_owner,
    connect,
    next_id,
    one,
    place,
    refusal,
    relfrozen,
    run,
    soon,
    vacuum_all,
)
from engblog.lab.process import LabError, wait_until
from engblog.lab.record import Recorder
from engblog.lab.servers import PostgreSQL

USE = "SELECT pg_current_xact_id()::text"


def write(server: PostgreSQL, times: int) -> list[tuple[int, str, str]]:
    """Use *times* ids, and return each with the warning that came with it; an error ends the list with id 0."""
    said: list[tuple[int, str, str]] = []
    with connect(server) as session:
        notices: list[tuple[str, str]] = []
        session.add_notice_handler(lambda said: notices.append((said.message_primary or "", said.message_hint or "")))
        for _ in range(times):
            notices.clear()
            try:
                xid = int(session.execute(USE).fetchone()[0])  # type: ignore[arg-type,index]
            except psycopg.errors.ProgramLimitExceeded as error:
                return [*said, (0, error.diag.message_primary or "", error.diag.message_hint or "")]
            said.append((xid, *(notices[0] if notices else ("", ""))))
    return said


def recover(server: PostgreSQL) -> None:
    """Drop the slot and vacuum every database."""
    run(server, DROP)
    vacuum_all(server)


def as_15(version: str) -> bool:
    """True for a version before 17, which changed the messages."""
    return int(version.split(".", maxsplit=1)[0]) < 17


@pytest.mark.fails_when("the segment is there", assertion="not server.running", segment=True)
def test_the_commit_log_needs_its_segment(held: Held, segment: bool = False) -> None:
    """Moved to an id for which the commit log has no segment, the server doesn't start."""
    server = held.cluster.start()
    server.stop()
    target = held.wrap - STOP
    if segment:
        place(server, target)
    else:
        as_owner(server, "pg_resetwal", "-D", str(server.data), "-x", str(target))

    with suppress(LabError):
        server.start()

    assert not server.running
    assert "pg_xact/07FD" in server.log


@pytest.mark.fails_when("the slot is dropped and everything vacuumed first", assertion="40000000", first=recover)
def test_the_first_warning_comes_forty_million_ids_early(
    held: Held, record: Recorder, first: Callable[[PostgreSQL], None] | None = None
) -> None:
    """The first id that brings a warning, to the client and into the log, is the one exactly 40,000,000 before the
    wraparound point."""
    server = held.at(WARN + 1)
    if first:
        first(server)

    (before, silent, _), (at, warned, hint) = write(server, 2)

    assert silent == ""
    assert " must be vacuumed within 40000000 transactions" in warned
    assert f"WARNING:  {warned}" in server.log
    assert (before, at) == (held.wrap - WARN - 1, held.wrap - WARN)
    record.number("warning", warned, note="the first warning")
    record.number("warning_hint", hint.splitlines()[0], note="its hint")


@pytest.mark.fails_when("the slot is dropped and everything vacuumed first", assertion="refused", first=recover)
def test_the_last_three_million_ids_are_refused(
    held: Held, record: Recorder, first: Callable[[PostgreSQL], None] | None = None
) -> None:
    """The server gives out the id 3,000,001 before the wraparound point with a warning, and refuses the next one with
    SQLSTATE 54000."""
    server = held.at(STOP + 1)
    if first:
        first(server)

    (last, warned, _), (refused, error, hint) = write(server, 2)

    assert refused == 0
    assert "not accepting commands" in error
    assert last == held.wrap - STOP - 1
    assert "within 3000001 transactions" in warned
    assert next_id(server) == held.wrap - STOP
    record.number("error", error, note="the error at the stop")
    record.number("error_hint", hint.splitlines()[0], note="the first line of its hint")
    record.number("error_hint_more", hint.splitlines()[1], note="the second line of its hint")


def test_the_hint_of_15_sends_you_to_single_user_mode(held: Held, start_postgresql: Any) -> None:
    """The hint of PostgreSQL 15 asks you to stop the server and vacuum in single-user mode."""
    said = write(held.at(STOP), 1)[-1]
    if as_15(start_postgresql.version):
        assert said[2].startswith("Stop the postmaster and vacuum that database in single-user mode.")
        assert said[1].startswith("database is not accepting commands to avoid wraparound data loss in database")
    else:
        assert said[2].startswith("Execute a database-wide VACUUM in that database.")
        assert said[1].startswith("database is not accepting commands that assign new transaction IDs to avoid")


STILL_WORKS = (
    "ROLLBACK PREPARED 'old'",
    "SELECT count(*) FROM event",
    "SELECT pg_advisory_lock(1)",
    "UPDATE event SET note = 'x' WHERE id = -1",
    "INSERT INTO event VALUES (1, 'x') ON CONFLICT DO NOTHING",
    "CHECKPOINT",
    "VACUUM event",
    "VACUUM (FREEZE) event",
)
REFUSED = (
    "INSERT INTO event VALUES (2000, 'x')",
    "UPDATE event SET note = 'x' WHERE id = 1",
    "DELETE FROM event WHERE id = 1",
    "SELECT 1 FROM event WHERE id = 1 FOR UPDATE",
    "CREATE TEMPORARY TABLE work (id int)",
    "NOTIFY jobs",
    "TRUNCATE event",
    "DROP TABLE event",
    "ANALYZE event",
    "VACUUM (ANALYZE) event",
    "VACUUM FULL event",
    "REINDEX TABLE event",
)


@pytest.mark.fails_when("one more id is left", assertion="all(", ids_left=STOP + 1)
def test_only_what_needs_an_id_is_refused(held: Held, ids_left: int = STOP) -> None:
    """At the stop, reads, a write that finds nothing to do, ROLLBACK PREPARED, CHECKPOINT and the VACUUM of an old
    table succeed, while inserts, updates, deletes, row locks, temporary tables, NOTIFY, TRUNCATE, DROP, ANALYZE, VACUUM
    (ANALYZE), VACUUM FULL and REINDEX are refused."""
    server = held.at(ids_left + 1)
    with connect(server, autocommit=False) as session:
        session.execute("SELECT pg_current_xact_id()")
        session.execute("PREPARE TRANSACTION 'old'")
    refused = {statement: refusal(server, statement) is not None for statement in STILL_WORKS + REFUSED}
    assert all(refused[each] for each in REFUSED)
    assert not any(refused[each] for each in STILL_WORKS)


@pytest.mark.fails_when("it may not truncate", assertion="refusal(server", options="(TRUNCATE false)")
def test_a_vacuum_that_truncates_needs_an_id(held: Held, options: str = "") -> None:
    """At the stop, a plain VACUUM is refused on a young table whose last pages are empty, because giving them back to
    the operating system takes an id; VACUUM (TRUNCATE false) is not refused."""
    server = held.at(STOP + 3, autovacuum_naptime="1h")
    a_young_queue(server)
    assert refusal(server, USE)

    assert refusal(server, f"VACUUM {options} queue")
    assert refusal(server, "VACUUM (TRUNCATE false) queue") is None


@pytest.mark.fails_when("it has only read so far", assertion="own is None", first="SELECT count(*) FROM event")
def test_a_transaction_with_an_id_may_finish(
    held: Held, first: str = "INSERT INTO event VALUES (2000, 'before')"
) -> None:
    """A transaction that got its id before the stop can go on writing and commit, but a savepoint in it that writes is
    refused."""
    server = held.at(STOP + 1)
    with closing(connect(server, autocommit=False)) as session:
        session.execute(first)  # type: ignore[arg-type]
        write(server, 2)
        own = nested = None
        try:
            session.execute("INSERT INTO event VALUES (2001, 'after')")
        except psycopg.errors.ProgramLimitExceeded as error:
            own = error
        assert own is None
        session.execute("SAVEPOINT s")
        try:
            session.execute("INSERT INTO event VALUES (2002, 'nested')")
        except psycopg.errors.ProgramLimitExceeded as error:
            nested = error
            session.execute("ROLLBACK TO s")
        assert nested is not None
        session.commit()
    assert one(server, "SELECT count(*) FROM event WHERE id >= 2000") == 2


FORCED = "to prevent wraparound of table"


@pytest.mark.fails_when("the age is 190 million", assertion="soon(", age=190_000_000, seconds=4)
def test_autovacuum_off_is_not_off(held: Held, age: int = 200_001_000, seconds: float = 60) -> None:
    """With autovacuum = off, a server whose oldest id is more than 200 million ids old starts autovacuum all the same,
    to prevent wraparound."""
    server = held.aged(age, autovacuum="off", autovacuum_max_workers=1, log_autovacuum_min_duration=0)
    assert soon(lambda: FORCED in server.log, seconds)


@pytest.mark.fails_when("the slot is still there", assertion="soon(", first="SELECT 1", seconds=5)
def test_with_nothing_in_its_way_autovacuum_ends_the_outage(held: Held, first: str = DROP, seconds: float = 60) -> None:
    """Once nothing holds the horizon, autovacuum ends the refusal by itself, with no VACUUM by hand, also in template0,
    which takes no sessions."""
    server = held.cluster.start(autovacuum_naptime="1s")
    run(server, "ALTER DATABASE template0 ALLOW_CONNECTIONS false")
    server.stop()
    server = held.moved(HALF - STOP)
    assert refusal(server, USE)

    run(server, first)

    assert soon(lambda: refusal(server, USE) is None, seconds)


@pytest.mark.fails_when("`vacuum_failsafe_age` is 2.1 billion", assertion="bypassed", failsafe=2_100_000_000)
def test_the_failsafe_skips_the_indexes(held: Held, failsafe: int = 1_600_000_000) -> None:
    """On a table older than vacuum_failsafe_age, VACUUM leaves the indexes out, freezes the table all the same, and
    logs that it is bypassing nonessential maintenance."""
    server = held.cluster.start(autovacuum_naptime="1s", log_autovacuum_min_duration=0, vacuum_failsafe_age=failsafe)
    run(server, "DELETE FROM event WHERE id % 2 = 0")
    server.stop()
    server = held.moved(1_700_000_000)

    def done() -> str:
        _, found, rest = server.log.rpartition('wraparound of table "postgres.public.event"')
        return rest if found and "system usage" in rest else ""

    wait_until(lambda: bool(done()), seconds=60, what="autovacuum of the table")
    bypassed = "index scan bypassed by failsafe" in done().partition("system usage")[0]
    assert bypassed
    assert 'bypassing nonessential maintenance of table "postgres.public.event"' in server.log
    assert soon(lambda: relfrozen(server) >= held.cluster.kept + 1_700_000_000, 60)
