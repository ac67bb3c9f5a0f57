"""The incident: one client is stopped while it holds the lock, and another one comes along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from clients import PATIENCE, Client
from engblog.lab.process import wait_until


@dataclass
class Incident:
    """An item of which there were 100 pieces, and a way to start clients that sell one each."""

    start: Callable[..., Client]
    db: psycopg.Connection[Any]
    item: str
    number: int
    says: list[str] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)

    def arrive(self, at: str, task: dict[str, Any]) -> Client:
        """Start a client that waits after the step *at*; while leases end too soon, try with twice the time."""
        first = self.start(**{**task, "holds": [at]})
        if first.reaches(at):
            return first
        assert first.wait("end") != "sold"
        assert task["ttl"] < PATIENCE * 1000
        return self.arrive(at, {**task, "ttl": 2 * task["ttl"]})

    # --8<-- [start:incident]
    def play(
        self, task: dict[str, Any], free: Callable[[], bool], *, at: str = "read", ttl: int = 300, **changed: Any
    ) -> tuple[int, int]:
        """Stop a client at a step until another has sold; count the sales that they report, and the pieces gone."""
        second = self.start(**{**task, "holds": ["ready"]})
        first = self.arrive(at, {**task, **changed, "ttl": ttl})
        self.clients = [first, second]
        first.pause()
        wait_until(free, seconds=PATIENCE, what="the lock to be free")
        second.go_on()
        second.wait("end")
        first.resume()
        self.says = [client.wait("end") for client in self.clients]
        return self.says.count("sold"), self.gone()

    # --8<-- [end:incident]

    def gone(self) -> int:
        """Count the pieces that are gone."""
        row = self.db.execute("SELECT 100 - pieces FROM stock WHERE item = %s", [self.item]).fetchone()
        assert row
        return int(row[0])
