"""Fetches deployments into the separate folder of objects, whatever the clone itself lacks.

A partial clone lacks files, which git would fetch one by one; a shallow clone lacks the commits before some. The clone
stays what it is: nothing is written into it, and git's list of what it lacks does not change.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

from engblog.publish.git import Git

_SECONDS = 1800
"""The time limit for fetching a site; anything longer hangs."""
_OPTIONS = (
    "--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", "--no-auto-maintenance", "--no-recurse-submodules",
    "--no-show-forced-updates",
)  # fmt: skip
WHOLE = {"GIT_SHALLOW_FILE": ""}
"""The environment in which git sees the commits that a shallow clone lacks."""


class Fetch:
    """Fetches from *remote*, by git's name for it. Methods return git's words if something is still missing."""

    def __init__(self, git: Git, remote: str) -> None:
        self._git, self._remote = git, remote

    @functools.cached_property
    def is_partial(self) -> bool:
        """True in a clone that has only some of the objects, and fetches others when they are needed."""
        return self._git.ask("config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$") is not None

    def commit(self, ref: str, oid: str) -> str | None:
        """Fetch the commit *oid*, at which *ref* was just seen, and the commits before it."""
        if self._has(oid):
            return None
        said = self._run("--", self._remote, ref)
        return None if self._has(oid) else said

    def deployments(self, ref: str, oid: str) -> str | None:
        """Fetch the commit *oid*, at which *ref* was just seen, with all files, and the deployments before it."""
        missing = self._missing(oid)
        said = ""
        if missing is None or (missing and not self.is_partial):
            said = self._run("--", self._remote, ref)  # missing altogether, or left by a fetch that was interrupted
        if (more := self.files(oid)) is not None:
            return said or more
        if not self._is_cut(oid):
            return None
        said = self._run("--refetch", "--", self._remote, ref, environment=WHOLE)
        return f"the clone is shallow: run git fetch --unshallow\n{said}" if self._is_cut(oid) else None

    def files(self, oid: str) -> str | None:
        """In a partial clone, fetch all files of the commit *oid* at once."""
        said, before = "", None
        while (missing := self._missing(oid)) and self.is_partial and missing != before:
            before = missing  # files; or folders, and then what is in them
            said = self._run("--filter=blob:none", "--stdin", self._remote, data="\n".join(missing).encode())
        return None if missing == [] else said or f"{oid} is not complete"

    def _run(self, *arguments: str, data: bytes | None = None, environment: Mapping[str, str] | None = None) -> str:
        wanted = () if data is None else ("-c", "fetch.negotiationAlgorithm=noop")  # what is here proves nothing
        asked = (*wanted, "fetch", *_OPTIONS, *arguments)
        return self._git.run(*asked, data=data, check=False, environment=environment, seconds=_SECONDS).said.strip()

    def _has(self, oid: str) -> bool:
        return self._git.ask("rev-list", "--quiet", "--no-walk", "--missing=allow-any", oid) is not None

    def _missing(self, oid: str) -> list[str] | None:
        """The objects of the commit *oid* that are not here; None if it is missing itself."""
        listed = self._git.ask("rev-list", "--objects", "--no-walk", "--missing=print", oid)
        return None if listed is None else [line[1:] for line in listed.splitlines() if line.startswith("?")]

    def _is_cut(self, oid: str) -> bool:
        """True if a commit before *oid* is not here."""
        if self._git.text("rev-parse", "--is-shallow-repository") != "true":
            return False
        return self._git.run("rev-list", "--quiet", oid, check=False, environment=WHOLE).status != 0
