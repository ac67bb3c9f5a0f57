"""What stops a deployment: each refusal says what to do, touches nothing, and has a name by which it can be waived."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from engblog.contract.waivers import OF_DEPLOYMENTS, Check
from support.hosts import CARD_MATERIALS, snapshot
from support.pictures import PNG
from support.remotes import COMMANDS, Place, git

LAB = '"""A lab."""\n\n\ndef test_it_waits():\n    """It waits."""\n'
GITHUB = "https://github.com/Real-Engineering/blog.git"


def _edit(live: Place) -> None:
    path = live.clone / "docs/articles/first/index.md"
    path.write_text(path.read_text() + "\nMore.\n")


def _edit_in_secret(live: Place) -> None:
    git(live.clone, "update-index", "--assume-unchanged", "docs/articles/first/index.md")
    _edit(live)


def _add_a_page(live: Place) -> None:
    (live.clone / "docs/new.md").write_text("# New\n")


def _add_an_ignored_page(live: Place) -> None:
    (live.clone / ".git/info/exclude").write_text("left.md\n")
    (live.clone / "docs/left.md").write_text("# Secret\n")


def _add_an_ignored_well_known_file(live: Place) -> None:
    (live.clone / ".git/info/exclude").write_text("security.txt\n")
    (live.clone / "docs/.well-known").mkdir()
    (live.clone / "docs/.well-known/security.txt").write_text("Contact: mailto:a@example.org\n")


def _delete(live: Place) -> None:
    live.commit({"docs/about.md": "# About\n"})
    (live.clone / "docs/about.md").unlink()


def _leave_a_page_out(live: Place) -> None:
    live.commit({"docs/about.md": "# About\n"})
    git(live.clone, "sparse-checkout", "set", "--no-cone", "/*", "!/docs/about.md")
    assert not (live.clone / "docs/about.md").exists()


def _publish_from_elsewhere(live: Place) -> None:
    (live.clone / "docs").rename(live.root / "docs")
    live.commit({"mkdocs.yml": "docs_dir: ../docs\n" + (live.clone / "mkdocs.yml").read_text()})


def _detach(live: Place) -> None:
    git(live.clone, "switch", "--quiet", "--detach")


def _switch(live: Place) -> None:
    git(live.clone, "switch", "--quiet", "--create", "topic")
    git(live.clone, "push", "--quiet", "origin", "topic")


def _fall_behind(live: Place) -> None:
    live.another().commit({"docs/theirs.md": "# Theirs\n"})


def _run_ahead(live: Place) -> None:
    live.commit({"docs/other.md": "# Other\n"}, push=False)


def _part(live: Place) -> None:
    _fall_behind(live)
    _run_ahead(live)


def _never_push(live: Place) -> None:
    git(live.remote, "update-ref", "-d", "refs/heads/main")


def _other_domain(live: Place) -> None:
    live.push_pages({"CNAME": "blog.example.org\n"})


def _two_domains(live: Place) -> None:
    live.push_pages({"CNAME": "blog.example.org\n"})
    config = (live.clone / "mkdocs.yml").read_text().replace("https://mini.example/blog/", "https://new.example.org/")
    live.commit({"docs/CNAME": "new.example.org\n", "mkdocs.yml": config})


def _domain_elsewhere(live: Place) -> None:
    live.commit({"docs/CNAME": "blog.example.org\n"})


def _no_domain(live: Place) -> None:
    live.commit({"docs/CNAME": "mini.example\nother.example\n"})


def _on_github(live: Place) -> None:
    git(live.clone, "config", f"url.{live.remote}.insteadOf", GITHUB)
    git(live.clone, "remote", "set-url", "origin", GITHUB)


def _no_address(live: Place) -> None:
    config = (live.clone / "mkdocs.yml").read_text().replace("site_url: https://mini.example/blog/\n", "")
    live.commit({"mkdocs.yml": config})


def _move_an_article(live: Place) -> None:
    text = (live.clone / "docs/articles/second/index.md").read_text().replace("2026-11-19", "2026-11-18")
    live.commit({"docs/articles/second/index.md": text})


def _lose_an_article(live: Place) -> None:
    live.commit({"docs/articles/second/index.md": None})


def _push_sources(live: Place) -> None:
    git(live.clone, "push", "--quiet", "--force", "origin", "main:gh-pages")


def _push_anything(live: Place) -> None:
    git(live.remote, "update-ref", "-d", "refs/heads/gh-pages")
    live.push_pages({"notes.txt": "Notes.\n"})


def _lose_a_feed(live: Place) -> None:
    live.push_pages({"feed_of_old.xml": "<rss/>\n"})


def _lose_cards(live: Place) -> None:
    live.push_pages({f"assets/cards/{name}.png": "PNG\n" for name in ("a", "b")})


def _change_a_lab(live: Place) -> None:
    lab = "docs/articles/first/lab"
    live.commit({f"{lab}/test_a.py": LAB})
    done = live.run("engblog.cli lab", "run", "first")
    assert done.returncode == 0, done.stdout
    live.commit({f"{lab}/test_a.py": LAB + "\n# Changed.\n"})


@dataclass(frozen=True)
class Case:
    """One way to be refused."""

    name: str
    """The check's."""
    make: Callable[[Place], None]
    says: tuple[str, ...]
    """Parts of the message and of what to do."""
    options: tuple[str, ...] = ()


