"""Finds the site of the working directory: reads ``mkdocs.yml`` without MkDocs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from engblog.disk.docs import DocsSettings, is_folder
from engblog.model.errors import EngblogError


class ProjectError(EngblogError):
    """There is no usable ``mkdocs.yml``; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Project:
    """A site on disk."""

    root: Path
    """The folder of ``mkdocs.yml``."""
    docs: Path
    settings: DocsSettings


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
    options = _plugin_options(config.get("plugins"))
    known: dict[str, Any] = {name: str(options[name]) for name in _PATHS if name in options}
    size = options.get("page_size")
    page_size = size if isinstance(size, int) and size > 0 else DocsSettings().page_size
    known |= {name: options.get(name) is not False for name in ("lab_pages", "sourced_figures")}
    settings = DocsSettings(**known, page_size=page_size)
    if not is_folder(known.get("articles_dir", "articles")):
        raise ProjectError(f"{config_file}: articles_dir: {known['articles_dir']!r} is not a folder; write: articles")
    root = config_file.parent
    return Project(root, root / str(config.get("docs_dir", "docs")), settings)


def _plugin_options(plugins: Any) -> dict[str, Any]:
    for entry in plugins if isinstance(plugins, list) else [plugins]:
        if isinstance(entry, dict) and isinstance(entry.get("engblog"), dict):
            return dict(entry["engblog"])
    return {}
