"""``engblog move``: the folder, the address and all that names either; all of it, or nothing."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from engblog.cli import main
from engblog.disk.docs import DocsSettings, check_docs
from engblog.outputs.cards.card import card_path, card_paths
from hypothesis import given, settings
from hypothesis import strategies as st
from support.hosts import snapshot
from support.shell import engblog
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


def text(site: Path, name: str) -> str:
    return (site / name).read_bytes().decode()


@pytest.mark.parametrize(
    "named", ["old", "docs/articles/old", "docs/articles/old/", "docs/articles/old/index.md", "./docs/articles/old"]
)
def test_an_article_is_named_by_its_slug_or_its_path(
    named: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert engblog(capsys, "move", named, "new")[0] == 0
    assert (site / NEW).is_dir()


@given(
    moves=st.lists(
        st.tuples(st.sampled_from(["a", "b", "c", "old"]), st.sampled_from([20, 21, 22]), st.booleans()), max_size=5
    )
)
@settings(max_examples=15)
def test_no_move_changes_the_address_of_an_article_s_card(moves: list[tuple[str, int, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        root = Path(folder)
        write(root, {"mkdocs.yml": "plugins: [engblog]\n", "docs/taxonomy.yml": TAXONOMY, "docs/authors.yml": AUTHORS})
        write(root, {f"{OLD}/index.md": article()})
        slug, addresses = "old", {card_of(root)}
        for new, day, alias in moves:
            command = ["move", slug, new, "--date", f"2026-11-{day}", "--alias" if alias else "--no-alias"]
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                refused = main(command)  # to move it to where it is
            slug = slug if refused else new
            addresses.add(card_of(root))
    assert addresses == {card_path("articles/2026/11/20/old/")}


def card_of(root: Path) -> str:
    """The path of the card of the only article."""
    catalogue = check_docs(root / "docs", DocsSettings())
    assert catalogue.problems == ()
    (paths,) = card_paths(catalogue.site.articles, ()).values()
    return paths[0]


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


@pytest.mark.parametrize(("date", "held_back"), [("2026-11-20 18:00 Z", True), ("2026-11-20", False)])
def test_an_hour_later_on_the_new_day_is_warned_of(
    date: str, held_back: bool, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is noon of that day."""
    write(site, {f"{OLD}/index.md": article(date=date)})
    status, _, err = engblog(capsys, "move", "old", "--date", "2026-12-01")
    assert status == 0
    assert ("neither address works until then" in err) is held_back
    assert f"date: {date.replace('11-20', '12-01')}\n" in text(site, f"{OLD}/index.md")


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