def _nothing(_: Place) -> None:
    pass


CASES = {
    "edited": Case("dirty-tree", _edit, ("docs/articles/first/index.md (changed)", "commit the changes")),
    "edited in secret": Case(
        "dirty-tree",
        _edit_in_secret,
        ("docs/articles/first/index.md (changed)", "--no-assume-unchanged --no-skip-worktree -- docs/articles/first"),
    ),
    "a new page": Case("dirty-tree", _add_a_page, ("docs/new.md (not in git)",)),
    "an ignored page": Case(
        "dirty-tree",
        _add_an_ignored_page,
        (
            "docs/left.md (ignored by git, and published",
            "git add --force -- docs/left.md",
        ),
    ),
    "an ignored well-known file": Case(
        "dirty-tree", _add_an_ignored_well_known_file, ("docs/.well-known/security.txt (ignored by git, and published",)
    ),
    "deleted": Case("dirty-tree", _delete, ("about.md (deleted)", "git restore -- docs/about.md")),
    "a page left out": Case(
        "dirty-tree",
        _leave_a_page_out,
        ("docs/about.md (left out by a sparse checkout)", "do not commit that", "git sparse-checkout add docs"),
    ),
    "elsewhere": Case("dirty-tree", _publish_from_elsewhere, ("docs (outside the repository)",)),
    "detached": Case("detached-head", _detach, ("not on a branch", "git switch main")),
    "another branch": Case("wrong-branch", _switch, ("this is the branch 'topic'", "`deploy_branch`")),
    "behind": Case("not-up-to-date", _fall_behind, ("1 commit ahead", "git pull --ff-only origin main")),
    "ahead": Case("not-up-to-date", _run_ahead, ("1 commit of this branch is not on", "git push origin main")),
    "parted": Case("not-up-to-date", _part, ("have diverged: 1 commit here, 1 there", "git pull --rebase")),
    "never pushed": Case("not-up-to-date", _never_push, ("no branch 'main'", "git push origin main")),
    "a domain on the pages branch": Case("cname", _other_domain, ("blog.example.org", "put docs/CNAME back")),
    "two domains": Case("cname", _two_domains, ("new.example.org, but the live site's says blog.example.org",)),
    "no domain": Case("cname", _no_domain, ("which is not a domain", "write one domain")),
    "a domain elsewhere": Case("site-url", _domain_elsewhere, ("write: site_url: https://blog.example.org/",)),
    "github elsewhere": Case("site-url", _on_github, ("write: site_url: https://real-engineering.github.io/blog/",)),
    "no address": Case("site-url", _no_address, ("`site_url` in mkdocs.yml is not set",)),
    "moved": Case(
        "vanished-pages",
        _move_an_article,
        (
            "1 of 1",
            "/articles/2026/11/19/second/ seems to have moved to /articles/2026/11/18/second/",
            "write `aliases: [/articles/2026/11/19/second/]` into that article's front matter",
        ),
    ),
    "lost": Case("vanished-pages", _lose_an_article, ("/articles/2026/11/19/second/ is no longer built", "aliases: [")),
    "sources": Case("foreign-branch", _push_sources, ("it has mkdocs.yml", "`remote_branch`")),
    "anything": Case("foreign-branch", _push_anything, ("it has no index.html",)),
    "a feed lost": Case("missing-output", _lose_a_feed, ("feed",)),
    "cards lost": Case(
        "missing-output",
        _lose_cards,
        ("the build has no cards; the live site has 2", "failed without stopping the build"),
    ),
}
ONLY_MKDOCS = {
    "forced": Case("force", _nothing, ("leave it out", "lease"), ("--force",)),
    "a dirty build": Case("dirty-build", _nothing, ("leave it out",), ("--dirty",)),
}
WAIVED_BY_MKDOCS = {*list(CASES)[::2], *ONLY_MKDOCS}
BUILT_FIRST = {"moved", "lost", "a feed lost", "cards lost"}
PAIRS = [(case, command) for case in CASES for command in COMMANDS] + [(case, "mkdocs") for case in ONLY_MKDOCS]


