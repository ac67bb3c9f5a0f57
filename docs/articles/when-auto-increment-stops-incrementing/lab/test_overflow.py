"""What MariaDB answers when the ids of a column are spent."""

import pymysql
import pytest

from engblog.lab.record import Recorder

from .conftest import On
from .sql import INT_MAX, Connection, next_id, refused, rows, run, shown, statements, value

CEILINGS = {
    "TINYINT": 2**7 - 1,
    "TINYINT UNSIGNED": 2**8 - 1,
    "SMALLINT": 2**15 - 1,
    "SMALLINT UNSIGNED": 2**16 - 1,
    "MEDIUMINT": 2**23 - 1,
    "MEDIUMINT UNSIGNED": 2**24 - 1,
    "INT": INT_MAX,
    "INT UNSIGNED": 2**32 - 1,
    "BIGINT": 2**63 - 1,
}
UPSERT = "INSERT INTO events (kind) VALUES ('paid') ON DUPLICATE KEY UPDATE hits = hits + 1"


def fill(db: Connection, last: int) -> None:
    """Make ``events`` with three rows, the last of which has the id *last*; ``kind`` is unique."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20) UNIQUE, hits INT DEFAULT 0)")
    run(db, f"INSERT INTO events (id, kind) VALUES (1, 'paid'), (2, 'sent'), ({last}, 'read')")


@pytest.mark.fails_when("the column is `BIGINT`", assertion="error[0] == 167", column="BIGINT")
def test_an_int_key_dies_at_two_to_the_31_minus_one(db: Connection, record: Recorder, column: str = "INT") -> None:
    """The row with id 2147483647 is the last one; MariaDB refuses the next insert with error 167."""
    create, *works, dies = statements("repro.sql")
    for statement in (create.replace("INT", column, 1), *works):
        run(db, statement)

    error = refused(db, dies)

    assert error[0] == 167
    assert value(db, "SELECT MAX(id) FROM events") == INT_MAX
    assert next_id(db, "events") == INT_MAX + 1
    record.number("out_of_range", shown(error, "22003"), note="the insert after the last id of INT, MariaDB")
    record.number("counter_at_the_end", str(next_id(db, "events")), note="AUTO_INCREMENT in information_schema.tables")


@pytest.mark.fails_when("the server is MySQL 5.6", assertion="== 167", product="MySQL")
@pytest.mark.parametrize("column", CEILINGS)
def test_every_other_integer_type_answers_with_the_same_error(on: On, column: str, product: str = "MariaDB") -> None:
    """Signed or unsigned, TINYINT to BIGINT: one past the last value is error 167 on MariaDB."""
    db = on(product)
    run(db, f"CREATE TABLE events (id {column} AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
    run(db, f"INSERT INTO events VALUES ({CEILINGS[column] - 1}, 'given')")
    run(db, "INSERT INTO events (kind) VALUES ('the last')")

    assert value(db, "SELECT MAX(id) FROM events") == CEILINGS[column]
    assert refused(db, "INSERT INTO events (kind) VALUES ('one too many')")[0] == 167


@pytest.mark.fails_when("the column is `INT UNSIGNED`", assertion="error[0] == 1467", bits=32)
def test_bigint_unsigned_answers_with_1467(db: Connection, record: Recorder, bits: int = 64) -> None:
    """BIGINT UNSIGNED ends one value early, and its error is 1467."""
    column, ceiling = {64: "BIGINT UNSIGNED", 32: "INT UNSIGNED"}[bits], 2**bits - 1
    run(db, f"CREATE TABLE events (id {column} AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
    run(db, f"INSERT INTO events VALUES ({ceiling - 2}, 'given')")
    run(db, "INSERT INTO events (kind) VALUES ('the last')")

    error = refused(db, "INSERT INTO events (kind) VALUES ('one too many')")

    assert error[0] == 1467
    assert value(db, "SELECT MAX(id) FROM events") == ceiling - 1
    record.number("read_failed", shown(error, "HY000"), note="the insert after the last id of BIGINT UNSIGNED")


@pytest.mark.fails_when("ids are left", assertion="refused(db, UPSERT)[0] == 167", last=3)
def test_only_inserts_fail_so_the_service_looks_half_alive(db: Connection, last: int = INT_MAX) -> None:
    """On a full MariaDB table reads, updates and deletes work; an upsert fails although the row to update exists."""
    fill(db, last)

    assert refused(db, UPSERT)[0] == 167
    assert refused(db, "REPLACE INTO events (kind) VALUES ('paid')")[0] == 167
    assert refused(db, "INSERT INTO events (kind) VALUES ('new')")[0] == 167
    assert run(db, "UPDATE events SET hits = hits + 1 WHERE kind = 'paid'") == 1
    assert run(db, "DELETE FROM events WHERE kind = 'sent'") == 1
    assert rows(db, "SELECT id, hits FROM events ORDER BY id") == [(1, 1), (INT_MAX, 0)]


@pytest.mark.fails_when("ids are left", assertion="run(db, ignore) == 0", last=3)
def test_insert_ignore_drops_the_row_and_reports_success(db: Connection, last: int = INT_MAX) -> None:
    """On a full MariaDB table INSERT IGNORE adds no row and raises nothing; the 167 is a warning to be fetched."""
    fill(db, last)
    ignore = "INSERT IGNORE INTO events (kind) VALUES ('lost')"

    assert run(db, ignore) == 0
    assert [number for _, number, _ in rows(db, "SHOW WARNINGS")] == [167]
    assert value(db, "SELECT COUNT(*) FROM events") == 3


@pytest.mark.fails_when("`sql_mode` is empty", assertion="error[0] == 1264", mode="")
def test_an_explicit_id_past_the_end_is_1264_in_strict_mode(
    db: Connection, record: Recorder, mode: str = "STRICT_TRANS_TABLES"
) -> None:
    """In MariaDB's strict mode an explicit id past the end is refused with error 1264."""
    fill(db, INT_MAX)
    run(db, "SET sql_mode = %s", [mode])

    error = refused(db, "INSERT INTO events VALUES (3000000000, 'given', 0)")

    assert error[0] == 1264
    record.number("explicit_strict", shown(error, "22003"), note="an explicit id past the end, strict mode")


