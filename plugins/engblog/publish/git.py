"""Runs git without a shell, and never so that it writes into the repository.

New objects go into a separate folder, as git itself does with objects that it receives (``GIT_OBJECT_DIRECTORY``), and
a second index is used instead of the real one. So neither a crash nor a refused deployment leaves a trace: no branch,
no index, no lock. For the same reason no hook of the repository runs, except ``pre-push``
(:mod:`engblog.publish.hook`): the others are about the branches and the index, which do not change.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engblog.disk.git_environment import environment_of_its_own
from engblog.model.errors import EngblogError

_OURS = {
    "log.showSignature": "false",
    "fetch.prune": "false",
    "i18n.commitEncoding": "UTF-8",
    "i18n.logOutputEncoding": "UTF-8",
    "core.fsmonitor": "false",  # it may be a hook or a daemon, and knows the real index only
    "core.splitIndex": "false",  # would write half of our index into the repository
    "core.untrackedCache": "false",
    "core.sparseCheckout": "false",  # our index is of the whole commit, whatever the folder has of it
}
_CREDENTIALS = re.compile(r"(?<=://)[^/\s]+@")


class GitError(EngblogError):
    """Git is missing, refused, or was stopped; the message contains git's output, without credentials."""


@dataclass(frozen=True, slots=True)
class Done:
    """A run of git."""

    status: int
    out: bytes
    said: str
    """Standard error, without credentials."""

    @property
    def text(self) -> str:
        """Standard output as text, without the last line end."""
        return self.out.decode("utf-8", "replace").rstrip("\n")


