"""A site is built again from its commit."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.cli import main
from support.hosts import build, config, mini
from support.repositories import commit, copy_of_this, git
from support.sources import article, write
from support.verifying import Asked, claim

HOOK = """\
from pathlib import Path
import os


def on_config(config):
    Path(os.environ["MARK"]).touch()
    return config
"""


def test_this_repositorys_site_is_built_again_by_the_commits_own_code(
    verify: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy_of_this(tmp_path / "clone")
    code = folder / "plugins/engblog/model/kinds.py"  # the plugin that is installed has other words
    code.write_text(code.read_text().replace(" by year.", " of all years."))
    commit(folder)
    published = build(folder, "--strict", PYTHONPATH=str(folder / "plugins"))
    (folder / "overrides/404.html").write_text("Another")
    commit(folder)
    monkeypatch.chdir(folder)
    assert "of all years." in (published / "archive/index.html").read_text()
    status, said = verify(published)
    assert status == 0, said


def test_another_moment_makes_another_site(verify: Asked, published: Path) -> None:
    claim(published, epoch=1600000000)  # before the article
    status, said = verify(published)
    assert status == 1
    assert "articles: 0 here, 1 there" in said


def test_the_code_of_a_commit_that_nobody_merged_is_not_run(
    verify: Asked, repository: Path, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site could name the commit of a pull request that was fetched to be read."""
    monkeypatch.setenv("MARK", str(tmp_path / "ran"))
    git(repository, "checkout", "--quiet", "-b", "pull-request")
    write(repository, {"hook.py": HOOK, "mkdocs.yml": config(before="hooks: [hook.py]\n")})
    name = commit(repository, "Be evil")
    git(repository, "checkout", "--quiet", "main")
    claim(published, commit=name)
    status, said = verify(published)
    assert status == 1
    assert "building it runs its code: read it, then name its branch: --branch NAME" in said
    git(repository, "checkout", "--quiet", "--detach", "pull-request")
    assert verify(published)[0] == 1, "that somebody looks at it is not enough"
    git(repository, "checkout", "--quiet", "main")
    for ref in (
        "refs/remotes/origin/pr/7", "refs/remotes/origin/main/7", "refs/pull/7/head", "refs/heads/main-7",
        "refs/remotes/pr/main", "refs/tags/main",
    ):  # fmt: skip
        git(repository, "update-ref", ref, name)
        assert verify(published)[0] == 1, ref
        git(repository, "update-ref", "-d", ref)
    assert not (tmp_path / "ran").exists()
    verify(published, "--branch", "pull-request")
    assert (tmp_path / "ran").exists()
    git(repository, "branch", "--quiet", "-D", "pull-request")


def test_a_commit_of_the_remote_that_is_not_merged_here_may_be_built(
    verify: Asked, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A maintainer who is behind verifies what a colleague deployed."""
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    git(tmp_path / "clone", "reset", "--quiet", "--hard", "HEAD~1")
    newest = git(repository, "rev-parse", "HEAD")
    build(repository, "-d", str(tmp_path / "newest"))
    monkeypatch.chdir(tmp_path / "clone")
    status, said = verify(tmp_path / "newest")
    assert (status, said.split()[-1]) == (0, newest)


def test_a_shallow_clone_verifies_its_own_commit(
    verify: Asked, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), "clone")
    published = build(tmp_path / "clone")
    monkeypatch.chdir(tmp_path / "clone")
    assert verify(published)[0] == 0


def test_a_site_in_a_folder_of_a_repository_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mini(tmp_path / "web/blog", {"docs/articles/a/index.md": article()})
    commit(write(tmp_path, {".gitignore": "site/\n.site.*\n"}))
    published = build(tmp_path / "web/blog")
    monkeypatch.chdir(tmp_path)
    assert main(["--config", "web/blog/mkdocs.yml", "verify", str(published)]) == 0


def test_a_commit_that_does_not_build_shows_why(verify: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = mini(tmp_path, {"docs/articles/a/index.md": article(), ".gitignore": "site/\n.site.*\n"})
    commit(folder)
    build(folder)
    write(folder, {"docs/articles/a/index.md": "no front matter"})
    claim(folder / "site", commit=commit(folder))
    monkeypatch.chdir(folder)
    status, said = verify("site")
    assert status == 1
    assert "the commit does not build here; mkdocs said:" in said
    assert "docs/articles/a/index.md:1:1" in said
