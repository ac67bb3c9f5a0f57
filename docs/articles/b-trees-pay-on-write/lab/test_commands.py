"""The commands of the article, as a reader runs them with psql."""

import re
import subprocess
from contextlib import closing

import pytest

from engblog.lab.pytest_plugin import Launcher
from engblog.lab.servers import PostgreSQL

from .mariadb import wait_until
from .postgres import LAB, Postgres


@pytest.fixture(scope="module")
def defaults(start_postgresql: Launcher) -> PostgreSQL:
    """A server at its defaults, but for the disk, in which keys.sql has been run."""
    started: PostgreSQL = start_postgresql(fsync="off")
    psql(started, "keys.sql")
    return started


def psql(server: PostgreSQL, name: str, change: tuple[str, str] = ("", "")) -> str:
    """Run a file of the lab and return what psql printed."""
    text = (LAB / name).read_text(encoding="utf-8").replace(*change)
    command = [server.program("psql"), server.dsn, "-v", "ON_ERROR_STOP=1", "-qX"]
    return subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout


@pytest.mark.fails_when("the new index is on device", assertion='records == ["1", "5"]', column="device")
def test_explain_shows_what_the_index_costs(defaults: PostgreSQL, column: str = "last_seen") -> None:
    """EXPLAIN with WAL shows one record for the update before the index is made, and five after it."""
    with closing(Postgres(defaults.dsn)) as pg:
        pg.run("DROP TABLE IF EXISTS sessions")
    output = psql(defaults, "try-hot.sql", ("INDEX ON sessions (last_seen)", f"INDEX ON sessions ({column})"))
    records = re.findall(r"WAL: records=(\d+)", output)
    assert records == ["1", "5"]


@pytest.mark.fails_when("both indexes are in ascending order", assertion='found["s_down"][1] < 55', order="ASC")
def test_pgstatindex_shows_the_density(defaults: PostgreSQL, order: str = "DESC") -> None:
    """try-pages.sql shows that the descending index has more than 1.7 times the leaf pages of the ascending one on the
    same column, less than 55 percent full, and try-leaf.sql shows the free space in three leaves of each."""
    with closing(Postgres(defaults.dsn)) as pg:
        pg.run("DROP TABLE IF EXISTS s, v4")
    output = psql(defaults, "try-pages.sql", ("id DESC", f"id {order}"))
    found = {
        name: (int(pages), float(full)) for name, pages, full in re.findall(r"(\w+) +\| +(\d+) \| +([\d.]+)", output)
    }
    assert found["s_up"][1] > 87
    assert found["s_down"][1] < 55
    assert found["s_down"][0] > 1.7 * found["s_up"][0]
    assert 50 < found["v4_id"][1] < 87

    output = psql(defaults, "try-leaf.sql")
    pages = re.findall(r"(s_\w+) +\| +\d+ \| (\w) +\| +(\d+) \| +(\d+)", output)
    assert [(name, kind) for name, kind, _, _ in pages] == [("s_up", "l")] * 3 + [("s_down", "l")] * 3
    assert {int(free) < 900 for name, _, _, free in pages if name == "s_up"} == {True}
    assert {int(free) > 3_500 for name, _, _, free in pages if name == "s_down"} == {True}


@pytest.mark.fails_when("the index is used", assertion='"cold_v" in output', used=True)
def test_the_queries_for_monday_find_both(defaults: PostgreSQL, used: bool = False) -> None:
    """The queries for Monday list a table whose updates are not HOT, and an index that nobody uses, but no primary
    key."""
    with closing(Postgres(defaults.dsn)) as pg:
        pg.run(
            "DROP TABLE IF EXISTS cold",
            "CREATE TABLE cold (id int PRIMARY KEY, v int)",
            "INSERT INTO cold SELECT n, n FROM generate_series(1, 100) AS n",
            "CREATE INDEX cold_v ON cold (v)",
            "UPDATE cold SET v = v + 1",
            *(["SET enable_seqscan = off", "SELECT FROM cold WHERE v = 7"] if used else []),
            "SELECT pg_stat_force_next_flush()",
        )
        updated = "SELECT coalesce(sum(n_tup_upd), 0) FROM pg_stat_user_tables WHERE relname = 'cold'"
        wait_until(lambda: pg.value(updated) == 100)
    output = psql(defaults, "monday.sql")
    assert re.search(r"cold +\| +100 \| +100 \| +0", output)
    assert "cold_v" in output
    assert "cold_pkey" not in output
    assert int(re.findall(r"^ +(\d+) \| +\d+ \| \d+ \w+", output, re.MULTILINE)[-1]) > 0
