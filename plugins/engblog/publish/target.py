"""The settings of a deployment, and the error that says why a site was not deployed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from engblog.contract.waivers import Check
from engblog.model.errors import EngblogError
from engblog.publish.rules import History

Say = Callable[[str], None]
"""Receives a line of text for the person who deploys."""


class DeployError(EngblogError):
    """The site was not deployed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class DeploySettings:
    """The settings of a deployment."""

    root: Path
    """The folder of ``mkdocs.yml``."""
    published: tuple[Path, ...]
    """Folders whose files a build publishes, even if git does not know them."""
    site_url: str
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

    def plain(self) -> dict[str, Any]:
        """The settings as plain values, which can be passed to another process."""
        return {
            **{field.name: getattr(self, field.name) for field in fields(self)},
            "root": str(self.root),
            "published": [str(path) for path in self.published],
            "allow": sorted(check.value for check in self.allow),
        }

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> DeploySettings:
        """The settings from the result of :meth:`plain`."""
        read = {
            "root": Path(values["root"]),
            "published": tuple(Path(path) for path in values["published"]),
            "allow": frozenset(Check(name) for name in values["allow"]),
        }
        return cls(**{**values, **read})


@contextmanager
def reported() -> Iterator[None]:
    """Turn an error of the operating system, such as a full disk, into a :class:`DeployError` that says so."""
    try:
        yield
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        raise DeployError(f"{error.strerror or error}{place}") from None
