"""A remote's answer to a push: its own words, which branch it refused and why, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from engblog.publish.compare import terminal_safe
from engblog.publish.git import without_credentials
from engblog.publish.rules import PREVIOUS

_REFUSED = re.compile(
    r"^!\t[^\t]*:(?P<ref>[^\t:]+)\t(?P<word>\[[^]]*\])[ \t\r]*+(?:\((?P<reason>.*)\)[ \t\r]*+)?$", re.MULTILINE
)
_COLLATERAL = re.compile(r"atomic (push|transaction) fail", re.IGNORECASE)
"""The reason that git gives for a branch with which nothing was wrong."""
_LEAST_TOLD = ("remote:", "fatal:", "error:", "ERROR:")


class Cause(Enum):
    """Why a remote refuses a deployment, as far as its words tell: how to recognize it, and what to do.

    The first that fits is the cause; ``documentation/deploying.md`` has them all, by their names.
    """

    ONLY_BRANCHES = "only-branches"
    NO_ATOMIC = "no-atomic"
    SECRETS = "secrets"
    TOO_LARGE = "too-large"
    UNSIGNED = "unsigned"
    NO_FORCE = "no-force"
    ARCHIVED = "archived"
    PROTECTED = "protected"
    CHECKED_OUT = "checked-out"
    NO_RIGHT = "no-right"
    REMOTE_HOOK = "remote-hook"


_SAYS: tuple[tuple[Cause, str], ...] = (
    (Cause.NO_ATOMIC, r"does not support --atomic push"),
    # GitHub's push protection
    (Cause.SECRETS, r"Push cannot contain secrets|GITHUB PUSH PROTECTION"),
    # GitHub; `receive.maxInputSize`; GitLab and others
    (Cause.TOO_LARGE, r"\bGH001\b|exceeds GitHub's|exceeds maximum allowed size|larger than the allowed|too large"),
    # GitHub; GitLab's push rules; Gitea and Forgejo
    (Cause.UNSIGNED, r"must have (verified|valid) signatures|must be signed|(unsigned|unverified) commit"),
    # `receive.denyNonFastForwards`; GitHub, in three wordings; GitLab; Gitea and Forgejo; Azure DevOps; Gerrit
    (
        Cause.NO_FORCE,
        r"denying non-fast-forward|\(non-fast-forward\)|cannot force-push|not allowed to force push|"
        r"protected from force push|'?ForcePush'? permission|not permitted: force",
    ),
    (Cause.ARCHIVED, r"archived so it is read-only|project (is|was) archived|repository (is|was) archived"),
    # GitHub's protected branches and its rules; GitLab; Gitea and Forgejo
    (
        Cause.PROTECTED,
        r"\bGH006\b|\bGH013\b|protected branch|rule violations|is protected|push to protected|through a pull request",
    ),
    (Cause.CHECKED_OUT, r"currently checked out"),
    # GitHub; GitLab; read-only keys; HTTP
    (
        Cause.NO_RIGHT,
        r"Permission to .* denied|not allowed to push|marked as read only|does not have write access|"
        r"Write access to repository not granted|insufficient permission|Permission denied|returned error: 40[13]",
    ),
    (Cause.REMOTE_HOOK, r"hook declined|declined"),
)


@dataclass(frozen=True, slots=True)
class Means:
    """Words of the command that deploys, for advice."""

    branch: str
    """The pages branch."""
    keep: str
    """The options that keep the history."""
    other_branch: str
    """The options that name another pages branch."""


def cause_of(out: str, said: str) -> Cause | None:
    """The cause of a refusal, from git's ``--porcelain`` output and its standard error; None if it is not known."""
    refused = [(each["ref"], each["reason"] or "") for each in _REFUSED.finditer(out)]
    guilty = [(ref, reason) for ref, reason in refused if not _COLLATERAL.search(reason)]
    if guilty and all(ref == PREVIOUS for ref, _ in guilty):
        return Cause.ONLY_BRANCHES
    text = "\n".join([said, *(f"({reason})" for _, reason in guilty)])
    return next((cause for cause, pattern in _SAYS if re.search(pattern, text, re.IGNORECASE)), None)


def what_to_do(cause: Cause, means: Means) -> str:
    """Explain *cause* and, on the next line, say what to do about it."""
    branch, keep = means.branch, means.keep
    why, remedy = {
        Cause.ONLY_BRANCHES: (
            f"the remote accepts only branches, and not {PREVIOUS}, where the replaced deployment would stay",
            f"keep the history on the branch instead: {keep}",
        ),
        Cause.NO_ATOMIC: (
            f"the remote cannot move {branch} and {PREVIOUS} in one step",
            f"keep the history on the branch instead, so that only the branch moves: {keep}",
        ),
        Cause.SECRETS: (
            "the host takes something in the site for a password or a token",
            "remove it from the sources; if it is harmless, allow it at the address that the host names",
        ),
        Cause.TOO_LARGE: (
            "a file of the site, or the whole push, is larger than the remote accepts",
            "make it smaller, or serve it from elsewhere",
        ),
        Cause.UNSIGNED: (
            "the remote wants signed commits, and the commit of a deployment is not signed",
            f"exempt {branch} from that rule in the remote's settings",
        ),
        Cause.NO_FORCE: (
            f"the remote forbids forced pushes to {branch}, but with `deploy_history: one` each deployment replaces "
            "the commit before it",
            f"keep the history instead: {keep}; or allow forced pushes to {branch} in the remote's settings",
        ),
        Cause.ARCHIVED: (
            "the repository is archived, and nobody can push to it",
            "ask its owner to unarchive it, or deploy to another remote",
        ),
        Cause.PROTECTED: (
            f"the remote protects {branch} from this push",
            "let your account push to it in the remote's settings for protected branches or rules, or deploy to "
            f"another branch: {means.other_branch}",
        ),
        Cause.CHECKED_OUT: (
            f"the remote is not bare, and {branch} is checked out in its folder",
            "push to a bare repository, or check out another branch there",
        ),
        Cause.NO_RIGHT: (
            "the key, token or password that git has used may not push to this repository",
            "use one that may, or ask the repository's owner for write access",
        ),
        Cause.REMOTE_HOOK: (
            "a hook of the remote refuses the push",
            "only its own words above can say why; ask whoever runs the remote if they do not",
        ),
    }[cause]
    return f"{why}\n    {remedy}"


def words_of_push(out: str, said: str) -> str:
    """The lines of git's output about a failed push that matter: the remote's own, git's errors, refused branches."""
    lines = [line.strip() for line in [*out.splitlines(), *said.splitlines()]]
    told = [line for line in lines if line.startswith(("!", *_LEAST_TOLD))] or [line for line in lines if line]
    told = [line for line in told if not (line.startswith("!") and _COLLATERAL.search(line))] or told
    return "\n    ".join(terminal_safe(without_credentials(line.replace("\t", " "))) for line in told)


def words_of_remote(said: str) -> Iterator[str]:
    """The lines that the remote's hooks and the host have printed during a push, each after ``remote:``."""
    for line in said.splitlines():
        if line.startswith("remote:") and line.removeprefix("remote:").strip():
            yield terminal_safe(without_credentials(line.rstrip().expandtabs()))
