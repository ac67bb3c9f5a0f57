"""Sites on real bare remotes, made once and copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.hosts import build
from support.remotes import IDENTITY, Place, place


@pytest.fixture(autouse=True)
def _identity(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    """Git reads no settings of this machine, and the clock stands."""
    assert epoch
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, IDENTITY[name])


@pytest.fixture(scope="session")
def fresh_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place(tmp_path_factory.mktemp("fresh") / "place")


@pytest.fixture(scope="session")
def live_place(tmp_path_factory: pytest.TempPathFactory, fresh_place: Place) -> Place:
    made = fresh_place.copy(tmp_path_factory.mktemp("live") / "place")
    done = made.run("mkdocs", "--quiet")
    assert done.returncode == 0, done.stdout
    return made


@pytest.fixture
def fresh(fresh_place: Place, tmp_path: Path) -> Place:
    """A site that was never deployed."""
    return fresh_place.copy(tmp_path / "place")


@pytest.fixture
def live(live_place: Place, tmp_path: Path) -> Place:
    """A site that is live as it is committed; its folder ``site`` is what was deployed."""
    return live_place.copy(tmp_path / "place")


@pytest.fixture(scope="session")
def newer_site(tmp_path_factory: pytest.TempPathFactory, live_place: Place) -> Path:
    """The same site with one article more, built and not deployed."""
    made = live_place.copy(tmp_path_factory.mktemp("newer") / "place")
    text = (made.clone / "docs/articles/first/index.md").read_text()
    third = made.clone / "docs/articles/third/index.md"
    third.parent.mkdir()
    third.write_text(text.replace("When the server stops", "A third").replace("2026-11-20", "2026-11-21"))
    return build(made.clone)
