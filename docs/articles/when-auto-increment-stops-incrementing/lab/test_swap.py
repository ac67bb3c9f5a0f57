"""Widening a key under fire: what is lost, what is kept, and who waits for whom."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from engblog.lab.process import wait_until
from engblog.lab.pytest_plugin import Launcher
from engblog.lab.record import Recorder
from engblog.lab.servers import MariaDB

from .sql import INT_MAX, LOCK_WAIT, Connection, connect, execute_file, next_id, refused, rows, run, statements, value
from .swap import copy_in_chunks
from .writers import Traffic, loss, traffic

SEED = 8_000
CHUNK = 500
WRITERS = 4
RUNS = 5


def seed(db: Connection) -> None:
    """Make ``events``: an INT key, 8,000 rows, and a million ids left."""
    first = INT_MAX - 1_000_000 - SEED
    run(db, "DROP TABLE IF EXISTS events, events_old, events_new")
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20), body TEXT)")
    run(db, f"INSERT INTO events SELECT seq + {first}, 'paid', CONCAT('seed ', seq) FROM seq_1_to_{SEED}")


@pytest.fixture
def events(db: Connection) -> Connection:
    """A database with ``events``."""
    seed(db)
    return db


@pytest.fixture(scope="module")
def replica(server: MariaDB, start_mariadb: Launcher) -> Iterator[Connection]:
    """A replica that has applied everything so far, of the kind that refuses a column of another type."""
    started = start_mariadb(server_id=2, innodb_flush_log_at_trx_commit=2)
    with connect(server) as primary, connect(started) as connection:
        source = f"master_host = '127.0.0.1', master_port = {server.port}, master_user = 'root'"
        run(connection, f"CHANGE MASTER TO {source}")
        run(connection, "START SLAVE")
        catch_up(primary, connection)
        yield connection
        run(connection, "STOP SLAVE")


def catch_up(primary: Connection, replica: Connection) -> None:
    """Wait until *replica* has applied all that *primary* has logged."""
    log, position = rows(primary, "SHOW MASTER STATUS")[0][:2]
    assert value(replica, "SELECT MASTER_POS_WAIT(%s, %s, 60)", [log, position]) is not None, "the replica stopped"


def contents(db: Connection, table: str = "events") -> dict[int, str]:
    """The rows of *table*: id and body."""
    return dict(rows(db, f"SELECT id, body FROM {table}"))


def copy_under(clients: Traffic, db: Connection) -> int:
    """Copy ``events``, waiting for every writer after each chunk; return how many rows the copy itself brought."""
    copied = 0
    for brought in copy_in_chunks(db, CHUNK, "events", "events_new"):
        copied += brought
        clients.wait_for(3)
    return copied


@pytest.mark.fails_when("the triggers are there", assertion="wrong.missing > 0", without="")
def test_a_swap_without_triggers_loses_writes(
    server: MariaDB, events: Connection, record: Recorder, without: str = "CREATE TRIGGER"
) -> None:
    """Without triggers, copy and rename lose acknowledged inserts and updates, and bring deleted rows back."""
    with traffic(server, events, WRITERS) as clients:
        execute_file(events, "shadow.sql", "prepare", without)
        copy_under(clients, events)
        clients.wait_for(10)
        execute_file(events, "shadow.sql", "cut_over")
        clients.wait_for(10)

    wrong = loss(clients.acknowledged, contents(events))

    assert wrong.missing > 0
    assert wrong.stale > 0
    assert wrong.resurrected > 0
    record.number("naive_writes", clients.done.total(), note="writes acknowledged during the swap without triggers")
    record.number("naive_missing", wrong.missing, note="acknowledged inserts that the new table lacks")
    record.number("naive_stale", wrong.stale, note="rows whose acknowledged update the new table lacks")
    record.number("naive_resurrected", wrong.resurrected, note="deleted rows that the new table holds")


@pytest.mark.fails_when("the delete trigger is left out", assertion="wrong.total == 0", without="events_copy_delete")
@pytest.mark.fails_when("the update trigger is left out", assertion="wrong.total == 0", without="events_copy_update")
@pytest.mark.fails_when("the insert trigger is left out", assertion="wrong.total == 0", without="events_copy_insert")
def test_a_swap_with_triggers_keeps_every_acknowledged_write(
    server: MariaDB, db: Connection, replica: Connection, record: Recorder, without: str = ""
) -> None:
    """In five swaps under four clients, the table and its replica hold exactly what was acknowledged."""
    writes = wrong_rows = 0
    for _ in range(RUNS):
        seed(db)
        # --8<-- [start:proof]
        with traffic(server, db, WRITERS) as clients:
            clients.wait_for(10)
            execute_file(db, "shadow.sql", "prepare", without)
            clients.wait_for(10)
            copy_under(clients, db)
            clients.wait_for(10)
            cut_over = execute_file(db, "shadow.sql", "cut_over")
            clients.wait_for(10)

        acknowledged = clients.acknowledged
        wrong = loss(acknowledged, contents(db))
        assert wrong.total == 0
        # --8<-- [end:proof]
        catch_up(db, replica)
        assert contents(replica, "test.events") == acknowledged
        assert max(acknowledged) > INT_MAX, "the writers went past the end of INT"
        writes += clients.done.total()
        wrong_rows += wrong.total
        about = "of one swap under four clients"
        record.sample("swap_slowest", clients.slowest * 1000, unit="ms", note=f"the longest acknowledged write {about}")
        record.sample("cut_over", cut_over * 1000, unit="ms", note=f"the cut-over {about}")
        record.sample("swap_retries", clients.retries, note=f"statements that a lock conflict rolled back {about}")
    record.number("swap_runs", RUNS, note="swaps under four clients")
    record.number("swap_rows", SEED, note="rows in the table when a swap begins")
    record.number("swap_writes", writes, note="writes acknowledged in all swaps")
    record.number("swap_wrong", wrong_rows, note="rows missing, stale or resurrected in all swaps")


@pytest.mark.fails_when("the re-key trigger is left out", assertion="mirrored == {7:", without="events_copy_rekey")
def test_an_update_of_the_key_moves_the_row_in_the_shadow(events: Connection, without: str = "") -> None:
    """When a row's id changes, the shadow's triggers move its copy to the new id."""
    execute_file(events, "shadow.sql", "prepare", without)
    row = value(events, "SELECT MIN(id) FROM events")
    run(events, "UPDATE events SET body = 'mirrored' WHERE id = %s", [row])

    run(events, "UPDATE events SET id = 7 WHERE id = %s", [row])

    mirrored = contents(events, "events_new")
    assert mirrored == {7: "mirrored"}


@pytest.mark.fails_when(
    "the insert trigger comes first and the delete trigger last", assertion="wrong.total == 0", insert_first=True
)
def test_the_order_of_the_triggers_decides_what_a_write_between_them_leaves(
    db: Connection, insert_first: bool = False
) -> None:
    """With the delete trigger created first and the insert trigger last, no write in between is missed."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20), body TEXT)")
    run(db, "INSERT INTO events (kind, body) VALUES ('paid', 'seed'), ('paid', 'gone')")
    timeout, shadow, widen, *triggers = statements("shadow.sql", "prepare")
    for statement in (timeout, shadow, widen, *(reversed(triggers) if insert_first else triggers)):
        run(db, statement)
        run(db, "DELETE FROM events WHERE id > 1")
        run(db, "UPDATE events SET body = CONCAT(body, '+') WHERE id = 1")
        run(db, "INSERT INTO events (kind, body) VALUES ('paid', 'short-lived')")
    for _ in copy_in_chunks(db, CHUNK, "events", "events_new"):
        pass

    wrong = loss(contents(db), contents(db, "events_new"))

    assert wrong.total == 0


