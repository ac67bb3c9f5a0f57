"""Whatever happens, readers see the old site or the new one: two deployers, kills, full disks, remotes that say no."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from engblog.contract.waivers import Check
from engblog.lab.process import wait_until
from engblog.publish.deploy import Deployment
from engblog.publish.target import DeployError
from support.hosts import environ, snapshot
from support.patience import PATIENCE
from support.remotes import COMMANDS, IDENTITY, Place, git

TESTS = Path(__file__).parents[1]


def start(
    live: Place, *arguments: str, session: bool = False, limit: int | None = None, **environment: str
) -> subprocess.Popen[str]:
    """Start a deployment in a process of its own; *limit* is the size in bytes that no file may pass, as on a full
    disk."""
    path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    limited = ["sh", "-c", f'ulimit -f {limit // 512}; exec "$@"', "sh"] if limit is not None else []
    return subprocess.Popen(
        [*limited, sys.executable, "-m", *arguments],
        cwd=live.clone,
        env=environ(**{**IDENTITY, "PYTHONPATH": path, **environment}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=session,
    )


def deployer(live: Place, site: Path, *wait: Path, **how: object) -> subprocess.Popen[str]:
    """Start the engine alone, to deploy *site*."""
    return start(live, "support.deployer", str(live.root), str(site), *map(str, wait), **how)  # type: ignore[arg-type]


def finished(process: subprocess.Popen[str]) -> int:
    """Wait for *process* to end by itself; its status."""
    process.communicate(timeout=PATIENCE)
    return process.returncode


def variant(site: Path, folder: Path, name: str) -> Path:
    """A copy of *site* that says *name* on a page of its own."""
    shutil.copytree(site, folder)
    (folder / "variant.txt").write_text(f"{name}\n" * 200)
    return folder


def hook(live: Place, name: str, script: str) -> Path:
    """Give the remote a hook."""
    path = live.remote / "hooks" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


# Two deployers at once


def test_of_two_deployers_one_wins_and_the_other_is_told_who_and_what(live: Place, newer_site: Path) -> None:
    old = live.tip()
    mine, theirs = live, live.another()
    git(theirs.clone, "config", "user.name", "Grace Hopper")
    said: list[str] = []
    deployments = []
    for each in (mine, theirs):
        deployment = Deployment(each.settings(), said.append)
        deployment.preflight()
        deployments.append((deployment, deployment.survey(newer_site)))
    (mine.clone / "site/mine.txt").write_text("Mine.\n")
    late, first = (deployments[0][0], deployments[0][0].survey(mine.clone / "site")), deployments[1]
    first[0].publish(first[1])
    won = live.tip()
    with pytest.raises(DeployError) as raised:
        late[0].publish(late[1])
    assert f"that is live now: {won[:10]} of 2026-12-01 12:00 UTC by Grace Hopper, built from" in str(raised.value)
    assert "run the command again" in str(raised.value)
    assert (live.tip(), live.tip("refs/engblog/previous")) == (won, old)
    for deployment, _ in deployments:
        deployment.close()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_deployment_that_arrives_while_the_push_is_under_way_is_not_overwritten(
    live: Place, newer_site: Path, tmp_path: Path, command: str
) -> None:
    """The last moment: git has asked the remote where its branches are, and runs ``pre-push`` before it sends."""
    theirs = live.another()
    log = tmp_path / "log"
    hook = live.clone / ".git/hooks/pre-push"
    hook.write_text(
        f'#!/bin/sh\ncd "{theirs.clone}"\nPYTHONPATH="{TESTS}:$PYTHONPATH" exec "{sys.executable}" '
        f'-m support.deployer "{theirs.root}" "{newer_site}" >"{log}" 2>&1\n'
    )
    live.commit({"docs/other.md": "# Other\n"})
    git(theirs.clone, "pull", "--quiet")
    hook.chmod(0o755)
    done = live.run(command)
    assert log.read_text().count("deployed") == 1, log.read_text()
    assert done.returncode == 1, done.stdout
    assert "somebody else has deployed in the meantime, and that is live now: " in done.stdout
    assert "articles/2026/11/21/third/index.html" in live.files()
    hook.unlink()
    refused = live.run(command)
    assert "vanished-pages: " in refused.stdout  # what the other has is not lost by running it again
    assert live.run(command, ENGBLOG_ALLOW=Check.VANISHED_PAGES.value).returncode == 0


def test_of_many_that_push_at_one_moment_exactly_one_wins(live: Place, tmp_path: Path) -> None:
    old = live.tip()
    for turn in range(2):
        go, names = tmp_path / f"go-{turn}", [f"{turn}-{number}" for number in range(4)]
        sites = [variant(live.clone / "site", tmp_path / name, name) for name in names]
        running = [deployer(live, site, go) for site in sites]
        for process in running:
            assert process.stdout is not None
            while process.stdout.readline() not in {"ready\n", ""}:
                pass
        go.touch()
        said = [process.communicate(timeout=PATIENCE)[0] for process in running]
        won = [name for name, process in zip(names, running, strict=True) if process.returncode == 0]
        assert len(won) == 1, said
        assert live.show("variant.txt").startswith(won[0])
        assert sum("somebody else has deployed in the meantime" in each for each in said) == 3, said
        assert live.tip("refs/engblog/previous") == old
        old = live.tip()


# Killed

_GIT = """\
#!/bin/sh
calls=$(($(cat "$CALLS" 2>/dev/null || echo 0) + 1))
echo "$calls" >"$CALLS"
[ "$calls" = "$DIE_BEFORE" ] && kill -KILL 0
PATH="$OTHERS" git "$@"
status=$?
[ "$calls" = "$DIE_AFTER" ] && kill -KILL 0
exit "$status"
"""


class Watched:
    """A ``git`` that counts how often it is called, and ends whoever calls it at the moment that is asked for."""

    def __init__(self, folder: Path) -> None:
        """Put it into *folder*, which is made."""
        folder.mkdir()
        self._folder, self._calls = folder, folder / "calls"
        (folder / "git").write_text(_GIT)
        (folder / "git").chmod(0o755)

    def environment(self, **when: str) -> dict[str, str]:
        """What a process needs that shall call this git: DIE_BEFORE or DIE_AFTER is the number of a call."""
        self._calls.unlink(missing_ok=True)
        others = os.environ["PATH"]
        return {"PATH": f"{self._folder}{os.pathsep}{others}", "OTHERS": others, "CALLS": str(self._calls), **when}

    @property
    def calls(self) -> int:
        """How often it was called since :meth:`environment`."""
        return int(self._calls.read_text())


def moments(calls: int, count: int) -> list[dict[str, str]]:
    """*count* moments of a run that calls git *calls* times: the first, the last, and others between."""
    steps = [{when: str(call)} for call in range(1, calls + 1) for when in ("DIE_BEFORE", "DIE_AFTER")]
    return [steps[number * (len(steps) - 1) // (count - 1)] for number in range(count)]


@pytest.fixture
def two_sites(live: Place, newer_site: Path, tmp_path: Path) -> tuple[Place, list[Path], list[str]]:
    """A place, two sites that differ, and their trees; the remote's side of a push lives in a session of its own."""
    more = tmp_path / "more"
    shutil.copytree(newer_site, more)
    generator = random.Random(1)
    for number in range(60):
        (more / f"picture-{number}.bin").write_bytes(generator.randbytes(30_000))
    trees = []
    for site in (more, newer_site):
        live.publish(site)
        trees.append(live.tree())
    git(live.clone, "config", "remote.origin.receivepack", "setsid --wait git-receive-pack")
    return live, [more, newer_site], trees


