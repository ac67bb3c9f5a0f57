"""What a deployment puts on the pages branch, by either command, and what it leaves alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from engblog.publish.target import DeployError
from support.hosts import EPOCH, BuildError, build, build_here, environ, snapshot
from support.remotes import COMMANDS, IDENTITY, Place, git
from support.sources import article

THIRD = {"docs/articles/third/index.md": article(title="A third", date="2026-11-21")}
DATE = "2026-12-01 12:00:00 +0000"


def state(clone: Path) -> dict[str, str]:
    """All that a deployment could touch in a clone: every file of git's, and the sources."""
    return {path: digest for path, digest in snapshot(clone).items() if not path.startswith(("site/", ".cache/"))}


@pytest.mark.parametrize("command", [*COMMANDS, "properdocs gh-deploy"])
def test_the_pages_branch_becomes_the_site_and_the_clone_stays_as_it_was(fresh: Place, command: str) -> None:
    before = state(fresh.clone)
    arguments = ["-f", "mkdocs.yml"] if command.startswith("properdocs") else []
    done = fresh.start(command, *arguments)
    assert done.returncode == 0, done.stdout
    assert "deployed" in done.stdout
    assert re.search(r"2 articles, 1\d pages: 1\d added, 0 changed", done.stdout)
    assert "search index: 1" in done.stdout
    assert state(fresh.clone) == before
    if command == "engblog":
        assert not (fresh.clone / "site").exists()
        build(fresh.clone)
    site = snapshot(fresh.clone / "site")
    git(fresh.root, "clone", "--quiet", "--branch", "gh-pages", str(fresh.remote), "pages")
    pages = {path: digest for path, digest in snapshot(fresh.root / "pages").items() if not path.startswith(".git/")}
    assert pages.pop(".nojekyll")
    assert pages == site


def test_both_commands_make_the_same_commit(fresh: Place, tmp_path: Path) -> None:
    other = fresh.copy(tmp_path / "other")
    assert fresh.run("mkdocs").returncode == other.run("engblog").returncode == 0
    assert fresh.tip() == other.tip() != ""


def test_the_commit_names_its_source_and_is_dated_by_the_clock(fresh: Place) -> None:
    head = git(fresh.clone, "rev-parse", "HEAD")
    assert fresh.run("mkdocs", "--message", "Site of {sha}, by MkDocs {version}").returncode == 0
    shown = git(fresh.remote, "log", "-1", "--format=%an|%ai|%ci|%B", "gh-pages")
    lead, _, body = shown.partition("\n")
    assert lead.startswith(f"Ada Lovelace|{DATE}|{DATE}|Site of {head[:7]}, by MkDocs 1.")
    assert f"Source-Commit: {head}\nArticles: 2" in body


def test_without_a_clock_the_commit_is_dated_as_its_source(fresh: Place) -> None:
    assert fresh.run("engblog", SOURCE_DATE_EPOCH=None).returncode == 0
    assert git(fresh.remote, "log", "-1", "--format=%cI", "gh-pages") == "2026-11-30T12:00:00+00:00"


def test_where_nobody_is_configured_the_sources_committer_is_named(fresh: Place, tmp_path: Path) -> None:
    for key in ("user.name", "user.email"):
        git(fresh.clone, "config", "--unset", key)
    assert fresh.run("engblog", HOME=str(tmp_path)).returncode == 0
    assert git(fresh.remote, "log", "-1", "--format=%cn", "gh-pages") == "Ada Lovelace"


def test_a_message_with_an_odd_brace_is_refused(fresh: Place) -> None:
    done = fresh.run("engblog", "--message", "{nope}")
    assert done.returncode == 1
    assert "'{nope}' has a brace" in done.stdout
    assert fresh.tip() == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_a_site_that_is_live_already_is_not_pushed(live: Place, command: str) -> None:
    before = git(live.remote, "for-each-ref")
    done = live.run(command)
    assert done.returncode == 0
    assert "nothing to do: origin/gh-pages already has this site" in done.stdout
    assert git(live.remote, "for-each-ref") == before


