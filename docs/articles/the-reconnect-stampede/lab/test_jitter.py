"""When the clients come back: the jitter that spreads them, and the jitter that doesn't."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from clock import Clock
from engblog.lab.process import find_program
from engblog.lab.record import Recorder
from plans import CLIENTS, Run
from server import Server, Settings
from swarm import Swarm
from test_stampede import draw

LAB = Path(__file__).parent
Runs = Callable[[str], Run]


@pytest.mark.fails_when("the window is thirty seconds", assertion="together > 0.9 * CLIENTS", plan="window")
def test_half_a_second_of_jitter_is_one_second_of_crowd(
    run: Runs, record: Recorder, plan: str = "around a second"
) -> None:
    """With Socket.IO's default delays, more than nine in ten clients make their first attempt within 1.2 seconds."""
    first = run(plan).attempts[:CLIENTS]
    together = max(sum(start <= other < start + 1.2 for other in first) for start in first[::20])
    record.number("together", together, note="first attempts within 1.2 s, default delays of Socket.IO")
    assert together > 0.9 * CLIENTS


@pytest.mark.fails_when("the window is thirty seconds", assertion="crowd.inside < CLIENTS / 2", plan="window")
def test_a_narrow_window_does_not_help(run: Runs, record: Recorder, plan: str = "around a second") -> None:
    """With Socket.IO's default delays, fewer than half of the impatient clients are in after 36 seconds."""
    crowd = run(plan)
    draw(record, "back", "1 s ± a half", crowd.ready)
    record.number("around_inside", crowd.inside, note="of 2,000 clients in after 36 s, default delays of Socket.IO")
    assert crowd.inside < CLIENTS / 2


@pytest.mark.fails_when("they come within a second", assertion="crowd.inside > 0.95 * CLIENTS", plan="around a second")
def test_a_window_wide_enough_lets_everyone_in(run: Runs, record: Recorder, plan: str = "window") -> None:
    """Spread over thirty seconds, nearly all of the impatient clients are in after one attempt each."""
    crowd = run(plan)
    draw(record, "back", "anywhere in 30 s", crowd.ready)
    record.number("window_inside", crowd.inside, note="of 2,000 clients in after 36 s, spread over 30 s")
    record.number("window_attempts", len(crowd.attempts), note="attempts of 2,000 clients in 36 s, spread over 30 s")
    assert crowd.inside > 0.95 * CLIENTS
    assert len(crowd.attempts) < 1.1 * CLIENTS


@pytest.mark.fails_when("the generator is seeded", assertion="len(set(jitters)) == 1", seeded="seeded")
def test_the_same_seed_is_no_jitter(record: Recorder, tmp_path: Path, seeded: str = "") -> None:
    """Three processes that draw from an unseeded generator, as Go's was before 1.20, wait for the same time."""
    go = find_program("go", package="golang-go")
    environment = {**os.environ, "GODEBUG": "randautoseed=0", "GOCACHE": str(tmp_path / "cache"), "GOFLAGS": "-mod=mod"}
    program = tmp_path / "jitter"
    subprocess.run([go, "build", "-o", program, LAB / "jitter.go"], env=environment, check=True, cwd=tmp_path)
    version = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout
    record.version("Go", version.strip().removeprefix("go"))
    jitters = [
        subprocess.run([program, seeded], env=environment, capture_output=True, text=True, check=True).stdout
        for _ in range(3)
    ]
    record.number("go_jitter", jitters[0].strip(), note="what each of three processes printed")
    assert len(set(jitters)) == 1


def attempts_of(reset_on_open: bool) -> float:
    """Attempts that each of twenty clients makes in three seconds, at a server that opens and closes."""
    clock = Clock()
    server = Server(Settings(refuse=True), clock)
    swarm = Swarm(20, server.port, lambda attempt: 0.1 * 2**attempt, clock, reset_on_open=reset_on_open)
    swarm.start()
    while clock.now < 3:
        clock.tick()
        swarm.step()
        server.step()
        time.sleep(0.004)
    swarm.end()
    server.end()
    return len(swarm.attempts) / 20


@pytest.mark.fails_when("only a ready server counts", assertion="eager > 2 * careful", reset=False)
def test_a_reset_on_open_undoes_the_backoff(record: Recorder, reset: bool = True) -> None:
    """At a server that opens and closes, a client that resets its backoff on open tries more than twice as often."""
    eager, careful = attempts_of(reset), attempts_of(False)
    record.number("eager", eager, digits=2, note="attempts of each client in 3 s, backoff reset on open")
    record.number("careful", careful, digits=2, note="attempts of each client in 3 s, backoff reset when ready")
    assert eager > 2 * careful
