"""The repository's `pre-push` hook runs as for any other push, and its words are heard; no other hook runs."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from engblog.publish.rollback import roll_back
from engblog.publish.target import DeployError
from support.hosts import snapshot
from support.remotes import COMMANDS, Place, git

SAYS = 'echo "to output"\necho "to errors" >&2\n'
HOOKS = (
    "applypatch-msg", "commit-msg", "post-applypatch", "post-checkout", "post-commit", "post-index-change",
    "post-merge", "post-receive", "post-rewrite", "post-update", "pre-applypatch", "pre-auto-gc", "pre-commit",
    "pre-merge-commit", "pre-rebase", "prepare-commit-msg", "push-to-checkout", "reference-transaction",
    "sendemail-validate", "update",
)  # fmt: skip
ONLY_HERE = {"GIT_ALTERNATE_OBJECT_DIRECTORIES"}
"""The one variable that a hook of a deployment has more: without it, it could not read the commit that is pushed."""


def hook(folder: Path, script: str, name: str = "pre-push") -> Path:
    """Write a hook into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}")
    path.chmod(0o755)
    return path


def hooks_of(place: Place) -> Path:
    return place.clone / ".git/hooks"


@pytest.mark.parametrize("command", [*COMMANDS, "engblog.cli rollback"])
@pytest.mark.parametrize("status", [0, 3])
def test_the_words_of_the_hook_are_heard(live: Place, newer_site: Path, command: str, status: int) -> None:
    live.commit({"docs/other.md": "# Other\n"})
    if "rollback" in command:
        live.publish(newer_site)
    path = hook(hooks_of(live), f"{SAYS}exit {status}\n")
    before = live.tip()
    done = live.run(command)
    assert done.returncode == (1 if status else 0), done.stdout
    assert (live.tip() == before) == bool(status)
    lead = f"the hook {path} " + ("refuses the push; it says:" if status else "says:")
    assert lead in done.stdout
    assert re.search(r"    to output\n.*    to errors\n", done.stdout)
    if status:
        assert "origin/gh-pages is unchanged" in done.stdout
        hook(hooks_of(live), SAYS)
        assert live.run(command).returncode == 0
        assert live.tip() != before


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 1\n", ["refuses the push; it says nothing, and its exit status is 1"]),
        ("kill -TERM $$\n", ["refuses the push; it says:\n        Terminated"]),
        ("printf '\\033[31mred\\033[0m \\033]0;title\\007 \\377\\n'; exit 1\n", ["red \\x1b]0;title\\x07 \ufffd"]),
        ("echo https://ada:secret@host/x; exit 1\n", ["https://host/x"]),
        ("seq 1 1000; exit 1\n", ["(800 lines before)\n", "        801\n", "        1000\n"]),
        ("cat >/dev/null; echo no >&2; exit 1\n", ["        no\n"]),
    ],
)  # fmt: skip
def test_a_hook_that_refuses_is_quoted_whatever_it_says(
    live: Place, newer_site: Path, script: str, said: list[str]
) -> None:
    hook(hooks_of(live), script)
    before = live.tip()
    with pytest.raises(DeployError) as raised:
        live.publish(newer_site)
    assert live.tip() == before
    for part in said:
        assert part in f"{raised.value}\n"
    assert "secret" not in str(raised.value)
    assert "\x1b" not in str(raised.value)


def test_a_hook_that_only_some_pushes_pass_does_not_hide_why_the_remote_refuses(live: Place, newer_site: Path) -> None:
    hook(hooks_of(live), SAYS)
    hook(live.remote / "hooks", "echo 'Frozen until Monday.' >&2; exit 1\n", "pre-receive")
    with pytest.raises(DeployError, match=r"(?s)remote: Frozen until Monday\..*to output") as raised:
        live.publish(newer_site)
    assert "refuses the push; it says" not in str(raised.value)