@pytest.mark.fails_when("strict mode is on", assertion="error == (1062,", mode="STRICT_TRANS_TABLES")
def test_without_strict_mode_an_explicit_id_becomes_the_last_one(db: Connection, mode: str = "") -> None:
    """Without strict mode an explicit id past the end becomes 2147483647: a duplicate, or an upsert of that row."""
    fill(db, INT_MAX)
    run(db, "SET sql_mode = %s", [mode])

    error = refused(db, "INSERT INTO events VALUES (3000000000, 'given', 0)")
    assert error == (1062, f"Duplicate entry '{INT_MAX}' for key 'PRIMARY'")

    upsert = "INSERT INTO events VALUES (3000000000, 'given', 9) ON DUPLICATE KEY UPDATE hits = VALUES(hits)"
    assert run(db, upsert) == 2, "the client's way to say: one row updated"
    assert rows(db, f"SELECT kind, hits FROM events WHERE id = {INT_MAX}") == [("read", 9)]


@pytest.mark.fails_when("the child's column is `BIGINT`", assertion="refused(db, receipts)[0] == 1264", column="BIGINT")
def test_without_strict_mode_every_child_past_the_end_points_at_one_parent(db: Connection, column: str = "INT") -> None:
    """An INT column for BIGINT ids: strict mode refuses the child, lax mode files it under 2147483647."""
    run(db, "CREATE TABLE events (id BIGINT AUTO_INCREMENT PRIMARY KEY)")
    run(db, f"CREATE TABLE receipts (id BIGINT AUTO_INCREMENT PRIMARY KEY, event_id {column} NOT NULL)")
    run(db, f"INSERT INTO events VALUES ({INT_MAX}), ({INT_MAX + 1}), ({INT_MAX + 2})")
    receipts = "INSERT INTO receipts (event_id) SELECT id FROM events ORDER BY id"

    assert refused(db, receipts)[0] == 1264
    run(db, "SET sql_mode = ''")
    assert run(db, receipts) == 3
    assert rows(db, "SELECT DISTINCT event_id FROM receipts") == [(INT_MAX,)]


REOPEN = "ALTER TABLE events AUTO_INCREMENT = 4, ALGORITHM = INPLACE, LOCK = NONE"


@pytest.mark.fails_when("the counter is not set", assertion="refused(db, insert)[0] == 0", reopen="DO 0")
def test_one_stray_id_spends_the_whole_range_and_can_be_given_back(db: Connection, reopen: str = REOPEN) -> None:
    """Three rows and one imported id close the table; delete that row and set the counter, and it is open again."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
    run(db, f"INSERT INTO events VALUES (1, 'a'), (2, 'b'), (3, 'c'), ({INT_MAX}, 'stray')")
    insert = "INSERT INTO events (kind) VALUES ('d')"

    assert refused(db, insert)[0] == 167
    assert rows(db, "SELECT id FROM events ORDER BY id DESC LIMIT 5") == [(INT_MAX,), (3,), (2,), (1,)]
    run(db, "DELETE FROM events WHERE kind = 'stray'")
    assert refused(db, insert)[0] == 167, "the counter does not come down by itself"
    run(db, reopen)
    assert refused(db, insert)[0] == 0
    assert value(db, "SELECT MAX(id) FROM events") == 4


@pytest.mark.fails_when("the server is MySQL 5.6", assertion="raised is pymysql.err.InternalError", product="MySQL")
def test_a_driver_may_file_the_error_under_internal_errors(on: On, product: str = "MariaDB") -> None:
    """A rule that matches duplicates does not match error 167: PyMySQL raises InternalError, not IntegrityError."""
    db = on(product)
    *works, dies = statements("repro.sql")
    for statement in works:
        run(db, statement)

    try:
        run(db, dies)
        raised = None
    except pymysql.err.MySQLError as error:
        raised = type(error)

    assert raised is pymysql.err.InternalError
