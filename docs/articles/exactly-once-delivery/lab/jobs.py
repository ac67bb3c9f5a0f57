"""What handlers and producers work with: one message and the database, the mail server and the payment service."""

from __future__ import annotations

import http.client
import json
import smtplib
from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg

STREAM = "ORDERS"
CENTS = 4200
PATIENCE = 120.0
"""Seconds to wait for a server that is slow because the machine is busy. No result depends on it."""


@dataclass
class Places:
    """Addresses of the servers of one experiment."""

    nats: str
    dsn: str
    smtp_port: int = 0
    pay_port: int = 0


# --8<-- [start:mail]
def send_receipt(port: int, order: str, message_id: str) -> None:
    """Return when the server has taken responsibility: after the 250 that follows the final dot."""
    text = f"Message-ID: <{message_id}@shop.example>\r\nSubject: Receipt {order}\r\n\r\nThank you.\r\n"
    with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE) as server:
        server.sendmail("shop@shop.example", [f"{order}@customer.example"], text)
    # --8<-- [end:mail]


class Job:
    """One delivered message and the things that a handler may do with it."""

    def __init__(self, places: Places, db: psycopg.Connection[Any], consumer: str, message: Any) -> None:
        """*message* is from a consumer of JetStream, or was read from the stream by its number."""
        self.places = places
        self.db = db
        self.consumer = consumer
        self.message = message
        self.order: str = message.data.decode()
        self.message_id: str = (message.headers or {}).get("Nats-Msg-Id", self.order)

    @property
    def sequence(self) -> int:
        """The number of the message in the stream."""
        number = getattr(self.message, "seq", None)
        return number if number is not None else int(self.message.metadata.sequence.stream)

    # --8<-- [start:primitives]
    def charge(self) -> None:
        """Take the money: one more row, not yet committed."""
        self.db.execute("INSERT INTO charges (order_id, cents) VALUES (%s, %s)", (self.order, CENTS))

    def first_time(self, effect: str, *, message_id: str = "", state: str = "done") -> bool:
        """Say whether this effect meets the message for the first time, and remember it with the transaction."""
        row = (effect, message_id or self.message_id, state)
        done = self.db.execute("INSERT INTO inbox (effect, message_id, state) VALUES (%s, %s, %s) "
                               "ON CONFLICT DO NOTHING", row)  # fmt: skip
        return done.rowcount == 1

    async def ack(self) -> None:
        """Acknowledge, and wait until the broker has confirmed it: the "double ack"."""
        await self.message.ack_sync(timeout=PATIENCE)
        # --8<-- [end:primitives]

    def move(self, effect: str, old: str, new: str) -> None:
        """Change the state of the remembered message, if it is the *old* one."""
        where = (new, effect, self.message_id, old)
        self.db.execute("UPDATE inbox SET state = %s WHERE effect = %s AND message_id = %s AND state = %s", where)

    def advance(self) -> bool:
        """Move this consumer's position to the message; False if it was there already."""
        done = self.db.execute(
            "INSERT INTO position (consumer, seq) VALUES (%s, %s) ON CONFLICT (consumer) "
            "DO UPDATE SET seq = excluded.seq WHERE position.seq < excluded.seq",
            (self.consumer, self.sequence),
        )
        return done.rowcount == 1

    def commit(self) -> None:
        """Commit what was done since the last commit."""
        self.db.commit()

    def mail(self) -> None:
        """Send the receipt."""
        send_receipt(self.places.smtp_port, self.order, self.message_id)

    def pay(self, *, idempotency_key: str) -> None:
        """Have the payment service take the money."""
        service = http.client.HTTPConnection("127.0.0.1", self.places.pay_port, timeout=PATIENCE)
        body = json.dumps({"order": self.order, "cents": CENTS})
        service.request("POST", "/charges", body, {"Idempotency-Key": idempotency_key, "Customer": "shop"})
        answer = service.getresponse()
        answer.read()
        service.close()
        if answer.status != http.HTTPStatus.CREATED:
            raise RuntimeError(f"the payment service answered {answer.status}")


class Unsent(NamedTuple):
    """A row of the outbox."""

    id: int
    message_id: str
    subject: str
    payload: str


class Shop:
    """One order and the things that a producer may do with it."""

    def __init__(self, db: psycopg.Connection[Any], jetstream: Any, subject: str, order: str) -> None:
        """Everything this shop writes is about *order* and published to *subject*."""
        self.db = db
        self.jetstream = jetstream
        self.subject = subject
        self.order = order

    def insert_order(self) -> None:
        """Write the order, not yet committed."""
        self.db.execute("INSERT INTO orders (order_id, cents) VALUES (%s, %s)", (self.order, CENTS))

    def insert_outbox(self) -> None:
        """Write what must be published into the same transaction."""
        row = (f"{self.order}:placed", self.subject, self.order)
        self.db.execute("INSERT INTO outbox (message_id, subject, payload) VALUES (%s, %s, %s)", row)

    def next_unsent(self) -> Unsent | None:
        """Lock the oldest unsent row of this shop's subject that no other relay holds."""
        row = self.db.execute(
            "SELECT id, message_id, subject, payload FROM outbox WHERE sent_at IS NULL AND subject = %s "
            "ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
            (self.subject,),
        ).fetchone()
        if row is None:
            self.db.rollback()
            return None
        return Unsent(*row)

    def mark_sent(self, row: Unsent) -> None:
        """Note that the row has been published."""
        self.db.execute("UPDATE outbox SET sent_at = now() WHERE id = %s", (row.id,))

    def commit(self) -> None:
        """Commit what was done since the last commit."""
        self.db.commit()

    async def publish(self, payload: str, *, message_id: str = "") -> None:
        """Publish to the stream and wait for its acknowledgement."""
        headers = {"Nats-Msg-Id": message_id} if message_id else None
        await self.jetstream.publish(self.subject, payload.encode(), headers=headers, timeout=PATIENCE)
