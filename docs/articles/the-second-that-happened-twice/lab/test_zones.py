"""Local time in databases: the hour that happens twice, the hour that never does, and rules that change."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pymysql
import pytest

BERLIN = "Europe/Berlin"
Row = tuple[Any, ...]


def ask(db: psycopg.Connection[Any], query: str, zone: str = BERLIN) -> Row:
    """The row that *query* returns in a session of that time *zone*."""
    db.execute("SELECT set_config('TimeZone', %s, false)", [zone])
    row = db.execute(query).fetchone()
    assert row
    return tuple(row)


@pytest.mark.fails_when("the session's time is UTC", assertion="first == second", zone="UTC")
def test_an_hour_happens_twice(db: psycopg.Connection[Any], zone: str = BERLIN) -> None:
    """Two instants an hour apart are both 02:30 in Berlin, and PostgreSQL takes a plain 02:30 for the second one."""
    first, second, guess = ask(
        db,
        "SELECT (timestamptz '2026-10-25 00:30Z')::timestamp::text, (timestamptz '2026-10-25 01:30Z')::timestamp::text,"
        " timestamptz '2026-10-25 02:30' = timestamptz '2026-10-25 01:30Z'",
        zone,
    )
    assert first == second
    assert first == "2026-10-25 02:30:00"
    assert guess


@pytest.mark.fails_when("the session's time is UTC", assertion="said ==", zone="UTC")
def test_postgresql_moves_the_missing_hour(db: psycopg.Connection[Any], zone: str = BERLIN) -> None:
    """PostgreSQL turns 02:30 in the hour that Berlin skips into 03:30, without an error."""
    (said,) = ask(db, "SELECT (timestamptz '2026-03-29 02:30')::text", zone)
    assert said == "2026-03-29 03:30:00+02"


@pytest.fixture(scope="module")
def mariadb(start_mariadb: Callable[..., Any]) -> Iterator[pymysql.connections.Connection[Any]]:
    """A connection to a MariaDB that knows the time of Berlin."""
    server = start_mariadb()
    rules = subprocess.run(
        [server.program("mariadb-tzinfo-to-sql"), f"/usr/share/zoneinfo/{BERLIN}", BERLIN],
        capture_output=True,
        check=True,
    ).stdout
    client = [server.program("mariadb"), "--no-defaults", "-h127.0.0.1", f"-P{server.port}", "-uroot", "mysql"]
    subprocess.run(client, input=rules, check=True)
    connection = pymysql.connect(host="127.0.0.1", port=server.port, user="root", database="test", autocommit=True)
    yield connection
    connection.close()


@pytest.mark.fails_when("the session's time is UTC", assertion="refused", zone="+00:00")
@pytest.mark.fails_when("the column is a DATETIME", assertion="refused", kind="DATETIME")
def test_mariadb_refuses_the_missing_hour(
    mariadb: pymysql.connections.Connection[Any], zone: str = BERLIN, kind: str = "TIMESTAMP"
) -> None:
    """For a TIMESTAMP column, MariaDB's strict mode refuses 02:30 in the hour that Berlin skips."""
    refused = False
    with mariadb.cursor() as cursor:
        cursor.execute("SELECT @@sql_mode")
        assert "STRICT_TRANS_TABLES" in str(cursor.fetchone())
        cursor.execute("SET time_zone = %s", [zone])
        cursor.execute(f"CREATE OR REPLACE TABLE appointment (at {kind} NULL)")
        try:
            cursor.execute("INSERT INTO appointment VALUES ('2026-03-29 02:30:00')")
        except pymysql.err.OperationalError as error:
            refused = error.args[0] == 1292
    assert refused


@pytest.mark.fails_when("the type is timestamptz", assertion="equal", kind="timestamptz")
def test_timestamp_ignores_the_offset(db: psycopg.Connection[Any], kind: str = "timestamp") -> None:
    """To PostgreSQL's timestamp, the same digits with the offsets +02 and -07 are equal."""
    (equal,) = ask(db, f"SELECT {kind} '2026-10-25 02:30+02' = {kind} '2026-10-25 02:30-07'")
    assert equal


