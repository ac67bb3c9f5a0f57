"""The clusters that the lab's tests share, each made once a module."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))  # edge is a module of this lab

from edge import HALF, as_owner, forget_a_slot, place, restored, run  # noqa: E402
from engblog.lab.servers import PostgreSQL  # noqa: E402

SETTINGS = {"wal_level": "logical", "max_prepared_transactions": 10, "fsync": "off", "shared_buffers": "16MB"}


@dataclass
class Cluster:
    """A stopped cluster and a copy of its data."""

    server: PostgreSQL
    pristine: Path
    kept: int = 0
    """The id that the forgotten slot keeps."""

    def start(self, next_xid: int | None = None, **settings: Any) -> PostgreSQL:
        """Start it on the copied data, with *next_xid* as its next transaction id."""
        restored(self.server, self.pristine)
        self.server.settings = {**SETTINGS, **settings}
        if next_xid is None:
            as_owner(self.server, "pg_resetwal", "-D", str(self.server.data))
        else:
            place(self.server, next_xid)
        return self.server.start()


def copied(server: PostgreSQL, kept: int = 0) -> Cluster:
    """Stop *server* and copy its data, but not its write-ahead log, which `pg_resetwal` makes anew."""
    server.stop()
    pristine = server.folder / "pristine"
    subprocess.run(["cp", "-a", str(server.data), str(pristine)], check=True)
    for each in (pristine / "pg_wal").iterdir():
        if each.is_file():
            each.unlink()
    return Cluster(server, pristine, kept)


@pytest.fixture(scope="module")
def young_cluster(start_postgresql: Any) -> PostgreSQL:
    """A new cluster without autovacuum, which most tests at an ordinary age share."""
    server: PostgreSQL = start_postgresql(autovacuum="off", **SETTINGS)
    return server


@pytest.fixture(scope="module")
def plain_cluster(start_postgresql: Any) -> Cluster:
    """A new cluster without autovacuum and without a holder."""
    return copied(start_postgresql(autovacuum="off", **SETTINGS))


@pytest.fixture
def young(young_cluster: PostgreSQL) -> PostgreSQL:
    """The shared cluster, emptied."""
    run(young_cluster, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return young_cluster


@pytest.fixture(scope="module")
def held_cluster(start_postgresql: Any) -> Cluster:
    """A cluster in which a forgotten replication slot holds the horizon, and all that is older is frozen."""
    server = start_postgresql(autovacuum="off", **SETTINGS)
    return copied(server, forget_a_slot(server))


@dataclass
class Held:
    """What the tests at the edge need to know about their cluster."""

    cluster: Cluster

    @property
    def wrap(self) -> int:
        """The wraparound point: one more, and the oldest id would be in the future."""
        return self.cluster.kept + HALF

    def at(self, ids_left: int, **settings: Any) -> PostgreSQL:
        """Start the cluster with *ids_left* to the wraparound point."""
        return self.aged(HALF - ids_left, **settings)

    def aged(self, age: int, **settings: Any) -> PostgreSQL:
        """Start the cluster with an oldest id of this *age*."""
        return self.cluster.start(self.cluster.kept + age, **settings)

    def moved(self, age: int) -> PostgreSQL:
        """Start the stopped cluster again, as it is, at this *age*."""
        place(self.cluster.server, self.cluster.kept + age)
        return self.cluster.server.start()


@pytest.fixture
def held(held_cluster: Cluster) -> Iterator[Held]:
    """The cluster with the forgotten slot."""
    yield Held(held_cluster)
    held_cluster.server.stop()
