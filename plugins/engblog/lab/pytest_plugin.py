"""Fixtures for lab tests: real servers, the recorder, and ``--record`` to write ``record.json``.

Loaded by ``-p engblog.lab.pytest_plugin`` in ``pyproject.toml``. Without ``--record`` a run proves the claims and
writes nothing.
"""

from __future__ import annotations

import inspect
import shutil
import tempfile
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engblog.lab.record import Recorder, write_record
from engblog.lab.servers import MariaDB, PostgreSQL, Redis, Server

_RECORDERS = pytest.StashKey[dict[Path, Recorder]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--record``."""
    parser.addoption("--record", action="store_true", help="write each lab's record.json when all its tests passed")


def pytest_configure(config: pytest.Config) -> None:
    """Make room for one recorder a lab."""
    config.stash[_RECORDERS] = {}


def _recorder(config: pytest.Config, test_file: Path) -> Recorder:
    return config.stash[_RECORDERS].setdefault(test_file.parent, Recorder())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count a lab's passed tests and remember a failed or skipped one: such a lab gets no record."""
    report = yield
    if item.path.parent.name == "lab":
        recorder = _recorder(item.config, item.path)
        if report.when == "call" and report.passed:
            _note_passed(item, recorder)
        recorder.failed |= not report.passed
    return report


def _note_passed(item: pytest.Item, recorder: Recorder) -> None:
    function = getattr(item, "originalname", None) or item.name
    documented = inspect.getdoc(getattr(item, "function", None)) or ""
    claim = " ".join(documented.partition("\n\n")[0].split())
    line = (item.location[1] or 0) + 1
    recorder.tests[function] = {"file": item.path.name, "line": line, "claim": claim}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With ``--record``, write the record of every lab whose tests all passed."""
    if not session.config.getoption("--record"):
        return
    today = datetime.now(UTC).date().isoformat()
    for lab, recorder in session.config.stash[_RECORDERS].items():
        if recorder.tests and not recorder.failed:
            write_record(lab, recorder, ran=today)


@pytest.fixture(scope="module")
def record(request: pytest.FixtureRequest) -> Recorder:
    """The recorder of this test's lab."""
    return _recorder(request.config, request.path)


class Launcher:
    """Makes servers of one kind, each in a folder of its own, and ends whatever still runs after the module."""

    def __init__(self, kind: type[Server], record: Recorder) -> None:
        self._kind = kind
        self._record = record
        self._servers: list[Server] = []

    def __call__(self, **settings: str | int) -> Any:
        """Start a server with *settings* (see the class in :mod:`engblog.lab.servers`) and record its version."""
        # Not below pytest's own folder: that one is closed to the account a database server steps down to.
        server = self._kind(Path(tempfile.mkdtemp(prefix=f"lab-{self._kind.name.lower()}-")), **settings)
        self._servers.append(server)
        self._record.version(server.name, server.version)
        return server.start()

    def stop_all(self) -> None:
        """End every server that this launcher started, and remove its folder."""
        for server in self._servers:
            server.stop()
            shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def start_postgresql(record: Recorder) -> Iterator[Launcher]:
    """``start_postgresql(fsync="off")`` returns a running :class:`~engblog.lab.servers.PostgreSQL`."""
    launcher = Launcher(PostgreSQL, record)
    yield launcher
    launcher.stop_all()


@pytest.fixture(scope="module")
def start_mariadb(record: Recorder) -> Iterator[Launcher]:
    """``start_mariadb(innodb_lock_wait_timeout=1)`` returns a running :class:`~engblog.lab.servers.MariaDB`."""
    launcher = Launcher(MariaDB, record)
    yield launcher
    launcher.stop_all()


@pytest.fixture(scope="module")
def start_redis(record: Recorder) -> Iterator[Launcher]:
    """``start_redis(hz=10)`` returns a running :class:`~engblog.lab.servers.Redis`."""
    launcher = Launcher(Redis, record)
    yield launcher
    launcher.stop_all()
