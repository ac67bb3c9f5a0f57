"""A request is repeated: after a time-out, at the same moment, with another body, next month."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from engblog.lab.process import wait_until
from idempotency import UNPROCESSABLE, charge, charge_once
from remote import Remote
from saga import release, release_that_looks_first, release_without_tombstone, reserve

RETRY = {
    "maxAttempts": 3,
    "initialBackoff": "0.01s",
    "maxBackoff": "0.01s",
    "backoffMultiplier": 1,
    "retryableStatusCodes": ["UNAVAILABLE"],
}


def _body(order: str, cents: int = 4200) -> bytes:
    return json.dumps({"order": order, "cents": cents}).encode()


def _charges(dsn: str, order: str) -> int:
    with psycopg.connect(dsn) as db:
        return int(db.execute("SELECT count(*) FROM charges WHERE order_id = %s", (order,)).fetchone()[0])


# --8<-- [start:look]
def look_then_charge(db: Any, customer: str, key: str, body: bytes, *, looked: Callable[[], Any]) -> tuple[int, str]:
    """Look whether the key is known, and charge if it is not: the version that passes every test with one client."""
    with db.transaction():
        known = "SELECT status, response FROM requests WHERE customer = %s AND key = %s"
        if row := db.execute(known, (customer, key)).fetchone():
            return row
        looked()
        response = charge(db, body)
        db.execute(
            "INSERT INTO requests (customer, key, body_hash, status, response) VALUES (%s, %s, '', 201, %s) "
            "ON CONFLICT DO NOTHING",
            (customer, key, response),
        )
        return 201, response
    # --8<-- [end:look]


@pytest.mark.fails_when("the code looks first and charges afterwards", assertion="== 1", look_first=True)
def test_eight_duplicates_at_once_are_one_charge_and_one_answer(database: str, look_first: bool = False) -> None:
    """Eight requests with one key at the same moment make one charge, and all eight get the same answer."""
    order = f"eight {look_first}"
    together = threading.Barrier(8)

    def one(_: int) -> tuple[int, str]:
        with psycopg.connect(database, autocommit=True) as db:
            if look_first:
                return look_then_charge(db, "ada", order, _body(order), looked=lambda: together.wait(60))
            together.wait(60)
            return charge_once(db, "ada", order, _body(order))

    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(one, range(8)))
    assert _charges(database, order) == 1
    assert len(set(answers)) == 1


@pytest.mark.fails_when("the first one commits", assertion="new.rowcount == 1", first_commits=True)
def test_a_duplicate_waits_for_the_first_one_and_takes_its_place_if_it_fails(
    database: str, first_commits: bool = False
) -> None:
    """A second insert of a key waits for the first one's transaction, and goes through if that one rolls back."""
    insert = "INSERT INTO requests (customer, key, body_hash) VALUES ('ada', %s, '') ON CONFLICT DO NOTHING"
    key = f"waits {first_commits}"
    with psycopg.connect(database) as first, psycopg.connect(database) as second, ThreadPoolExecutor(1) as thread:
        first.execute(insert, (key,))
        later = thread.submit(second.execute, insert, (key,))
        with psycopg.connect(database, autocommit=True) as watch:
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'transactionid' AND pid = %s"
            pid = (second.info.backend_pid,)
            wait_until(lambda: watch.execute(waiting, pid).fetchone() == (1,), seconds=60, what="the second insert")
        assert not later.done()
        if first_commits:
            first.commit()
        else:
            first.rollback()
        new = later.result(60)
        assert new.rowcount == 1


@pytest.mark.fails_when("the body is the same", assertion="status == UNPROCESSABLE", cents=4200)
def test_a_key_that_comes_with_another_body_is_refused(database: str, cents: int = 9900) -> None:
    """A key that returns with another body is answered with 422, and nothing is charged for it."""
    order = f"other body {cents}"
    with psycopg.connect(database, autocommit=True) as db:
        charge_once(db, "ada", order, _body(order))
        status, _ = charge_once(db, "ada", order, _body(order, cents))
    assert status == UNPROCESSABLE
    assert _charges(database, order) == 1


