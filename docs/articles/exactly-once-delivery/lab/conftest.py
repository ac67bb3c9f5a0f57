"""What the lab's tests share: a broker, a database, a mailbox, a payment service and processes to kill."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
import pytest

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))  # the other files are modules of this lab

from crew import Crew  # noqa: E402
from experiments import make_stream  # noqa: E402
from jobs import Places  # noqa: E402
from mailbox import Mailbox  # noqa: E402
from payments import Payments  # noqa: E402


@dataclass
class Stack:
    """Everything that a handler needs, running."""

    places: Places
    crew: Crew
    mailbox: Mailbox

    def db(self) -> psycopg.Connection[Any]:
        """Connect to the database; every statement commits by itself."""
        return psycopg.connect(self.places.dsn, autocommit=True)


@pytest.fixture(scope="module")
def database(start_postgresql: Callable[..., Any]) -> str:
    """Connection string of a PostgreSQL with the tables of ``schema.sql``."""
    server = start_postgresql(max_connections=250, fsync="off")  # the lab cuts connections, not the power
    with psycopg.connect(server.dsn, autocommit=True) as db:
        db.execute((LAB / "schema.sql").read_text(encoding="utf-8"))
    return str(server.dsn)


@pytest.fixture(scope="module")
def stack(start_nats: Callable[..., Any], database: str, record: Any) -> Iterator[Stack]:
    """A stack of its own for each file of tests."""
    for package in ("nats-py", "aiosmtpd"):
        record.version(package, version(package))
    broker = start_nats()
    make_stream(broker.url)
    mailbox, payments = Mailbox(), Payments(database)
    places = Places(broker.url, database, mailbox.port, payments.port)
    crew = Crew(places)
    yield Stack(places, crew, mailbox)
    crew.end()
    payments.close()
    mailbox.close()
