"""The matrix: ten anomalies at four levels of three databases, one of them with two settings."""

from __future__ import annotations

from typing import Any

import pytest

from benches import LEVELS, READ_COMMITTED, READ_UNCOMMITTED, REPEATABLE_READ, SERIALIZABLE, Bench
from oracle import is_anomalous, verdict
from runner import Run, play
from schedules import ANOMALIES, READ_ONLY, TWO_TRUTHS

SHORT = {READ_UNCOMMITTED: "ru", READ_COMMITTED: "rc", REPEATABLE_READ: "rr", SERIALIZABLE: "s"}
READS = ("fuzzy_read", "read_skew", "phantom")
WRITES = ("write_skew", "phantom_skew", "read_only")
INNODB = ("mariadb", "mariadb_snapshot", "mysql")
EVERYWHERE = ("postgresql", *INNODB)
Matrix = dict[tuple[str, str, str], tuple[str, Run]]


@pytest.fixture(scope="module")
def matrix(benches: dict[str, Bench], record: Any) -> Matrix:
    """Every cell: what the run showed, and the run."""
    cells: Matrix = {}
    for name, bench in benches.items():
        for anomaly, table in ANOMALIES.items():
            for level in LEVELS:
                run = play(bench, table, level)
                cells[name, anomaly, level] = verdict(bench, table, run), run
                note = f"{anomaly.replace('_', ' ')} at {level} on {name.replace('_', ' with ')}"
                record.number(f"{name}_{anomaly}_{SHORT[level]}", cells[name, anomaly, level][0], note=note)
    happened = sum(cell == "happens" for cell, _ in cells.values())
    record.number("cells", len(cells), note="cells of the matrix")
    record.number("happened", happened, note="cells of the matrix in which the anomaly happened")
    return cells


@pytest.mark.fails_when("all run at SERIALIZABLE", assertion="(70, {}, [])", postgresql=SERIALIZABLE,
                        innodb=SERIALIZABLE)  # fmt: skip
def test_the_defaults_lose_an_update_without_an_error(
    matrix: Matrix, postgresql: str = READ_COMMITTED, innodb: str = REPEATABLE_READ
) -> None:
    """Two deposits of 10 and 20 onto 50 leave 70, without an error or a wait: PostgreSQL at READ COMMITTED, MySQL and
    MariaDB 10.11 at REPEATABLE READ."""
    for name, level in {"postgresql": postgresql, "mariadb": innodb, "mysql": innodb}.items():
        run = matrix[name, "lost_update", level][1]
        assert (run.balance(10), run.errors, run.waited) == (70, {}, [])
        assert run.committed == ["A", "B"]


def test_these_levels_are_the_defaults(benches: dict[str, Bench]) -> None:
    """PostgreSQL starts at READ COMMITTED, MariaDB and MySQL at REPEATABLE READ, and MariaDB 10.11 with snapshot
    isolation off."""

    def shown(name: str, sql: str) -> dict[str, str]:
        fresh = benches[name].connect()  # a session that the lab has set nothing in
        try:
            return {row[0]: row[-1] for row in benches[name].execute(fresh, sql)}
        finally:
            fresh.close()

    assert shown("postgresql", "SHOW default_transaction_isolation") == {"read committed": "read committed"}
    assert shown("mysql", "SHOW VARIABLES LIKE '%isolation'") == {"tx_isolation": "REPEATABLE-READ"}
    mariadb = shown("mariadb", "SHOW VARIABLES LIKE '%isolation'")
    assert mariadb == {"tx_isolation": "REPEATABLE-READ", "innodb_snapshot_isolation": "OFF"}


@pytest.mark.fails_when("snapshot isolation is on", assertion="== cells_of", name="mariadb_snapshot")
def test_mysql_and_mariadb_without_snapshots_agree(matrix: Matrix, name: str = "mariadb") -> None:
    """MySQL 5.6 and MariaDB 10.11 without snapshot isolation have the same matrix, cell by cell."""
    assert cells_of(matrix, name) == cells_of(matrix, "mysql")


