"""The servers that labs start: each is real, answers, and can be started again on its data."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nats
import psycopg
import pymysql
import pytest
import redis
from engblog.lab.installations import LOCKED, installations, missing
from engblog.lab.launchers import Launcher
from engblog.lab.process import LabError, free_port, wait_until
from engblog.lab.record import Recorder
from engblog.lab.servers import NATS, HAProxy, MariaDB, Memcached, MySQL, Nginx, PgBouncer, PostgreSQL, Redis, Server
from pymemcache.client.base import Client as MemcachedClient
from support.patience import PATIENCE

ROOT = Path(__file__).parents[2]
NGINX = """
events {}
http {
    server {
        listen 127.0.0.1:{port};
        location / { return 200 "hello"; }
        location /behind { proxy_pass http://127.0.0.1:1/; }
    }
}
"""
HAPROXY = """
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend web
    bind 127.0.0.1:{port}
    http-request return status 200 content-type text/plain string "hello"
"""


class Start:
    """Starts servers of any kind and notes what was recorded of them."""

    def __init__(self) -> None:
        self.recorder = Recorder()
        self.launchers: list[Launcher] = []

    def __call__(self, kind: type[Server], *arguments: Any, on: str = "", **settings: Any) -> Any:
        self.launchers.append(Launcher(kind, self.recorder, ROOT, [on] if on else []))
        return self.launchers[-1](*arguments, **settings)


@pytest.fixture
def start() -> Iterator[Start]:
    starter = Start()
    yield starter
    for launcher in reversed(starter.launchers):
        launcher.stop_all()


def fetch(port: int, path: str = "/") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        text: str = answer.read().decode()
        return text


def mysql(server: Server, statement: str) -> Any:
    account: dict[str, Any] = {"user": "root", "database": "test", "autocommit": True}
    with pymysql.connect(host="127.0.0.1", port=server.port, **account) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@pytest.mark.parametrize("kind", [MySQL, MariaDB])
def test_a_database_of_mysqls_family_has_an_account_a_database_and_settings(
    start: Start, kind: type[MySQL | MariaDB]
) -> None:
    server = start(kind, innodb_lock_wait_timeout=7)
    assert mysql(server, "SELECT @@innodb_lock_wait_timeout, CURRENT_USER()") == ((7, "root@localhost"),)
    mysql(server, "CREATE TABLE t (id INT PRIMARY KEY) ENGINE=InnoDB")
    mysql(server, "INSERT INTO t VALUES (1)")
    server.send(signal.SIGKILL)
    assert server.wait() == -signal.SIGKILL
    server.start()
    assert mysql(server, "SELECT id FROM t") == ((1,),)
    assert mysql(server, "SELECT VERSION()")[0][0].startswith(server.version)
    assert start.recorder.versions == {kind.name: server.version}


def test_a_stream_of_nats_outlives_its_server(start: Start) -> None:
    server = start(NATS, max_payload=2048, jetstream={"sync_interval": "always"})

    async def publish() -> int:
        client = await nats.connect(server.url)
        stream = client.jetstream()
        await stream.add_stream(name="orders", subjects=["orders.*"])
        await stream.publish("orders.new", b"1")
        await client.close()
        return client.max_payload

    async def kept() -> int:
        client = await nats.connect(server.url)
        messages: int = (await client.jetstream().stream_info("orders")).state.messages
        await client.close()
        return messages

    assert asyncio.run(publish()) == 2048
    server.send(signal.SIGKILL)
    server.wait()
    server.start()
    assert asyncio.run(kept()) == 1
    assert server.version.startswith("2.15.")


def test_jetstream_can_be_switched_off(start: Start) -> None:
    server = start(NATS, jetstream=False)
    assert "JetStream" not in server.log


def test_nginx_answers_by_its_configuration_and_reads_another(start: Start) -> None:
    server = start(Nginx, NGINX)
    assert fetch(server.port) == "hello"
    with pytest.raises(urllib.error.HTTPError, match="502"):
        fetch(server.port, "/behind")
    assert "connect() failed" in server.log
    access = server.folder / "access.log"  # nginx writes to it after it has answered
    wait_until(lambda: '"GET /behind' in access.read_text(), seconds=PATIENCE, what="the request in the log")
    server.configure(NGINX.replace("hello", "another"))
    server.send(signal.SIGHUP)
    while fetch(server.port) != "another":  # the old worker may still answer
        pass
    server.stop()
    assert start.recorder.versions == {"nginx": server.version}


def test_nginx_keeps_what_its_configuration_says_itself(start: Start) -> None:
    own = f"pid own.pid;\nerror_log own.log;\n{NGINX}".replace("http {", "http { access_log own-access.log;")
    server = start(Nginx, own)
    fetch(server.port)
    written = {path.name for path in server.folder.iterdir() if path.is_file()}
    assert {"own.pid", "own.log", "own-access.log"} <= written
    assert "access.log" not in written


def test_haproxy_answers_by_its_configuration(start: Start) -> None:
    assert fetch(start(HAProxy, HAPROXY).port) == "hello"


@pytest.mark.parametrize(("kind", "config"), [(Nginx, NGINX), (HAProxy, HAPROXY)])
def test_a_configuration_must_listen_where_the_lab_says_and_leaves_nothing_if_it_does_not(
    start: Start, kind: type[Server], config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(LabError, match=r"has no \{port\}"):
        start(kind, config.replace("{port}", str(free_port())))
    assert len(list(tmp_path.iterdir())) == 1
    start.launchers[0].stop_all()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("kind", "config"), [(Nginx, NGINX), (HAProxy, HAPROXY)])
def test_a_configuration_with_an_error_is_shown_with_what_the_server_says(
    start: Start, kind: type[Server], config: str
) -> None:
    with pytest.raises(LabError, match=r"(?s)exited while starting:.*nonsense"):
        start(kind, f"{config}\nnonsense on;\n")


def test_memcached_answers_with_its_settings(start: Start) -> None:
    server = start(Memcached, memory_limit=128, extended="no_lru_crawler")
    client = MemcachedClient(("127.0.0.1", server.port))
    client.set("key", b"value")
    assert client.get("key") == b"value"
    assert client.stats("settings")[b"maxbytes"] == 128 << 20
    client.close()


def test_pgbouncer_pools_connections_to_the_labs_postgresql(start: Start) -> None:
    behind = start(PostgreSQL)
    pool = start(PgBouncer, behind, pool_mode="transaction", default_pool_size=1)
    with psycopg.connect(pool.dsn, autocommit=True) as one, psycopg.connect(pool.dsn, autocommit=True) as two:
        backends = {each.execute("SELECT pg_backend_pid()").fetchone() for each in (one, two)}
    assert len(backends) == 1
    assert set(start.recorder.versions) == {"PostgreSQL", "PgBouncer"}


INSTALLED = [each for each in LOCKED if each.name not in {gone.name for gone in missing(each.started_as, ROOT)}]


@pytest.mark.parametrize("name", [each.name for each in INSTALLED if each.product == "PostgreSQL"])
def test_postgresql_runs_in_every_version_that_is_installed(start: Start, name: str) -> None:
    server = start(PostgreSQL, on=name, fsync="off")
    with psycopg.connect(server.dsn) as connection:
        shown = connection.execute("SHOW server_version").fetchone()
    assert shown is not None
    assert shown[0] == server.version
    assert server.version.startswith(name.removeprefix("postgresql-"))
    asked = [server.program("psql"), "--no-psqlrc", "-Atc", "SELECT 1", server.dsn]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "1\n"


@pytest.mark.parametrize("name", [each.name for each in INSTALLED if each.started_as == "Redis"])
def test_redis_runs_in_every_version_that_is_installed_and_so_does_valkey(start: Start, name: str) -> None:
    server = start(Redis, on=name, hz=20)
    client = redis.Redis(port=server.port, decode_responses=True)
    assert client.config_get("hz") == {"hz": "20"}
    assert start.recorder.versions == {"Valkey" if name.startswith("valkey") else "Redis": server.version}
    assert Path(server.program("redis-cli")).exists()


@pytest.mark.parametrize("name", [each.name for each in INSTALLED if each.product == "NATS"])
def test_nats_runs_in_every_version_that_is_installed(start: Start, name: str) -> None:
    assert start(NATS, on=name).version.startswith(name.removeprefix("nats-"))


def test_a_program_beside_the_server_comes_before_debians(start: Start) -> None:
    server = start(PostgreSQL)
    assert server.program("psql") == server.installation.server.removesuffix("postgres") + "psql"
    with pytest.raises(LabError, match="no-such-program is not installed; run: apt-get install postgresql"):
        server.program("no-such-program")


def test_a_lab_can_ask_which_version_it_will_start(start: Start) -> None:
    start(Redis)
    start(Memcached)
    assert [(each.product, each.version) for each in start.launchers] == [*start.recorder.versions.items()]


def test_the_default_of_a_product_comes_first() -> None:
    assert installations("Redis", ROOT)[0].name == ""
    assert installations("NATS", ROOT)[0].name == "nats-2.15"
    assert installations("Oracle", ROOT) == ()
