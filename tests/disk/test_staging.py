"""A build takes the place of the last one whole, or not at all, and of nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from engblog.disk import staging as module
from engblog.disk.staging import Staging, StagingError
from hypothesis import given
from hypothesis import strategies as st
from support.sources import write

INFO = (
    '{"commit": null, "clean": true, "epoch": 1796126400, "articles": 1, "pages": 1, "files": 1, "digest": "'
    + "0" * 64
    + '", "tools": {}, "lock": null}'
)
OURS = {"old.html": "old", "build.json": INFO}


def tree(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_finished_build_takes_the_place_of_the_site(tmp_path: Path) -> None:
    site = write(tmp_path / "site", OURS)
    staging = Staging(site)
    write(staging.folder, {"a/new.html": "new"})
    assert tree(site) == OURS
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
    site = write(tmp_path / "site", OURS)
    staging = Staging(site)
    write(staging.folder, {"a/new.html": "new"})
    staging.discard()
    staging.discard()
    assert tree(tmp_path) == {f"site/{name}": text for name, text in OURS.items()}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_build_that_cannot_take_its_place_leaves_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    if not can_exchange:
        monkeypatch.setattr(module, "_exchanged", lambda *_: False)
    site = write(tmp_path / "site", OURS)
    staging = Staging(site)
    staging.folder.rmdir()
    with pytest.raises(OSError, match="No such file"):
        staging.promote()
    assert tree(site) == OURS


def test_there_is_a_site_at_each_moment(tmp_path: Path) -> None:
    """Another process looks all the time, while sixty builds take each other's place."""
    site = write(tmp_path / "site", OURS)
    look = (
        "import sys\nfrom pathlib import Path\nprint('ready', flush=True)\nmissed = 0\n"
        f"while not Path({str(tmp_path / 'stop')!r}).exists():\n"
        f"    missed += not Path({str(site)!r}).exists()\n"
        "print(missed)\n"
    )
    with subprocess.Popen([sys.executable, "-c", look], stdout=subprocess.PIPE, text=True) as looker:
        assert looker.stdout is not None
        assert looker.stdout.readline() == "ready\n"
        for _ in range(60):
            staging = Staging(site)
            write(staging.folder, OURS)
            staging.promote()
        (tmp_path / "stop").touch()
        assert looker.stdout.read() == "0\n"


@pytest.mark.parametrize(
    "foreign",
    [
        ".git/HEAD", ".env", ".htpasswd", "a/.env", ".github/x", ".well-known/.secret", "mkdocs.yml", "pyproject.toml",
        "Makefile", "package.json", ".nojekyll/../.ssh/key", "deep/er/.git/config",
    ],
)  # fmt: skip
def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path, foreign: str) -> None:
    site = write(tmp_path / "site", {**OURS, ".nojekyll": "", ".well-known/security.txt": ""})
    Staging(site).discard()
    (site / foreign).resolve().parent.mkdir(parents=True, exist_ok=True)
    (site / foreign).resolve().write_text("precious")
    before = tree(site)
    with pytest.raises(StagingError, match="which no build wrote"):
        Staging(site)
    assert tree(site) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@given(name=st.text("abc.", min_size=1, max_size=4).filter(lambda name: set(name) != {"."}), text=st.text(max_size=9))
def test_a_folder_that_no_build_wrote_is_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, text: str
) -> None:
    folder = tmp_path_factory.mktemp("here")
    site = folder / "site"
    site.mkdir()
    (site / name).write_text(text)
    with pytest.raises(StagingError):
        Staging(site)
    assert [path.name for path in site.iterdir()] == [name]
    Staging(site, is_ours=True).discard()


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"site": "a file"})
    with pytest.raises(StagingError, match="is not a folder"):
        Staging(tmp_path / "site")


def test_a_link_in_the_site_is_refused(tmp_path: Path) -> None:
    site = write(tmp_path / "site", OURS)
    (site / "link").symlink_to(tmp_path)
    with pytest.raises(StagingError, match="the link link, which no build wrote"):
        Staging(site)


def test_a_linked_site_is_replaced_where_the_link_leads_and_the_link_stays(tmp_path: Path) -> None:
    real = write(tmp_path / "www" / "public", OURS)
    (tmp_path / "project").mkdir()
    link = tmp_path / "project" / "site"
    link.symlink_to(real)
    staging = Staging(link)
    assert staging.folder.parent == real.parent
    write(staging.folder, {"new.html": "new"})
    staging.promote()
    assert link.readlink() == real
    assert tree(real) == {"new.html": "new"}
    write(real, {".env": "precious"})
    with pytest.raises(StagingError):
        Staging(link)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_site_is_readable_by_all_and_writable_by_its_owner(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        staging = Staging(tmp_path / "site")
        assert staging.folder.stat().st_mode & 0o777 == 0o700, "nobody else writes to an unfinished site"
        write(staging.folder, {"a/b.html": "x"})
        staging.promote()
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert modes == {"site": 0o755, "a": 0o755, "b.html": 0o644}


KILLED = """
import os, sys
from pathlib import Path
from engblog.disk import staging
from engblog.disk.staging import Staging
site = Path(sys.argv[1])
one = Staging(site)
(one.folder / "new.html").write_text("new")
if sys.argv[2] == "between":
    staging._exchanged = lambda *_: False
    rename, seen = Path.rename, []
    def once(path, to):
        rename(path, to)
        os.kill(os.getpid(), 9)
    Path.rename = once
    one.promote()
print("there", flush=True)
if sys.argv[2] == "wait":
    sys.stdin.read()
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("how", ["during", "between"])
def test_what_a_killed_build_left_is_gone_with_the_next(tmp_path: Path, how: str) -> None:
    site = write(tmp_path / "site", OURS)
    subprocess.run([sys.executable, "-c", KILLED, str(site), how], stdout=subprocess.DEVNULL, check=False)
    assert any(path.name.startswith(".site.") for path in tmp_path.iterdir())
    assert site.exists() == (how == "during")
    staging = Staging(site)
    assert tree(site) == OURS, "the last good site is back"
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".site.")] == [staging.folder]
    staging.discard()


def test_a_build_that_runs_keeps_its_folder(tmp_path: Path) -> None:
    site = write(tmp_path / "site", OURS)
    command = [sys.executable, "-c", KILLED, str(site), "wait"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "there\n"
        theirs = [path for path in tmp_path.iterdir() if path.name.startswith(".site.")]
        staging = Staging(site)
        assert all((path / "new.html").exists() for path in theirs)
        staging.discard()
        other.kill()
    Staging(site).discard()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