@pytest.mark.fails_when("the scope of a key is the whole service", assertion="grace != ada", scope=lambda _: "all")
def test_a_key_belongs_to_a_customer(database: str, scope: Callable[[str], str] = str) -> None:
    """Two customers who send the same key are two requests, and neither sees the other's answer."""
    with psycopg.connect(database, autocommit=True) as db:
        key = f"1 {scope('')}"
        ada = charge_once(db, scope("ada"), key, _body("first"))
        grace = charge_once(db, scope("grace"), key, _body("first"))
    assert (ada[0], grace[0]) == (201, 201)
    assert grace != ada  # the answer names the charge


@pytest.mark.fails_when("the key is still there", assertion="== 2", keep="1 day")
def test_a_retry_after_the_key_has_expired_charges_again(database: str, keep: str = "0 days") -> None:
    """A request that is repeated after its key was deleted is a new request, and charges again."""
    order = f"expired {keep}"
    with psycopg.connect(database, autocommit=True) as db:
        charge_once(db, "ada", order, _body(order))
        db.execute("DELETE FROM requests WHERE key = %s AND created_at <= now() - %s::interval", (order, keep))
        charge_once(db, "ada", order, _body(order))
    assert _charges(database, order) == 2


@pytest.fixture
def remote(database: str, record: Any) -> Iterator[Remote]:
    """A gRPC server, and a channel to it."""
    import grpc  # noqa: PLC0415

    record.version("gRPC for Python", grpc.__version__)
    server = Remote(database)
    yield server
    server.close()


@pytest.mark.fails_when("the server is slow before it charges", assertion="charged == 1", moment="slow before")
def test_deadline_exceeded_and_the_money_is_gone(remote: Remote, database: str, moment: str = "slow after") -> None:
    """DEADLINE_EXCEEDED ends a call that has charged, if it was the answer that came late."""
    remote.behaviour = moment
    status = remote.call(moment, deadline=2)
    assert remote.finished.acquire(timeout=60)
    charged = _charges(database, moment)
    assert status == "DEADLINE_EXCEEDED"
    assert charged == 1


@pytest.mark.fails_when("the call carries a key", assertion="charges == 2", key="order 17")
@pytest.mark.fails_when("the service config has no retryPolicy", assertion='status == "OK"', policy=None)
def test_a_retry_policy_charges_twice_and_reports_ok(
    remote: Remote, database: str, policy: dict[str, Any] | None = RETRY, key: str = ""
) -> None:
    """A call that gets UNAVAILABLE once, after the server's commit, is retried, charges twice and returns OK."""
    remote.attempts, remote.behaviour = 0, "unavailable after"
    order = f"retried {bool(policy)} {key}"
    status = remote.call(order, deadline=60, policy=policy, key=key)
    charges = _charges(database, order)
    assert status == "OK"
    assert remote.attempts == 2
    assert charges == 2


@pytest.mark.fails_when("the compensation deletes the reservation", assertion="free == 1",
                        undo=release_without_tombstone)  # fmt: skip
def test_a_step_that_arrives_after_its_compensation_does_nothing(database: str, undo: Any = release) -> None:
    """A reservation that is delivered after the cancellation of its saga holds no stock, thanks to a tombstone."""
    item = undo.__name__
    with psycopg.connect(database, autocommit=True) as db:
        db.execute("INSERT INTO stock VALUES (%s, 1)", (item,))
        undo(db, f"saga {item}", item)  # the orchestrator gave up waiting; this overtook the step
        reserve(db, f"saga {item}", item)
        (free,) = db.execute("SELECT free FROM stock WHERE item = %s", (item,)).fetchone()
    assert free == 1


