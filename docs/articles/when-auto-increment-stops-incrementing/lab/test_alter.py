"""What ALTER TABLE does to widen a key, whom it keeps waiting, and what a foreign key makes of it."""

import threading

import pytest

from engblog.lab.process import wait_until
from engblog.lab.record import Recorder
from engblog.lab.servers import MariaDB

from .sql import Connection, connect, refused, rows, run, value

WIDEN = "ALTER TABLE events MODIFY id BIGINT NOT NULL AUTO_INCREMENT"


@pytest.fixture
def events(db: Connection) -> Connection:
    """A small ``events``."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20), body TEXT)")
    run(db, "INSERT INTO events (kind, body) VALUES ('paid', 'a'), ('paid', 'b')")
    return db


TO_ANOTHER_TYPE = "id {column} NOT NULL AUTO_INCREMENT"


@pytest.mark.fails_when("a `VARCHAR` grows", assertion="cheap[0] == unlocked[0] == 1846", change="kind VARCHAR(30)")
@pytest.mark.parametrize("column", ["BIGINT", "INT UNSIGNED"])
@pytest.mark.parametrize("algorithm", ["INSTANT", "NOCOPY", "INPLACE"])
def test_only_a_copy_of_the_table_widens_the_key(
    events: Connection, algorithm: str, column: str, record: Recorder, change: str = TO_ANOTHER_TYPE
) -> None:
    """MariaDB refuses INSTANT, NOCOPY and INPLACE for BIGINT and for INT UNSIGNED, and refuses COPY without a lock."""
    widen = f"ALTER TABLE events MODIFY {change.format(column=column)}"

    cheap = refused(events, f"{widen}, ALGORITHM = {algorithm}")
    unlocked = refused(events, f"{widen}, ALGORITHM = COPY, LOCK = NONE")
    copied = run(events, f"{widen}, ALGORITHM = COPY, LOCK = SHARED")

    assert cheap[0] == unlocked[0] == 1846
    assert copied == 2, "every row was copied"
    record.number(f"alter_{algorithm.lower()}", f"ERROR 1846 (0A000): {cheap[1]}", note=f"MODIFY, {algorithm}")
    record.number("alter_unlocked", f"ERROR 1846 (0A000): {unlocked[1]}", note="MODIFY with ALGORITHM=COPY, LOCK=NONE")


@pytest.mark.fails_when("`LOCK = EXCLUSIVE` is asked for", assertion="still_copying", lock="EXCLUSIVE")
def test_the_copy_lets_readers_in_and_keeps_writers_out(
    server: MariaDB, db: Connection, other: Connection, lock: str = "SHARED"
) -> None:
    """While ALTER TABLE copies rows, a SELECT is answered and an INSERT waits for the metadata lock."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20), body TEXT)")
    run(db, "INSERT INTO events SELECT seq, 'paid', REPEAT('x', 200) FROM seq_1_to_250000")

    def client(statement: str) -> threading.Thread:
        def body() -> None:
            with connect(server) as connection:
                run(connection, statement)

        thread = threading.Thread(target=body)
        thread.start()
        return thread

    def states() -> set[str]:
        return {state for (state,) in rows(other, "SELECT state FROM information_schema.processlist")}

    altering = client(f"{WIDEN}, ALGORITHM = COPY, LOCK = {lock}")
    wait_until(lambda: "copy to tmp table" in states(), seconds=30, what="the copy to begin")
    inserting = client("INSERT INTO events (kind, body) VALUES ('paid', 'late')")
    both = {"copy to tmp table", "Waiting for table metadata lock"}
    try:
        wait_until(lambda: both <= states(), seconds=30, what="the insert to wait while rows are copied")
        read = value(other, "SELECT body FROM events WHERE id = 1")
        still_copying = "copy to tmp table" in states()
    finally:
        altering.join()
        inserting.join()

    assert read == "x" * 200
    assert still_copying, "the reader was answered before the copy had ended"
    assert value(db, "SELECT MAX(id) FROM events WHERE body = 'late'") == 250_001


@pytest.mark.fails_when("`AUTO_INCREMENT` is repeated", assertion="[0] == 1364", repeated="AUTO_INCREMENT")
def test_a_modify_that_forgets_auto_increment_removes_it(events: Connection, repeated: str = "") -> None:
    """MODIFY replaces the whole definition: if it leaves out AUTO_INCREMENT, strict inserts fail with error 1364."""
    run(events, f"ALTER TABLE events MODIFY id BIGINT NOT NULL {repeated}")

    assert refused(events, "INSERT INTO events (kind, body) VALUES ('paid', 'c')")[0] == 1364


FOREIGN_KEY = ", CONSTRAINT receipt_of FOREIGN KEY (event_id) REFERENCES events (id)"


def refer(events: Connection, constraint: str) -> None:
    """Make ``receipts``, whose ``event_id`` refers to ``events``."""
    run(events, f"CREATE TABLE receipts (id BIGINT AUTO_INCREMENT PRIMARY KEY, event_id INT NOT NULL{constraint})")
    run(events, "INSERT INTO receipts (event_id) VALUES (1), (2)")


@pytest.mark.fails_when("there is no foreign key", assertion="== (1833, 1832)", constraint="")
def test_a_foreign_key_forbids_the_change_on_both_sides(
    events: Connection, record: Recorder, constraint: str = FOREIGN_KEY
) -> None:
    """Neither column of a foreign key can change its type: drop the key, widen both, add the key again."""
    refer(events, constraint)
    parent = refused(events, WIDEN)
    child = refused(events, "ALTER TABLE receipts MODIFY event_id BIGINT NOT NULL")
    assert (parent[0], child[0]) == (1833, 1832)

    run(events, "ALTER TABLE receipts DROP FOREIGN KEY receipt_of, MODIFY event_id BIGINT NOT NULL")
    run(events, WIDEN)
    run(events, "ALTER TABLE receipts ADD CONSTRAINT receipt_of FOREIGN KEY (event_id) REFERENCES events (id)")
    assert refused(events, "INSERT INTO receipts (event_id) VALUES (3)")[0] == 1452
    record.number("fk_parent", f"ERROR 1833 (HY000): {parent[1]}", note="MODIFY of the referenced column")


@pytest.mark.fails_when("there is no foreign key", assertion="error[0] == 1452", constraint="")
def test_after_a_rename_the_foreign_key_still_points_at_the_old_table(
    events: Connection, record: Recorder, constraint: str = FOREIGN_KEY
) -> None:
    """A foreign key follows the parent table that was renamed away, so rows of the new one cannot have children."""
    refer(events, constraint)
    run(events, "CREATE TABLE events_new LIKE events")
    run(events, "INSERT INTO events_new SELECT * FROM events")
    run(events, "RENAME TABLE events TO events_old, events_new TO events")
    run(events, "INSERT INTO events (kind, body) VALUES ('paid', 'c')")

    error = refused(events, "INSERT INTO receipts (event_id) SELECT MAX(id) FROM events")

    assert error[0] == 1452
    target = "SELECT referenced_table_name FROM information_schema.referential_constraints WHERE table_name = %s"
    assert value(events, target, ["receipts"]) == "events_old"
    record.number("fk_after_rename", f"ERROR 1452 (23000): {error[1]}", note="a child of a row born after the swap")
