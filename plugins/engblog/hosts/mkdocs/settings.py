"""Turns the host's configuration and our options into the values that all other modules use."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from engblog.disk.docs import DocsSettings
from engblog.disk.project import host_settings
from engblog.hosts.mkdocs.options import EngblogOptions
from engblog.model.publication import Identity
from engblog.outputs.feeds.ids import default_authority
from engblog.pages import Repository

_ON_GITHUB = re.compile(r"https://github\.com/(?P<name>[\w.-]+/[\w.-]+)")
_EDIT = re.compile(r"/?(?:edit|blob)/(?P<path>.+)")


def identity_of(config: MkDocsConfig, options: EngblogOptions) -> Identity:
    """The site's name and address."""
    url = (config.site_url or "").rstrip("/")
    return Identity(
        name=config.site_name,
        url=f"{url}/" if url else "",
        description=config.site_description or "",
        language=str(config.theme.get("language") or "en"),
        copyright=config.copyright or "",
        repository=config.repo_url or "",
        authority=options.feed_authority or default_authority(url),
    )


def docs_settings(options: EngblogOptions, config: MkDocsConfig) -> DocsSettings:
    """The places of the site's sources."""
    return DocsSettings(
        options.articles_dir,
        options.taxonomy,
        options.authors,
        options.redirects,
        lab_pages=options.lab_pages,
        sourced_figures=options.sourced_figures,
        **(host_settings(Path(config.config_file_path)) if config.config_file_path else {}),
    )


def issues_url(config: MkDocsConfig) -> str | None:
    """The page for reporting a mistake; None if the repository has no such page that we know of."""
    repository = config.repo_url
    return f"{repository.rstrip('/')}/issues/new" if repository and "github.com" in repository else None


def repository_of(config: MkDocsConfig) -> Repository:
    """The addresses of the sources on GitHub; unknown for other hosts, and if ``edit_uri`` does not name the branch, as
    ``edit/main/docs/`` does."""
    found = _ON_GITHUB.fullmatch((config.repo_url or "").rstrip("/"))
    if found is None:
        return Repository()
    branch = _EDIT.fullmatch(config.edit_uri or "")
    folder = f"{found[0]}/tree/{branch['path'].rstrip('/')}/" if branch else ""
    return Repository(folder, f"https://codespaces.new/{found['name']}")


def root_of(config: MkDocsConfig) -> Path:
    """The folder of ``mkdocs.yml``."""
    return Path(config.config_file_path or ".").parent
