"""One commit and one moment make one site, byte for byte, wherever and whenever it is built."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.hosts import EPOCH, build, build_here, config, environ, mini, snapshot
from support.repositories import commit, copy_of_this, git
from support.sources import article
from support.themed import themed

Written = Callable[[Path, bool], Path]
"""Writes a site into a folder, its files in order of their paths or backwards; returns the folder."""


@dataclass(frozen=True)
class Machine:
    """Where a site is built."""

    folder: str
    backwards: bool = False
    umask: str = "022"
    before: tuple[str, ...] = ()
    """The command that starts the build."""
    environment: dict[str, str] = field(default_factory=dict)


def without_vector_units() -> str:
    """What makes NumPy compute as on a processor without AVX and its like: sums and sorts go another way there."""
    ask = (
        "from numpy._core._multiarray_umath import __cpu_dispatch__ as ways, __cpu_features__ as has;"
        "print(*(name for name in ways if has.get(name)))"
    )
    return subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()


ONE = Machine("one", environment={"TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"})
OTHERS = {
    "months later": Machine("two", before=("faketime", "2027-06-30 23:59:58")),
    "years ago": Machine("two", before=("faketime", "2019-02-28 00:00:01")),
    "in another zone": Machine("two", environment={"TZ": "Pacific/Kiritimati"}),
    "with another language": Machine(
        "two", environment={"LANG": "tr_TR.UTF-8", "LANGUAGE": "tr:ar", "LC_ALL": "C", "PYTHONUTF8": "0"}
    ),
    "hashed otherwise": Machine("two", environment={"PYTHONHASHSEED": "4711"}),
    "in a deep folder": Machine("else where/'ö &\u4e16/" + "deep/" * 12 + "site", backwards=True),
    "by a careful person": Machine("two", umask="077", environment={"HOME": "/nonexistent", "USER": "nobody"}),
    "on a small machine": Machine("two", before=("taskset", "--cpu-list", "0")),
    "on an old machine": Machine("two", environment={"NPY_DISABLE_CPU_FEATURES": without_vector_units()}),
}
ALL_AT_ONCE = Machine(
    "else where/ö/" + "deep/" * 8 + "site",
    backwards=True,
    umask="077",
    before=("faketime", "2027-06-30 23:59:58", "taskset", "--cpu-list", "0"),
    environment={name: value for each in OTHERS.values() for name, value in each.environment.items()},
)


def built(write: Written, root: Path, machine: Machine) -> Path:
    """The site that *machine* builds below *root*, in strict mode."""
    folder = root / machine.folder
    folder.mkdir(parents=True)
    write(folder, machine.backwards)
    for number, path in enumerate(sorted(folder.rglob("*"), reverse=machine.backwards)):
        if ".git" not in path.parts:
            os.utime(path, (1_000_000_000 + 86_400 * number,) * 2)
    package = folder / "plugins"
    done = subprocess.run(
        [
            *("bash", "-c", f'umask {machine.umask}; exec "$@"', "bash", *machine.before),
            *(sys.executable, "-m", "mkdocs", "build", "--strict", "-f", "mkdocs.yml"),
        ],
        cwd=folder,
        env=environ(**machine.environment, **({"PYTHONPATH": str(package)} if package.is_dir() else {})),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def first_difference(one: Path, other: Path) -> str:
    """The first place at which two files differ, for whoever has to find out why."""
    ours, theirs = one.read_bytes(), other.read_bytes()
    at = next((at for at, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    return f"{one.name}, byte {at}: {ours[max(0, at - 60) : at + 60]!r} and {theirs[max(0, at - 60) : at + 60]!r}"


def assert_same(one: Path, other: Path) -> None:
    ours, theirs = snapshot(one), snapshot(other)
    assert set(ours) == set(theirs)
    assert [first_difference(one / name, other / name) for name in ours if ours[name] != theirs[name]] == []
    assert {"build.json", "sitemap.xml.gz", "feed_rss_created.xml", "search/base.json", "index.html"} <= set(ours)


def write_small(folder: Path, _: bool) -> Path:
    """The small site; the same folder for the cache of mkdocs-rss-plugin, which is named in its configuration."""
    return themed(folder)


def write_this(folder: Path, backwards: bool) -> Path:
    """This repository, committed."""
    commit(copy_of_this(folder, backwards=backwards))
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site, built on an ordinary machine."""
    return built(write_small, tmp_path_factory.mktemp("small"), ONE)


