"""The labs of a site: their folders, their recorded runs, and the list of those that have changed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engblog.disk.docs import lab_state
from engblog.disk.git_environment import environment_of_its_own
from engblog.lab.record import RECORD_NAME, VERSIONS_NAME
from engblog.model.article import Lab, LabFiles
from engblog.model.problems import Problems
from engblog.source.lab_record import read_lab
from engblog.source.lab_settings import SETTINGS_NAME, LabSettings, read_settings

_MAIN = ("main", "origin/main")


@dataclass(frozen=True, slots=True)
class LabFolder:
    """The lab of an article."""

    slug: str
    path: Path

    @property
    def state(self) -> LabFiles:
        """The current state of its files."""
        return lab_state(self.path)

    def recorded(self) -> Lab | None:
        """Its last recorded run; None if there is none that can be read."""
        return read_lab(self.state, "", "", Problems())

    def settings(self, problems: Problems) -> LabSettings:
        """Read its ``lab.toml``; problems are noted."""
        return read_settings(self.state.settings, str(self.path / SETTINGS_NAME), problems)


def find_labs(articles: Path) -> Iterator[LabFolder]:
    """The lab of every article in the folder *articles* that has one, in order of their names."""
    for lab in sorted(articles.glob("*/lab")):
        if any(lab.glob("test_*.py")):
            yield LabFolder(lab.parent.name, lab)


def changed_labs(labs: list[LabFolder], root: Path) -> list[LabFolder]:
    """The *labs* that differ from their record or from the main branch of the repository *root*."""
    differing = _differing(root)
    found = []
    for lab in labs:
        recorded = lab.recorded()
        folder = f"{lab.path.resolve()}/"
        if recorded is None or not recorded.in_step or any(name.startswith(folder) for name in differing):
            found.append(lab)
    return found


def unknown_labs(labs: list[LabFolder], root: Path) -> list[LabFolder]:
    """The *labs* whose code is not that of the main branch of the repository *root*; none if it has no such branch."""
    differing = [name for name in _differing(root) if not name.endswith((RECORD_NAME, VERSIONS_NAME))]
    return [lab for lab in labs if any(name.startswith(f"{lab.path.resolve()}/") for name in differing)]


def consent_file(root: Path) -> tuple[Path, str] | None:
    """The file in the repository *root* that lists what somebody has agreed to run, and the name of what is checked
    out: a branch, or a commit. None outside a repository."""
    path = _git(root, "rev-parse", "--path-format=absolute", "--git-path", "engblog-labs")
    name = _git(root, "symbolic-ref", "--quiet", "--short", "HEAD") or _git(root, "rev-parse", "--verify", "HEAD")
    return (Path(path.rstrip("\n")), name.strip()) if path and name else None


def _differing(root: Path) -> list[str]:
    """Paths that differ from the main branch, or that git does not know yet; none if there is no such branch."""
    top = _git(root, "rev-parse", "--show-toplevel")
    base = next((found for name in _MAIN if (found := _git(root, "merge-base", name, "HEAD"))), None)
    if top is None or base is None:
        return []
    listed = [
        _git(root, "diff", "--name-only", "-z", "--no-renames", base.strip(), "--"),
        _git(root, "ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/"),
    ]
    folder = top.rstrip("\n")
    return [f"{folder}/{name}" for each in listed for name in (each or "").split("\0") if name]


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, env=environment_of_its_own(), capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None
