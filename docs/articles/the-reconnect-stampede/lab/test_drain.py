"""A server that closes: all clients at once, a few at a time, or all with a date for coming back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from clock import Clock
from engblog.lab.record import Recorder
from plans import CLIENTS, PATIENCE, WINDOW, Run
from process import Process
from swarm import Swarm, at_once
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

Runs = Callable[[str], Run]


@pytest.mark.fails_when("the drain is spread", assertion="crowd.inside < CLIENTS / 2", plan="drain spread")
def test_a_drain_at_once_is_a_stampede(run: Runs, record: Recorder, plan: str = "drain at once") -> None:
    """After a drain at once, fewer than half of the clients get in, all of them early, and most work is wasted."""
    crowd = run(plan)
    record.number("drained_inside", crowd.inside, note="of 2,000 clients in 36 s after a drain at once")
    assert crowd.inside < CLIENTS / 2
    assert max(crowd.ready, default=0) < 2 * PATIENCE
    assert crowd.handshakes > 2 * len(crowd.ready)


@pytest.mark.fails_when("all are closed at once", assertion="crowd.inside > 0.95 * CLIENTS", plan="drain at once")
def test_a_drain_that_takes_its_time_is_none(run: Runs, record: Recorder, plan: str = "drain spread") -> None:
    """If the drain spreads its closes over 30 seconds, clients without jitter are nearly all in after one attempt."""
    crowd = run(plan)
    record.number("spread_inside", crowd.inside, note="of 2,000 clients in 36 s after a drain over 30 s")
    assert crowd.inside > 0.95 * CLIENTS
    assert len(crowd.attempts) < 1.1 * CLIENTS


@pytest.mark.fails_when("no date is named", assertion="crowd.inside > 0.95 * CLIENTS", plan="drain at once")
def test_a_date_for_coming_back_spreads_them_too(run: Runs, record: Recorder, plan: str = "drain date") -> None:
    """If all are closed at once, each with a delay in the close frame, nearly all are in after one attempt each."""
    crowd = run(plan)
    record.number("date_inside", crowd.inside, note="of 2,000 clients in 36 s after a drain with dates")
    assert crowd.inside > 0.95 * CLIENTS
    assert len(crowd.attempts) < 1.1 * CLIENTS


@pytest.mark.fails_when("the server names no date", assertion='startswith("retry-in=")', drain="at once")
def test_a_client_can_read_the_date(drain: str = "date") -> None:
    """A WebSocket client of another library gets code 1012 and the delay as the close frame's reason."""
    server = Process(drain=drain, window=WINDOW)
    with connect(f"ws://127.0.0.1:{server.port}/feed") as socket:
        assert socket.recv() == "ready"
        server.process.terminate()
        with pytest.raises(ConnectionClosedError) as closed:
            socket.recv()
    server.end()
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1012
    assert closed.value.rcvd.reason.startswith("retry-in=")
    assert 0 <= float(closed.value.rcvd.reason.removeprefix("retry-in=")) <= WINDOW


@pytest.mark.fails_when("it may open more", assertion="inside < 64", files=0)
def test_a_server_out_of_files_refuses_nobody(record: Recorder, files: int = 64) -> None:
    """A server that may open 64 files lets fewer than 64 of 100 clients in; the rest wait and see no error."""
    server = Process(files=files)
    swarm = Swarm(100, server.port, at_once, Clock())
    swarm.start()
    while swarm.inside() < 50:
        swarm.run(0.1)
    swarm.run(2)
    inside, waiting, lost = swarm.inside(), swarm.believing(), swarm.lost
    swarm.end()
    counts = server.end()
    record.number("files_inside", inside, note="of 100 clients in, 64 open files")
    assert lost == 0
    assert inside < 64
    assert inside + waiting == 100
    assert counts["files"] > 0
