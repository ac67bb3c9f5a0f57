"""Where ids go without leaving a row, and what the counter remembers after a restart."""

import signal
from collections.abc import Iterator

import pymysql
import pytest

from engblog.lab.pytest_plugin import Launcher
from engblog.lab.record import Recorder
from engblog.lab.servers import MariaDB

from .sql import INT_MAX, Connection, connect, next_id, refused, run, value

REPEATS = 100
SPENDERS = {
    "ignore": "INSERT IGNORE INTO events (kind) VALUES ('paid')",
    "upsert": "INSERT INTO events (kind) VALUES ('paid') ON DUPLICATE KEY UPDATE hits = hits + 1",
    "replace": "REPLACE INTO events (kind) VALUES ('paid')",
    "duplicate": "INSERT INTO events (kind) VALUES ('paid')",
    "rollback": "INSERT INTO events (kind) VALUES ('sent')",
}
SPARED_IN_MODE_0 = {"ignore", "upsert", "duplicate"}


@pytest.fixture(scope="module", params=[0, 1, 2], ids=["traditional", "consecutive", "interleaved"])
def mode(request: pytest.FixtureRequest, start_mariadb: Launcher) -> Iterator[tuple[int, Connection]]:
    """A server for each value of innodb_autoinc_lock_mode, which can only be set at its start."""
    started = start_mariadb(innodb_autoinc_lock_mode=request.param, innodb_flush_log_at_trx_commit=2)
    with connect(started) as connection:
        yield request.param, connection
    started.stop()


@pytest.mark.parametrize("spender", SPENDERS)
def test_statements_that_add_no_row_still_spend_ids(
    mode: tuple[int, Connection], spender: str, record: Recorder
) -> None:
    """In modes 1 and 2 a refused, ignored, merged or rolled-back insert costs an id; mode 0 spares three of five."""
    lock_mode, db = mode
    columns = "id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20) UNIQUE, hits INT DEFAULT 0"
    run(db, f"CREATE OR REPLACE TABLE events ({columns})")
    run(db, "INSERT INTO events (kind) VALUES ('paid')")
    before = next_id(db, "events")

    for _ in range(REPEATS):
        db.begin()
        try:
            run(db, SPENDERS[spender])
        except pymysql.err.IntegrityError:
            assert spender == "duplicate"
        db.rollback() if spender == "rollback" else db.commit()

    spent = next_id(db, "events") - before
    assert value(db, "SELECT COUNT(*) FROM events") == 1
    assert spent == (0 if lock_mode == 0 and spender in SPARED_IN_MODE_0 else REPEATS)
    note = f"ids spent by {REPEATS} statements, innodb_autoinc_lock_mode={lock_mode}"
    record.number(f"{spender}_{lock_mode}", spent, note=note)


COUNTS = (*range(1, 10), *range(12, 68, 4), 80, 96, 100, 112, 126, 127, 128, 129, 144, 160)


def reserved(lock_mode: int, rows: int) -> int:
    """The ids that a statement of *rows* rows takes: one each in mode 0, else blocks of 1, 2, 4, 8 … until they do."""
    return rows if lock_mode == 0 else 2 ** rows.bit_length() - 1