@pytest.mark.fails_when("snapshot isolation stays off", assertion="assert changed ==", name="mariadb")
def test_snapshot_isolation_changes_five_cells(matrix: Matrix, name: str = "mariadb_snapshot") -> None:
    """Snapshot isolation changes five of the forty cells of MariaDB's matrix: lost update and mixed read at REPEATABLE
    READ end in error 1020, and so does the missed row at SERIALIZABLE, which at READ UNCOMMITTED and READ COMMITTED
    turns into a wait."""
    off, on = cells_of(matrix, "mariadb"), cells_of(matrix, name)
    changed = {cell: on[cell] for cell in on if on[cell] != off[cell]}
    assert changed == {
        ("lost_update", REPEATABLE_READ): "error 1020",
        ("mixed_read", REPEATABLE_READ): "error 1020",
        ("missed_row", READ_UNCOMMITTED): "waits",
        ("missed_row", READ_COMMITTED): "waits",
        ("missed_row", SERIALIZABLE): "error 1020",
    }
    assert len(on) == 40


def cells_of(matrix: Matrix, name: str) -> dict[tuple[str, str], str]:
    """The cells of one database, by anomaly and level."""
    return {(anomaly, level): matrix[name, anomaly, level][0] for anomaly in ANOMALIES for level in LEVELS}


@pytest.mark.fails_when("the database is MySQL", assertion="[READ_COMMITTED][anomaly]", name="mysql")
def test_read_uncommitted_of_postgresql_is_read_committed(matrix: Matrix, name: str = "postgresql") -> None:
    """PostgreSQL's READ UNCOMMITTED shows no uncommitted row: in every row of the matrix it equals READ COMMITTED."""
    cells = {level: {a: matrix[name, a, level][0] for a in ANOMALIES} for level in LEVELS}
    for anomaly in ANOMALIES:
        assert cells[READ_UNCOMMITTED][anomaly] == cells[READ_COMMITTED][anomaly]
    assert cells[READ_UNCOMMITTED]["dirty_read"] == "no"


@pytest.mark.fails_when("the level is READ COMMITTED", assertion='"happens"', level=READ_COMMITTED)
def test_dirty_reads_need_read_uncommitted_and_innodb(matrix: Matrix, level: str = READ_UNCOMMITTED) -> None:
    """Only at READ UNCOMMITTED of MariaDB and MySQL does a session read what is then rolled back."""
    for name in INNODB:
        assert matrix[name, "dirty_read", level][0] == "happens"
        assert matrix[name, "dirty_read", level][1].value("x") == 0
    happens = {(name, at) for name in EVERYWHERE for at in LEVELS if matrix[name, "dirty_read", at][0] == "happens"}
    assert happens == {(name, READ_UNCOMMITTED) for name in INNODB}


@pytest.mark.fails_when("the level is REPEATABLE READ", assertion='== {"happens"}', level=REPEATABLE_READ)
def test_read_committed_stops_dirty_reads_and_little_else(matrix: Matrix, level: str = READ_COMMITTED) -> None:
    """At READ COMMITTED, all of the matrix's anomalies but the dirty read happen on PostgreSQL, MySQL and MariaDB
    10.11 with its defaults."""
    rest = [anomaly for anomaly in ANOMALIES if anomaly != "dirty_read"]
    for name in ("postgresql", "mariadb", "mysql"):
        assert matrix[name, "dirty_read", level][0] == "no"
        assert {matrix[name, anomaly, level][0] for anomaly in rest} == {"happens"}


@pytest.mark.fails_when("the level is READ COMMITTED", assertion="== bob", level=READ_COMMITTED)
def test_an_update_misses_a_row_that_was_always_there(matrix: Matrix, level: str = REPEATABLE_READ) -> None:
    """At READ COMMITTED of PostgreSQL, MySQL and MariaDB 10.11, an UPDATE changes no row, although one row matches its
    condition before another transaction's update and one after it; at REPEATABLE READ, InnoDB waits and changes one."""
    for name in ("postgresql", "mariadb", "mysql"):
        run = matrix[name, "missed_row", READ_COMMITTED][1]
        assert sorted(run.committed) == ["A", "B"]
        assert [row[1] for row in run.final] == ["ada", "ada"]
    bob = [(10, "bob", 60), (20, "ada", 70)]
    for name in ("mariadb", "mysql"):
        assert list(matrix[name, "missed_row", level][1].final) == bob


