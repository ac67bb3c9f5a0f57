"""Constraints whose bill arrives elsewhere: another statement, another row, at COMMIT, or never."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from .shop import ORDER, Shop

KINDS = ("PostgreSQL", "MariaDB", "MySQL")
INNODB = ("MariaDB", "MySQL")
DUPLICATE = {"PostgreSQL": "23505", "MariaDB": "1062", "MySQL": "1062"}
NO_PARENT = {"PostgreSQL": "23503", "MariaDB": "1452", "MySQL": "1452"}
FAILED_CHECK = {"PostgreSQL": "23514", "MariaDB": "4025"}
REQUEST = "INSERT INTO orders (merchant_id, request) VALUES (1, %s)"
ORDERS = 10_000
COUNTING = """
    DO $$ BEGIN
      FOR i IN 1..2000 LOOP UPDATE merchants SET sold = sold + 1 WHERE id = 1; COMMIT; END LOOP;
    END $$"""
UNINDEXED = Path(__file__).parent / "unindexed.postgresql.sql"
INDEXED_COLUMNS = "SELECT column_name FROM information_schema.statistics WHERE table_name = 'orders'"


@pytest.mark.fails_when("an index on orders (merchant_id) exists", assertion="read == 10 * ORDERS", index=True)
def test_deleting_a_parent_reads_the_whole_child_table(
    open_postgresql: Callable[..., Shop], index: bool = False
) -> None:
    """PostgreSQL, no index on orders (merchant_id): deleting 10 merchants without orders reads all orders 10 times."""
    shop = open_postgresql()
    if index:
        shop.db.run("CREATE INDEX ON orders (merchant_id)")
    shop.add_orders(1, ORDERS)
    shop.db.run("DELETE FROM merchants WHERE id BETWEEN 7 AND 16")
    read = shop.db.value("SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'orders'")
    assert read == 10 * ORDERS


@pytest.mark.fails_when("an index on orders (merchant_id) exists", assertion="found ==", index=True)
def test_one_query_lists_the_keys_without_an_index(open_postgresql: Callable[..., Shop], index: bool = False) -> None:
    """unindexed.postgresql.sql lists the foreign keys whose columns have no index, the largest table first."""
    shop = open_postgresql()
    shop.db.run("CREATE TABLE refunds (order_id INTEGER CONSTRAINT refunds_order REFERENCES orders)")
    shop.db.run("CREATE TABLE gifts (order_id INTEGER PRIMARY KEY CONSTRAINT gifts_order REFERENCES orders)")
    if index:
        shop.db.run("CREATE INDEX ON orders (merchant_id)")
    shop.add_orders(1, 1_000)
    found = shop.db.rows(UNINDEXED.read_text(encoding="utf-8").rstrip().rstrip(";"))
    assert found == [("orders", "orders_merchant", "merchants"), ("refunds", "refunds_order", "orders")]


@pytest.mark.fails_when("there is no foreign key", assertion='"merchant_id" in indexed', foreign_key=False)
@pytest.mark.parametrize("kind", INNODB)
def test_innodb_indexes_the_referencing_column(
    open_innodb: Callable[..., Shop], kind: str, foreign_key: bool = True
) -> None:
    """MariaDB and MySQL: a foreign key brings its own index on the referencing column."""
    shop = open_innodb(kind, foreign_key=foreign_key)
    indexed = [column for *_, column in shop.db.rows(INDEXED_COLUMNS)]
    assert "merchant_id" in indexed


@pytest.mark.fails_when("the action is SET NULL", assertion="left == 0", on_delete="ON DELETE SET NULL")
@pytest.mark.parametrize("kind", KINDS)
def test_a_cascade_deletes_thousands_and_reports_one(
    open_shop: Callable[..., Shop], kind: str, on_delete: str = "ON DELETE CASCADE"
) -> None:
    """Deleting a merchant deletes its 10,000 orders with ON DELETE CASCADE, and the server reports one row."""
    shop = open_shop(kind, on_delete=on_delete)
    shop.add_orders(1, ORDERS)
    reported = shop.db.run("DELETE FROM merchants WHERE id = 1")
    left = shop.db.value("SELECT count(*) FROM orders")
    assert reported == 1
    assert left == 0


@pytest.mark.fails_when("the order is another merchant's", assertion="change.waits()", merchant=2)
@pytest.mark.parametrize("kind", KINDS)
def test_a_cascade_locks_every_row_that_it_deletes(
    open_shop: Callable[..., Shop], kind: str, merchant: int = 1
) -> None:
    """Anyone who changes an order that a cascade has deleted waits until the deleting transaction ends."""
    shop = open_shop(kind, on_delete="ON DELETE CASCADE")
    shop.add_orders(1, 100)
    shop.add_orders(2, 100)
    order = shop.db.value("SELECT max(id) FROM orders WHERE merchant_id = %s", merchant)
    shop.db.commit()
    shop.db.run("DELETE FROM merchants WHERE id = 1")
    change = shop.client().send("UPDATE orders SET request = 'changed' WHERE id = %s", order)
    assert change.waits()
    shop.db.rollback()
    assert change.answer() == ""


def _audit(shop: Shop) -> None:
    """Let a trigger note every order that is deleted."""
    shop.db.run("CREATE TABLE audit (order_id BIGINT)")
    if shop.db.is_postgresql:
        shop.db.run(
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN INSERT INTO audit VALUES (OLD.id); RETURN NULL; END'"
        )
        shop.db.run("CREATE TRIGGER note AFTER DELETE ON orders FOR EACH ROW EXECUTE FUNCTION note()")
    else:
        shop.db.run("CREATE TRIGGER note AFTER DELETE ON orders FOR EACH ROW INSERT INTO audit VALUES (OLD.id)")
    shop.db.commit()


CASCADE = "DELETE FROM merchants WHERE id = 1"
STATEMENT = "DELETE FROM orders WHERE merchant_id = 1"


@pytest.mark.fails_when(
    "a statement of its own deletes the orders", assertion="(noted, left) == (0, 0)", delete=STATEMENT
)
@pytest.mark.parametrize("kind", INNODB)
def test_a_cascade_on_innodb_fires_no_trigger(
    open_innodb: Callable[..., Shop], kind: str, delete: str = CASCADE
) -> None:
    """MariaDB and MySQL: a delete trigger notes nothing of the 100 orders that a cascade deletes."""
    shop = open_innodb(kind, on_delete="ON DELETE CASCADE")
    shop.add_orders(1, 100)
    _audit(shop)
    shop.db.run(delete)
    noted, left = shop.db.value("SELECT count(*) FROM audit"), shop.db.value("SELECT count(*) FROM orders")
    assert (noted, left) == (0, 0)


@pytest.mark.fails_when("the server is MySQL 5.6", assertion="noted == 100", kind="MySQL")
def test_a_cascade_on_postgresql_fires_the_trigger(open_shop: Callable[..., Shop], kind: str = "PostgreSQL") -> None:
    """PostgreSQL: a delete trigger notes all 100 orders that a cascade deletes."""
    shop = open_shop(kind, on_delete="ON DELETE CASCADE")
    shop.add_orders(1, 100)
    _audit(shop)
    shop.db.run(CASCADE)
    noted = shop.db.value("SELECT count(*) FROM audit")
    assert noted == 100


@pytest.mark.fails_when("the two values differ", assertion="second.waits()", value="r-2")
@pytest.mark.parametrize("kind", KINDS)
def test_a_unique_value_waits_for_the_other_transaction(
    open_shop: Callable[..., Shop], kind: str, value: str = "r-1"
) -> None:
    """A second insert of a unique value waits: accepted if the first transaction rolls back, refused if it commits."""
    shop = open_shop(kind)
    first, other = shop.client(), shop.client()
    for commits in (False, True):
        first.run(REQUEST, "r-1")
        second = other.send(REQUEST, value)
        assert second.waits()
        first.commit() if commits else first.rollback()
        assert second.answer() == (DUPLICATE[kind] if commits else "")
        other.rollback()


@pytest.mark.fails_when("the two values differ", assertion="second.waits()", value="r-2")
@pytest.mark.parametrize("kind", KINDS)
def test_an_insert_that_ignores_duplicates_waits_too(
    open_shop: Callable[..., Shop], kind: str, value: str = "r-1"
) -> None:
    """ON CONFLICT DO NOTHING and INSERT IGNORE wait too while another transaction holds the same unique value."""
    shop = open_shop(kind)
    shop.db.run(REQUEST, "r-1")
    ignoring = f"{REQUEST} ON CONFLICT DO NOTHING" if kind == "PostgreSQL" else REQUEST.replace("INTO", "IGNORE INTO")
    second = shop.client().send(ignoring, value)
    assert second.waits()
    shop.db.commit()
    assert second.answer() == ""


@pytest.mark.fails_when("the server is MariaDB", assertion='refused == ""', kind="MariaDB")
@pytest.mark.fails_when("the server is PostgreSQL", assertion='refused == ""', kind="PostgreSQL")
def test_mysql_5_6_accepts_a_check_and_forgets_it(open_shop: Callable[..., Shop], kind: str = "MySQL") -> None:
    """MySQL 5.6 accepts a CHECK constraint and then the row that violates it."""
    db = open_shop(kind).db
    db.run("CREATE TABLE payments (amount BIGINT, CHECK (amount > 0))")
    refused = db.refused("INSERT INTO payments VALUES (-5)")
    assert refused == ""


@pytest.mark.fails_when("the server is MariaDB", assertion='refused == ""', kind="MariaDB")
@pytest.mark.fails_when("the server is PostgreSQL", assertion='refused == ""', kind="PostgreSQL")
def test_mysql_5_6_accepts_references_at_a_column_and_forgets_it(
    open_shop: Callable[..., Shop], kind: str = "MySQL"
) -> None:
    """MySQL 5.6 accepts REFERENCES in a column's definition and then the row without a parent."""
    db = open_shop(kind).db
    db.run("CREATE TABLE payments (merchant_id BIGINT REFERENCES merchants (id))")
    refused = db.refused("INSERT INTO payments VALUES (4711)")
    assert refused == ""