@pytest.fixture
def seeded(db: Connection) -> Connection:
    """``events`` with three rows."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20), body TEXT)")
    run(db, "INSERT INTO events (kind, body) VALUES ('paid', 'a'), ('paid', 'b'), ('paid', 'c')")
    return db


@pytest.fixture
def shadowed(seeded: Connection) -> Connection:
    """``events`` with three rows, and its shadow with triggers, still empty."""
    execute_file(seeded, "shadow.sql", "prepare")
    return seeded


COUNTER = ",\n  AUTO_INCREMENT = 2147483648"


@pytest.mark.fails_when("the shadow's counter is set", assertion="== 3", counter=COUNTER)
def test_the_shadow_does_not_know_ids_whose_rows_were_deleted(seeded: Connection, counter: str = "") -> None:
    """A shadow whose counter is not set would issue ids again whose rows were deleted before the copy."""
    for statement in statements("shadow.sql", "prepare"):
        run(seeded, statement.replace(COUNTER, counter))
    run(seeded, "DELETE FROM events WHERE id = 3")
    for _ in copy_in_chunks(seeded, CHUNK, "events", "events_new"):
        pass

    assert next_id(seeded, "events") == 4
    assert next_id(seeded, "events_new") == 3


@pytest.mark.fails_when("the triggers do not exist yet", assertion="number == LOCK_WAIT", without="CREATE TRIGGER")
@pytest.mark.fails_when("the open transaction has only read", assertion="number == LOCK_WAIT", opened="SELECT 1")
def test_a_counter_that_is_set_at_the_cut_over_waits_for_open_writes(
    server: MariaDB,
    seeded: Connection,
    other: Connection,
    without: str = "",
    opened: str = "UPDATE events SET body = 'late' WHERE id = 1",
) -> None:
    """With the triggers in place, an ALTER of the shadow waits for open writes to events; new writes wait behind it."""
    execute_file(seeded, "shadow.sql", "prepare", without)
    other.begin()
    rows(other, "SELECT * FROM events WHERE id = 1")
    run(other, opened)
    counter = "ALTER TABLE events_new AUTO_INCREMENT = 2147483649"
    run(seeded, "SET lock_wait_timeout = 1")

    number, _ = refused(seeded, counter)

    assert number == LOCK_WAIT
    with client(server, counter):
        wait_until(lambda: waiting(seeded) == 1, seconds=30, what="the ALTER to wait")
        with client(server, "INSERT INTO events (kind, body) VALUES ('paid', 'behind')"):
            wait_until(lambda: waiting(seeded) == 2, seconds=30, what="the insert to wait behind it")
            assert len(rows(seeded, "SELECT * FROM events")) == 3, "a reader of events is answered"
            other.commit()


@pytest.mark.fails_when("the triggers are dropped first", assertion="== 1146", triggers_first=True)
def test_a_shadow_that_is_dropped_before_its_triggers_stops_every_write(
    shadowed: Connection, triggers_first: bool = False
) -> None:
    """A trigger without its table fails the client's statement: drop the triggers first, then the shadow."""
    insert = "INSERT INTO events (kind, body) VALUES ('paid', 'd')"
    triggers = [f"DROP TRIGGER {name}" for name, *_ in rows(shadowed, "SHOW TRIGGERS")]
    if triggers_first:
        for trigger in triggers:
            run(shadowed, trigger)
    run(shadowed, "DROP TABLE events_new")

    assert refused(shadowed, insert)[0] == 1146
    assert refused(shadowed, "UPDATE events SET body = 'x' WHERE id = 1")[0] == 1146
    assert refused(shadowed, "DELETE FROM events WHERE id = 1")[0] == 1146
    for trigger in triggers:
        run(shadowed, trigger)
    assert run(shadowed, insert) == 1


