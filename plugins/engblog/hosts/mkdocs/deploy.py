"""``mkdocs gh-deploy``: checked before and after the build, and pushed by our own code."""

from __future__ import annotations

import errno
import logging
import sys
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from engblog.hosts.mkdocs.options import EngblogOptions
from engblog.hosts.mkdocs.reads import HOST, sources_of_build
from engblog.model.errors import EngblogError
from engblog.publish.deploy import Deployment
from engblog.publish.rules import CNAME, History, read_cname
from engblog.publish.target import Command, DeploySettings, reported

log = logging.getLogger("mkdocs.plugins.engblog")

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})


class Deploy:
    """One run of ``mkdocs gh-deploy``, from its preflight to the push."""

    site: Path | None = None
    """The folder of the finished site; None until the build has succeeded."""

    def __init__(self, options: EngblogOptions, config: MkDocsConfig, *, dirty: bool) -> None:
        """Make the preflight checks. Raises ``PluginError`` with every reason not to deploy."""
        given = _given()
        history: History = "one" if given.get("no_history") else options.deploy_history  # type: ignore[assignment]
        try:
            with reported():
                self._deployment = Deployment(deploy_settings(config, options, history), log.info)
                try:
                    self._deployment.preflight(force=bool(given.get("force")), dirty_build=dirty)
                except BaseException:
                    self._deployment.close()
                    raise
        except EngblogError as error:
            raise PluginError(str(error)) from None

    def end(self) -> None:
        """Deploy the built site and end the command before MkDocs pushes as well. If the build failed, do nothing.

        Raises ``PluginError`` if the site is not deployed.
        """
        try:
            if self.site is not None and sys.exc_info()[0] is None:
                with reported():
                    self._push(self.site)
        except EngblogError as error:
            raise PluginError(str(error)) from None
        finally:
            self._deployment.close()

    def _push(self, site: Path) -> None:
        survey = self._deployment.survey(site)
        self._deployment.judge(survey)
        context = click.get_current_context(silent=True)
        if context is None:
            # Called as a function, so the caller pushes. That would lose a domain that only the live site has.
            if CNAME in survey.files and not (site / CNAME).exists():
                (site / CNAME).write_text(f"{self._deployment.domain}\n", encoding="utf-8")
            return
        self._deployment.publish(survey, _given().get("message"))
        context.exit(0)


def deploy_settings(config: MkDocsConfig, options: EngblogOptions, history: History | None = None) -> DeploySettings:
    """The settings for deploying the site of *config*."""
    docs = Path(config.docs_dir)
    custom = Path(config.theme.custom_dir) if config.theme.custom_dir else None
    sources = sources_of_build(config, options)
    return DeploySettings(
        **{field.name: getattr(sources, field.name) for field in fields(sources)},
        site_url=config.site_url or "",
        cname=_cname(docs, custom),
        articles_dir=options.articles_dir,
        source_branch=options.deploy_branch,
        pages_branch=config.remote_branch,
        remote=config.remote_name,
        history=history or options.deploy_history,  # type: ignore[arg-type]
        allow=options.allow,
        host_version=version("mkdocs"),
        command=Command(HOST),
    )


def no_room(error: Exception) -> str | None:
    """A message for an *error* of the disk that ended a build; None for any other error."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        place = f": {error.filename}" if error.filename else ""
        return f"The site could not be written: {error.strerror}{place}. The last good site is unchanged."
    return None


def _given() -> dict[str, Any]:
    """The command's own options; empty if it was called as a function."""
    context = click.get_current_context(silent=True)
    return dict(context.params) if context else {}


def _cname(docs: Path, custom: Path | None) -> str | None:
    for folder in (docs, custom):
        if folder is not None and (folder / CNAME).is_file():
            return read_cname((folder / CNAME).read_bytes())
    return None
