"""Front matter and links are edited and every other byte stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.disk.docs import check_docs
from engblog.disk.move import find_article
from engblog.disk.project import find_project
from engblog.outputs.feeds.ids import article_id
from support.hosts import snapshot
from support.moving import ALIAS, NEW, OLD
from support.pictures import PNG
from support.shell import engblog
from support.sources import article, write

pytestmark = pytest.mark.usefixtures("epoch")


def text(site: Path, name: str) -> str:
    return (site / name).read_bytes().decode()


def problems(site: Path) -> list[str]:
    project = find_project(site / "mkdocs.yml")
    return [str(problem) for problem in check_docs(project.docs, project.settings).problems]


FRONTS = {
    "a list in lines": ("aliases:\n  - '/first/'   # kept\n", f"aliases:\n  - '/first/'   # kept\n  - {ALIAS}\n"),
    "a list in lines, not indented": ("aliases:\n- '/a/'\n# a remark\n", f"aliases:\n- '/a/'\n- {ALIAS}\n# a remark\n"),
    "a list in brackets": ("aliases: [/a/, '/b/'] # two\n", f"aliases: [/a/, '/b/', {ALIAS}] # two\n"),
    "brackets over lines": ("aliases: [\n  /first/,\n  ]\n", f"aliases: [\n  /first/, {ALIAS},\n  ]\n"),
    "an empty list": ("aliases: [ ] # none\n", f"aliases: [{ALIAS}] # none\n"),
    "nothing": ("aliases:\n# none yet\n", f"aliases: [{ALIAS}]\n# none yet\n"),
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


def feed_id(site: Path, slug: str) -> str:
    project = find_project(site / "mkdocs.yml")
    return article_id("x.example,2026", find_article(project, slug).article)


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
            f"{OLD}/plot.png": PNG,
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
