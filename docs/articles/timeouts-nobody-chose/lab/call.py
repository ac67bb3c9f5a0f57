"""One call of a Python client, with its defaults and what the second argument adds, in a process of its own.

``call.py CLIENT TARGET OPTIONS`` announces ``["ready", process id of the server's end]``, waits for a line on standard
input, calls, and announces ``["end", error, seconds]``.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import psycopg
import pymysql
import redis
import requests
from redis.backoff import NoBackoff
from redis.retry import Retry

Call = tuple[int, Callable[[], object]]


def psycopg_connect(dsn: str, **options: Any) -> Call:
    """Connect to PostgreSQL."""
    return 0, lambda: psycopg.connect(dsn, **options)


def psycopg_query(dsn: str, **options: Any) -> Call:
    """Connect, and then send a query that takes ten minutes."""
    if "asyncio_timeout" in options:
        return _async_query(dsn, options["asyncio_timeout"])
    connection = psycopg.connect(dsn, **options)
    return connection.info.backend_pid, lambda: connection.execute("SELECT pg_sleep(600)")


def _async_query(dsn: str, seconds: float) -> Call:
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(psycopg.AsyncConnection.connect(dsn))

    async def query() -> None:
        async with asyncio.timeout(seconds):
            await connection.execute("SELECT pg_sleep(600)")

    return connection.info.backend_pid, lambda: loop.run_until_complete(query())


def psycopg_insert(dsn: str, statement: str, server: str) -> Call:
    """Connect with settings for the *server*, and then run the *statement*."""
    connection = psycopg.connect(dsn, options=server, autocommit=True)
    return connection.info.backend_pid, lambda: connection.execute(statement)


def pymysql_connect(port: str, **options: Any) -> Call:
    """Connect to MariaDB."""
    return 0, lambda: pymysql.connect(host="127.0.0.1", port=int(port), user="root", **options)


def pymysql_query(port: str, **options: Any) -> Call:
    """Connect, and then send a query that takes ten minutes."""
    connection = pymysql.connect(host="127.0.0.1", port=int(port), user="root", **options)
    return 0, lambda: connection.cursor().execute("SELECT SLEEP(600)")


def redis_get(port: str, **options: Any) -> Call:
    """Ask Redis for one key; connect on the way."""
    if options.pop("once", False):
        options["retry"] = Retry(NoBackoff(), 0)
    client = redis.Redis(port=int(port), **options)
    return 0, lambda: client.get("key")


def urllib_get(port: str, **options: Any) -> Call:
    """Get a page with the standard library."""
    return 0, lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/", **options).read()  # noqa: S310


def requests_get(port: str, **options: Any) -> Call:
    """Get a page with requests."""
    return 0, lambda: requests.get(f"http://127.0.0.1:{port}/", **options).content  # noqa: S113


def main() -> None:
    """Make the call."""
    name, target, options = sys.argv[1:]
    peer, call = globals()[name](target, **json.loads(options))
    print(json.dumps(["ready", peer]), flush=True)
    sys.stdin.readline()
    start, outcome = time.monotonic(), "ok"
    try:
        call()
    except Exception as error:  # whatever it is, it ends the call
        outcome = f"{type(error).__name__}: {error}"
    print(json.dumps(["end", outcome, time.monotonic() - start]), flush=True)


if __name__ == "__main__":
    main()