def settled(live: Place) -> None:
    """Wait until the remote's side has noticed that its client is gone."""
    name = str(live.remote)
    until = time.monotonic() + PATIENCE
    while any(name in " ".join(each.info["cmdline"] or ()) for each in psutil.process_iter(["cmdline"])):
        assert time.monotonic() < until
        time.sleep(0.01)


def sound(live: Place) -> None:
    """Nothing is damaged, nothing is locked, and nothing of the clone's has moved."""
    for folder in (live.clone, live.remote):
        assert "missing" not in git(folder, "fsck", "--strict", "--no-dangling")
        assert not [*folder.rglob("*.lock")]
    assert git(live.clone, "status", "--porcelain") == ""


@pytest.mark.parametrize("dies", ["the client", "both"])
def test_a_killed_deployment_leaves_the_old_site_or_the_new_one(
    two_sites: tuple[Place, list[Path], list[str]], dies: str, tmp_path: Path
) -> None:
    live, sites, trees = two_sites
    if dies == "both":
        git(live.clone, "config", "--unset", "remote.origin.receivepack")
    watched = Watched(tmp_path / "watched")
    calls = []
    for site in sites:
        assert finished(deployer(live, site, **watched.environment())) == 0
        calls.append(watched.calls)  # not the same for both: one has more files to pack
    outcomes = set()
    for turn in range(8):
        new = 1 - trees.index(live.tree())
        moment = moments(calls[new], 8)[turn]
        process = deployer(live, sites[new], session=True, **watched.environment(**moment))
        said = process.communicate(timeout=PATIENCE)[0]
        assert process.returncode == -signal.SIGKILL, (moment, said)
        settled(live)
        assert live.tree() in trees, moment
        outcomes.add(live.tree() == trees[new])
        if dies == "both":
            for lock in live.remote.rglob("*.lock"):
                lock.unlink()  # the remote's own housekeeping, were it to die in the middle of moving a branch
        if turn % 3 == 0:
            sound(live)
    assert outcomes == {True, False}, "the first is before the push, and the last behind it"
    sound(live)
    new = 1 - trees.index(live.tree())
    assert finished(deployer(live, sites[new])) == 0
    assert live.tree() == trees[new]