def test_the_words_of_the_remote_are_heard_when_it_accepts_the_push(live: Place, newer_site: Path) -> None:
    hook(live.remote / "hooks", "echo 'Thank you, \033[1mAda\033[0m.'\n", "post-receive")
    said: list[str] = []
    live.publish(newer_site, said)
    assert "remote: Thank you, \\x1b[1mAda\\x1b[0m." in said
    assert said[-1].startswith("deployed ")
    roll_back(live.settings(), None, said.append)
    assert len([line for line in said if line.startswith("remote: Thank you")]) == 2


# The environment of the hook


def spy(place: Place, folder: Path, name: str) -> str:
    """A hook that writes down what it sees, and reads the commit that is pushed as the tools do that check one."""
    place.root.joinpath(name).mkdir()
    here = place.root / name
    script = (
        f'env -0 | sort -z >"{here}/environment"\npwd >"{here}/folder"\nprintf "%s\\n" "$@" >"{here}/arguments"\n'
        f'cat >"{here}/refs"\nread local oid rest <"{here}/refs"\n'
        f'git rev-list --objects "$oid" --not "--remotes=$1" >"{here}/objects" || exit 9\n'
        f'git status --porcelain >"{here}/status"\n'
    )
    hook(folder, script)
    return script


def seen(place: Place, name: str) -> tuple[dict[str, str], list[str], str]:
    """The environment that the hook saw, its arguments, and its folder."""
    here = place.root / name
    pairs = (here / "environment").read_text().rstrip("\0").split("\0")
    environment = dict(pair.split("=", 1) for pair in pairs)
    return environment, (here / "arguments").read_text().split("\n")[:-1], (here / "folder").read_text().strip()


def push_as_usual(folder: Path) -> None:
    command = ["git", "push", "--quiet", "origin", "HEAD:refs/heads/as-usual"]
    # readline has put variables into this process that `os.environ` does not know.
    subprocess.run(command, cwd=folder, env=dict(os.environ), check=True, capture_output=True)


