"""People's own folders, settings and habits: what git is told to hide, Ctrl-C, hooks that hang, odd messages."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from engblog.contract.waivers import Check
from engblog.publish import remote as remote_module
from engblog.publish.deploy import Deployment
from engblog.publish.git import Git, GitError
from engblog.publish.rollback import roll_back
from engblog.publish.target import DeployError
from support.hosts import environ, snapshot
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


@pytest.mark.parametrize("history", ["one", "keep"])
def test_a_shallow_clone_of_every_branch_keeps_what_it_does_not_have(
    live: Place, newer_site: Path, history: str
) -> None:
    older = live.tree()
    live.commit({"docs/other.md": "# Other\n"})
    live.publish(newer_site, history="keep")
    newer = live.tree()
    git(live.root, "clone", "--quiet", "--depth=1", "--no-single-branch", live.remote.as_uri(), "shallow/clone")
    (live.root / "shallow/origin.git").symlink_to(live.remote)
    shallow = Place(live.root / "shallow")
    for tree in (older, newer):
        roll_back(shallow.settings(history=history), None, lambda _: None)
        assert live.tree() == tree
    assert "missing" not in git(live.remote, "fsck", "--strict", "--no-dangling")


@pytest.mark.parametrize("left_out", ["blob:none", "tree:0"])
def test_a_sparse_and_partial_clone_of_a_large_repository_fetches_once_and_not_each_file(
    live: Place, newer_site: Path, tmp_path: Path, left_out: str
) -> None:
    live.commit({f"shop/{number}.txt": f"{number}\n" for number in range(30)})
    for setting in ("allowFilter", "allowAnySHA1InWant"):
        git(live.remote, "config", f"uploadpack.{setting}", "true")
    git(
        live.root, "clone", "--quiet", f"--filter={left_out}", "--sparse", live.remote.as_uri(), "partial/clone"
    )  # fmt: skip
    (live.root / "partial/origin.git").symlink_to(live.remote)
    partial = Place(live.root / "partial")
    git(partial.clone, "sparse-checkout", "set", "docs", "theme")
    assert not (partial.clone / "shop").exists()
    before = live.tree()
    steps = [("deploy", "one"), ("roll back", "one"), ("deploy", "keep"), ("roll back", "keep")]
    for act, history in steps:
        trace = tmp_path / "trace"
        trace.unlink(missing_ok=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GIT_TRACE", str(trace))
            if act == "deploy":
                partial.publish(newer_site, history=history)
            else:
                roll_back(partial.settings(history=history), None, lambda _: None)
        assert trace.read_text().count("built-in: git fetch ") <= 8
    assert live.tree() == before
    assert git(partial.clone, "status", "--porcelain") == ""
    assert "missing" not in git(live.remote, "fsck", "--strict", "--no-dangling")


def test_a_work_tree_of_a_bare_repository_is_deployed(live: Place, newer_site: Path) -> None:
    (live.clone / ".git").rename(live.root / "bare.git")
    live.clone.rename(live.root / "before")
    git(live.root / "bare.git", "config", "core.bare", "true")
    git(live.root / "bare.git", "worktree", "add", "--quiet", "../clone", "main")
    live.publish(newer_site)
    assert "articles/2026/11/21/third/index.html" in live.files()
    (live.clone / "docs/new.md").write_text("# New\n")
    with pytest.raises(DeployError, match=r"docs/new\.md \(not in git\)"):
        preflight(live)
    bare = live.root / "bare.git"
    with pytest.raises(GitError, match="bare repository, without a work tree: use a clone"):
        preflight(live, root=bare, published=(bare / "docs",))


def test_a_blog_that_is_a_submodule_is_deployed_from_its_own_repository(live: Place, newer_site: Path) -> None:
    git(live.root, "init", "--quiet", "super")
    allow = ("-c", "protocol.file.allow=always")
    git(live.root / "super", *allow, "submodule", "--quiet", "add", str(live.remote), "blog")
    git(live.root / "super/blog", "switch", "--quiet", "--detach")
    blog = live.root / "super/blog"
    settings = {"root": blog, "published": (blog / "docs", blog / "theme")}
    with pytest.raises(DeployError, match=r"detached-head: .*not on a branch"):
        preflight(live, **settings)
    (live.root / "super/other.txt").write_text("Of the larger repository.\n")
    live.publish(newer_site, **settings, allow=frozenset({Check.DETACHED_HEAD}))
    assert "articles/2026/11/21/third/index.html" in live.files()


def test_an_address_that_git_rewrites_is_rewritten_once_and_read_where_it_is_pushed_to(
    live: Place, newer_site: Path
) -> None:
    """A lease that was taken from one repository would guard nothing in another."""
    pushed = live.root / "pushed to.git"
    shutil.copytree(live.remote, pushed)
    git(live.clone, "remote", "set-url", "origin", "gh:ada/blog")
    git(live.clone, "config", f"url.{live.remote}.insteadOf", "gh:ada/blog")
    git(live.clone, "config", f"url.{pushed}.pushInsteadOf", "gh:ada/blog")
    git(live.clone, "config", f"url.{pushed}/once more.insteadOf", str(pushed))
    before = live.tip()
    said: list[str] = []
    live.publish(newer_site, said)
    assert live.tip() == before
    assert git(pushed, "rev-parse", "refs/engblog/previous") == before
    assert "articles/2026/11/21/third/index.html" in git(pushed, "ls-tree", "-r", "--name-only", "gh-pages")
    live.publish(newer_site, said)
    assert said[-1].startswith("nothing to do")


SETTINGS = {
    "push.default": "nothing", "push.followTags": "true", "push.gpgSign": "if-asked", "push.recurseSubmodules": "check",
    "push.useForceIfIncludes": "true", "branch.main.pushRemote": "nowhere", "remote.pushDefault": "nowhere",
    "remote.origin.mirror": "true", "remote.origin.push": "refs/heads/*", "fetch.fsckObjects": "true",
    "fetch.writeCommitGraph": "true", "fetch.prune": "true", "gc.auto": "1", "core.commentChar": ";",
    "status.showUntrackedFiles": "no", "status.relativePaths": "true", "status.branch": "true",
    "core.fsmonitor": "true",
        "submodule.recurse": "true", "log.showSignature": "true", "color.ui": "always", "core.untrackedCache": "true",
    "diff.noprefix": "true", "format.pretty": "%s", "log.date": "relative", "core.splitIndex": "true",
    "core.sharedRepository": "group", "extensions.worktreeConfig": "true", "core.quotePath": "false",
    "core.bigFileThreshold": "1k", "commit.gpgSign": "true", "core.logAllRefUpdates": "always",
}  # fmt: skip


def test_no_setting_of_a_person_changes_what_is_deployed_or_leaves_a_trace(live: Place, newer_site: Path) -> None:
    git(live.clone, "tag", "--annotate", "--message", "One", "v1")
    more = live.root / "more"
    for key, value in SETTINGS.items():
        git(live.clone, "config", "--file", str(more), key, value)
    git(live.clone, "config", f"includeIf.gitdir:{live.clone}/.path", str(more))
    assert git(live.clone, "config", "push.default") == "nothing"
    before = snapshot(live.clone / ".git")
    said: list[str] = []
    live.publish(newer_site, said)
    assert "the commit on the pages branch is not signed: `commit.gpgSign` is for the commits of sources" in said
    assert snapshot(live.clone / ".git") == before
    refs = git(live.remote, "for-each-ref", "--format=%(refname)").splitlines()
    assert refs == ["refs/engblog/previous", "refs/heads/gh-pages", "refs/heads/main"]
    (live.clone / "docs/new.md").write_text("# New\n")
    with pytest.raises(DeployError, match=r"docs/new\.md \(not in git\)"):
        preflight(live)


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
