"""All articles together: what is shown, in which order, and what they may not share."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from engblog.site.catalogue import Catalogue
from support.sources import article, codes, places, read, read_articles


def shown(catalogue: Catalogue) -> list[str]:
    assert catalogue.problems == (), "\n".join(str(problem) for problem in catalogue.problems)
    return [each.slug for each in catalogue.site.articles]


def hidden(catalogue: Catalogue) -> list[str]:
    return [each.slug for each in catalogue.site.hidden]


def test_articles_are_newest_first_and_ties_go_by_slug(tmp_path: Path) -> None:
    catalogue = read_articles(
        tmp_path,
        old=article(date="2025-01-01"),
        zebra=article(date="2026-11-20"),
        ant=article(date="2026-11-20"),
        noon=article(date="2026-11-20T12:00:00Z"),
        east=article(date="2026-11-21T00:30:00+14:00"),
    )
    assert shown(catalogue) == ["noon", "east", "ant", "zebra", "old"]


@pytest.mark.parametrize(
    ("date", "public"),
    [
        ("2026-12-01", True),
        ("2026-12-02", False),
        ("2026-12-01T12:00:00Z", True),
        ("2026-12-01T12:00:01Z", False),
        ("2026-12-01T13:00:00+01:00", True),
        ("2026-12-01T23:00:00+14:00", True),
    ],
)
def test_an_article_of_the_future_is_held_back(tmp_path: Path, date: str, public: bool) -> None:
    catalogue = read_articles(tmp_path, next=article(date=date))
    assert (shown(catalogue), hidden(catalogue)) == ((["next"], []) if public else ([], ["next"]))


def test_a_draft_is_held_back(tmp_path: Path) -> None:
    catalogue = read_articles(tmp_path, draft=article(status="draft"), done=article())
    assert (shown(catalogue), hidden(catalogue)) == (["done"], ["draft"])


def test_a_preview_shows_drafts_and_the_future(tmp_path: Path) -> None:
    catalogue = read_articles(
        tmp_path, preview=True, draft=article(status="draft"), done=article(), next=article(date="2027-01-01")
    )
    assert (shown(catalogue), hidden(catalogue)) == (["next", "done", "draft"], [])


def test_a_featured_article_is_the_featured_one_however_old(tmp_path: Path) -> None:
    catalogue = read_articles(tmp_path, new=article(), old=article(date="2020-01-01", featured="true"))
    assert catalogue.site.featured is not None
    assert catalogue.site.featured.slug == "old"


def test_without_one_the_newest_is_featured(tmp_path: Path) -> None:
    catalogue = read_articles(tmp_path, new=article(), old=article(date="2020-01-01"))
    assert catalogue.site.featured is catalogue.site.articles[0]
    assert catalogue.site.featured.slug == "new"


def test_a_featured_article_of_the_future_is_not_shown_as_such(tmp_path: Path) -> None:
    catalogue = read_articles(tmp_path, new=article(), next=article(date="2027-01-01", featured="true"))
    assert catalogue.site.featured is not None
    assert catalogue.site.featured.slug == "new"


def test_a_site_without_articles_features_none(tmp_path: Path) -> None:
    assert read(tmp_path, {}).site.featured is None


def test_two_featured_articles_are_a_problem_that_names_the_other(tmp_path: Path) -> None:
    catalogue = read_articles(
        tmp_path, a=article(featured="true"), b=article(date="2026-11-01", featured="true"), c=article()
    )
    assert places(catalogue, tmp_path) == ["articles/b/index.md:1:1 C003"]
    assert "articles/a/index.md is also featured" in str(catalogue.problems[0])


def test_folders_that_differ_by_case_alone_are_a_problem_that_names_both(tmp_path: Path) -> None:
    catalogue = read_articles(tmp_path, fsync=article(), Fsync=article())
    assert places(catalogue, tmp_path) == [
        "articles/Fsync/index.md:1:1 S004",
        "articles/fsync/index.md:1:1 C002",
    ]
    assert "articles/Fsync" in str(catalogue.problems[1])


def test_folders_that_differ_by_composition_alone_are_a_problem(tmp_path: Path) -> None:
    catalogue = read_articles(tmp_path, **{"gr\u00f6sse": article(), "gro\u0308sse": article()})
    assert "C002" in codes(catalogue)


def test_a_required_article_must_exist(tmp_path: Path) -> None:
    catalogue = read_articles(tmp_path, first=article(), second=article(requires="[frist]"))
    assert places(catalogue, tmp_path) == ["articles/second/index.md:1:1 C004"]
    assert "did you mean “first”?" in str(catalogue.problems[0])


def test_a_required_article_with_a_problem_of_its_own_exists(tmp_path: Path) -> None:
    catalogue = read_articles(tmp_path, first=article(date="soon"), second=article(requires="[first]"))
    assert codes(catalogue) == ["F005"]


def test_a_required_draft_exists(tmp_path: Path) -> None:
    assert shown(read_articles(tmp_path, a=article(status="draft"), b=article(requires="[a]"))) == ["b"]


def test_articles_that_require_each_other_in_a_circle_are_named_in_order(tmp_path: Path) -> None:
    catalogue = read_articles(
        tmp_path,
        a=article(requires="[b]"),
        b=article(requires="[c]"),
        c=article(requires="[b]"),
        d=article(requires="[a, d]"),
    )
    assert places(catalogue, tmp_path) == ["articles/b/index.md:1:1 C005", "articles/d/index.md:1:1 C005"]
    assert "b → c → b" in str(catalogue.problems[0])
    assert "d → d" in str(catalogue.problems[1])


def test_a_diamond_of_requirements_is_no_circle(tmp_path: Path) -> None:
    catalogue = read_articles(
        tmp_path, a=article(requires="[b, c]"), b=article(requires="[d]"), c=article(requires="[d]"), d=article()
    )
    assert codes(catalogue) == []


def test_a_ladder_of_requirements_is_climbed_once(tmp_path: Path) -> None:
    """Each rung doubles the ways up: forty would never be walked one by one."""
    rungs = {f"{side}{n}": article(requires=f"[a{n + 1}, b{n + 1}]") for n in range(40) for side in "ab"}
    assert codes(read_articles(tmp_path, **rungs, a40=article(), b40=article())) == []


def test_a_chain_of_requirements_longer_than_any_stack_is_followed(tmp_path: Path) -> None:
    count = sys.getrecursionlimit() + 200
    chain = {f"a{n}": article(requires=f"[a{n + 1}]") for n in range(count)}
    assert codes(read_articles(tmp_path, **chain, **{f"a{count}": article()})) == []
    assert codes(read_articles(tmp_path, **{f"a{count}": article(requires="[a0]")})) == ["C005"]


def test_the_parts_of_a_series_are_told_apart(tmp_path: Path) -> None:
    catalogue = read_articles(
        tmp_path,
        a=article(series="{name: Durability, part: 1}"),
        b=article(series="{name: Durability, part: 1}"),
        c=article(series="{name: Other, part: 1}"),
    )
    assert places(catalogue, tmp_path) == ["articles/b/index.md:1:1 C006"]
    assert "part 1 of “Durability” is" in str(catalogue.problems[0])


def test_a_series_has_one_name(tmp_path: Path) -> None:
    catalogue = read_articles(
        tmp_path, a=article(series="{name: Durability, part: 1}"), b=article(series="{name: durability, part: 2}")
    )
    assert places(catalogue, tmp_path) == ["articles/b/index.md:1:1 C006"]


def test_an_old_address_belongs_to_one_article(tmp_path: Path) -> None:
    catalogue = read_articles(tmp_path, a=article(aliases="[/old/]"), b=article(aliases="[/old, /other/]"))
    assert places(catalogue, tmp_path) == ["articles/b/index.md:7:11 C007"]


def test_an_old_address_is_not_that_of_an_article(tmp_path: Path) -> None:
    catalogue = read_articles(
        tmp_path,
        a=article(),
        b=article(aliases="[/articles/2026/11/20/a/]"),
        c=article(aliases="[/articles/2026/11/20/c]"),
    )
    assert places(catalogue, tmp_path) == ["articles/b/index.md:7:11 C007", "articles/c/index.md:7:11 C007"]


def test_an_id_belongs_to_one_article(tmp_path: Path) -> None:
    catalogue = read_articles(
        tmp_path,
        a=article(),
        b=article(id="/articles/2026/11/20/a/"),
        c=article(aliases="[/first/, /articles/2026/11/20/old/]"),
        d=article(id="/first"),
        e=article(id="/one/", status="draft"),
        f=article(id="/one/"),
        g=article(id="/articles/2026/11/20/old/"),
    )
    assert places(catalogue, tmp_path) == [
        "articles/b/index.md:7:5 C008", "articles/d/index.md:7:5 C008", "articles/f/index.md:7:5 C008"
    ]  # fmt: skip
    said = [problem.message.partition(" also belongs to ")[2] for problem in catalogue.problems]
    assert [each.rpartition("/articles/")[2] for each in said] == ["a/index.md", "c/index.md", "e/index.md:7:5"]


def test_problems_are_in_order_of_file_line_and_column(tmp_path: Path) -> None:
    catalogue = read_articles(
        tmp_path,
        b=article("[x](gone.md) ![y](gone.png)\n[z](gone.md)\n", category="Nope"),
        a=article(tags="[Nope, Redis, Go]"),
    )
    assert places(catalogue, tmp_path) == [
        "articles/a/index.md:6:8 T003",
        "articles/b/index.md:5:11 T001",
        "articles/b/index.md:8:1 R004",
        "articles/b/index.md:8:14 R001",
        "articles/b/index.md:9:1 R004",
    ]


def test_a_thousand_articles_are_read_in_linear_time(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        texts = {f"a{n}": article(date=f"2026-{n % 11 + 1:02}-{n % 28 + 1:02}") for n in range(count)}
        root = tmp_path / str(count)
        read_articles(root, **texts)
        start = time.process_time()
        assert len(shown(read_articles(root, **texts))) == count
        return time.process_time() - start

    assert seconds(1600) < 9 * seconds(400), "four times as many take sixteen times as long, or nearly"
