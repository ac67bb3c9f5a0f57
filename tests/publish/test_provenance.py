"""The commit, the lock and the tools that a site was built from."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from engblog.disk import clock
from engblog.publish.provenance import LOCK, Revision, provenance, revision, tools
from engblog.publish.sources import Sources
from support.repositories import commit, git
from support.sources import write

COMMIT = "0123456789abcdef0123456789abcdef01234567"


# Where it comes from


def test_outside_a_repository_there_is_no_commit(tmp_path: Path) -> None:
    assert revision(Sources(tmp_path)) == Revision(None, None)
    made = provenance(tmp_path, "mkdocs", revision(Sources(tmp_path)), revision(Sources(tmp_path)))
    assert (made.commit, made.clean, made.lock) == (None, None, None)


def test_a_repository_without_a_commit_has_none(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert revision(Sources(tmp_path)) == Revision(None, None)


def test_without_git_there_is_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(write(tmp_path, {"a": "1"}))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert revision(Sources(tmp_path)) == Revision(None, None)


@pytest.mark.parametrize("folder", [".", "below/deep"])
def test_a_committed_tree_is_clean(tmp_path: Path, folder: str) -> None:
    name = commit(write(tmp_path, {"a": "1", "below/deep/b": "2", ".gitignore": "ignored\n"}))
    write(tmp_path, {"ignored": "x"})
    assert revision(Sources(tmp_path / folder)) == Revision(name, True)


@pytest.mark.parametrize(
    ("changed", "clean"),
    [
        ({"below/b": "2"}, False),
        ({"below/new": ""}, False),
        ({"below/docs/ignored": ""}, False),
        ({"below/ignored": ""}, True),
        ({"below/site/index.html": ""}, True),
        ({"below/site2/index.html": ""}, False),
        ({"a": "2", "new": "", "site/index.html": ""}, True),
    ],
)
def test_an_edit_of_what_a_build_reads_is_not_clean(tmp_path: Path, changed: dict[str, str], clean: bool) -> None:
    name = commit(write(tmp_path, {"a": "1", "below/b": "2.0", ".gitignore": "ignored\n"}))
    write(tmp_path, changed)
    below = tmp_path / "below"
    assert revision(Sources(below, published=(below / "docs",), written=(below / "site",))) == Revision(name, clean)


def test_an_edit_that_is_staged_is_not_clean(tmp_path: Path) -> None:
    name = commit(write(tmp_path, {"a": "1"}))
    git(write(tmp_path, {"a": "2"}), "add", "a")
    assert revision(Sources(tmp_path)) == Revision(name, False)


def test_what_the_build_writes_itself_is_no_edit(tmp_path: Path) -> None:
    name = commit(write(tmp_path / "repo", {"a": "1"}))
    write(tmp_path / "repo", {"si*te/index.html": "", ".site.staging-x/index.html": ""})
    written = [tmp_path / "repo/si*te", tmp_path / "repo/.site.staging-x", tmp_path / "elsewhere", tmp_path / "repo"]
    assert revision(Sources(tmp_path / "repo", written=tuple(written))) == Revision(name, True)


def test_asking_changes_nothing_in_the_repository(tmp_path: Path) -> None:
    commit(write(tmp_path, {"a": "1"}))
    (tmp_path / "a").touch()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    revision(Sources(tmp_path))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_hook_of_another_repository_does_not_lead_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(write(tmp_path / "other", {"a": "1"}))
    name = commit(write(tmp_path / "ours", {"b": "1"}))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    assert revision(Sources(tmp_path / "ours")) == Revision(name, True)


def test_an_edit_while_it_builds_leaves_no_clean_commit(tmp_path: Path) -> None:
    one, other = Revision(COMMIT, True), Revision("f" * 40, True)
    assert provenance(tmp_path, "mkdocs", one, other).clean is False
    assert provenance(tmp_path, "mkdocs", one, Revision(COMMIT, False)).clean is False
    assert provenance(tmp_path, "mkdocs", one, one).clean is True


def test_the_lock_is_known_by_its_bytes(tmp_path: Path) -> None:
    write(tmp_path, {LOCK: "mkdocs==1.6.1\n"})
    made = provenance(tmp_path, "mkdocs", Revision(), Revision())
    assert made.lock == sha256(b"mkdocs==1.6.1\n").hexdigest()


def test_the_tools_are_those_that_are_installed() -> None:
    import mkdocs  # noqa: PLC0415, TID251

    found = tools("mkdocs")
    assert found["mkdocs"] == mkdocs.__version__
    assert {"python", "zlib", "pillow", "numpy", "jinja2", "engblog", "mkdocs-rss-plugin"} <= set(found)
    assert "properdocs" not in found
    assert "no-such-host" not in tools("no-such-host")


# The clock of others


def test_every_tool_sees_the_moment_of_the_build() -> None:
    environment: dict[str, str] = {}
    release = clock.hold((), environment)
    assert int(environment["SOURCE_DATE_EPOCH"]) % 86_400 == 0, "the start of the day, until an article's hour has come"
    release()
    assert environment == {}
