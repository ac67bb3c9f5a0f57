"""What a hot parent row costs: committed orders a second, by the number of writers."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .shop import MERCHANTS, Shop
from .writers import WORK_SECONDS, Outcome, TakeOrder, count_elsewhere, count_first, count_last, count_never, write

KINDS = ("PostgreSQL", "MySQL")
WRITERS = 16
CEILING = 1 / WORK_SECONDS
LINES: dict[str, tuple[TakeOrder, int]] = {  # a line's name in the charts: how orders are taken, of how many merchants
    "own merchant each": (count_first, MERCHANTS),
    "one, counted elsewhere": (count_elsewhere, 1),
    "one, counted last": (count_last, 1),
    "one, counted first": (count_first, 1),
}


def _runs(shop: Shop, take_order: TakeOrder, *, merchants: int = 1) -> Iterator[Outcome]:
    for _ in range(5):
        yield write(shop, WRITERS, take_order, merchants=merchants)


@pytest.mark.parametrize("kind", KINDS)
def test_the_curves(open_either: Callable[..., Shop], record: Any, kind: str) -> None:
    """Orders of one merchant, counted first, are worked on one at a time, at most 50 a second, by 1 writer or by 16."""
    shop = open_either(kind)
    chart = record.chart(
        f"curve_{kind.lower()}",
        title=f"{kind}: committed orders a second",
        x="writers",
        y="orders a second",
        x_scale="log",
        y_scale="log",
        note="20 ms of work in each transaction, 0.2 s a point, one run",
    )
    for line, (take_order, merchants) in LINES.items():
        for writers in (1, 2, 4, 8, 16):
            outcome = write(shop, writers, take_order, merchants=merchants, seconds=0.2)
            chart.point(line, writers, outcome.rate)
            if line == "one, counted first":
                assert outcome.at_work_at_once == 1
                assert outcome.rate <= CEILING


@pytest.mark.fails_when("each writer has its own merchant", assertion="run.at_work_at_once == 1", merchants=MERCHANTS)
@pytest.mark.parametrize("kind", KINDS)
def test_one_row_is_one_queue(open_either: Callable[..., Shop], record: Any, kind: str, merchants: int = 1) -> None:
    """Of 16 writers that count one merchant first, one works at a time, and at most 50 orders a second commit."""
    shop = open_either(kind)
    for run in _runs(shop, count_first, merchants=merchants):
        _note(record, f"first_{kind.lower()}", run, "counted first")
        wait_note = "slowest order in a run of 16 writers, one merchant, counted first"
        record.sample(f"first_slowest_{kind.lower()}", run.slowest * 1000, unit="ms", note=wait_note)
        assert run.at_work_at_once == 1
        assert run.rate <= CEILING
    sold, orders = shop.db.rows("SELECT (SELECT sum(sold) FROM merchants), (SELECT count(*) FROM orders)")[0]
    assert sold == orders


@pytest.mark.fails_when("each counts first", assertion="run.at_work_at_once > 4", take_order=count_first)
@pytest.mark.parametrize("kind", KINDS)
def test_the_foreign_key_by_itself_is_no_queue(
    open_either: Callable[..., Shop], kind: str, take_order: TakeOrder = count_never
) -> None:
    """Sixteen writers that insert orders of one merchant and leave its row alone work more than four at a time."""
    run = write(open_either(kind), WRITERS, take_order)
    assert run.at_work_at_once > 4
    assert run.deadlocks == 0


@pytest.mark.fails_when("there is no foreign key", assertion="run.deadlocks > run.committed", foreign_key=False)
def test_on_mysql_deadlocks_outnumber_orders(
    open_mysql: Callable[..., Shop], record: Any, foreign_key: bool = True
) -> None:
    """MySQL 5.6, 16 writers, insert first, count last: more transactions end in a deadlock than commit."""
    shop = open_mysql(foreign_key=foreign_key)
    for run in _runs(shop, count_last):
        _note(record, "last_mysql", run, "counted last")
        note = "deadlocks a second, 16 writers, one merchant, counted last"
        record.sample("deadlocks_mysql", run.deadlock_rate, note=note)
        assert run.deadlocks > run.committed


@pytest.mark.fails_when("the counter is on the merchant's row", assertion="run.deadlocks == 0", take_order=count_last)
def test_a_counter_on_another_row_ends_the_deadlocks(
    open_mysql: Callable[..., Shop], record: Any, take_order: TakeOrder = count_elsewhere
) -> None:
    """MySQL 5.6, counter on a row that no order refers to: no deadlock, and more than four writers work at once."""
    for run in _runs(open_mysql(), take_order):
        _note(record, "elsewhere_mysql", run, "counted last, in merchant_stats")
        assert run.deadlocks == 0
        assert run.at_work_at_once > 4


@pytest.mark.fails_when("each counts first", assertion="run.at_work_at_once > 4", take_order=count_first)
def test_on_postgresql_counting_last_is_enough(
    open_postgresql: Callable[..., Shop], record: Any, take_order: TakeOrder = count_last
) -> None:
    """PostgreSQL, insert first, count last on the merchant: no deadlock, and more than four writers work at once."""
    for run in _runs(open_postgresql(), take_order):
        _note(record, "last_postgresql", run, "counted last")
        assert run.deadlocks == 0
        assert run.at_work_at_once > 4


@pytest.mark.fails_when("there are 16 writers", assertion="waits == 0", writers=16)
def test_with_one_writer_nothing_waits(open_mysql: Callable[..., Shop], record: Any, writers: int = 1) -> None:
    """MySQL 5.6, one writer: none of the three ways to take an order causes a lock wait or a deadlock."""
    shop = open_mysql()
    for take_order in [count_first, count_elsewhere] + 5 * [count_last]:
        before = _lock_waits(shop)
        run = write(shop, writers, take_order)
        waits = _lock_waits(shop) - before
        assert waits == 0
        assert run.deadlocks == 0
        if take_order is count_last:
            _note(record, "alone_mysql", run, "counted last", writers=1)


def _lock_waits(shop: Shop) -> int:
    return int(shop.db.rows("SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_waits'")[0][1])


def _note(record: Any, key: str, run: Outcome, how: str, *, writers: int = WRITERS) -> None:
    note = f"orders a second, {writers} writers, one merchant, {how}"
    record.sample(key, run.rate, note=note, worst="lowest")


@pytest.mark.fails_when("each client has its own merchant", assertion="rate <= CEILING", merchants=MERCHANTS)
def test_pgbench_shows_the_same_queue(open_postgresql: Callable[..., Shop], merchants: int = 1) -> None:
    """Sixteen clients of pgbench that run hot.pgbench.sql on one merchant commit at most 50 transactions a second."""
    shop = open_postgresql()
    command = [shop.server.program("pgbench"), "--no-vacuum", "--client=16", "--transactions=3"]
    script = ["--file", str(Path(__file__).parent / "hot.pgbench.sql"), f"--define=merchants={merchants}"]
    where = ["--host=127.0.0.1", f"--port={shop.server.port}", "--username=postgres", "postgres"]
    printed = subprocess.run([*command, *script, *where], capture_output=True, text=True, check=True).stdout
    rate = float(re.findall(r"tps = ([\d.]+)", printed)[0])
    assert rate <= CEILING
