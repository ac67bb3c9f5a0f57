"""Transaction ids: how they compare, what uses them, and what freezing does."""

from collections.abc import Iterable
from typing import Any

import pytest
from conftest import Cluster
from edge import CIRCLE, burn, connect, move, next_id, one, relfrozen, run
from engblog.lab.record import Recorder
from engblog.lab.servers import PostgreSQL

TABLE = "CREATE TABLE event (id int PRIMARY KEY, note text)"


def test_half_of_the_circle_is_the_past(young: PostgreSQL) -> None:
    """Of two ids the nearer way round decides: 2,147,483,647 steps back is the past, one step more is the future."""
    server = young
    now = next_id(server)

    def age(steps: int) -> int:
        return int(one(server, f"SELECT age('{(now - steps) % CIRCLE}'::xid)"))

    assert age(2**31 - 1) == 2**31 - 1
    assert age(2**31) == -(2**31)
    assert int(one(server, "SELECT age('2000000000'::xid)")) < 0
    assert int(one(server, "SELECT age('2200000000'::xid)")) > 0


@pytest.mark.fails_when("the row is frozen before the move", assertion='seen == ["frozen"]', freeze_both=True)
@pytest.mark.fails_when("the move goes less than half way round", assertion='seen == ["frozen"]', steps=2**31 - 100)
def test_beyond_half_way_a_row_vanishes(
    plain_cluster: Cluster, steps: int = 2**31 + 100, freeze_both: bool = False
) -> None:
    """If ids went on past half of the circle, a committed row that isn't frozen would vanish without an error, and a
    frozen one would stay."""
    server = plain_cluster.start(autovacuum="off")
    run(server, TABLE, "INSERT INTO event VALUES (1, 'frozen')", "VACUUM FREEZE", "INSERT INTO event VALUES (2, 'not')")
    if freeze_both:
        run(server, "VACUUM FREEZE event")
    written = int(one(server, "SELECT xmin::text FROM event WHERE id = 2"))

    move(server, written + steps)

    with connect(server) as session:
        session.execute("SET enable_indexscan = off")
        seen = [note for (note,) in session.execute("SELECT note FROM event ORDER BY id")]
    assert seen == ["frozen"]


FLAGS = """
SELECT t_xmin::text, (heap_tuple_infomask_flags(t_infomask, t_infomask2)).raw_flags
  FROM heap_page_items(get_raw_page('event', 0))
"""


@pytest.mark.fails_when("it is a plain `VACUUM`", assertion="relfrozen(server) == now", statement="VACUUM event")
def test_freezing_leaves_the_id_and_sets_a_flag(young: PostgreSQL, statement: str = "VACUUM FREEZE event") -> None:
    """VACUUM FREEZE keeps the id in the row, adds the flags that together mean frozen, and moves the table's
    relfrozenxid up to the next id."""
    server = young
    run(server, "CREATE EXTENSION IF NOT EXISTS pageinspect", TABLE, "INSERT INTO event VALUES (1, 'x')")
    with connect(server) as session:
        written, before = session.execute(FLAGS).fetchone() or ("", [])
    now = next_id(server)
    assert relfrozen(server) < now

    run(server, statement)

    with connect(server) as session:
        kept, after = session.execute(FLAGS).fetchone() or ("", [])
    assert kept == written
    assert relfrozen(server) == now
    assert {"HEAP_XMIN_COMMITTED", "HEAP_XMIN_INVALID"} <= set(after)
    assert "HEAP_XMIN_INVALID" not in before


def used(server: Any, statements: Iterable[str]) -> int:
    """How many ids *statements* use, in one session that commits where they say so."""
    before = next_id(server)
    with connect(server) as session:
        for statement in statements:
            session.execute(statement)  # type: ignore[arg-type]
    return next_id(server) - before


def test_what_uses_ids(young: PostgreSQL, record: Recorder) -> None:
    """A thousand inserts use one id in one transaction, a thousand if each commits, and one more than that with a
    savepoint around each; a rolled-back insert and a row lock use one each and a read none."""
    server = young
    run(server, TABLE)
    count = 1000
    insert = [f"INSERT INTO event VALUES ({{}} + {row})" for row in range(count)]
    guarded = [part for each in insert for part in ("SAVEPOINT s", each, "RELEASE s")]
    ways = {
        "1 transaction": ["BEGIN", *insert, "COMMIT"],
        "1,000 transactions": insert,
        "1 transaction, savepoints": ["BEGIN", *guarded, "COMMIT"],
        "1,000 transactions, savepoints": [part for each in insert for part in wrapped(each)],
        "1,000 rolled back": [part for each in insert for part in ("BEGIN", each, "ROLLBACK")],
        "1,000 row locks": ["SELECT 1 FROM event WHERE id = 1 FOR UPDATE"] * count,
        "1,000 reads": ["SELECT 1 FROM event WHERE id = 1"] * count,
    }
    chart = record.chart(
        "ids_used", title="Ids used for 1,000 rows", x="how", y="transaction ids", kind="bars", note="counted, one run"
    )
    ids = {}
    for number, (name, statements) in enumerate(ways.items()):
        ids[name] = used(server, [each.format(number * count) for each in statements])
        chart.point("ids", name, ids[name])
    assert list(ids.values()) == [1, count, count + 1, 2 * count, count, count, 0]


def wrapped(statement: str) -> tuple[str, ...]:
    """*statement* in a transaction with a savepoint, as drivers do that can continue after an error."""
    return ("BEGIN", "SAVEPOINT s", statement, "RELEASE s", "COMMIT")


@pytest.mark.fails_when("they only read", assertion="before + 100", statement="SELECT 1")
def test_age_counts_ids_not_days(young: PostgreSQL, statement: str = "SELECT pg_current_xact_id()") -> None:
    """The age of a table grows by one with each id used anywhere in the cluster, even if nobody touches the table."""
    server = young
    run(server, TABLE)
    query = "SELECT age(relfrozenxid) FROM pg_class WHERE relname = 'event'"
    before = one(server, query)
    run(server, *[statement] * 100, dbname="template1")
    assert one(server, query) == before + 100
    burn(server, 1)
    assert one(server, query) == before + 101
