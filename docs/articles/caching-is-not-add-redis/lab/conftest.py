"""What the lab's tests share: the servers that the engine does not start, and the programs it does not compile."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engblog.lab.process import find_program

from .counted_origin import CountedOrigin
from .pages import PAGE, PAGES
from .proxy import PROXY, Proxy
from .resolver import Resolver
from .round_trips import ROUNDS, Lookup, Wire
from .zone import Zone

LAB = Path(__file__).parent


@pytest.fixture(scope="module")
def chase(tmp_path_factory: pytest.TempPathFactory, record: Any) -> Callable[..., tuple[int, list[float]]]:
    """``chase(lines)`` compiles chase.c once; it returns (KiB in huge pages, ns of one load in every round)."""
    binary = tmp_path_factory.mktemp("chase") / "chase"
    compiler = find_program("cc", package="build-essential")
    subprocess.run([compiler, "-O2", "-o", str(binary), str(LAB / "chase.c")], check=True)
    version = subprocess.run([compiler, "-dumpfullversion"], capture_output=True, text=True, check=True).stdout
    record.version("GCC", version.strip())

    def run(
        lines: int,
        *,
        stride: int = 64,
        order: str = "random",
        pages: str = "small",
        loads: int = 50_000,
        rounds: int = ROUNDS,
    ) -> tuple[int, list[float]]:
        words = [str(binary), *map(str, (lines, stride, order, pages, loads, rounds))]
        printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
        return int(printed[0]), [float(each) for each in printed[1:]]

    return run


@pytest.fixture
def resolve(record: Any) -> Iterator[Callable[[Zone], Resolver]]:
    """``resolve(zone)`` returns a running caching resolver that asks *zone*."""
    running: list[Resolver] = []

    def start(zone: Zone) -> Resolver:
        running.append(Resolver(zone.port))
        record.version("dnsmasq", running[-1].version)
        return running[-1]

    yield start
    for resolver in running:
        resolver.stop()


@pytest.fixture
def origin() -> Iterator[CountedOrigin]:
    """An HTTP origin that counts its requests."""
    made = CountedOrigin()
    yield made
    made.close()


@pytest.fixture
def zone() -> Iterator[Zone]:
    """An authoritative DNS server for ``example.``."""
    made = Zone()
    yield made
    made.close()


@pytest.fixture
def dial() -> Iterator[Callable[[int], Wire]]:
    """``dial(port)`` returns a bare connection."""
    wires: list[Wire] = []

    def connect(port: int) -> Wire:
        wires.append(Wire(port))
        return wires[-1]

    yield connect
    for wire in wires:
        wire.close()


@pytest.fixture
def prepare() -> Iterator[Callable[..., Lookup]]:
    """``prepare(dsn, "SELECT … WHERE id = $1")`` returns a :class:`Lookup`."""
    lookups: list[Lookup] = []

    def connect(dsn: str, query: str, mode: str = "auto") -> Lookup:
        lookups.append(Lookup(dsn, query.encode(), mode))
        return lookups[-1]

    yield connect
    for lookup in lookups:
        lookup.close()


@pytest.fixture
def edge(start_nginx: Callable[[str], Any], origin: CountedOrigin) -> Callable[..., Proxy]:
    """``edge("proxy_cache_lock on;")`` returns a caching nginx in front of the origin, or of another *port*."""

    def start(settings: str = "", port: int = 0) -> Proxy:
        http = PROXY.replace("{origin}", str(port or origin.port)).replace("{settings}", settings)
        return Proxy(start_nginx(http))

    return start


@pytest.fixture
def file() -> Iterator[Path]:
    """A file on a real disk: a temporary folder that is memory itself (tmpfs) has nothing below it to read from."""
    kind = "stat --file-system --format=%T"
    places = [Path(tempfile.gettempdir()), Path("/var/tmp"), Path.home()]  # noqa: S108  (one of them is on a disk)
    disk = next(p for p in places if subprocess.check_output([*kind.split(), str(p)], text=True).strip() != "tmpfs")
    with tempfile.TemporaryDirectory(prefix="lab-pages-", dir=disk) as folder:
        made = Path(folder) / "pages"
        made.write_bytes(os.urandom(PAGE * PAGES))
        yield made
