"""What the lab's tests share: disks that forget, and servers on them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from engblog.lab.launchers import keeper_of

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))  # the other files are modules of this lab

from disk import Disk, compile_shim  # noqa: E402
from machine import Machine  # noqa: E402


@pytest.fixture(scope="session")
def library(request: pytest.FixtureRequest) -> Iterator[Path]:
    """The compiled shim."""
    folder = Path(tempfile.mkdtemp(prefix="lab-shim-"))
    keeper_of(request.config).folder(folder)
    yield compile_shim(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def make_disk(request: pytest.FixtureRequest, library: Path) -> Iterator[Callable[[Path], Disk]]:
    """``make_disk(folder)`` returns a disk that keeps what *folder* holds now."""
    made: list[Path] = []

    def make(root: Path) -> Disk:
        made.append(Path(tempfile.mkdtemp(prefix="lab-disk-")))
        keeper_of(request.config).folder(made[-1])
        return Disk(root, made[-1], library)

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def machine(make_disk: Callable[[Path], Disk]) -> Iterator[Callable[..., Machine]]:
    """``machine(server, root)`` stops a server and returns a machine that runs it on a disk that forgets."""
    made: list[Machine] = []

    def make(server: Any, root: Path) -> Machine:
        server.stop()
        made.append(Machine(server, make_disk(root)))
        return made[-1]

    yield make
    for each in made:
        each.kill()


@pytest.fixture
def run(make_disk: Callable[[Path], Disk], tmp_path: Path) -> Callable[..., tuple[Disk, str]]:
    """``run("save.py", "file")`` runs a program of the lab in a folder of such a disk; it returns disk and output."""

    def start(program: str, *words: str, fail: str = "") -> tuple[Disk, str]:
        folder = tmp_path / "data"
        folder.mkdir()
        (folder / "settings").write_bytes(b"old")
        disk = make_disk(folder)
        if fail:
            disk.fail_next_sync(fail)
        command = [sys.executable, str(LAB / program), *words]
        environment = {**os.environ, **disk.environment()}
        done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return disk, done.stdout.strip()

    return start


@pytest.fixture
def windows(record: Any) -> Callable[[str, Any], None]:
    """``windows("MySQL, 2", loss)`` adds a bar to the chart of what settings lose."""
    chart = record.chart(
        "windows",
        title="Acknowledged commits lost in a power failure",
        x="Setting",
        y="Age of the oldest lost commit, ms",
        kind="bars",
        note="one run of a few seconds for each setting, crashed at its worst instant",
    )
    return lambda name, loss: chart.point("lost", name, loss.milliseconds, digits=3)