TOMORROW = str(int(EPOCH) + 86_400)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_commit_on_another_day_is_live_already(live: Place, command: str) -> None:
    before = git(live.remote, "for-each-ref")
    done = live.run(command, SOURCE_DATE_EPOCH=TOMORROW)
    assert done.returncode == 0, done.stdout
    assert "nothing to do: origin/gh-pages already has this site" in done.stdout
    assert git(live.remote, "for-each-ref") == before
    rolled = live.run("engblog.cli rollback", SOURCE_DATE_EPOCH=TOMORROW)
    assert rolled.returncode == 1
    assert "only one deployment, so there is nothing to roll back to" in rolled.stdout
    assert git(live.remote, "for-each-ref") == before


def test_a_commit_that_readers_do_not_see_is_deployed_and_a_rollback_leads_past_it(live: Place) -> None:
    good = live.tip()
    live.commit({"docs/bad.md": "# Bad\n"})
    assert live.run("engblog", SOURCE_DATE_EPOCH=TOMORROW).returncode == 0
    bad = live.tip()
    source = live.commit({"README.md": "For those who write.\n"})
    plan = live.run("engblog", "--dry-run")
    assert f"would replace origin/gh-pages: {bad[:10]}" in plan.stdout
    done = live.run("engblog")
    assert done.returncode == 0, done.stdout
    assert f"readers see the same as in {bad[:10]}" in done.stdout
    assert json.loads(live.show("build.json"))["commit"] == source
    assert live.tip("refs/engblog/previous") == good
    rolled = live.run("engblog.cli rollback")
    assert f"  to {good[:10]} of 2026-12-01 12:00 UTC by Ada Lovelace, built from" in rolled.stdout
    assert live.tip() == good
    assert live.run("engblog.cli rollback").returncode == 0
    assert "bad/index.html" in live.files()


def test_history_is_one_commit_and_the_one_before_it(live: Place) -> None:
    tips = [live.tip()]
    for number in range(3):
        live.commit({"docs/other.md": f"# Other {number}\n"})
        done = live.run("mkdocs" if number % 2 else "engblog")
        assert done.returncode == 0, done.stdout
        tips.append(live.tip())
        assert git(live.remote, "rev-list", "--count", "gh-pages") == "1"
        assert live.tip("refs/engblog/previous") == tips[-2]
    git(live.remote, "reflog", "expire", "--expire=now", "--all")
    git(live.remote, "gc", "--quiet", "--prune=now")
    kept = [tip for tip in tips if git(live.remote, "cat-file", "-t", tip, check=False) == "commit"]
    assert kept == tips[-2:]


@pytest.mark.parametrize("how", ["--history", "deploy_history", "mkdocs"])
def test_history_is_kept_where_that_is_asked_for(live: Place, how: str) -> None:
    first = live.tip()
    config = (live.clone / "mkdocs.yml").read_text()
    if how != "--history":
        config = config.replace("- engblog: {", "- engblog: {deploy_history: keep, ")
    live.commit({**THIRD, "mkdocs.yml": config})
    done = live.run("mkdocs" if how == "mkdocs" else "engblog", *(["--history", "keep"] if how == "--history" else []))
    assert done.returncode == 0, done.stdout
    assert git(live.remote, "rev-list", "gh-pages").splitlines() == [live.tip(), first]
    live.commit({"docs/other.md": "# Other\n"})
    assert live.run("mkdocs", "--no-history").returncode == 0
    assert git(live.remote, "rev-list", "--count", "gh-pages") == "1"