def race(shadowed: Connection, other: Connection, lock: str) -> int:
    """Copy a chunk while *other* deletes row 2 of it; return the number of the delete's error, 0 if it was taken."""
    run(other, "SET innodb_lock_wait_timeout = 1")
    shadowed.begin()
    chunk = rows(shadowed, f"SELECT id, kind, body FROM events {lock}")
    number, _ = refused(other, "DELETE FROM events WHERE id = 2")
    for row in chunk:
        run(shadowed, "INSERT IGNORE INTO events_new (id, kind, body) VALUES (%s, %s, %s)", row)
    shadowed.commit()
    return number


@pytest.mark.fails_when("it says `LOCK IN SHARE MODE`", assertion="number == 0", lock="LOCK IN SHARE MODE")
def test_a_copy_that_reads_without_a_lock_brings_a_deleted_row_back(
    shadowed: Connection, other: Connection, lock: str = ""
) -> None:
    """If the copy reads without a lock, a row deleted between its read and its write stays in the shadow."""
    number = race(shadowed, other, lock)

    assert number == 0
    assert 2 not in contents(shadowed)
    assert 2 in contents(shadowed, "events_new")


@pytest.mark.fails_when("the copy reads without a lock", assertion="number == LOCK_WAIT", lock="")
def test_a_copy_that_reads_with_a_lock_makes_the_delete_wait(
    shadowed: Connection, other: Connection, lock: str = "LOCK IN SHARE MODE"
) -> None:
    """With LOCK IN SHARE MODE the delete waits for the chunk's commit, and its trigger then finds the copy."""
    number = race(shadowed, other, lock)
    assert number == LOCK_WAIT
    assert 2 in contents(shadowed, "events_new")

    run(other, "DELETE FROM events WHERE id = 2")
    assert 2 not in contents(shadowed, "events_new")