@pytest.mark.fails_when("the level is READ COMMITTED", assertion='== "no"', level=READ_COMMITTED)
def test_a_snapshot_stops_every_anomaly_of_reading(matrix: Matrix, level: str = REPEATABLE_READ) -> None:
    """At REPEATABLE READ, fuzzy reads, read skew and phantoms of plain SELECTs do not happen on any of the three, and
    nobody waits."""
    for name in EVERYWHERE:
        for anomaly in READS:
            assert matrix[name, anomaly, level][0] == "no"
            assert not matrix[name, anomaly, level][1].waited


@pytest.mark.fails_when("they run at READ COMMITTED", assertion='== "error 40001"', level=READ_COMMITTED)
def test_repeatable_read_is_three_different_levels_for_a_lost_update(
    matrix: Matrix, record: Any, level: str = REPEATABLE_READ
) -> None:
    """At REPEATABLE READ the second writer of a lost update gets 40001 from PostgreSQL, 1020 from MariaDB with
    snapshot isolation, and no error from MariaDB without it and from MySQL, which lose the update."""
    assert matrix["postgresql", "lost_update", level][0] == "error 40001"
    assert matrix["mariadb_snapshot", "lost_update", level][0] == "error 1020"
    for name in ("postgresql", "mariadb_snapshot"):
        run = matrix[name, "lost_update", level][1]
        assert run.balance(10) == 60
        (text,) = (answer for _, answer in run.log if answer.startswith("error"))
        record.number(f"refused_{name}", text.partition(": ")[2], note="the answer to the second UPDATE")
    for name in ("mariadb", "mysql"):
        assert matrix[name, "lost_update", level][0] == "happens"
        assert matrix[name, "lost_update", level][1].balance(10) == 70


@pytest.mark.fails_when("snapshot isolation is on", assertion="(2, 3)", names=("mariadb_snapshot", "mysql"))
def test_an_update_of_innodb_reaches_rows_that_its_snapshot_lacks(
    matrix: Matrix, names: tuple[str, ...] = ("mariadb", "mysql")
) -> None:
    """On MySQL and on MariaDB without snapshot isolation, a transaction at REPEATABLE READ that counted two rows
    counts three after its own UPDATE, because that changed a row which its snapshot lacks."""
    for name in names:
        values = matrix[name, "mixed_read", REPEATABLE_READ][1].values
        assert (values["x"][0][0], values.get("y", ((0,),))[0][0]) == (2, 3)
    run = matrix["postgresql", "mixed_read", REPEATABLE_READ][1]
    assert (run.value("x"), run.value("y")) == (2, 2)
    assert matrix["mariadb_snapshot", "mixed_read", REPEATABLE_READ][0] == "error 1020"


@pytest.mark.fails_when("the level is SERIALIZABLE", assertion='== "happens"', level=SERIALIZABLE)
def test_no_snapshot_stops_write_skew(matrix: Matrix, level: str = REPEATABLE_READ) -> None:
    """At REPEATABLE READ, write skew, its form with inserts and the read-only anomaly happen on all three, with
    MariaDB's snapshot isolation too."""
    for name in EVERYWHERE:
        for anomaly in WRITES:
            assert matrix[name, anomaly, level][0] == "happens"


@pytest.mark.fails_when("the level is SERIALIZABLE", assertion="== (-30, -20)", level=SERIALIZABLE)
def test_two_checked_withdrawals_overdraw_the_owner(matrix: Matrix, level: str = REPEATABLE_READ) -> None:
    """Two withdrawals of 80, each checked against a total of 110, both commit at REPEATABLE READ and leave -30 and
    -20."""
    for name in EVERYWHERE:
        run = matrix[name, "write_skew", level][1]
        assert (run.value("x"), run.value("y")) == (110, 110)
        assert (run.balance(10), run.balance(20)) == (-30, -20)
        assert run.errors == {}


