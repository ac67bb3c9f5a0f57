"""The limits that clients have if nobody sets any: each is measured to its end, or shown to be missing.

A missing limit is shown twice: the call still waits after 33 seconds, longer than every limit on one wait that the lab
measures to its end, and the system call in which the process waits has no limit either. A call with a limit of ten
minutes also waits after 33 seconds, and only the system call gives it away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import redis
from calls import Call
from conftest import Waiting
from psycopg import conninfo

pytestmark = pytest.mark.usefixtures("versions")
Find = Callable[..., Call]


@pytest.mark.fails_when("`connect_timeout` is 0.5", assertion="took > 9", connect_timeout=0.5)
def test_pymysql_gives_up_connecting_after_ten_seconds(
    unreached: Find, record: Any, connect_timeout: float | None = None
) -> None:
    """With PyMySQL's defaults, connecting to a port that drops SYNs fails after ten seconds."""
    outcome, took = unreached("pymysql_connect", connect_timeout=connect_timeout).end()
    assert "timed out" in outcome
    assert took > 9
    record.number("pymysql_connect", took, unit="s", note="PyMySQL's defaults, until connecting failed")


@pytest.mark.fails_when("the caller passes `AbortSignal.timeout(300)`", assertion="took > 9", abort=300)
def test_fetch_gives_up_connecting_after_ten_seconds(unreached: Find, record: Any, abort: int | None = None) -> None:
    """In Node.js 20, `fetch` to a port that drops SYNs fails after about ten seconds with UND_ERR_CONNECT_TIMEOUT."""
    outcome, took = unreached("fetch", abort=abort).end()
    assert took > 9
    assert "UND_ERR_CONNECT_TIMEOUT" in outcome
    record.number(
        "fetch_connect", took, unit="s", note="fetch in Node.js 20 with its defaults, until connecting failed"
    )


@pytest.mark.fails_when("the dialer's timeout is 300 ms", assertion="took > 29", dial=300)
def test_go_gives_up_connecting_after_thirty_seconds(unreached: Find, record: Any, dial: int | None = None) -> None:
    """Go's `http.Get` to a port that drops SYNs fails after 30 seconds, in the dialer."""
    outcome, took = unreached("go_get", Dial=dial).end()
    assert "dial tcp" in outcome
    assert "i/o timeout" in outcome
    assert took > 29
    record.number("go_connect", took, unit="s", note="http.Get with its defaults, until connecting failed")


@pytest.mark.fails_when("`connect_timeout` is 2", assertion="limit == 130", connect_timeout="2")
def test_psycopg_connects_for_130_seconds(unreached: Find, connect_timeout: str | None = None) -> None:
    """psycopg limits connecting to 130 seconds if `connect_timeout` isn't set, and after 33 seconds it still tries."""
    parameters = {"connect_timeout": connect_timeout} if connect_timeout else {}
    limit = conninfo.timeout_from_conninfo(parameters)
    assert limit == 130
    assert unreached("psycopg_connect", connect_timeout=connect_timeout).outlasts()


@pytest.mark.parametrize("client", ["urllib_get", "requests_get"])
@pytest.mark.fails_when("`timeout` is 0.3", assertion="call.outlasts()", timeout=0.3)
@pytest.mark.fails_when("`timeout` is ten minutes", assertion="call.seen ==", timeout=600)
@pytest.mark.usefixtures("syscalls")
def test_python_http_sets_no_limit_for_connecting(unreached: Find, client: str, timeout: float | None = None) -> None:
    """urllib and requests still try to connect after 33 seconds, in a system call without a time limit."""
    call = unreached(client, timeout=timeout)
    assert call.outlasts()
    assert call.seen == {"connect": None}


@pytest.mark.fails_when("the caller destroys the request after 300 ms", assertion="call.outlasts()", abort=300)
@pytest.mark.fails_when("the caller destroys the request after ten minutes", assertion="call.seen ==", abort=600_000)
@pytest.mark.usefixtures("syscalls")
def test_node_http_get_sets_no_limit_for_connecting(unreached: Find, abort: int | None = None) -> None:
    """`http.get` in Node.js 20 still tries to connect after 33 seconds, and the process has no timer left."""
    call = unreached("http_get", abort=abort)
    assert call.outlasts()
    assert call.seen == {"epoll_pwait": None}


