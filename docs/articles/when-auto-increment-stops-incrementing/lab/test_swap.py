"""Widening a key under fire: what is lost, what is kept, and who waits for whom."""

import threading
from collections.abc import Iterator

import pytest

from engblog.lab.process import wait_until
from engblog.lab.pytest_plugin import Launcher
from engblog.lab.record import Recorder
from engblog.lab.servers import MariaDB

from .sql import INT_MAX, LOCK_WAIT, Connection, connect, execute_file, next_id, refused, rows, run, statements, value
from .swap import copy_in_chunks
from .writers import Traffic, loss, traffic

SEED = 40_000
CHUNK = 1_000
WRITERS = 4


@pytest.fixture
def events(db: Connection) -> Connection:
    """``events``: an INT key, 40,000 rows, and a million ids left."""
    first = INT_MAX - 1_000_000 - SEED
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20), body TEXT)")
    run(db, f"INSERT INTO events SELECT seq + {first}, 'paid', CONCAT('seed ', seq) FROM seq_1_to_{SEED}")
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


def test_a_swap_without_triggers_loses_writes(server: MariaDB, events: Connection, record: Recorder) -> None:
    """Copy and rename alone lose inserts and updates that were acknowledged, and bring deleted rows back."""
    with traffic(server, events, WRITERS) as clients:
        run(events, "CREATE TABLE events_new LIKE events")
        run(events, "ALTER TABLE events_new MODIFY id BIGINT NOT NULL AUTO_INCREMENT")
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


def test_a_swap_with_triggers_keeps_every_acknowledged_write(
    server: MariaDB, events: Connection, replica: Connection, record: Recorder
) -> None:
    """Four clients write during the whole procedure; the table, and its replica, hold what was acknowledged."""
    # --8<-- [start:proof]
    with traffic(server, events, WRITERS) as clients:
        clients.wait_for(10)
        execute_file(events, "shadow.sql", "prepare")
        clients.wait_for(10)
        copied = copy_under(clients, events)
        clients.wait_for(10)
        cut_over = execute_file(events, "shadow.sql", "cut_over")
        clients.wait_for(10)

    acknowledged = clients.acknowledged
    wrong = loss(acknowledged, contents(events))
    catch_up(events, replica)

    assert wrong.total == 0
    assert contents(replica, "test.events") == acknowledged
    assert max(acknowledged) > INT_MAX, "the writers went past the end of INT"
    # --8<-- [end:proof]
    record.number("swap_writes", clients.done.total(), note="writes acknowledged while the swap ran")
    record.number("swap_inserts", clients.done["insert"], note="of these, inserts")
    record.number("swap_updates", clients.done["update"], note="of these, updates")
    record.number("swap_deletes", clients.done["delete"], note="of these, deletes")
    record.number("swap_copied", copied, note="rows that the chunks brought; the triggers brought the others")
    record.number("swap_rows", len(acknowledged), note="rows in the table when the writers had stopped")
    record.number("swap_wrong", wrong.total, note="rows missing, stale or resurrected after the swap with triggers")
    record.number("swap_retries", clients.retries, note="statements that a lock conflict rolled back; a writer went on")
    record.number("swap_slowest", clients.slowest * 1000, unit="ms", note="the longest acknowledged write")
    record.number("cut_over", cut_over * 1000, unit="ms", note="the cut-over's three statements under load")
    record.number("swap_first_wide_id", min(row for row in acknowledged if row > INT_MAX), note="first id past INT")


def test_an_update_of_the_key_moves_the_row_in_the_shadow(events: Connection) -> None:
    """The triggers follow a row whose id changes."""
    execute_file(events, "shadow.sql", "prepare")
    row = value(events, "SELECT MIN(id) FROM events")
    run(events, "UPDATE events SET body = 'mirrored' WHERE id = %s", [row])

    run(events, "UPDATE events SET id = 7 WHERE id = %s", [row])

    assert contents(events, "events_new") == {7: "mirrored"}


