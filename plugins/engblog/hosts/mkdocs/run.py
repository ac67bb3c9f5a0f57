"""The way in which the host was started, and what follows from it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from engblog.contract.waivers import Check, how_to_waive
from engblog.hosts.mkdocs.reads import HOST
from engblog.publish.target import CALLER, Command


@dataclass(frozen=True, slots=True)
class HostRun:
    """The way in which the host was started."""

    serves: bool = False
    """True for a preview, which shows drafts (if the options want them) and has a reloading script of the host in every
    page."""
    deploys: bool = False
    """True if it deploys the site afterwards."""
    dirty: bool = False
    """True if it renders only the pages whose files have changed, directly into the site."""

    def waive(self, checks: Iterable[Check]) -> str:
        """Say how to go ahead although *checks* refuse the site, in the words of the command that builds it."""
        named = sorted(set(checks), key=lambda check: check.value)
        command = Command(os.environ.get(CALLER) or HOST)
        return how_to_waive(named, command.allow(*named, step="gh-deploy" if self.deploys else "build"))

    nonce: str = ""
    """In a preview, the text by which the server finds where the policy of a page has room for its own script."""

    @property
    def is_for_readers(self) -> bool:
        """True if readers may get the result, which then names its sources and can be saved for offline reading. In a
        preview, no digest would match."""
        return not (self.serves or self.dirty)
