"""Fixtures of the lab: clocks to step, processes to watch, and a PostgreSQL under the true time."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from engblog.lab.launchers import keeper_of

from .fake_clock import FakeClock, remove_leftovers, shared_memory
from .watched import Watched

LAB = Path(__file__).parent


@pytest.fixture(scope="module")
def new_clock(request: pytest.FixtureRequest) -> Iterator[Callable[[], FakeClock]]:
    """Make clocks that can be stepped; what their processes leave behind is removed after the module."""
    folders: list[Path] = []
    before = shared_memory()

    def make() -> FakeClock:
        folders.append(Path(tempfile.mkdtemp(prefix="lab-clock-")))
        keeper_of(request.config).folder(folders[-1])
        folders[-1].chmod(0o755)
        return FakeClock(folders[-1])

    yield make
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    remove_leftovers(before)


@pytest.fixture
def watch() -> Iterator[Callable[..., Watched]]:
    """Start processes whose clocks can be read."""
    made: list[Watched] = []

    def start(environment: dict[str, str] | None = None, prefix: list[str] | None = None) -> Watched:
        made.append(Watched(environment or {}, prefix))
        return made[-1]

    yield start
    for process in made:
        process.end()


@pytest.fixture(scope="session")
def time_namespace() -> None:
    """Skip the tests that need a time namespace where none can be made, as in most containers."""
    command = ["unshare", "--fork", "--time", "--boottime", "1", "true"]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"no time namespace can be made here, which takes Linux 5.6 and root: {tried.stderr.strip()}")


@pytest.fixture(scope="module")
def postgresql(start_postgresql: Callable[..., Any]) -> Any:
    """A PostgreSQL under the true time."""
    return start_postgresql(fsync="off")


@pytest.fixture
def db(postgresql: Any) -> Iterator[psycopg.Connection[Any]]:
    """A connection to it."""
    with psycopg.connect(postgresql.dsn, autocommit=True) as connection:
        yield connection
