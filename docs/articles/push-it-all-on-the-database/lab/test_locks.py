"""The lock that an order takes on its merchant's row: whom it stops, what it writes, and where each server shows it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engblog.lab.process import wait_until

from .shop import COUNT, ORDER, Shop

LAB = Path(__file__).parent
KINDS = ("PostgreSQL", "MariaDB", "MySQL")
INNODB = ("MariaDB", "MySQL")
RENAME = "UPDATE merchants SET name = 'renamed' WHERE id = 1"
NEW_KEY = "UPDATE merchants SET id = 100 WHERE id = 1"
DELETE = "DELETE FROM merchants WHERE id = 1"
FOR_UPDATE = "SELECT id FROM merchants WHERE id = 1 FOR UPDATE"


@pytest.mark.fails_when("there is no foreign key", assertion="order.waits()", foreign_key=False)
@pytest.mark.fails_when("the order is of another merchant", assertion="order.waits()", merchant=2)
@pytest.mark.parametrize("kind", INNODB)
def test_innodb_keeps_an_order_waiting_while_its_merchant_is_updated(
    open_innodb: Callable[..., Shop], kind: str, foreign_key: bool = True, merchant: int = 1
) -> None:
    """MariaDB and MySQL: after any update of a merchant, its orders wait until that transaction has ended."""
    shop = open_innodb(kind, foreign_key=foreign_key)
    shop.db.run(RENAME)
    order = shop.client().send(ORDER, merchant)
    assert order.waits()
    shop.db.commit()
    assert order.answer() == ""


@pytest.mark.fails_when("there is no foreign key", assertion="rename.waits()", foreign_key=False)
@pytest.mark.parametrize("kind", INNODB)
def test_innodb_keeps_an_update_of_a_merchant_waiting_while_an_order_is_open(
    open_innodb: Callable[..., Shop], kind: str, foreign_key: bool = True
) -> None:
    """MariaDB and MySQL: an update of a merchant waits for every open transaction that has inserted an order of it."""
    shop = open_innodb(kind, foreign_key=foreign_key)
    shop.db.run(ORDER, 1)
    rename = shop.client().send(RENAME)
    assert rename.waits()
    shop.db.commit()
    assert rename.answer() == ""


@pytest.mark.fails_when("the other transaction said FOR UPDATE", assertion="not order.waits()", other=FOR_UPDATE)
@pytest.mark.fails_when("the update changes the key", assertion="not order.waits()", other=NEW_KEY)
@pytest.mark.fails_when("the server is MySQL 5.6", assertion="not order.waits()", kind="MySQL")
def test_postgresql_lets_orders_in_while_another_column_is_updated(
    open_shop: Callable[..., Shop], kind: str = "PostgreSQL", other: str = RENAME
) -> None:
    """PostgreSQL: an order does not wait for an update of its merchant that leaves the key as it was."""
    shop = open_shop(kind)
    shop.db.run(other)
    order = shop.client().send(ORDER, 1)
    assert not order.waits()
    assert order.answer() == ""


@pytest.mark.fails_when("the other transaction only renamed the merchant", assertion="order.waits()", others=(RENAME,))
def test_postgresql_makes_an_order_wait_for_three_things(
    open_postgresql: Callable[..., Shop], others: tuple[str, ...] = (FOR_UPDATE, NEW_KEY, DELETE)
) -> None:
    """PostgreSQL: an order waits for SELECT … FOR UPDATE, for a change of the key and for a DELETE of its merchant."""
    shop = open_postgresql()
    writer = shop.client()
    for other in others:
        shop.db.run(other)
        order = writer.send(ORDER, 1)
        assert order.waits()
        shop.db.rollback()
        assert order.answer() == ""
        writer.rollback()


def _count_after_order(shop: Shop) -> set[str]:
    """Let two clients insert an order of merchant 1 and then count it; return the errors, ``""`` for none."""
    # --8<-- [start:deadlock]
    first, second = shop.client(), shop.client()
    first.run(ORDER, 1)  # INSERT INTO orders (merchant_id) VALUES (1)
    second.run(ORDER, 1)
    count = first.send(COUNT, 1)  # UPDATE merchants SET sold = sold + 1 WHERE id = 1
    if not count.waits():
        first.commit()
    return {second.refused(COUNT, 1), count.answer()}
    # --8<-- [end:deadlock]


@pytest.mark.fails_when("there is no foreign key", assertion='== {"", "1213"}', foreign_key=False)
@pytest.mark.parametrize("kind", INNODB)
def test_order_first_and_count_second_is_a_deadlock_on_innodb(
    open_innodb: Callable[..., Shop], kind: str, foreign_key: bool = True
) -> None:
    """MariaDB and MySQL: of two clients that insert an order and then update its merchant, one gets error 1213."""
    assert _count_after_order(open_innodb(kind, foreign_key=foreign_key)) == {"", "1213"}


@pytest.mark.fails_when(
    "the server is MySQL 5.6", assertion='_count_after_order(open_shop(kind)) == {""}', kind="MySQL"
)
def test_order_first_and_count_second_is_fine_on_postgresql(
    open_shop: Callable[..., Shop], kind: str = "PostgreSQL"
) -> None:
    """PostgreSQL: two clients that insert an order and then update its merchant both succeed."""
    assert _count_after_order(open_shop(kind)) == {""}


@pytest.mark.fails_when("the second order is of another merchant", assertion="[(True,", merchant=2)
def test_the_second_order_of_a_merchant_makes_a_multixact(
    open_postgresql: Callable[..., Shop], merchant: int = 1
) -> None:
    """PostgreSQL: two open transactions with an order of one merchant hold its row through a multixact of two."""
    shop = open_postgresql()
    shop.db.run("CREATE EXTENSION IF NOT EXISTS pgrowlocks")
    shop.client().run(ORDER, 1)
    shop.client().run(ORDER, merchant)
    rows = shop.db.rows("SELECT multi, modes FROM pgrowlocks('merchants')")
    held = [(multi, [mode.removeprefix("For ") for mode in modes]) for multi, modes in rows]  # "For" since 17
    assert held == [(True, ["Key Share", "Key Share"])]


@pytest.mark.fails_when("there is no foreign key", assertion="written == 100", foreign_key=False)
def test_every_order_writes_to_its_merchants_row(
    open_postgresql: Callable[..., Shop], foreign_key: bool = True
) -> None:
    """PostgreSQL: 100 orders, each in its own transaction, write 100 row locks on the merchants' table to the WAL."""
    shop = open_postgresql(foreign_key=foreign_key)
    shop.db.run("CREATE EXTENSION IF NOT EXISTS pg_walinspect")
    shop.db.commit()
    begin = shop.db.value("SELECT pg_current_wal_insert_lsn()")
    for _ in range(100):
        shop.db.run(ORDER, 1)
        shop.db.commit()
    written = shop.db.value(
        "SELECT count(*) FROM pg_get_wal_records_info(%s, pg_current_wal_flush_lsn())"
        " WHERE resource_manager = 'Heap' AND record_type = 'LOCK'"
        " AND block_ref LIKE '%%/' || pg_relation_filenode('merchants') || ' %%'",
        begin,
    )
    assert written == 100


