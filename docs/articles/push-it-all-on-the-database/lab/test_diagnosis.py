"""Who waits for whom: what each server says while a statement waits, and after a deadlock."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engblog.lab.process import wait_until

from .shop import COUNT, ORDER, Shop

INNODB = ("MariaDB", "MySQL")
LAB = Path(__file__).parent
RENAME = "UPDATE merchants SET name = 'renamed' WHERE id = 1"
LOCK_MERCHANT = "SELECT id FROM merchants WHERE id = 1 FOR UPDATE"


def _asked(shop: Shop, name: str) -> list[tuple[Any, ...]]:
    found = shop.db.rows((LAB / name).read_text(encoding="utf-8").rstrip().rstrip(";"))
    shop.db.commit()
    return found


@pytest.mark.fails_when("the other transaction has ended", assertion="len(found) == 1", ended=True)
def test_postgresql_names_the_blocker(open_postgresql: Callable[..., Shop], ended: bool = False) -> None:
    """PostgreSQL: the query names the waiting INSERT and the session that it waits for, idle in its transaction."""
    shop = open_postgresql()
    blocker, writer = shop.client(), shop.client()
    blocker.run(LOCK_MERCHANT)
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
    blocker.run(LOCK_MERCHANT)
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
    shop.db.run(LOCK_MERCHANT)
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
    """MariaDB and MySQL 5.6: the query names the waiting INSERT, the shared lock that it wants, and the blocker."""
    shop = open_innodb(kind)
    blocker, writer = shop.client(), shop.client()
    blocker.run(RENAME)
    order = writer.send(ORDER, merchant)
    assert order.waits() is (merchant == 1)
    found = _asked(shop, "who_waits.innodb.sql")
    assert len(found) == 1
    waiting, statement, mode, table, index, blocker_number, _ = found[0]
    assert (waiting, mode, index, blocker_number) == (writer.number, "S", "PRIMARY", blocker.number)
    assert statement.startswith("INSERT INTO orders")
    assert "merchants" in table


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
