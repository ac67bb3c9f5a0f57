"""The alert: which counters are near their end, and which columns hold their ids."""

import pytest

from engblog.lab.record import Recorder

from .conftest import On
from .sql import INT_MAX, Connection, next_id, refused, rows, run, statements, value
from .test_overflow import CEILINGS

ALL_CEILINGS = {**CEILINGS, "BIGINT UNSIGNED": 2**64 - 1}
DAY = 86_400


SIGN = "+ (c.column_type NOT LIKE '%unsigned%')"
CAPPED = "LEAST(next_id, ceiling)"


def query_without(part: str, instead: str = "") -> str:
    """The query of ``headroom.sql``, in which *instead* takes the place of *part*."""
    (query,) = statements("headroom.sql")
    assert not part or part in query
    return query.replace(part, instead) if part else query


def alert(db: Connection, query: str = "") -> dict[str, tuple[int, float]]:
    """What ``headroom.sql`` reports: ids left and per cent used, by table."""
    return {table: (int(left), float(used)) for _, table, _, _, _, left, used in rows(db, query or query_without(""))}


def table_of(column: str) -> str:
    """A table's name for a column type."""
    return column.lower().replace(" ", "_")


@pytest.mark.fails_when("the query leaves the sign out of the width", assertion="set(reported) ==", left_out=SIGN)
def test_the_query_knows_the_ceiling_of_every_integer_type(
    db: Connection, record: Recorder, left_out: str = ""
) -> None:
    """headroom.sql reports each of the ten types once its next id is at 70% of the range, not one id before."""
    for column, ceiling in ALL_CEILINGS.items():
        seventy = -(-ceiling * 7 // 10)
        below, at = f"below_{table_of(column)}", f"at_{table_of(column)}"
        for table, next_one in ((below, seventy - 1), (at, seventy)):
            run(db, f"CREATE TABLE {table} (id {column} AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = {next_one}")

    reported = alert(db, query_without(left_out))

    assert set(reported) == {f"at_{table_of(column)}" for column in ALL_CEILINGS}
    for column, ceiling in ALL_CEILINGS.items():
        assert reported[f"at_{table_of(column)}"][0] == ceiling - -(-ceiling * 7 // 10)
    left = reported["at_int"][0]
    record.number("left_at_70", left, note="ids left to a signed INT of which 70% are used")
    record.number("days_left_at_70", left / 100 / DAY, unit="days", note="these ids at 100 a second")
    record.number("days_of_int", INT_MAX / 100 / DAY, unit="days", note="all ids of INT at 100 a second")
    record.number("days_of_int_upserts", INT_MAX / 1_000 / DAY, unit="days", note="all ids of INT at 1,000 a second")
    record.number("days_of_uint", (2**32 - 1) / 100 / DAY, unit="days", note="all ids of INT UNSIGNED at 100 a second")
    years = (2**63 - 1) / 1_000_000 / DAY / 365
    record.number("years_of_bigint", years, unit="years", note="all ids of BIGINT at a million a second")


COUNTS_THE_LAST = "IF(next_id > ceiling, 0, ceiling - next_id + 1)"


@pytest.mark.fails_when("the query counts the last id as left", assertion="== (0, 100.0)", left=COUNTS_THE_LAST)
def test_a_full_table_has_no_ids_left_on_either_server(on: On, left: str = f"ceiling - {CAPPED}") -> None:
    """A table that has handed out its last id is reported with 0 ids left and 100% used, on MySQL as on MariaDB."""
    query = query_without(f"ceiling - {CAPPED}", left)
    for product in ("MySQL", "MariaDB"):
        db = on(product)
        for name, column, last in (("small", "TINYINT", 127), ("events", "INT", INT_MAX)):
            run(db, f"CREATE TABLE {name} (id {column} AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = {last}")
            run(db, f"INSERT INTO {name} VALUES ()")
        assert alert(db, query)["events"] == (0, 100.0)
        assert alert(db, query)["small"] == (0, 100.0)


@pytest.mark.fails_when("the server is MariaDB", assertion="before == after", product="MariaDB")
def test_mysql_s_counter_does_not_tell_a_full_table_from_one_with_an_id_left(on: On, product: str = "MySQL") -> None:
    """MySQL 5.6 shows the counter 2147483647 before that id is handed out, and the same afterwards."""
    db = on(product)
    run(db, f"CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = {INT_MAX}")

    before = next_id(db, "events")
    run(db, "INSERT INTO events VALUES ()")
    after = next_id(db, "events")

    assert before == after
    assert value(db, "SELECT MAX(id) FROM events") == after == INT_MAX


@pytest.mark.fails_when("the query does without `LEAST`", assertion="refused(db, query)[0] == 0", capped=False)
def test_the_query_survives_a_counter_past_the_end(db: Connection, capped: bool = True) -> None:
    """A failed insert of several rows pushes MariaDB's counter past the ceiling; headroom.sql then reports 0 left."""
    query = query_without("" if capped else CAPPED, "next_id")
    run(db, "CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20))")
    run(db, f"INSERT INTO events VALUES ({INT_MAX - 1}, 'given')")
    refused(db, "INSERT INTO events (kind) VALUES ('a'), ('b'), ('c')")

    assert next_id(db, "events") > INT_MAX + 1
    assert refused(db, query)[0] == 0
    assert alert(db, query) == {"events": (0, 100.0)}


@pytest.mark.fails_when("`100` takes the place of `100.0`", assertion="refused(db, query)[0] == 0", factor="100 *")
def test_a_large_bigint_unsigned_needs_a_decimal(db: Connection, factor: str = "100.0 *") -> None:
    """headroom.sql multiplies by a decimal; a product of integers ends with error 1690 at a large BIGINT UNSIGNED."""
    query = query_without("100.0 *", factor)
    run(db, f"CREATE TABLE events (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = {2**64 - 2}")

    assert refused(db, query)[0] == 0
    assert refused(db, query_without("100.0 *", "100 *"))[0] == 1690


def test_the_sys_schema_has_the_same_counters(db: Connection) -> None:
    """MariaDB's sys.schema_auto_increment_columns shows the counter and the maximum of a table near its end."""
    run(db, "CREATE TABLE events (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = 4000000000")

    view = "SELECT table_name, max_value, auto_increment FROM sys.schema_auto_increment_columns"

    assert rows(db, view) == [("events", 2**32 - 1, 4_000_000_000)]
    assert set(alert(db)) == {"events"}


@pytest.mark.fails_when("the columns are `BIGINT` already", assertion="found ==", column="BIGINT")
@pytest.mark.parametrize("constraint", ["", ", FOREIGN KEY (source) REFERENCES events (id)"])
def test_the_second_query_finds_the_columns_that_hold_the_ids(
    db: Connection, constraint: str, column: str = "INT"
) -> None:
    """Narrow columns that refer to events.id are found by foreign key or by name; wide ones are left out."""
    run(db, f"CREATE TABLE events (id {column} AUTO_INCREMENT PRIMARY KEY)")
    run(db, f"CREATE TABLE receipts (id BIGINT PRIMARY KEY, event_id {column})")
    run(db, "CREATE TABLE audit (id BIGINT PRIMARY KEY, event_id BIGINT)")
    run(db, f"CREATE TABLE links (id BIGINT PRIMARY KEY, source {column}{constraint})")
    narrower = {f"as_{name.lower()}": name for name in ("TINYINT", "SMALLINT", "MEDIUMINT")}
    for table, name in narrower.items():
        run(db, f"CREATE TABLE {table} (id BIGINT PRIMARY KEY, parent_event_id {name} UNSIGNED)")
    (query,) = statements("references.sql")

    found = {(table, column) for _, table, column, _, _ in rows(db, query)}

    by_name = {("receipts", "event_id"), *((table, "parent_event_id") for table in narrower)}
    assert found == by_name | ({("links", "source")} if constraint else set())
