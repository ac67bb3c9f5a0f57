"""The Markdown twin of an article, and llms.txt."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import markdown
import pytest
from engblog.disk.docs import read_site
from engblog.disk.project import find_project
from engblog.lab.record import write_versions
from engblog.model.article import Article
from engblog.model.problems import Problems
from engblog.model.publication import Identity, Publication
from engblog.outputs.twins.llms import llms_txt
from engblog.outputs.twins.twin import escaped, twin, twins
from engblog.source.body import scan
from engblog.source.structure import check_openings
from support.sources import read
from support.twins import FULL, IDENTITY, LAB, SITE, full, published

REPOSITORY = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "![a](//f.example/x)",
        "<javascript:alert(1)>", "A { onclick=alert(1) }", "A {: onclick=alert(1) }", "a\n\n<b onclick=x>", "`</a><b>`",
        "[a]: javascript:alert(1)", "<!-- a", "\\<b>", "*[HTML]: a",
    ],
)  # fmt: skip
def test_hostile_text_is_not_active_where_a_twin_is_rendered(text: str) -> None:
    """By a renderer that allows HTML and lists of attributes, wherever such a text stands in a twin or llms.txt."""
    places = "# {0}\n\n> {0}\n\n- By: {0}\n- [{0}](https://mini.example/): {0}\n\n| a |\n|---|\n| {0} |\n"
    html = markdown.markdown(places.replace("{0}", escaped(text)), extensions=["attr_list", "tables", "md_in_html"])
    known = {"h1", "p", "ul", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td"}
    assert set(re.findall(r"<(\w[^>]*)", html)) <= known | {'a href="https://mini.example/"'}


@pytest.mark.parametrize(
    "text", ["a_b", "_a_", "*a*", "`a`", "[a](b)", "<b>a</b>", "&lt;", "\\*", "a\nb", "{ .x }", "# a"]
)
def test_escaped_text_is_shown_letter_for_letter(text: str) -> None:
    class Words(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.text = ""

        def handle_data(self, data: str) -> None:
            self.text += data

    reader = Words()
    reader.feed(markdown.markdown(f"x {escaped(text)}"))
    assert reader.text == f"x {' '.join(text.split())}"


def test_a_twin_says_all_that_the_page_says(tmp_path: Path) -> None:
    site = full(tmp_path)
    text = twin(site.site.articles[0], site)
    expected = Path(__file__).parents[2] / "golden/twin.expected.md"
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(text)
    assert text == expected.read_text(), "if this is meant: UPDATE_GOLDEN=1 pytest tests/outputs/test_twins.py"


def test_a_twin_is_beside_the_page_and_only_where_the_site_knows_its_address(tmp_path: Path) -> None:
    site = full(tmp_path)
    assert [path for path, _ in twins(site)] == [
        "articles/2026/11/20/a/index.md",
        "articles/2026/11/19/b/index.md",
    ]
    homeless = Publication(Identity("Mini", ""), site.site, texts=site.texts, addresses=site.addresses)
    assert [*twins(homeless), *llms_txt(homeless)] == []


def test_a_claim_leads_nowhere_where_labs_have_no_page(tmp_path: Path) -> None:
    site = full(tmp_path)
    addresses = {name: url for name, url in site.addresses.items() if not name.endswith("lab/index.md")}
    text = twin(site.site.articles[0], Publication(IDENTITY, site.site, texts=site.texts, addresses=addresses))
    assert "The server stopped. It took 12.5 ms" in text


def test_a_claim_that_does_not_hold_everywhere_leads_to_its_test_as_well(tmp_path: Path) -> None:
    plain = full(tmp_path)
    marked = FULL.replace("{claim:test_it}", "{claim:test_it not on Redis 6.2}")
    file = tmp_path / "articles/a/index.md"
    file.write_text(file.read_text().replace(FULL, marked))
    failed = {"product": "Redis", "version": "6.2.5", "held": [], "failed": {"test_it": "assert 1 > 2"}}
    write_versions(tmp_path / "articles/a/lab", [failed], ran="2026-11-23")
    before, after = (
        twin(next(each for each in site.articles if each.slug == "a"), replace(plain, site=site))
        for site in (plain.site, read(tmp_path, {}).site)
    )
    assert before.partition("## Lab")[0] == after.partition("## Lab")[0]
    assert "    - Not on Redis 6.2.5: `assert 1 > 2`\n" in after
    assert "The server stopped. ([verified by a test](" in after


def test_a_lab_that_changed_since_its_run_is_said_to_have(tmp_path: Path) -> None:
    full(tmp_path)
    (tmp_path / "articles/a/lab/test_it.py").write_text(LAB + "# more\n")
    site = published(tmp_path, read(tmp_path, {}).site)
    assert "the lab has changed since" in twin(site.site.articles[0], site)


# The real articles


@cache
def real() -> Publication:
    project = find_project(REPOSITORY / "mkdocs.yml")
    return published(project.docs, read_site(project.docs, project.settings).site)


SLUGS = sorted(path.parent.name for path in (REPOSITORY / "docs").glob("articles/*/index.md"))


def real_twin(slug: str) -> tuple[Article, str]:
    found = next(each for each in real().site.articles if each.slug == slug)
    return found, twin(found, real())


@pytest.mark.parametrize("slug", SLUGS)
def test_no_mark_of_ours_is_left_in_a_real_twin(slug: str) -> None:
    _, text = real_twin(slug)
    body = scan(text)
    problems = Problems()
    check_openings(body, "twin.md", problems)
    assert problems.found == [], "each fence is closed, and no line opens a box"
    assert not [each for each in body.references if each.kind in {"include", "lost include", "number", "claim"}]
    prose = re.sub(r"`[^`\n]+`", "", body.prose)
    for left in ("--8<--", "{lab:", "{claim:", "{ .", "{: ", "!!! ", "??? ", '=== "'):
        assert left not in prose, left
    assert 'title="' not in "".join(line for line in text.splitlines() if line.lstrip().startswith("```"))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_address_in_a_real_twin_is_whole_and_those_of_the_site_exist(slug: str) -> None:
    _, text = real_twin(slug)
    exist = {SITE + url for url in real().addresses.values()}
    targets = [each.target for each in scan(text).references if each.kind in {"link", "image"}]
    assert len(targets) > 20
    for target in targets:
        assert re.match(r"https?://", target), target
        if target.startswith(SITE):
            assert target.partition("#")[0] in exist, target


@pytest.mark.parametrize("slug", SLUGS)
def test_a_real_twin_has_every_word_of_the_lab_and_renders(slug: str) -> None:
    found, text = real_twin(slug)
    assert found.lab is not None
    for name in found.lab.files:
        code = real().texts[f"articles/{slug}/lab/{name}"]
        shown = [line for line in code.splitlines() if not re.search(r"--8<-- \[(start|end):[\w-]+\]", line)]
        assert "\n".join(shown).strip() in text, name
    html = markdown.markdown(text, extensions=["footnotes", "tables", "pymdownx.superfences"])
    headings = [line for line in scan(text).prose.splitlines() if line.startswith("#")]
    assert len(re.findall(r"<h[1-6][ >]", html)) == len(headings)
    assert "```" not in re.sub(r"<pre.*?</pre>", "", html, flags=re.DOTALL)
    assert json.loads((REPOSITORY / f"docs/articles/{slug}/lab/record.json").read_text())["numbers"]