@pytest.mark.parametrize("moment", ["pre-receive", "update", "post-receive"])
@pytest.mark.parametrize("dies", ["the client", "both"])
def test_a_deployment_that_is_killed_while_the_remote_takes_it_leaves_the_old_site_or_the_new_one(
    two_sites: tuple[Place, list[Path], list[str]], dies: str, moment: str, tmp_path: Path
) -> None:
    live, sites, trees = two_sites
    if dies == "both":
        git(live.clone, "config", "--unset", "remote.origin.receivepack")
    group = tmp_path / "group"
    killer = hook(live, moment, f'until [ -s "{group}" ]; do sleep 0.01; done; kill -KILL "-$(cat "{group}")"')
    new = 1 - trees.index(live.tree())
    process = deployer(live, sites[new], session=True)
    group.write_text(str(process.pid))
    said = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == -signal.SIGKILL, said
    settled(live)
    assert live.tree() in trees
    killer.unlink()
    if dies == "both":
        for lock in live.remote.rglob("*.lock"):
            lock.unlink()
    else:  # what git started may outlive it for a moment
        wait_until(lambda: not [*live.remote.rglob("*.lock")], seconds=PATIENCE, what="the remote's locks to go")
    sound(live)
    assert finished(deployer(live, sites[new])) == 0
    assert live.tree() == trees[new]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_killed_command_leaves_the_old_site_or_the_new_one(live: Place, command: str, tmp_path: Path) -> None:
    git(live.clone, "config", "remote.origin.receivepack", "setsid --wait git-receive-pack")
    watched = Watched(tmp_path / "watched")
    live.commit({"docs/page.md": "# Page\n"})
    assert finished(start(live, *COMMANDS[command], **watched.environment())) == 0
    for turn, moment in enumerate(moments(watched.calls, 4)):
        old, pages = live.tree(), set(live.files())
        live.commit({f"docs/page-{turn}.md": f"# Page {turn}\n"})
        process = start(live, *COMMANDS[command], session=True, **watched.environment(**moment))
        process.communicate(timeout=PATIENCE)
        assert process.returncode == -signal.SIGKILL, moment
        settled(live)
        fresh = set(live.files()) - pages
        assert live.tree() == old or f"page-{turn}/index.html" in fresh
        sound(live)
    done = live.run(command)
    assert done.returncode == 0, done.stdout
    assert "page-3/index.html" in live.files()


# Full disks


@pytest.mark.parametrize("command", COMMANDS)
def test_a_disk_that_is_full_during_the_build_deploys_nothing(fresh: Place, command: str) -> None:
    fresh.commit({"docs/.well-known/large.txt": b"x" * 100_000})
    fresh.run("mkdocs build")
    (fresh.clone / "site/marker").write_text("The last good site.\n")
    before, site = git(fresh.remote, "for-each-ref"), snapshot(fresh.clone / "site")
    process = start(fresh, *COMMANDS[command], limit=60_000)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, said
    assert "The site could not be written: File too large" in said
    assert "Traceback" not in said
    assert git(fresh.remote, "for-each-ref") == before
    assert snapshot(fresh.clone / "site") == site
    assert not [*fresh.clone.glob(".site.*")]
    assert fresh.run(command).returncode == 0


