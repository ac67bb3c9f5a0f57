"""Throw-away git repositories for tests, with fixed people and dates: the same files make the same commit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
_WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"), ("DATE", "1790000000 +0000"))
}
_ALONE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def git(folder: Path, *arguments: str) -> str:
    """What git prints in *folder*."""
    done = subprocess.run(
        # A container's root may not own the folder that this repository was laid into.
        ["git", "-c", "safe.directory=*", "-C", str(folder), *arguments],
        env={**os.environ, **_WHO, **_ALONE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr}"
    return done.stdout.strip()


def commit(folder: Path, message: str = "Write") -> str:
    """Commit all that is in *folder*, a repository or not yet one; the commit's name."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", f"--message={message}")
    return git(folder, "rev-parse", "HEAD")


def copy_of_this(target: Path, *, backwards: bool = False) -> Path:
    """This repository as it is in the work tree, changes included, in *target*; without its history.

    The files are written in order of their paths or *backwards*: some file systems list them as they came.
    """
    listed = git(REPOSITORY, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in sorted({name for name in listed.split("\0") if name}, reverse=backwards):
        source = REPOSITORY / name
        if source.is_file() and not source.is_symlink():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(source.read_bytes())
            (target / name).chmod(source.stat().st_mode)
    return target
