"""Between SMTP's final dot and its 250 nobody can tell whether the message was sent."""

from __future__ import annotations

import smtplib
import uuid
from collections.abc import Iterator
from email.utils import make_msgid
from typing import Any

import pytest
from engblog.lab.process import wait_until
from jobs import send_receipt
from mailbox import Mailbox


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    """A mail server of its own."""
    server = Mailbox()
    yield server
    server.close()


def _try(mailbox: Mailbox, order: str, fault: str, message_id: str = "") -> str:
    """Send one receipt; return what the client learnt."""
    mailbox.fault = fault
    try:
        send_receipt(mailbox.port, order, message_id or order)
    except smtplib.SMTPServerDisconnected as error:
        return repr(error)
    return "250"


@pytest.mark.fails_when("the 250 arrives", assertion="heard[1] == heard[0]", fault="")
def test_the_client_hears_the_same_whether_or_not_the_mail_was_kept(
    mailbox: Mailbox, record: Any, fault: str = "cut after storing"
) -> None:
    """A connection cut after the final dot gives smtplib the same exception for a kept mail and for a dropped one."""
    orders = [f"kept {uuid.uuid4()}", f"dropped {uuid.uuid4()}"]
    heard = [_try(mailbox, orders[0], fault), _try(mailbox, orders[1], "cut before storing")]
    assert heard[1] == heard[0]
    assert [len(mailbox.copies(order)) for order in orders] == [1, 0]
    record.number("smtp_error", heard[0], note="the exception of smtplib, in both cases")


@pytest.mark.fails_when("the server had dropped the first one", assertion="== 2", fault="cut before storing")
def test_a_retry_after_a_lost_250_is_a_second_copy(mailbox: Mailbox, fault: str = "cut after storing") -> None:
    """A client that tries again after it missed the 250 has sent two copies, and nobody crashed."""
    order = f"retried {uuid.uuid4()}"
    assert _try(mailbox, order, fault) != "250"
    assert _try(mailbox, order, "") == "250"
    assert len(mailbox.copies(order)) == 2


@pytest.mark.fails_when("the client waits", assertion='heard == "timeout"', patience=60.0)
def test_an_impatient_client_sends_two_copies(mailbox: Mailbox, patience: float = 0.2) -> None:
    """A client whose time-out is shorter than the server's work after the dot makes a second copy when it retries."""
    order = f"impatient {uuid.uuid4()}"
    mailbox.fault = "slow after storing"
    mailbox.release.clear()
    text = f"Subject: Receipt {order}\r\n\r\nThank you.\r\n"
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=60) as client:
        for line in ("EHLO shop", "MAIL FROM:<shop@shop.example>", "RCPT TO:<ada@customer.example>", "DATA"):
            client.docmd(line)
        client.send(text + ".\r\n")
        wait_until(lambda: len(mailbox.copies(order)) == 1, seconds=60, what="the first copy")
        client.sock.settimeout(patience)
        try:
            if patience > 1:
                mailbox.release.set()  # the server is done after all
            heard = f"{client.getreply()[0]}"
        except smtplib.SMTPServerDisconnected:  # how smtplib reports a time-out while it reads
            heard = "timeout"
        mailbox.release.set()
    assert heard == "timeout"
    assert _try(mailbox, order, "") == "250"
    assert len(mailbox.copies(order)) == 2


@pytest.mark.fails_when("each attempt makes a new Message-ID", assertion="== 1", fresh=True)
def test_both_copies_carry_the_id_that_was_made_before_the_first_attempt(mailbox: Mailbox, fresh: bool = False) -> None:
    """With a Message-ID made from the order, the receiving side can see that both copies are one message."""
    order = f"same id {fresh}"
    for fault in ("cut after storing", ""):
        _try(mailbox, order, fault, make_msgid().strip("<>") if fresh else "")
    copies = mailbox.copies(order)
    assert len(copies) == 2
    assert len({copy["Message-ID"] for copy in copies}) == 1
