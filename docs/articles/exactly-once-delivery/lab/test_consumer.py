"""A consumer is killed at every step between receive, effect, commit and acknowledgement."""

from __future__ import annotations

from typing import Any

import pytest
from experiments import STALLED, Cell, kill_consumers

STEPS = ("received", "effect", "committed", "acked")
Matrix = dict[str, dict[str, Cell]]


@pytest.fixture(scope="module")
def matrix(stack: Any, record: Any) -> Matrix:
    """Every handler of the lab, killed at each step, and stalled; run once."""
    cells = kill_consumers(stack.places, stack.crew, stack.mailbox, STEPS)
    for design, row in cells.items():
        for step, cell in row.items():
            record.number(f"{design}_{step}", cell.seen.replace("no such step", "–"), note=_NOTE)
    return cells


_NOTE = "effects of one message after its handler was stopped at this step and another process had taken over"


def _seen(matrix: Matrix, design: str) -> dict[str, str]:
    return {step: cell.seen for step, cell in matrix[design].items() if cell.seen != "no such step"}


@pytest.mark.fails_when(
    "an inbox remembers the message", assertion='seen["committed"] == "twice"', design="charge_with_inbox"
)
def test_the_brokers_exactly_once_charges_twice(matrix: Matrix, design: str = "charge_ack_last") -> None:
    """With a message id and a confirmed acknowledgement, a kill between commit and acknowledgement charges twice."""
    seen = _seen(matrix, design)
    assert seen["committed"] == "twice"
    assert [seen[step] for step in ("received", "effect", "acked")] == ["once"] * 3  # the open transaction rolled back
    assert matrix[design]["committed"].trace["deliveries"] == 2


@pytest.mark.fails_when("the acknowledgement comes last", assertion='["acked"] == "lost"', design="charge_ack_last")
def test_acknowledging_first_loses_the_charge(matrix: Matrix, design: str = "charge_ack_first") -> None:
    """A handler that acknowledges first and is killed before its commit never charges."""
    assert _seen(matrix, design)["acked"] == "lost"
    assert _seen(matrix, design)["effect"] == "lost"


@pytest.mark.fails_when("an inbox remembers the message", assertion='== "twice"', first="charge_with_inbox")
def test_a_stall_charges_twice_and_nobody_was_killed(
    matrix: Matrix, first: str = "charge_ack_first", last: str = "charge_ack_last"
) -> None:
    """A process that stalls past the acknowledgement's deadline and then goes on charges a second time."""
    assert _seen(matrix, first)[STALLED] == "twice"
    assert _seen(matrix, last)[STALLED] == "twice"


@pytest.mark.fails_when("the insert into the inbox is left out", assertion='== {"once"}', design="charge_ack_last")
def test_an_inbox_charges_once_wherever_it_is_killed(matrix: Matrix, design: str = "charge_with_inbox") -> None:
    """With the message's id in the transaction of the charge, every kill and the stall end in one charge."""
    assert set(_seen(matrix, design).values()) == {"once"}


@pytest.mark.fails_when("the position is the broker's", assertion='== {"once"}', design="charge_ack_last")
def test_a_position_beside_the_effect_needs_no_acknowledgement(
    matrix: Matrix, design: str = "charge_with_position"
) -> None:
    """With the position in the stream in the transaction of the charge, every kill and the stall end in one charge."""
    assert set(_seen(matrix, design).values()) == {"once"}
    assert "acked" not in _seen(matrix, design)


@pytest.mark.fails_when("`ack_sync()` waits for the answer", assertion='== "twice"', design="charge_ack_last")
def test_an_ack_that_has_returned_may_not_have_left(matrix: Matrix, design: str = "charge_ack_unconfirmed") -> None:
    """Killed right after nats-py's ack() has returned, the handler charges again: the acknowledgement never left."""
    assert _seen(matrix, design)["acked"] == "twice"


@pytest.mark.fails_when("the commit comes first", assertion='["effect"] == "twice"', design="mail_after_inbox")
def test_a_receipt_sent_before_the_commit_is_sent_twice(matrix: Matrix, design: str = "mail_before_inbox") -> None:
    """Killed between SMTP's 250 and the commit of "sent", the handler sends the receipt again."""
    assert _seen(matrix, design)["effect"] == "twice"


@pytest.mark.fails_when("the commit comes last", assertion='["committed"] == "lost"', design="mail_before_inbox")
def test_a_receipt_committed_before_it_is_sent_is_lost(matrix: Matrix, design: str = "mail_after_inbox") -> None:
    """Killed between the commit of "sent" and SMTP's 250, the handler never sends the receipt."""
    assert _seen(matrix, design)["committed"] == "lost"


@pytest.mark.fails_when('only "sent" is committed', assertion='"in doubt" in seen', design="mail_after_inbox")
def test_in_doubt_is_the_same_state_for_sent_and_for_never_sent(matrix: Matrix, design: str = "mail_in_doubt") -> None:
    """A handler that commits "sending" first leaves the same state whether the receipt went out or not."""
    for step, receipts in (("committed", "lost"), ("effect", "once")):
        seen = _seen(matrix, design)[step]
        assert "in doubt" in seen
        assert seen.startswith(receipts)


@pytest.mark.fails_when("every attempt makes a new key", assertion='== {"once"}', design="pay_with_fresh_key")
def test_a_key_that_both_attempts_share_charges_once(matrix: Matrix, design: str = "pay_with_key") -> None:
    """A payment service that remembers the message's id as the key charges once at every kill and after the stall."""
    assert set(_seen(matrix, design).values()) == {"once"}


@pytest.mark.fails_when("the effect was doubled and not lost", assertion="lost.trace == once.trace",
                        design="charge_ack_last", step="committed", seen="twice")  # fmt: skip
def test_a_lost_charge_leaves_no_trace_in_the_broker(
    matrix: Matrix, design: str = "charge_ack_first", step: str = "acked", seen: str = "lost"
) -> None:
    """The broker's state of a consumer is the same after a charge that was lost as after one that was made."""
    lost, once = matrix[design][step], matrix["charge_ack_last"]["acked"]
    assert (lost.seen, once.seen) == (seen, "once")
    assert lost.trace == once.trace


@pytest.mark.fails_when("the sequence of deliveries is read", assertion="trace[gauge] == 0", gauge="deliveries")
def test_the_gauge_of_redeliveries_is_zero_after_a_double_charge(matrix: Matrix, gauge: str = "redelivered") -> None:
    """After a double charge num_redelivered is 0 again; only the consumer's sequence still counts two deliveries."""
    doubled = matrix["charge_ack_last"]["committed"]
    assert doubled.seen == "twice"
    assert doubled.trace[gauge] == 0
    assert doubled.trace["deliveries"] == 2
