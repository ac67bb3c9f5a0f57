"""A fleet for the stampede: processes with threads that all miss the same key before anybody may fill it."""

from __future__ import annotations

import multiprocessing
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import redis

from .aside import TTL, LeasingShop
from .single_flight import SingleFlight

KEY, LEASE = "page:home", "lease:page:home"


@dataclass(frozen=True, slots=True)
class Fleet:
    """*processes* processes with *threads* threads each, and the *guard* that they have: none, flight or lease."""

    port: int
    guard: str
    processes: int = 4
    threads: int = 8

    @property
    def readers(self) -> int:
        """Threads of all processes."""
        return self.processes * self.threads

    def run(self) -> int:
        """Let every thread read the page once; return how often the origin was asked."""
        fork = multiprocessing.get_context("fork")
        started = [fork.Process(target=_process, args=(self,)) for _ in range(self.processes)]
        for process in started:
            process.start()
        for process in started:
            process.join(60)
        assert [process.exitcode for process in started] == [0] * self.processes
        with redis.Redis(port=self.port) as client:
            return int(client.get("origin:calls"))


def _process(fleet: Fleet) -> None:
    with redis.Redis(port=fleet.port, decode_responses=True) as client:
        process = _Process(fleet, client)
        with ThreadPoolExecutor(fleet.threads) as pool:
            pages = [pool.submit(process.read) for _ in range(fleet.threads)]
            assert {page.result() for page in pages} == {"page"}


class _Process:
    """One process of the fleet."""

    def __init__(self, fleet: Fleet, client: Any) -> None:
        self._fleet = fleet
        self._client = client
        self._flight = SingleFlight()

    def read(self) -> str:
        """The page, from the cache or as the guard has it filled."""
        copy = self._client.get(KEY)
        if copy is not None:
            return str(copy)
        self._client.incr("readers:missed")
        if self._fleet.guard == "none":
            return self._load_and_store()
        load = self._load_unless_filled if self._fleet.guard == "flight" else self._load_under_lease
        return str(self._flight.do(KEY, load))

    def _load(self) -> str:
        """Ask the origin, which answers once every reader of the fleet has missed."""
        self._client.incr("origin:calls")
        while int(self._client.get("readers:missed")) < self._fleet.readers:
            time.sleep(0.005)
        return "page"

    def _load_and_store(self) -> str:
        page = self._load()
        self._client.set(KEY, page, ex=TTL)
        return page

    def _load_unless_filled(self) -> str:
        """Look again: the flight before ours may have landed between our miss and our turn."""
        return self._client.get(KEY) or self._load_and_store()

    def _load_under_lease(self) -> str:
        """Load if no other process does; else wait for its copy."""
        while (copy := self._client.get(KEY)) is None:
            token = secrets.token_hex(8)
            if self._client.set(LEASE, token, nx=True, px=60_000):
                page = self._client.get(KEY) or self._load()
                self._client.eval(LeasingShop.FILL, 2, KEY, LEASE, token, page, TTL)
                return str(page)
            time.sleep(0.01)
        return str(copy)
