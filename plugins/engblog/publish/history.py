"""The deployments before the live one, and the one that a rollback leads to.

Several deployments in a row may show the same pages: the same commit on another day, or a commit that changes nothing
that readers see. They count as one, so that a rollback never restores what it is meant to replace.
"""

from __future__ import annotations

from collections.abc import Iterator

from engblog.publish.remote import Remote
from engblog.publish.rules import Deployed, Files
from engblog.publish.sameness import Sameness, sameness


def last_different(remote: Remote, live: str) -> str | None:
    """The last deployment before *live* whose pages differ from it; None if the remote has none."""
    files = remote.files(live)
    for commit in _before(remote, live):
        there = remote.files(commit)
        if any(path.endswith(".html") for path in there) and same_as(remote, files, there) is Sameness.NOTHING:
            return commit
    return None


def to_keep(remote: Remote, live: Deployed | None, *, same: bool, parents: list[str]) -> str | None:
    """The commit that ``refs/engblog/previous`` must move to when *live* is replaced; None if it may
    stay.

    With *same*, the new deployment shows the pages of *live*; *parents* are those of its commit. What a rollback would
    lead to is then not lost from the remote.
    """
    if live is None or live.commit in parents:
        return None
    return last_different(remote, live.commit) if same else live.commit


def same_as(remote: Remote, here: Files, there: Files) -> Sameness:
    """Compare two sites that the remote has."""
    return sameness(here, there, lambda path: remote.read(here[path].oid), lambda path: remote.read(there[path].oid))


def _before(remote: Remote, live: str) -> Iterator[str]:
    """All commits of deployments before *live*, the last one first."""
    for first in (remote.parent(live), remote.previous()):
        commit = first
        while commit is not None:
            yield commit
            commit = remote.parent(commit)
