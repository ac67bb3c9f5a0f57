"""The commands that the article asks readers to type, and the system calls of one commit."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from engblog.lab.process import find_program

TRY = Path(__file__).with_name("try.sh")
SYNC = re.compile(r"f(?:data)?sync\(\d+<(?P<path>[^>]*)>\)")


@pytest.fixture
def strace() -> str:
    """The path of strace; some containers forbid what it does."""
    path = find_program("strace", package="strace")
    tried = subprocess.run([path, "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"strace may not trace here: {tried.stderr.strip()}")
    return str(path)


def traced(folder: Path, settings: str) -> list[str]:
    """The files that one commit of SQLite syncs, with *settings* before it, and "unlink" for one that it deletes."""
    find_program("sqlite3", package="sqlite3")
    script = TRY.read_text(encoding="utf-8").replace("'INSERT", f"'{settings}INSERT")
    done = subprocess.run(["sh", "-ec", script], cwd=folder, capture_output=True, text=True, check=True)
    calls: list[str] = []
    for line in done.stderr.splitlines():
        if found := SYNC.match(line):
            calls.append(os.path.relpath(found["path"], folder))
        elif line.startswith("unlink"):
            calls.append("unlink")
    return calls


@pytest.mark.usefixtures("strace")
@pytest.mark.fails_when("`synchronous` is OFF", assertion='== ["app.db-journal"', settings="PRAGMA synchronous=OFF; ")
@pytest.mark.fails_when("`synchronous` is EXTRA", assertion='"unlink"', settings="PRAGMA synchronous=EXTRA; ")
def test_sqlite_commits_by_removing_the_journal(tmp_path: Path, record: Any, settings: str = "") -> None:
    """By default, SQLite syncs the rollback journal, its folder, the journal again and the database; then it deletes
    the journal, and syncs nothing."""
    calls = traced(tmp_path, settings)
    record.number("sqlite_syncs", len(calls) - calls.count("unlink"), note="syncs in one commit of SQLite")
    assert calls == ["app.db-journal", ".", "app.db-journal", "app.db", "unlink"]


@pytest.mark.fails_when("`synchronous_commit` is off", assertion="== 1", mode="off")
def test_a_commit_is_one_write_and_one_fdatasync(
    start_postgresql: Callable[..., Any], strace: str, tmp_path: Path, mode: str = "on"
) -> None:
    """For one small commit, a backend of PostgreSQL writes to the log once, and then calls fdatasync on it once."""
    server = start_postgresql(autovacuum="off", wal_writer_delay=10000, bgwriter_delay=10000)
    trace = tmp_path / "trace"
    with psycopg.connect(server.dsn, autocommit=True) as db:
        db.execute("CREATE TABLE t (number int)")
        db.execute("INSERT INTO t VALUES (1)")  # a first commit may have more to do
        db.execute(f"SET synchronous_commit = {mode}")
        command = [strace, "-y", "-e", "trace=pwrite64,fsync,fdatasync", "-o", trace, "-p", str(db.info.backend_pid)]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr
            said = tracer.stderr.readline()
            if "attached" not in said:
                pytest.skip(f"strace may not attach here: {said.strip()}")
            db.execute("INSERT INTO t VALUES (2)")
            tracer.terminate()
    calls = [line.partition("(")[0] for line in trace.read_text().splitlines() if "pg_wal/" in line]
    assert calls.count("fdatasync") == 1
    assert calls == ["pwrite64", "fdatasync"]