RENAME = "RENAME TABLE events TO events_old, events_new TO events"


@pytest.mark.fails_when("the transaction has ended", assertion="number == LOCK_WAIT", ended=True)
def test_a_rename_gives_up_behind_an_open_transaction_and_changes_nothing(
    shadowed: Connection, other: Connection, record: Recorder, ended: bool = False
) -> None:
    """One transaction that has read the table keeps the rename out; after lock_wait_timeout nothing is renamed."""
    other.begin()
    rows(other, "SELECT * FROM events WHERE id = 1")
    if ended:
        other.commit()
    run(shadowed, "SET lock_wait_timeout = 1")

    number, text = refused(shadowed, RENAME)
    (blockers,) = statements("blockers.sql")

    assert number == LOCK_WAIT
    found = [(connection, query) for connection, _, query in rows(shadowed, blockers)]
    assert found == [(value(other, "SELECT CONNECTION_ID()"), None)]
    assert {name for (name,) in rows(shadowed, "SHOW TABLES")} == {"events", "events_new"}
    other.commit()
    run(shadowed, RENAME)
    record.number("rename_timeout", f"ERROR {number} (HY000): {text}", note="RENAME TABLE behind an open transaction")


@contextmanager
def client(server: MariaDB, statement: str) -> Iterator[threading.Thread]:
    """Another client that executes *statement*, which has ended when the block has."""

    def body() -> None:
        with connect(server) as db:
            rows(db, statement)

    thread = threading.Thread(target=body, daemon=True)
    thread.start()
    yield thread
    thread.join(60)
    assert not thread.is_alive()


def waiting(db: Connection) -> int:
    """How many clients wait for a metadata lock."""
    state = "Waiting for table metadata lock"
    count: int = value(db, "SELECT COUNT(*) FROM information_schema.processlist WHERE state = %s", [state])
    return count


TRIGGER = "CREATE TRIGGER another AFTER DELETE ON events FOR EACH ROW DELETE FROM events_new WHERE id = OLD.id"


