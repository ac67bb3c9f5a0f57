"""Locks on all three databases: what FOR UPDATE and constraints save, where InnoDB locks more, and how errors end."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

import schedules
from benches import LEVELS, READ_COMMITTED, REPEATABLE_READ, Bench
from conftest import CARELESS
from oracle import is_anomalous
from retry import in_transaction
from runner import Run, play, steps_of

Benches = dict[str, Bench]
INNODB = ("mariadb", "mariadb_snapshot", "mysql")
EVERYWHERE = ("postgresql", *INNODB)
PLAIN = schedules.LOCKED_UPDATE.replace(" FOR UPDATE", "")
UNLOCKED = schedules.READ_THEN_LOCK.replace(" FOR UPDATE", "")


@pytest.mark.fails_when("both read without FOR UPDATE", assertion="== 80", table=PLAIN)
def test_for_update_saves_the_update(benches: Benches, table: str = schedules.LOCKED_UPDATE) -> None:
    """With SELECT … FOR UPDATE at READ COMMITTED, the second deposit waits at its read, and the balance is 80 on all
    three."""
    for bench in benches.values():
        run = play(bench, table, READ_COMMITTED)
        assert run.balance(10) == 80
        assert [step.name for step in run.waited] == ["y"]


@pytest.mark.fails_when("the client computes the balance", assertion="== 80", table=PLAIN)
def test_an_update_that_computes_in_the_server_loses_nothing(
    benches: Benches, table: str = schedules.ATOMIC_UPDATE
) -> None:
    """With balance = balance + 10 in the UPDATE, the balance is 80 on all three at READ COMMITTED; at REPEATABLE READ,
    PostgreSQL and MariaDB with snapshot isolation refuse a second writer whose snapshot is too old, with 40001 and
    1020, and the others still end at 80."""
    for bench in benches.values():
        assert play(bench, table, READ_COMMITTED).balance(10) == 80
    runs = {name: play(bench, table, REPEATABLE_READ) for name, bench in benches.items()}
    errors = {name: run.errors for name, run in runs.items()}
    assert errors == {"postgresql": {"B": "40001"}, "mariadb": {}, "mariadb_snapshot": {"B": "1020"}, "mysql": {}}
    balances = {name: run.balance(10) for name, run in runs.items()}
    assert balances == {"postgresql": 60, "mariadb": 80, "mariadb_snapshot": 60, "mysql": 80}


@pytest.mark.fails_when("nothing is locked first", assertion="assert not is_anomalous", table=UNLOCKED)
def test_a_lock_before_the_first_read_is_enough_on_innodb(benches: Benches, table: str = schedules.LOCK_FIRST) -> None:
    """At REPEATABLE READ of MariaDB and MySQL, locking a parent row before the first plain SELECT keeps two sessions
    from both adding the last account."""
    for name in INNODB:
        run = play(benches[name], table, REPEATABLE_READ)
        assert run.committed == ["A", "B"]
        assert not is_anomalous(benches[name], table, run)


@pytest.mark.fails_when("the lock comes first", assertion="assert is_anomalous", table=schedules.LOCK_FIRST)
def test_a_plain_read_before_the_lock_breaks_it_on_innodb(
    benches: Benches, table: str = schedules.READ_THEN_LOCK
) -> None:
    """At REPEATABLE READ of MariaDB and MySQL, locking a parent row after a plain SELECT of another row does not keep
    two sessions from both adding the last account: there are four in the end, and nobody gets an error."""
    for name in INNODB:
        run = play(benches[name], table, REPEATABLE_READ)
        assert is_anomalous(benches[name], table, run)
        assert (len(run.final), run.errors) == (4, {})


@pytest.mark.fails_when("the level is READ COMMITTED", assertion="(2, 2, 4)", level=READ_COMMITTED)
def test_a_lock_is_not_enough_at_repeatable_read_of_postgresql(postgresql: Bench, level: str = REPEATABLE_READ) -> None:
    """At REPEATABLE READ of PostgreSQL, a session that had to wait for a lock on a parent row counts the accounts with
    a snapshot from before its wait: two sessions both count two and both add one, without an error."""
    run = play(postgresql, schedules.LOCK_FIRST, level)
    assert [step.sql for step in run.waited] == ["SELECT id FROM account WHERE id = 10 FOR UPDATE"]
    assert (run.value("x"), run.value("y"), len(run.final)) == (2, 2, 4)
    assert run.errors == {}
    assert is_anomalous(postgresql, schedules.LOCK_FIRST, run)


@pytest.mark.fails_when("they lock the parent row instead", assertion="== (3, 3)",
                        lock="SELECT id FROM account WHERE id = 10 FOR UPDATE")  # fmt: skip
def test_lock_table_is_not_a_query(
    postgresql: Bench, lock: str = "LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE"
) -> None:
    """At REPEATABLE READ of PostgreSQL, a session that had to wait for a LOCK TABLE, its first statement, counts the
    account that the other session has added meanwhile: it counts three and adds nothing."""
    table = schedules.LOCK_FIRST.replace("SELECT id FROM account WHERE id = 10 FOR UPDATE", lock)
    run = play(postgresql, table, REPEATABLE_READ)
    assert waited(run) == ["B"]
    assert (run.value("y"), len(run.final)) == (3, 3)


@pytest.mark.fails_when("the level is REPEATABLE READ", assertion="== (3, 3)", level=REPEATABLE_READ)
def test_at_read_committed_a_lock_is_enough_on_postgresql(postgresql: Bench, level: str = READ_COMMITTED) -> None:
    """At READ COMMITTED of PostgreSQL, a session that had to wait for a lock on a parent row then counts the account
    that the other session has added: it counts three and adds nothing."""
    run = play(postgresql, schedules.LOCK_FIRST, level)
    assert waited(run) == ["B"]
    assert (run.value("y"), len(run.final)) == (3, 3)


@pytest.mark.fails_when("the transaction starts WITH CONSISTENT SNAPSHOT", assertion="== 60",
                        first="START TRANSACTION WITH CONSISTENT SNAPSHOT")  # fmt: skip
def test_a_snapshot_starts_with_the_first_read(benches: Benches, first: str = "SELECT 1") -> None:
    """After BEGIN and SELECT 1, a transaction at REPEATABLE READ of PostgreSQL has its snapshot; one of MariaDB and
    MySQL still sees what others commit before its first SELECT from a table, unless it was started WITH CONSISTENT
    SNAPSHOT."""
    table = schedules.SNAPSHOT_START
    for name in INNODB:
        assert play(benches[name], table.replace("SELECT 1", first), REPEATABLE_READ).value("x") == 60
        at_once = table.replace("SELECT 1", "START TRANSACTION WITH CONSISTENT SNAPSHOT")
        assert play(benches[name], at_once, REPEATABLE_READ).value("x") == 50
    assert play(benches["postgresql"], table, REPEATABLE_READ).value("x") == 50
    begun = table.replace("A  SELECT 1\n", "")
    assert play(benches["postgresql"], begun, REPEATABLE_READ).value("x") == 60


@pytest.mark.fails_when("the level is READ COMMITTED", assertion="== (0, 50, 0)", level=READ_COMMITTED)
def test_compare_and_set_never_succeeds_in_an_old_snapshot(benches: Benches, level: str = REPEATABLE_READ) -> None:
    """A compare-and-set that is repeated in the same transaction at REPEATABLE READ of MySQL, or of MariaDB without
    snapshot isolation, reads the old value again and fails again."""
    for name in ("mariadb", "mysql"):
        run = play(benches[name], schedules.COMPARE_AND_SET, level)
        assert (run.value("first"), run.value("again"), run.value("second")) == (0, 50, 0)
    for name, code in {"postgresql": "40001", "mariadb_snapshot": "1020"}.items():
        assert play(benches[name], schedules.COMPARE_AND_SET, level).errors == {"A": code}


def waited(run: Run) -> list[str]:
    """The sessions that waited, in order."""
    return [step.session for step in run.waited]


@pytest.mark.fails_when("the level is READ COMMITTED", assertion='== ["B"]', level=READ_COMMITTED)
def test_a_lock_on_no_row_locks_the_gap(benches: Benches, level: str = REPEATABLE_READ) -> None:
    """At REPEATABLE READ of MariaDB and MySQL, SELECT … FOR UPDATE of the missing account 15 makes an INSERT of 12
    wait, and an INSERT of 30 not; at READ COMMITTED neither waits, and on PostgreSQL neither does at either level."""
    for name in INNODB:
        assert waited(play(benches[name], schedules.GAP, level)) == ["B"]
        assert waited(play(benches[name], schedules.GAP, READ_COMMITTED)) == []
    for other in (READ_COMMITTED, REPEATABLE_READ):
        assert waited(play(benches["postgresql"], schedules.GAP, other)) == []


@pytest.mark.fails_when("the level is READ COMMITTED", assertion='== {"B": "1213"}', level=READ_COMMITTED)
def test_two_locks_on_one_gap_are_a_deadlock(benches: Benches, level: str = REPEATABLE_READ) -> None:
    """At REPEATABLE READ of MariaDB and MySQL, two sessions lock the same gap without waiting. Then the first one's
    INSERT waits for the second one, whose own INSERT is refused with error 1213."""
    for name in INNODB:
        run = play(benches[name], schedules.SAME_GAP, level)
        assert run.errors == {"B": "1213"}
        assert [(step.session, step.sql[:6]) for step in run.waited] == [("A", "INSERT")]
        assert [step.sql[:6] for step, answer in run.log if answer.startswith("error")] == ["INSERT"]


@pytest.mark.fails_when("the level is REPEATABLE READ", assertion='else "1062"', level=REPEATABLE_READ)
def test_a_unique_key_decides_a_race_of_inserts(benches: Benches, level: str = READ_COMMITTED) -> None:
    """At READ COMMITTED, where both sessions found no account 15, the primary key lets one INSERT succeed and refuses
    the other: 23505 on PostgreSQL, 1062 on MariaDB and MySQL."""
    for name, bench in benches.items():
        run = play(bench, schedules.SAME_GAP, level)
        assert run.errors == {"B": "23505" if name == "postgresql" else "1062"}
        assert [row for row in run.final if row[0] == 15] == [(15, "ada", 0)]


@pytest.mark.fails_when("the level is READ COMMITTED", assertion='== ["B"]', level=READ_COMMITTED)
def test_without_an_index_innodb_locks_every_row(benches: Benches, level: str = REPEATABLE_READ) -> None:
    """At REPEATABLE READ of MariaDB and MySQL, an UPDATE that finds account 20 without an index also makes an UPDATE
    of account 10 wait; on PostgreSQL it does not."""
    for name in INNODB:
        assert waited(play(benches[name], schedules.NO_INDEX, level)) == ["B"]
    assert waited(play(benches["postgresql"], schedules.NO_INDEX, level)) == []


@pytest.mark.fails_when("there is no constraint", assertion="== 10", prepare=())
def test_a_check_refuses_the_overdraft(
    benches: Benches, prepare: tuple[str, ...] = ("ALTER TABLE account ADD CHECK (balance >= 0)",)
) -> None:
    """With CHECK (balance >= 0), two withdrawals of 40 from 50 leave 10 at every level of PostgreSQL and MariaDB. At
    READ COMMITTED, the second gets 23514 on PostgreSQL and 4025 on MariaDB."""
    for name, code in {"postgresql": "23514", "mariadb": "4025"}.items():
        runs = {level: play(benches[name], schedules.OVERDRAFT, level, prepare=prepare) for level in LEVELS}
        for run in runs.values():
            assert run.balance(10) == 10
        assert runs[READ_COMMITTED].errors == {"B": code}


@pytest.mark.fails_when("there is no constraint", assertion='== {"B": code}', check="")
def test_a_row_with_the_total_turns_write_skew_into_a_wait(
    benches: Benches, check: str = "ALTER TABLE account ADD CHECK (id <> 1 OR balance >= 0)"
) -> None:
    """With the owner's total in a row with a CHECK, the second of two withdrawals of 80 from 110 waits at READ
    COMMITTED of PostgreSQL and MariaDB, is refused by the CHECK, and a total of 30 is left."""
    total = "INSERT INTO account VALUES (1, 'total', 110)"
    for name, code in {"postgresql": "23514", "mariadb": "4025"}.items():
        run = play(benches[name], schedules.TOTAL, READ_COMMITTED, prepare=[total, *([check] if check else [])])
        assert waited(run) == ["B"]
        assert run.errors == {"B": code}
        assert (run.balance(1), run.balance(10) + run.balance(20)) == (30, 30)


@pytest.mark.fails_when("the server is MariaDB", assertion="== -30", name="mariadb")
def test_mysql_5_6_ignores_a_check(benches: Benches, name: str = "mysql") -> None:
    """MySQL 5.6 accepts CHECK (balance >= 0) without an error and lets the balance fall to -30."""
    check = ["ALTER TABLE account ADD CHECK (balance >= 0)"]
    assert play(benches[name], schedules.OVERDRAFT, READ_COMMITTED, prepare=check).balance(10) == -30


@pytest.mark.fails_when("snapshot isolation is off", assertion='== {"B": "1020"}', name="mariadb")
def test_1020_ends_the_transaction_and_its_sqlstate_is_general(
    benches: Benches, name: str = "mariadb_snapshot"
) -> None:
    """MariaDB's error 1020 undoes the whole transaction, comes with SQLSTATE HY000, and leaves a connection in
    autocommit mode outside of any transaction: an INSERT after it survives a ROLLBACK."""
    run = play(benches[name], schedules.AFTER_1020, REPEATABLE_READ, stubborn=True)
    assert run.errors == {"B": "1020"}
    assert run.value("state") == "HY000"
    assert run.balance(20) == 60
    assert (30, "bob", 0) in run.final


@pytest.mark.fails_when("the server is MySQL", assertion='(30, "bob", 0) in run.final', names=("mysql",))
def test_after_a_deadlock_mariadb_commits_every_statement(
    benches: Benches, names: tuple[str, ...] = ("mariadb", "mariadb_snapshot")
) -> None:
    """Error 1213 undoes the whole transaction with SQLSTATE 40001. On MariaDB 10.11.19, a client in autocommit mode
    that sent BEGIN and ignores the error is no longer in a transaction: its next INSERT survives its ROLLBACK."""
    for name in names:
        run = play(benches[name], schedules.AFTER_1213, REPEATABLE_READ, stubborn=True)
        assert run.errors == {"B": "1213"}
        assert run.value("state") == "40001"
        assert (run.balance(10), run.balance(20)) == (1, 1)
        assert (30, "bob", 0) in run.final


@pytest.mark.fails_when("the server is MariaDB", assertion="list(run.final)", name="mariadb")
def test_after_a_deadlock_mysql_5_6_is_in_a_new_transaction(benches: Benches, name: str = "mysql") -> None:
    """After error 1213 with SQLSTATE 40001, MySQL 5.6 takes a client's next INSERT into a transaction that ROLLBACK
    undoes, and nothing of the first is left."""
    run = play(benches[name], schedules.AFTER_1213, REPEATABLE_READ, stubborn=True)
    assert (run.errors, run.value("state")) == ({"B": "1213"}, "40001")
    assert list(run.final) == [(10, "ada", 1), (20, "ada", 1)]


@pytest.mark.fails_when("innodb_rollback_on_timeout is on", assertion="== (50, 2)", undo=True)
@pytest.mark.parametrize("name", ["mariadb", "mysql"])
def test_1205_leaves_half_a_transaction_to_commit(
    start_mariadb: Any, start_mysql: Any, benches: Benches, name: str, undo: bool = False
) -> None:
    """Error 1205 of MariaDB and MySQL undoes only the statement that waited: the transaction stays open, and a COMMIT
    keeps its other half. Its SQLSTATE is HY000."""
    bench = impatient(benches, start_mariadb if name == "mariadb" else start_mysql, name, undo)
    run = play(bench, schedules.AFTER_1205, REPEATABLE_READ, stubborn=True)
    assert run.errors == {"B": "1205"}
    assert run.value("state") == "HY000"
    assert (run.balance(10), run.balance(20)) == (50, 2)


def impatient(benches: Benches, start: Any, name: str, undo: bool) -> Bench:
    """A bench whose session B waits a second for a lock, on a server of its own if a timeout shall *undo* more."""
    bench = benches[name]
    if undo:
        bench = type(bench)(start(innodb_rollback_on_timeout="ON", **CARELESS), bench.snapshot_isolation)
    bench.execute(bench.session("B")[0], "SET SESSION innodb_lock_wait_timeout = 1")
    return bench


@pytest.mark.fails_when("the loop repeats only the write", assertion="== 80", whole=False)
@pytest.mark.parametrize("name", ["postgresql", "mariadb_snapshot"])
def test_the_loop_repeats_the_read_too(benches: Benches, name: str, whole: bool = True) -> None:
    """Two clients that deposit 10 and 20 by reading and then writing, each in the retry loop at REPEATABLE READ, end
    at 80; a loop that repeats only the write with the value from before ends at 70."""
    bench = benches[name]
    bench.reset()
    both_have_read = threading.Barrier(2)

    def deposit(session: str, amount: int) -> None:
        connection = bench.session(session)[0]
        seen: list[int] = []

        def work() -> None:
            if whole or not seen:
                ((balance,),) = bench.execute(connection, "SELECT balance FROM account WHERE id = 10")
                seen.append(balance)
                if len(seen) == 1:  # the first attempt of each, so that they overlap
                    both_have_read.wait(60)
            bench.execute(connection, f"UPDATE account SET balance = {seen[-1]} + {amount} WHERE id = 10")

        in_transaction(bench, connection, REPEATABLE_READ, work)

    clients = [threading.Thread(target=deposit, args=each) for each in (("A", 10), ("B", 20))]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert bench.table()[0][2] == 80


class Looking:
    """A bench whose question who waits is the article's."""

    def __init__(self, bench: Bench, sql: str) -> None:
        self._bench, self._sql, self.seen = bench, sql, list[int]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bench, name)

    def waiting(self) -> set[int]:
        """The first column of the article's query."""
        numbers = [row[0] for row in self._bench.execute(self._bench.admin, self._sql)]
        self.seen += numbers
        return set(numbers)


@pytest.mark.fails_when("nobody locks", assertion="set(looking.seen) ==", table=PLAIN)
def test_the_queries_of_the_article_show_who_waits(benches: Benches, table: str = schedules.LOCKED_UPDATE) -> None:
    """The article's query of pg_stat_activity, and its query of innodb_trx on MariaDB and MySQL, list the session that
    waits for a lock, and no other."""
    for name, bench in benches.items():
        file = "waiting-postgresql.sql" if name == "postgresql" else "waiting-innodb.sql"
        looking: Any = Looking(bench, (Path(__file__).parent / file).read_text(encoding="utf-8"))
        play(looking, table, READ_COMMITTED)
        assert set(looking.seen) == {bench.number(bench.session("B")[0])}


def test_every_schedule_is_one_that_the_article_can_show() -> None:
    """Each line of a schedule is a step of one session."""
    for name, table in vars(schedules).items():
        if name.isupper() and isinstance(table, str) and "\n" in table:
            assert len(steps_of(table)) == len(table.strip().splitlines()), name
