"""What the server answers when the ids of a column are spent."""

import ctypes

import pymysql
import pytest

from engblog.lab.record import Recorder

from .sql import INT_MAX, Connection, next_id, refused, rows, run, statements, value

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


def shown(error: tuple[int, str], sqlstate: str) -> str:
    """The error as the command-line client prints it."""
    return f"ERROR {error[0]} ({sqlstate}): {error[1]}"


@pytest.fixture
def spent(db: Connection) -> Connection:
    """``events``, three rows, the last with the last id of INT; ``kind`` is unique."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20) UNIQUE, hits INT DEFAULT 0)")
    run(db, f"INSERT INTO events (id, kind) VALUES (1, 'paid'), (2, 'sent'), ({INT_MAX}, 'read')")
    return db


def test_an_int_key_dies_at_two_to_the_31_minus_one(db: Connection, record: Recorder) -> None:
    """The row with id 2147483647 is the last one; MariaDB refuses the next insert with error 167."""
    *works, dies = statements("repro.sql")
    for statement in works:
        run(db, statement)

    error = refused(db, dies)

    assert value(db, "SELECT MAX(id) FROM events") == INT_MAX
    assert error[0] == 167
    assert next_id(db, "events") == INT_MAX + 1
    record.number("out_of_range", shown(error, "22003"), note="the insert after the last id of INT")
    record.number("counter_at_the_end", str(next_id(db, "events")), note="AUTO_INCREMENT in information_schema.tables")


@pytest.mark.parametrize("column", CEILINGS)
def test_every_other_integer_type_answers_with_the_same_error(db: Connection, column: str) -> None:
    """Signed or unsigned, TINYINT to BIGINT: one past the last value is error 167."""
    run(db, f"CREATE TABLE events (id {column} AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
    run(db, f"INSERT INTO events VALUES ({CEILINGS[column] - 1}, 'given')")
    run(db, "INSERT INTO events (kind) VALUES ('the last')")

    assert value(db, "SELECT MAX(id) FROM events") == CEILINGS[column]
    assert refused(db, "INSERT INTO events (kind) VALUES ('one too many')")[0] == 167


def test_bigint_unsigned_answers_with_1467(db: Connection, record: Recorder) -> None:
    """BIGINT UNSIGNED ends one value early, and its error is 1467."""
    run(db, "CREATE TABLE events (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
    run(db, f"INSERT INTO events VALUES ({2**64 - 3}, 'given')")
    run(db, "INSERT INTO events (kind) VALUES ('the last')")

    error = refused(db, "INSERT INTO events (kind) VALUES ('one too many')")

    assert value(db, "SELECT MAX(id) FROM events") == 2**64 - 2
    assert error[0] == 1467
    record.number("read_failed", shown(error, "HY000"), note="the insert after the last id of BIGINT UNSIGNED")


def test_only_inserts_fail_so_the_service_looks_half_alive(spent: Connection) -> None:
    """Reads, updates and deletes still work; an upsert fails although the row that it would update exists."""
    upsert = "INSERT INTO events (kind) VALUES ('paid') ON DUPLICATE KEY UPDATE hits = hits + 1"

    assert refused(spent, upsert)[0] == 167
    assert refused(spent, "REPLACE INTO events (kind) VALUES ('paid')")[0] == 167
    assert run(spent, "UPDATE events SET hits = hits + 1 WHERE kind = 'paid'") == 1
    assert run(spent, "DELETE FROM events WHERE kind = 'sent'") == 1
    assert rows(spent, "SELECT id, hits FROM events ORDER BY id") == [(1, 1), (INT_MAX, 0)]


def test_insert_ignore_drops_the_row_and_reports_success(spent: Connection) -> None:
    """INSERT IGNORE raises nothing: no row arrives, and a warning that few clients read carries the 167."""
    assert run(spent, "INSERT IGNORE INTO events (kind) VALUES ('lost')") == 0
    assert [number for _, number, _ in rows(spent, "SHOW WARNINGS")] == [167]
    assert value(spent, "SELECT COUNT(*) FROM events") == 3


def test_an_explicit_id_past_the_end_is_1264_in_strict_mode(spent: Connection, record: Recorder) -> None:
    """In strict mode an id that the application brings itself is refused with error 1264."""
    error = refused(spent, "INSERT INTO events VALUES (3000000000, 'given', 0)")

    assert error[0] == 1264
    record.number("explicit_strict", shown(error, "22003"), note="an explicit id past the end, strict mode")


def test_without_strict_mode_an_explicit_id_becomes_the_last_one(spent: Connection, record: Recorder) -> None:
    """Without strict mode the id is cut down to 2147483647: a duplicate, and an upsert overwrites that row."""
    run(spent, "SET sql_mode = ''")

    error = refused(spent, "INSERT INTO events VALUES (3000000000, 'given', 0)")
    upsert = "INSERT INTO events VALUES (3000000000, 'given', 9) ON DUPLICATE KEY UPDATE hits = VALUES(hits)"
    changed = run(spent, upsert)

    assert error == (1062, f"Duplicate entry '{INT_MAX}' for key 'PRIMARY'")
    assert changed == 2, "the client's way to say: one row updated"
    assert rows(spent, f"SELECT kind, hits FROM events WHERE id = {INT_MAX}") == [("read", 9)]
    record.number("duplicate", shown(error, "23000"), note="an explicit id past the end, without strict mode")


def test_without_strict_mode_every_child_past_the_end_points_at_one_parent(db: Connection) -> None:
    """An INT column for BIGINT ids: strict mode refuses the child, the lax mode files it under 2147483647."""
    run(db, "CREATE TABLE events (id BIGINT AUTO_INCREMENT PRIMARY KEY)")
    run(db, "CREATE TABLE receipts (id BIGINT AUTO_INCREMENT PRIMARY KEY, event_id INT NOT NULL)")
    run(db, f"INSERT INTO events VALUES ({INT_MAX}), ({INT_MAX + 1}), ({INT_MAX + 2})")
    receipts = "INSERT INTO receipts (event_id) SELECT id FROM events ORDER BY id"

    assert refused(db, receipts)[0] == 1264
    run(db, "SET sql_mode = ''")
    assert run(db, receipts) == 3
    assert rows(db, "SELECT DISTINCT event_id FROM receipts") == [(INT_MAX,)]


def test_a_32_bit_client_turns_the_first_wide_id_negative(db: Connection) -> None:
    """2147483648 read from the server and put into a signed 32-bit variable is -2147483648."""
    run(db, "CREATE TABLE events (id BIGINT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20)) AUTO_INCREMENT = 2147483648")
    run(db, "INSERT INTO events (kind) VALUES ('wide')")

    assert ctypes.c_int32(value(db, "SELECT id FROM events")).value == -(2**31)


def test_one_stray_id_spends_the_whole_range_and_can_be_given_back(db: Connection) -> None:
    """Three rows and one imported id close the table; delete that row and set the counter, and it is open again."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
    run(db, f"INSERT INTO events VALUES (1, 'a'), (2, 'b'), (3, 'c'), ({INT_MAX}, 'stray')")
    insert = "INSERT INTO events (kind) VALUES ('d')"

    assert refused(db, insert)[0] == 167
    assert rows(db, "SELECT id FROM events ORDER BY id DESC LIMIT 5") == [(INT_MAX,), (3,), (2,), (1,)]
    run(db, "DELETE FROM events WHERE kind = 'stray'")
    assert refused(db, insert)[0] == 167, "the counter does not come down by itself"
    run(db, "ALTER TABLE events AUTO_INCREMENT = 4, ALGORITHM = INPLACE, LOCK = NONE")
    run(db, insert)
    assert value(db, "SELECT MAX(id) FROM events") == 4


def test_a_driver_may_file_the_error_under_internal_errors(db: Connection) -> None:
    """A rule that matches duplicates does not match error 167: PyMySQL raises InternalError, no IntegrityError."""
    *works, dies = statements("repro.sql")
    for statement in works:
        run(db, statement)

    with pytest.raises(pymysql.err.InternalError):
        run(db, dies)