@pytest.mark.fails_when(
    "the change is made to the row itself", assertion='refused == ""', change="UPDATE payouts SET n = 11"
)
def test_a_check_through_a_function_is_not_asked_again(
    open_postgresql: Callable[..., Shop], change: str = "UPDATE merchants SET sold = 0"
) -> None:
    """PostgreSQL: a CHECK whose function reads another table stays silent when that table's change violates it."""
    db = open_postgresql().db
    db.run("UPDATE merchants SET sold = 10")
    db.run("CREATE FUNCTION sold(m BIGINT) RETURNS BIGINT LANGUAGE sql AS 'SELECT sold FROM merchants WHERE id = m'")
    db.run("CREATE TABLE payouts (merchant_id BIGINT, n BIGINT, CHECK (n <= sold(merchant_id)))")
    db.run("INSERT INTO payouts VALUES (1, 10)")
    refused = db.refused(change)
    assert refused == ""
    assert db.value("SELECT count(*) FROM payouts WHERE n > sold(merchant_id)") == 1


@pytest.mark.fails_when("the constraint is immediate", assertion='insert == ""', when="IMMEDIATE")
def test_a_deferred_constraint_answers_at_commit(open_postgresql: Callable[..., Shop], when: str = "DEFERRED") -> None:
    """PostgreSQL: a deferred foreign key accepts an order without a merchant and refuses the COMMIT."""
    db = open_postgresql(on_delete=f"DEFERRABLE INITIALLY {when}").db
    insert = db.refused(ORDER, 4711)
    commit = "" if insert else db.refused("COMMIT")
    assert insert == ""
    assert commit == NO_PARENT["PostgreSQL"]


