"""A build takes the place of the last one whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.disk.staging import Staging
from support.sources import write

# Staging


def tree(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_finished_build_takes_the_place_of_the_site(tmp_path: Path) -> None:
    site = write(tmp_path / "site", {"old.html": "old"})
    staging = Staging(site)
    write(staging.folder, {"a/new.html": "new"})
    assert tree(site) == {"old.html": "old"}
    staging.promote()
    assert tree(site) == {"a/new.html": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert site.stat().st_mode & 0o777 == 0o755, "a web server may read it"


def test_a_first_build_makes_the_site_and_the_folders_above(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "a" / "b" / "site")
    write(staging.folder, {"new.html": "new"})
    staging.promote()
    assert tree(tmp_path) == {"a/b/site/new.html": "new"}


def test_an_abandoned_build_leaves_no_trace(tmp_path: Path) -> None:
    site = write(tmp_path / "site", {"old.html": "old"})
    staging = Staging(site)
    write(staging.folder, {"a/new.html": "new"})
    staging.discard()
    staging.discard()
    assert tree(tmp_path) == {"site/old.html": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_build_that_cannot_take_its_place_leaves_the_site(tmp_path: Path) -> None:
    site = write(tmp_path / "site", {"old.html": "old"})
    staging = Staging(site)
    staging.folder.rmdir()
    with pytest.raises(OSError, match="No such file"):
        staging.promote()
    assert tree(site) == {"old.html": "old"}
