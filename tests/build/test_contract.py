"""The contract at the host: a build that went softly wrong is refused by name, and the last good site stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from engblog.disk.search import search_files
from engblog.hosts.mkdocs import outputs as adapter
from engblog.outputs.search import Document
from support.hosts import BuildError, build, build_here, config, leftovers, log, mini, run, snapshot
from support.sources import article, write
from support.themed import themed

FIRST = "artikel/2026/11/20/erster/index.html"
HOOKED = "hooks: [hooks.py]\n"
GOOD = {"docs/articles/a/index.md": article("## Why\n\nText.\n"), "docs/about.md": "# About\n"}

# What plugins do when they fail softly, as a hook that runs before our own.
SOFT_FAILURES: Mapping[str, tuple[str, str]] = {
    "half of the articles vanish": (
        "for path in sorted(site.glob('artikel/*/*/*/*/index.html'))[::2]: path.unlink()",
        "site/artikel/2024/01/02/vierter/index.html:1:1 P001 “Der vierte” has no page",
    ),
    "a page is empty": ("(site / FIRST).write_text('')", f"site/{FIRST}:1:1 P001 the page of “Der erste <b> & mehr”"),
    "a page is cut off": (
        "(site / FIRST).write_text((site / FIRST).read_text()[:9000])",
        f"site/{FIRST}:1:1 P001 the text of “Der erste <b> & mehr” is not on its page",
    ),
    "a feed loses an item": (
        "edit('feed_rss_created.xml', r'<item>.*?</item>', '')",
        "site/feed_rss_created.xml:1:1 P003 “Der erste <b> & mehr” is not in the feed",
    ),
    "a feed is dated by the build": (
        "edit('feed_json_updated.json', '2026-11-22T00:00:00', '2026-12-01T00:00:00')",
        "site/feed_json_updated.json:1:1 P003 “Der erste <b> & mehr” was updated 2026-12-01",
    ),
    "a feed is not written": (
        "(site / 'feed_json_created.json').unlink()",
        "site/feed_json_created.json:1:1 P003 the feed is missing",
    ),
    "the sitemap loses a page": (
        "edit('sitemap.xml', r'<url>\\s*<loc>[^<]*erster/</loc>.*?</url>', '')",
        "site/sitemap.xml:1:1 P004 /artikel/2026/11/20/erster/ is not listed",
    ),
    "an anchor is renamed": (
        "edit('artikel/2026/11/19/zweiter/index.html', 'id=\"danach\"', 'id=\"danach-1\"')",
        "P007 <a href> leads to “#danach”, but this page has no such anchor (and 1 more file)",
    ),
    "a page is written that nobody leads to": (
        "(site / 'verloren.html').write_text('<title>x</title>')",
        "site/verloren.html:1:1 P008 this page cannot be reached",
    ),
    "an asset is not copied": (
        "(site / 'assets/css/page.css').unlink()",
        "P006 <link stylesheet> leads to",
    ),
}
HOOK = """
import pathlib, re
FIRST = {first!r}
def on_post_build(config):
    site = pathlib.Path(config.site_dir)
    def edit(name, old, new):
        before = (site / name).read_text()
        after = re.sub(old, new, before, count=1, flags=re.DOTALL)
        assert after != before, name
        (site / name).write_text(after)
    {code}
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with this repository's own templates, built once: it keeps the contract without a waiver."""
    folder = themed(tmp_path_factory.mktemp("contract"), {"hooks.py": ""}, hooks=["hooks.py"])
    done = run(folder, "build", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "allowed by" not in done.stdout + done.stderr
    return folder


def refusal(root: Path) -> str:
    """Build the site in *root*, which must fail in lines and leave the site as it was; return what was said."""
    before = snapshot(root / "site")
    assert before
    done = run(root, "build")
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert snapshot(root / "site") == before
    assert leftovers(root) == []
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize("case", SOFT_FAILURES)
def test_what_failed_softly_is_refused_and_the_last_site_stays(root: Path, case: str) -> None:
    code, expected = SOFT_FAILURES[case]
    (root / "hooks.py").write_text(HOOK.format(first=FIRST, code=code))
    said = refusal(root)
    assert expected in said
    assert re.search(r"\d problems? in \d+ files?", said)


def test_each_vanished_page_is_named(root: Path) -> None:
    (root / "hooks.py").write_text(HOOK.format(first=FIRST, code=SOFT_FAILURES["half of the articles vanish"][0]))
    said = refusal(root)
    assert len(re.findall("P001 .* has no page", said)) == 2
    assert "P006 <a href> leads to" in said
    assert "made from" in said
    assert "texte/artikel/vierter/index.md" in said


@pytest.mark.parametrize(
    ("template", "text", "expected"),
    [
        ("partials/colophon.html", '<img src="https://far.example/x.png" alt="">', "P009 <img src> asks far.example"),
        ("partials/colophon.html", "<script>go()</script>", "P010 a script in the page: “go()”"),
        ("partials/colophon.html", '<p style="color: red">', "P010 a style attribute"),
        ("partials/colophon.html", '<a href="/no/such/page/">', "P006 <a href> leads to “/no/such/page/”"),
        ("views/tags.html", "", "P001"),
    ],
)
def test_a_template_that_breaks_the_contract_is_refused(
    tmp_path: Path, template: str, text: str, expected: str
) -> None:
    site = mini(tmp_path, GOOD)
    write(site, {"theme/partials/colophon.html": ""})
    main = (tmp_path / "theme/main.html").read_text() + '{% include "partials/colophon.html" %}'
    (tmp_path / "theme/main.html").write_text(main)
    build_here(site)
    before = snapshot(tmp_path / "site")
    (tmp_path / "theme" / template).write_text(text)
    with pytest.raises(BuildError) as raised:
        build_here(site)
    if template == "views/tags.html":
        assert "tags/index.html" in str(raised.value)
    else:
        assert expected in str(raised.value)
        assert re.search(r"\(and \d+ more files\)", str(raised.value)), "one mistake of all pages is said once"
    assert snapshot(tmp_path / "site") == before
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("base.json", "there is no search index"),
        (".bin", "it names search/parts/"),
        (".json", "it names search/parts/"),
    ],
)
def test_an_index_that_was_not_written_whole_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, said: str
) -> None:
    build_here(mini(tmp_path, GOOD))
    before = snapshot(tmp_path / "site")

    def soft(documents: Iterable[Document]) -> dict[str, bytes]:
        return {
            name: data
            for name, data in search_files(documents).items()
            if not (name.endswith(file) and (file == "base.json" or "parts" in name))
        }

    monkeypatch.setattr(
        adapter, "search_files", soft
    )  # there is no other way in: nothing runs between it and the check
    with pytest.raises(BuildError, match=f"P005 .*{said}"):
        build_here(tmp_path)
    assert snapshot(tmp_path / "site") == before


