"""A repository whose site was built and published, and ``engblog verify`` on it; for the tests of its modules.

What each needs is imported when it is asked for: this is loaded before all tests, and most need none of it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.pictures import PNG
from support.repositories import commit, git
from support.sources import article, write

if TYPE_CHECKING:
    from engblog.publish.rebuild import Workshop


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with two commits; ``site/`` was built from the first, which is not checked out any more."""
    from support.hosts import build, mini  # noqa: PLC0415

    folder = mini(
        tmp_path_factory.mktemp("repository"),
        {".gitignore": "/site/\n/.site.*\n", "docs/logo.png": PNG, "docs/about.md": "[Logo](logo.png)\n"},
    )
    write(folder, {"docs/articles/a/index.md": article(title="The first")})
    commit(folder)
    build(folder)
    write(folder, {"docs/articles/b/index.md": article(title="The second")})
    commit(folder)
    return folder


@pytest.fixture
def published(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The site as it was published, for a test to change; the maintainer stands in the repository."""
    monkeypatch.chdir(repository)
    return Path(shutil.copytree(repository / "site", tmp_path / "published"))


Asked = Callable[..., tuple[int, str]]


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Asked:
    """``engblog verify`` with the arguments given: its status, and what it printed."""
    from engblog.cli import main  # noqa: PLC0415

    def ask(*arguments: str | Path) -> tuple[int, str]:
        capsys.readouterr()
        status = main(["verify", *map(str, arguments)])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        told = said.out + "".join(line for line in said.err.splitlines(True) if not line.startswith("building "))
        return status, told.strip()

    return ask


@pytest.fixture(scope="session")
def workshop(repository: Path) -> Iterator[Workshop]:
    """Where the site is built again, once for all tests that change what is published and not what it is built from."""
    from engblog.publish.rebuild import Workshop  # noqa: PLC0415

    with Workshop(repository / "mkdocs.yml", ["main"]) as place:
        yield place


@pytest.fixture
def compare(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> Asked:
    """What ``engblog verify`` does in a workshop that has built the commit already."""
    from engblog.cli.verify import check  # noqa: PLC0415

    def ask(place: str | Path, **options: Any) -> tuple[int, str]:
        capsys.readouterr()
        status = check(str(place), workshop, **options)
        return status, capsys.readouterr().out.strip()

    return ask


def first(repository: Path) -> str:
    return git(repository, "rev-parse", "HEAD~1")


def claim(site: Path, **changes: Any) -> None:
    """Let build.json say something else."""
    file = site / "build.json"
    found = json.loads(file.read_text()) | changes
    found["tools"] = dict(sorted(found["tools"].items()))
    file.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