class Git:
    """Reads the repository that *folder* belongs to; ``close`` removes the temporary files beside it."""

    def __init__(self, folder: Path) -> None:
        """Find the repository. Raises :class:`GitError` if git or the repository is missing."""
        self._folder = folder
        self.ordinary: Mapping[str, str] = environment_of_its_own()
        """The environment in which a person would call git here."""
        # English, because some errors are recognized only by their text; and no prompts on a terminal that nobody
        # watches.
        quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C.UTF-8", "LANGUAGE": "C"}
        self._environment = {**self.ordinary, **quiet}
        self.configure(_OURS.items())
        found = self.run("rev-parse", "--show-toplevel", check=False)
        if found.status:
            if "not a git repository" in found.said:
                raise GitError(f"{folder.resolve()} is not in a git repository: a site is deployed from a commit")
            if "must be run in a work tree" in found.said:
                raise GitError(f"{folder.resolve()} is in a bare repository, without a work tree: use a clone of it")
            # The whole text: git's reason, such as a folder with another owner, and what to do on further lines.
            raise GitError("\n    ".join(line.strip() for line in found.said.splitlines() if line.strip()))
        self.top = Path(os.fsdecode(found.out.removesuffix(b"\n")))
        objects = (folder / os.fsdecode(self._path("objects"))).resolve()
        self.scratch = Path(tempfile.mkdtemp(prefix="engblog-git-"))
        """A folder for temporary files; :meth:`close` removes it."""
        self._cleanup = weakref.finalize(self, shutil.rmtree, self.scratch, ignore_errors=True)
        (self.scratch / "objects").mkdir()
        self._environment |= {
            "GIT_OBJECT_DIRECTORY": str(self.scratch / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": quoted_path(str(objects)),
            "GIT_INDEX_FILE": str(self.scratch / "index"),
        }

    def _path(self, name: str) -> bytes:
        return self.run("rev-parse", "--git-path", name).out.removesuffix(b"\n")

    @property
    def new_objects(self) -> Path:
        """The folder of the objects that the repository itself does not have."""
        return self.scratch / "objects"

    def hook(self, name: str) -> Path:
        """The place of the repository's hook *name*, where the user's settings put it; the file may be missing."""
        found = self.run("rev-parse", "--git-path", f"hooks/{name}", hooks=None, at_top=True).out.removesuffix(b"\n")
        return self.top / os.fsdecode(found)

    def changes_of_environment(self) -> dict[str, str | None]:
        """The variables that turn the environment of git here back into :attr:`ordinary`; None for one to unset."""
        ours = {*self._environment, "GIT_CONFIG_PARAMETERS"}
        return {
            name: self.ordinary.get(name)
            for name in sorted(ours)
            if name == "GIT_CONFIG_PARAMETERS" or self.ordinary.get(name) != self._environment[name]
        }

    def run(
        self,
        *arguments: str,
        data: bytes | None = None,
        check: bool = True,
        environment: Mapping[str, str] | None = None,
        seconds: float | None = None,
        hooks: Path | None = Path(os.devnull),
        real_index: bool = False,
        at_top: bool = False,
    ) -> Done:
        """Run ``git`` with *arguments*; *data* is its standard input. Raises :class:`GitError` unless *check* is off.

        A run that was stopped by a signal, or after *seconds*, is always an error, because its output may be
        incomplete. Hooks are those in the folder *hooks*, by default none; with None, the repository's own. With
        *real_index*, git reads the repository's index instead of ours; with *at_top*, it runs at the top of the work
        tree.
        """
        private = {"GIT_INDEX_FILE"} if real_index else set()
        settings = () if hooks is None else ("-c", f"core.hooksPath={hooks}")
        try:
            done = subprocess.run(
                ["git", *settings, *arguments],
                cwd=self.top if at_top else self._folder,
                env={
                    **{name: value for name, value in self._environment.items() if name not in private},
                    **(environment or {}),
                },
                input=data if data is not None else b"",
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except FileNotFoundError:
            raise GitError("git is not installed, or not on the PATH") from None
        except subprocess.TimeoutExpired:
            raise GitError(f"git {arguments[0]} did not finish within {seconds:.0f} seconds and was stopped") from None
        said = without_credentials(done.stderr.decode("utf-8", "replace"))
        if done.returncode < 0:
            raise GitError(f"git {arguments[0]} was stopped by signal {-done.returncode}: is the disk full?")
        if check and done.returncode:
            raise GitError(f"git {arguments[0]}: {_last_words(said) or f'status {done.returncode}'}")
        return Done(done.returncode, done.stdout, said)

    def text(self, *arguments: str) -> str:
        """The output of ``git`` with *arguments*."""
        return self.run(*arguments).text

    def ask(self, *arguments: str) -> str | None:
        """The output of ``git`` with *arguments*; None if its exit status says no."""
        done = self.run(*arguments, check=False)
        return None if done.status else done.text

    def configure(self, values: Iterable[tuple[str, str]]) -> None:
        """Add settings for every further run. They are passed in the environment, so that a list of processes does not
        show them."""
        count = int(self._environment.get("GIT_CONFIG_COUNT") or 0)
        for key, value in values:
            self._environment |= {f"GIT_CONFIG_KEY_{count}": key, f"GIT_CONFIG_VALUE_{count}": value}
            count += 1
        self._environment["GIT_CONFIG_COUNT"] = str(count)

    def close(self) -> None:
        """Remove what was made beside the repository."""
        self._cleanup()

    def clear_index(self) -> None:
        """Make the second index empty."""
        (self.scratch / "index").unlink(missing_ok=True)


def without_credentials(text: str) -> str:
    """*text* with user names, passwords and tokens removed from its addresses."""
    return _CREDENTIALS.sub("", text)


def _last_words(said: str) -> str:
    """The lines of *said* that describe the error: those of the remote and git's own."""
    lines = [line.strip() for line in said.splitlines()]
    told = [line for line in lines if line.startswith(("remote:", "fatal:", "error:"))] or [
        line for line in lines if line
    ]
    return "\n    ".join(told[-6:])


def quoted_path(path: str) -> str:
    """*path* quoted for a list separated by colons, as git reads it."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