def test_insert_select_reserves_in_powers_of_two(mode: tuple[int, Connection], record: Recorder) -> None:
    """INSERT ... SELECT does not know its rows in advance: modes 1 and 2 double the reservation and keep the rest."""
    lock_mode, db = mode
    spent = {}
    for count in COUNTS:
        run(db, "CREATE OR REPLACE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
        run(db, f"INSERT INTO events (kind) SELECT 'paid' FROM seq_1_to_{count}")
        assert value(db, "SELECT MAX(id) FROM events") == count
        spent[count] = next_id(db, "events") - 1

    assert spent == {count: reserved(lock_mode, count) for count in COUNTS}
    note = f"ids spent by INSERT ... SELECT of 100 rows, mode {lock_mode}"
    record.number(f"select_{lock_mode}", spent[100], note=note)
    if lock_mode < 2:
        chart = record.chart(
            "by_select",
            title="Ids spent by one INSERT ... SELECT",
            x="rows inserted",
            y="ids spent",
            note="how far AUTO_INCREMENT moved, for statements of 1 to 160 rows into an empty table; mode 2 as mode 1",
        )
        for count, ids in spent.items():
            chart.point(f"lock mode {lock_mode}", count, ids)


@pytest.mark.fails_when("`auto_increment_increment` is 1", assertion="== 3 * (REPEATS - 1) + 1", step=1)
def test_an_increment_of_three_spends_three_values_an_insert(mode: tuple[int, Connection], step: int = 3) -> None:
    """With auto_increment_increment = 3, as on a cluster of three primaries, each insert moves the counter by three."""
    _, db = mode
    run(db, "CREATE OR REPLACE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
    run(db, f"SET auto_increment_increment = {step}")
    try:
        for _ in range(REPEATS):
            run(db, "INSERT INTO events (kind) VALUES ('paid')")
    finally:
        run(db, "SET auto_increment_increment = 1")

    assert value(db, "SELECT MAX(id) FROM events") == 3 * (REPEATS - 1) + 1


@pytest.fixture(scope="module")
def durable(start_mariadb: Launcher) -> MariaDB:
    """A server to stop and start again, with the settings it came with."""
    started: MariaDB = start_mariadb()
    return started


def restart(server: MariaDB, ending: signal.Signals) -> None:
    """Send *ending* and start the server again on the same data."""
    server.send(ending)
    server.wait()
    server.start()


@pytest.mark.fails_when("the server is not restarted", assertion="== INT_MAX + 1", restarted=False)
def test_a_refused_row_with_a_high_id_closes_the_table_at_the_next_restart(
    durable: MariaDB, restarted: bool = True
) -> None:
    """A duplicate that brought id 2147483647 leaves no row and no trace in the counter, until the server restarts."""
    with connect(durable) as db:
        run(db, "CREATE OR REPLACE TABLE stray (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20) UNIQUE)")
        run(db, "INSERT INTO stray (kind) VALUES ('paid')")
        assert run(db, f"INSERT IGNORE INTO stray VALUES ({INT_MAX}, 'paid')") == 0
        assert next_id(db, "stray") == 2
    if restarted:
        restart(durable, signal.SIGTERM)

    with connect(durable) as db:
        assert next_id(db, "stray") == INT_MAX + 1
        assert refused(db, "INSERT INTO stray (kind) VALUES ('sent')")[0] == 167
        run(db, "ALTER TABLE stray AUTO_INCREMENT = 2, ALGORITHM = INPLACE, LOCK = NONE")
        assert run(db, "INSERT INTO stray (kind) VALUES ('sent')") == 1


@pytest.mark.fails_when("`TRUNCATE` removes the rows", assertion="newest == 4", remove="TRUNCATE {table}")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_the_counter_survives_a_restart(
    durable: MariaDB, ending: signal.Signals, remove: str = "DELETE FROM {table} WHERE id > 1"
) -> None:
    """Deleted ids are not issued again after a restart, nor does a restart reopen a table whose ids are spent."""
    with connect(durable) as db:
        run(db, "CREATE OR REPLACE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
        run(db, "INSERT INTO events (kind) VALUES ('a'), ('b'), ('c')")
        run(db, remove.format(table="events"))
        run(db, "CREATE OR REPLACE TABLE spent (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
        run(db, f"INSERT INTO spent VALUES ({INT_MAX}, 'the last')")
        run(db, remove.format(table="spent"))
    restart(durable, ending)

    with connect(durable) as db:
        run(db, "INSERT INTO events (kind) VALUES ('d')")
        newest = value(db, "SELECT MAX(id) FROM events")
        assert newest == 4, "2 and 3 were taken, MAX(id) + 1 would be 2"
        assert refused(db, "INSERT INTO spent (kind) VALUES ('again')")[0] == 167
