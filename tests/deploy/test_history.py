"""Deployments and rollbacks in any order, on real remotes: the last different site is never lost, and a rollback
restores it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from engblog.contract.waivers import Check
from engblog.publish.rollback import roll_back
from engblog.publish.target import DeployError
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from support.hosts import EPOCH
from support.remotes import Place, git
from support.sources import write

ALL = frozenset(Check)
PREVIOUS = "refs/engblog/previous"
HISTORIES = st.sampled_from(["one", "one", "keep"])


def site(folder: Path, content: str, *, day: int, commit: str) -> Path:
    """A site that shows *content*, built on *day* from *commit*."""
    about = {
        "commit": commit, "clean": True, "epoch": int(EPOCH) + day, "lock": None, "tools": {}, "articles": 0,
        "pages": 1, "files": 2, "digest": f"{day:064x}",
    }  # fmt: skip
    feed = f"<rss><channel><lastBuildDate>{day}</lastBuildDate><item><title>{content}</title></item></channel></rss>\n"
    return write(folder, {"index.html": content, "feed.xml": feed, "build.json": json.dumps(about)})


class Deployments(RuleBasedStateMachine):
    """A remote, and what it must show: the live content, and the last that was different."""

    fresh: Place

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.place = self.fresh.copy(Path(self._folder.name) / "place")
        self.live: str | None = None
        self.before: str | None = None
        self.head = git(self.place.clone, "rev-parse", "HEAD")
        self.day = 0

    def teardown(self) -> None:
        self._folder.cleanup()

    def refs(self) -> str:
        return git(self.place.remote, "for-each-ref", "refs/heads/gh-pages", "refs/engblog")

    def shows(self, commit: str) -> str:
        return self.place.show("index.html", commit)

    def deploy(self, content: str, history: str) -> None:
        self.day += 1
        folder = site(Path(self._folder.name) / f"site-{self.day}", content, day=self.day, commit=self.head)
        self.place.publish(folder, history=history, allow=ALL)

    @rule(content=st.sampled_from("abc"), history=HISTORIES, new=st.booleans())
    def deploy_a_commit(self, content: str, history: str, new: bool) -> None:
        if new:
            self.head = self.place.commit({"docs/other.md": f"# Of day {self.day}\n"})
        self.deploy(content, history)
        if content != self.live:
            self.live, self.before = content, self.live

    @precondition(lambda self: self.live is not None)
    @rule(history=HISTORIES)
    def deploy_the_same_again(self, history: str) -> None:
        assert self.live is not None
        self.deploy(self.live, history)  # perhaps after a rollback to a site of another commit
        refs = self.refs()
        self.deploy(self.live, history)
        assert self.refs() == refs, "nothing is pushed, and no ref moves"

    @precondition(lambda self: self.live is not None)
    @rule(domain=st.sampled_from(["a.example", "b.example"]))
    def set_a_domain_by_hand(self, domain: str) -> None:
        if "CNAME" not in self.place.files() or self.place.show("CNAME") != domain:
            self.place.push_pages({"CNAME": domain})

    @precondition(lambda self: self.live is not None)
    @rule(history=HISTORIES)
    def roll_back(self, history: str) -> None:
        said: list[str] = []
        refs = self.refs()
        if self.before is None:
            with pytest.raises(DeployError, match="nothing to roll back to"):
                roll_back(self.place.settings(history=history), None, said.append)
            assert self.refs() == refs
            return
        roll_back(self.place.settings(history=history), None, said.append)
        self.live, self.before = self.before, self.live
        assert any(line.startswith("back from ") for line in said)

    @invariant()
    def the_remote_shows_the_live_site_and_has_the_one_before(self) -> None:
        if self.live is None:
            return
        git(self.place.remote, "gc", "--quiet", "--prune=now")
        assert self.shows("gh-pages") == self.live
        kept = [name for name in ("gh-pages", PREVIOUS) if self.place.tip(name)]
        commits = git(self.place.remote, "rev-list", *kept).splitlines()
        assert self.before is None or self.before in {self.shows(commit) for commit in commits}


def test_whatever_is_deployed_the_last_different_site_is_kept_and_restored(fresh_place: Place) -> None:
    machine = type("OfAPlace", (Deployments,), {"fresh": fresh_place})
    # Each step pushes to a real remote, so a failure is shown as it was found.
    chosen = settings(max_examples=8, stateful_step_count=9, deadline=None, phases=[Phase.generate])
    run_state_machine_as_test(machine, settings=chosen)
