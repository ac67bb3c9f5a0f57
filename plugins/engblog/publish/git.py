"""Runs git without a shell, and never so that it writes into the repository.

New objects go into a separate folder, as git itself does with objects that it receives (``GIT_OBJECT_DIRECTORY``), and
a second index is used instead of the real one. So neither a crash nor a refused deployment leaves a trace: no branch,
no index, no lock.
"""

from __future__ import annotations

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
        # English, because one error is recognized only by its text; and no prompts on a terminal that nobody watches.
        quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C.UTF-8", "LANGUAGE": "C"}
        self._environment = {**environment_of_its_own(), **quiet}
        ours = {"log.showSignature": "false", "fetch.prune": "false"}
        self.configure([*ours.items(), ("i18n.commitEncoding", "UTF-8"), ("i18n.logOutputEncoding", "UTF-8")])
        found = self.run("rev-parse", "--show-toplevel", check=False)
        if found.status:
            if "not a git repository" in found.said:
                raise GitError(f"{folder.resolve()} is not in a git repository: a site is deployed from a commit")
            # The whole text: git's reason, such as a folder with another owner, and what to do on further lines.
            raise GitError("\n    ".join(line.strip() for line in found.said.splitlines() if line.strip()))
        self.top = Path(found.text)
        objects = (folder / self.text("rev-parse", "--git-path", "objects")).resolve()
        self._scratch = Path(tempfile.mkdtemp(prefix="engblog-git-"))
        self._cleanup = weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)
        (self._scratch / "objects").mkdir()
        self._environment |= {
            "GIT_OBJECT_DIRECTORY": str(self._scratch / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": _quoted(str(objects)),
            "GIT_INDEX_FILE": str(self._scratch / "index"),
        }

    def run(
        self,
        *arguments: str,
        data: bytes | None = None,
        check: bool = True,
        environment: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Done:
        """Run ``git`` with *arguments*; *data* is its standard input. Raises :class:`GitError` unless *check* is off.

        A run that was stopped by a signal, or after *seconds*, is always an error, because its output may be
        incomplete.
        """
        try:
            done = subprocess.run(
                ["git", *arguments],
                cwd=self._folder,
                env={**self._environment, **(environment or {})},
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
        (self._scratch / "index").unlink(missing_ok=True)


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


def _quoted(path: str) -> str:
    """*path* quoted for a list separated by colons, as git reads it."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
