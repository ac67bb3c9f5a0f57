"""Runs the repository's ``pre-push`` hook as for any other push, and keeps its words.

Git itself runs the hook, when it has asked the remote for its branches and before it sends anything. It runs a small
script of ours in the hook's place, which undoes our changes to the environment, so that the hook sees no index, no
remote and no settings of the deployment, and what it writes into the repository stays there. Only
``GIT_ALTERNATE_OBJECT_DIRECTORIES`` remains: without it, the hook could not read the commit that is pushed.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from engblog.publish.compare import terminal_safe
from engblog.publish.git import Git, quoted_path, without_credentials

_MOST_LINES = 200
"""The number of lines of a hook that are shown; of more, the last ones, which have the outcome."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class PrePush:
    """The hook ``pre-push`` for one push to *remote*, the name that the user has given it."""

    def __init__(self, git: Git, remote: str) -> None:
        self.path = git.hook("pre-push")
        """The hook's own file."""
        self.folder = git.scratch / "hooks"
        """The folder of hooks for git to use."""
        self._said, self._status = git.scratch / "hook-said", git.scratch / "hook-status"
        self._exists = self.path.is_file()
        self._runs = self._exists and os.access(self.path, os.X_OK)
        self.folder.mkdir(exist_ok=True)
        for old in (self._said, self._status):
            old.unlink(missing_ok=True)
        if self._runs:
            readable = {"GIT_ALTERNATE_OBJECT_DIRECTORIES": quoted_path(str(git.new_objects))}
            script = self.folder / "pre-push"
            script.write_bytes(os.fsencode(self._script(git.changes_of_environment() | readable, remote)))
            script.chmod(0o755)

    def _script(self, changes: Mapping[str, str | None], remote: str) -> str:
        quote = shlex.quote
        gone = [name for name, value in changes.items() if value is None]
        lines = [f"unset {' '.join(gone)}"] if gone else []
        lines += [f"export {name}={quote(value)}" for name, value in changes.items() if value is not None]
        lines += [
            f'{quote(str(self.path))} {quote(remote)} "$2" >{quote(str(self._said))} 2>&1',
            "status=$?",
            f'echo "$status" >{quote(str(self._status))}',
            'exit "$status"',
        ]
        return "\n".join(["#!/bin/sh", *lines, ""])

    @property
    def refused(self) -> bool:
        """True if the hook ran and ended with an error."""
        return self._runs and self._read(self._status).strip() not in {"", "0"}

    def told(self) -> list[str]:
        """The hook's words, both of its output and of its errors, below a line that says whose they are; empty if it
        was silent or did not run."""
        if self._exists and not self._runs:
            return [f"the hook {self.path} is ignored, because the file is not executable"]
        text = without_credentials(_COLOUR.sub("", self._read(self._said)))
        said = [terminal_safe(line.expandtabs()) for line in text.splitlines()]
        more = len(said) - _MOST_LINES
        shown = [f"({more} lines before)", *said[-_MOST_LINES:]] if more > 0 else said
        lines = [f"    {line}".rstrip() for line in shown]
        if self.refused:
            status = self._read(self._status).strip()
            said_so = "it says:" if said else f"it says nothing, and its exit status is {status}"
            return [f"the hook {self.path} refuses the push; {said_so}", *lines]
        if not self._status.exists() and self._said.exists():
            return [f"the hook {self.path} was not finished{'; it had said:' if said else ''}", *lines]
        return [f"the hook {self.path} says:", *lines] if said else []

    @staticmethod
    def _read(file: Path) -> str:
        return file.read_bytes().decode("utf-8", "replace") if file.exists() else ""