def test_a_dry_run_says_what_would_change_and_changes_nothing(live: Place) -> None:
    live.commit(THIRD)
    before, clone = git(live.remote, "for-each-ref"), snapshot(live.clone)
    done = live.run("engblog", "--dry-run")
    assert done.returncode == 0, done.stdout
    assert re.search(r"3 articles, 1\d pages: \d+ added, \d+ changed, 0 redirected, 0 vanished", done.stdout)
    assert "\n  + /articles/2026/11/21/third/\n" in done.stdout
    assert "\n  ~ /\n" in done.stdout
    assert re.search(r"other files: \d+ added, \d+ changed, \d+ removed; [\d.]+ KB new", done.stdout)
    assert f"would replace origin/gh-pages: {live.tip()[:10]} of 2026-12-01" in done.stdout
    assert (git(live.remote, "for-each-ref"), snapshot(live.clone)) == (before, clone)


def test_a_dry_run_names_all_refusals_and_still_says_what_would_change(live: Place) -> None:
    live.commit({"docs/articles/second/index.md": None}, push=False)
    (live.clone / "docs/new.md").write_text("# New\n")
    done = live.run("engblog", "--dry-run")
    assert done.returncode == 1
    for name in ("dirty-tree", "not-up-to-date", "vanished-pages"):
        assert f"\n{name}: " in done.stdout
    assert "\n  - /articles/2026/11/19/second/\n" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_a_build_that_fails_deploys_nothing(live: Place, command: str) -> None:
    live.commit({"docs/articles/third/index.md": article(date="soon")})
    before, site = git(live.remote, "for-each-ref"), snapshot(live.clone / "site")
    done = live.run(command)
    assert done.returncode == 1
    assert "docs/articles/third/index.md:4:7 F005" in done.stdout
    assert git(live.remote, "for-each-ref") == before
    assert snapshot(live.clone / "site") == site


@pytest.mark.parametrize("command", COMMANDS)
def test_warnings_that_strict_refuses_deploy_nothing(live: Place, command: str) -> None:
    live.commit({"docs/other.md": "# Other\n\n[nowhere](gone.md)\n"})
    before = git(live.remote, "for-each-ref")
    done = live.run(command, *(["--strict"] if command == "mkdocs" else []))
    assert done.returncode == 1
    assert "gone.md" in done.stdout
    assert git(live.remote, "for-each-ref") == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_domain_that_only_the_pages_branch_has_is_kept(live: Place, command: str) -> None:
    config = (live.clone / "mkdocs.yml").read_text().replace("mini.example/blog/", "blog.example.org/")
    live.commit({"mkdocs.yml": config})
    live.push_pages({"CNAME": "blog.example.org"})
    for text in ("# One\n", "# Two\n"):
        live.commit({"docs/other.md": text})
        done = live.run(command)
        assert done.returncode == 0, done.stdout
        assert "CNAME: blog.example.org is only on the pages branch; it is kept" in done.stdout
        assert live.show("CNAME") == "blog.example.org"
    assert "<loc>https://blog.example.org/" in live.show("sitemap.xml")


def test_a_domain_in_the_sources_is_deployed(live: Place) -> None:
    config = (live.clone / "mkdocs.yml").read_text().replace("mini.example/blog/", "blog.example.org")
    live.commit({"mkdocs.yml": config, "docs/CNAME": "Blog.example.org\n"})
    assert live.run("engblog").returncode == 0
    assert live.show("CNAME") == "Blog.example.org"


@pytest.mark.parametrize(
    ("address", "site_url"),
    [
        ("https://ada:token@github.com/Real-Engineering/blog.git", "https://real-engineering.github.io/blog/"),
        ("git@github.com:real-engineering/blog", "https://real-engineering.github.io/blog"),
        ("ssh://git@github.com/ada/ada.github.io.git", "https://ada.github.io/"),
    ],
)
def test_a_project_below_a_path_and_a_user_at_the_root_are_deployed(fresh: Place, address: str, site_url: str) -> None:
    git(fresh.clone, "config", f"url.{fresh.remote}.insteadOf", address)
    git(fresh.clone, "remote", "set-url", "origin", address)
    config = (fresh.clone / "mkdocs.yml").read_text().replace("https://mini.example/blog/", site_url)
    fresh.commit({"mkdocs.yml": config})
    done = fresh.run("engblog")
    assert done.returncode == 0, done.stdout
    assert "token" not in done.stdout
    assert f"<loc>{site_url.rstrip('/')}/articles/" in fresh.show("sitemap.xml")


