"""A build that fails says why in lines, ends with status 1, and leaves the last good site as it was."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from support.hosts import (
    CONFIG,
    Abort,
    BuildError,
    build,
    build_here,
    config,
    leftovers,
    load,
    log,
    mini,
    pages,
    run,
    snapshot,
    start,
    view,
)
from support.pictures import PNG
from support.sources import article

GOOD = {"docs/articles/a/index.md": article(), "docs/about.md": "# About\n"}
BAD_ARTICLES = {
    "docs/articles/a/index.md": article(date="soon", titel="x"),
    "docs/articles/b/index.md": article("![](gone.png)\n"),
}
BROKEN_TEMPLATE = {"theme/views/tags.html": "{{ 'half a page' }}{{ gone.too.far }}"}
WARNING = {"docs/about.md": "# About\n\nA [link](gone.md).\n"}


def failing_build(root: Path, *arguments: str, how: Any = run, **environment: str | None) -> str:
    """Build; return what it said, once the site is seen to be as it was."""
    before = snapshot(root / "site") if (root / "site").exists() else None
    stamps = {path: path.stat().st_mtime_ns for path in (root / "site").rglob("*")}
    done = how(root, "build", *arguments, **environment)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert (snapshot(root / "site") if (root / "site").exists() else None) == before
    assert {path: path.stat().st_mtime_ns for path in (root / "site").rglob("*")} == stamps
    assert leftovers(root) == []
    return said


def test_problems_are_all_named_and_the_site_stays(tmp_path: Path) -> None:
    build(mini(tmp_path, GOOD))
    mini(tmp_path, BAD_ARTICLES)
    said = failing_build(tmp_path)
    assert "Traceback" not in said
    lines = [line for line in said.splitlines() if line.startswith("docs/")]
    assert [line.split(" ")[:2] for line in lines] == [
        ["docs/articles/a/index.md:4:7", "F005"],
        ["docs/articles/a/index.md:7:1", "F001"],
        ["docs/articles/b/index.md:8:1", "R001"],
        ["docs/articles/b/index.md:8:1", "R003"],
    ]
    assert "4 problems in 2 files" in said


def test_a_first_build_that_fails_makes_no_site(tmp_path: Path) -> None:
    failing_build(mini(tmp_path, BAD_ARTICLES))
    assert not (tmp_path / "site").exists()


def test_a_template_that_breaks_halfway_leaves_the_site(tmp_path: Path) -> None:
    build(mini(tmp_path, GOOD))
    mini(tmp_path, {**BROKEN_TEMPLATE, "docs/articles/a/index.md": article("Another text.\n")})
    assert "tags/index.md" in failing_build(tmp_path)


def test_a_warning_of_strict_mode_leaves_the_site(tmp_path: Path) -> None:
    build(mini(tmp_path, GOOD))
    changed = {**WARNING, "docs/articles/a/index.md": article("Another text.\n")}
    mini(tmp_path, {**changed, "mkdocs.yml": config("allow: [links]")})
    said = failing_build(tmp_path, "--strict")
    assert "gone.md" in said
    assert "Traceback" not in said
    assert "strict mode" in said
    build(tmp_path)  # without strict mode a warning is a warning
    assert "Another text." in (tmp_path / "site/articles/2026/11/20/a/index.html").read_text()


def test_a_link_to_a_draft_is_refused_in_strict_mode(tmp_path: Path) -> None:
    build(mini(tmp_path, GOOD))
    draft = {"docs/articles/d/index.md": article(status="draft")}
    mini(tmp_path, {**draft, "docs/articles/a/index.md": article("See [it](../d/index.md).\n")})
    assert "../d/index.md" in failing_build(tmp_path, "--strict")


def test_a_warning_of_another_plugin_before_the_build_leaves_the_site(tmp_path: Path) -> None:
    """mkdocs-rss-plugin complains about a missing ``site_url`` before our own checks begin."""
    rss = "  - rss: {use_git: false, match_path: 'articles/', cache_dir: .cache}\n"
    without_url = CONFIG.replace("site_url: https://mini.example/blog/\n", "")
    build(mini(tmp_path, {**GOOD, "mkdocs.yml": without_url}))
    mini(tmp_path, {"mkdocs.yml": without_url.replace("markdown_ext", f"{rss}markdown_ext")})
    assert "site_url" in failing_build(tmp_path, "--strict")


def test_an_error_of_another_plugin_leaves_the_site(tmp_path: Path) -> None:
    build(mini(tmp_path, GOOD))
    hook = "def on_post_build(config):\n    raise RuntimeError('the hook broke')\n"
    mini(tmp_path, {"hook.py": hook, "mkdocs.yml": config(before="hooks: [hook.py]\n")})
    assert "the hook broke" in failing_build(tmp_path)


def test_markup_that_only_rendering_shows_is_refused_and_the_site_stays(tmp_path: Path) -> None:
    """A page by hand is not checked as an article is; what comes out of it is."""
    build(mini(tmp_path, GOOD))
    mini(
        tmp_path,
        {"docs/about.md": "# About\n\n<b onclick='x()'>Who</b> we are.\n", "docs/two.md": "<script>x</script>\n"},
    )
    said = failing_build(tmp_path)
    assert "docs/about.md:3:1 R007 the attribute onclick of <b>" in said
    assert "docs/two.md:1:1 R007 the element <script>" in said
    assert "Traceback" not in said


def test_an_interrupted_build_leaves_the_site_and_no_staging_folder(tmp_path: Path) -> None:
    build(mini(tmp_path, GOOD))
    hook = "def on_post_page(output, page, config):\n    raise KeyboardInterrupt\n"
    failing_build(mini(tmp_path, {"hook.py": hook, "mkdocs.yml": config(before="hooks: [hook.py]\n")}), how=start)


def test_a_clock_that_is_none_is_an_error(tmp_path: Path) -> None:
    said = failing_build(mini(tmp_path, GOOD), SOURCE_DATE_EPOCH="soon")
    assert "SOURCE_DATE_EPOCH is 'soon'; it must be whole seconds" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("page_sise: 3", "page_sise"),
        ("page_size: 0", "must be a whole number, at least 1"),
        ("page_size: true", "must be a whole number, at least 1"),
        ("related: -1", "must be a whole number, at least 0"),
        ("articles_dir: 3", "articles_dir"),
        ("preview_drafts: maybe", "preview_drafts"),
    ],
)
def test_an_option_that_is_none_is_an_error(tmp_path: Path, options: str, said: str) -> None:
    mini(tmp_path, {**GOOD, "mkdocs.yml": config(options)})
    with log() as lines, pytest.raises(Abort):
        load(tmp_path)
    assert any(said in line for line in lines if line.startswith("ERROR"))


def test_an_unknown_option_has_status_1_and_names_the_options(tmp_path: Path) -> None:
    build(mini(tmp_path, GOOD))
    mini(tmp_path, {"mkdocs.yml": config("page_sise: 3")})
    said = failing_build(tmp_path)
    assert "page_sise" in said
    assert "documentation/options.md" in said
    assert "Traceback" not in said


def test_addresses_without_a_closing_slash_are_refused(tmp_path: Path) -> None:
    build(mini(tmp_path, GOOD))
    mini(tmp_path, {"mkdocs.yml": config(before="use_directory_urls: false\n")})
    said = failing_build(tmp_path)
    assert "use_directory_urls: true" in said
    assert "Traceback" not in said


def test_the_folder_of_the_site_may_lie_deeper_and_hold_what_an_older_build_wrote(tmp_path: Path) -> None:
    mini(tmp_path, {**GOOD, "mkdocs.yml": config(before="site_dir: out/public/site\n")})
    (tmp_path / "out/public/site").mkdir(parents=True)
    build_here(tmp_path)
    (tmp_path / "out/public/site/stale.html").write_text("stale")
    site = build_here(tmp_path)
    assert "about/" in pages(site)
    assert not (site / "stale.html").exists()
    assert [path.name for path in (tmp_path / "out/public").iterdir()] == ["site"]


# One process, several builds: what a preview does


def preview(root: Path) -> Path:
    """Build as ``mkdocs serve`` does after an edit: the plugins stay, the configuration is read anew."""
    return build_here(root, command="serve", site_dir=str(root / "preview"))


def test_a_second_build_in_one_process_starts_afresh(tmp_path: Path) -> None:
    mini(tmp_path, {**GOOD, "docs/articles/b/index.md": article("![B](b.png)\n", tags="[Signals, k8s, Node]")})
    (tmp_path / "docs/articles/b/b.png").write_bytes(PNG)
    first = load(tmp_path, command="serve", site_dir=str(tmp_path / "preview"))
    plugin = first.plugins["engblog"]
    site = build_here(tmp_path, command="serve", config=first)
    assert "tags/signals/" in pages(site)

    (tmp_path / "docs/articles/b/b.png").unlink()
    (tmp_path / "docs/articles/b/index.md").unlink()
    mini(tmp_path, {"docs/articles/a/index.md": article("Corrected.\n", title="Another title")})
    second = load(tmp_path, command="serve", site_dir=str(tmp_path / "preview"))
    assert second.plugins["engblog"] is plugin, "the plugin object survives"
    site = build_here(tmp_path, command="serve", config=second)
    assert "tags/signals/" not in pages(site)
    assert "articles/2026/11/20/b/" not in pages(site)
    assert view(site, "articles/2026/11/20/a/")["title"] == "Another title"
    assert "Corrected." in (site / "articles/2026/11/20/a/index.html").read_text()


def test_a_preview_survives_a_broken_edit_and_its_correction(tmp_path: Path) -> None:
    site = preview(mini(tmp_path, GOOD))
    before = snapshot(site)
    mini(tmp_path, BAD_ARTICLES)
    with pytest.raises(BuildError, match="4 problems in 2 files"):
        preview(tmp_path)
    assert snapshot(site) == before
    (tmp_path / "docs/articles/b/index.md").unlink()
    mini(tmp_path, {"docs/articles/a/index.md": article("Mended.\n")})
    assert "Mended." in (preview(tmp_path) / "articles/2026/11/20/a/index.html").read_text()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".preview")]


def test_no_handler_of_logs_is_left_behind(tmp_path: Path) -> None:

    before = list(logging.getLogger("mkdocs").handlers)
    build_here(mini(tmp_path, GOOD))
    mini(tmp_path, BAD_ARTICLES)
    with pytest.raises(BuildError):
        build_here(tmp_path)
    assert logging.getLogger("mkdocs").handlers == before


def test_a_dirty_build_writes_into_the_site(tmp_path: Path) -> None:
    build(mini(tmp_path, GOOD))
    (tmp_path / "site/kept.html").write_text("kept")
    mini(tmp_path, {"docs/articles/a/index.md": article("Dirty.\n")})
    build(tmp_path, "--dirty")
    assert (tmp_path / "site/kept.html").read_text() == "kept"
    assert "Dirty." in (tmp_path / "site/articles/2026/11/20/a/index.html").read_text()
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"theme/article.html": "A\n{% if %}\n"},
            "theme/article.html:2:1 B002 the template cannot be read: Expected an exp",
        ),
        (
            {"theme/article.html": "A\n\n{{ a }\n"},
            "theme/article.html:3:1 B002 the template cannot be read: unexpected",
        ),
        (
            {"theme/article.html": "A\n{% include 'gone.html' %}\n"},
            "theme/article.html:2:1 B002 there is no template “gone.html”",
        ),
    ],
)
def test_a_broken_template_is_one_message_with_its_place(tmp_path: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(BuildError) as raised:
        build_here(mini(tmp_path, {"docs/articles/a/index.md": article(), **files}))
    assert said in str(raised.value)
    assert "1 problem in 1 file" in str(raised.value)
    assert "Traceback" not in str(raised.value)
