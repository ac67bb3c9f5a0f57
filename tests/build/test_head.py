"""What a build makes of inline scripts, of robots.txt and of the site map, in sites that are set up otherwise."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
import shutil
from pathlib import Path

import pytest
from support.hosts import CONFIG, REPOSITORY, BuildError, build_here, leftovers, mini
from support.sources import article, write
from support.themed import themed

HEAD = (
    '<!doctype html><meta charset="utf-8"><title>{{ page.title | e }}</title>'
    '<meta name="policy" content="{{ config.extra.engblog.policy | e }}">\n'
    "{% for script in config.extra.engblog.inline_scripts %}<script>{{ script }}</script>{% endfor %}\n"
)
ARTICLE = {"docs/articles/a/index.md": article()}
_RULES = b'{"prefetch":[{"where":{"href_matches":["/blog/","/blog/*/"]},"eagerness":"moderate"}]}'
RULES = f" 'sha256-{base64.b64encode(hashlib.sha256(_RULES).digest()).decode()}'"
"""What allows the speculation rules."""


def policy(site: Path) -> str:
    """The policy of the home page, without the hash of the speculation rules, which every site has."""
    found = re.search(r'name="policy" content="([^"]*)"', (site / "index.html").read_text())
    assert found
    whole = html.unescape(found[1])
    assert RULES in whole
    return whole.replace(RULES, "")


def sitemap(site: Path) -> dict[str, str | None]:
    """Days by address from the site's root."""
    text = (site / "sitemap.xml").read_text()
    found = re.findall(
        r"<url><loc>https://mini.example/(?:blog|heft)/([^<]*)</loc>(?:<lastmod>([^<]*)</lastmod>)?", text
    )
    return {address: day or None for address, day in found}


# Inline scripts


def test_every_script_in_the_themes_folder_inline_stands_in_the_page_with_its_hash_and_nowhere_else(
    tmp_path: Path,
) -> None:
    scripts = {
        "theme/inline/b.js": "second();\r\n",
        "theme/inline/a.js": "first();\n",
        "theme/inline/notes.txt": "kept",
    }
    site = build_here(mini(tmp_path, {**ARTICLE, **scripts, "theme/main.html": HEAD}))
    text = (site / "index.html").read_bytes().decode()
    assert "<script>first();\n</script><script>second();\n</script>" in text
    assert len(re.findall(r"'sha256-[A-Za-z0-9+/]{43}='", policy(site))) == 2
    assert "unsafe" not in policy(site)
    assert sorted(path.name for path in (site / "inline").iterdir()) == ["notes.txt"]


def test_a_script_of_that_name_in_the_docs_folder_is_published_and_not_inline(tmp_path: Path) -> None:
    root = mini(tmp_path, {**ARTICLE, "docs/inline/a.js": "alert(1)\n", "theme/main.html": HEAD})
    write(root, {"mkdocs.yml": (root / "mkdocs.yml").read_text() + "extra_javascript: [inline/a.js]\n"})
    site = build_here(root)
    assert "<script>" not in (site / "index.html").read_text()
    assert "sha256" not in policy(site)
    assert (site / "inline/a.js").is_file()


def test_scripts_that_cannot_stand_in_a_page_are_all_named(tmp_path: Path) -> None:
    bad = {"theme/inline/a.js": "a;\nb('</script>');\n", "theme/inline/b.js": b"\xff"}
    root = mini(tmp_path, {**ARTICLE, **bad, "theme/main.html": HEAD})
    with pytest.raises(BuildError) as caught:
        build_here(root)
    assert "theme/inline/a.js:2: '</script' cannot be used in an inline script" in str(caught.value)
    assert "theme/inline/b.js is not UTF-8" in str(caught.value)
    assert leftovers(root) == []


def test_a_preview_lets_the_script_in_that_mkdocs_writes_into_its_pages(tmp_path: Path) -> None:
    root = mini(tmp_path, {**ARTICLE, "theme/inline/a.js": "a;\n", "theme/main.html": HEAD})
    served = policy(build_here(root, command="serve"))
    assert re.search(r"script-src 'sha256-[^']+' 'nonce-[0-9a-f]{32}';", served)
    assert "unsafe-inline" not in served
    assert "unsafe" not in policy(build_here(root))


# The import map

MAP = HEAD + '<script type="importmap">{{ config.extra.engblog.import_map | safe }}</script>'
SCRIPTS = {
    "theme/assets/js/site.js": 'import "./page/menu.js";\n',
    "theme/assets/js/page/menu.js": "menu();\n",
    "theme/assets/css/base.css": "a {}\n",
    "theme/assets/css/late/search.css": "b {}\n",
}


def import_map(site: Path, page: str = "index.html") -> str:
    found = re.search(r'<script type="importmap">(.*?)</script>', (site / page).read_text())
    assert found
    return found[1]


def test_the_import_map_gives_what_scripts_ask_for_the_version_and_is_allowed_on_every_page(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, {**ARTICLE, **SCRIPTS, "docs/about.md": "# About\n", "theme/main.html": MAP}))
    text = import_map(site)
    assert text == import_map(site, "about/index.html")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert f" 'sha256-{digest}'" in policy(site)
    assert "script-src https://mini.example/blog/assets/js/ " in policy(site)
    addresses = json.loads(text)["imports"]
    assert list(addresses) == ["/blog/assets/css/late/search.css", "/blog/assets/js/page/menu.js"]
    versions = {re.fullmatch(rf"{re.escape(name)}\?v=([0-9a-f]{{8}})", to)[1] for name, to in addresses.items()}  # type: ignore[index]
    assert len(versions) == 1