@pytest.mark.fails_when("the parent comes first", assertion="refused == NO_PARENT[kind]", order="(1, NULL), (2, 1)")
@pytest.mark.parametrize("kind", INNODB)
def test_innodb_checks_row_by_row(
    open_innodb: Callable[..., Shop], kind: str, order: str = "(2, 1), (1, NULL)"
) -> None:
    """MariaDB and MySQL: one INSERT of a child and its parent, in this order, is refused."""
    db = open_innodb(kind).db
    db.run("CREATE TABLE categories (id BIGINT PRIMARY KEY, up BIGINT, FOREIGN KEY (up) REFERENCES categories (id))")
    refused = db.refused(f"INSERT INTO categories VALUES {order}")
    assert refused == NO_PARENT[kind]


@pytest.mark.fails_when("the server is MySQL 5.6", assertion='refused == ""', kind="MySQL")
def test_postgresql_checks_at_the_end_of_the_statement(
    open_shop: Callable[..., Shop], kind: str = "PostgreSQL"
) -> None:
    """PostgreSQL: one INSERT of a child and its parent, in this order, is accepted."""
    db = open_shop(kind).db
    db.run("CREATE TABLE categories (id BIGINT PRIMARY KEY, up BIGINT, FOREIGN KEY (up) REFERENCES categories (id))")
    refused = db.refused("INSERT INTO categories VALUES (2, 1), (1, NULL)")
    assert refused == ""


