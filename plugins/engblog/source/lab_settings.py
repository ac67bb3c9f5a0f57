"""``lab/lab.toml``: the versions that a lab can run on, the programs that it needs, its time limit, and its data.

Every table may be left out, and so may the file::

    [versions]
    PostgreSQL = ">=14"        # bounds for runs on other versions; "none" for no other version at all
    [tools]
    strace = "strace"          # programs that tests call: program = Debian package
    [time]
    seconds = 300              # limit of the whole lab on the wall clock
    [files]
    data = ["sample.rdb"]      # files that tests need and that are neither source code nor data in text
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engblog.model.article import version_key
from engblog.model.problems import Code, Mark, Problems, did_you_mean, quote

SETTINGS_NAME = "lab.toml"
SECONDS = 900
"""The time limit of a lab that sets none."""
PRODUCTS = ("PostgreSQL", "Redis", "Valkey", "NATS", "MySQL", "MariaDB", "Memcached", "nginx", "HAProxy", "PgBouncer")
_TABLES = ("versions", "tools", "time", "files")
_LONGEST = 24 * 3600
_BOUND = re.compile(r"\s*(?P<sign>>=|<=|==|!=|>|<)\s*(?P<version>\d+(?:\.\d+)*)\s*")
_PROGRAM = re.compile(r"[A-Za-z0-9._+-]+")
_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+")
_ERROR_PLACE = re.compile(r" ?\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


@dataclass(frozen=True, slots=True)
class LabSettings:
    """The content of a lab's ``lab.toml``."""

    bounds: Mapping[str, str] = field(default_factory=dict)
    """Bounds by product, as written."""
    tools: Mapping[str, str] = field(default_factory=dict)
    """Debian packages by program."""
    seconds: int = SECONDS
    data: tuple[str, ...] = ()
    """Files that the tests need and that are not text, by path from ``lab/``."""

    def allows(self, product: str, version: str) -> bool:
        """True if the lab can run on *version* of *product*."""
        return within(version, self.bounds.get(product, ""))


def within(version: str, bounds: str) -> bool:
    """True if *version* is within *bounds*. Parts that a bound lacks do not count: 16.14 is ``<=16``, and not
    ``>16``."""
    if bounds.strip() == "none":
        return False
    for bound in filter(None, map(_BOUND.fullmatch, bounds.split(",") if bounds else ())):
        wanted = version_key(bound["version"])
        found = version_key(version)[: len(wanted)]
        held = {
            ">=": found >= wanted,
            "<=": found <= wanted,
            "==": found == wanted,
            "!=": found != wanted,
            ">": found > wanted,
            "<": found < wanted,
        }
        if not held[bound["sign"]]:
            return False
    return True


def read_settings(text: str | None, path: str, problems: Problems) -> LabSettings:
    """Read the *text* of a ``lab.toml``, which is shown as *path*; without one, every setting has its default.

    Problems are noted, and the default is used instead.
    """
    if text is None:
        return LabSettings()
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.add(_error_mark(str(error), text, path), Code.L009_SETTINGS, *_syntax(error))
        return LabSettings()
    for name in tables:
        if name not in _TABLES:
            hint = did_you_mean(name, _TABLES)
            problems.add(_mark(text, path, name), Code.L009_SETTINGS, f"there is no table {quote(name)}", hint)
    reader = _Reader(tables, text, path, problems)
    return LabSettings(reader.bounds(), reader.tools(), reader.seconds(), reader.data())


