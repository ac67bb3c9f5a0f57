"""The fixtures ``start_*``: each returns a function that starts servers of one kind and records their version."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from engblog.lab.installations import Installation, default_installation, named_installation
from engblog.lab.keeper import Keeper
from engblog.lab.record import Recorder
from engblog.lab.servers import NATS, HAProxy, MariaDB, Memcached, MySQL, Nginx, PgBouncer, PostgreSQL, Redis, Server

ON = "--on"
_KEEPER = pytest.StashKey[Keeper]()


def keeper_of(config: pytest.Config) -> Keeper:
    """The keeper of this run, which is started on first use."""
    if _KEEPER not in config.stash:
        keeper = config.stash[_KEEPER] = Keeper()
        config.add_cleanup(keeper.close)
    return config.stash[_KEEPER]


class Launcher:
    """Makes servers of one kind, each in its own folder, and ends those that still run after the module."""

    def __init__(
        self,
        kind: type[Server],
        record: Recorder,
        root: Path,
        on: Sequence[str] = (),
        keeper: Keeper | None = None,
    ) -> None:
        self._kind = kind
        self._record = record
        self._root = root
        self._on = on
        self._keeper = keeper
        self._servers: list[Server] = []
        self._folders: list[Path] = []

    def __call__(self, *arguments: Any, **settings: Any) -> Any:
        """Start a server with *settings* (see the class in :mod:`engblog.lab.servers`) and record its version."""
        # Not below pytest's own folder, because the account that a database server runs as cannot enter it.
        folder = Path(tempfile.mkdtemp(prefix=f"lab-{self._kind.name.lower()}-"))
        self._folders.append(folder)
        if self._keeper:
            self._keeper.folder(folder)
        server = self._kind(folder, self._installation(), *arguments, **settings)
        server.on_start = self._keeper.server if self._keeper else None
        self._servers.append(server)
        self._record.version(server.name, server.version)
        return server.start()

    @property
    def product(self) -> str:
        """The product that it starts: in a run on Valkey, ``start_redis.product`` is not Redis."""
        return self._installation().product

    @property
    def version(self) -> str:
        """The version that it starts, for a setting that some versions lack."""
        installation = self._installation()
        return installation.version or self._kind.installed_version(installation)

    def _installation(self) -> Installation:
        named = (named_installation(name, self._root) for name in self._on)
        chosen = next((each for each in named if each.started_as == self._kind.name), None)
        return chosen or default_installation(self._kind.name, self._root)

    def stop_all(self) -> None:
        """End every server that this launcher started and remove its folder, even if the server failed to start."""
        for server in reversed(self._servers):
            server.stop()
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)


def _launch(kind: type[Server], request: pytest.FixtureRequest, record: Recorder) -> Iterator[Launcher]:
    config = request.config
    launcher = Launcher(kind, record, config.rootpath, config.getoption(ON), keeper_of(config))
    yield launcher
    launcher.stop_all()


@pytest.fixture(scope="module")
def start_postgresql(request: pytest.FixtureRequest, record: Recorder) -> Iterator[Launcher]:
    """``start_postgresql(fsync="off")`` returns a running :class:`~engblog.lab.servers.PostgreSQL`."""
    yield from _launch(PostgreSQL, request, record)


@pytest.fixture(scope="module")
def start_mariadb(request: pytest.FixtureRequest, record: Recorder) -> Iterator[Launcher]:
    """``start_mariadb(innodb_lock_wait_timeout=1)`` returns a running :class:`~engblog.lab.servers.MariaDB`."""
    yield from _launch(MariaDB, request, record)


@pytest.fixture(scope="module")
def start_mysql(request: pytest.FixtureRequest, record: Recorder) -> Iterator[Launcher]:
    """``start_mysql(innodb_lock_wait_timeout=1)`` returns a running :class:`~engblog.lab.servers.MySQL`."""
    yield from _launch(MySQL, request, record)


@pytest.fixture(scope="module")
def start_redis(request: pytest.FixtureRequest, record: Recorder) -> Iterator[Launcher]:
    """``start_redis(hz=10)`` returns a running :class:`~engblog.lab.servers.Redis`."""
    yield from _launch(Redis, request, record)


@pytest.fixture(scope="module")
def start_memcached(request: pytest.FixtureRequest, record: Recorder) -> Iterator[Launcher]:
    """``start_memcached(memory_limit=64)`` returns a running :class:`~engblog.lab.servers.Memcached`."""
    yield from _launch(Memcached, request, record)


@pytest.fixture(scope="module")
def start_nats(request: pytest.FixtureRequest, record: Recorder) -> Iterator[Launcher]:
    """``start_nats(max_payload=65536)`` returns a running :class:`~engblog.lab.servers.NATS`."""
    yield from _launch(NATS, request, record)


@pytest.fixture(scope="module")
def start_nginx(request: pytest.FixtureRequest, record: Recorder) -> Iterator[Launcher]:
    """``start_nginx(config)`` returns a running :class:`~engblog.lab.servers.Nginx`."""
    yield from _launch(Nginx, request, record)


@pytest.fixture(scope="module")
def start_haproxy(request: pytest.FixtureRequest, record: Recorder) -> Iterator[Launcher]:
    """``start_haproxy(config)`` returns a running :class:`~engblog.lab.servers.HAProxy`."""
    yield from _launch(HAProxy, request, record)


@pytest.fixture(scope="module")
def start_pgbouncer(request: pytest.FixtureRequest, record: Recorder) -> Iterator[Launcher]:
    """``start_pgbouncer(postgresql, pool_mode="transaction")`` returns a running
    :class:`~engblog.lab.servers.PgBouncer`."""
    yield from _launch(PgBouncer, request, record)


PRODUCTS = {
    f"start_{kind.name.lower()}": kind.name
    for kind in (PostgreSQL, MariaDB, MySQL, Redis, Memcached, NATS, Nginx, HAProxy, PgBouncer)
}
"""The product that each fixture starts."""
