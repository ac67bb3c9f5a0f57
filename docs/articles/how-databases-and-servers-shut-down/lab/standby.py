"""A standby of a PostgreSQL server, and a way to stop it without ending it."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import psycopg
from engblog.lab.process import wait_until
from engblog.lab.servers import PostgreSQL, Server


def pair(start: Callable[..., PostgreSQL], **settings: str) -> tuple[PostgreSQL, PostgreSQL]:
    """Start a primary with *settings* and a standby that streams from it."""
    primary, standby = start(log_checkpoints="on", **settings), start()
    for server in (primary, standby):
        server.stop()
    shutil.rmtree(standby.data)
    subprocess.run(["cp", "-a", str(primary.data), str(standby.data)], check=True)
    signal_file = standby.data / "standby.signal"
    signal_file.touch()
    shutil.chown(signal_file, standby.data.owner(), standby.data.group())
    standby.settings = {"primary_conninfo": f"host=127.0.0.1 port={primary.port} user=postgres"}
    for server in (primary, standby):
        server.start()
    wait_until(lambda: _streams(primary), seconds=60, what="the standby to stream")
    return primary, standby


def _streams(primary: PostgreSQL) -> bool:
    with psycopg.connect(primary.dsn) as session:
        row = session.execute("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'").fetchone()
    return row == (1,)


@contextmanager
def halted(server: Server, *, really: bool = True) -> Iterator[None]:
    """Send SIGSTOP to every process of *server*, and SIGCONT afterwards; do nothing unless *really*."""
    main = psutil.Process(server.pid)
    processes = [main, *main.children(recursive=True)] if really else []
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()
