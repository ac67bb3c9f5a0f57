"""PostgreSQL's SERIALIZABLE: who takes part, whom it refuses, and what a retry costs."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

import schedules
from benches import READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE, Bench, ServerError
from oracle import is_anomalous, verdict
from retry import deposit_once, in_transaction
from runner import Player, play, steps_of

DEFERRABLE = "SERIALIZABLE READ ONLY DEFERRABLE"
MANY = (
    schedules.BOBS,
    "INSERT INTO account SELECT n * 10, 'x' || n, 0 FROM generate_series(3, 8000) AS n",
    "ALTER TABLE account SET (fillfactor = 50)",
    "VACUUM FULL ANALYZE account",
)


@pytest.mark.fails_when("both are SERIALIZABLE", assertion="== {}", other=SERIALIZABLE)
def test_serializable_protects_only_those_who_use_it(postgresql: Bench, other: str = REPEATABLE_READ) -> None:
    """Write skew between a SERIALIZABLE transaction and one at REPEATABLE READ happens on PostgreSQL."""
    run = play(postgresql, schedules.WRITE_SKEW, SERIALIZABLE, levels={"B": other})
    assert run.errors == {}
    assert is_anomalous(postgresql, schedules.WRITE_SKEW, run)


@pytest.mark.fails_when("the level is REPEATABLE READ", assertion='== [("B", "COMMIT")]', level=REPEATABLE_READ)
def test_the_error_can_come_from_commit(postgresql: Bench, record: Any, level: str = SERIALIZABLE) -> None:
    """When two sessions play the write skew at SERIALIZABLE of PostgreSQL, both UPDATEs succeed, and the second COMMIT
    is refused."""
    run = play(postgresql, schedules.WRITE_SKEW, level)
    refused = [(step.session, step.sql) for step, answer in run.log if answer.startswith("error")]
    assert refused == [("B", "COMMIT")]
    (text,) = [answer for _, answer in run.log if answer.startswith("error")]
    record.number("text_40001", text.partition(": ")[2], note="what PostgreSQL answers to the COMMIT")


@pytest.mark.fails_when("the report is not deferrable", assertion='== ["x"]', level="SERIALIZABLE READ ONLY")
def test_a_deferrable_report_waits_for_a_safe_snapshot(postgresql: Bench, level: str = DEFERRABLE) -> None:
    """A report that is SERIALIZABLE READ ONLY DEFERRABLE waits at its first SELECT while the withdrawal is open, and
    is not refused."""
    run = play(postgresql, schedules.READ_ONLY, SERIALIZABLE, levels={"C": level})
    assert [step.name for step in run.waited] == ["x"]
    assert (run.committed, run.errors) == (["A", "B", "C"], {})
    assert not is_anomalous(postgresql, schedules.READ_ONLY, run)


@pytest.mark.fails_when("the table has been analyzed, so that PostgreSQL scans it", assertion="== {}",
                        prepare=("ANALYZE account",))  # fmt: skip
def test_without_the_report_nobody_is_refused(postgresql: Bench, prepare: tuple[str, ...] = ()) -> None:
    """Without the report, the deposit and the withdrawal of the read-only anomaly both commit at SERIALIZABLE of
    PostgreSQL."""
    table = "\n".join(line for line in schedules.READ_ONLY.splitlines() if not line.startswith("C"))
    run = play(postgresql, table, SERIALIZABLE, prepare=prepare)
    assert run.errors == {}
    assert run.committed == ["A", "B"]


@pytest.mark.fails_when("the table has not been analyzed", assertion='== {"B": "40001"}', statistics="SELECT 1")
def test_statistics_make_the_deposit_and_the_withdrawal_conflict(
    postgresql: Bench, statistics: str = "ANALYZE account"
) -> None:
    """After ANALYZE of the matrix's table, PostgreSQL scans it, and then the deposit and the withdrawal of the
    read-only anomaly conflict at SERIALIZABLE without the report; the matrix's ten cells stay as they are."""
    table = "\n".join(line for line in schedules.READ_ONLY.splitlines() if not line.startswith("C"))
    assert play(postgresql, table, SERIALIZABLE, prepare=(statistics,)).errors == {"B": "40001"}
    assert "Seq Scan" in plan_of(postgresql, "ada")
    for anomaly in schedules.ANOMALIES.values():
        cells = {verdict(postgresql, anomaly, play(postgresql, anomaly, SERIALIZABLE, prepare=analyzed))
                 for analyzed in ((), (statistics,))}  # fmt: skip
        assert len(cells) == 1


