"""Constraints whose bill arrives elsewhere: another statement, another row, at COMMIT, or never."""

from collections.abc import Callable

import pytest

from .shop import ORDER, Shop

KINDS = ("PostgreSQL", "MariaDB", "MySQL")
INNODB = ("MariaDB", "MySQL")
DUPLICATE = {"PostgreSQL": "23505", "MariaDB": "1062", "MySQL": "1062"}
NO_PARENT = {"PostgreSQL": "23503", "MariaDB": "1452", "MySQL": "1452"}
FAILED_CHECK = {"PostgreSQL": "23514", "MariaDB": "4025"}
REQUEST = "INSERT INTO orders (merchant_id, request) VALUES (1, %s)"
ORDERS = 10_000
INDEXED_COLUMNS = """
    SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
     WHERE indrelid = 'orders'::regclass"""


@pytest.mark.fails_when("an index on orders (merchant_id) exists", assertion="read == 10 * ORDERS", index=True)
def test_deleting_a_parent_reads_the_whole_child_table(open_shop: Callable[..., Shop], index: bool = False) -> None:
    """PostgreSQL, no index on orders (merchant_id): deleting 10 merchants without orders reads all orders 10 times."""
    shop = open_shop("PostgreSQL")
    if index:
        shop.db.run("CREATE INDEX ON orders (merchant_id)")
    shop.add_orders(1, ORDERS)
    shop.db.run("DELETE FROM merchants WHERE id BETWEEN 7 AND 16")
    read = shop.db.value("SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'orders'")
    assert read == 10 * ORDERS


@pytest.mark.fails_when("there is no foreign key", assertion='"merchant_id" in indexed', foreign_key=False)
@pytest.mark.fails_when("the server is PostgreSQL", assertion='"merchant_id" in indexed', kind="PostgreSQL")
@pytest.mark.parametrize("kind", INNODB)
def test_innodb_indexes_the_referencing_column(
    open_shop: Callable[..., Shop], kind: str, foreign_key: bool = True
) -> None:
    """MariaDB and MySQL: a foreign key brings its own index on the referencing column."""
    shop = open_shop(kind, foreign_key=foreign_key)
    if shop.db.is_postgresql:
        indexed = [name for (name,) in shop.db.rows(INDEXED_COLUMNS)]
    else:
        indexed = [row[4] for row in shop.db.rows("SHOW INDEX FROM orders")]
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
    """Until the deleting transaction ends, whoever changes one of the orders that the cascade deleted waits."""
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
@pytest.mark.fails_when("the server is PostgreSQL", assertion="(noted, left) == (0, 0)", kind="PostgreSQL")
@pytest.mark.parametrize("kind", INNODB)
def test_a_cascade_on_innodb_fires_no_trigger(open_shop: Callable[..., Shop], kind: str, delete: str = CASCADE) -> None:
    """MariaDB and MySQL: a delete trigger notes nothing of the 100 orders that a cascade deletes."""
    shop = open_shop(kind, on_delete="ON DELETE CASCADE")
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
@pytest.mark.parametrize("commits", [True, False])
def test_a_unique_value_waits_for_the_other_transaction(
    open_shop: Callable[..., Shop], kind: str, commits: bool, value: str = "r-1"
) -> None:
    """A second insert of a unique value waits: refused if the first transaction commits, accepted if it rolls back."""
    shop = open_shop(kind)
    shop.db.run(REQUEST, "r-1")
    second = shop.client().send(REQUEST, value)
    assert second.waits()
    shop.db.commit() if commits else shop.db.rollback()
    assert second.answer() == (DUPLICATE[kind] if commits else "")


@pytest.mark.fails_when("the two values differ", assertion="second.waits()", value="r-2")
@pytest.mark.parametrize("kind", KINDS)
def test_an_insert_that_ignores_duplicates_waits_too(
    open_shop: Callable[..., Shop], kind: str, value: str = "r-1"
) -> None:
    """ON CONFLICT DO NOTHING and INSERT IGNORE wait for the other transaction as well."""
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


@pytest.mark.fails_when("the row itself is touched again", assertion="(wrong, later) == (1,", touch=True)
def test_a_check_through_a_function_is_not_asked_again(open_shop: Callable[..., Shop], touch: bool = False) -> None:
    """PostgreSQL: a CHECK whose function reads another table stays silent when that table's change violates it."""
    db = open_shop("PostgreSQL").db
    # --8<-- [start:check]
    db.run("CREATE FUNCTION sold(m BIGINT) RETURNS BIGINT LANGUAGE sql AS 'SELECT sold FROM merchants WHERE id = m'")
    db.run("CREATE TABLE payouts (merchant_id BIGINT, n BIGINT, CHECK (n <= sold(merchant_id)))")
    db.run("UPDATE merchants SET sold = 10 WHERE id = 1")
    db.run("INSERT INTO payouts VALUES (1, 10)")
    db.run("UPDATE merchants SET sold = 0 WHERE id = 1")  # accepted
    # --8<-- [end:check]
    later = db.refused("UPDATE payouts SET n = n") if touch else ""
    if later:
        db.rollback()
        wrong = 0
    else:
        wrong = db.value("SELECT count(*) FROM payouts WHERE n > sold(merchant_id)")
    assert (wrong, later) == (1, "")


@pytest.mark.fails_when("the constraint is immediate", assertion='insert == ""', when="IMMEDIATE")
def test_a_deferred_constraint_answers_at_commit(open_shop: Callable[..., Shop], when: str = "DEFERRED") -> None:
    """PostgreSQL: a deferred foreign key accepts an order without a merchant and refuses the COMMIT."""
    db = open_shop("PostgreSQL", on_delete=f"DEFERRABLE INITIALLY {when}").db
    insert = db.refused(ORDER, 4711)
    commit = "" if insert else db.refused("COMMIT")
    assert insert == ""
    assert commit == NO_PARENT["PostgreSQL"]


@pytest.mark.fails_when("the server is PostgreSQL", assertion="refused == NO_PARENT[kind]", kind="PostgreSQL")
@pytest.mark.fails_when("the parent comes first", assertion="refused == NO_PARENT[kind]", order="(1, NULL), (2, 1)")
@pytest.mark.parametrize("kind", INNODB)
def test_innodb_checks_row_by_row(open_shop: Callable[..., Shop], kind: str, order: str = "(2, 1), (1, NULL)") -> None:
    """MariaDB and MySQL: one INSERT of a child and its parent, in this order, is refused."""
    db = open_shop(kind).db
    db.run("CREATE TABLE categories (id BIGINT PRIMARY KEY, up BIGINT, FOREIGN KEY (up) REFERENCES categories (id))")
    refused = db.refused(f"INSERT INTO categories VALUES {order}")
    assert refused == NO_PARENT[kind]
