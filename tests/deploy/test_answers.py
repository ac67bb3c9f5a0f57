"""What a remote refuses is explained by its true cause: with git's own settings, and in the words of the hosts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from engblog.publish.answers import Cause, Means, cause_of, what_to_do, words_of_push
from engblog.publish.rollback import roll_back
from engblog.publish.target import Command, DeployError
from support.hosts import REPOSITORY
from support.remotes import Place, git

REF = "refs/heads/gh-pages"


def explained(cause: Cause, command: Command = Command.ENGBLOG) -> str:
    return what_to_do(cause, Means("gh-pages", command.keep, command.other_branch))


# What git itself refuses


def _no_force(remote: Path) -> None:
    git(remote, "config", "receive.denyNonFastForwards", "true")


def _no_atomic(remote: Path) -> None:
    git(remote, "config", "receive.advertiseAtomic", "false")


def _checked_out(remote: Path) -> None:
    git(remote, "config", "core.bare", "false")
    git(remote, "symbolic-ref", "HEAD", REF)


def _small(remote: Path) -> None:
    git(remote, "config", "receive.maxInputSize", "100")


def _only_branches(remote: Path) -> None:
    hook(remote, "update", 'case "$1" in refs/heads/*) exit 0;; esac; exit 1')


def hook(remote: Path, name: str, script: str) -> None:
    path = remote / "hooks" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


SETTINGS = {
    Cause.NO_FORCE: _no_force,
    Cause.NO_ATOMIC: _no_atomic,
    Cause.CHECKED_OUT: _checked_out,
    Cause.TOO_LARGE: _small,
    Cause.ONLY_BRANCHES: _only_branches,
}
KEPT = {Cause.NO_FORCE, Cause.NO_ATOMIC, Cause.ONLY_BRANCHES}
"""The causes that a kept history removes."""


@pytest.mark.parametrize("cause", SETTINGS)
@pytest.mark.parametrize("command", list(Command))
def test_what_git_refuses_is_explained_and_what_is_advised_helps(
    live: Place, newer_site: Path, cause: Cause, command: Command
) -> None:
    before = git(live.remote, "for-each-ref")
    SETTINGS[cause](live.remote)
    with pytest.raises(DeployError) as raised:
        live.publish(newer_site, command=command)
    assert explained(cause, command) in str(raised.value)
    assert "origin/gh-pages is unchanged" in str(raised.value)
    assert git(live.remote, "for-each-ref") == before
    if cause in KEPT:
        live.publish(newer_site, history="keep")
        with pytest.raises(DeployError, match=re.escape(explained(cause).partition("\n")[0])):
            roll_back(live.settings(), None, lambda _: None)
        roll_back(live.settings(history="keep"), None, lambda _: None)
        assert live.tree() == live.tree("gh-pages~2")


@pytest.mark.parametrize("setting", ["transfer.hideRefs", "receive.hideRefs", "uploadpack.hideRefs"])
def test_a_remote_that_hides_other_refs_does_not_lose_what_is_replaced(
    live: Place, newer_site: Path, setting: str
) -> None:
    """Such a remote moves the branch, refuses the other ref, and calls that atomic."""
    before = live.tip()
    git(live.remote, "config", setting, "refs/engblog")
    with pytest.raises(DeployError) as raised:
        live.publish(newer_site)
    assert f"origin/gh-pages was put back to {before[:10]}" in str(raised.value)
    assert explained(Cause.ONLY_BRANCHES) in str(raised.value)
    assert live.tip() == before
    live.publish(newer_site, history="keep")
    roll_back(live.settings(history="keep"), None, lambda _: None)
    assert live.tree() == live.tree(before)


# What hosts refuse, in their own words

_GITHUB_RULES = (
    "error: GH013: Repository rule violations found for refs/heads/gh-pages.\n"
    "Review all repository rules at https://github.com/ada/blog/rules?ref=refs%2Fheads%2Fgh-pages\n\n- {}\n"
)
_GITHUB = "error: GH006: Protected branch update failed for refs/heads/gh-pages.\n{}\n"
WORDS = {
    _GITHUB.format("error: Cannot force-push to this branch"): Cause.NO_FORCE,
    _GITHUB.format("error: Cannot force-push to a protected branch"): Cause.NO_FORCE,
    _GITHUB_RULES.format("Cannot force-push to this branch"): Cause.NO_FORCE,
    "GitLab: You are not allowed to force push code to a protected branch on this project.": Cause.NO_FORCE,
    "Forgejo: branch gh-pages is protected from force push": Cause.NO_FORCE,
    "TF401027: You need the Git 'ForcePush' permission to perform this action.": Cause.NO_FORCE,
    _GITHUB.format("error: At least 1 approving review is required by reviewers with write access."): Cause.PROTECTED,
    _GITHUB_RULES.format("Changes must be made through a pull request."): Cause.PROTECTED,
    "GitLab: You are not allowed to push code to protected branches on this project.": Cause.PROTECTED,
    "Gitea: Not allowed to push to protected branch gh-pages": Cause.PROTECTED,
    _GITHUB.format("error: Commits must have verified signatures."): Cause.UNSIGNED,
    "GitLab: Commit must be signed with a GPG key": Cause.UNSIGNED,
    "error: GH001: Large files detected. You may want to try Git Large File Storage.": Cause.TOO_LARGE,
    "error: GH013: Repository rule violations found\n- GITHUB PUSH PROTECTION\n- Push cannot contain secrets": (
        Cause.SECRETS
    ),
    "GitLab: You are not allowed to push code to this project.": Cause.NO_RIGHT,
    "Pages are frozen until Monday.": Cause.REMOTE_HOOK,
}


@pytest.mark.parametrize("words", WORDS)
def test_what_a_host_refuses_is_quoted_and_explained(live: Place, newer_site: Path, words: str) -> None:
    quoted = words.replace("'", "'\\''")
    hook(live.remote, "pre-receive", f"cat >/dev/null\nprintf '%s\\n' '{quoted}' >&2\nexit 1")
    with pytest.raises(DeployError) as raised:
        live.publish(newer_site)
    for line in words.splitlines():
        assert f"remote: {line}".strip() in str(raised.value)
    assert explained(WORDS[words]) in str(raised.value)


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("remote: Permission to ada/blog.git denied to grace.\nfatal: unable to access 'x'", Cause.NO_RIGHT),
        ("ERROR: The key you are authenticating with has been marked as read only.", Cause.NO_RIGHT),
        (
            "remote: Write access to repository not granted.\nfatal: The requested URL returned error: 403",
            Cause.NO_RIGHT,
        ),
        ("ERROR: This repository was archived so it is read-only.", Cause.ARCHIVED),
        ("fatal: unable to access 'https://x/': Could not resolve host: x", None),
        ("error: failed to push some refs to 'x'", None),
    ],
)
def test_what_is_refused_before_the_branches_is_explained_too(said: str, cause: Cause | None) -> None:
    assert cause_of("", said) is cause
    assert said.splitlines()[0] in words_of_push("", said)


def test_a_branch_that_only_goes_down_with_another_is_not_the_cause() -> None:
    out = (
        "!\tabc:refs/heads/gh-pages\t[remote rejected] (atomic push failure)\n"
        "!\tdef:refs/engblog/previous\t[remote rejected] (hook declined)\n"
    )
    assert cause_of(out, "error: failed to push some refs") is Cause.ONLY_BRANCHES
    assert "gh-pages" not in words_of_push(out, "")
    both = out.replace("atomic push failure", "pre-receive hook declined")
    assert cause_of(both, "remote: GitLab: You are not allowed to force push code") is Cause.NO_FORCE


def test_the_guide_explains_every_cause() -> None:
    guide = (REPOSITORY / "documentation/deploying.md").read_text()
    rows = re.findall(r"^\| `([a-z-]+)` \|", guide.partition("## When the remote refuses")[2], re.MULTILINE)
    assert rows == [cause.value for cause in Cause]
