"""The way out of the refusal, and the advice that does not lead there."""

import re
import shutil

import pytest
from conftest import Held
from edge import (
    DROP,
    STOP,
    a_young_queue,
    as_owner,
    connect,
    next_id,
    next_id_of_stopped,
    oldest_id,
    one,
    refusal,
    relfrozen,
    run,
    single_user,
    vacuum_all,
)
from engblog.lab.process import free_port, wait_until
from engblog.lab.record import Recorder
from engblog.lab.servers import PostgreSQL
from scripts import psql, shell

WRITE = "INSERT INTO event VALUES (2000, 'after')"


@pytest.mark.fails_when("the slot stays", assertion="refusal(server, WRITE) is None", drop="SELECT 1")
@pytest.mark.fails_when("`VACUUM` may truncate", assertion="refusal(server, WRITE) is None", without="(TRUNCATE false)")
def test_drop_the_holder_then_vacuum(held: Held, drop: str = DROP, without: str = "") -> None:
    """At the stop, dropping the slot that holds the horizon and a VACUUM (TRUNCATE false) in every database let the
    server write again, without a restart, even with an emptied table in one of them."""
    server = held.at(STOP + 3, autovacuum_naptime="1h")
    a_young_queue(server)
    started = server.pid
    assert refusal(server, WRITE)

    run(server, drop)
    shell(server, "vacuum.sh", server.folder, port=server.port, without=without)

    assert refusal(server, WRITE) is None
    assert server.pid == started
    assert one(server, "SELECT note FROM event WHERE id = 2000") == "after"


@pytest.mark.fails_when("the slot is dropped first", assertion="oldest_id(server) == held.cluster.kept", first=DROP)
def test_vacuum_reports_success_and_changes_nothing(held: Held, record: Recorder, first: str = "SELECT 1") -> None:
    """With a forgotten slot in place, VACUUM in every database succeeds, the oldest id stays where it is, and writes
    stay refused; VACUUM warns dozens of times that the horizon is far in the past, and with VERBOSE it shows a cutoff
    more than two billion ids old."""
    server = held.at(STOP, autovacuum_naptime="1h")
    run(server, first)
    vacuum_all(server)
    said: list[str] = []
    hints: list[str] = []
    with connect(server) as session:
        session.add_notice_handler(lambda notice: said.append(notice.message_primary or ""))
        session.add_notice_handler(lambda notice: hints.append(notice.message_hint or ""))
        session.execute("VACUUM")
        session.execute("VACUUM (VERBOSE) pg_class")

    assert oldest_id(server) == held.cluster.kept
    assert refusal(server, WRITE)
    far = [each for each in said if each.endswith("far in the past")]
    assert len(far) >= 24
    assert any(each.startswith("Close open transactions soon") for each in hints)
    cutoff = re.search(r"removable cutoff: .*, which was (\d+) XIDs old", "".join(said))
    assert cutoff
    assert int(cutoff[1]) > 2_000_000_000
    record.number("far", far[0], note="a warning of VACUUM at the stop")
    record.number("cutoff", cutoff[0], note="VACUUM (VERBOSE) pg_class at the stop")


@pytest.mark.fails_when("every database is vacuumed", assertion="second", everywhere=True)
def test_the_error_names_one_database_at_a_time(held: Held, everywhere: bool = False) -> None:
    """The error names one database, the oldest; after a VACUUM in that one, the server goes on refusing and names
    another."""
    server = held.at(STOP, autovacuum_naptime="1h")
    run(server, DROP)
    first = refusal(server, WRITE)
    assert first
    run(server, "VACUUM", dbname=database_in(first))
    if everywhere:
        vacuum_all(server)
    second = refusal(server, WRITE)
    assert second
    assert database_in(second) != database_in(first)


def database_in(error: Exception) -> str:
    """The database that the error names."""
    found = re.search('in database "([^"]+)"', str(error))
    assert found
    return found[1]


@pytest.mark.fails_when("it is a superuser", assertion="server, WRITE", owner="postgres")
def test_vacuum_by_an_ordinary_owner_is_not_enough(held: Held, owner: str = "app") -> None:
    """A role that owns every database but isn't a superuser can vacuum its tables, and the server still refuses writes,
    because VACUUM leaves out the catalogs that only a superuser may vacuum."""
    server = held.cluster.start()
    run(server, "CREATE ROLE app LOGIN", *[f"ALTER DATABASE {name} OWNER TO app" for name in DATABASES])
    run(server, "ALTER TABLE event OWNER TO app")
    server.stop()
    server.settings["autovacuum_naptime"] = "1h"
    server = held.moved(2**31 - 1 - STOP)
    run(server, DROP)
    said: list[str] = []
    for name in DATABASES:
        with connect(server, dbname=name, user=owner) as session:
            session.add_notice_handler(lambda notice: said.append(notice.message_primary or ""))
            session.execute("VACUUM")

    assert refusal(server, WRITE)
    assert any('"pg_database"' in each for each in said)


DATABASES = ("postgres", "template1", "template0")