def refused(out: str) -> list[str]:
    """The checks that *out* says refuse, in order."""
    names = {check.value for check in Check}
    return [name for name in re.findall(r"^([a-z-]+): ", out, re.MULTILINE) if name in names]


@pytest.mark.parametrize(("case", "command"), PAIRS)
def test_a_refusal_says_what_to_do_and_touches_nothing_and_can_be_waived_by_name(
    live: Place, case: str, command: str
) -> None:
    how = {**CASES, **ONLY_MKDOCS}[case]
    how.make(live)
    before, site = git(live.remote, "for-each-ref"), snapshot(live.clone / "site")
    done = live.run(command, *how.options)
    assert done.returncode == 1, done.stdout
    assert refused(done.stdout) == [how.name], done.stdout
    for part in how.says:
        assert part in done.stdout
    once = {"mkdocs": f"ENGBLOG_ALLOW={how.name} mkdocs gh-deploy", "engblog": f"engblog deploy --allow {how.name}"}
    always = f"add `{how.name}` to the plugin's option `allow`"
    assert f"to go ahead anyway, this once: {once[command]}; for good: {always}" in done.stdout
    assert git(live.remote, "for-each-ref") == before
    if case not in BUILT_FIRST:
        assert "Building" not in done.stdout
        assert snapshot(live.clone / "site") == site

    if (command == "mkdocs") != (case in WAIVED_BY_MKDOCS):
        return  # each is waived with one of the two commands
    # Without an address there are no feeds, and no page that lists them: that is refused as well.
    besides = "vanished-pages,missing-output" if case == "no address" else ""
    waived = live.run(command, *how.options, ENGBLOG_ALLOW=f" {how.name} ,{besides}")
    assert waived.returncode == 0, waived.stdout
    assert f"allowed: {how.name}: " in waived.stdout


def test_every_check_of_a_deployment_is_tested_here() -> None:
    assert {Check(how.name) for how in (CASES | ONLY_MKDOCS).values()} == OF_DEPLOYMENTS


@pytest.mark.parametrize("command", COMMANDS)
def test_a_lab_that_is_out_of_step_with_its_record_stops_the_deployment(live: Place, command: str) -> None:
    _change_a_lab(live)
    before = live.tip()
    done = live.run(command)
    assert done.returncode == 1
    assert "docs/articles/first/lab/record.json:1:1 L002" in done.stdout
    assert "make lab ARTICLE=first" in done.stdout
    once = {"mkdocs": "ENGBLOG_ALLOW=labs mkdocs gh-deploy", "engblog": "engblog deploy --allow labs"}[command]
    assert f"this once: {once}; for good: add `labs` to the plugin's option `allow`" in done.stdout
    assert live.tip() == before
    waived = live.run(command, ENGBLOG_ALLOW="labs")
    assert waived.returncode == 0, waived.stdout
    assert live.tip() != before


def test_all_refusals_are_said_at_once(live: Place) -> None:
    _switch(live)
    _other_domain(live)
    live.commit({"docs/other.md": "# Other\n"}, push=False)
    _edit(live)
    done = live.run("mkdocs", "--force", "--dirty")
    assert refused(done.stdout) == ["force", "dirty-build", "dirty-tree", "wrong-branch", "not-up-to-date", "cname"]


