"""An article moves with all that names it; all of it, or nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from engblog.disk.docs import check_docs
from engblog.disk.move import MoveError, carry_out, find_article, plan_move
from engblog.disk.project import find_project
from engblog.lab.record import Recorder, write_record
from engblog.outputs.feeds.ids import article_id
from support.hosts import snapshot
from support.moving import ALIAS, NEW, OLD
from support.shell import engblog
from support.sources import article, write

pytestmark = pytest.mark.usefixtures("epoch")


def text(site: Path, name: str) -> str:
    return (site / name).read_bytes().decode()


def problems(site: Path) -> list[str]:
    project = find_project(site / "mkdocs.yml")
    return [str(problem) for problem in check_docs(project.docs, project.settings).problems]


def test_the_folder_moves_and_the_old_address_is_kept(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = text(site, f"{OLD}/index.md")
    status, out, err = engblog(capsys, "move", "old", "new")
    assert (status, err) == (0, "")
    assert not (site / OLD).exists()
    assert text(site, f"{NEW}/index.md") == before.replace("../old/index.md#a", "../new/index.md#a").replace(
        "tags: [Redis, Go, MySQL]\n", f"tags: [Redis, Go, MySQL]\naliases:\n  - {ALIAS}\n"
    )
    assert problems(site) == []
    assert out == (
        "docs/articles/old/ is now docs/articles/new/\n"
        "/articles/2026/11/20/old/ is now /articles/2026/11/20/new/\n"
        "docs/articles/new/index.md:7: alias /articles/2026/11/20/old/ added\n"
        "docs/articles/new/index.md:8: ../old/index.md#a is now ../new/index.md#a\n"
    )


def test_nothing_that_lies_in_the_folder_stays_behind(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {f"{OLD}/lab/__pycache__/x.pyc": b"x", f"{OLD}/.hidden": "x", f"{OLD}/plot.png": b"png"})
    assert engblog(capsys, "move", "old", "new")[0] == 0
    assert not (site / OLD).exists()
    names = {path.relative_to(site / NEW).as_posix() for path in (site / NEW).rglob("*") if path.is_file()}
    assert names == {"index.md", "lab/__pycache__/x.pyc", ".hidden", "plot.png"}
    assert sorted(path.name for path in site.iterdir()) == ["docs", "mkdocs.yml"]
    assert sorted(path.name for path in (site / "docs").iterdir()) == ["articles", "authors.yml", "taxonomy.yml"]


def test_a_link_to_a_well_known_file_is_not_a_new_problem(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = article("[Security](../../.well-known/security.txt)\n")
    write(site, {"docs/.well-known/security.txt": "x", f"{OLD}/index.md": text})
    assert engblog(capsys, "move", "old", "new")[0] == 0
    assert problems(site) == []


def test_a_labs_record_stays_in_step(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {f"{OLD}/lab/test_a.py": "def test_a(): pass\n"})
    write_record(site / OLD / "lab", Recorder(), ran="2026-11-23")
    assert engblog(capsys, "move", "old", "new", "--date", "2026-11-01")[0] == 0
    assert problems(site) == []


def test_a_date_moves_it_too(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = engblog(capsys, "move", "old", "--date", "2026-10-31")
    assert status == 0
    assert "/articles/2026/11/20/old/ is now /articles/2026/10/31/old/" in out
    assert "docs/articles/old/index.md:4: date 2026-11-20 is now 2026-10-31" in out
    assert "date: 2026-10-31\n" in text(site, f"{OLD}/index.md")
    assert f"  - {ALIAS}\n" in text(site, f"{OLD}/index.md")
    assert "../old/index.md#a" in text(site, f"{OLD}/index.md"), "links go by file, not by address"


def test_the_time_of_day_stays(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {f"{OLD}/index.md": article(date="'2026-11-20T09:30:00+01:00' # morning")})
    assert engblog(capsys, "move", "old", "new", "--date", "2026-10-31")[0] == 0
    assert "date: '2026-10-31T09:30:00+01:00' # morning\n" in text(site, f"{NEW}/index.md")


def test_moving_back_swaps_the_two_addresses(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert engblog(capsys, "move", "old", "new")[0] == 0
    status, out, err = engblog(capsys, "move", "new", "old")
    assert (status, err) == (0, "")
    assert f"aliases:\n  - /articles/2026/11/20/new/\nid: {ALIAS}\n---\n" in text(site, f"{OLD}/index.md")
    assert "alias /articles/2026/11/20/old/ is now /articles/2026/11/20/new/" in out
    assert f"docs/articles/old/index.md:9: id {ALIAS} added: feeds know the article by it\n" in out
    assert problems(site) == []


MOVES = {
    "there and back": [("old", "new"), ("new", "old")],
    "there, on and back": [("old", "new"), ("new", "third"), ("third", "old"), ("old", "new")],
    "to another day and back": [("old", "new", "--date", "2026-11-01"), ("new", "old", "--date", "2026-11-20")],
    "without an alias": [("old", "new", "--no-alias"), ("new", "third"), ("third", "new", "--no-alias")],
    "back without an alias": [("old", "new"), ("new", "old", "--no-alias"), ("old", "new", "--no-alias")],
}
"""Commands, one after the other."""


@pytest.mark.parametrize("moves", MOVES.values(), ids=MOVES)
@pytest.mark.parametrize(
    "first", [None, "[/2019/old.html, /articles/2026/11/20/third/]", "[/articles/2026/11/20/new/]"]
)
def test_feeds_know_it_by_one_id_wherever_it_moves(
    moves: list[tuple[str, ...]], first: str | None, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(site, {f"{OLD}/index.md": article(aliases=first) if first else article()})
    before = feed_id(site, "old")
    for arguments in moves:
        status, _, err = engblog(capsys, "move", *arguments)
        assert (status, "feed" in err) == (0, False)
        assert feed_id(site, arguments[1]) == before
        assert problems(site) == []
    assert text(site, f"docs/articles/{moves[-1][1]}/index.md").count("\nid: ") <= 1


def feed_id(site: Path, slug: str) -> str:
    project = find_project(site / "mkdocs.yml")
    return article_id("x.example,2026", find_article(project, slug).article)


@pytest.mark.parametrize(
    ("aliases", "after"),
    [
        ("\n  - /a/\n  - '/articles/2026/11/20/new' # was\n  - /b/", f"\n  - /a/\n  - /b/\n  - {ALIAS}"),
        ("[/a/, /articles/2026/11/20/new/, /b/]", f"[/a/, /b/, {ALIAS}]"),
        ("[/articles/2026/11/20/new/, /b/]", f"[/b/, {ALIAS}]\nid: /articles/2026/11/20/new/"),
        ("[/a/, /articles/2026/11/20/new/]", f"[/a/, {ALIAS}]"),
    ],
)
def test_a_former_address_is_no_alias_any_more(
    aliases: str, after: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(site, {f"{OLD}/index.md": article(aliases=aliases)})
    assert engblog(capsys, "move", "old", "new")[0] == 0
    assert f"aliases: {after}\n---\n".replace(": \n", ":\n") in text(site, f"{NEW}/index.md").replace(": \n", ":\n")
    assert problems(site) == []


def test_moving_back_without_an_alias_leaves_no_empty_list(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = text(site, f"{OLD}/index.md")
    engblog(capsys, "move", "old", "new")
    assert engblog(capsys, "move", "new", "old", "--no-alias")[0] == 0
    assert text(site, f"{OLD}/index.md") == before


def test_redirects_to_it_lead_to_its_new_address(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        site,
        {
            f"{OLD}/lab/test_a.py": "",
            "docs/redirects.yml": f"# moved\r\n/a/: '{ALIAS}'   # the old\r\n/b/: '{ALIAS}#a'\r\n"
            f'/c/: "{ALIAS}lab/"\r\n'
            "/d/: /articles/2026/11/20/old\r\n/e/: /articles/2026/11/20/other/\r\n",
        },
    )
    write_record(site / OLD / "lab", Recorder(), ran="2026-11-23")
    assert problems(site) == []
    status, out, _ = engblog(capsys, "move", "old", "new")
    assert status == 0
    assert text(site, "docs/redirects.yml") == (
        "# moved\r\n/a/: '/articles/2026/11/20/new/'   # the old\r\n/b/: '/articles/2026/11/20/new/#a'\r\n"
        '/c/: "/articles/2026/11/20/new/lab/"\r\n/d/: /articles/2026/11/20/new\r\n/e/: /articles/2026/11/20/other/\r\n'
    )
    assert f"docs/redirects.yml:2: {ALIAS} is now /articles/2026/11/20/new/\n" in out
    assert problems(site) == []


@pytest.mark.parametrize("keys", [{"status": "draft"}, {"date": "2027-02-01"}])
def test_what_readers_never_had_gets_no_alias(
    keys: Mapping[str, str], site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(site, {f"{OLD}/index.md": article(**keys)})
    status, out, err = engblog(capsys, "move", "old", "new")
    assert (status, err) == (0, "")
    assert out.endswith("no alias: the old address was never public\n")
    assert "aliases" not in text(site, f"{NEW}/index.md")


def test_problems_that_were_there_before_do_not_stop_it(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/articles/third/index.md": article("[a](../old/index.md) [b](gone.md)\n", titel="x")})
    assert len(problems(site)) == 2
    assert engblog(capsys, "move", "old", "new")[0] == 0
    assert len(problems(site)) == 2
    assert "[a](../new/index.md) [b](gone.md)" in text(site, "docs/articles/third/index.md")


def test_a_failure_while_writing_puts_everything_back(site: Path) -> None:
    write(site, {"docs/about.md": "[a](articles/old/index.md)\n", f"{OLD}/lab/notes.txt": "x"})
    (site / "docs/about.md").chmod(0o640)
    project = find_project(site / "mkdocs.yml")
    plan = plan_move(project, find_article(project, "old"), "new", date(2026, 11, 20), alias=True)
    assert len(plan.files) == 2
    before = snapshot(site)
    with pytest.raises(MoveError, match="nothing was moved"):
        carry_out(replace(plan, new=site / "docs/no/such/folder"))
    assert snapshot(site) == before
    in_the_way = site / OLD / ".index.md.before"
    in_the_way.mkdir()
    with pytest.raises(MoveError, match=r"index\.md\.before"):  # the second file, when the first has changed
        carry_out(plan)
    assert snapshot(site) == before
    in_the_way.rmdir()
    assert (site / "docs/about.md").stat().st_mode & 0o777 == 0o640
    carry_out(plan)
    assert (site / "docs/about.md").stat().st_mode & 0o777 == 0o640
    assert not list(site.rglob(".*")), "nothing is left behind"


def test_a_file_that_changed_in_the_meantime_stops_it(site: Path) -> None:
    project = find_project(site / "mkdocs.yml")
    plan = plan_move(project, find_article(project, "old"), "new", date(2026, 11, 20), alias=True)
    write(site, {f"{OLD}/index.md": article("Another text.\n")})
    before = snapshot(site)
    with pytest.raises(MoveError, match="changed in the meantime"):
        carry_out(plan)
    assert snapshot(site) == before


def test_git_sees_a_rename(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    assert shutil.which("git")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *arguments], cwd=site, check=True)
    assert engblog(capsys, "move", "old", "new")[0] == 0
    subprocess.run([*git, "add", "-A"], cwd=site, check=True)
    said = subprocess.run([*git, "status", "--short"], cwd=site, check=True, capture_output=True, text=True).stdout
    assert said == f"R  {OLD}/index.md -> {NEW}/index.md\n"