def plan_of(postgresql: Bench, owner: str) -> str:
    """PostgreSQL's plan for the sum of an *owner*'s accounts."""
    lines = postgresql.execute(postgresql.admin, f"EXPLAIN SELECT SUM(balance) FROM account WHERE owner = '{owner}'")
    return "\n".join(line for (line,) in lines)


@pytest.mark.fails_when("the owner is found by an index", assertion='== {"B": "40001"}', prepare=MANY)
def test_a_sequential_scan_makes_strangers_conflict(
    postgresql: Bench, prepare: tuple[str, ...] = ("DROP INDEX account_owner", *MANY)
) -> None:
    """In a table of 8,000 accounts without an index on owner, two SERIALIZABLE transactions for two owners, who share
    no row, end in a 40001 on PostgreSQL; with the index they both commit."""
    run = play(postgresql, schedules.TWO_OWNERS, SERIALIZABLE, prepare=prepare)
    assert run.errors == {"B": "40001"}
    indexed = play(postgresql, schedules.TWO_OWNERS, SERIALIZABLE, prepare=MANY)
    assert (indexed.errors, indexed.committed) == ({}, ["A", "B"])
    assert "Seq Scan" not in plan_of(postgresql, "ada")


@pytest.mark.fails_when("the table has no statistics", assertion='== {"B": "40001"}', statistics="SELECT 1")
def test_a_small_table_is_scanned_whatever_its_indexes(postgresql: Bench, statistics: str = "ANALYZE account") -> None:
    """In an analyzed table of four rows, two SERIALIZABLE transactions for two owners conflict on PostgreSQL although
    there is an index on owner, because the plan is a Seq Scan."""
    run = play(postgresql, schedules.TWO_OWNERS, SERIALIZABLE, prepare=(schedules.BOBS, statistics))
    assert run.errors == {"B": "40001"}
    assert "Seq Scan" in plan_of(postgresql, "ada")


@pytest.mark.fails_when("the level is READ COMMITTED", assertion='"error 25P02"', level=READ_COMMITTED)
def test_after_an_error_postgresql_takes_nothing_but_a_rollback(
    postgresql: Bench, level: str = REPEATABLE_READ
) -> None:
    """After 40001, PostgreSQL refuses the next statement with 25P02, and answers COMMIT without an error: it rolls
    back."""
    run = play(postgresql, schedules.AFTER_40001, level, stubborn=True)
    (answer,) = [answer for step, answer in run.log if step.sql == "SELECT 1"]
    assert answer.startswith("error 25P02")
    assert run.committed == ["B", "A"], "no error, so the runner believed it"
    assert run.balance(10) == 60


LOCKED = "{0}  {1}: SELECT balance FROM account WHERE id = 10 FOR UPDATE"
READ = "{0}  {1}: SELECT balance FROM account WHERE id = 10"
WRITE = "{0}  UPDATE account SET balance = {{{1}}} + 1 WHERE id = 10\n{0}  COMMIT"
IN_SERVER = "{0}  UPDATE account SET balance = balance + 1 WHERE id = 10\n{0}  COMMIT"


def attempts(bench: Bench, clients: int, read: str, write: str, level: str) -> int:
    """Transactions that it takes until every client has added 1, when all of them read before the first one writes."""
    bench.reset()
    left, count = "ABCDEFGHIJ"[:clients], 0
    while left:
        lines = [line.format(name, name.lower()) for line in (read, write) if line for name in left]
        run = Player(bench, steps_of("\n".join(lines)), level, {}, stubborn=False).play()
        count += len(left)
        left = "".join(name for name in left if name in run.errors)
    assert bench.table()[0][2] == 50 + clients
    return count


