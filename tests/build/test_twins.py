"""A build writes the Markdown twin of every article, says so in its page, and lists them in llms.txt."""

from __future__ import annotations

import re
from pathlib import Path

from support.hosts import build, build_here, config, mini, view
from support.sources import article
from support.themed import themed

BODY = 'See [b](../b/index.md), [the file](note.txt) and:\n\n```text title="note.txt"\n--8<-- "note.txt"\n```\n'
SITE = {
    "docs/articles/a/index.md": article(BODY, title="A"),
    "docs/articles/a/note.txt": "A note.\n",
    "docs/articles/b/index.md": article(title="B", date="2026-11-19"),
}


def test_every_article_has_a_twin_beside_its_page_and_its_page_says_so(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, SITE))
    twins = sorted(path.relative_to(site).as_posix() for path in site.rglob("index.md"))
    assert twins == ["articles/2026/11/19/b/index.md", "articles/2026/11/20/a/index.md"]
    text = (site / twins[1]).read_text()
    assert "`note.txt`:\n\n```text\nA note.\n```\n" in text
    for target in re.findall(r"\]\(https://mini\.example/blog/([^)]+)\)", text):
        path = site / target
        assert path.is_file() or (path / "index.html").is_file(), target
    assert view(site, "articles/2026/11/20/a/")["twin"] == twins[1]
    listed = re.findall(r"\(https://mini\.example/blog/(.+?/index\.md)\)", (site / "llms.txt").read_text())
    assert listed == list(reversed(twins))


def test_a_site_without_an_address_has_neither(tmp_path: Path) -> None:
    text = re.sub(r"site_url: .*\n", "", config())
    site = build_here(mini(tmp_path, {**SITE, "mkdocs.yml": text}))
    assert not list(site.rglob("index.md"))
    assert not (site / "llms.txt").exists()
    assert "twin" not in view(site, "articles/2026/11/20/a/")


def test_the_real_theme_links_the_twin_and_the_twin_has_the_lab(tmp_path: Path) -> None:
    site = build(themed(tmp_path))
    page = (site / "artikel/2026/11/20/erster/index.html").read_text()
    assert (
        '<link rel="alternate" type="text/markdown" title="Der erste &lt;b&gt; &amp; mehr, Markdown" href="index.md">'
        in page
    )
    assert "text/markdown" not in (site / "index.html").read_text()
    text = (site / "artikel/2026/11/20/erster/index.md").read_text()
    assert text.startswith("# Der erste &lt;b> & mehr\n")
    assert "12.5 ms gemessen. ([verified by a test](https://mini.example/heft/artikel/2026/11/20/erster/lab/#" in text
    assert "### `lab/test_uhr.py`\n\n```python\n" in text
    assert "](https://mini.example/heft/artikel/2026/11/19/zweiter/#danach)" in text
    assert "[^quelle]: Das Handbuch." in text
    llms = (site / "llms.txt").read_text()
    assert llms.startswith("# Ursache und Wirkung\n\n> Ein Heft.\n")
    assert "https://mini.example/heft/feed_rss_created.xml" in llms
