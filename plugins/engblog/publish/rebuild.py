"""Builds a site again from a commit, in a folder of its own: neither the work tree nor the repository is touched."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

from engblog.disk.git_environment import environment_of_its_own
from engblog.model.errors import EngblogError
from engblog.outputs.build_info import BuildInfo

_GIT_SECONDS = 300
_BUILD_SECONDS = 1800
_HOSTS = ("mkdocs", "properdocs")
_SHA256_LENGTH = 64
_TRUSTED = ("refs/remotes/origin", "refs/remotes/upstream")


class RebuildError(EngblogError):
    """A commit cannot be built here; the message says what to do."""


class Workshop:
    """Where sites are built again; a context manager. What was built is removed at its end."""

    def __init__(self, config: Path) -> None:
        """*config* is the ``mkdocs.yml`` in the work tree of the repository that has the commits."""
        self._config = config
        self._built: dict[tuple[str, int, str], Path] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="engblog-verify-", ignore_cleanup_errors=True)

    def __enter__(self) -> Workshop:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._folder.cleanup()

    def build(self, info: BuildInfo) -> Path:
        """The folder of the site that the commit and the moment of *info* make. Raises :class:`RebuildError`."""
        host = _host(info)
        commit = self._checked(info)
        if (key := (commit, info.epoch, host)) not in self._built:
            folder = Path(self._folder.name) / str(len(self._built))
            self._check_out(commit, folder / "source")
            _build(folder / "source" / self._prefix() / self._config.name, folder / "site", info.epoch, host)
            self._built[key] = folder / "site"
        return self._built[key]

    def _checked(self, info: BuildInfo) -> str:
        """The commit of *info*, if it may be built here: that runs its code."""
        if info.commit is None:
            raise RebuildError("the site was built outside of a git repository: build it in a clone, and publish that")
        if not info.clean:
            raise RebuildError(
                f"the site was built with edits that commit {info.commit} does not have: commit them and publish again"
            )
        if self._git("rev-parse", "--show-toplevel") is None:
            raise RebuildError(
                f"{self._config}: not in a git repository that can be read; run this in a clone of the site's one"
            )
        if self._git("cat-file", "-e", f"{info.commit}^{{commit}}") is None:
            raise RebuildError(f"commit {info.commit} is not in this repository: `git fetch --all`, and run this again")
        ours = self._git("merge-base", "--is-ancestor", info.commit, "HEAD") is not None
        if not ours and not self._git("for-each-ref", "--count=1", f"--contains={info.commit}", *_TRUSTED):
            raise RebuildError(
                f"commit {info.commit} is neither in the history of what is checked out nor on a branch of `origin` or "
                "`upstream`; to build it is to run its code: read it, check it out, and run this again"
            )
        return info.commit

    def _check_out(self, commit: str, target: Path) -> None:
        """Lay the files of *commit* into *target*, a repository that borrows all objects from ours."""
        objects = self._git("rev-parse", "--path-format=absolute", "--git-path", "objects") or ""
        form = "sha256" if len(commit) == _SHA256_LENGTH else "sha1"
        _must("git", "init", "--quiet", "--template=", f"--object-format={form}", str(target))
        (target / ".git/objects/info").mkdir(parents=True, exist_ok=True)
        (target / ".git/objects/info/alternates").write_text(f"{objects.strip()}\n")
        _must("git", "-C", str(target), "-c", f"core.hooksPath={os.devnull}", "checkout", "--quiet", "--detach", commit)

    def _prefix(self) -> str:
        return (self._git("rev-parse", "--show-prefix") or "").strip()

    def _git(self, *arguments: str) -> str | None:
        """What git prints in the folder of the configuration; None if it fails."""
        command = ["git", "--no-optional-locks", "-C", str(self._config.parent), *arguments]
        done = _run(command, _GIT_SECONDS)
        return None if done.returncode else done.stdout


def _host(info: BuildInfo) -> str:
    """The host that made the site, if it is installed; else the other: both write the same bytes."""
    installed = [host for host in _HOSTS if importlib.util.find_spec(host)]
    made = [host for host in installed if host in info.tools]
    return [*made, *installed, _HOSTS[0]][0]


def _build(config: Path, site: Path, epoch: int, host: str) -> None:
    if not config.is_file():
        raise RebuildError(f"the commit has no {config.name} where this work tree has it")
    changes = {"SOURCE_DATE_EPOCH": str(epoch), "PYTHONDONTWRITEBYTECODE": "1"}
    package = config.parent / "plugins"
    if package.is_dir():  # the commit's own plugin, not the one that happens to be installed
        paths = [str(package), *filter(None, [os.environ.get("PYTHONPATH")])]
        changes["PYTHONPATH"] = os.pathsep.join(paths)
    command = [sys.executable, "-m", host, "build", "--quiet", "-f", config.name, "-d", str(site)]
    done = _run(command, _BUILD_SECONDS, cwd=config.parent, **changes)
    if done.returncode or not site.is_dir():
        log = (done.stdout + done.stderr).strip()
        raise RebuildError(f"the commit does not build here; {host} said:\n{log[-2000:]}")


def _must(*command: str) -> None:
    done = _run(command, _GIT_SECONDS)
    if done.returncode:
        raise RebuildError(f"the commit cannot be checked out: {done.stderr.strip()}")


def _run(
    command: tuple[str, ...] | list[str], seconds: int, cwd: Path | None = None, **changes: str
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            cwd=cwd,
            env=environment_of_its_own() | changes,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        raise RebuildError(f"there is no `{command[0]}` on the PATH, and this needs it") from None
    except subprocess.TimeoutExpired:
        raise RebuildError(f"`{command[0]}` did not end in {seconds} seconds") from None
