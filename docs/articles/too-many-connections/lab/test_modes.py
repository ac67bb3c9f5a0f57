"""The three modes of PgBouncer, and what each breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import features
import psycopg
import pytest
from features import Feature, Stage

Connect = Callable[..., psycopg.Connection[Any]]
Through = Callable[[str, Callable[[Stage], Any]], Any]
MODES = ("session", "transaction", "statement")
WORKS, LOST_AND_LEAKED = (True, False), (False, True)  # what the owner has, what its neighbour has


@pytest.fixture
def through(
    postgresql: Any, connect: Connect, db: psycopg.Connection[Any], start_pooler: Callable[..., Any]
) -> Through:
    """Return a function that plays a scene through a new PgBouncer in a mode."""

    def play(mode: str, scene: Callable[[Stage], Any]) -> Any:
        pooler = start_pooler(postgresql, pool_mode=mode, default_pool_size=5)
        try:
            return scene(Stage(lambda: connect(pooler.dsn), db))
        finally:
            pooler.stop()  # and with it the locks of its server connections

    return play


@pytest.mark.fails_when("all three modes are session", assertion="got == [", modes=("session",) * 3)
@pytest.mark.parametrize("feature", features.STATE, ids=lambda feature: feature.name.replace(" ", "_"))
def test_only_session_mode_keeps_a_sessions_state(
    through: Through, feature: Feature, modes: tuple[str, ...] = MODES
) -> None:
    """Through PgBouncer 1.18, a client keeps its session's state in session mode; otherwise a neighbour gets it."""
    got = [through(mode, lambda stage: features.play(stage, feature)) for mode in modes]
    assert got == [WORKS, LOST_AND_LEAKED, LOST_AND_LEAKED]


@pytest.mark.fails_when("the last mode is transaction", assertion="got == [", last="transaction")
@pytest.mark.parametrize("scene", [features.transaction, features.local_setting], ids=lambda scene: scene.__name__)
def test_statement_mode_refuses_transactions(
    through: Through, scene: Callable[[Stage], str], last: str = "statement"
) -> None:
    """BEGIN, and SET LOCAL after it, work in session and transaction mode; statement mode disconnects the client."""
    got = [through(mode, scene) for mode in ("session", "transaction", last)]
    assert got == ["works", "works", "disconnected"]


@pytest.mark.fails_when("it is `statement_timeout`", assertion="got == ", feature=features.STATE[0])
def test_a_tracked_setting_follows_its_client(through: Through, feature: Feature = features.TRACKED) -> None:
    """`SET TimeZone` stays with its client, and away from others, in all three modes of PgBouncer."""
    got = [through(mode, lambda stage: features.play(stage, feature)) for mode in MODES]
    assert got == [WORKS] * 3


@pytest.mark.fails_when("the mode is transaction", assertion="refused", mode="transaction")
@pytest.mark.fails_when("the first client has asked nothing yet", assertion="refused", asked=False)
def test_in_session_mode_an_idle_client_keeps_its_connection(
    postgresql: Any, connect: Connect, start_pooler: Callable[..., Any], mode: str = "session", asked: bool = True
) -> None:
    """In session mode with a pool of one, a client that has asked once and then idles makes the next one give up."""
    pooler = start_pooler(postgresql, pool_mode=mode, default_pool_size=1, query_wait_timeout=1)
    idle = connect(pooler.dsn)
    if asked:
        idle.execute("SELECT 1")
    refused = ""
    try:
        connect(pooler.dsn).execute("SELECT 1")
    except psycopg.OperationalError as error:
        refused = str(error)
    assert refused
    assert "query_wait_timeout" in refused
