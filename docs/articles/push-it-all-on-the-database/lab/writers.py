"""Clients that take orders without a pause, and what they got done."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psycopg
import pymysql

from .sessions import Session, is_deadlock
from .shop import Shop

WORK_SECONDS = 0.02
Work = Callable[[], None]
TakeOrder = Callable[[Session, int, Work], None]


# --8<-- [start:orders]
def count_first(db: Session, merchant: int, work: Work) -> None:
    """Count, work, insert."""
    db.run("UPDATE merchants SET sold = sold + 1 WHERE id = %s", merchant)
    work()
    db.run("INSERT INTO orders (merchant_id) VALUES (%s)", merchant)
    db.commit()


def count_last(db: Session, merchant: int, work: Work) -> None:
    """Insert, work, count."""
    db.run("INSERT INTO orders (merchant_id) VALUES (%s)", merchant)
    work()
    db.run("UPDATE merchants SET sold = sold + 1 WHERE id = %s", merchant)
    db.commit()
    # --8<-- [end:orders]


def count_elsewhere(db: Session, merchant: int, work: Work) -> None:
    """Insert, work, count on a row that no order refers to."""
    db.run("INSERT INTO orders (merchant_id) VALUES (%s)", merchant)
    work()
    db.run("UPDATE merchant_stats SET sold = sold + 1 WHERE merchant_id = %s", merchant)
    db.commit()


def count_never(db: Session, merchant: int, work: Work) -> None:
    """Insert and work: nothing but the foreign key touches the merchant."""
    db.run("INSERT INTO orders (merchant_id) VALUES (%s)", merchant)
    work()
    db.commit()


def count_only(db: Session, merchant: int, work: Work) -> None:
    """Count and commit at once: nothing but the commit is left to take time."""
    db.run("UPDATE merchants SET sold = sold + 1 WHERE id = %s", merchant)
    db.commit()


@dataclass(frozen=True)
class Outcome:
    """What the writers of one run got done."""

    committed: int
    deadlocks: int
    seconds: float
    at_work_at_once: int
    """The most transactions that were inside their work at one time."""
    latencies: Sequence[float]

    @property
    def rate(self) -> float:
        """Committed orders a second."""
        return self.committed / self.seconds

    @property
    def deadlock_rate(self) -> float:
        """Transactions a second that the server ended because of a deadlock."""
        return self.deadlocks / self.seconds

    @property
    def slowest(self) -> float:
        """The time of the slowest committed order, in seconds."""
        return max(self.latencies)


class Office:
    """The application's share of a transaction: calls to other services, its own code, round trips."""

    def __init__(self) -> None:
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def work(self) -> None:
        """Spend 20 ms, and note how many do so at once."""
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(WORK_SECONDS)
        with self._lock:
            self._now -= 1


def write(
    shop: Shop, writers: int, take_order: TakeOrder, *, merchants: int = 1, seconds: float = 0.15, setting: str = ""
) -> Outcome:
    """Let *writers* clients, each after its *setting*, take orders of that many *merchants* for *seconds*."""
    office, stop, ready = Office(), threading.Event(), threading.Barrier(writers + 1)
    crew = []
    for number, db in enumerate(shop.crew(writers)):
        if setting:
            db.run(setting)
            db.commit()
        merchant = 1 + number % merchants
        crew.append(_Writer(db, lambda db=db, merchant=merchant: take_order(db, merchant, office.work), stop, ready))
    for writer in crew:
        writer.start()
    began = time.monotonic()  # nobody starts before this thread has come to the barrier too
    ready.wait()
    time.sleep(seconds)
    stop.set()
    for writer in crew:
        writer.join()
    ended = time.monotonic()
    for writer in crew:
        if writer.failure:
            raise writer.failure
    return Outcome(
        committed=sum(len(writer.latencies) for writer in crew),
        deadlocks=sum(writer.deadlocks for writer in crew),
        seconds=ended - began,
        at_work_at_once=office.most,
        latencies=[latency for writer in crew for latency in writer.latencies],
    )


class _Writer(threading.Thread):
    def __init__(
        self, db: Session, take_one: Callable[[], None], stop: threading.Event, ready: threading.Barrier
    ) -> None:
        super().__init__(daemon=True)
        self._db, self._take_one, self._stop_asked, self._ready = db, take_one, stop, ready
        self.latencies: list[float] = []
        self.deadlocks = 0
        self.failure: Exception | None = None

    def run(self) -> None:
        self._ready.wait()
        try:
            while not self._stop_asked.is_set():
                began = time.monotonic()
                if self._committed():
                    self.latencies.append(time.monotonic() - began)
                else:
                    self.deadlocks += 1
        except Exception as error:
            self.failure = error

    def _committed(self) -> bool:
        try:
            self._take_one()
        except (psycopg.Error, pymysql.Error) as error:
            if not is_deadlock(error):
                raise
            self._db.rollback()
            return False
        return True
