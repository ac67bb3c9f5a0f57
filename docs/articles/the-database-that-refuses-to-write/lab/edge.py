"""A cluster that is moved along the circle of transaction ids while it is stopped."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from engblog.lab.servers import PostgreSQL

CIRCLE = 2**32
HALF = 2**31 - 1
"""Ids from the oldest one that is not frozen to the wraparound point."""
WARN, STOP = 40_000_000, 3_000_000
"""How many ids before the wraparound point the server warns and refuses, since version 14."""
IDS_PER_SEGMENT = 32 * 8192 * 4
"""32 pages of 8 KiB, with two bits for each id."""


# --8<-- [start:move]
def place(server: PostgreSQL, xid: int) -> None:
    """Make *xid* the next transaction id of a stopped *server*."""
    segment = server.data / "pg_xact" / f"{xid // IDS_PER_SEGMENT:04X}"
    if not segment.exists():
        segment.write_bytes(bytes(IDS_PER_SEGMENT // 4))  # 256 KiB of zeros: nothing is committed yet
        shutil.chown(segment, server.data.owner(), server.data.group())
    as_owner(server, "pg_resetwal", "-D", str(server.data), "-x", str(xid))
    # --8<-- [end:move]


def move(server: PostgreSQL, xid: int) -> None:
    """Stop *server*, place it at *xid* and start it again."""
    server.stop()
    place(server, xid)
    server.start()


def a_young_queue(server: PostgreSQL) -> None:
    """Fill and empty a table, which uses three ids and leaves empty pages at its end."""
    run(
        server,
        "CREATE TABLE queue (id int) WITH (autovacuum_enabled = false)",
        "INSERT INTO queue SELECT generate_series(1, 10000)",
        "DELETE FROM queue",
    )


def as_owner(server: PostgreSQL, program: str, *options: str, given: str = "") -> str:
    """Run a program of the stopped *server* as the account that owns its files, and return what it printed."""
    done = subprocess.run(
        [server.program(program), *options],
        user=server.data.owner(),
        group=server.data.group(),
        extra_groups=[],
        cwd=server.folder,
        env={**server.installation.environment, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def single_user(server: PostgreSQL, *statements: str) -> str:
    """Stop *server*, run *statements* in single-user mode, and return what that printed."""
    server.stop()
    options = [part for name, value in server.settings.items() for part in ("-c", f"{name}={value}")]
    command = ["--single", "-D", str(server.data), *options, "postgres"]
    return as_owner(server, "postgres", *command, given="".join(f"{each}\n" for each in statements))


def connect(server: PostgreSQL, **changed: Any) -> psycopg.Connection[Any]:
    """Open a session that commits each statement, unless told otherwise."""
    options = {"autocommit": True, **changed}
    return psycopg.connect(server.dsn, **options)


def run(server: PostgreSQL, *statements: str, **changed: Any) -> None:
    """Run *statements* in a separate session, each as one transaction."""
    with connect(server, **changed) as session:
        for statement in statements:
            session.execute(statement)  # type: ignore[arg-type]


def one(server: PostgreSQL, query: str, **changed: Any) -> Any:
    """The first value of *query*, asked in a separate session."""
    with connect(server, **changed) as session:
        row = session.execute(query).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def next_id(server: PostgreSQL) -> int:
    """The next transaction id, without using it."""
    return int(one(server, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text")) % CIRCLE


def next_id_of_stopped(server: PostgreSQL) -> int:
    """The next transaction id by the control file of a stopped *server*."""
    told = as_owner(server, "pg_controldata", "-D", str(server.data))
    found = re.search(r"NextXID:\s+\d+:(\d+)", told)
    assert found, told
    return int(found[1])


def oldest_id(server: PostgreSQL) -> int:
    """The oldest `datfrozenxid` of the cluster, from which the limits are counted."""
    return int(one(server, "SELECT datfrozenxid::text FROM pg_database ORDER BY age(datfrozenxid) DESC"))


def relfrozen(server: PostgreSQL, table: str = "event", **changed: Any) -> int:
    """The `relfrozenxid` of a table."""
    return int(one(server, f"SELECT relfrozenxid::text FROM pg_class WHERE oid = '{table}'::regclass", **changed))


def burn(server: PostgreSQL, count: int) -> None:
    """Use *count* transaction ids, one a transaction."""
    run(server, *["SELECT pg_current_xact_id()"] * count)


def refusal(server: PostgreSQL, statement: str, **changed: Any) -> psycopg.Error | None:
    """The error with which *statement* is refused for want of ids, or None if it succeeds."""
    try:
        run(server, statement, **changed)
    except psycopg.errors.ProgramLimitExceeded as error:  # 54000
        return error
    return None


def vacuum_all(server: PostgreSQL, statement: str = "VACUUM") -> None:
    """Run *statement* in every database."""
    for name in ("postgres", "template1", "template0"):
        run(server, statement, dbname=name)


def forget_a_slot(server: PostgreSQL) -> int:
    """Leave a logical replication slot behind, freeze everything older, and return the id that the slot keeps."""
    run(
        server,
        "ALTER DATABASE template0 ALLOW_CONNECTIONS true",
        "CREATE TABLE event (id bigint PRIMARY KEY, note text)",
        "INSERT INTO event SELECT id, 'old' FROM generate_series(1, 1000) AS id",
        "SELECT pg_create_logical_replication_slot('forgotten', 'test_decoding')",
    )
    vacuum_all(server, "VACUUM FREEZE")
    kept = int(one(server, "SELECT catalog_xmin::text FROM pg_replication_slots"))
    assert oldest_id(server) == kept
    return kept


DROP = "SELECT pg_drop_replication_slot('forgotten')"


def restored(server: PostgreSQL, pristine: Path) -> None:
    """Stop *server*, empty its log and put its data back to the *pristine* copy, of which few files have changed."""
    server.stop()
    server.log_file.write_bytes(b"")
    names = {each.relative_to(pristine) for each in pristine.rglob("*")}
    for each in sorted(server.data.rglob("*"), reverse=True):
        if each.relative_to(server.data) not in names:
            each.rmdir() if each.is_dir() else each.unlink()
    for name in sorted(names):
        source, target = pristine / name, server.data / name
        there, here = source.stat(), target.stat() if target.exists() else None
        if source.is_dir():
            target.mkdir(exist_ok=True)
        elif here is None or (here.st_size, here.st_mtime_ns) != (there.st_size, there.st_mtime_ns):
            shutil.copy2(source, target)
        if here is None:
            os.chown(target, there.st_uid, there.st_gid)
            target.chmod(there.st_mode)


def soon(condition: Callable[[], bool], seconds: float) -> bool:
    """True as soon as *condition* holds, False if it does not within *seconds*."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.1)
    return condition()