def test_another_remote_and_branch_may_be_named(live: Place) -> None:
    git(live.root, "init", "--quiet", "--bare", "second.git")
    git(live.clone, "remote", "add", "staging", "../second.git")
    git(live.clone, "push", "--quiet", "staging", "main")
    before = git(live.remote, "for-each-ref")
    for command, options in (("engblog", ("--remote", "--branch")), ("mkdocs", ("--remote-name", "--remote-branch"))):
        done = live.run(command, options[0], "staging", options[1], f"pages/{command}")
        assert done.returncode == 0, done.stdout
    refs = git(live.root / "second.git", "for-each-ref", "--format=%(refname) %(tree)").splitlines()
    assert refs[1:] == [f"refs/heads/pages/{name} {live.tree()}" for name in ("engblog", "mkdocs")]
    assert git(live.remote, "for-each-ref") == before


def test_the_site_of_a_folder_of_a_larger_repository_is_deployed(fresh: Place) -> None:
    sub = fresh.clone / "blog"
    sub.mkdir()
    for name in ("docs", "theme", "mkdocs.yml"):
        (fresh.clone / name).rename(sub / name)
    fresh.commit({"elsewhere.txt": "1\n", ".gitignore": "site/\n.site.*/\n"})
    for path in ("elsewhere.txt", "new.txt", "shop/new.py"):
        (fresh.clone / path).parent.mkdir(exist_ok=True)
        (fresh.clone / path).write_text("Of somebody else's work.\n")
    done = fresh.run("engblog.cli --config blog/mkdocs.yml deploy")
    assert done.returncode == 0, done.stdout
    assert json.loads(fresh.show("build.json"))["clean"] is True
    (sub / "docs/new.md").write_text("# New\n")
    done = fresh.run("engblog.cli --config blog/mkdocs.yml deploy")
    assert "blog/docs/new.md (not in git)" in done.stdout
    assert done.returncode == 1


def test_odd_names_of_files_are_deployed_byte_for_byte(fresh: Place) -> None:
    names = ["a b.txt", 'q"uote.txt', "ümlaut.txt", "new\nline.txt", "tab\t.txt"]
    data = "one\r\ntwo\nünd\r".encode()
    fresh.commit({f"docs/.well-known/{name}": data for name in names})  # nothing has to refer to them there
    git(fresh.clone, "config", "core.autocrlf", "input")
    assert fresh.run("engblog").returncode == 0
    listed = git(fresh.remote, "ls-tree", "-r", "-z", "gh-pages").split("\0")
    own = {path: about.split()[2] for about, _, path in (entry.partition("\t") for entry in listed if entry)}
    assert {own[f".well-known/{name}"] for name in names} == {own[".well-known/a b.txt"]}
    assert git(fresh.remote, "cat-file", "-s", own[".well-known/a b.txt"]) == str(len(data))


def test_called_as_a_function_the_host_pushes_after_the_preflight(live: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environ(**IDENTITY).items():
        monkeypatch.setenv(name, value)
    config = (live.clone / "mkdocs.yml").read_text().replace("mini.example/blog/", "blog.example.org/")
    live.commit({"mkdocs.yml": config})
    live.push_pages({"CNAME": "blog.example.org\n"})
    before = git(live.remote, "for-each-ref")
    monkeypatch.chdir(live.clone)
    site = build_here(live.clone, command="gh-deploy")
    assert (site / "CNAME").read_text() == "blog.example.org\n"
    assert git(live.remote, "for-each-ref") == before
    (live.clone / "docs/new.md").write_text("# New\n")
    with pytest.raises(BuildError, match="dirty-tree: "):
        build_here(live.clone, command="gh-deploy")


def test_the_engine_refuses_an_empty_site(live: Place, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DeployError, match="is empty"):
        live.publish(tmp_path / "empty")
