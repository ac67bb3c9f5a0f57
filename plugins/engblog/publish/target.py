"""The settings of a deployment, and the error that says why a site was not deployed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from enum import Enum
from pathlib import Path
from typing import Any

from engblog.contract.waivers import ALLOWED_ONCE, Check
from engblog.model.errors import EngblogError
from engblog.publish.rules import History
from engblog.publish.sources import Sources

Say = Callable[[str], None]
"""Receives a line of text for the person who deploys."""


class DeployError(EngblogError):
    """The site was not deployed; the message says why and what to do."""


CALLER = "ENGBLOG_CALLER"
"""Environment variable that tells the host's build which :class:`Command` has started it."""


class Command(Enum):
    """The command that deploys, so that messages name its own options."""

    ENGBLOG = "engblog"
    MKDOCS = "mkdocs"
    PROPERDOCS = "properdocs"

    def allow(self, *checks: Check, step: str = "gh-deploy") -> str:
        """The command that waives *checks* for one run; *step* is the host's own command."""
        names = [check.value for check in checks]
        if self is Command.ENGBLOG:
            return f"engblog deploy {' '.join(f'--allow {name}' for name in names)}"
        return f"{ALLOWED_ONCE}={','.join(names)} {self.value} {step}"

    @property
    def remote(self) -> str:
        """The option that names the remote."""
        return "--remote" if self is Command.ENGBLOG else "--remote-name"

    @property
    def keep(self) -> str:
        """The options that keep the history."""
        option = "set the plugin's option `deploy_history: keep`"
        return f"pass --history keep, or {option}" if self is Command.ENGBLOG else option

    @property
    def other_branch(self) -> str:
        """The options that name another pages branch."""
        option = "set `remote_branch` in mkdocs.yml"
        return f"pass --{'branch' if self is Command.ENGBLOG else 'remote-branch'} NAME, or {option}"


@dataclass(frozen=True, slots=True)
class DeploySettings:
    """The settings of a deployment."""

    root: Path
    """The folder of ``mkdocs.yml``."""
    published: tuple[Path, ...]
    """Folders whose files a build publishes, even if git does not know them."""
    site_url: str
    unpublished: Mapping[Path, tuple[str, ...]] = field(default_factory=dict)
    read: tuple[Path, ...] = ()
    besides: tuple[Path, ...] = ()
    written: tuple[Path, ...] = ()
    """As in :class:`engblog.publish.sources.Sources`, like the three before."""
    cname: str | None = None
    """The content of the sources' CNAME file."""
    articles_dir: str = "articles"
    source_branch: str = "main"
    pages_branch: str = "gh-pages"
    remote: str = "origin"
    history: History = "one"
    allow: frozenset[Check] = frozenset()
    host_version: str = ""
    """The version of MkDocs, for a message that names it."""
    command: Command = Command.ENGBLOG

    @property
    def sources(self) -> Sources:
        """The places that a build reads and writes."""
        return Sources(self.root, self.published, self.unpublished, self.read, self.besides, self.written)

    def plain(self) -> dict[str, Any]:
        """The settings as plain values, which can be passed to another process."""
        return {
            **{field.name: getattr(self, field.name) for field in fields(self)},
            "root": str(self.root),
            **{name: [str(path) for path in getattr(self, name)] for name in _PATHS},
            "unpublished": {str(path): list(patterns) for path, patterns in self.unpublished.items()},
            "allow": sorted(check.value for check in self.allow),
            "command": self.command.value,
        }

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> DeploySettings:
        """The settings from the result of :meth:`plain`."""
        read = {
            "root": Path(values["root"]),
            **{name: tuple(Path(path) for path in values[name]) for name in _PATHS},
            "unpublished": {Path(path): tuple(patterns) for path, patterns in values["unpublished"].items()},
            "allow": frozenset(Check(name) for name in values["allow"]),
            "command": Command(values["command"]),
        }
        return cls(**{**values, **read})


_PATHS = ("published", "read", "besides", "written")


@contextmanager
def reported() -> Iterator[None]:
    """Turn an error of the operating system, such as a full disk, into a :class:`DeployError` that says so."""
    try:
        yield
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        raise DeployError(f"{error.strerror or error}{place}") from None