@pytest.mark.fails_when("there is no foreign key", assertion="calls == ORDERS", foreign_key=False)
def test_a_foreign_key_is_a_query_for_each_row(
    open_postgresql: Callable[..., Shop], record: Any, foreign_key: bool = True
) -> None:
    """PostgreSQL: inserting 10,000 orders in one statement runs the check of the foreign key 10,000 times."""
    shop = open_postgresql(foreign_key=foreign_key)
    statement = f"INSERT INTO orders (merchant_id) SELECT 1 FROM generate_series(1, {ORDERS})"
    for _ in range(5):
        plan = _explained(shop, statement)
        calls = sum(trigger["Calls"] for trigger in plan["Triggers"])
        assert calls == ORDERS
        checking = sum(trigger["Time"] for trigger in plan["Triggers"])
        record.sample("check", 1000 * checking / ORDERS, unit="µs", note="time of the foreign key's check, a row")
        share = 100 * checking / plan["Execution Time"]
        record.sample("check_share", share, unit="%", note="share of the statement's time that is the check")


@pytest.mark.fails_when("the action is NO ACTION", assertion="left == 0", on_delete="ON DELETE NO ACTION")
def test_explain_analyze_shows_the_time_of_a_cascade(
    open_postgresql: Callable[..., Shop], record: Any, on_delete: str = "ON DELETE CASCADE"
) -> None:
    """PostgreSQL: EXPLAIN (ANALYZE) of a DELETE gives over half of its time to the constraint that cascades."""
    shop = open_postgresql(on_delete=on_delete)
    cascades = "CASCADE" in on_delete
    for merchant in range(1, 6):
        shop.add_orders(merchant, ORDERS)
        plan = _explained(shop, f"DELETE FROM merchants WHERE id = {merchant if cascades else 16}")
        left = shop.db.value("SELECT count(*) FROM orders")
        shop.db.commit()
        assert left == 0
        (trigger,) = plan["Triggers"]
        assert trigger["Constraint Name"] == "orders_merchant"
        assert trigger["Time"] > plan["Execution Time"] / 2
        share = 100 * trigger["Time"] / plan["Execution Time"]
        note = "share of a DELETE's time that EXPLAIN gives to the cascade"
        record.sample("cascade_share", share, unit="%", note=note, worst="lowest")


def _explained(shop: Shop, statement: str) -> dict[str, Any]:
    (plan,) = shop.db.value(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
    return dict(plan)


@pytest.mark.fails_when("no other transaction is open", assertion="pages > 5 * pages_alone", reader=False)
def test_an_open_snapshot_lets_one_row_grow_to_many_pages(
    open_postgresql: Callable[..., Shop], record: Any, reader: bool = True
) -> None:
    """PostgreSQL: 2,000 counts of one row take over five times the pages while an old snapshot is open."""
    for _ in range(5):
        shop = open_postgresql()
        pages_alone = _pages_after_counting(shop)
        if reader:
            old = shop.client()
            old.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            old.value("SELECT count(*) FROM orders")
        pages = _pages_after_counting(shop)
        record.sample("pages_alone", pages_alone, note="pages of merchants after 2,000 counts of one row")
        record.sample("pages", pages, note="the same after 2,000 more, beside an old snapshot")
        assert pages > 5 * pages_alone


def _pages_after_counting(shop: Shop) -> int:
    with psycopg.connect(shop.server.dsn, autocommit=True) as db:
        db.execute("SET synchronous_commit = off")
        db.execute(COUNTING)
    pages: int = shop.db.value("SELECT pg_relation_size('merchants') / current_setting('block_size')::int")
    shop.db.commit()
    return pages
