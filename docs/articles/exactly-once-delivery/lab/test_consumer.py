"""A consumer is killed at every step between receive, effect, commit and acknowledgement."""

from __future__ import annotations

from typing import Any

import pytest
from experiments import STALLED, Cell, ask, kill_consumers
from jobs import PATIENCE, STREAM
from nats.js.api import ConsumerConfig

STEPS = ("received", "effect", "committed", "acked")
Matrix = dict[str, dict[str, Cell]]


@pytest.fixture(scope="module")
def matrix(stack: Any, record: Any) -> Matrix:
    """Every handler of the lab, killed at each step, and stalled; run once."""
    cells = kill_consumers(stack.places, stack.crew, stack.mailbox, STEPS)
    for design, row in cells.items():
        for step, cell in row.items():
            if cell.seen == "no such step":
                record.number(f"{design}_{step}", "–", note=f"the handler {design}() has no step {step!r}")
            else:
                record.number(f"{design}_{step}", cell.seen, note=_note(design, step))
    return cells


WHEN = {
    "received": "killed after it had received the message",
    "effect": "killed after the charge or the mail",
    "committed": "killed after the commit",
    "acked": "killed after the acknowledgement",
    STALLED: "stopped after it had received the message, until another process had done the work",
}


def _note(design: str, step: str) -> str:
    return f"effects of one message; the handler {design}() was {WHEN[step]}, and another process finished"


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


@pytest.mark.fails_when("the acknowledgement comes last", assertion='seen["acked"] == "lost"', design="charge_ack_last")
def test_acknowledging_first_loses_the_charge(matrix: Matrix, design: str = "charge_ack_first") -> None:
    """A handler that acknowledges first and is killed before its commit never charges."""
    seen = _seen(matrix, design)
    assert seen["acked"] == "lost"
    assert seen["effect"] == "lost"
    assert [seen["received"], seen["committed"]] == ["once", "once"]


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
    assert {cell.trace["deliveries"] for cell in matrix[design].values()} == {0}  # it never asked the consumer


@pytest.mark.fails_when("the event loop gets a turn before the kill", assertion='== "twice"',
                        design="charge_ack_flushed")  # fmt: skip
@pytest.mark.fails_when("`ack_sync()` waits for the answer", assertion='== "twice"', design="charge_ack_last")
def test_an_ack_that_has_returned_may_not_have_left(matrix: Matrix, design: str = "charge_ack_unconfirmed") -> None:
    """Stopped and killed as soon as nats-py's ack() has returned, a handler has not sent the acknowledgement."""
    seen = _seen(matrix, design)
    assert seen["acked"] == "twice"
    assert matrix[design]["acked"].trace["deliveries"] == 2
    assert [seen[step] for step in ("received", "effect", "committed", STALLED)] == ["once", "once", "twice", "twice"]


@pytest.mark.fails_when("the commit comes first", assertion='["effect"] == "twice"', design="mail_after_inbox")
def test_a_receipt_sent_before_the_commit_is_sent_twice(matrix: Matrix, design: str = "mail_before_inbox") -> None:
    """Killed between SMTP's 250 and the commit of "sent", the handler sends the receipt again."""
    assert _seen(matrix, design)["effect"] == "twice"
    assert {text for step, text in _seen(matrix, design).items() if step != "effect"} == {"once"}


@pytest.mark.fails_when("the commit comes last", assertion='["committed"] == "lost"', design="mail_before_inbox")
def test_a_receipt_committed_before_it_is_sent_is_lost(matrix: Matrix, design: str = "mail_after_inbox") -> None:
    """Killed between the commit of "sent" and SMTP's 250, the handler never sends the receipt."""
    assert _seen(matrix, design)["committed"] == "lost"
    assert {text for step, text in _seen(matrix, design).items() if step != "committed"} == {"once"}


@pytest.mark.fails_when("the handler commits its own record", assertion='seen[STALLED] == "twice"',
                        first="mail_after_inbox", last="mail_before_inbox")  # fmt: skip
def test_a_mail_without_a_record_is_lost_or_doubled(
    matrix: Matrix, first: str = "mail_ack_first", last: str = "mail_ack_last"
) -> None:
    """A handler that keeps no record loses a mail (acknowledged first) or doubles it (last), and a stall doubles it."""
    for design in (first, last):
        seen = _seen(matrix, design)
        assert seen[STALLED] == "twice"
    assert {step: _seen(matrix, first)[step] for step in ("received", "acked", "effect")} == {
        "received": "once", "acked": "lost", "effect": "once"}  # fmt: skip
    assert {step: _seen(matrix, last)[step] for step in ("received", "effect", "acked")} == {
        "received": "once", "effect": "twice", "acked": "once"}  # fmt: skip


@pytest.mark.fails_when('only "sent" is committed', assertion='"in doubt" in seen', design="mail_after_inbox")
def test_in_doubt_is_the_same_state_for_sent_and_for_never_sent(matrix: Matrix, design: str = "mail_in_doubt") -> None:
    """A handler that commits "sending" first leaves the same state whether the receipt went out or not."""
    for step, receipts in (("committed", "lost"), ("effect", "once")):
        seen = _seen(matrix, design)[step]
        assert "in doubt" in seen
        assert seen.startswith(receipts)
    assert {_seen(matrix, design)[step] for step in ("received", "acked", STALLED)} == {"once"}


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


@pytest.mark.fails_when("the second delivery is not yet acknowledged", assertion="redelivered == 0", acknowledge=False)
def test_the_gauge_of_redeliveries_is_zero_after_a_double_charge(
    stack: Any, matrix: Matrix, acknowledge: bool = True
) -> None:
    """num_redelivered counts until the acknowledgement, so it is 0 after a double charge; the sequence still says 2."""
    doubled = matrix["charge_ack_last"]["committed"]
    assert doubled.seen == "twice"
    assert (doubled.trace["redelivered"], doubled.trace["deliveries"]) == (0, 2)
    name = f"gauge-{acknowledge}"

    async def deliver_twice(jetstream: Any) -> tuple[int, int]:
        await jetstream.publish(f"orders.{name}", b"17")
        await jetstream.add_consumer(STREAM, ConsumerConfig(durable_name=name, filter_subject=f"orders.{name}"))
        worker = await jetstream.pull_subscribe_bind(name, STREAM)
        await (await worker.fetch(1, timeout=PATIENCE))[0].nak()
        (again,) = await worker.fetch(1, timeout=PATIENCE)
        before = await jetstream.consumer_info(STREAM, name)
        if acknowledge:
            await again.ack_sync(timeout=PATIENCE)
        return before.num_redelivered, (await jetstream.consumer_info(STREAM, name)).num_redelivered

    before, redelivered = ask(stack.places.nats, deliver_twice)
    assert before == 1
    assert redelivered == 0
