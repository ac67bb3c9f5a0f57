"""The places that a build reads and writes, from the host's configuration."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils.yaml import get_yaml_loader

from engblog.disk.store import STORE
from engblog.hosts.mkdocs.options import EngblogOptions
from engblog.model.urls import WELL_KNOWN
from engblog.publish.sources import LEFT_BY_TOOLS, Sources

HOST = MkDocsConfig.__module__.partition(".")[0]
"""The package that renders: ``mkdocs``, or ``properdocs``, which can also be imported by that name."""
_HIDDEN = (".*", f"!/{WELL_KNOWN}", "/templates/")
"""The patterns of files in the docs folder that MkDocs leaves out, before those of ``exclude_docs``."""


def sources_of_build(config: MkDocsConfig, options: EngblogOptions) -> Sources:
    """The sources of a build of *config*. Its hooks and plugins must have been loaded."""
    docs = Path(config.docs_dir)
    custom = Path(config.theme.custom_dir) if config.theme.custom_dir else None
    root = Path(config.config_file_path).parent if config.config_file_path else Path()
    vocabulary = (docs / name for name in (options.taxonomy, options.authors, options.redirects))
    return Sources(
        root=root,
        published=(docs, docs / options.articles_dir, *([custom] if custom else [])),
        unpublished={
            docs: _left_out_of_docs(config),
            docs / options.articles_dir: LEFT_BY_TOOLS,
            **({custom: (*LEFT_BY_TOOLS, "*.py", "*.pyc")} if custom else {}),
        },
        read=tuple(dict.fromkeys([*vocabulary, *_inherited(config), *_hooks(config)])),
        besides=tuple(dict.fromkeys([*map(Path, config.watch or ()), *_loaded_code()])),
        written=tuple(_written(config, options, root)),
    )


def _left_out_of_docs(config: MkDocsConfig) -> tuple[str, ...]:
    """The patterns of files that the host does not publish. Those of articles are placed by ourselves, whatever
    ``exclude_docs`` says."""
    excluded = [
        line
        for spec in (config.exclude_docs, config.draft_docs)
        for pattern in (spec.patterns if spec else ())
        if isinstance(line := getattr(pattern, "pattern", None), str)
    ]
    return (*_HIDDEN, *excluded)


def _inherited(config: MkDocsConfig) -> Iterator[Path]:
    """The configurations that ``INHERIT`` leads to, one after the other."""
    file = Path(config.config_file_path) if config.config_file_path else None
    seen: set[Path] = set()
    while file is not None and file.is_file() and file.resolve() not in seen:
        seen.add(file.resolve())
        if len(seen) > 1:
            yield file
        with file.open("rb") as text:
            found = yaml.load(text, Loader=get_yaml_loader())  # noqa: S506  (the loader that has just read it)
        parent = found.get("INHERIT") if isinstance(found, dict) else None
        file = Path(os.path.normpath(file.parent / parent)) if isinstance(parent, str) else None


def _hooks(config: MkDocsConfig) -> Iterator[Path]:
    loaded = cast("Mapping[str, object]", config.hooks or {})  # MkDocs declares a list of modules
    for module in loaded.values():
        if file := getattr(module, "__file__", None):
            yield Path(file)


def _loaded_code() -> Iterator[Path]:
    """The packages and modules that are loaded from somewhere else than an installation of Python: those of plugins
    under development, and what a hook imports from beside it."""
    installed = tuple({str(Path(prefix).resolve()) + os.sep for prefix in (sys.prefix, sys.base_prefix)})
    for name, module in [*sys.modules.items()]:
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or "site-packages" in file or file.startswith(installed):
            continue
        top = sys.modules.get(name.partition(".")[0])
        folders = [*getattr(top, "__path__", ())]
        yield Path(folders[0] if len(folders) == 1 else file)


def _written(config: MkDocsConfig, options: EngblogOptions, root: Path) -> Iterator[Path]:
    yield Path(config.site_dir)
    yield root / options.cards_cache
    yield root / STORE
    if (rss := config.plugins.get("rss")) is not None and isinstance(cache := rss.config.get("cache_dir"), str):
        yield Path(cache)