@pytest.mark.parametrize("machine", OTHERS.values(), ids=OTHERS)
def test_a_site_is_the_same(small: Path, tmp_path: Path, machine: Machine) -> None:
    assert_same(small, built(write_small, tmp_path, machine))


def test_this_repositorys_site_is_the_same_from_two_clones_however_they_differ(tmp_path: Path) -> None:
    one = built(write_this, tmp_path, ONE)
    other = built(write_this, tmp_path, ALL_AT_ONCE)
    assert_same(one, other)
    info = json.loads((one / "build.json").read_text())
    assert info["commit"] == git(tmp_path / "one", "rev-parse", "HEAD")
    assert info["clean"] is True
    assert (info["epoch"], info["articles"]) == (int(EPOCH), len(list((tmp_path / "one").glob("docs/articles/*/"))))


def test_the_same_folder_is_built_twice_alike(tmp_path: Path) -> None:
    """What a first build leaves, caches included, changes nothing in the second."""
    folder = themed(tmp_path)
    first = snapshot(build(folder, "--strict"))
    assert snapshot(build(folder, "--strict")) == first


def test_two_builds_of_one_day_are_alike_without_source_date_epoch(tmp_path: Path) -> None:
    """The second of the build is nowhere: build.json names a moment with which the site can be built again."""
    folder = themed(tmp_path)
    first = snapshot(build(folder, "--strict", SOURCE_DATE_EPOCH=None))
    epoch = json.loads((folder / "site/build.json").read_text())["epoch"]
    assert epoch % 86_400 == 0
    assert snapshot(build(folder, "--strict", SOURCE_DATE_EPOCH=str(epoch))) == first


# build.json of real builds


def test_a_build_of_uncommitted_edits_says_so(tmp_path: Path) -> None:
    folder = mini(tmp_path, {"docs/articles/a/index.md": article(), ".gitignore": "site/\n.site.*/\n"})
    name = commit(folder)
    assert info_of(build(folder)) == (name, True)
    (folder / "docs/articles/a/index.md").write_text(article(title="Another"))
    assert info_of(build(folder)) == (name, False)


def test_a_site_that_git_does_not_ignore_is_no_edit(tmp_path: Path) -> None:
    folder = mini(tmp_path, {"docs/articles/a/index.md": article()})
    name = commit(folder)
    assert [info_of(build(folder)) for _ in range(2)] == [(name, True)] * 2


def test_an_edit_during_the_build_is_noticed(tmp_path: Path) -> None:
    hook = "from pathlib import Path\ndef on_env(env, config, files):\n    Path(config.docs_dir, 'new.txt').touch()\n"
    site = {"mkdocs.yml": config(before="hooks: [hook.py]\n"), "hook.py": hook, ".gitignore": "__pycache__/\n"}
    folder = mini(tmp_path, site)
    name = commit(folder)
    assert info_of(build(folder)) == (name, False)


def test_a_preview_writes_no_build_json(tmp_path: Path) -> None:
    assert not (build_here(mini(tmp_path), command="serve") / "build.json").exists()
    assert (build_here(mini(tmp_path)) / "build.json").exists()


def info_of(site: Path) -> tuple[str | None, bool | None]:
    info = json.loads((site / "build.json").read_text())
    return info["commit"], info["clean"]


def test_no_path_of_the_machine_is_in_a_site(small: Path) -> None:
    told = re.compile(re.escape(str(small.parents[1])).encode())
    assert [path for path in small.rglob("*") if path.is_file() and told.search(path.read_bytes())] == []
