"""Enforcer and checker: the database enforces what must never be wrong, a job verifies the rest."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from engblog.lab.process import wait_until

from .checker import check, rules
from .reaper import delete_merchant
from .shop import MERCHANTS, ORDER, Shop
from .writers import count_elsewhere, write

Look = Callable[[psycopg.Connection[Any]], list[tuple[str, int]]]


def in_one_statement(db: psycopg.Connection[Any]) -> list[tuple[str, int]]:
    """Look as the checker does."""
    return list(check(db, rules(), last=MERCHANTS))


def in_two_statements(db: psycopg.Connection[Any]) -> list[tuple[str, int]]:
    """Read the counts, then count."""
    db.autocommit = True
    sold = dict(db.execute("SELECT merchant_id, sold FROM merchant_stats"))
    orders = dict(db.execute("SELECT merchant_id, count(*) FROM orders GROUP BY 1"))
    return [("wrong count", merchant) for merchant in sold if sold[merchant] != orders.get(merchant, 0)]


@pytest.fixture
def connect(postgresql: Any) -> Iterator[Callable[[], psycopg.Connection[Any]]]:
    """Open a connection of psycopg's own kind, which ends with the test."""
    made: list[psycopg.Connection[Any]] = []

    def one() -> psycopg.Connection[Any]:
        made.append(psycopg.connect(postgresql.dsn))
        return made[-1]

    yield one
    for connection in made:
        connection.close()


def _wrong(shop: Shop) -> None:
    """Commit two orders without a merchant and one count that is off."""
    shop.db.run(ORDER, 1)
    shop.db.run(ORDER, 4711)
    shop.db.run(ORDER, 4712)
    shop.db.run("UPDATE merchant_stats SET sold = 1 WHERE merchant_id = 1")
    shop.db.run("UPDATE merchant_stats SET sold = 7 WHERE merchant_id = 2")
    shop.db.commit()


@pytest.mark.fails_when("the rule joins with JOIN", assertion="found ==", join=" JOIN")
def test_the_checker_finds_exactly_what_was_made_wrong(
    open_postgresql: Callable[..., Shop], connect: Callable[..., Any], join: str = " LEFT JOIN"
) -> None:
    """The checker reports the two orphans and the wrong count that were planted, and nothing else."""
    shop = open_postgresql(foreign_key=False)
    _wrong(shop)
    orphans = [row for (row,) in shop.db.rows("SELECT id FROM orders WHERE merchant_id > 4000 ORDER BY id")]
    asked = {name: query.replace(" LEFT JOIN", join) for name, query in rules().items()}
    found = sorted(check(connect(), asked, last=5_000))
    assert found == [*(("order without a merchant", orphan) for orphan in orphans), ("wrong count", 2)]


@pytest.mark.fails_when("it reads in two statements", assertion="alarms == []", look=in_two_statements)
def test_the_checker_raises_no_alarm_beside_writers(
    open_postgresql: Callable[..., Shop], connect: Callable[..., Any], look: Look = in_one_statement
) -> None:
    """While eight writers take and count orders, 100 runs of the checker report nothing."""
    shop = open_postgresql()
    done = threading.Event()

    def keep_writing() -> None:
        while not done.is_set():
            write(shop, 8, count_elsewhere, merchants=MERCHANTS)

    writing = threading.Thread(target=keep_writing)
    writing.start()
    try:
        db = connect()
        wait_until(lambda: shop_is_busy(db), seconds=30, what="the first orders")
        alarms = [alarm for _ in range(100) for alarm in look(db)]
    finally:
        done.set()
        writing.join()
    assert alarms == []
    assert shop.db.value("SELECT count(*) FROM orders") > 0


def shop_is_busy(db: psycopg.Connection[Any]) -> bool:
    """Tell whether orders have come in."""
    found = db.execute("SELECT EXISTS (SELECT FROM orders)").fetchone()
    db.rollback()
    return bool(found and found[0])


@pytest.mark.fails_when("there is no foreign key", assertion="orphans == 0", foreign_key=False)
def test_the_foreign_key_has_the_last_word(
    open_postgresql: Callable[..., Shop], connect: Callable[..., Any], foreign_key: bool = True
) -> None:
    """Deleting a merchant in batches takes at most 1,000 rows a transaction and leaves no order that came late."""
    shop = open_postgresql(foreign_key=foreign_key)
    shop.db.run("CREATE INDEX ON orders (merchant_id)")
    shop.add_orders(1, 2_500)
    late, db = shop.client(), connect()
    late.run(ORDER, 1)  # not committed yet
    deleted: list[int] = []
    reaper = threading.Thread(target=lambda: deleted.extend(delete_merchant(db, 1)))
    reaper.start()
    blocked = "SELECT cardinality(pg_blocking_pids(%s))"
    wait_until(
        lambda: not reaper.is_alive() or shop.db.value(blocked, db.info.backend_pid) > 0,
        seconds=30,
        what="the DELETE to wait for the late order",
    )
    late.commit()
    reaper.join(30)
    orphans = shop.db.value("SELECT count(*) FROM orders WHERE merchant_id = 1")
    assert orphans == 0
    assert deleted == [1000, 1000, 500, 0, 1, 0, 1]
    assert shop.db.value("SELECT count(*) FROM merchants WHERE id = 1") == 0