@pytest.mark.fails_when("there is a foreign key", assertion="orphans == 1", foreign_key=True)
@pytest.mark.parametrize("kind", KINDS)
def test_a_check_in_the_application_lets_an_orphan_in(
    open_shop: Callable[..., Shop], kind: str, foreign_key: bool = False
) -> None:
    """A merchant that is deleted between the application's check and its insert leaves an order without a merchant."""
    shop = open_shop(kind, foreign_key=foreign_key)
    # --8<-- [start:check]
    app, admin = shop.client(), shop.client()
    found = app.value("SELECT count(*) FROM merchants WHERE id = 1")
    admin.run("DELETE FROM merchants WHERE id = 1")
    admin.commit()
    if found:
        app.refused(ORDER, 1)
    app.commit()
    # --8<-- [end:check]
    orphans = shop.db.value("SELECT count(*) FROM orders WHERE merchant_id NOT IN (SELECT id FROM merchants)")
    assert found == 1
    assert orphans == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_waiter_gives_up_late_or_never(open_shop: Callable[..., Shop], kind: str) -> None:
    """By default a waiting statement gives up after 50 s on MariaDB and MySQL and never on PostgreSQL."""
    db = open_shop(kind).db
    if db.is_postgresql:
        assert db.value("SELECT boot_val FROM pg_settings WHERE name = 'lock_timeout'") == "0"
    else:
        assert db.value("SELECT @@global.innodb_lock_wait_timeout") == 50


def _asked(shop: Shop, name: str) -> list[tuple[Any, ...]]:
    found = shop.db.rows((LAB / name).read_text(encoding="utf-8").rstrip().rstrip(";"))
    shop.db.commit()
    return found


