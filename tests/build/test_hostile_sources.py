"""A pull request from a stranger: whatever it tries, the build refuses it by name and place, and leaves no trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.hosts import BuildError, build_here, leftovers, mini
from support.sources import TAXONOMY, article

A = "docs/articles/a/index.md"


def refusal(root: Path, files: dict[str, str]) -> str:
    """What the build of a site with *files* says, once it is seen to have made none."""
    with pytest.raises(BuildError) as raised:
        build_here(mini(root, {A: article(), **files}))
    assert not (root / "site").exists()
    assert leftovers(root) == []
    return str(raised.value)


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("e.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>", "1:41"),
        ("e.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "1:1"),
        ("e.xml", "<s:script xmlns:s='http://www.w3.org/1999/xhtml'>x()</s:script>", "1:1"),
        ("e.htm", "<img src=x onerror=x()>", "1:1"),
        ("e.HTML", "<p>x", "1:1"),
        ("e.xsd", "<x/>", "1:1"),
        ("e.svg", "\n<!DOCTYPE svg><svg xmlns='http://www.w3.org/2000/svg'/>", "2:1"),
    ],
)
def test_a_file_that_would_run_when_opened_is_refused_or_stays_out(
    tmp_path: Path, name: str, text: str, place: str
) -> None:
    file = f"docs/articles/a/{name}"
    assert f"{file}:{place} S011" in refusal(tmp_path, {A: article(f"[It]({name})\n"), file: text})
    (tmp_path / A).write_text(article())
    assert f"{file}:1:1 S009" in refusal(tmp_path, {})


@pytest.mark.parametrize("name", ["e.html", "e.js", "e.rs", "e.css"])
def test_a_file_of_a_lab_that_would_run_is_only_in_its_archive(tmp_path: Path, name: str) -> None:
    file = f"docs/articles/a/lab/{name}"
    assert f"{A}:8:1 R022" in refusal(tmp_path, {A: article(f"[It](lab/{name})\n"), file: "<p>x"})
    (tmp_path / A).write_text(article())
    assert not (build_here(tmp_path) / f"articles/2026/11/20/a/lab/{name}").exists()


def test_a_link_out_of_the_docs_folder_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("the password")
    (tmp_path / "docs/articles/a").mkdir(parents=True)
    (tmp_path / "docs/articles/a/key.png").symlink_to(tmp_path / "key")
    said = refusal(tmp_path, {})
    assert "docs/articles/a/key.png:1:1 S008" in said
    assert "password" not in said


def test_links_in_circles_do_not_hold_the_build_up(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("one", "two"):  # followed, they make two to the power of forty paths
        (tmp_path / "docs" / name).symlink_to(".")
    said = refusal(tmp_path, {})
    assert "docs/one:1:1 S008" in said
    assert "docs/two:1:1 S008" in said


@pytest.mark.parametrize(
    "alias",
    [
        "/../x/", "/..%2fx/", "//evil.example/x/", "/a/../b/", "/./a/", "/.git/", "/.git/config.html", "/.nojekyll",
        "/a/.b/", "/" + "x" * 300 + "/", "/" + "x/" * 600, "/a\\b/", "/<b>/",
    ],
)  # fmt: skip
def test_an_old_address_that_leads_out_or_hides_is_no_path_of_the_site(tmp_path: Path, alias: str) -> None:
    assert f"{A}:7:11 F010" in refusal(tmp_path, {A: article(aliases=f"['{alias}']")})


@pytest.mark.parametrize(
    "alias",
    [
        "/CNAME/", "/cname/x.html", "/404.html", "/build.json/", "/feeds.opml/", "/sitemap.xml/x.html", "/llms.txt/",
        "/search/base.json/", "/offline/index.json/", "/robots.txt/", "/sw.js/", "/tags/redis/feed.xml/",
        "/articles/2026/11/20/a/index.md/", "/INDEX.html",
    ],
)  # fmt: skip
def test_an_old_address_that_the_build_writes_itself_is_taken(tmp_path: Path, alias: str) -> None:
    assert f"{A}:7:11 C007" in refusal(tmp_path, {A: article(aliases=f"['{alias}']")})
    (tmp_path / A).write_text(article())
    redirect = {"docs/redirects.yml": f"'{alias}': /tags/\n"}
    assert "docs/redirects.yml:1:1 C007" in refusal(tmp_path, redirect)


@pytest.mark.parametrize("alias", ["/sw.js", "/build.json", "/robots.txt", "/CNAME.txt", "/x.svg"])
def test_an_old_address_that_is_no_page_is_refused(tmp_path: Path, alias: str) -> None:
    assert f"{A}:7:11 A003" in refusal(tmp_path, {A: article(aliases=f"['{alias}']")})


@pytest.mark.parametrize("escape", ["\\0", "\\e[31m", "\\x9b2J", "\\uffff", "\\a"])
def test_a_control_character_that_yaml_spells_out_is_refused_where_it_stands(tmp_path: Path, escape: str) -> None:
    said = refusal(tmp_path, {A: article(title=f'"Title {escape}"', aliases=f'["/a{escape}b/"]')})
    assert f"{A}:2:8 S007" in said
    assert f"{A}:7:11 S007" in said or f"{A}:7:10 S007" in said
    assert said.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("name", "slug"), [("z" * 400, ""), ("A tag", "../../x"), ("A tag", "a/b"), ("A tag", "x.js"), ("数" * 80, "")]
)
def test_a_term_that_makes_no_folder_is_refused(tmp_path: Path, name: str, slug: str) -> None:
    more = f"  - name: {name}\n" + (f"    slug: '{slug}'\n" if slug else "")
    said = refusal(tmp_path, {"docs/taxonomy.yml": TAXONOMY + more, A: article(tags=f"[Redis, Go, {name}]")})
    assert "docs/taxonomy.yml:" in said
    assert " S004 " in said


def test_a_file_name_gives_a_terminal_no_command(tmp_path: Path) -> None:
    said = refusal(tmp_path, {"docs/articles/\x1b[31mb/index.md": article()})
    assert " S004 " in said
    assert "\x1b" not in said
