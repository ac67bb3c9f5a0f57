"""What MySQL 5.6 answers where MariaDB answers something else."""

import pymysql
import pytest

from engblog.lab.record import Recorder

from .conftest import On
from .sql import INT_MAX, next_id, refused, rows, run, shown, statements, value
from .test_overflow import CEILINGS, UPSERT, fill

ON_MARIADB = "the server is MariaDB"
PRIMARY = f"Duplicate entry '{INT_MAX}' for key 'PRIMARY'"


@pytest.mark.fails_when(ON_MARIADB, assertion="error == (1062, PRIMARY)", product="MariaDB")
def test_mysql_calls_the_end_a_duplicate(on: On, record: Recorder, product: str = "MySQL") -> None:
    """MySQL 5.6 refuses the insert after id 2147483647 with error 1062, and its counter stays at 2147483647."""
    db = on(product)
    *works, dies = statements("repro.sql")
    for statement in works:
        run(db, statement)

    error = refused(db, dies)

    assert error == (1062, PRIMARY)
    assert next_id(db, "events") == INT_MAX
    record.number("duplicate", shown(error, "23000"), note="the insert after the last id of INT, MySQL")


@pytest.mark.fails_when(ON_MARIADB, assertion="error[0] == 1062", product="MariaDB")
@pytest.mark.parametrize("column", CEILINGS)
def test_mysql_ends_every_other_integer_type_in_a_duplicate(on: On, column: str, product: str = "MySQL") -> None:
    """Signed or unsigned, TINYINT to BIGINT: one past the last value is error 1062 on MySQL 5.6."""
    db = on(product)
    run(db, f"CREATE TABLE events (id {column} AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
    run(db, f"INSERT INTO events VALUES ({CEILINGS[column] - 1}, 'given')")
    run(db, "INSERT INTO events (kind) VALUES ('the last')")

    error = refused(db, "INSERT INTO events (kind) VALUES ('one too many')")

    assert error[0] == 1062
    assert f"'{CEILINGS[column]}'" in error[1]


@pytest.mark.fails_when("the column is `BIGINT`", assertion="== 1467", column="BIGINT", spare=2**63 + 1)
def test_mysql_answers_1467_for_bigint_unsigned(on: On, column: str = "BIGINT UNSIGNED", spare: int = 2) -> None:
    """BIGINT UNSIGNED is the one type whose end MySQL 5.6 reports with error 1467, as MariaDB does."""
    db = on("MySQL")
    run(db, f"CREATE TABLE events (id {column} AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
    run(db, f"INSERT INTO events VALUES ({2**64 - 1 - spare}, 'given')")
    run(db, "INSERT INTO events (kind) VALUES ('the last')")

    assert refused(db, "INSERT INTO events (kind) VALUES ('one too many')")[0] == 1467


@pytest.mark.fails_when(ON_MARIADB, assertion="refused(db, UPSERT)[0] == 0", product="MariaDB")
@pytest.mark.fails_when("ids are left", assertion="hits == {", last=3)
def test_an_upsert_on_a_full_mysql_table_updates_the_last_row(
    on: On, product: str = "MySQL", last: int = INT_MAX
) -> None:
    """On a full table of MySQL 5.6 an upsert for row 1 reports success and counts in the row 2147483647."""
    db = on(product)
    fill(db, last)

    assert refused(db, UPSERT)[0] == 0
    hits = dict(rows(db, "SELECT kind, hits FROM events"))
    assert hits == {"paid": 0, "sent": 0, "read": 1}


NAMED = "INSERT INTO events (kind) VALUES (%s) ON DUPLICATE KEY UPDATE hits = hits + 1, kind = VALUES(kind)"


@pytest.mark.fails_when(ON_MARIADB, assertion="error[0] == 1062", product="MariaDB")
@pytest.mark.fails_when("ids are left", assertion="error[0] == 1062", last=3)
def test_an_upsert_on_a_full_mysql_table_may_name_another_key(
    on: On, record: Recorder, product: str = "MySQL", last: int = INT_MAX
) -> None:
    """On a full MySQL 5.6 table an upsert that sets the unique column names that key, or overwrites the last row."""
    db = on(product)
    fill(db, last)

    error = refused(db, NAMED.replace("%s", "'paid'"))

    assert error[0] == 1062
    assert str(INT_MAX) not in error[1]
    record.number("duplicate_elsewhere", shown(error, "23000"), note="an upsert of row 1 on a full table, MySQL")
    assert run(db, NAMED, ["brand new"]) == 2, "the client's way to say: one row updated"
    assert value(db, f"SELECT kind FROM events WHERE id = {INT_MAX}") == "brand new", "the row 'read' is gone"


@pytest.mark.fails_when(ON_MARIADB, assertion="warnings == []", product="MariaDB")
def test_insert_ignore_on_mysql_drops_the_row_without_a_warning(on: On, product: str = "MySQL") -> None:
    """MySQL 5.6 drops the row of an INSERT IGNORE on a full table, reports success and keeps no warning."""
    db = on(product)
    fill(db, INT_MAX)

    changed = run(db, "INSERT IGNORE INTO events (kind) VALUES ('lost')")
    warnings = rows(db, "SHOW WARNINGS")

    assert changed == 0
    assert warnings == []
    assert value(db, "SELECT COUNT(*) FROM events") == 3


@pytest.mark.fails_when(
    "strict mode is on throughout", assertion="lax == (1062, PRIMARY)", lax_mode="STRICT_ALL_TABLES"
)
def test_mysql_treats_an_explicit_id_past_the_end_likewise(on: On, lax_mode: str = "") -> None:
    """On MySQL 5.6 too an explicit id past the end is error 1264 in strict mode and is cut down in lax mode."""
    db = on("MySQL")
    fill(db, INT_MAX)
    insert = "INSERT INTO events VALUES (3000000000, 'given', 0)"

    strict = refused(db, insert)
    run(db, "SET sql_mode = %s", [lax_mode])
    lax = refused(db, insert)

    assert strict[0] == 1264
    assert lax == (1062, PRIMARY)


@pytest.mark.fails_when(ON_MARIADB, assertion="refused(db, insert)[0] == 0", product="MariaDB")
def test_a_stray_id_on_mysql_comes_back_with_the_next_insert(on: On, product: str = "MySQL") -> None:
    """On MySQL 5.6 deleting the stray row opens the table for one insert, which gets the stray id again."""
    db = on(product)
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
    run(db, f"INSERT INTO events VALUES (1, 'a'), (2, 'b'), (3, 'c'), ({INT_MAX}, 'stray')")
    run(db, "DELETE FROM events WHERE kind = 'stray'")
    insert = "INSERT INTO events (kind) VALUES ('d')"

    assert refused(db, insert)[0] == 0
    assert value(db, "SELECT MAX(id) FROM events") == INT_MAX
    assert refused(db, insert)[0] == 1062
    run(db, "DELETE FROM events WHERE kind = 'd'")
    run(db, "ALTER TABLE events AUTO_INCREMENT = 4, ALGORITHM = INPLACE, LOCK = NONE")
    run(db, insert)
    assert value(db, "SELECT MAX(id) FROM events") == 4


@pytest.mark.fails_when(ON_MARIADB, assertion="nocopy[0] == 1800", product="MariaDB")
def test_mysql_knows_no_nocopy(on: On, record: Recorder, product: str = "MySQL") -> None:
    """MySQL 5.6 does not know the word NOCOPY, refuses INPLACE, and refuses COPY without a lock."""
    db = on(product)
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
    widen = "ALTER TABLE events MODIFY id BIGINT NOT NULL AUTO_INCREMENT"

    nocopy = refused(db, f"{widen}, ALGORITHM = NOCOPY")
    inplace = refused(db, f"{widen}, ALGORITHM = INPLACE")
    unlocked = refused(db, f"{widen}, ALGORITHM = COPY, LOCK = NONE")
    copied = refused(db, f"{widen}, ALGORITHM = COPY, LOCK = SHARED")

    assert nocopy[0] == 1800
    assert inplace[0] == unlocked[0] == 1846
    assert copied[0] == 0
    record.number("mysql_nocopy", shown(nocopy, "HY000"), note="MODIFY with ALGORITHM = NOCOPY, MySQL")


@pytest.mark.fails_when(ON_MARIADB, assertion="isinstance(raised, pymysql.err.IntegrityError)", product="MariaDB")
def test_on_mysql_the_end_looks_like_any_duplicate_to_a_driver(on: On, product: str = "MySQL") -> None:
    """PyMySQL raises the same IntegrityError 1062 for a full table of MySQL 5.6 and for a real duplicate."""
    db = on(product)
    fill(db, INT_MAX)
    caught: list[pymysql.err.MySQLError] = []
    for statement in ("INSERT INTO events (kind) VALUES ('new')", "INSERT INTO events (id, kind) VALUES (9, 'paid')"):
        try:
            run(db, statement)
        except pymysql.err.MySQLError as error:
            caught.append(error)

    assert len(caught) == 2
    for raised in caught:
        assert isinstance(raised, pymysql.err.IntegrityError)
        assert raised.args[0] == 1062
