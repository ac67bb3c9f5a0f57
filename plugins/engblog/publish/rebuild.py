"""Rebuilds a site from a commit in a separate folder, without touching the work tree or the repository."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from engblog.disk.git_environment import environment_of_its_own
from engblog.disk.scratch import Scratch
from engblog.model.errors import EngblogError
from engblog.outputs.build_info import BuildInfo

_GIT_SECONDS = 300
_BUILD_SECONDS = 1800
_HOSTS = ("mkdocs", "properdocs")
_SHA256_LENGTH = 64
_PLACES = ("refs/heads", "refs/remotes/origin", "refs/remotes/upstream", "refs/remotes")
"""Namespaces in which a branch is looked for by its name. A fetched pull request is in none by the deploy branch's."""


class RebuildError(EngblogError):
    """A commit cannot be built here; the message says what to do."""


class Workshop:
    """A place for rebuilding sites; a context manager, which removes the builds at its end."""

    def __init__(self, config: Path, branches: Iterable[str]) -> None:
        """Use *config*, the ``mkdocs.yml`` in the work tree of the repository that has the commits. Only code of
        *branches* is run: each a name, with or without its remote."""
        self._config = config
        self._branches = tuple(branches)
        self._built: dict[tuple[str, int, str], Path] = {}
        self._scratch = Scratch(Path(tempfile.gettempdir()), "engblog-verify-")

    def __enter__(self) -> Workshop:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._scratch.remove()

    def build(self, info: BuildInfo) -> Path:
        """Build the site from the commit and the moment of *info*; return its folder. Raises :class:`RebuildError`."""
        host = _host(info)
        commit = self._checked(info)
        if (key := (commit, info.epoch, host)) not in self._built:
            folder = self._scratch.folder / str(len(self._built))
            self._check_out(commit, folder / "source")
            _build(folder / "source" / self._prefix() / self._config.name, folder / "site", info.epoch, host)
            self._built[key] = folder / "site"
        return self._built[key]

    def _checked(self, info: BuildInfo) -> str:
        """The commit of *info*, if it may be built here, because building runs its code."""
        if info.commit is None:
            raise RebuildError("the site was built outside a git repository: build it in a clone, and publish that")
        if not info.clean:
            raise RebuildError(
                f"the site was built with edits that are not in commit {info.commit}: commit them and publish again"
            )
        if self._git("rev-parse", "--show-toplevel") is None:
            raise RebuildError(
                f"{self._config}: not in a readable git repository; run this in a clone of the site's repository"
            )
        if self._git("cat-file", "-e", f"{info.commit}^{{commit}}") is None:
            raise RebuildError(
                f"commit {info.commit} is not in this repository: run `git fetch --all`, then this again"
            )
        if not self._is_trusted(info.commit):
            raise RebuildError(
                f"commit {info.commit} is not on the branch {' or '.join(map(repr, self._branches))}, here or at "
                "`origin` or `upstream`; building it runs its code: read it, then name its branch: --branch NAME"
            )
        return info.commit

    def _is_trusted(self, commit: str) -> bool:
        trusted = {f"{place}/{name}" for name in self._branches for place in _PLACES}
        found = self._git("for-each-ref", "--format=%(refname)", f"--contains={commit}", *sorted(trusted))
        return bool(trusted & set((found or "").split()))  # git also gives what is below a ref of this name

    def _check_out(self, commit: str, target: Path) -> None:
        """Check out *commit* into *target*, a repository that borrows all objects from ours."""
        objects = self._git("rev-parse", "--path-format=absolute", "--git-path", "objects") or ""
        form = "sha256" if len(commit) == _SHA256_LENGTH else "sha1"
        _must("git", "init", "--quiet", "--template=", f"--object-format={form}", str(target))
        (target / ".git/objects/info").mkdir(parents=True, exist_ok=True)
        (target / ".git/objects/info/alternates").write_text(f"{objects.strip()}\n")
        _must("git", "-C", str(target), "-c", f"core.hooksPath={os.devnull}", "checkout", "--quiet", "--detach", commit)

    def _prefix(self) -> str:
        return (self._git("rev-parse", "--show-prefix") or "").strip()

    def _git(self, *arguments: str) -> str | None:
        """The output of git in the folder of the configuration; None if it fails."""
        command = ["git", "--no-optional-locks", "-C", str(self._config.parent), *arguments]
        done = _run(command, _GIT_SECONDS)
        return None if done.returncode else done.stdout


def _host(info: BuildInfo) -> str:
    """The host that made the site, if it is installed, otherwise the other one; both write the same bytes."""
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
        raise RebuildError(f"`{command[0]}` is needed, but it is not on the PATH") from None
    except subprocess.TimeoutExpired:
        raise RebuildError(f"`{command[0]}` did not finish within {seconds} seconds") from None
