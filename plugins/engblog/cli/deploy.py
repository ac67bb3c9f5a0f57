"""Publishing: ``deploy`` and ``rollback``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engblog.cli.host import QUIET, ask_host
from engblog.contract.waivers import ALLOWED_ONCE, Check, read_allowed
from engblog.publish.deploy import Deployment, RefusedError, Survey
from engblog.publish.rollback import roll_back
from engblog.publish.target import CALLER, Command, DeployError, DeploySettings, reported

if TYPE_CHECKING:
    from engblog.cli.commands import Commands


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    deploy = commands.add_parser("deploy", help="build the site and push it to its pages branch")
    deploy.add_argument(
        "--dry-run", action="store_true", help="build, and show what would change and what would stop it"
    )
    deploy.add_argument(
        "--allow", action="append", default=[], metavar="NAME", help="waive a check by its name; may be repeated"
    )
    deploy.add_argument("--message", help="the commit's first line; {sha} and {version} are filled in")
    _add_target(deploy)
    deploy.set_defaults(run=_deploy)

    rollback = commands.add_parser("rollback", help="make an earlier deployment live again")
    rollback.add_argument(
        "commit",
        nargs="?",
        metavar="COMMIT",
        help="on the pages branch, or the one it was built from (the previous one)",
    )
    rollback.add_argument("--dry-run", action="store_true", help="show what would change")
    _add_target(rollback)
    rollback.set_defaults(run=_rollback)


def _add_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--history", choices=("one", "keep"), help="keep one commit, or add one on top (deploy_history)"
    )
    parser.add_argument("--remote", help="the git remote's name (remote_name in mkdocs.yml)")
    parser.add_argument("--branch", help="the pages branch (remote_branch in mkdocs.yml)")


def _deploy(options: argparse.Namespace) -> int:
    names, wrong = read_allowed(options.allow)
    if wrong:
        raise DeployError("; ".join(wrong))
    environment = _environment(names)
    settings = _settings(options, environment)
    with reported(), tempfile.TemporaryDirectory(prefix="engblog-site-", ignore_cleanup_errors=True) as scratch:
        deployment = Deployment(settings, _say)
        try:
            refused = _preflight(deployment, go_on=options.dry_run)
            survey = deployment.survey(_build(options.config, Path(scratch) / "site", environment))
            if options.dry_run:
                return _would(deployment, survey, refused)
            deployment.judge(survey)
            deployment.publish(survey, options.message)
        finally:
            deployment.close()
    return 0


def _preflight(deployment: Deployment, *, go_on: bool) -> list[str]:
    try:
        deployment.preflight()
    except RefusedError as refused:
        if not go_on:
            raise
        return [*refused.told]
    return []


def _would(deployment: Deployment, survey: Survey, refused: list[str]) -> int:
    try:
        deployment.judge(survey)
    except RefusedError as more:
        refused = [*refused, *more.told]
    for line in survey.changes.lines():
        print(line)
    if refused:
        print("engblog: the site would not be deployed:\n" + "\n".join(refused), file=sys.stderr)
        return 1
    print(deployment.outlook(survey))
    return 0


def _rollback(options: argparse.Namespace) -> int:
    settings = _settings(options, _environment(frozenset()))
    roll_back(settings, options.commit, _say, dry_run=options.dry_run)
    return 0


def _environment(allow: frozenset[Check]) -> dict[str, str]:
    """The environment of the host, which tells it about checks that are waived beyond those in its configuration."""
    given = [name for name in os.environ.get(ALLOWED_ONCE, "").split(",") if name.strip()]
    names = ",".join([*given, *sorted(check.value for check in allow)])
    waived = {ALLOWED_ONCE: names} if names else {}
    return {**os.environ, **QUIET, CALLER: Command.ENGBLOG.value, **waived}


def _settings(options: argparse.Namespace, environment: dict[str, str]) -> DeploySettings:
    settings = DeploySettings.from_plain(ask_host("ask", options.config, environment))
    return replace(
        settings,
        command=Command.ENGBLOG,
        history=options.history or settings.history,
        remote=options.remote or settings.remote,
        pages_branch=options.branch or settings.pages_branch,
    )


def _build(config: Path, site: Path, environment: dict[str, str]) -> Path:
    """Build the site into the folder *site*, in strict mode; the host itself prints what goes wrong.

    Never with ``--quiet``: MkDocs does not count the warnings that it does not show, and strict mode lets them pass.
    """
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(site)]
    if subprocess.run(command, env=environment, check=False).returncode:
        raise DeployError("the build failed, see above; nothing was deployed")
    return site


def _say(line: str) -> None:
    print(line, flush=True)
