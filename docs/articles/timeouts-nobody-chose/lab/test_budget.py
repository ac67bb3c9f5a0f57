"""A budget that travels with the request, and the work that is done for nobody without it."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from engblog.lab.process import wait_until
from peers import Peer
from relay import Relay, call
from worker import Budget, Worker, ask

CLIENTS, TAKES, PATIENCE = 15, 0.2, 1.0


@pytest.fixture
def opened() -> Iterator[Callable[[Any], Any]]:
    """Close services after the test."""
    made: list[Any] = []

    def keep(service: Any) -> Any:
        made.append(service)
        return service

    yield keep
    for service in made:
        service.close()


@dataclass(frozen=True)
class Crowd:
    """Fifteen clients that asked at once, and one that came after they had given up."""

    in_time: int
    statuses: list[int]  # of the crowd's requests, in the order of the line
    latecomer: int

    @property
    def for_nobody(self) -> int:
        """Count the requests that were worked on after their client had gone."""
        return self.statuses.count(200) - self.in_time


def come(*, reads_budget: bool) -> Crowd:
    """Have all clients ask at once, and one more when they have an answer or have given up."""
    service = Worker(TAKES, reads_budget=reads_budget)
    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(lambda _: ask(service.server_port, Budget.of(PATIENCE)), range(CLIENTS)))
    latecomer = ask(service.server_port, Budget.of(PATIENCE))
    wait_until(lambda: len(service.done) == CLIENTS + 1, seconds=120, what="the line to be empty")
    service.close()
    return Crowd(answers.count(200), service.done[:CLIENTS], latecomer)


@pytest.fixture(scope="module")
def crowds() -> dict[bool, Crowd]:
    """Two crowds, side by side: at a service that ignores the budget, and at one that reads it."""
    with ThreadPoolExecutor(2) as both:
        return dict(zip((False, True), both.map(lambda reads: come(reads_budget=reads), (False, True)), strict=True))


@pytest.mark.fails_when("the service reads the budget", assertion="worked == CLIENTS", reads_budget=True)
def test_a_service_works_for_clients_that_have_gone(
    crowds: dict[bool, Crowd], record: Any, reads_budget: bool = False
) -> None:
    """Of 15 clients fewer than half had an answer within their second, but the worker did the work of all 15."""
    crowd = crowds[reads_budget]
    worked = crowd.statuses.count(200)
    assert worked == CLIENTS
    assert crowd.in_time < CLIENTS / 2
    record.number(
        "crowd_in_time", crowd.in_time, note="answers within a second, 15 requests at once, 0.2 s of work each"
    )
    record.number("crowd_for_nobody", crowd.for_nobody, note="requests that were worked on for nobody")


@pytest.mark.fails_when("the service ignores the budget", assertion="refused > CLIENTS / 2", reads_budget=False)
def test_a_service_that_reads_the_budget_refuses_what_it_cannot_finish(
    crowds: dict[bool, Crowd], record: Any, reads_budget: bool = True
) -> None:
    """A service that reads the budget refused more than half of 15 requests that it couldn't finish in time."""
    crowd = crowds[reads_budget]
    refused = crowd.statuses.count(503)
    assert refused > CLIENTS / 2
    record.number("budget_in_time", crowd.in_time, note="answers within a second, with the budget in a header")
    record.number("budget_refused", refused, note="requests that were refused, with the budget in a header")
    record.number(
        "budget_for_nobody", crowd.for_nobody, note="requests that were worked on for nobody, with the budget"
    )


@pytest.mark.fails_when("the service ignores the budget", assertion="latecomer == 200", reads_budget=False)
def test_the_next_client_is_served_if_the_dead_are_skipped(
    crowds: dict[bool, Crowd], reads_budget: bool = True
) -> None:
    """After 15 clients have given up, a service that skips their requests answers the next client within its second."""
    assert crowds[reads_budget].latecomer == 200


@pytest.mark.fails_when("the middle reads the caller's budget", assertion="late > 0.3", reads_budget=True)
def test_the_middle_waits_on_after_the_caller_has_gone(
    opened: Callable[..., Any], silent: Peer, record: Any, reads_budget: bool = False
) -> None:
    """With a timeout of one second on each hop, a service that worked for 0.6 s waits on after its caller has left."""
    middle = opened(Relay(silent.port, own=0.6, timeout=1, reads_budget=reads_budget))
    ask(middle.server_port, Budget.of(1))
    gone = time.monotonic()
    wait_until(lambda: bool(middle.ended), seconds=60, what="the middle to end")
    late = middle.ended[0] - gone
    assert late > 0.3
    record.number("middle_late", late, unit="s", note="the middle waits on; timeouts of 1 s on both hops")


@pytest.mark.fails_when("only the first hop tries again", assertion="last.calls == 27", tries=1)
def test_three_tries_on_three_hops_are_27_calls(opened: Callable[..., Any], tries: int = 3) -> None:
    """If three services in a row each try three times, one failing request reaches the last service 27 times."""
    last = opened(Relay(None))
    third = opened(Relay(last.server_port, timeout=60, tries=tries))
    second = opened(Relay(third.server_port, timeout=60, tries=tries))
    call(second.server_port, Budget.of(120), tries=3)
    assert last.calls == 27


@pytest.mark.fails_when("the handler doesn't look at its context", assertion='said == "stopped"', mode="ignores")
def test_a_go_handler_hears_that_its_client_has_gone(build: Callable[[str], str], mode: str = "looks") -> None:
    """When a client hangs up, Go's HTTP server ends the request's context, and a handler that looks at it stops."""
    with subprocess.Popen([build("server.go"), mode], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        port = int(server.stdout.readline())
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert server.stdout.readline() == "began\n"
        client.close()
        said = server.stdout.readline().strip()
        server.kill()
    assert said == "stopped"
