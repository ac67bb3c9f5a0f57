"""Ends a build that would make the site that is there already, before the host does anything.

It compares everything that a build reads with what the last build read, and the site with what it wrote. Whatever
cannot be compared makes a whole build: a site with hooks, or with a plugin that is not listed here, because nobody
knows what it reads; a preview; a build that warned, which must warn again.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path, PurePath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.theme import Theme
from pathspec import PathSpec

from engblog.disk import clock
from engblog.disk.digests import Digests
from engblog.disk.store import SWITCH, Store, key_of, store_of
from engblog.hosts.mkdocs.options import EngblogOptions
from engblog.hosts.mkdocs.reads import HOST, sources_of_build
from engblog.hosts.mkdocs.run import HostRun
from engblog.hosts.mkdocs.settings import root_of
from engblog.outputs.build_info import BUILD_INFO, BuildInfoError, read_build_info
from engblog.publish.provenance import LOCK, Revision, revision

log = logging.getLogger("mkdocs.plugins.engblog")

_KNOWN = ("engblog.", "mkdocs_blog", "mkdocs_rss_plugin.", "mkdocs.contrib.search", "material.plugins.search.")
"""The beginnings of the modules of plugins that read nothing but the configuration, the docs folder, the theme, the
history that git has, and the clock."""
_KNOWN_EXTENSIONS = re.compile(
    r"(?:markdown\.extensions\.)?(?:abbr|admonition|attr_list|codehilite|def_list|extra|fenced_code|footnotes"
    r"|md_in_html|meta|nl2br|sane_lists|smarty|tables|toc|wikilinks)"
    r"|pymdownx\.(?!b64$|emoji$)\w+|engblog\.markdown"
)
"""The Markdown extensions that read no files but what :mod:`engblog.markdown` notes: ``b64`` and ``emoji`` do."""
_KNOWN_CODE = ("markdown.", "pymdownx.", "engblog.")
"""The beginnings of the modules of functions that options of extensions may name."""
_VARIABLES = re.compile(r"SOURCE_DATE_EPOCH|TZ|LANG|LANGUAGE|(?:LC|ENGBLOG|MKDOCS|GIT|PYTHON)_?\w*")
"""The environment variables that tools of a build read. Those that a configuration asks for are in its values."""
_NOT_COMPARED = frozenset({SWITCH, "SOURCE_DATE_EPOCH"})
"""Variables among them that change nothing, or that are compared apart."""
_ELSEWHERE = frozenset({"config_file_path", "site_dir", "dev_addr"})
"""Keys of the configuration that do not change what is made, only where."""
_PACKAGE = Path(__file__).resolve().parents[2]
_COMPILED = ("__pycache__",)


class UnknownError(TypeError):
    """A value of a configuration that cannot be compared with another build's."""


@dataclass(frozen=True, slots=True)
class _Record:
    """The traces of the last build."""

    inputs: str
    hours: tuple[int, ...]
    """The moments from which articles are published, in seconds since 1970."""
    epoch: str
    site: str
    files: tuple[str, ...]
    """Paths of files outside the docs folder that must exist, from the folder of the configuration."""


