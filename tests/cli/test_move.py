"""``engblog move``: the folder, the address and all that names either; all of it, or nothing."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from engblog.cli import main
from engblog.disk.docs import check_docs
from engblog.disk.move import MoveError, carry_out, find_article, plan_move
from engblog.disk.project import find_project
from engblog.lab.record import Recorder, write_record
from engblog.outputs.feeds.ids import article_id
from support.hosts import snapshot
from support.sources import AUTHORS, TAXONOMY, article, write

pytestmark = pytest.mark.usefixtures("epoch")
OLD = "docs/articles/old"
NEW = "docs/articles/new"
ALIAS = "/articles/2026/11/20/old/"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site with an article that others link to, and the author standing in its folder."""
    monkeypatch.chdir(tmp_path)
    return write(
        tmp_path,
        {
            "mkdocs.yml": "plugins: [engblog]\n",
            "docs/taxonomy.yml": TAXONOMY,
            "docs/authors.yml": AUTHORS,
            f"{OLD}/index.md": article("Text, [itself](../old/index.md#a) and [other](../other/index.md).\n\n## A\n"),
            "docs/articles/other/index.md": article("Text.\n"),
        },
    )


def engblog(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    out = capsys.readouterr()
    return status, out.out, out.err


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


def test_a_labs_record_stays_in_step(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {f"{OLD}/lab/test_a.py": "def test_a(): pass\n"})
    write_record(site / OLD / "lab", Recorder(), ran="2026-11-23")
    assert engblog(capsys, "move", "old", "new", "--date", "2026-11-01")[0] == 0
    assert problems(site) == []


@pytest.mark.parametrize(
    "named", ["old", "docs/articles/old", "docs/articles/old/", "docs/articles/old/index.md", "./docs/articles/old"]
)
def test_an_article_is_named_by_its_slug_or_its_path(
    named: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert engblog(capsys, "move", named, "new")[0] == 0
    assert (site / NEW).is_dir()


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


FRONTS = {
    "a list in lines": ("aliases:\n  - /first/   # kept\n", f"aliases:\n  - /first/   # kept\n  - {ALIAS}\n"),
    "a list in lines, not indented": ("aliases:\n- '/a/'\n# a remark\n", f"aliases:\n- '/a/'\n- {ALIAS}\n# a remark\n"),
    "a list in brackets": ("aliases: [/a/, '/b/'] # two\n", f"aliases: [/a/, '/b/', {ALIAS}] # two\n"),
    "brackets over lines": ("aliases: [\n  /first/,\n  ]\n", f"aliases: [\n  /first/, {ALIAS},\n  ]\n"),
    "an empty list": ("aliases: [ ] # none\n", f"aliases: [{ALIAS}] # none\n"),
    "nothing": ("aliases:   # none yet\n", f"aliases: [{ALIAS}]   # none yet\n"),
    "null": ("aliases: null\n", f"aliases: [{ALIAS}]\n"),
    "no key": ("status: published\n", f"status: published\naliases:\n  - {ALIAS}\n"),
    "a remark at the end": ("status: published\n# the end\n", f"status: published\n# the end\naliases:\n  - {ALIAS}\n"),
    "a folded text at the end": ("updated:\n  2026-11-21\n", f"updated:\n  2026-11-21\naliases:\n  - {ALIAS}\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", FRONTS)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_every_other_byte_of_the_front_matter_stays(
    case: str, eol: str, mark: bytes, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = FRONTS[case]
    lead = 'title: "Ünïcode 🐘"   # a title\ndescription: >-\n  ' + "So wird es erzählt: " * 5 + "\n"
    front = "---\n" + lead + "category: Database\ntags:   [ Redis,Go, MySQL ]\ndate: 2026-11-20\n"

    def whole(part: str) -> bytes:
        return mark + (front + part + "---\nText.\n\n---\n\nMore.").replace("\n", eol).encode()

    write(site, {f"{OLD}/index.md": whole(before)})
    assert engblog(capsys, "move", "old", "new")[0] == 0
    assert (site / NEW / "index.md").read_bytes() == whole(after)
    assert problems(site) == []


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
        ("\n  - /a/\n  - /articles/2026/11/20/new # was\n  - /b/", f"\n  - /a/\n  - /b/\n  - {ALIAS}"),
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


LINKS = {
    "docs/articles/other/index.md": (
        "[a](../old/index.md#x) ![b](../old/plot.png) [c](<../old/index.md> \"Title\")\n\n"
        "[../old/index.md](../old/index.md)\n\n"
        "[d]: ../old/index.md 'Title'\n\n[d] and [e](../../articles/old/index.md?q=1#y)\n\n"
        "`[f](../old/index.md)` and [g](../older/index.md) and [h](https://old/index.md)\n\n"
        "```md\n[i](../old/index.md)\n```\n\n<!-- [j](../old/index.md) -->\n",
        "[a](../new/index.md#x) ![b](../new/plot.png) [c](<../new/index.md> \"Title\")\n\n"
        "[../old/index.md](../new/index.md)\n\n"
        "[d]: ../new/index.md 'Title'\n\n[d] and [e](../../articles/new/index.md?q=1#y)\n\n"
        "`[f](../old/index.md)` and [g](../older/index.md) and [h](https://old/index.md)\n\n"
        "```md\n[i](../old/index.md)\n```\n\n<!-- [j](../old/index.md) -->\n",
    ),
    "docs/about.md": (
        "# About\n\n[a](articles/old/index.md) [b](old/index.md)\n",
        "# About\n\n[a](articles/new/index.md) [b](old/index.md)\n",
    ),
    "docs/more/deep.md": (
        "---\ntitle: Deep\n---\n[a](../articles/old/index.md)\r\n[b](../articles/%6Fld/index.md)",
        "---\ntitle: Deep\n---\n[a](../articles/new/index.md)\r\n[b](../articles/new/index.md)",
    ),
    "docs/old/index.md": ("# Another old\n", "# Another old\n"),
}  # fmt: skip


def test_what_links_to_it_is_mended_and_nothing_else(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        site,
        {
            f"{OLD}/plot.png": b"png",
            "docs/articles/older/index.md": article(),
            "docs/articles/third/index.md": article(requires="[other, 'old', older]  # old"),
            **{name: article(before) if "articles" in name else before for name, (before, _) in LINKS.items()},
        },
    )
    assert problems(site) == []
    status, out, _ = engblog(capsys, "move", "old", "new")
    assert status == 0
    for name, (_, after) in LINKS.items():
        assert text(site, name) == (article(after) if "articles" in name else after), name
    assert "requires: [other, 'new', older]  # old\n" in text(site, "docs/articles/third/index.md")
    assert "docs/articles/third/index.md:7: requires old is now new\n" in out
    assert "docs/articles/other/index.md:8: ../old/plot.png is now ../new/plot.png\n" in out
    assert "docs/about.md:3: articles/old/index.md is now articles/new/index.md\n" in out
    assert problems(site) == []


def test_redirects_to_it_lead_to_its_new_address(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        site,
        {
            f"{OLD}/lab/test_a.py": "",
            "docs/redirects.yml": f"# moved\r\n/a/: {ALIAS}   # the old\r\n/b/: '{ALIAS}#a'\r\n/c/: \"{ALIAS}lab/\"\r\n"
            "/d/: /articles/2026/11/20/old\r\n/e/: /articles/2026/11/20/other/\r\n",
        },
    )
    write_record(site / OLD / "lab", Recorder(), ran="2026-11-23")
    assert problems(site) == []
    status, out, _ = engblog(capsys, "move", "old", "new")
    assert status == 0
    assert text(site, "docs/redirects.yml") == (
        "# moved\r\n/a/: /articles/2026/11/20/new/   # the old\r\n/b/: '/articles/2026/11/20/new/#a'\r\n"
        '/c/: "/articles/2026/11/20/new/lab/"\r\n/d/: /articles/2026/11/20/new\r\n/e/: /articles/2026/11/20/other/\r\n'
    )
    assert f"docs/redirects.yml:2: {ALIAS} is now /articles/2026/11/20/new/\n" in out
    assert problems(site) == []


@pytest.mark.parametrize("case", FRONTS)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_an_id_is_added_and_every_other_byte_stays(
    case: str, eol: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lead = f"---\ntitle: A\ndescription: {'x' * 90}\ncategory: Database\ntags: [Redis, Go, MySQL]\ndate: 2026-11-20\n"
    front = lead + FRONTS[case][0]
    write(site, {f"{OLD}/index.md": f"{front}---\nText.\n".replace("\n", eol).encode()})
    known = feed_id(site, "old").rpartition(":")[2]
    added = f"id: /{known}\n" if f"/{known}" == ALIAS else ""  # else it has an alias before, which stays the first
    assert engblog(capsys, "move", "old", "new", "--no-alias")[0] == 0
    assert (site / NEW / "index.md").read_bytes() == f"{front}{added}---\nText.\n".replace("\n", eol).encode()


def test_an_id_that_is_written_stays_as_it_is(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {f"{OLD}/index.md": article(id="'/first'   # moved by hand")})
    assert engblog(capsys, "move", "old", "new", "--no-alias")[0] == 0
    assert "\nid: '/first'   # moved by hand\n---\n" in text(site, f"{NEW}/index.md")


@pytest.mark.parametrize("keys", [{"status": "draft"}, {"date": "2027-02-01"}])
def test_what_readers_never_had_gets_no_alias(
    keys: Mapping[str, str], site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(site, {f"{OLD}/index.md": article(**keys)})
    status, out, err = engblog(capsys, "move", "old", "new")
    assert (status, err) == (0, "")
    assert out.endswith("no alias: the old address was never public\n")
    assert "aliases" not in text(site, f"{NEW}/index.md")


def test_an_alias_for_a_draft_can_be_asked_for(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {f"{OLD}/index.md": article(status="draft")})
    assert engblog(capsys, "move", "old", "new", "--alias")[0] == 0
    assert f"  - {ALIAS}\n" in text(site, f"{NEW}/index.md")


def test_without_an_alias_it_says_what_breaks(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = engblog(capsys, "move", "old", "new", "--no-alias")
    assert status == 0
    assert out.endswith("no alias: you asked for none\n")
    assert "links to /articles/2026/11/20/old/ from elsewhere will break" in err
    assert "feed readers" not in err
    assert "aliases" not in text(site, f"{NEW}/index.md")
    assert f"\nid: {ALIAS}\n---\n" in text(site, f"{NEW}/index.md")


def test_a_date_in_the_future_is_warned_of(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = engblog(capsys, "move", "old", "--date", "2027-01-01")
    assert status == 0
    assert "neither address works until then" in err
    assert (site / OLD).is_dir()


def test_a_dry_run_says_all_and_does_nothing(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(site)
    status, dry, _ = engblog(capsys, "move", "old", "new", "--dry-run")
    assert status == 0
    assert snapshot(site) == before
    said = engblog(capsys, "move", "old", "new")[1]
    assert dry == f"nothing was changed; this is what the move would do:\n{said}"


REFUSED = {
    "unknown": (("oldd", "new"), "there is no article 'oldd'; did you mean “old”?"),
    "a folder elsewhere": (("docs/old", "new"), "there is no article 'docs/old'; did you mean “old”?"),
    "taken": (("old", "other"), "docs/articles/other already exists"),
    "taken by a folder without an article": (("old", "empty"), "already exists"),
    "letter case": (("old", "upper"), "would differ only by letter case from Upper"),
    "no slug": (
        ("old", "A New Name"),
        "'A New Name' cannot be an address; use lower-case letters, digits and hyphens: 'a-new-name'",
    ),
    "a path": (("old", "docs/articles/new"), "cannot be an address"),
    "nowhere": (("old",), "give a new slug, --date, or both"),
    "where it is": (("old", "old"), "old of 2026-11-20 is already there"),
    "with problems": (("broken", "new"), "broken has problems"),
    "onto an old address": (("old", "was"), "C007 the old address “/articles/2026/11/20/was/” belongs to"),
    "dates": (("updated", "--date", "2026-11-30"), "F009"),
    "onto a page": (("old", "--date", "2026-10-01"), "C007"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_moved_is_refused_and_nothing_changes(
    case: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, said = REFUSED[case]
    write(
        site,
        {
            "docs/articles/empty/notes.txt": "",
            "docs/articles/Upper/notes.txt": "",
            "docs/articles/broken/index.md": article(titel="x"),
            "docs/articles/updated/index.md": article(updated="2026-11-25"),
            "docs/articles/third/index.md": article(aliases="[/articles/2026/11/20/was/]"),
            "docs/redirects.yml": "/articles/2026/10/01/old/: /tags/\n",
        },
    )
    before = snapshot(site)
    status, out, err = engblog(capsys, "move", *arguments)
    assert (status, out) == (1, "")
    assert said in err.replace(f"{site.as_posix()}/", "")
    assert snapshot(site) == before
    assert sorted(path.name for path in site.iterdir()) == ["docs", "mkdocs.yml"]


@pytest.mark.parametrize(
    "front",
    [
        "{title: A, description: %s, date: 2026-11-20, category: Database, tags: [Redis, Go, MySQL]}\n",
        "title: A\ndescription: %s\ncategory: Database\ntags: [Redis, Go, MySQL]\ndate: >-\n  2026-11-20\n",
    ],
)
def test_what_is_written_in_an_unusual_way_is_left_to_its_author(
    front: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    description = "x" * 90
    write(site, {f"{OLD}/index.md": f"---\n{front % description}---\nText.\n"})
    assert problems(site) == []
    before = snapshot(site)
    status, _, err = engblog(capsys, "move", "old", "new", "--date", "2026-10-01")
    assert status == 1
    assert "docs/articles/old/index.md: " in err
    assert snapshot(site) == before


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


@pytest.mark.parametrize(("answer", "kept"), [("\n", True), ("y\n", True), ("n\n", False)])
def test_at_a_terminal_it_offers_the_alias(answer: str, kept: bool, site: Path) -> None:
    command = [sys.executable, "-m", "engblog.cli", "move", "old", "new"]
    master, terminal = pty.openpty()
    os.write(master, answer.encode())
    process = subprocess.run(
        command, cwd=site, stdin=terminal, stdout=terminal, stderr=terminal, check=False, timeout=60
    )
    said = os.read(master, 10_000).decode()
    for each in (master, terminal):
        os.close(each)
    assert process.returncode == 0, said
    assert "Redirect readers from /articles/2026/11/20/old/ to the new address? [Y/n]" in said
    assert ("aliases" in text(site, f"{NEW}/index.md")) is kept


def test_git_sees_a_rename(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    assert shutil.which("git")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *arguments], cwd=site, check=True)
    assert engblog(capsys, "move", "old", "new")[0] == 0
    subprocess.run([*git, "add", "-A"], cwd=site, check=True)
    said = subprocess.run([*git, "status", "--short"], cwd=site, check=True, capture_output=True, text=True).stdout
    assert said == f"R  {OLD}/index.md -> {NEW}/index.md\n"