@pytest.mark.fails_when("the compensation looks before it writes", assertion="free == 1",
                        undo=release_that_looks_first)  # fmt: skip
def test_a_compensation_waits_for_a_step_that_is_not_yet_committed(database: str, undo: Any = release) -> None:
    """A cancellation that meets an uncommitted reservation waits for it, and then gives the piece back."""
    item = f"at once {undo.__name__}"
    with psycopg.connect(database) as step, psycopg.connect(database, autocommit=True) as db:
        db.execute("INSERT INTO stock VALUES (%s, 1)", (item,))
        step.execute("SELECT 1")  # begins the transaction that stays open
        reserve(step, f"saga {item}", item)
        with psycopg.connect(database, autocommit=True) as other, ThreadPoolExecutor(1) as thread:
            later = thread.submit(undo, other, f"saga {item}", item)
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'transactionid' AND pid = %s"
            pid = (other.info.backend_pid,)
            wait_until(lambda: db.execute(waiting, pid).fetchone() == (1,), seconds=60, what="the cancellation")
            step.commit()
            later.result(60)
        (free,) = db.execute("SELECT free FROM stock WHERE item = %s", (item,)).fetchone()
    assert free == 1


@pytest.mark.fails_when("each delivery carries another saga's id", assertion="free == 4", ids=("a", "b"))
def test_a_step_that_is_delivered_twice_takes_effect_once(database: str, ids: tuple[str, str] = ("x", "x")) -> None:
    """A saga's step and its compensation, each delivered twice, take effect once."""
    item = "".join(ids)
    with psycopg.connect(database, autocommit=True) as db:
        db.execute("INSERT INTO stock VALUES (%s, 5)", (item,))
        for saga in ids:
            reserve(db, saga, item)
        (free,) = db.execute("SELECT free FROM stock WHERE item = %s", (item,)).fetchone()
        assert free == 4
        for saga in ids:
            release(db, saga, item)
        (free,) = db.execute("SELECT free FROM stock WHERE item = %s", (item,)).fetchone()
    assert free == 5


@pytest.mark.fails_when("every order has its one charge", assertion="== (1, 1)", charges=(1, 1, 1))
def test_one_query_counts_lost_and_doubled(database: str, charges: tuple[int, ...] = (0, 1, 2)) -> None:
    """The query of truth.sql counts orders without a charge and orders with two, and leaves young orders alone."""
    old, young = "now() - interval '1 hour'", "now()"
    with psycopg.connect(database, autocommit=True) as db:
        db.execute("DELETE FROM orders")
        for number, times in enumerate(charges):
            db.execute(f"INSERT INTO orders VALUES ('truth {charges} {number}', 4200, {old})")
            for _ in range(times):
                charge(db, _body(f"truth {charges} {number}"))
        db.execute(f"INSERT INTO orders VALUES ('young', 4200, {young})")
        row = db.execute((Path(__file__).parent / "truth.sql").read_text(encoding="utf-8")).fetchone()
    assert row == (1, 1)


@pytest.mark.fails_when("the row has been sent", assertion="oldest.total_seconds() >= 3 * 3600", sent=True)
def test_the_age_of_the_outbox_shows_one_row_that_is_stuck(database: str, sent: bool = False) -> None:
    """The query of waiting.sql shows a single stuck row by its age, while its count stays at 1 beside a new row's."""
    with psycopg.connect(database, autocommit=True) as db:
        db.execute("DELETE FROM outbox")
        db.execute("INSERT INTO outbox (message_id, subject, payload, written_at) "
                   "VALUES ('stuck', 'orders', '', now() - interval '3 hours')")  # fmt: skip
        if sent:
            db.execute("UPDATE outbox SET sent_at = now()")
        unsent, oldest = db.execute((Path(__file__).parent / "waiting.sql").read_text(encoding="utf-8")).fetchone()
    assert oldest.total_seconds() >= 3 * 3600
    assert unsent == 1