def test_a_theme_without_such_scripts_has_no_import_map(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, {**ARTICLE, "theme/assets/js/site.js": "a();\n", "theme/main.html": MAP}))
    assert import_map(site) == ""
    assert "sha256" not in policy(site)


# robots.txt


def test_robots_txt_names_the_site_map_and_says_what_a_sub_path_means(tmp_path: Path) -> None:
    text = (build_here(mini(tmp_path, ARTICLE)) / "robots.txt").read_text()
    assert text.endswith("User-agent: *\nAllow: /\n\nSitemap: https://mini.example/blog/sitemap.xml\n")
    assert "https://mini.example/robots.txt" in text


def test_robots_txt_of_a_whole_host_has_no_remark(tmp_path: Path) -> None:
    config = CONFIG.replace("https://mini.example/blog/", "https://mini.example/")
    text = (build_here(mini(tmp_path, {**ARTICLE, "mkdocs.yml": config})) / "robots.txt").read_text()
    assert text == "User-agent: *\nAllow: /\n\nSitemap: https://mini.example/sitemap.xml\n"


def test_a_maintainers_own_robots_txt_stays(tmp_path: Path) -> None:
    own = "User-agent: *\nDisallow: /drafts/\n"
    site = build_here(mini(tmp_path, {**ARTICLE, "docs/robots.txt": own}))
    assert (site / "robots.txt").read_text() == own


# The site map


def test_a_page_by_hand_says_when_it_changed_and_whether_to_list_it(tmp_path: Path) -> None:
    pages = {
        "texte/changed.md": "---\ntitle: Changed\nupdated: 2026-11-02\n---\nText.\n",
        "texte/hidden.md": "---\ntitle: Hidden\nnoindex: true\n---\nText.\n",
        "texte/about.md": "---\ntitle: Über uns\n---\nWas sich [geändert hat](changed.md).\n",
    }
    site = build_here(themed(tmp_path, pages))
    days = sitemap(site)
    assert days["changed/"] == "2026-11-02"
    assert days["about/"] is None
    assert "hidden/" not in days
    assert '<meta name="robots" content="noindex">' in (site / "hidden/index.html").read_text()
    assert "ld+json" not in (site / "hidden/index.html").read_text()


def test_what_a_page_by_hand_cannot_say_is_named(tmp_path: Path) -> None:
    page = {"texte/changed.md": "---\ntitle: Changed\nupdated: soon\nnoindex: perhaps\n---\nText.\n"}
    root = themed(tmp_path, page)
    with pytest.raises(BuildError) as caught:
        build_here(root)
    assert "texte/changed.md:3:10 F005 “soon” is not a date" in str(caught.value)
    assert "texte/changed.md:4:10 F003 'noindex' must be true or false, not “perhaps”" in str(caught.value)
    assert not (root / "site").exists()


def test_readers_see_the_texts_of_a_page_by_hand_as_they_are_written(tmp_path: Path) -> None:
    """YAML would make 8, False, and 750 of them."""
    about = "---\ntitle: 010\ndescription: 12:30\n---\nWer wir sind.\n"
    home = "---\ntitle: Anfang\nkicker: no\nheadline: 1_000\ndescription: Ein Heft.\n---\n"
    site = build_here(themed(tmp_path, {"texte/about.md": about, "texte/index.md": home}))
    page = (site / "about/index.html").read_text()
    assert "<title>010 " in page
    assert '<meta name="description" content="12:30">' in page
    hero = re.search(r"<h1[^>]*>(.*?)</h1>", (site / "index.html").read_text(), re.DOTALL)
    assert hero is not None
    assert "1_000" in hero[1]
    assert ">no · 4 articles<" in (site / "index.html").read_text()


def test_no_page_was_changed_by_the_build(tmp_path: Path) -> None:
    """The clock of these tests says 1 December 2026; MkDocs would give that day to every page."""
    site = build_here(themed(tmp_path))
    assert "2026-12-01" not in (site / "sitemap.xml").read_text()
    assert gzip.decompress((site / "sitemap.xml.gz").read_bytes()) == (site / "sitemap.xml").read_bytes()


def test_a_site_without_articles_is_built(tmp_path: Path) -> None:
    root = themed(tmp_path)
    shutil.rmtree(root / "texte/artikel")
    site = build_here(root)
    assert sitemap(site)[""] is None


def test_a_site_that_knows_no_address_has_no_site_map_and_promises_none(tmp_path: Path) -> None:
    root = themed(tmp_path, site_url="")
    text = (root / "mkdocs.yml").read_text()
    write(root, {"mkdocs.yml": text.replace("- rss:", "- rss:\n    enabled: false")})
    site = build_here(root)
    assert not (site / "sitemap.xml").exists()
    assert "Sitemap" not in (site / "robots.txt").read_text()
    page = (site / "index.html").read_text()
    assert "canonical" not in page
    assert "ld+json" not in page
    assert 'http-equiv="Content-Security-Policy"' in page


def test_this_repositorys_theme_has_the_script_that_chooses_the_theme() -> None:
    assert [path.name for path in (REPOSITORY / "overrides/inline").iterdir()] == ["theme.js"]
