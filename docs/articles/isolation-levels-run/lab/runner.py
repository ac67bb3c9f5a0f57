"""Plays a schedule: a table of steps by session, each session a real connection."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from benches import Bench, ServerError

LINE = re.compile(r"(?P<session>[A-Z])\s+(?:(?P<name>\w+):\s+)?(?P<sql>.+)")
PATIENCE = 120.0  # seconds until a schedule that does not end is an error of the lab
Rows = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Step:
    """One statement of one session; what it returns is kept under its name."""

    session: str
    name: str
    sql: str


def steps_of(table: str) -> list[Step]:
    """The steps of a table with one step a line: session, a name if it has one, statement."""
    lines = [line.strip() for line in table.splitlines()]
    return [Step(found["session"], found["name"] or "", found["sql"]) for line in lines if (found := LINE.match(line))]


@dataclass
class Run:
    """All that the clients saw, and the table that they left behind."""

    values: dict[str, Rows | int] = field(default_factory=dict)
    """Rows of each named SELECT, or the number of rows that a named write changed."""
    errors: dict[str, str] = field(default_factory=dict)
    """The error with which each failed session was ended."""
    committed: list[str] = field(default_factory=list)
    """Sessions whose COMMIT succeeded, in that order."""
    waited: list[Step] = field(default_factory=list)
    """Steps that, said the server, waited for another session."""
    log: list[tuple[Step, str]] = field(default_factory=list)
    """Steps in the order in which they were answered, each with its answer."""
    final: Rows = ()

    def value(self, name: str) -> Any:
        """The first column of the first row that the step of this *name* returned."""
        rows = self.values[name]
        return rows if isinstance(rows, int) else rows[0][0] if rows else None

    def balance(self, account: int) -> int:
        """The balance of an *account* at the end."""
        return next(row[2] for row in self.final if row[0] == account)


class _Session:
    """One connection, a thread that talks to it, and the steps that it has yet to send."""

    def __init__(self, connection: Any, thread: ThreadPoolExecutor) -> None:
        self.connection = connection
        self.thread = thread
        self.queue: deque[Step] = deque()
        self.current: Step | None = None
        self.answer: Future[Rows | int] | None = None
        self.gone = False
        """True once the session has rolled back after an error: it sends nothing more."""


class Player:
    """Plays one schedule on one server."""

    def __init__(self, bench: Bench, steps: Iterable[Step], level: str, levels: Mapping[str, str], stubborn: bool):
        self.bench, self.steps, self.stubborn, self.run = bench, list(steps), stubborn, Run()
        names = sorted({step.session for step in self.steps})
        self.sessions = {name: _Session(*bench.session(name)) for name in names}
        for name, session in self.sessions.items():
            bench.begin(session.connection, levels.get(name, level))
        self.deadline = time.monotonic() + PATIENCE

    # --8<-- [start:play]
    def play(self) -> Run:
        """Hand out the steps in order. A session that waits keeps its own later steps until it has its answer."""
        for step in self.steps:
            if not self.sessions[step.session].gone:
                self.sessions[step.session].queue.append(step)
            self._settle()
        while any(session.answer for session in self.sessions.values()):
            self._settle(until_answered=True)  # all wait: the server itself must end it, as it does with a deadlock
        self.run.final = self.bench.table()
        for session in self.sessions.values():
            self.bench.execute(session.connection, "ROLLBACK")  # what the schedule left open
        return self.run

    def _settle(self, until_answered: bool = False) -> None:
        """Go on until every statement has been answered or, according to the server, waits for another session."""
        while True:
            self._collect_answers()
            self._send_next()
            asked = {name: session for name, session in self.sessions.items() if session.answer}
            if not asked:
                return
            answers = [session.answer for session in asked.values()]
            if wait(answers, timeout=self.bench.pause, return_when=FIRST_COMPLETED).done:
                continue
            waiting = self.bench.waiting()
            for session in asked.values():
                self._note_wait(session, waiting)
            if not until_answered and all(self._waits(session, waiting) for session in asked.values()):
                return
            # --8<-- [end:play]
            if time.monotonic() > self.deadline:
                raise TimeoutError(f"neither answered nor waiting: {[session.current for session in asked.values()]}")

    def _waits(self, session: _Session, waiting: set[int]) -> bool:
        return not session.answer.done() and self.bench.number(session.connection) in waiting

    def _note_wait(self, session: _Session, waiting: set[int]) -> None:
        if self._waits(session, waiting) and session.current not in self.run.waited:
            self.run.waited.append(session.current)

    def _send_next(self) -> None:
        for session in self.sessions.values():
            if session.answer is None and session.queue:
                session.current = step = session.queue.popleft()
                known = {name: self.run.value(name) for name in self.run.values}
                session.answer = session.thread.submit(self.bench.execute, session.connection, step.sql.format(**known))

    def _collect_answers(self) -> None:
        for name, session in self.sessions.items():
            if session.answer and session.answer.done():
                answer, session.answer, step = session.answer, None, session.current
                try:
                    self._note_result(name, step, answer.result())
                except ServerError as refused:
                    self.run.log.append((step, f"error {refused}"))
                    self.run.errors.setdefault(name, refused.code)
                    if not self.stubborn:  # an application gives up, and its driver rolls back
                        session.gone = True
                        session.queue.clear()
                        self.bench.execute(session.connection, "ROLLBACK")

    def _note_result(self, name: str, step: Step, result: Rows | int) -> None:
        self.run.log.append((step, str(result)))
        if step.name:
            self.run.values[step.name] = result
        if step.sql == "COMMIT":
            self.run.committed.append(name)


def play(
    bench: Bench,
    table: str,
    level: str,
    *,
    levels: Mapping[str, str] | None = None,
    prepare: Iterable[str] = (),
    stubborn: bool = False,
) -> Run:
    """Fill the table anew, and play the schedule with every session at *level*, or at one of *levels* by session.

    The statements of *prepare* change the table first. A session that gets an error rolls back and is done; a
    *stubborn* one goes on with its steps.
    """
    bench.reset()
    for sql in prepare:
        bench.execute(bench.admin, sql)
    return Player(bench, steps_of(table), level, levels or {}, stubborn).play()