@pytest.mark.fails_when("the columns are timestamptz", assertion="took ==", kind="timestamptz")
def test_a_job_ends_before_it_begins(db: psycopg.Connection[Any], kind: str = "timestamp") -> None:
    """By two columns of type timestamp, a job of 20 minutes over the end of summer time took minus 40 minutes."""
    db.execute(f"DROP TABLE IF EXISTS job; CREATE TABLE job (began {kind}, ended {kind})")
    ask(
        db,
        "INSERT INTO job VALUES (timestamptz '2026-10-25 00:50Z', timestamptz '2026-10-25 01:10Z') RETURNING began",
    )
    (took,) = ask(db, "SELECT ended - began FROM job")
    assert took == timedelta(minutes=-40)


@pytest.mark.fails_when("the session's time is UTC", assertion="(day, hours) ==", zone="UTC")
def test_a_day_is_not_24_hours(db: psycopg.Connection[Any], zone: str = BERLIN) -> None:
    """In Berlin on the eve of standard time, noon plus 1 day is noon, and noon plus 24 hours is 11:00."""
    day, hours = ask(
        db,
        "SELECT to_char(timestamptz '2026-10-24 12:00' + interval '1 day', 'HH24:MI'),"
        " to_char(timestamptz '2026-10-24 12:00' + interval '24 hours', 'HH24:MI')",
        zone,
    )
    assert (day, hours) == ("12:00", "11:00")


OLD_RULE = "CST6CDT,M4.1.0,M10.5.0"
"""The rule of Mexico City until 2022: summer time from the first Sunday in April to the last in October."""


@pytest.mark.fails_when("the local time is stored", assertion='shown == "08:00"', kind="timestamp")
def test_a_new_rule_moves_an_appointment(db: psycopg.Connection[Any], kind: str = "timestamptz") -> None:
    """An appointment at 09:00 in Mexico City, stored as an instant by the old rule, is at 08:00 by the new rule."""
    (same,) = ask(
        db,
        f"SELECT timestamp '2022-07-01 09:00' AT TIME ZONE '{OLD_RULE}'"
        " = timestamp '2022-07-01 09:00' AT TIME ZONE 'America/Mexico_City'",
    )
    assert same  # the old rule is the one that held in 2022
    stored = {
        "timestamptz": f"timestamp '2023-07-01 09:00' AT TIME ZONE '{OLD_RULE}' AT TIME ZONE 'America/Mexico_City'",
        "timestamp": "timestamp '2023-07-01 09:00'",
    }[kind]
    (shown,) = ask(db, f"SELECT to_char({stored}, 'HH24:MI')")
    assert shown == "08:00"


def test_the_leap_second_has_no_number(db: psycopg.Connection[Any]) -> None:
    """PostgreSQL stores 23:59:60 of 31 December 2016 as the first moment of 2017, one second after 23:59:59."""
    equal, apart = ask(
        db,
        "SELECT timestamptz '2016-12-31 23:59:60Z' = timestamptz '2017-01-01 00:00:00Z',"
        " timestamptz '2017-01-01 00:00:00Z' - timestamptz '2016-12-31 23:59:59Z'",
    )
    assert equal
    assert apart == timedelta(seconds=1)


@pytest.mark.fails_when("the session's time is UTC", assertion="said ==", zone="UTC")
def test_the_commands_show_both_hours(postgresql: Any, zone: str = BERLIN) -> None:
    """In psql, two instants are 02:30 in Berlin, a skipped 02:30 becomes 03:30, and timestamp ignores offsets."""
    script = Path(__file__).with_name("try.sql").read_text(encoding="ascii").replace(BERLIN, zone)
    psql = [postgresql.program("psql"), "-qXAt", "-v", "ON_ERROR_STOP=1", postgresql.dsn]
    said = subprocess.run(psql, input=script, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said == [
        "2026-10-25 02:30:00|2026-10-25 02:30:00|2026-10-25 02:30:00+01",
        "2026-03-29 03:30:00+02",
        "t",
    ]