@pytest.mark.fails_when("the other transaction has ended", assertion="len(found) == 1", ended=True)
def test_postgresql_names_the_blocker(open_postgresql: Callable[..., Shop], ended: bool = False) -> None:
    """who_waits.postgresql.sql names the waiting INSERT and the idle session that it waits for."""
    shop = open_postgresql()
    blocker, writer = shop.client(), shop.client()
    blocker.run(FOR_UPDATE)
    if ended:
        blocker.commit()
    order = writer.send(ORDER, 1)
    assert order.waits() is not ended
    found = _asked(shop, "who_waits.postgresql.sql")
    assert len(found) == 1
    waiting, statement, blocker_number, state, *_ = found[0]
    assert (waiting, blocker_number, state) == (writer.number, blocker.number, "idle in transaction")
    assert statement.startswith("INSERT INTO orders")


@pytest.mark.fails_when("the lock is the last statement", assertion="last == 'SELECT 1'", after="")
def test_the_blockers_last_statement_may_be_innocent(
    open_postgresql: Callable[..., Shop], after: str = "SELECT 1"
) -> None:
    """PostgreSQL: what pg_stat_activity shows of the blocker is its last statement, whichever took the lock."""
    shop = open_postgresql()
    blocker = shop.client()
    blocker.run(FOR_UPDATE)
    if after:
        blocker.run(after)
    assert shop.client().send(ORDER, 1).waits()
    ((*_, last),) = _asked(shop, "who_waits.postgresql.sql")
    assert last == "SELECT 1"


@pytest.mark.fails_when("there is no foreign key", assertion='"FOR KEY SHARE OF x" in line', foreign_key=False)
def test_the_log_shows_the_hidden_query(
    open_postgresql: Callable[..., Shop], record: Any, foreign_key: bool = True
) -> None:
    """PostgreSQL, log_lock_waits on: the log shows the foreign key's own SELECT … FOR KEY SHARE as what waits."""
    shop = open_postgresql(foreign_key=foreign_key)
    shop.db.run(FOR_UPDATE)
    writer = shop.client()
    order = writer.send(ORDER if foreign_key else RENAME, *([1] if foreign_key else []))
    assert order.waits()
    mark = f"[{writer.number}] LOG:  process {writer.number} still waiting"
    wait_until(lambda: "STATEMENT:" in shop.server.log.partition(mark)[2], seconds=30, what="the lock wait in the log")
    line = shop.server.log.partition(mark)[2].partition("STATEMENT:")[0]
    assert "FOR KEY SHARE OF x" in line
    assert "while locking tuple" in line
    record.number("log_context", " ".join(line.partition("CONTEXT:")[2].split()).partition(" 20")[0], note="server log")


@pytest.mark.fails_when("nobody waits", assertion="len(found) == 1", merchant=2)
@pytest.mark.parametrize("kind", INNODB)
def test_innodb_names_the_blocker(open_innodb: Callable[..., Shop], kind: str, merchant: int = 1) -> None:
    """who_waits.innodb.sql names the waiting INSERT, the S lock that it wants on merchants, and the idle blocker."""
    shop = open_innodb(kind)
    blocker, writer = shop.client(), shop.client()
    blocker.run(RENAME)
    order = writer.send(ORDER, merchant)
    assert order.waits() is (merchant == 1)
    found = _asked(shop, "who_waits.innodb.sql")
    assert len(found) == 1
    waiting, statement, mode, table, index, blocker_number, blocker_statement, _ = found[0]
    assert (waiting, mode, index, blocker_number) == (writer.number, "S", "PRIMARY", blocker.number)
    assert statement.startswith("INSERT INTO orders")
    assert "merchants" in table
    assert blocker_statement is None


@pytest.mark.fails_when("there is no foreign key", assertion="set(threads) ==", foreign_key=False)
@pytest.mark.parametrize("kind", INNODB)
def test_innodb_status_keeps_the_last_deadlock(
    open_innodb: Callable[..., Shop], kind: str, foreign_key: bool = True
) -> None:
    """MariaDB and MySQL 5.6: after the deadlock InnoDB's status names both sessions and the S lock on merchants."""
    shop = open_innodb(kind, foreign_key=foreign_key)
    first, second = shop.client(), shop.client()
    first.run(ORDER, 1)
    second.run(ORDER, 1)
    count = first.send(COUNT, 1)
    if not count.waits():
        first.commit()
    second.refused(COUNT, 1)
    count.answer()
    status = shop.db.rows("SHOW ENGINE INNODB STATUS")[0][2]
    deadlock = status.partition("LATEST DETECTED DEADLOCK")[2].partition("\nTRANSACTIONS\n")[0]
    threads = [int(number) for number in re.findall(r"thread id (\d+)", deadlock)]
    assert set(threads) == {first.number, second.number}
    assert "lock mode S" in deadlock
    assert "`test`.`merchants`" in deadlock
