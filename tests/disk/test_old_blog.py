"""The files of an old blog: its own only, with the days on which they were added."""

from __future__ import annotations

import datetime
import os
import subprocess
from pathlib import Path

import pytest
from engblog.disk.old_blog import FirstDays, OldBlogError, open_blog, zone_of
from support.sources import write


def test_a_link_out_of_the_blog_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"old/a.md": "a", "old/b.md": "b", "secret.md": "s"})
    (tmp_path / "old/out.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "old/in.md").symlink_to(tmp_path / "old/a.md")
    (tmp_path / "old/dangling.md").symlink_to(tmp_path / "nowhere")
    blog = open_blog(tmp_path / "old")
    assert blog.files == {"a.md", "b.md", "in.md"}
    assert blog.read("../secret.md") is None


def test_what_tools_made_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"_site/a.md": "", "node_modules/a.md": "", "public/a.md": "", "content/posts/public/a.md": ""})
    assert open_blog(tmp_path).files == {"content/posts/public/a.md"}


def test_a_folder_that_has_no_files_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.md": ""})
    assert open_blog(tmp_path, posts=("a/",)).posts == ("a",)
    with pytest.raises(OldBlogError, match="no files"):
        open_blog(tmp_path, posts=("b",))


class Repository:
    """A repository whose commits are made on the days that a test says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._git("2019-01-01", "init", "-q")

    def _git(self, day: str, *arguments: str) -> None:
        when = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
        git = ["git", "-C", str(self.root), "-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run([*git, *arguments], check=True, env={**os.environ, **when})

    def commit(self, day: str, files: dict[str, str]) -> None:
        write(self.root, dict(files))
        self._git(day, "add", "-A")
        self._git(day, "commit", "-qm", "x")

    def rename(self, day: str, old: str, new: str) -> None:
        self._git(day, "mv", old, new)
        self._git(day, "commit", "-qm", "x")


LONG = "".join(f"A line of text, number {number}.\n" for number in range(20))


def test_the_repository_knows_when_a_text_was_added_under_whichever_name(tmp_path: Path) -> None:
    write(tmp_path, {"blog/a.md": "x"})
    assert FirstDays(tmp_path / "blog").day("a.md") is None
    repository = Repository(tmp_path)
    repository.commit("2019-03-04", {"blog/a.md": "x", 'blog/né "b".MD': LONG, "elsewhere.md": "z"})
    repository.commit("2019-04-05", {"blog/a.md": "changed", "blog/c.mdx": "new"})
    repository.rename("2020-01-02", 'blog/né "b".MD', "blog/d.markdown")
    repository.commit("2021-01-02", {"blog/d.markdown": f"{LONG}More.\n"})
    days = FirstDays(tmp_path / "blog")
    assert days.day("a.md") == datetime.date(2019, 3, 4)
    assert days.day("c.mdx") == datetime.date(2019, 4, 5)
    assert days.day("d.markdown") == datetime.date(2019, 3, 4)
    assert days.day("elsewhere.md") is None


def test_the_history_is_read_once_for_all_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Repository(tmp_path).commit("2019-03-04", {f"{number}.md": f"{number}" for number in range(9)})
    asked = []
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *given, **how: asked.append(given) or run(*given, **how))  # type: ignore[func-returns-value]
    blog = open_blog(tmp_path)
    assert asked == []
    assert {blog.first_day(path) for path in blog.files} == {datetime.date(2019, 3, 4)}
    assert len(asked) == 1


def test_zones_are_known_by_name() -> None:
    zone = zone_of("Europe/Paris")
    assert zone is not None
    assert zone.utcoffset(datetime.datetime(2020, 7, 1)) == datetime.timedelta(hours=2)  # noqa: DTZ001
    assert zone_of("Nowhere/Town") is None
    assert zone_of("../etc/passwd") is None
