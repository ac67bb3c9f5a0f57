"""Clients that write without a pause and remember every change that the server acknowledged."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pymysql

from engblog.lab.process import wait_until
from engblog.lab.servers import MariaDB

from .sql import DEADLOCK, LOCK_WAIT, Connection, connect, rows

OPERATIONS = ("insert", "update", "delete")


@dataclass
class Ledger:
    """What one writer knows: the rows that must be there, and what it did to them."""

    rows: dict[int, str] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    slowest: float = 0.0


class Writer(threading.Thread):
    """One client. It alone changes the rows in its ledger, so it knows what each of them must hold."""

    def __init__(self, server: MariaDB, number: int, owned: dict[int, str], stop: threading.Event) -> None:
        super().__init__(name=f"writer-{number}")
        self.ledger = Ledger(rows=owned)
        self.failure: Exception | None = None
        self._server = server
        self._ids = list(owned)
        self._random = random.Random(number)
        self._stop_asked = stop

    def run(self) -> None:
        """Write until asked to stop; an error that is no lock conflict ends the writer and is kept."""
        try:
            with connect(self._server) as db, db.cursor() as cursor:
                while not self._stop_asked.is_set():
                    self._write(cursor)
        except Exception as error:
            self.failure = error

    def _write(self, cursor: pymysql.cursors.Cursor) -> None:
        operation = self._random.choices(OPERATIONS, weights=(6, 3, 1))[0]
        body = f"{self.name} {self.ledger.done.total()}"
        place = self._random.randrange(len(self._ids))
        row = self._ids[place]
        began = time.monotonic()
        try:
            if operation == "insert":
                cursor.execute("INSERT INTO events (kind, body) VALUES ('paid', %s)", [body])
            elif operation == "update":
                cursor.execute("UPDATE events SET body = %s WHERE id = %s", [body, row])
            else:
                cursor.execute("DELETE FROM events WHERE id = %s", [row])
        except pymysql.err.OperationalError as error:
            if error.args[0] not in (DEADLOCK, LOCK_WAIT):
                raise
            self.ledger.retries += 1  # the statement was rolled back: nothing was acknowledged
            return
        self.ledger.slowest = max(self.ledger.slowest, time.monotonic() - began)
        self._note(operation, place, cursor.lastrowid, body)

    def _note(self, operation: str, place: int, inserted: int, body: str) -> None:
        row = self._ids[place]
        if operation == "insert":
            self._ids.append(inserted)
            self.ledger.rows[inserted] = body
        elif operation == "update":
            self.ledger.rows[row] = body
        else:
            self._ids[place] = self._ids[-1]
            self._ids.pop()
            del self.ledger.rows[row]
        self.ledger.done[operation] += 1


@dataclass
class Traffic:
    """All writers together."""

    writers: list[Writer]

    def wait_for(self, operations: int) -> None:
        """Return when every writer has been acknowledged that many further inserts, updates and deletes."""
        goals = [(writer, Counter(writer.ledger.done)) for writer in self.writers]

        def reached() -> bool:
            self.check()
            return all(w.ledger.done[o] >= before[o] + operations for w, before in goals for o in OPERATIONS)

        wait_until(reached, seconds=60, what=f"{operations} further operations of each kind by every writer")

    def check(self) -> None:
        """Raise what ended a writer early."""
        for writer in self.writers:
            if writer.failure:
                raise writer.failure

    @property
    def acknowledged(self) -> dict[int, str]:
        """The rows that the table must hold, neither more nor fewer."""
        return {row: body for writer in self.writers for row, body in writer.ledger.rows.items()}

    @property
    def done(self) -> Counter[str]:
        """How many operations of each kind were acknowledged."""
        return sum((writer.ledger.done for writer in self.writers), Counter())

    @property
    def retries(self) -> int:
        """How many statements the server rolled back because of a lock and the writers sent again."""
        return sum(writer.ledger.retries for writer in self.writers)

    @property
    def slowest(self) -> float:
        """The longest that a write took, in seconds."""
        return max(writer.ledger.slowest for writer in self.writers)


@contextmanager
def traffic(server: MariaDB, db: Connection, clients: int) -> Iterator[Traffic]:
    """Run *clients* writers that share out the rows now in ``events``; they have stopped when the block ends."""
    stop = threading.Event()
    owned: list[dict[int, str]] = [{} for _ in range(clients)]
    for row, body in rows(db, "SELECT id, body FROM events"):
        owned[row % clients][row] = body
    together = Traffic([Writer(server, number, share, stop) for number, share in enumerate(owned)])
    for writer in together.writers:
        writer.start()
    try:
        yield together
    finally:
        stop.set()
        for writer in together.writers:
            writer.join()
    together.check()


@dataclass(frozen=True)
class Loss:
    """How a table differs from what the writers were told."""

    missing: int
    stale: int
    resurrected: int

    @property
    def total(self) -> int:
        """All rows that are wrong."""
        return self.missing + self.stale + self.resurrected


def loss(acknowledged: dict[int, str], found: dict[int, str]) -> Loss:
    """Compare the rows that were acknowledged with those *found* in the table."""
    return Loss(
        missing=len(acknowledged.keys() - found.keys()),
        stale=sum(found[row] != body for row, body in acknowledged.items() if row in found),
        resurrected=len(found.keys() - acknowledged.keys()),
    )