class LastBuild:
    """The last build of a site, for comparison with the one that begins."""

    def __init__(self, config: MkDocsConfig, options: EngblogOptions, kept: Kept) -> None:
        """Look at everything that a build of *config* reads."""
        self._root, self._site = root_of(config), Path(os.path.realpath(config.site_dir))
        self._store, self._digests = kept.store, kept.digests
        config_file = Path(config.config_file_path or "").resolve()
        self._key = key_of("last build", str(config_file), str(self._site))
        sources = sources_of_build(config, options)
        self._folders = tuple(_folders(config))
        self._files = (*sources.read, *(Path(each) for each in [config.config_file_path] if each), self._root / LOCK)
        self._revision: Revision = revision(sources)
        moment = os.environ.get("SOURCE_DATE_EPOCH", "")
        self._fixed = json.dumps([kept.surroundings, moment, str(Path.cwd()), repr(self._revision)])
        self._inputs = self._look()

    def is_current(self) -> bool:
        """True if a build would make the site that is there already."""
        record = self._read()
        if record is None or record.inputs != self._inputs or not all((self._root / x).is_file() for x in record.files):
            return False
        hours = (datetime.fromtimestamp(hour, UTC) for hour in record.hours)
        if clock.moment_of_build(hours) != record.epoch or self._digests.tree(self._site) != record.site:
            return False
        self._digests.save()
        return True

    def record(self, hours: Iterable[datetime], epoch: str, files: Iterable[str]) -> None:
        """Note that the site has been built from what was there at the beginning, unless that has changed since. It was
        built for the moment *epoch* among *hours*; *files* are those that must exist."""
        try:
            info = read_build_info((self._site / BUILD_INFO).read_bytes())
        except (OSError, BuildInfoError):
            return
        if (info.commit, info.clean) != (self._revision.commit, self._revision.clean) or self._look() != self._inputs:
            return
        seconds = [int(hour.timestamp()) for hour in hours]
        row = [self._inputs, seconds, epoch, self._digests.tree(self._site), [*files]]
        self._store.put(self._key, json.dumps(row).encode())
        self._digests.save()

    def _look(self) -> str:
        trees = [self._digests.tree(folder, without=without) for folder, without in self._folders]
        return key_of("inputs", self._fixed, *trees, *(self._digests.of(str(file)) for file in self._files))

    def _read(self) -> _Record | None:
        try:
            inputs, hours, epoch, site, files = json.loads(self._store.get(self._key) or b"")
            return _Record(str(inputs), tuple(map(int, hours)), str(epoch), str(site), tuple(map(str, files)))
        except (ValueError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Kept:
    """The results of earlier builds of a site, for a build whose result depends only on what is known."""

    store: Store
    digests: Digests
    surroundings: str
    """A digest of what any result of a build may depend on, apart from the sources, the theme and the clock: the whole
    configuration, the environment, and the versions of everything that is installed."""


def kept_for(config: MkDocsConfig, options: EngblogOptions) -> Kept | None:
    """Open what earlier builds of the site of *config* have left; None if this one must make everything itself."""
    if not options.cache or not _reads_only_what_is_known(config) or (store := store_of(root_of(config))) is None:
        return None
    digests = Digests(store, str(root_of(config).resolve()))
    plain = {name: value for name, value in config.items() if name not in _ELSEWHERE}
    is_quiet = not logging.getLogger("mkdocs").isEnabledFor(logging.WARNING)
    code = digests.tree(_PACKAGE, without=_COMPILED)
    try:
        surroundings = json.dumps([_plain(plain), _environment(), _tools(digests), is_quiet, code])
    except UnknownError as error:
        log.debug("this build cannot be compared with others, because its configuration has a %s", error)
        return None
    return Kept(store, digests, key_of("surroundings", surroundings))


def last_build(config: MkDocsConfig, options: EngblogOptions, run: HostRun, kept: Kept | None) -> LastBuild | None:
    """The last build of the site of *config*; None if this one has to be made whatever was there."""
    if kept is None or not run.is_for_readers or run.deploys:
        return None
    return LastBuild(config, options, kept)


def _reads_only_what_is_known(config: MkDocsConfig) -> bool:
    """True if the site of *config* has no hooks, and no plugins and extensions but those that are known to read nothing
    else than a build is compared by."""
    return (
        not config.hooks
        and all(f"{type(each).__module__}.".startswith(_KNOWN) for each in config.plugins.values())
        and all(isinstance(name, str) and _KNOWN_EXTENSIONS.fullmatch(name) for name in config.markdown_extensions)
        and _names_known_code(config.mdx_configs)
    )


def _names_known_code(value: Any) -> bool:
    """True if every function and class in *value*, options of extensions, is of a known module."""
    if isinstance(value, Mapping):
        return all(map(_names_known_code, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_names_known_code, value))
    return not callable(value) or f"{getattr(value, '__module__', '')}.".startswith(_KNOWN_CODE)


def _folders(config: MkDocsConfig) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The folders that count with all their files, and the names of folders in them that do not. What is installed
    counts with its distribution."""
    yield Path(config.docs_dir), ()
    installed = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    for folder in (Path(each) for each in config.theme.dirs):
        if not any(folder.resolve().is_relative_to(each) for each in installed):
            yield folder, _COMPILED


def _environment() -> dict[str, str]:
    return {
        name: value
        for name, value in sorted(os.environ.items())
        if _VARIABLES.fullmatch(name) and name not in _NOT_COMPARED
    }


def _tools(digests: Digests) -> list[Any]:
    """Python, the host, and every installed distribution with the digests of its files that its record has."""
    found: list[Any] = [sys.version, sys.flags.optimize, platform.platform(), HOST]
    for place in dict.fromkeys(sys.path):
        try:
            with os.scandir(place or ".") as entries:
                names = sorted(entry.name for entry in entries)
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info", ".pth", ".egg-link")):
                inner = {".dist-info": "/RECORD", ".egg-info": "/PKG-INFO"}.get(Path(name).suffix, "")
                found.append(f"{place} {name} {digests.of(f'{place}/{name}{inner}')}")
    return found


def _plain(value: Any) -> Any:
    """*value* as JSON has it, the same for values that have the same effect. Raises :class:`UnknownError`."""
    match value:
        case Enum():
            return f"{type(value).__qualname__}.{value.name}"
        case None | bool() | int() | float() | str():
            return value
        case PurePath():
            return str(value)
        case Theme():
            folders = [str(Path(each).resolve()) for each in value.dirs]
            fixed = {"": [value.name, value.custom_dir is None, folders, sorted(value.static_templates)]}
            return fixed | {name: _plain(inner) for name, inner in sorted(value.items())}
        case BasePlugin():
            return [type(value).__module__, type(value).__qualname__, _plain(value.config)]
        case Mapping():
            return {repr(key): _plain(inner) for key, inner in sorted(value.items(), key=lambda item: repr(item[0]))}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case Set():
            return sorted((_plain(inner) for inner in value), key=json.dumps)
        case PathSpec():
            return [[each.include, getattr(getattr(each, "regex", None), "pattern", None)] for each in value.patterns]
        case re.Pattern():
            return [value.pattern, value.flags]
        case datetime():
            return value.isoformat()
    if isinstance(value, type) or (callable(value) and hasattr(value, "__qualname__")):
        return f"{value.__module__}.{value.__qualname__}"
    if type(value).__name__ in {"Locale", "NoBabelLocale"}:
        return str(value)
    raise UnknownError(f"{type(value).__module__}.{type(value).__qualname__}")