def test_a_broken_link_of_an_author_is_refused_without_strict_mode(tmp_path: Path) -> None:
    build(mini(tmp_path, GOOD))
    mini(tmp_path, {"docs/about.md": "# About\n\n[A](gone.md), [b](articles/a/index.md#gone), [c](#gone)\n"})
    said = refusal(tmp_path)
    assert re.findall(r"site/about/index.html:\d+:\d+ (P\d+) .* leads to “([^”]*)”", said) == [
        ("P006", "gone.md"),
        ("P007", "../articles/2026/11/20/a/#gone"),
        ("P007", "#gone"),
    ]
    assert "made from docs/about.md" in said


WAIVED = {
    "counts": "edit('sitemap.xml', '<url>.*?</url>', '')",
    "links": "edit('about/index.html', '<h1', '<a href=\"gone/\"></a><h1')",
    "orphans": "(site / 'lost.html').write_text('<meta name=robots content=index>')",
    "other-hosts": "edit('about/index.html', '<h1', '<img src=\"//far.example/x.png\"><h1')",
    "inline-code": "edit('about/index.html', '<h1', '<h1 onclick=\"go()\"')",
    "missing-output": "edit('articles/2026/11/20/a/index.html', '<a ', '<meta name=\"og:image\" content=\"x\"><a ')",
}


@pytest.mark.parametrize("check", WAIVED)
def test_each_check_can_be_waived_by_name_and_is_still_said(tmp_path: Path, check: str) -> None:
    others = ["links"] if check == "missing-output" else ["counts"] if check == "orphans" else []
    hook = HOOK.format(first=FIRST, code=WAIVED[check])
    mini(tmp_path, {**GOOD, "hooks.py": hook, "mkdocs.yml": HOOKED + config(f"allow: [{', '.join(others)}]")})
    with pytest.raises(BuildError, match="the built site breaks its promises"):
        build_here(tmp_path)
    mini(tmp_path, {"mkdocs.yml": HOOKED + config(f"allow: [{', '.join([*others, check])}]")})
    with log() as lines:
        build_here(tmp_path, strict=True)
    assert [line for line in lines if line.startswith("INFO allowed by `allow`: site/")]
    assert (tmp_path / "site/index.html").exists()


def test_a_preview_goes_on_with_a_warning(tmp_path: Path) -> None:
    mini(tmp_path, {**GOOD, "docs/about.md": "# About\n\n[A](#gone)\n"})
    with log() as lines:
        site = build_here(tmp_path, command="serve")
    assert (site / "about/index.html").exists()
    (said,) = [line for line in lines if line.startswith("WARNING the built site breaks")]
    assert "P007" in said
    assert "`mkdocs build` would refuse it" in said


def test_a_dirty_build_is_not_held_to_it(tmp_path: Path) -> None:
    build(mini(tmp_path, GOOD))
    (tmp_path / "docs/about.md").write_text("# About\n\n[A](#gone)\n")
    done = run(tmp_path, "build", "--dirty")
    assert done.returncode == 0, done.stdout + done.stderr
