"""Retries on several layers, and on behalf of somebody who has left."""

from __future__ import annotations

import functools

import pytest
from chain import calls_after_leaving, one_click
from engblog.lab.record import Recorder
from loopback import run


@pytest.mark.fails_when("only the layer above the failure retries", assertion="calls == 27", attempts=(1, 1, 3))
def test_three_layers_multiply(record: Recorder, attempts: tuple[int, ...] = (3, 3, 3)) -> None:
    """One request through three layers with three attempts each becomes 27 requests to the service that fails."""
    calls = run(one_click(list(attempts)))
    record.number("calls", calls, note="requests at the bottom for one at the top, three layers, three attempts each")
    assert calls == 27


@pytest.mark.fails_when("every layer retries", assertion="calls == 3", attempts=(3, 3, 3))
def test_one_layer_that_retries_does_not(attempts: tuple[int, ...] = (1, 1, 3)) -> None:
    """If only the layer right above the failure has three attempts, the service that fails receives three."""
    calls = run(one_click(list(attempts)))
    assert calls == 3


@functools.cache
def outcome(propagate: bool) -> int:
    """Count once with the deadline passed on, and once without."""
    return run(calls_after_leaving(propagate))


@pytest.mark.fails_when("the deadline is passed on", assertion="late == 2", propagate=True)
def test_a_gateway_calls_for_a_user_who_has_left(record: Recorder, propagate: bool = False) -> None:
    """A gateway with four attempts of half a second sends two of them after a user who waits for 0.75 s has left."""
    late = outcome(propagate)
    record.number("late", late, note="calls that reached the service after the user had left")
    assert late == 2


@pytest.mark.fails_when("every attempt has its own time-out", assertion="late == 0", propagate=False)
def test_a_deadline_ends_with_the_user(propagate: bool = True) -> None:
    """A gateway that minds how long its user still waits sends nothing after the user has left."""
    late = outcome(propagate)
    assert late == 0