@dataclass(frozen=True, slots=True)
class _Reader:
    tables: Mapping[str, object]
    text: str
    path: str
    problems: Problems

    def bounds(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for product, bounds in self._table("versions").items():
            if product not in PRODUCTS:
                hint = did_you_mean(product, PRODUCTS)
                self._wrong("versions", product, f"labs have no product {quote(product)}", hint)
            elif not isinstance(bounds, str) or not _are_bounds(bounds):
                hint = 'write bounds such as ">=14", ">=6.2, <8", or "none"'
                self._wrong("versions", product, f"{quote(str(bounds))} is not a range of versions", hint)
            else:
                found[product] = bounds
        return found

    def tools(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for program, package in self._table("tools").items():
            if not _PROGRAM.fullmatch(program):
                hint = "write the name of a program, without its folder"
                self._wrong("tools", program, f"{quote(program)} is not a program", hint)
            elif not isinstance(package, str) or not _PACKAGE.fullmatch(package):
                hint = 'write the name of its Debian package: strace = "strace"'
                self._wrong("tools", program, f"{quote(str(package))} is not a package", hint)
            else:
                found[program] = package
        return found

    def seconds(self) -> int:
        table = self._table("time")
        for key in table:
            if key != "seconds":
                self._wrong("time", key, f"there is no key {quote(key)}", did_you_mean(key, ["seconds"]))
        seconds = table.get("seconds", SECONDS)
        if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds <= _LONGEST:
            hint = f"write a whole number of seconds, at most {_LONGEST}"
            self._wrong("time", "seconds", f"{quote(str(seconds))} is not a time limit", hint)
            return SECONDS
        return seconds

    def data(self) -> tuple[str, ...]:
        table = self._table("files")
        for key in table:
            if key != "data":
                self._wrong("files", key, f"there is no key {quote(key)}", did_you_mean(key, ["data"]))
        names = table.get("data", [])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self._wrong("files", "data", f"{quote(str(names))} is not a list of files", 'write: data = ["sample.rdb"]')
            return ()
        return tuple(names)

    def _table(self, name: str) -> Mapping[str, object]:
        table = self.tables.get(name, {})
        if not isinstance(table, dict):
            self._wrong("", name, f"{quote(name)} must be a table", f"write [{name}], and its keys on the next lines")
            return {}
        return table

    def _wrong(self, table: str, key: str, message: str, hint: str) -> None:
        self.problems.add(_mark(self.text, self.path, key, table), Code.L009_SETTINGS, message, hint)


def check_data(settings: LabSettings, text: str, path: str, names: Iterable[str], problems: Problems) -> None:
    """Note each file that *settings*, read from *text*, list and that is not among *names*, the files of the lab."""
    known = frozenset(names)
    for name in settings.data:
        if name not in known:
            hint = did_you_mean(name, known) or "delete it from the list, or add the file"
            mark = _mark(text, path, "data", "files")
            problems.add(mark, Code.L009_SETTINGS, f"the lab has no file {quote(name)}", hint)


def _are_bounds(text: str) -> bool:
    return text.strip() == "none" or all(_BOUND.fullmatch(part) for part in text.split(","))


def _mark(text: str, path: str, key: str, table: str = "") -> Mark:
    """The place of *key* in *table*, or of a table itself: the first line that looks like it."""
    inside = ""
    name = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]")
    for number, line in enumerate(text.split("\n"), 1):
        header = re.match(r"\s*+\[++\s*+[\"']?([^\]\"']*[^\]\"'\s])[\"']?\s*+\]", line)
        if header:
            inside = header[1]
            if not table and inside.partition(".")[0].strip() == key:
                return Mark(path, number, line.index("[") + 1)
        elif name.match(line) and inside == table:
            return Mark(path, number, len(line) - len(line.lstrip()) + 1)
    return Mark(path)


def _error_mark(said: str, text: str, path: str) -> Mark:
    place = _ERROR_PLACE.search(said)
    if place is None:
        return Mark(path)
    return Mark(path, int(place["line"]), int(place["column"])) if place["line"] else Mark(path, text.count("\n") + 1)


def _syntax(error: Exception) -> tuple[str, str]:
    said = _ERROR_PLACE.sub("", str(error))
    return f"this is not TOML: {said[:100]}", 'a table is [tools], a line in it strace = "strace"'