@pytest.mark.parametrize("insert_first", [False, True], ids=["delete_first", "insert_first"])
def test_the_order_of_the_triggers_decides_what_a_write_between_them_leaves(db: Connection, insert_first: bool) -> None:
    """Created delete first and insert last, the triggers miss nothing; the other way round they keep deleted rows."""
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

    assert (wrong.missing, wrong.stale) == (0, 0)
    assert (wrong.resurrected > 0) == insert_first


@pytest.fixture
def shadowed(db: Connection) -> Connection:
    """``events`` with three rows, and its shadow with triggers, still empty."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20), body TEXT)")
    run(db, "INSERT INTO events (kind, body) VALUES ('paid', 'a'), ('paid', 'b'), ('paid', 'c')")
    execute_file(db, "shadow.sql", "prepare")
    return db


def test_the_shadow_does_not_know_ids_whose_rows_were_deleted(shadowed: Connection) -> None:
    """Its counter follows the rows that arrive; ids deleted before the copy would be issued a second time."""
    run(shadowed, "DELETE FROM events WHERE id = 3")
    for _ in copy_in_chunks(shadowed, CHUNK, "events", "events_new"):
        pass

    assert next_id(shadowed, "events") == 4
    assert next_id(shadowed, "events_new") == 3


def test_a_shadow_that_is_dropped_before_its_triggers_stops_every_write(shadowed: Connection) -> None:
    """A trigger without its table fails the client's statement: drop the triggers first, then the shadow."""
    insert = "INSERT INTO events (kind, body) VALUES ('paid', 'd')"
    triggers = [name for name, *_ in rows(shadowed, "SHOW TRIGGERS")]
    run(shadowed, "DROP TABLE events_new")

    assert refused(shadowed, insert)[0] == 1146
    for trigger in triggers:
        run(shadowed, f"DROP TRIGGER {trigger}")
    assert run(shadowed, insert) == 1


def test_a_copy_that_reads_without_a_lock_brings_a_deleted_row_back(shadowed: Connection, other: Connection) -> None:
    """A delete between the copy's read and its write leaves the row in the shadow for ever."""
    chunk = rows(shadowed, "SELECT id, kind, body FROM events")
    run(other, "DELETE FROM events WHERE id = 2")
    for row in chunk:
        run(shadowed, "INSERT IGNORE INTO events_new (id, kind, body) VALUES (%s, %s, %s)", row)

    assert 2 not in contents(shadowed)
    assert 2 in contents(shadowed, "events_new")


def test_a_copy_that_reads_with_a_lock_makes_the_delete_wait(shadowed: Connection, other: Connection) -> None:
    """With LOCK IN SHARE MODE the delete waits for the chunk's commit, and its trigger then finds the copy."""
    run(other, "SET innodb_lock_wait_timeout = 1")
    shadowed.begin()
    chunk = rows(shadowed, "SELECT id, kind, body FROM events LOCK IN SHARE MODE")
    number, _ = refused(other, "DELETE FROM events WHERE id = 2")
    for row in chunk:
        run(shadowed, "INSERT IGNORE INTO events_new (id, kind, body) VALUES (%s, %s, %s)", row)
    shadowed.commit()
    run(other, "DELETE FROM events WHERE id = 2")

    assert number == LOCK_WAIT
    assert 2 not in contents(shadowed, "events_new")


def test_a_rename_gives_up_behind_an_open_transaction_and_changes_nothing(
    shadowed: Connection, other: Connection, record: Recorder
) -> None:
    """One transaction that has read the table keeps the rename out; after lock_wait_timeout nothing is renamed."""
    other.begin()
    rows(other, "SELECT * FROM events WHERE id = 1")
    run(shadowed, "SET lock_wait_timeout = 1")

    number, text = refused(shadowed, "RENAME TABLE events TO events_old, events_new TO events")
    (blockers,) = statements("blockers.sql")

    assert number == LOCK_WAIT
    found = [(connection, query) for connection, _, query in rows(shadowed, blockers)]
    assert found == [(value(other, "SELECT CONNECTION_ID()"), None)]
    assert {name for (name,) in rows(shadowed, "SHOW TABLES")} == {"events", "events_new"}
    other.commit()
    run(shadowed, "RENAME TABLE events TO events_old, events_new TO events")
    record.number("rename_timeout", f"ERROR {number} (HY000): {text}", note="RENAME TABLE behind an open transaction")


