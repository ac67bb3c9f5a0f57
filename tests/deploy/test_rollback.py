"""A deployment is taken back, and brought back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from engblog.contract.waivers import Check
from engblog.publish.rollback import roll_back
from engblog.publish.target import DeployError
from support.remotes import Place, git
from support.verifying import claim

ROLLBACK = "engblog.cli rollback"


@pytest.fixture
def twice(live: Place, newer_site: Path) -> Place:
    """Deployed twice: the newer site is live."""
    live.commit({"docs/other.md": "# Other\n"})
    live.publish(newer_site)
    return live


def test_the_deployment_before_is_live_again_and_the_next_time_the_one_after(twice: Place) -> None:
    newer, older = twice.tip(), twice.tip("refs/engblog/previous")
    (twice.clone / "docs/new.md").write_text("# A folder that is not clean\n")
    done = twice.run(ROLLBACK)
    assert done.returncode == 0, done.stdout
    assert f"to {older[:10]}" in done.stdout
    assert (twice.tip(), twice.tip("refs/engblog/previous")) == (older, newer)
    assert twice.run(ROLLBACK).returncode == 0
    assert (twice.tip(), twice.tip("refs/engblog/previous")) == (newer, older)


def test_a_dry_run_says_what_would_change(twice: Place) -> None:
    before = git(twice.remote, "for-each-ref")
    done = twice.run(ROLLBACK, "--dry-run")
    assert done.returncode == 0
    assert "\n  - /articles/2026/11/21/third/\n" in done.stdout
    assert git(twice.remote, "for-each-ref") == before


def deployments(live: Place, sites: list[Path], **changes: str) -> list[tuple[str, str]]:
    """Deploy each of *sites* from a commit of its own; the pairs of commit and source."""
    made = []
    for number, site in enumerate(sites):
        source = live.commit({"docs/other.md": f"# Other {number}\n"})
        live.publish(site, **changes)
        made.append((live.tip(), source))
    return made


@pytest.mark.parametrize("by", ["commit", "abbreviated", "source", "name"])
def test_any_deployment_of_a_kept_history_is_live_again(live: Place, newer_site: Path, by: str) -> None:
    first = live.tree()
    made = deployments(live, [newer_site, live.clone / "site", newer_site], history="keep", allow=GONE)
    commit, source = made[1]
    assert live.tree(commit) == first != live.tree()
    git(live.clone, "tag", "good", source)
    named = {"commit": commit, "abbreviated": commit[:7].upper(), "source": source[:8], "name": "good"}[by]
    said: list[str] = []
    roll_back(live.settings(history="keep"), named, said.append)
    assert live.tree() == first
    assert git(live.remote, "rev-list", "--count", "gh-pages") == "5"
    assert live.tip("gh-pages~1") == made[2][0]
    assert live.tip("refs/engblog/previous") == ""
    assert f"Source-Commit: {source}" in git(live.remote, "log", "-1", "--format=%B", "gh-pages")
    roll_back(live.settings(history="keep"), None, said.append)
    assert live.tree() == live.tree(made[2][0])


GONE = frozenset({Check.VANISHED_PAGES})


def test_a_kept_history_becomes_one_commit_where_that_is_wanted(live: Place, newer_site: Path) -> None:
    made = deployments(live, [newer_site, live.clone / "site", newer_site], history="keep", allow=GONE)
    roll_back(live.settings(), made[1][0], lambda _: None)
    assert live.tree() == live.tree(made[1][0])
    assert git(live.remote, "rev-list", "--count", "gh-pages") == "1"


def test_the_domain_that_is_live_stays(twice: Place) -> None:
    older = twice.tip("refs/engblog/previous")
    twice.push_pages({"CNAME": "blog.example.org\n"})
    roll_back(twice.settings(), older, lambda _: None)
    assert twice.show("CNAME") == "blog.example.org"
    assert set(twice.files()) - {"CNAME"} == set(twice.files(older))
    assert git(twice.remote, "rev-list", "--count", "gh-pages") == "1"


def test_what_was_never_deployed_is_answered_with_what_was(twice: Place) -> None:
    done = twice.run(ROLLBACK, "deadbeef")
    assert done.returncode == 1
    assert "origin/gh-pages has no deployment 'deadbeef'; it has:" in done.stdout
    for ref in ("gh-pages", "refs/engblog/previous"):
        assert twice.tip(ref)[:10] in done.stdout
    with pytest.raises(DeployError, match="has no deployment '--all'"):
        roll_back(twice.settings(), "--all", lambda _: None)


def test_what_is_live_already_is_not_pushed(twice: Place) -> None:
    before = git(twice.remote, "for-each-ref")
    said: list[str] = []
    roll_back(twice.settings(), twice.tip(), said.append)
    assert said[0].startswith("nothing to do: ")
    assert git(twice.remote, "for-each-ref") == before


def test_a_site_that_was_deployed_once_says_so(live: Place) -> None:
    with pytest.raises(DeployError, match="only one deployment"):
        roll_back(live.settings(), None, lambda _: None)


def test_deployments_of_the_same_pages_are_nothing_to_go_back_to(live: Place, tmp_path: Path) -> None:
    for number in range(2):
        site = shutil.copytree(live.clone / "site", tmp_path / str(number))
        claim(site, commit=live.commit({"README.md": f"{number}\n"}))
        live.publish(site, history="keep")
    assert git(live.remote, "rev-list", "--count", "gh-pages") == "3"
    before = git(live.remote, "for-each-ref")
    done = live.run(ROLLBACK)
    assert done.returncode == 1
    none = "no deployment whose pages differ from those that are live, so there is nothing to roll back to"
    assert f"origin/gh-pages has {none}: {live.tip()[:10]} of 2026-12-01 12:00 UTC" in done.stdout
    said: list[str] = []
    roll_back(live.settings(history="keep"), live.tip("gh-pages~2"), said.append)
    assert live.tree() == live.tree("gh-pages~3")
    assert git(live.remote, "for-each-ref") != before


def test_the_same_site_of_another_commit_is_live_already(live: Place, newer_site: Path, tmp_path: Path) -> None:
    """It was deployed, taken back, and deployed again on another day."""
    other = shutil.copytree(live.clone / "site", tmp_path / "again")
    claim(other, epoch=1, digest="a" * 64)
    first = live.tip()
    live.publish(newer_site, history="keep")
    live.publish(other, history="keep", allow=GONE)
    before = git(live.remote, "for-each-ref")
    said: list[str] = []
    roll_back(live.settings(history="keep"), first, said.append)
    assert len(said) == 1
    assert said[0].startswith(f"nothing to do: {first[:10]}")
    assert "has the same site as" in said[0]
    assert git(live.remote, "for-each-ref") == before


def test_a_branch_with_nothing_but_a_domain_is_no_deployment_to_go_back_to(fresh: Place, newer_site: Path) -> None:
    """GitHub's settings make such a commit."""
    fresh.push_pages({"CNAME": "mini.example\n"})
    fresh.publish(newer_site, history="keep", allow=frozenset(Check))
    with pytest.raises(DeployError, match="nothing to roll back to"):
        roll_back(fresh.settings(), None, lambda _: None)


def test_a_site_that_was_never_deployed_says_so(fresh: Place) -> None:
    with pytest.raises(DeployError, match="nothing has been deployed yet"):
        roll_back(fresh.settings(), None, lambda _: None)


def test_what_mkdocs_alone_deployed_is_understood(live: Place, newer_site: Path) -> None:
    source = git(live.clone, "rev-parse", "HEAD")
    by_mkdocs = live.push_pages(
        {"made-by.html": "MkDocs\n"}, message=f"Deployed {source[:7]} with MkDocs version: 1.6.1"
    )
    live.commit({"docs/other.md": "# Other\n"})
    live.publish(newer_site, allow=GONE)
    roll_back(live.settings(), source, lambda _: None)
    assert live.tree() == live.tree(by_mkdocs)
