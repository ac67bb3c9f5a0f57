"""Every article of this site, as it is going to be published."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from engblog.disk.docs import read_site
from engblog.disk.project import find_project
from engblog.lab.installations import LOCKED
from engblog.model.article import Article
from engblog.model.problems import Problems, report
from engblog.site.catalogue import Catalogue
from engblog.source.body import scan
from engblog.source.claims import read_claim
from engblog.source.diagram import read_diagram
from engblog.source.lab_settings import read_settings
from engblog.source.references import CHART

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
SLUGS = sorted(path.parent.name for path in DOCS.glob("articles/*/index.md"))
MINUTES = {
    "caching-is-not-add-redis": 20,
    "exactly-once-delivery": 25,
    "how-databases-and-servers-shut-down": 20,
    "how-redis-deletes-expired-keys": 15,
    "lsm-trees-the-deep-cut": 22,
    "push-it-all-on-the-database": 18,
    "slack-sends-messages-over-http": 20,
    "three-things-called-keep-alive": 16,
    "when-auto-increment-stops-incrementing": 18,
}
"""The articles of the index that this publication was planned with, and the minutes that each was given."""
_FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)\n(?P<code>.*?)^ *(?P=fence)$", re.DOTALL | re.MULTILINE
)
_TITLE = re.compile(r'title="([^"]*)"')


@cache
def catalogue() -> Catalogue:
    project = find_project(REPOSITORY / "mkdocs.yml")
    return read_site(project.docs, project.settings)


def the(slug: str) -> Article:
    site = catalogue().site
    found = [each for each in (*site.articles, *site.hidden) if each.slug == slug]
    assert found, f"{slug} has a problem; run `engblog check`"
    return found[0]


def text_of(slug: str) -> str:
    return (DOCS / "articles" / slug / "index.md").read_text()


def test_no_article_has_a_problem() -> None:
    assert not catalogue().problems, f"run `engblog check`:\n{report(catalogue().problems)}"
    assert SLUGS


@pytest.mark.parametrize("slug", MINUTES)
def test_an_article_of_the_plan_takes_the_time_that_it_was_given(slug: str) -> None:
    assert the(slug).minutes == MINUTES[slug]


@pytest.mark.parametrize("slug", SLUGS)
def test_an_article_has_two_diagrams_that_are_read_aloud(slug: str) -> None:
    diagrams = [
        each for each in scan(text_of(slug)).references if each.kind == "image" and each.target.endswith(".svg")
    ]
    assert len({each.target for each in diagrams}) >= 2
    for each in diagrams:
        diagram = read_diagram((DOCS / "articles" / slug / each.target).read_text())
        assert len(diagram.title) >= 8
        assert len(diagram.description) >= 40
        box = [float(number) for number in diagram.root.attrib["viewBox"].split()]
        assert box[2] <= 720, f"{each.target} is too wide for a telephone"


@pytest.mark.parametrize("slug", SLUGS)
def test_code_of_the_lab_is_included_and_never_pasted(slug: str) -> None:
    fences = [found for found in _FENCE.finditer(text_of(slug)) if _TITLE.search(found["info"])]
    titled = [(_TITLE.search(found["info"]), found["code"]) for found in fences]
    of_the_lab = [(title[1], code.split("\n")) for title, code in titled if title and title[1].startswith("lab/")]
    assert of_the_lab, "an article shows code of its lab"
    for title, code in of_the_lab:
        for line in (line.strip() for line in code if line.strip()):
            assert re.fullmatch(rf'-+8<-+ "{re.escape(title.split(":")[0])}[^"]*"', line), f"{title} holds {line!r}"


@pytest.mark.parametrize("slug", SLUGS)
def test_a_fence_names_its_language(slug: str) -> None:
    bare = [found["info"] for found in _FENCE.finditer(text_of(slug)) if not re.match(r"[ {.]*[a-z]", found["info"])]
    assert bare == []


@pytest.mark.parametrize("slug", SLUGS)
def test_an_article_is_proven_by_a_lab_that_is_in_step(slug: str) -> None:
    lab = the(slug).lab
    assert lab is not None
    assert lab.in_step
    assert all(len(test.claim) > 20 for test in lab.tests), "readers see a test's docstring"
    assert lab.versions
    used = {each.target for each in scan(text_of(slug)).references if each.kind == "claim"}
    assert len(used) >= 3


@pytest.mark.parametrize("slug", SLUGS)
def test_a_lab_ran_on_every_version_of_its_servers_that_can_be_had(slug: str) -> None:
    lab = the(slug).lab
    assert lab is not None
    used = {product for test in lab.tests for product in test.servers}
    own = dict(lab.versions)
    others = {(each.product, each.name.rpartition("-")[2]) for each in LOCKED if each.started_as in used}
    file = REPOSITORY / f"docs/articles/{slug}/lab/lab.toml"
    settings = read_settings(file.read_text() if file.exists() else None, file.name, Problems())
    wanted = {
        (product, short)
        for product, short in others
        if not f"{own.get(product)}.".startswith(f"{short}.") and settings.allows(product, short)
    }
    ran = [(run.product, run.version) for run in lab.runs]
    missing = {
        (product, short)
        for product, short in wanted
        if not any(product == name and f"{version}.".startswith(f"{short}.") for name, version in ran)
    }
    assert missing == set(), f"run: make lab ARTICLE={slug} VERSIONS=all"
    assert lab.runs_in_step


@pytest.mark.parametrize("slug", SLUGS)
def test_half_of_the_claims_have_a_counter_experiment(slug: str) -> None:
    lab = the(slug).lab
    assert lab is not None
    claimed = {read_claim(each.target).test for each in scan(text_of(slug)).references if each.kind == "claim"}
    tests = [test for test in lab.tests if test.name in claimed]
    assert sum(1 for test in tests if test.counters) * 2 >= len(tests)


@pytest.mark.parametrize("slug", SLUGS)
def test_an_article_draws_a_chart_from_its_record(slug: str) -> None:
    charts = [each for each in scan(text_of(slug)).references if each.target.startswith(CHART)]
    assert charts


@pytest.mark.parametrize("slug", SLUGS)
def test_a_source_is_cited_by_a_footnote_and_every_footnote_is_cited(slug: str) -> None:
    prose = scan(text_of(slug)).prose
    defined = set(re.findall(r"^\[\^([^\]]+)\]:", prose, re.MULTILINE))
    cited = set(re.findall(r"\[\^([^\]]+)\](?!:)", prose))
    assert cited == defined
    assert "## Sources" in prose