@pytest.mark.fails_when("every client locks the row first", assertion="== n * (n + 1) // 2", read=LOCKED,
                        level=READ_COMMITTED)  # fmt: skip
def test_a_herd_of_retries_grows_with_its_square(
    postgresql: Bench, record: Any, read: str = READ, level: str = REPEATABLE_READ
) -> None:
    """When n clients all read one row before the first writes, a retry loop at REPEATABLE READ of PostgreSQL takes
    n(n+1)/2 transactions until all have written; with FOR UPDATE or one UPDATE it takes n."""
    chart = record.chart(
        "herd",
        title="Transactions until every client has written the row",
        x="clients at once",
        y="transactions",
        note="PostgreSQL; each round, all that are left read first and then write in turn; the refused try again",
    )
    for n in (1, 2, 4, 6, 8, 10):
        taken = attempts(postgresql, n, read, WRITE, level)
        assert taken == n * (n + 1) // 2
        chart.point("retry at REPEATABLE READ", n, taken)
        queued = attempts(postgresql, n, LOCKED, WRITE, READ_COMMITTED)
        assert queued == n
        chart.point("FOR UPDATE at READ COMMITTED", n, queued)
        assert attempts(postgresql, n, "", IN_SERVER, READ_COMMITTED) == n
    record.number("herd_10", taken, note="transactions until ten clients in lockstep have written, with retries")


@pytest.mark.fails_when("each try has a request of its own", assertion="== 60", second="second")
def test_a_lost_answer_to_commit_is_safe_to_retry_with_a_key(postgresql: Bench, second: str = "first") -> None:
    """A client that loses its connection right after sending COMMIT, and tries again with the same request, has
    deposited once: the primary key of the request refuses the second try with 23505."""
    postgresql.reset()
    for sql in ("DROP TABLE IF EXISTS request", "CREATE TABLE request (id VARCHAR(40) PRIMARY KEY)"):
        postgresql.execute(postgresql.admin, sql)
    connection = postgresql.connect()
    number = postgresql.number(connection)
    postgresql.begin(connection, READ_COMMITTED)
    deposit_once(postgresql, connection, "first", 10)
    connection.pgconn.send_query(b"COMMIT")
    connection.pgconn.flush()
    connection.close()  # the answer is lost
    gone = time.monotonic() + 60
    while postgresql.execute(postgresql.admin, f"SELECT 1 FROM pg_stat_activity WHERE pid = {number}"):
        assert time.monotonic() < gone
        time.sleep(0.01)

    again = postgresql.session("A")[0]
    answer = "done"
    try:
        in_transaction(postgresql, again, READ_COMMITTED, lambda: deposit_once(postgresql, again, second, 10))
    except ServerError as error:
        answer = error.code
    assert postgresql.table()[0][2] == 60
    assert answer == "23505"


@pytest.mark.fails_when("the level is REPEATABLE READ", assertion="total == 30", level=REPEATABLE_READ)
def test_the_loop_keeps_the_rule_under_serializable(postgresql: Bench, level: str = SERIALIZABLE) -> None:
    """Two clients that each withdraw 80 if the total allows it, in the retry loop at SERIALIZABLE, leave a total of
    30."""
    postgresql.reset()
    both_have_read = threading.Barrier(2)
    met: set[int] = set()

    def withdraw(name: str, account: int) -> None:
        connection = postgresql.session(name)[0]

        def work() -> None:
            query = "SELECT SUM(balance) FROM account WHERE owner = 'ada'"
            ((total,),) = postgresql.execute(connection, query)
            if account not in met:  # the first attempt of each, so that they overlap
                met.add(account)
                both_have_read.wait(60)
            if total >= 80:
                sql = f"UPDATE account SET balance = balance - 80 WHERE id = {account}"
                postgresql.execute(connection, sql)

        in_transaction(postgresql, connection, level, work)

    clients = [threading.Thread(target=withdraw, args=each) for each in (("A", 10), ("B", 20))]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    total = sum(row[2] for row in postgresql.table())
    assert total == 30