@pytest.mark.fails_when("one more id is left", assertion="left()", ids_left=STOP + 1)
def test_a_temporary_table_outlives_its_session_at_the_stop(held: Held, ids_left: int = STOP) -> None:
    """At the stop, a temporary table stays when its session ends, because dropping it takes an id; its own session can
    still vacuum it, and single-user mode can drop it."""
    server = held.at(ids_left + 1, autovacuum_naptime="1h")
    place_of = "SELECT relnamespace::regnamespace::text FROM pg_class WHERE relname = 'work'"

    def left() -> bool:
        return one(server, "SELECT count(*) FROM pg_class WHERE relname = 'work'") == 1

    with connect(server) as session:
        session.execute("CREATE TEMPORARY TABLE work (id int)")
        schema = one(server, place_of)
        before = relfrozen(server, f"{schema}.work")
        session.execute("VACUUM work")
        assert relfrozen(server, f"{schema}.work") > before
        pid = session.info.backend_pid
    gone = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}"
    wait_until(lambda: one(server, gone) == 0, seconds=60, what="the session's end")

    assert left()
    said = single_user(server, f"DROP TABLE {schema}.work")
    assert "ERROR" not in said
    server.start()
    assert not left()


@pytest.mark.fails_when("only plain VACUUM is run in single-user mode", assertion="spent > 50", full="VACUUM")
def test_single_user_mode_runs_past_the_stop(held: Held, record: Recorder, full: str = "VACUUM FULL") -> None:
    """At the stop, single-user mode goes on handing out ids: with the slot in place, VACUUM FULL there spends dozens of
    the last three million and leaves the oldest id where it was."""
    server = held.at(STOP, autovacuum_naptime="1h")
    assert refusal(server, "VACUUM FULL event")
    server.stop()
    before = next_id_of_stopped(server)

    said = single_user(server, full)

    assert "ERROR" not in said
    spent = next_id_of_stopped(server) - before
    assert spent > 50
    record.number("full_spent", spent, note="ids that VACUUM FULL spent in single-user mode, past the stop")
    server.start()
    assert oldest_id(server) == held.cluster.kept


@pytest.mark.fails_when("it has an emptied table", assertion='spent["VACUUM"]', emptied=True)
def test_what_a_repair_spends(young: PostgreSQL, record: Recorder, emptied: bool = False) -> None:
    """In a nearly empty database without an emptied table, VACUUM and VACUUM (FREEZE) use no transaction id, while
    VACUUM (ANALYZE) uses dozens and VACUUM FULL at least one for each table."""
    server = young
    if emptied:
        a_young_queue(server)
    run(server, "CREATE TABLE event (id int PRIMARY KEY)", "INSERT INTO event SELECT generate_series(1, 1000)")
    chart = record.chart(
        "ids_of_repairs",
        title="Ids that VACUUM uses in a nearly empty database",
        x="option",
        y="transaction ids",
        kind="bars",
        note="the whole database, one run each",
    )
    spent = {}
    for command in ("VACUUM", "VACUUM (FREEZE)", "VACUUM (ANALYZE)", "VACUUM FULL"):
        before = next_id(server)
        run(server, command)
        spent[command] = next_id(server) - before
        chart.point("ids", command.removeprefix("VACUUM").strip(" ()") or "none", spent[command])
    assert spent["VACUUM"] == spent["VACUUM (FREEZE)"] == 0
    tables = int(one(server, "SELECT count(*) FROM pg_class WHERE relkind = 'r'"))
    assert spent["VACUUM (ANALYZE)"] >= 24
    assert spent["VACUUM FULL"] >= tables


@pytest.mark.fails_when("one more id is left", assertion="server, WRITE", ids_left=STOP + 1)
def test_the_headroom_query_reaches_zero_at_the_stop(held: Held, ids_left: int = STOP) -> None:
    """At the stop, the headroom query shows 100 percent and no id left for the oldest database, and it needs no id
    itself."""
    server = held.at(ids_left, autovacuum_naptime="1h")
    _, age, left, percent = psql(server, "headroom.sql")[0]
    assert refusal(server, WRITE)
    assert (int(age), int(left), int(percent)) == (2_144_483_647, 0, 100)


@pytest.mark.fails_when("the slot is dropped first", assertion="holders", first=DROP)
def test_the_commands_find_the_table_and_the_holder(held: Held, first: str = "SELECT 1") -> None:
    """At the stop, the blockers query names the forgotten slot first, and the tables query lists a table as old as
    the slot."""
    server = held.at(STOP, autovacuum_naptime="1h")
    run(server, first)
    holders = psql(server, "blockers.sql")
    assert holders[:1] == [["2144483647", "replication slot", "forgotten logical inactive"]]
    assert int(psql(server, "tables.sql")[0][1]) == 2_144_483_647


@pytest.mark.fails_when("they only read", assertion="age + 10", statement="SELECT 1")
def test_the_limit_is_the_clusters(young: PostgreSQL, statement: str = "SELECT pg_current_xact_id()") -> None:
    """Ids are used up for the whole cluster: each id that is used in one database adds to the age of every database."""
    ages = "SELECT array_agg(age(datfrozenxid) ORDER BY oid) FROM pg_database"
    before = one(young, ages)
    run(young, *[statement] * 10)
    assert one(young, ages) == [age + 10 for age in before]


def test_the_script_runs_into_the_wall(young: PostgreSQL) -> None:
    """The commands for a throw-away cluster, typed into a shell, end in the refusal to hand out another id."""
    folder = young.folder / "try"
    folder.mkdir()
    shutil.chown(folder, young.data.owner(), young.data.group())
    try:
        done = shell(young, "try.sh", folder, port=free_port())
    finally:
        as_owner(young, "pg_ctl", "-D", str(folder / "edge"), "-m", "fast", "-w", "stop")
        shutil.rmtree(folder)
    assert "not accepting commands" in done.stderr
    assert int(done.stdout.splitlines()[-1]) > 2_144_483_000