def test_readers_queue_behind_a_rename_that_waits(server: MariaDB, shadowed: Connection, other: Connection) -> None:
    """While a rename waits for an open transaction, a new SELECT on the table waits behind the rename."""
    other.begin()
    rows(other, "SELECT * FROM events WHERE id = 1")

    def client(statement: str) -> threading.Thread:
        def body() -> None:
            with connect(server) as db:
                rows(db, statement)

        thread = threading.Thread(target=body)
        thread.start()
        return thread

    def waiting() -> int:
        state = "Waiting for table metadata lock"
        count: int = value(shadowed, "SELECT COUNT(*) FROM information_schema.processlist WHERE state = %s", [state])
        return count

    renaming = client("RENAME TABLE events TO events_old, events_new TO events")
    wait_until(lambda: waiting() == 1, seconds=20, what="the rename to wait")
    reading = client("SELECT * FROM events WHERE id = 1")
    wait_until(lambda: waiting() == 2, seconds=20, what="the reader to wait behind the rename")
    other.commit()
    for thread in (renaming, reading):
        thread.join(20)
        assert not thread.is_alive()


def test_a_full_table_can_take_inserts_before_its_rows_are_copied(db: Connection, record: Recorder) -> None:
    """Swap in an empty BIGINT table first: inserts work at once, old rows are missing until they are copied back."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20), body TEXT)")
    run(db, f"INSERT INTO events SELECT seq + {INT_MAX - 5_000}, 'paid', 'old' FROM seq_1_to_5000")
    insert = "INSERT INTO events (kind, body) VALUES ('paid', 'new')"
    assert refused(db, insert)[0] == 167

    execute_file(db, "shadow.sql", "empty_first")
    run(db, insert)

    assert contents(db) == {INT_MAX + 1: "new"}
    assert run(db, f"UPDATE events SET body = 'changed' WHERE id = {INT_MAX}") == 0, "no row, and no error"
    for _ in copy_in_chunks(db, CHUNK, "events_old", "events"):
        run(db, insert)
    assert value(db, "SELECT COUNT(*) FROM events WHERE body = 'old'") == 5_000
    assert value(db, "SELECT COUNT(*) FROM events WHERE body = 'new'") == 6
    assert next_id(db, "events") == INT_MAX + 7


def test_row_events_of_int_stop_a_replica_whose_column_is_bigint(
    db: Connection, replica: Connection, record: Recorder
) -> None:
    """A replica widened first stops at the next row event, until it is told to convert without loss."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20), body TEXT)")
    catch_up(db, replica)
    run(replica, "ALTER TABLE test.events MODIFY id BIGINT NOT NULL AUTO_INCREMENT")
    run(replica, "SET GLOBAL slave_type_conversions = ''")
    run(db, "INSERT INTO events (kind, body) VALUES ('paid', 'one')")

    def status() -> dict[str, object]:
        with replica.cursor() as cursor:
            cursor.execute("SHOW SLAVE STATUS")
            return dict(zip([column[0] for column in cursor.description], cursor.fetchone() or (), strict=True))

    wait_until(lambda: status()["Last_SQL_Errno"] != 0, seconds=20, what="the replica to stop")
    number, text = status()["Last_SQL_Errno"], status()["Last_SQL_Error"]
    assert number == 1677

    run(replica, "SET GLOBAL slave_type_conversions = 'ALL_NON_LOSSY'")
    run(replica, "START SLAVE SQL_THREAD")
    catch_up(db, replica)
    assert contents(replica, "test.events") == {1: "one"}
    record.number("replica_error", str(text), note="Last_SQL_Error of a replica whose column is already BIGINT")
