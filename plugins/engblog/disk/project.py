"""Finds the site of the working directory: reads ``mkdocs.yml`` without MkDocs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from engblog.disk.docs import DocsSettings, display_path, is_folder
from engblog.model.errors import EngblogError
from engblog.model.problems import Problem, Problems
from engblog.source.site_texts import check_site_texts


class ProjectError(EngblogError):
    """There is no usable ``mkdocs.yml``; the message says what to do."""


@dataclass(frozen=True)
class Project:
    """A site on disk."""

    root: Path
    """The folder of ``mkdocs.yml``."""
    docs: Path
    settings: DocsSettings
    deploy_branch: str = "main"
    """The branch that the site is deployed from."""
    problems: tuple[Problem, ...] = ()
    """Texts of the configuration of which readers would not see everything."""


_DEEPEST = 10
_EDIT = re.compile(r"/?(?P<lead>-/)?(?:edit|blob)/(?P<path>.+)")
_PATHS = ("articles_dir", "taxonomy", "authors", "redirects")


class _Loader(yaml.SafeLoader):
    """Reads custom tags in the configuration, such as ``!ENV``, as plain values, because only a few keys are needed."""


def _ignore_tag(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    return None


_Loader.add_multi_constructor("", _ignore_tag)


def find_project(config_file: Path) -> Project:
    """The site that *config_file* describes. Raises :class:`ProjectError`."""
    config = _read_config(config_file)
    options = _plugin_options(config.get("plugins"))
    known: dict[str, Any] = {name: str(options[name]) for name in _PATHS if name in options}
    size = options.get("page_size")
    page_size = size if isinstance(size, int) and size > 0 else DocsSettings().page_size
    known |= {name: options.get(name) is not False for name in ("lab_pages", "sourced_figures")}
    root = config_file.parent
    settings = DocsSettings(**known, page_size=page_size, **_host_settings(config, root))
    try:
        urlsplit(settings.site_url).port  # noqa: B018  (both raise for what is not an address)
    except ValueError as error:
        raise ProjectError(f"{config_file}: site_url: {settings.site_url!r} is not an address: {error}") from None
    try:
        settings.exclusion(preview=False)
    except ValueError as error:
        raise ProjectError(f"{config_file}: exclude_docs: {error}") from None
    if not is_folder(known.get("articles_dir", "articles")):
        raise ProjectError(f"{config_file}: articles_dir: {known['articles_dir']!r} is not a folder; write: articles")
    branch = str(options.get("deploy_branch") or Project.deploy_branch)
    docs = root / str(config.get("docs_dir", "docs"))
    return Project(root, docs, settings, branch, config_problems(config_file))


def config_problems(config_file: Path) -> tuple[Problem, ...]:
    """The texts for readers in *config_file* of which a part would be lost."""
    problems = Problems()
    try:
        text = config_file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ()
    check_site_texts(text, display_path(config_file.parent) + config_file.name, problems)
    return problems.sorted()


def host_settings(config_file: Path) -> dict[str, Any]:
    """The fields of :class:`~engblog.disk.docs.DocsSettings` that follow from the host's own options in *config_file*.
    Raises :class:`ProjectError`."""
    return _host_settings(_read_config(config_file), config_file.parent)


def _read_config(config_file: Path, depth: int = 0) -> dict[str, Any]:
    """The configuration, with the one that it inherits from."""
    try:
        config = yaml.load(config_file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  (a SafeLoader)
    except OSError:
        raise ProjectError(
            f"{config_file}: there is no such file; run this where mkdocs.yml is, or pass --config"
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ProjectError(f"{config_file}: {' '.join(str(error).split())}") from None
    if not isinstance(config, dict):
        raise ProjectError(f"{config_file} has no keys; it must be a MkDocs configuration")
    parent = config.pop("INHERIT", None)
    if not isinstance(parent, str):
        return config
    if depth == _DEEPEST:
        raise ProjectError(f"{config_file}: more than {_DEEPEST} files inherit from each other")
    return _merged(_read_config(config_file.parent / parent, depth + 1), config)


def _merged(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """*below* with the values of *above*; tables are merged, lists are replaced."""
    both = dict(below)
    for key, value in above.items():
        old = both.get(key)
        both[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, Mapping) else value
    return both


def _host_settings(config: Mapping[str, Any], root: Path) -> dict[str, Any]:
    theme = config.get("theme")
    custom = theme.get("custom_dir") if isinstance(theme, Mapping) else None
    patterns = {name: config[name] for name in ("exclude_docs", "draft_docs") if isinstance(config.get(name), str)}
    return {
        **patterns,
        "refused_links": frozenset(_refused_links(config.get("validation"))),
        "site_url": str(config.get("site_url") or ""),
        "whole_feeds": frozenset(_whole_feeds(config)),
        "named": frozenset(_texts(config)),
        "theme": root / custom if isinstance(custom, str) else None,
        "root": root,
        "repository": _repository(config),
    }


def _repository(config: Mapping[str, Any]) -> str:
    """The address of a file of the repository, without the file's path from the folder of the configuration; empty if
    ``repo_url`` and ``edit_uri`` (``edit/main/docs/``) do not say it."""
    url, edit = config.get("repo_url"), config.get("edit_uri")
    found = _EDIT.fullmatch(edit) if isinstance(edit, str) else None
    docs = f"/{str(config.get('docs_dir', 'docs')).strip('/')}"
    if not isinstance(url, str) or not url.startswith("https://") or found is None:
        return ""
    branch, is_docs, _ = found["path"].rstrip("/").rpartition(docs)
    return f"{url.rstrip('/')}/{found['lead'] or ''}blob/{branch}/" if is_docs and branch else ""


_WHOLE_FEEDS = {
    "rss_created": "feed_rss_created.xml",
    "rss_updated": "feed_rss_updated.xml",
    "json_created": "feed_json_created.json",
    "json_updated": "feed_json_updated.json",
}
"""The options of ``mkdocs-rss-plugin`` that name its files, with their defaults in version 1.19."""


def _whole_feeds(config: Mapping[str, Any]) -> Iterator[str]:
    """The files that ``mkdocs-rss-plugin`` will write, if the site has it and knows its address."""
    found = [options for name, options in _plugins(config.get("plugins")) if name == "rss"]
    options = found[0] if found else {}
    if not found or not config.get("site_url") or options.get("enabled") is False:
        return
    names = options.get("feeds_filenames")
    for key, default in _WHOLE_FEEDS.items():
        if options.get(f"{key.partition('_')[0]}_feed_enabled") is not False:
            yield str(names.get(key) or default) if isinstance(names, Mapping) else default


def _refused_links(validation: Any) -> Iterator[str]:
    """The kinds of links that the host warns of, and so refuses if it is strict."""
    if isinstance(validation, Mapping):
        links = validation.get("links")
        levels = {**validation, **(links if isinstance(links, Mapping) else {})}
        yield from (name for name in ("absolute_links", "unrecognized_links") if levels.get(name) == "warn")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _plugin_options(plugins: Any) -> dict[str, Any]:
    return next((dict(options) for name, options in _plugins(plugins) if name == "engblog"), {})


def _plugins(plugins: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The names of the plugins, each with its options."""
    for entry in plugins if isinstance(plugins, list) else [plugins]:
        if isinstance(entry, str):
            yield entry, {}
        elif isinstance(entry, Mapping):
            yield from ((str(name), own if isinstance(own, Mapping) else {}) for name, own in entry.items())
