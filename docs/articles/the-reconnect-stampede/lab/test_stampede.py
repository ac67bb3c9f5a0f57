"""The crowd at the door: what the queue does with it, and what the clients' patience does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from engblog.lab.record import Recorder
from plans import CLIENTS, COST, PATIENCE, Run

Runs = Callable[[str], Run]


TITLES = {"let_in": "Clients let in", "back": "Clients that are back"}


def draw(record: Recorder, key: str, line: str, times: list[float]) -> None:
    """Add a line with the number of events in each second, or up to it, to a chart."""
    note = "2,000 clients; a server that can let in 100 a second."
    y = "clients a second" if key == "let_in" else "clients"
    chart = record.chart(key, title=TITLES[key], x="seconds after the loss", y=y, note=note)
    count = Counter(int(when) for when in times)
    total = 0
    for second in range(36):
        total += count[second]
        chart.point(line, second, count[second] if key == "let_in" else total)


@pytest.mark.fails_when("the backlog is 4,096", assertion="short.drops > CLIENTS / 2", plan="long queue")
def test_a_short_queue_turns_clients_away(run: Runs, record: Recorder, plan: str = "short queue") -> None:
    """Against a backlog of 100, the kernel drops more than 1,000 packets of 2,000 clients that come at once."""
    short = run(plan)
    record.number("short_drops", short.drops, note="SYNs, ACKs and requests dropped at the listener, backlog 100")
    assert short.drops > CLIENTS / 2


@pytest.mark.fails_when("the backlog is 4,096", assertion="short.repeated > short.inside / 2", plan="long queue")
def test_most_get_in_by_a_repeated_packet(run: Runs, record: Recorder, plan: str = "short queue") -> None:
    """With a backlog of 100, most of the clients that get in do so only after their kernel has repeated a packet."""
    short = run(plan)
    record.number("short_inside", short.inside, note="of 2,000 clients in after 36 s, backlog 100")
    record.number("short_repeated", short.repeated, note="of those, after their kernel had repeated a packet")
    assert short.repeated > short.inside / 2


@pytest.mark.fails_when("the backlog is 4,096", assertion="short.believing > 2 * 101", plan="long queue")
def test_clients_outside_believe_that_they_are_connected(
    run: Runs, record: Recorder, plan: str = "short queue"
) -> None:
    """Against a backlog of 100, over 200 clients outside believe that they are connected; the queue holds 101."""
    short = run(plan)
    note = "of 2,000 clients not in after 36 s, but with a connection as far as they know, backlog 100"
    record.number("short_believing", short.believing, note=note)
    assert short.believing > 2 * 101


@pytest.mark.fails_when("the backlog is 4,096", assertion="idle >= 5", plan="long queue")
def test_the_server_idles_while_clients_wait(run: Runs, record: Recorder, plan: str = "short queue") -> None:
    """With a backlog of 100, the server lets nobody in in five or more of the seconds in which clients wait."""
    short = run(plan)
    until = 36 if short.inside < CLIENTS else int(short.ready[-1])
    idle = until - len({int(when) for when in short.ready if when < until})
    record.number("short_idle", idle, note="of 36 s in which nobody was let in, backlog 100")
    assert idle >= 5


@pytest.mark.fails_when("the backlog is 4,096", assertion="late > 0", plan="long queue")
def test_a_short_queue_takes_longer(run: Runs, record: Recorder, plan: str = "short queue") -> None:
    """When a server with a backlog of 4,096 has let everyone in, one with 100 still has clients outside."""
    short, long = run(plan), run("long queue")
    late = CLIENTS - sum(when <= long.ready[-1] for when in short.ready)
    record.number("short_late", late, note="of 2,000 clients outside when the longer queue's were all in, backlog 100")
    for name, each in (("backlog 100", short), ("backlog 4,096", long)):
        draw(record, "let_in", name, each.ready)
    assert late > 0


@pytest.mark.fails_when("the backlog is 100", assertion="long.drops == 0", plan="short queue")
def test_a_long_queue_lets_patient_clients_in(run: Runs, record: Recorder, plan: str = "long queue") -> None:
    """With a backlog of 4,096 nothing is dropped, and all patient clients are in as fast as the server can work."""
    long = run(plan)
    record.number("long_last", long.ready[-1], unit="s", digits=2, note="until the last was in, backlog 4,096")
    assert long.drops == 0
    assert len(long.attempts) == long.inside == CLIENTS
    assert long.ready[-1] < 1.2 * CLIENTS * COST


@pytest.mark.fails_when("the clients are patient", assertion="crowd.inside < CLIENTS / 2", plan="long queue")
def test_impatient_clients_stay_outside(run: Runs, record: Recorder, plan: str = "at once") -> None:
    """Of clients that wait five seconds for each attempt, fewer than half are in after 36 seconds, backlog 4,096."""
    crowd = run(plan)
    draw(record, "back", "all at once", crowd.ready)
    record.number("crowd_inside", crowd.inside, note="of 2,000 clients in after 36 s, five seconds of patience")
    record.number("crowd_attempts", len(crowd.attempts), note="attempts of 2,000 clients in 36 s")
    assert crowd.inside < CLIENTS / 2


@pytest.mark.fails_when("the clients come over thirty seconds", assertion="wasted > crowd.inside", plan="window")
def test_the_server_works_for_clients_that_have_left(run: Runs, record: Recorder, plan: str = "at once") -> None:
    """With impatient clients in a long queue, a server does more handshakes for those that left than for the rest."""
    crowd = run(plan)
    wasted = crowd.handshakes - len(crowd.ready)
    record.number("wasted", wasted, note="handshakes for clients that had left, in 36 s")
    assert wasted > crowd.inside


@pytest.mark.fails_when("the clients are patient", assertion="max(crowd.ready)", plan="long queue")
def test_nobody_gets_in_after_the_first_seconds(run: Runs, plan: str = "at once") -> None:
    """With impatient clients in a long queue, nobody gets in after the first seconds."""
    crowd = run(plan)
    assert max(crowd.ready) < 2 * PATIENCE


@pytest.mark.fails_when("the other backlog is 4,096 too", assertion="short.inside > 1.5 * long.inside", plan="at once")
def test_impatient_clients_fare_better_with_a_short_queue(
    run: Runs, record: Recorder, plan: str = "at once, short queue"
) -> None:
    """Of the same impatient crowd, a backlog of 100 lets in more than one and a half times as many as one of 4,096."""
    short, long = run(plan), run("at once")
    draw(record, "back", "all at once, backlog 100", short.ready)
    record.number("impatient_short", short.inside, note="of 2,000 impatient clients in after 36 s, backlog 100")
    assert short.inside > 1.5 * long.inside


@pytest.mark.fails_when("the server does not look", assertion="crowd.inside > 0.95 * CLIENTS", plan="at once")
def test_a_server_that_looks_first_recovers(run: Runs, record: Recorder, plan: str = "look first") -> None:
    """A server that looks before it works if a client is still there has nearly all in, and wastes hardly any work."""
    crowd = run(plan)
    draw(record, "back", "all at once, server looks", crowd.ready)
    record.number("look_inside", crowd.inside, note="of 2,000 clients in after 36 s, the server looks first")
    record.number(
        "look_last", crowd.ready[-1], unit="s", digits=2, note="until the last was in, the server looks first"
    )
    assert crowd.inside > 0.95 * CLIENTS
    assert crowd.handshakes < 1.1 * CLIENTS