def test_a_disk_that_is_full_while_the_commit_is_made_deploys_nothing(live: Place, tmp_path: Path) -> None:
    site = variant(live.clone / "site", tmp_path / "large", "large")
    (site / "large.bin").write_bytes(random.Random(1).randbytes(6_000_000))
    before = git(live.remote, "for-each-ref")
    process = deployer(live, site, limit=4_000_000)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, said
    assert "git hash-object was stopped by signal 25: is the disk full?" in said
    assert "Traceback" not in said
    assert git(live.remote, "for-each-ref") == before
    sound(live)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB, to be filled."""
    folder = tmp_path / "full"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave no room on the file system of *folder*; the file that takes it."""
    filler = os.open(folder / "filler", os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while True:
            os.write(filler, b"x" * 65536)
    os.close(filler)
    assert shutil.disk_usage(folder).free == 0
    return folder / "filler"


def test_a_remote_whose_disk_is_full_keeps_the_old_site(live: Place, newer_site: Path, full: Path) -> None:
    shutil.copytree(live.remote, full / "origin.git")
    git(live.clone, "remote", "set-url", "origin", str(full / "origin.git"))
    small = Place(live.root)
    before = git(full / "origin.git", "for-each-ref")
    filler = fill(full)
    process = deployer(small, newer_site)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, said
    assert "is unchanged:" in said or "No space left" in said
    assert "Traceback" not in said
    assert git(full / "origin.git", "for-each-ref") == before
    filler.unlink()
    assert finished(deployer(small, newer_site)) == 0
    assert "missing" not in git(full / "origin.git", "fsck", "--strict", "--no-dangling")


def test_a_remote_that_may_not_write_more_keeps_the_old_site(live: Place, newer_site: Path) -> None:
    git(live.clone, "config", "remote.origin.receivepack", "ulimit -f 1; git-receive-pack")
    before = git(live.remote, "for-each-ref")
    with pytest.raises(DeployError, match="origin/gh-pages is unchanged:"):
        live.publish(newer_site)
    assert git(live.remote, "for-each-ref") == before
    git(live.clone, "config", "--unset", "remote.origin.receivepack")
    live.publish(newer_site)
    sound(live)


# Remotes that say no


@pytest.mark.parametrize("command", [*COMMANDS, "engblog.cli rollback"])
def test_a_remote_that_rejects_is_quoted(live: Place, newer_site: Path, command: str) -> None:
    live.publish(newer_site)
    live.commit({"docs/other.md": "# Other\n"})
    hook(live, "pre-receive", "echo 'Pages are frozen until Monday.' >&2; exit 1")
    before = git(live.remote, "for-each-ref")
    done = live.run(command, ENGBLOG_ALLOW=Check.VANISHED_PAGES.value)
    assert done.returncode == 1
    assert "origin/gh-pages is unchanged:" in done.stdout
    assert "remote: Pages are frozen until Monday." in done.stdout
    assert git(live.remote, "for-each-ref") == before


def test_a_remote_that_takes_one_of_two_branches_takes_neither(live: Place, newer_site: Path) -> None:
    hook(live, "update", 'case "$1" in refs/engblog/*) echo "no such names here"; exit 1;; esac')
    before = git(live.remote, "for-each-ref")
    with pytest.raises(DeployError, match="no such names here"):
        live.publish(newer_site)
    assert git(live.remote, "for-each-ref") == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_remote_that_vanishes_before_the_push_is_named(live: Place, command: str) -> None:
    gone = live.root / "gone.git"
    config = (live.clone / "mkdocs.yml").read_text()
    move = f"import os\n\ndef on_post_build(**_):\n    os.rename({str(live.remote)!r}, {str(gone)!r})\n"
    live.commit({"hook.py": move, "mkdocs.yml": f"hooks: [hook.py]\n{config}", "docs/other.md": "# Other\n"})
    done = live.run(command)
    assert done.returncode == 1, done.stdout
    assert "cannot be reached to see whether it arrived" in done.stdout
    gone.rename(live.remote)
    assert "other/index.html" not in live.files()


def test_a_push_whose_answer_was_lost_is_recognised(live: Place, newer_site: Path) -> None:
    hook(live, "post-receive", "kill -9 $PPID")
    said: list[str] = []
    live.publish(newer_site, said)
    assert said[-1].startswith("deployed ")
    assert "articles/2026/11/21/third/index.html" in live.files()


def test_a_remote_over_a_protocol_is_deployed_to(live: Place, newer_site: Path) -> None:
    git(live.clone, "remote", "set-url", "origin", live.remote.as_uri())
    live.publish(newer_site)
    assert "articles/2026/11/21/third/index.html" in live.files()


def test_a_push_address_of_its_own_is_what_is_compared(live: Place, newer_site: Path) -> None:
    """The lease would guard nothing if the branch were read from one place and pushed to another."""
    copy = live.root / "copy.git"
    shutil.copytree(live.remote, copy)
    git(live.clone, "config", "remote.origin.pushurl", "../copy.git")
    live.publish(newer_site)
    assert git(copy, "log", "-1", "--format=%B", "gh-pages") != git(live.remote, "log", "-1", "--format=%B", "gh-pages")
    git(live.clone, "config", "--add", "remote.origin.pushurl", "../origin.git")
    with pytest.raises(DeployError, match="pushes to 2 addresses"):
        live.publish(newer_site)
