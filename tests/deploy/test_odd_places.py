"""People's own folders, settings and habits: what git is told to hide, Ctrl-C, hooks that hang, odd messages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from engblog.publish import remote as remote_module
from engblog.publish.deploy import Deployment
from engblog.publish.git import Git, GitError
from engblog.publish.rollback import roll_back
from engblog.publish.target import DeployError
from support.hosts import environ
from support.patience import PATIENCE
from support.remotes import IDENTITY, Place, git

DOMAIN = "blog.example.org"


def preflight(place: Place, **changes: object) -> None:
    """The preflight alone."""
    deployment = Deployment(place.settings(**changes), lambda _: None)
    try:
        deployment.preflight()
    finally:
        deployment.close()


def hook(folder: Path, name: str, script: str) -> None:
    """Give the repository whose folder of git is *folder* a hook."""
    (folder / "hooks").mkdir(exist_ok=True)
    (folder / "hooks" / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / "hooks" / name).chmod(0o755)


def test_a_submodule_that_git_was_told_to_ignore_counts(fresh: Place) -> None:
    theirs = fresh.root / "theirs"
    theirs.mkdir()
    (theirs / "page.md").write_text("# Theirs\n")
    git(theirs, "init", "--quiet")
    git(theirs, "add", "--all")
    git(theirs, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "--message", "First")
    git(fresh.clone, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(theirs), "docs/theirs")
    git(fresh.clone, "config", "--file", ".gitmodules", "submodule.docs/theirs.ignore", "all")
    fresh.commit({})
    preflight(fresh)
    (fresh.clone / "docs/theirs/page.md").write_text("# Changed\n")
    with pytest.raises(DeployError, match=r"dirty-tree: .*docs/theirs \(changed\)"):
        preflight(fresh)


def test_a_site_in_a_folder_that_git_ignores_is_in_no_commit(fresh: Place) -> None:
    sub = fresh.clone / "blog"
    sub.mkdir()
    for name in ("docs", "theme", "mkdocs.yml"):
        (fresh.clone / name).rename(sub / name)
    fresh.commit({".gitignore": "/blog/\n"})
    with pytest.raises(DeployError, match=r"dirty-tree: .*blog/ \(ignored by git, and published by a build\)"):
        preflight(fresh, root=sub, published=(sub / "docs", sub / "theme"))


def test_a_shallow_clone_deploys_and_is_left_as_it_was(live: Place, newer_site: Path) -> None:
    for number in range(3):
        live.commit({"docs/other.md": f"# Other {number}\n"})
    git(live.root, "clone", "--quiet", "--depth=1", live.remote.as_uri(), "shallow/clone")
    (live.root / "shallow/origin.git").symlink_to(live.remote)
    shallow = Place(live.root / "shallow")
    before = (shallow.clone / ".git/shallow").read_text()
    shallow.publish(newer_site)
    assert "articles/2026/11/21/third/index.html" in live.files()
    assert (shallow.clone / ".git/shallow").read_text() == before
    assert git(shallow.clone, "rev-list", "--count", "HEAD") == "1"


def test_a_domain_that_the_build_leaves_out_is_not_lost(live: Place) -> None:
    config = (live.clone / "mkdocs.yml").read_text().replace("mini.example/blog/", f"{DOMAIN}/")
    live.push_pages({"CNAME": f"{DOMAIN}\n"})
    live.commit({"mkdocs.yml": f"exclude_docs: CNAME\n{config}", "docs/CNAME": f"{DOMAIN}\n"})
    done = live.run("engblog")
    assert done.returncode == 1, done.stdout
    assert f"cname: the built site's CNAME says nothing, but it should say {DOMAIN}" in done.stdout
    assert live.show("CNAME") == DOMAIN


def test_a_domain_that_was_set_in_githubs_settings_is_no_deployment_to_go_back_by(
    live: Place, newer_site: Path
) -> None:
    older = live.tree()
    live.commit({"docs/other.md": "# Other\n"})
    live.publish(newer_site)
    live.push_pages({"CNAME": DOMAIN}, message="Create CNAME")
    roll_back(live.settings(), None, lambda _: None)
    assert live.show("CNAME") == DOMAIN
    assert "articles/2026/11/21/third/index.html" not in live.files()
    assert set(live.files()) - {"CNAME"} == set(git(live.remote, "ls-tree", "-r", "--name-only", older).splitlines())


@pytest.mark.parametrize("message", ["{sha[x]}", "{sha.x}", "{0}", "{"])
def test_a_message_that_cannot_be_filled_in_is_refused(live: Place, newer_site: Path, message: str) -> None:
    live.commit({"docs/other.md": "# Other\n"})
    before = live.tip()
    deployment = Deployment(live.settings(), lambda _: None)
    try:
        with pytest.raises(DeployError, match="has a brace"):
            deployment.publish(deployment.survey(newer_site), message)
    finally:
        deployment.close()
    assert live.tip() == before


@pytest.mark.parametrize(
    ("message", "first"),
    [
        ("  \n", "Deploy "),
        ("ü ✓ \"'`$(x)", "ü ✓ \"'`$(x)"),
        ("\udcff", "?"),
        ("Mine\n\nSource-Commit: deadbeefdeadbeef", "Mine"),
    ],
)
def test_an_odd_message_is_kept_and_the_source_is_still_known(
    live: Place, newer_site: Path, message: str, first: str
) -> None:
    git(live.clone, "config", "i18n.commitEncoding", "latin1")
    git(live.clone, "config", "commit.gpgSign", "true")
    source = git(live.clone, "rev-parse", "HEAD")
    deployment = Deployment(live.settings(), lambda _: None)
    try:
        deployment.publish(deployment.survey(newer_site), message)
    finally:
        deployment.close()
    assert git(live.remote, "log", "-1", "--format=%s", "gh-pages").startswith(first)
    again = Deployment(live.settings(), lambda _: None)
    try:
        assert f"built from {source[:10]}" in again.outlook(again.survey(newer_site))
    finally:
        again.close()


def test_a_folder_with_a_newline_in_its_name_is_deployed(live: Place, newer_site: Path) -> None:
    odd = live.root / "new\nline \"q' :dir"
    newer_site.rename(odd)
    try:
        live.publish(odd)
    finally:
        odd.rename(newer_site)
    assert "articles/2026/11/21/third/index.html" in live.files()


def test_what_git_says_of_a_folder_that_is_somebody_elses_is_said_whole(live: Place) -> None:
    done = live.run("engblog", GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    assert done.returncode == 1
    assert "dubious ownership" in done.stdout
    assert "git config --global --add safe.directory" in done.stdout


def test_a_remote_that_takes_branches_alone_is_told_of_the_other_history(live: Place, newer_site: Path) -> None:
    hook(live.remote, "update", 'case "$1" in refs/engblog/*) exit 1;; esac')
    with pytest.raises(DeployError, match="pass --history keep"):
        live.publish(newer_site)
    live.publish(newer_site, history="keep")
    done = live.run("engblog.cli rollback", "--history", "keep")
    assert done.returncode == 0, done.stdout
    assert "articles/2026/11/21/third/index.html" not in live.files()


def test_a_hook_of_the_remote_that_hangs_does_not_hang_us(
    live: Place, newer_site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(live.remote, "pre-receive", "exec sleep 60")
    monkeypatch.setattr(remote_module, "_MOVE_SECONDS", 2)
    before, begun = live.tip(), time.monotonic()
    with pytest.raises(DeployError, match=r"(?s)git push did not finish within 2 seconds.*check again") as raised:
        live.publish(newer_site)
    assert "origin/gh-pages is unchanged" in str(raised.value)
    assert time.monotonic() - begun < 60
    assert live.tip() == before


def test_git_is_stopped_after_the_seconds_that_it_has(live: Place) -> None:
    asked = Git(live.clone)
    try:
        with pytest.raises(GitError, match="git hash-object did not finish within 0 seconds"):
            asked.run("hash-object", "--stdin", data=b"x" * 50_000_000, seconds=0.01)
    finally:
        asked.close()


@pytest.mark.parametrize("command", ["deploy", "rollback"])
def test_ctrl_c_during_the_push_says_how_it_stands(live: Place, newer_site: Path, tmp_path: Path, command: str) -> None:
    live.publish(newer_site)
    at, scratch = tmp_path / "pushing", tmp_path / "tmp"
    scratch.mkdir()
    hook(live.clone / ".git", "pre-push", f'touch "{at}"; exec sleep 600')
    live.commit({"docs/articles/third/index.md": (live.clone / "docs/articles/first/index.md").read_text()}, push=False)
    git(live.clone, "push", "--quiet", "--no-verify", "origin", "main")
    before = live.tip()
    process = subprocess.Popen(
        [sys.executable, "-m", "engblog.cli", command],
        cwd=live.clone,
        env=environ(**{**IDENTITY, "TMPDIR": str(scratch), "ENGBLOG_ALLOW": "vanished-pages"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + PATIENCE
    while not at.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in said
    assert process.returncode == 1, said
    assert "origin/gh-pages is unchanged" in said
    assert live.tip() == before
    assert not [*scratch.glob("engblog-*")]


def test_ctrl_c_at_any_other_time_is_no_traceback(live: Place, tmp_path: Path) -> None:
    at = tmp_path / "building"
    late = (
        f"import pathlib, time\n\ndef on_env(env, **_):\n    pathlib.Path({str(at)!r}).touch()\n    time.sleep(600)\n"
    )
    live.commit({"hook.py": late, "mkdocs.yml": "hooks: [hook.py]\n" + (live.clone / "mkdocs.yml").read_text()})
    process = subprocess.Popen(
        [sys.executable, "-m", "engblog.cli", "deploy"],
        cwd=live.clone,
        env=environ(**IDENTITY, TMPDIR=str(tmp_path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + PATIENCE
    while not at.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in said
    assert process.returncode == 130, said
    assert "engblog: interrupted" in said
    assert not [*tmp_path.glob("engblog-*")]


def test_a_hook_of_the_host_that_is_broken_is_named(live: Place) -> None:
    (live.clone / "hook.py").write_text("1 / 0\n")
    config = live.clone / "mkdocs.yml"
    config.write_text("hooks: [hook.py]\n" + config.read_text())
    done = live.run("engblog.cli rollback")
    assert done.returncode == 1
    assert "hook.py:1: ZeroDivisionError: division by zero" in done.stdout