def test_a_waiver_may_be_given_to_the_command(live: Place) -> None:
    _edit(live)
    done = live.run("engblog", "--allow", "dirty-tree")
    assert done.returncode == 0, done.stdout
    assert "The sources had changes that are not in this commit." in git(
        live.remote, "log", "-1", "--format=%B", "gh-pages"
    )


def test_a_waiver_that_is_none_is_refused_with_a_suggestion(live: Place) -> None:
    done = live.run("engblog", "--allow", "dirty-tre")
    assert done.returncode == 1
    assert "'dirty-tre' is not a check; did you mean 'dirty-tree'?" in done.stdout.replace("“", "'").replace("”", "'")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_promise_that_the_build_breaks_can_be_waived_in_the_words_of_the_command(live: Place, command: str) -> None:
    elsewhere = (live.clone / "theme/main.html").read_text() + '<img src="https://a.example/b.png" alt="">'
    live.commit({"docs/other.md": "# Other\n\n[there](#gone)\n", "theme/main.html": elsewhere})
    done = live.run(command)
    assert done.returncode == 1, done.stdout
    once = {
        "mkdocs": "ENGBLOG_ALLOW=links,other-hosts mkdocs gh-deploy",
        "engblog": "engblog deploy --allow links --allow other-hosts",
    }[command]
    assert f"this once: {once}; for good: add `links`, `other-hosts` to the plugin's option `allow`" in done.stdout
    waived = live.run(command, ENGBLOG_ALLOW="links,other-hosts")
    assert waived.returncode == 0, waived.stdout


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("usual", [None, "upstream", "fork"])
def test_a_remote_of_another_name_is_named_with_the_option_that_takes_it(
    fresh: Place, command: str, usual: str | None
) -> None:
    git(fresh.clone, "remote", "rename", "origin", "upstream")
    git(fresh.clone, "remote", "add", "fork", "../fork.git")
    if usual:
        git(fresh.clone, "config", "remote.pushDefault", usual)
    done = fresh.run(command)
    assert done.returncode == 1
    first, other = ("upstream", "fork") if usual == "upstream" else ("fork", "upstream")
    option = {"mkdocs": "--remote-name", "engblog": "--remote"}[command]
    assert f"there is no remote 'origin'; to use '{first}', pass {option} {first}, or for good write " in done.stdout
    assert f"`remote_name: {first}` in mkdocs.yml; the others are: {other}" in done.stdout
    done = fresh.run(command, option, "upstream")
    assert done.returncode == 0, done.stdout
    assert fresh.tip() != ""


def test_a_check_that_the_build_makes_may_be_waived_by_the_command_too(live: Place) -> None:
    _change_a_lab(live)
    done = live.run("engblog", "--allow", "labs", "--dry-run")
    assert done.returncode == 0, done.stdout
    assert "allowed: labs: the lab of articles/first/index.md has changed" in done.stdout


def test_a_waiver_may_stand_in_the_options(live: Place) -> None:
    config = (live.clone / "mkdocs.yml").read_text().replace("- engblog: {", "- engblog: {allow: [not-up-to-date], ")
    live.commit({"mkdocs.yml": config}, push=False)
    done = live.run("mkdocs", ENGBLOG_ALLOW="force")
    assert done.returncode == 0, done.stdout
    assert "allowed: not-up-to-date: 1 commit of this branch is not on origin/main" in done.stdout


def test_a_redirect_keeps_an_address(live: Place) -> None:
    """What the refusals say to write is all that is needed."""
    live.push_pages({"old/index.html": "<!doctype html><title>Old</title>\n"})
    _move_an_article(live)
    refused = live.run("mkdocs").stdout
    assert "write `/old/: /where/its/readers/go/` into docs/redirects.yml" in refused
    [alias] = re.findall(r"`(aliases: .*)` into that article's", refused)
    text = (live.clone / "docs/articles/second/index.md").read_text().replace("---\n", f"---\n{alias}\n", 1)
    live.commit({"docs/articles/second/index.md": text, "docs/redirects.yml": "/old/: /\n"})
    done = live.run("engblog", "--dry-run")
    assert done.returncode == 0, done.stdout
    assert "2 redirected, 0 vanished" in done.stdout
    assert "\n  > /articles/2026/11/19/second/\n  > /old/\n" in done.stdout


