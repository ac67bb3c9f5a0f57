"""The alert: which counters are near their end, and which columns hold their ids."""

import pytest

from engblog.lab.record import Recorder

from .sql import INT_MAX, Connection, refused, rows, run, statements
from .test_overflow import CEILINGS

ALL_CEILINGS = {**CEILINGS, "BIGINT UNSIGNED": 2**64 - 1}
DAY = 86_400


def alert(db: Connection) -> dict[str, tuple[int, float]]:
    """What ``headroom.sql`` reports: ids left and per cent used, by table."""
    (query,) = statements("headroom.sql")
    return {table: (int(left), float(used)) for _, table, _, _, _, left, used in rows(db, query)}


def table_of(column: str) -> str:
    """A table's name for a column type."""
    return column.lower().replace(" ", "_")


def test_the_query_knows_the_ceiling_of_every_integer_type(db: Connection, record: Recorder) -> None:
    """At 70 % of its ids a table of each of the ten types is reported; one id below, none is."""
    for column, ceiling in ALL_CEILINGS.items():
        seventy = -(-ceiling * 7 // 10)
        below, at = f"below_{table_of(column)}", f"at_{table_of(column)}"
        for table, used in ((below, seventy - 1), (at, seventy)):
            run(db, f"CREATE TABLE {table} (id {column} AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = {used + 1}")

    reported = alert(db)

    assert set(reported) == {f"at_{table_of(column)}" for column in ALL_CEILINGS}
    for column, ceiling in ALL_CEILINGS.items():
        assert reported[f"at_{table_of(column)}"][0] == ceiling - -(-ceiling * 7 // 10)
    left = reported["at_int"][0]
    record.number("left_at_70", left, note="ids left to a signed INT of which 70 % are used")
    record.number("days_left_at_70", left / 100 / DAY, unit="days", note="these ids at 100 a second")
    record.number("days_of_int", INT_MAX / 100 / DAY, unit="days", note="all ids of INT at 100 a second")
    record.number("days_of_int_upserts", INT_MAX / 1_000 / DAY, unit="days", note="all ids of INT at 1,000 a second")
    record.number("days_of_uint", (2**32 - 1) / 100 / DAY, unit="days", note="all ids of INT UNSIGNED at 100 a second")
    years = (2**63 - 1) / 1_000_000 / DAY / 365
    record.number("years_of_bigint", years, unit="years", note="all ids of BIGINT at a million a second")


def test_the_query_survives_a_counter_past_the_end(db: Connection) -> None:
    """A failed insert of several rows pushes MariaDB's counter past the ceiling; the query then says 0 left."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
    run(db, f"INSERT INTO events VALUES ({INT_MAX - 1}, 'given')")
    refused(db, "INSERT INTO events (kind) VALUES ('a'), ('b'), ('c')")

    assert alert(db) == {"events": (0, 100.0)}


def test_the_sys_schema_has_the_same_counters(db: Connection) -> None:
    """sys.schema_auto_increment_columns, where it is installed, agrees with the query about what is used."""
    run(db, "CREATE TABLE events (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = 4000000000")

    view = "SELECT table_name, max_value, auto_increment FROM sys.schema_auto_increment_columns"

    assert rows(db, view) == [("events", 2**32 - 1, 4_000_000_000)]
    assert set(alert(db)) == {"events"}


@pytest.mark.parametrize("constraint", ["", ", FOREIGN KEY (source) REFERENCES events (id)"])
def test_the_second_query_finds_the_columns_that_hold_the_ids(db: Connection, constraint: str) -> None:
    """Narrow columns that refer to events.id are found by foreign key or by name; wide ones are left out."""
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY)")
    run(db, "CREATE TABLE receipts (id BIGINT PRIMARY KEY, event_id INT)")
    run(db, "CREATE TABLE audit (id BIGINT PRIMARY KEY, event_id BIGINT)")
    run(db, f"CREATE TABLE links (id BIGINT PRIMARY KEY, source INT{constraint})")
    (query,) = statements("references.sql")

    found = {(table, column) for _, table, column, _, _ in rows(db, query)}

    assert found == {("receipts", "event_id")} | ({("links", "source")} if constraint else set())