@pytest.mark.parametrize("where", ["clone", "worktree", "called by git", "settings of CI"])
def test_the_hook_sees_what_it_sees_in_any_other_push(
    live: Place, newer_site: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = live.clone
    git(live.clone, "commit", "--quiet", "--allow-empty", "--message", "More")
    git(live.clone, "push", "--quiet", "origin", "main")
    if where == "worktree":
        git(live.clone, "switch", "--quiet", "--detach")
        folder = live.root / "work tree"
        git(live.clone, "worktree", "add", "--quiet", str(folder), "main")
    elif where == "settings of CI":
        for name, value in {"COUNT": "1", "KEY_0": "http.extraHeader", "VALUE_0": "Authorization: x"}.items():
            monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
        monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.abbrev=12'")
    spy(live, hooks_of(live), "as-usual")
    push_as_usual(folder)
    usual = seen(live, "as-usual")
    spy(live, hooks_of(live), "deployed")
    published = (folder / "docs", folder / "theme")
    with monkeypatch.context() as patch:
        if where == "called by git":
            for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"):
                patch.setenv(name, str(live.root / "nowhere"))
        live.publish(newer_site, root=folder, published=published)
    environment, arguments, at = seen(live, "deployed")
    assert {name: value for name, value in environment.items() if name not in ONLY_HERE} == usual[0]
    assert arguments == usual[1]
    assert (at, at) == (usual[2], str(folder.resolve()))
    objects = (live.root / "deployed/objects").read_text()
    assert live.tip() in objects
    assert "articles/2026/11/21/third/index.html" in objects
    refs = [line.split() for line in (live.root / "deployed/refs").read_text().splitlines()]
    assert refs[0][1:] == [live.tip(), "refs/heads/gh-pages", live.tip(PREVIOUS)]
    assert refs[1][1:3] == [live.tip(PREVIOUS), PREVIOUS]
    assert (live.root / "deployed/status").read_text() == ""


PREVIOUS = "refs/engblog/previous"


def test_what_the_hook_writes_into_the_repository_stays_there(live: Place, newer_site: Path) -> None:
    """A hook may commit. Its objects must not go where ours are, which is removed."""
    hook(
        hooks_of(live),
        'echo noted >note\ngit add note\ngit -c user.name=Ada -c user.email=a@b.c commit -q -m Noted || exit 8\n'
        "git branch pushed \"$(git hash-object -w note >/dev/null; git rev-parse HEAD)\"\n",
    )  # fmt: skip
    live.publish(newer_site)
    assert git(live.clone, "log", "-1", "--format=%s") == "Noted"
    assert git(live.clone, "show", "pushed:note") == "noted"
    assert "missing" not in git(live.clone, "fsck", "--strict", "--no-dangling")
    assert git(live.clone, "status", "--porcelain") == ""


# Where the hook is


@pytest.mark.parametrize("where", ["relative", "absolute", "husky", "worktree config", "included", "global"])
def test_the_hook_is_the_one_that_git_would_run(
    live: Place, newer_site: Path, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(hooks_of(live), "echo the wrong one; exit 1\n")
    folder = live.clone / "tools/our hooks"
    path = hook(folder, "echo the right one\n")
    set_ = ["config", "core.hooksPath"]
    if where == "relative":
        git(live.clone, *set_, "tools/our hooks")
    elif where == "husky":
        path = hook(live.clone / ".husky/_", '. "$(dirname -- "$0")/h"\n')
        (path.parent / "h").write_text('sh -e "$(dirname -- "$(dirname -- "$0")")/${0##*/}" "$@"\n')
        hook(live.clone / ".husky", "echo the right one\n")
        git(live.clone, *set_, ".husky/_")
    elif where == "worktree config":
        git(live.clone, "config", "extensions.worktreeConfig", "true")
        git(live.clone, "config", "--worktree", "core.hooksPath", str(folder))
    elif where in {"included", "global"}:
        (tmp_path / "more").write_text(f'[core]\n\thooksPath = "{folder}"\n')
        if where == "included":
            git(live.clone, "config", f"includeIf.gitdir:{live.clone}/.path", str(tmp_path / "more"))
        else:
            monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "more"))
    else:
        git(live.clone, *set_, str(folder))
    git(live.clone, "add", "--all")
    git(live.clone, "commit", "--quiet", "--allow-empty", "--message", "Hooks")
    git(live.clone, "push", "--quiet", "--no-verify", "origin", "main")
    said: list[str] = []
    live.publish(newer_site, said)
    assert f"the hook {path} says:" in said
    assert "    the right one" in said


def test_a_hook_without_a_first_line_is_run_by_the_shell(live: Place, newer_site: Path) -> None:
    hook(hooks_of(live), "").write_text("echo plain\n")
    said: list[str] = []
    live.publish(newer_site, said)
    assert "    plain" in said


def test_a_hook_that_may_not_be_run_is_named(live: Place, newer_site: Path) -> None:
    path = hook(hooks_of(live), "exit 1\n")
    path.chmod(0o644)
    said: list[str] = []
    live.publish(newer_site, said)
    assert f"the hook {path} is ignored, because the file is not executable" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_no_other_hook_runs_and_no_monitor_is_asked(live: Place, command: str) -> None:
    log = live.root / "log"
    for name in (*HOOKS, "fsmonitor-watchman"):
        hook(hooks_of(live), f'echo {name} >>"{log}"\n', name)
    live.commit({"docs/other.md": "# Other\n"})
    git(live.clone, "config", "core.fsmonitor", ".git/hooks/fsmonitor-watchman")
    assert "pre-commit" in log.read_text()
    log.unlink()
    before = snapshot(live.clone / ".git")
    done = live.run(command)
    assert done.returncode == 0, done.stdout
    assert not log.exists()
    assert snapshot(live.clone / ".git") == before
