"""A small site in a git repository with a real bare remote, and the two commands that deploy it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engblog.publish.deploy import Deployment
from engblog.publish.target import DeploySettings

from support.hosts import config, environ, mini
from support.processes import can_run_here, run_here
from support.sources import article, write

IGNORED = "/site/\n/.site.*/\n__pycache__/\n*.tmp\n"
COMMANDS = {"mkdocs": ("mkdocs", "gh-deploy"), "engblog": ("engblog.cli", "deploy")}
IDENTITY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_DATE": "2026-11-30T12:00:00+0000",
    "GIT_COMMITTER_DATE": "2026-11-30T12:00:00+0000",
}


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    """Run git in *folder* and return what it prints."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **IDENTITY},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done.stdout.strip()


@dataclass(frozen=True)
class Place:
    """A clone and its remote, side by side in one folder, which may be copied."""

    root: Path

    @property
    def clone(self) -> Path:
        return self.root / "clone"

    @property
    def remote(self) -> Path:
        return self.root / "origin.git"

    def copy(self, root: Path) -> Place:
        """The same, in *root*."""
        shutil.copytree(self.root, root, symlinks=True)
        return Place(root)

    def commit(self, files: dict[str, str | bytes | None], *, push: bool = True, message: str = "More") -> str:
        """Write *files*, or remove those of None, commit, and push; the commit."""
        write(self.clone, {name: text for name, text in files.items() if text is not None})
        for name in (name for name, text in files.items() if text is None):
            (self.clone / name).unlink()
        git(self.clone, "add", "--all")
        git(self.clone, "commit", "--quiet", "--message", message)
        if push:
            git(self.clone, "push", "--quiet", "origin", "HEAD")
        return git(self.clone, "rev-parse", "HEAD")

    def another(self, name: str = "another") -> Place:
        """A second clone of the same remote, in a folder *name*, with a link to it."""
        root = self.root / name
        root.mkdir()
        git(root, "clone", "--quiet", str(self.remote), "clone")
        (root / "origin.git").symlink_to(self.remote)
        _settle(root / "clone")
        return Place(root)

    def tip(self, ref: str = "gh-pages") -> str:
        """The commit of *ref* on the remote; empty when there is none."""
        return git(self.remote, "rev-parse", "--verify", "--quiet", ref, check=False)

    def tree(self, ref: str = "gh-pages") -> str:
        """The tree of *ref* on the remote."""
        return git(self.remote, "rev-parse", f"{ref}^{{tree}}")

    def files(self, ref: str = "gh-pages") -> list[str]:
        """The paths that *ref* on the remote has."""
        return git(self.remote, "ls-tree", "-r", "--name-only", ref).splitlines()

    def show(self, path: str, ref: str = "gh-pages") -> str:
        """The text of *path* on the remote."""
        return git(self.remote, "show", f"{ref}:{path}")

    def push_pages(self, files: Mapping[str, str | bytes], *, message: str = "By hand") -> str:
        """Commit *files* on top of the pages branch, as somebody else would; the commit."""
        other = self.root / "by-hand"
        shutil.rmtree(other, ignore_errors=True)
        git(self.root, "clone", "--quiet", str(self.remote), "by-hand")
        _settle(other)
        if self.tip():
            git(other, "checkout", "--quiet", "gh-pages")
        else:
            git(other, "checkout", "--quiet", "--orphan", "gh-pages")
            git(other, "rm", "-rf", "--quiet", ".")
        write(other, files)
        git(other, "add", "--all", "--force")
        git(other, "commit", "--quiet", "--message", message)
        git(other, "push", "--quiet", "origin", "gh-pages")
        return git(other, "rev-parse", "HEAD")

    def run(self, command: str, *arguments: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
        """Run one of COMMANDS, or any other as ``module command``, in the clone; standard error goes with output."""
        module, *first = COMMANDS.get(command, tuple(command.split()))
        if not can_run_here(module):
            return self.start(command, *arguments, **environment)
        changes = environ(**{**IDENTITY, **environment})
        done = run_here(module, [*first, *arguments], cwd=self.clone, environment=changes, merged=True)
        assert "Traceback" not in done.stdout, done.stdout
        return done

    def start(self, command: str, *arguments: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
        """The same, in a process of its own."""
        module, *first = COMMANDS.get(command, tuple(command.split()))
        done = subprocess.run(
            [sys.executable, "-m", module, *first, *arguments],
            cwd=self.clone,
            env=environ(**{**IDENTITY, **environment}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=600,
            check=False,
        )
        assert "Traceback" not in done.stdout, done.stdout
        return done

    def settings(self, **changes: Any) -> DeploySettings:
        """Settings of the small site, as the commands read them."""
        given = {
            "root": self.clone,
            "published": (self.clone / "docs", self.clone / "theme"),
            "site_url": "https://mini.example/blog/",
            "host_version": "1.6.1",
        }
        return DeploySettings(**{**given, **changes})

    def publish(self, site: Path, say: list[str] | None = None, **changes: Any) -> None:
        """Deploy the built *site* with the engine alone, without a host."""
        deployment = Deployment(self.settings(**changes), (say if say is not None else []).append)
        try:
            deployment.preflight()
            survey = deployment.survey(site)
            deployment.judge(survey)
            deployment.publish(survey)
        finally:
            deployment.close()


def _settle(clone: Path) -> None:
    git(clone, "config", "user.name", "Ada Lovelace")
    git(clone, "config", "user.email", "ada@example.org")


def place(root: Path, options: str = "page_size: 20", *, before: str = "", **more: str | bytes) -> Place:
    """A small site of two articles in ``root/clone``, committed and pushed to ``root/origin.git``; nothing deployed."""
    files = {
        "mkdocs.yml": config(options, before=before),
        "docs/index.md": "---\ntitle: Home\n---\n",
        "docs/articles/first/index.md": article(),
        "docs/articles/second/index.md": article(title="The second", date="2026-11-19"),
        ".gitignore": IGNORED,
    }
    mini(root / "clone", {**files, **more})
    git(root, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    git(root / "clone", "init", "--quiet", "--initial-branch=main")
    _settle(root / "clone")
    git(root / "clone", "remote", "add", "origin", "../origin.git")
    git(root / "clone", "add", "--all")
    git(root / "clone", "commit", "--quiet", "--message", "First")
    git(root / "clone", "push", "--quiet", "--set-upstream", "origin", "main")
    return Place(root)
