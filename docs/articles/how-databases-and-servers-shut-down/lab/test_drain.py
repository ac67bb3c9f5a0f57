"""What clients lose when one of two servers is stopped under load."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from engblog.lab.record import Chart, Recorder
from rollout import HttpServer, Rollout, StartServer, roll

LANGUAGE = {"go": "Go", "mjs": "Node"}
RUNS = 5


def rollouts(
    start_server: StartServer, program: str, *, delay: float, lag: float, runs: int
) -> list[tuple[HttpServer, Rollout]]:
    """Stop a server under load, *runs* times over; two rollouts go on at a time."""

    def once(_: int) -> tuple[HttpServer, Rollout]:
        old, new = start_server(program, delay=delay), start_server(program)
        return old, roll(old, new, lag=lag)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(once, range(runs)))


def lost_chart(record: Recorder) -> Chart:
    """The chart of what each kind of stop costs."""
    return record.chart(
        "lost",
        title="Requests lost by stopping one of two servers",
        x="server, and how it stops",
        y="requests lost",
        kind="dots",
        note=f"{RUNS} stops each, 8 clients that never retry, requests of 50 ms",
    )


@pytest.mark.fails_when("the servers drain", assertion="all(loss > 0", handler="server", delay=2, runs=1)
@pytest.mark.parametrize("suffix", LANGUAGE)
def test_a_server_without_a_handler_loses_requests(
    suffix: str, start_server: StartServer, record: Recorder, handler: str = "naive", delay: float = 0, runs: int = RUNS
) -> None:
    """Told to stop under load, Go and Node servers without a handler lose requests in flight and everything that is
    sent to them later."""
    stops = rollouts(start_server, f"{handler}.{suffix}", delay=delay, lag=0.2, runs=runs)
    lost = [rollout.clients.lost.total() for _, rollout in stops]

    assert all(loss > 0 for loss in lost)
    chart = lost_chart(record)
    cut = refused = 0  # requests that were in flight, requests that came later
    for (old, rollout), loss in zip(stops, lost, strict=True):
        assert rollout.ending.status == -15
        before, later = rollout.sent(old)
        cut += sum(1 for request in before if request.error)
        refused += len(later)
        assert all(request.error for request in later)
        record.sample(f"naive_{suffix}_lost", loss, note="requests lost, same load, no handler")
        chart.point("lost", f"{LANGUAGE[suffix]}, no handler", loss)
    assert cut
    assert refused


@pytest.mark.fails_when("the servers have no handler", assertion="lost == [0] * runs", handler="naive", runs=1)
@pytest.mark.fails_when("they close their listener at once", assertion="lost == [0] * runs", delay=0, runs=1)
@pytest.mark.parametrize("suffix", LANGUAGE)
def test_a_server_that_drains_loses_no_request(
    suffix: str,
    start_server: StartServer,
    record: Recorder,
    handler: str = "server",
    delay: float = 2,
    runs: int = RUNS,
) -> None:
    """Told to stop under load, five times, the Go server and the Node server answer every request and exit with 0."""
    stops = rollouts(start_server, f"{handler}.{suffix}", delay=delay, lag=0.2, runs=runs)
    lost = [rollout.clients.lost.total() for _, rollout in stops]

    assert lost == [0] * runs
    for old, rollout in stops:
        assert rollout.ending.status == 0
        assert len(old.journalled()) == rollout.clients.answered(old)
    chart = lost_chart(record)
    for value in lost:
        record.sample(f"{suffix}_lost", value, note="requests lost while one server drained")
        chart.point("lost", f"{LANGUAGE[suffix]}, drains", value)


@pytest.mark.fails_when("the server waits until the rotation has forgotten it", assertion="refused", delay=2, runs=1)
def test_a_drain_that_starts_too_early_is_refused_connections(
    start_server: StartServer, record: Recorder, delay: float = 0, runs: int = RUNS
) -> None:
    """A Go server that drains, but stops listening before the rotation has forgotten it, answers what it has begun, and
    clients are refused connections."""
    chart = lost_chart(record)
    for old, rollout in rollouts(start_server, "server.go", delay=delay, lag=0.7, runs=runs):
        lost = rollout.clients.lost
        refused = lost.pop("ConnectionRefusedError", 0)
        assert refused
        assert rollout.ending.status == 0
        assert len(old.journalled()) == rollout.clients.answered(old)  # what it began, it answered
        assert set(lost) <= {"RemoteDisconnected", "ConnectionResetError", "BrokenPipeError"}
        record.sample("race_refused", refused, note="connections refused with 0.7 s between SIGTERM and removal")
        record.sample("race_closed", lost.total(), note="requests sent on a connection that was being closed")
        chart.point("lost", "Go, closes at once", refused + lost.total())