def test_cards_that_were_shared_are_kept_by_what_the_refusal_says(live: Place) -> None:
    """Cards of a site that was deployed when their names changed with the titles."""
    config = (live.clone / "mkdocs.yml").read_text().replace("- engblog: {", "- engblog: {cards: true, ")
    live.commit({"mkdocs.yml": config, **CARD_MATERIALS})
    old = {f"assets/cards/{name}-0a1b2c3d.png": PNG + name.encode() for name in ("first", "second", "site")}
    by_hand = live.push_pages(old)
    refused = live.run("mkdocs").stdout
    assert "missing-output: 3 cards would disappear: assets/cards/first-0a1b2c3d.png, " in refused
    [command] = re.findall(r"commit the files: (.*)", refused)
    subprocess.run(command, shell=True, cwd=live.clone, check=True, capture_output=True)  # noqa: S602
    live.commit({})
    done = live.run("engblog")
    assert done.returncode == 0, done.stdout
    blobs = [[git(live.remote, "rev-parse", f"{commit}:{name}") for name in old] for commit in (by_hand, "gh-pages")]
    assert blobs[0] == blobs[1]
    assert len([name for name in live.files() if name.startswith("assets/cards/")]) == 6


def test_later_pages_of_lists_may_vanish(live: Place) -> None:
    live.push_pages({"page/2/index.html": "<title>2</title>\n", "tags/redis/page/3/index.html": "<title>3</title>\n"})
    done = live.run("mkdocs")
    assert done.returncode == 0, done.stdout
    assert "2 fewer than live" in done.stdout


def test_what_tools_and_editors_leave_does_not_count(live: Place) -> None:
    (live.clone / "notes.tmp").write_text("Mine.\n")
    (live.clone / "docs/articles/first/__pycache__").mkdir()
    (live.clone / "docs/articles/first/__pycache__/a.pyc").write_bytes(b"\0")
    (live.clone / "docs/.hidden.tmp").write_text("An editor's.\n")
    assert "nothing to do" in live.run("engblog").stdout


def test_sources_that_change_during_the_build_are_noticed(live: Place) -> None:
    hook = "from pathlib import Path\n\ndef on_env(env, **_):\n    Path('docs/index.md').write_text('# Late\\n')\n"
    config = "hooks: [hook.py]\n" + (live.clone / "mkdocs.yml").read_text()
    live.commit({"hook.py": hook, "mkdocs.yml": config})
    before = live.tip()
    done = live.run("mkdocs")
    assert done.returncode == 1
    assert "dirty-tree: the sources differ" in done.stdout
    assert live.tip() == before


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("remote", "there is no remote 'origin'; run: git remote add"),
        ("unreachable", "cannot be reached"),
        ("same branch", "the site cannot be pushed to 'main'"),
        ("no repository", "is not in a git repository"),
        ("no commit", "there is no commit yet"),
        ("no git", "git is not installed"),
    ],
)
def test_what_cannot_be_waived_says_what_is_missing(
    fresh: Place, tmp_path: Path, command: str, wrong: str, said: str
) -> None:
    environment = {}
    if wrong == "remote":
        git(fresh.clone, "remote", "remove", "origin")
    elif wrong == "unreachable":
        git(fresh.clone, "remote", "set-url", "origin", "https://ada:secret@127.0.0.1:1/x.git")
    elif wrong == "same branch":
        fresh.commit({"mkdocs.yml": "remote_branch: main\n" + (fresh.clone / "mkdocs.yml").read_text()})
    elif wrong in {"no repository", "no commit"}:
        (fresh.clone / ".git").rename(tmp_path / "git")
        if wrong == "no commit":
            git(fresh.clone, "init", "--quiet", "--initial-branch=main")
            git(fresh.clone, "remote", "add", "origin", "../origin.git")
    else:
        environment["PATH"] = str(tmp_path)
    done = fresh.run(command, **environment)
    assert done.returncode == 1
    assert said in done.stdout
    assert "secret" not in done.stdout
    assert fresh.tip() == ""