@pytest.mark.fails_when("the report is part of it", assertion="assert not is_anomalous", without="")
def test_without_its_reader_the_history_is_serial(benches: dict[str, Bench], without: str = "C") -> None:
    """Without its reader, the history of the read-only anomaly is a serial one at REPEATABLE READ of all three."""
    table = "\n".join(line for line in READ_ONLY.splitlines() if not without or not line.startswith(without))
    for bench in benches.values():
        run = play(bench, table, REPEATABLE_READ)
        assert run.committed[-1] == "B"
        assert not is_anomalous(bench, table, run)


@pytest.mark.fails_when("the level is SERIALIZABLE", assertion="(50, 100, -75, 100)", level=SERIALIZABLE)
def test_the_report_shows_a_state_that_never_was(matrix: Matrix, level: str = REPEATABLE_READ) -> None:
    """In the read-only anomaly at REPEATABLE READ, the report reads 50 and 100, and the account ends at -75, with the
    fee."""
    for name in EVERYWHERE:
        run = matrix[name, "read_only", level][1]
        assert (run.value("x"), run.value("y"), run.balance(10), run.balance(20)) == (50, 100, -75, 100)


@pytest.mark.fails_when("the level is REPEATABLE READ", assertion='!= "happens"', level=REPEATABLE_READ)
def test_nothing_happens_at_serializable(matrix: Matrix, level: str = SERIALIZABLE) -> None:
    """At SERIALIZABLE none of the matrix's anomalies happens on any of the three."""
    for name in EVERYWHERE:
        for anomaly in ANOMALIES:
            assert matrix[name, anomaly, level][0] != "happens"


@pytest.mark.fails_when("the database is MySQL", assertion="assert not waiting_reads", name="mysql")
def test_serializable_of_postgresql_makes_no_reader_wait(matrix: Matrix, name: str = "postgresql") -> None:
    """At SERIALIZABLE, no SELECT of the matrix waits on PostgreSQL."""
    runs = [matrix[name, anomaly, SERIALIZABLE][1] for anomaly in ANOMALIES]
    waiting_reads = [step for run in runs for step in run.waited if step.sql.startswith("SELECT")]
    assert not waiting_reads


@pytest.mark.fails_when("the database is PostgreSQL", assertion="assert matrix", names=("postgresql",))
def test_serializable_of_innodb_is_locks(matrix: Matrix, names: tuple[str, ...] = INNODB) -> None:
    """At SERIALIZABLE of MariaDB and MySQL, somebody waits in every row of the matrix; lost update and write skew end
    in a deadlock, error 1213."""
    for name in names:
        for anomaly in ANOMALIES:
            assert matrix[name, anomaly, SERIALIZABLE][1].waited
        for anomaly in ("lost_update", *WRITES):
            assert matrix[name, anomaly, SERIALIZABLE][0] == "error 1213"


@pytest.mark.fails_when("the level is REPEATABLE READ", assertion='== ["A", "C"]', level=REPEATABLE_READ)
def test_the_writer_pays_for_the_report(matrix: Matrix, level: str = SERIALIZABLE) -> None:
    """At SERIALIZABLE, PostgreSQL lets the report of the read-only anomaly commit and refuses the withdrawal's
    UPDATE."""
    run = matrix["postgresql", "read_only", level][1]
    assert run.committed == ["A", "C"]
    (refused,) = [step for step, answer in run.log if answer.startswith("error 40001")]
    assert refused.session == "B"
    assert refused.sql.startswith("UPDATE")


@pytest.mark.fails_when("the level is READ COMMITTED", assertion="(50, 60, 50)", level=READ_COMMITTED)
def test_two_selects_of_one_transaction_disagree(benches: dict[str, Bench], level: str = REPEATABLE_READ) -> None:
    """On MySQL and on MariaDB without snapshot isolation, at REPEATABLE READ, SELECT answers 50, SELECT … FOR UPDATE
    of the same row 60, and SELECT 50 again."""
    for name in ("mariadb", "mysql"):
        run = play(benches[name], TWO_TRUTHS, level)
        assert (run.value("x"), run.value("y"), run.value("z")) == (50, 60, 50)
    for name, code in {"postgresql": "40001", "mariadb_snapshot": "1020"}.items():
        run = play(benches[name], TWO_TRUTHS, level)
        assert run.errors == {"A": code}