@pytest.mark.parametrize("client", ["urllib_get", "requests_get"])
@pytest.mark.fails_when("`timeout` is 0.3", assertion="call.outlasts()", timeout=0.3)
@pytest.mark.fails_when("`timeout` is ten minutes", assertion="call.seen ==", timeout=600)
@pytest.mark.usefixtures("syscalls")
def test_python_http_waits_for_ever(unanswered: Find, client: str, timeout: float | None = None) -> None:
    """urllib and requests still wait for an answer after 33 seconds, in a system call without a time limit."""
    call = unanswered(client, timeout=timeout)
    assert call.outlasts()
    assert call.seen == {"recvfrom": None}


@pytest.mark.fails_when("`http.Client.Timeout` is 300 ms", assertion="call.outlasts()", total=300)
@pytest.mark.fails_when("`http.Client.Timeout` is ten minutes", assertion="call.seen ==", total=600_000)
@pytest.mark.usefixtures("syscalls")
def test_go_waits_for_ever(unanswered: Find, total: int | None = None) -> None:
    """Go's `http.Get` still waits for an answer after 33 seconds, and the process has no timer left."""
    call = unanswered("go_get", Total=total)
    assert call.outlasts()
    assert call.seen == {"epoll_pwait": None}


@pytest.mark.fails_when("the listener destroys the request", assertion="call.outlasts()", destroy=True)
@pytest.mark.fails_when("the caller destroys the request after ten minutes", assertion="call.seen ==", abort=600_000)
@pytest.mark.usefixtures("syscalls")
def test_node_http_get_waits_for_ever(
    unanswered: Find, record: Any, destroy: bool | None = None, abort: int | None = None
) -> None:
    """`http.get` in Node.js 20 emits `timeout` after five seconds, but still waits after 33, with no timer left."""
    call = unanswered("http_get", destroy=destroy, abort=abort)
    assert call.outlasts()
    event = call.word("timeout event", 0)
    assert event is not None
    assert event[0] > 4.5
    assert call.seen == {"epoll_pwait": None}
    record.number(
        "node_event", event[0], unit="s", note="http.get with its defaults, until it emitted its timeout event"
    )


@pytest.mark.fails_when("both limits of the dispatcher are a second", assertion="limits ==", limit=1000)
@pytest.mark.usefixtures("syscalls")
def test_fetch_waits_five_minutes(unanswered: Find, start_call: Callable[..., Call], limit: int | None = None) -> None:
    """`fetch` in Node.js 20 allows 300 seconds for the headers and for each gap in the body; 33 don't end it."""
    call = unanswered("fetch_limits", headersTimeout=limit, bodyTimeout=limit)
    limits = call.word("limits", 10)
    assert limits == [300_000, 300_000]
    assert call.outlasts()
    assert call.seen["epoll_pwait"] is not None


@pytest.mark.fails_when("`read_timeout` is 0.3", assertion="call.outlasts()", read_timeout=0.3)
@pytest.mark.fails_when("`read_timeout` is ten minutes", assertion="call.seen ==", read_timeout=600)
@pytest.mark.usefixtures("syscalls")
def test_pymysql_has_no_limit_for_the_greeting(unanswered: Find, read_timeout: float | None = None) -> None:
    """PyMySQL's limit for connecting covers TCP only: after 33 seconds it still waits for the server's greeting."""
    call = unanswered("pymysql_connect", read_timeout=read_timeout)
    assert call.outlasts()
    assert call.seen == {"recvfrom": None}


@pytest.mark.fails_when("retries are off", assertion="tries == 11", once=True, socket_timeout=0.5)
def test_redis_py_takes_its_limit_eleven_times(
    unanswered: Find, waiting: Waiting, silent: Any, record: Any, once: bool | None = None, socket_timeout: float = 5
) -> None:
    """With redis-py's defaults, one GET from a silent server connects 11 times, waits 5 s each time, and then fails."""
    options = {"once": once, "socket_timeout": socket_timeout} if once else {}
    outcome, took = unanswered("redis_get", **options).end()
    assert "Timeout" in outcome
    tries = len((silent if once else waiting.silent).accepted)
    assert tries == 11
    assert took > 11 * socket_timeout
    defaults = redis.Redis().connection_pool.make_connection()
    assert (defaults.socket_connect_timeout, defaults.socket_timeout) == (5, 5)
    record.number("redis_get", took, unit="s", note="one GET with redis-py's defaults, until it failed")
    record.number("redis_tries", tries, note="connections that the silent server accepted for that GET")