@pytest.mark.fails_when("no such statement waits", assertion="reader_waits", changes=False)
@pytest.mark.parametrize("statement", [TRIGGER, RENAME], ids=["trigger", "rename"])
def test_readers_queue_behind_a_rename_that_waits(
    server: MariaDB, shadowed: Connection, other: Connection, statement: str, changes: bool = True
) -> None:
    """While a rename or a CREATE TRIGGER waits for an open transaction, a new SELECT on the table waits behind it."""
    other.begin()
    rows(other, "SELECT * FROM events WHERE id = 1")
    first = 1 if changes else 0
    with client(server, statement if changes else "DO 0"):
        wait_until(lambda: waiting(shadowed) == first, seconds=30, what="the statement to wait")
        with client(server, "SELECT * FROM events WHERE id = 1") as reading:
            wait_until(lambda: waiting(shadowed) > first or not reading.is_alive(), seconds=30, what="the reader")
            reader_waits = waiting(shadowed) > first
            other.commit()

    assert reader_waits


@pytest.mark.fails_when("the new table has an INT key too", assertion="refused(db, insert)[0] == 0", key="INT")
def test_a_full_table_can_take_inserts_before_its_rows_are_copied(db: Connection, key: str = "BIGINT") -> None:
    """Swap in an empty BIGINT table first: inserts work at once, old rows are missing until they are copied back."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20), body TEXT)")
    run(db, f"INSERT INTO events SELECT seq + {INT_MAX - 5_000}, 'paid', 'old' FROM seq_1_to_5000")
    insert = "INSERT INTO events (kind, body) VALUES ('paid', 'new')"
    assert refused(db, insert)[0] == 167

    for statement in statements("shadow.sql", "empty_first"):
        run(db, statement.replace("BIGINT", key))

    assert refused(db, insert)[0] == 0
    assert contents(db) == {INT_MAX + 1: "new"}
    assert run(db, f"UPDATE events SET body = 'changed' WHERE id = {INT_MAX}") == 0, "no row, and no error"
    for _ in copy_in_chunks(db, 2 * CHUNK, "events_old", "events"):
        run(db, insert)
    assert value(db, "SELECT COUNT(*) FROM events WHERE body = 'old'") == 5_000
    assert value(db, "SELECT COUNT(*) FROM events WHERE body = 'new'") == 6
    assert next_id(db, "events") == INT_MAX + 7


LOSSLESS = "ALL_NON_LOSSY"


@pytest.mark.fails_when(f"`slave_type_conversions` is `{LOSSLESS}`", assertion="number == 1677", conversions=LOSSLESS)
def test_row_events_of_int_stop_a_replica_whose_column_is_bigint(
    db: Connection, replica: Connection, record: Recorder, conversions: str = ""
) -> None:
    """A replica widened first stops at the next row event, until it is told to convert without loss."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20), body TEXT)")
    catch_up(db, replica)
    run(replica, "ALTER TABLE test.events MODIFY id BIGINT NOT NULL AUTO_INCREMENT")
    run(replica, "SET GLOBAL slave_type_conversions = %s", [conversions])
    run(db, "INSERT INTO events (kind, body) VALUES ('paid', 'one')")

    def status() -> dict[str, object]:
        with replica.cursor() as cursor:
            cursor.execute("SHOW SLAVE STATUS")
            return dict(zip([column[0] for column in cursor.description], cursor.fetchone() or (), strict=True))

    def arrived() -> bool:
        return contents(replica, "test.events") == {1: "one"}

    wait_until(lambda: status()["Last_SQL_Errno"] != 0 or arrived(), seconds=60, what="the replica to stop or apply")
    number, text = status()["Last_SQL_Errno"], status()["Last_SQL_Error"]
    assert number == 1677

    run(replica, "SET GLOBAL slave_type_conversions = %s", [LOSSLESS])
    run(replica, "START SLAVE SQL_THREAD")
    catch_up(db, replica)
    assert contents(replica, "test.events") == {1: "one"}
    record.number("replica_error", str(text), note="Last_SQL_Error of a replica whose column is already BIGINT")
