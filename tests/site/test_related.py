"""Which articles are offered below an article: by shared tags, place and text; the same on every machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from engblog.model.article import Article
from engblog.site.related import related
from support.sources import article, read_articles

SUBJECTS = {
    "disk": "fsync flushes the page cache to the disk, the write barrier orders the journal before the block. ",
    "mail": "The queue delivers letters to the relay, the relay retries with backoff until the mailbox answers. ",
}


def articles(root: Path, **texts: str) -> tuple[Article, ...]:
    catalogue = read_articles(root, **texts)
    assert catalogue.problems == ()
    return (*catalogue.site.articles, *catalogue.site.hidden)


def offered(found: tuple[Article, ...], count: int = 3) -> dict[str, list[str]]:
    return {slug: [each.slug for each in near] for slug, near in related(found, count).items()}


def test_shared_tags_bring_articles_together(tmp_path: Path) -> None:
    found = articles(
        tmp_path,
        a=article(tags="[Redis, Caching, Signals]"),
        b=article(tags="[Redis, Caching, Go]"),
        c=article(tags="[Go, Kubernetes, MySQL]"),
        d=article(tags="[Kubernetes, MySQL, PostgreSQL]"),
    )
    nearest = {slug: near[0] for slug, near in offered(found).items()}
    assert nearest == {"a": "b", "b": "a", "c": "d", "d": "c"}


def test_a_rare_tag_counts_more_than_a_common_one(tmp_path: Path) -> None:
    found = articles(
        tmp_path,
        a=article(tags="[Redis, Signals, Caching]"),
        common=article(tags="[Redis, Go, MySQL]", date="2026-11-25"),
        rare=article(tags="[Signals, Go, MySQL]"),
        more=article(tags="[Redis, Kubernetes, PostgreSQL]", date="2026-11-24"),
    )
    assert offered(found)["a"][0] == "rare"


def test_one_category_brings_articles_together(tmp_path: Path) -> None:
    found = articles(
        tmp_path,
        a=article(tags="[Redis, Caching, Signals]", subcategory="Storage"),
        near=article(tags="[Go, Kubernetes, MySQL]", subcategory="Storage", date="2020-01-01"),
        far=article(tags="[Go, Kubernetes, MySQL]", category="System Design"),
        same=article(tags="[Go, Kubernetes, MySQL]"),
    )
    assert offered(found)["a"][:2] == ["near", "same"]


def test_texts_on_one_subject_come_together(tmp_path: Path) -> None:
    texts = {
        f"{subject}{n}": article(f"Article {n} of {'abcdefgh'[n] * 5}. {text}\n", date=f"2026-11-{n + 1:02}")
        for n in range(4)
        for subject, text in SUBJECTS.items()
    }
    for slug, near in offered(articles(tmp_path, **texts)).items():
        assert {other[:4] for other in near} == {slug[:4]}, slug


def test_a_word_that_half_of_all_articles_have_says_nothing(tmp_path: Path) -> None:
    texts = ["zebra common", "common", "zebra", "common", "other", "other"]
    slugs = ["a", "newer", "zebra", "d", "e", "f"]
    found = articles(
        tmp_path,
        **{
            slug: article(f"{text}.\n", date=f"2026-11-{20 - number:02}")
            for number, (slug, text) in enumerate(zip(slugs, texts, strict=True))
        },
    )
    assert offered(found)["a"][0] == "zebra"


def test_nearness_is_mostly_mutual_and_never_to_itself(tmp_path: Path) -> None:
    tags = ["Redis", "Caching", "Signals", "Go", "Kubernetes", "MySQL"]
    texts = {f"a{n}": article(tags=f"[{tags[n % 6]}, {tags[(n + 1) % 6]}, {tags[(n + 2) % 6]}]") for n in range(12)}
    near = offered(articles(tmp_path, **texts))
    assert all(slug not in others for slug, others in near.items())
    pairs = [(slug, other) for slug, others in near.items() for other in others]
    assert sum((other, slug) in pairs for slug, other in pairs) >= len(pairs) * 0.6
    for n in range(6):  # each has a twin with the same three tags
        assert f"a{n + 6}" in near[f"a{n}"]
        assert f"a{n}" in near[f"a{n + 6}"]


def test_ties_go_to_the_newer_article(tmp_path: Path) -> None:
    found = articles(
        tmp_path, a=article(), b=article(date="2026-11-01"), c=article(date="2026-11-02"), d=article(date="2026-11-02")
    )
    assert offered(found)["a"] == ["c", "d", "b"]


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, 1), (2, 2), (10, 2)])
def test_no_more_are_offered_than_asked_for_or_there_are(tmp_path: Path, count: int, expected: int) -> None:
    found = articles(tmp_path, a=article(), b=article(), c=article())
    assert {len(near) for near in offered(found, count).values()} == {expected}


def test_an_article_like_no_other_is_alone(tmp_path: Path) -> None:
    found = articles(
        tmp_path,
        a=article("Xyzzy plugh.\n", tags="[Signals, Kubernetes, Caching]", category="System Design"),
        b=article(),
        c=article(),
    )
    assert offered(found)["a"] == []
    assert related((), 3) == {}


PROGRAM = """
import sys
from pathlib import Path
from engblog.site.related import related
from engblog.disk.docs import DocsSettings, read_site
site = read_site(Path(sys.argv[1]), DocsSettings()).site
print({slug: [each.slug for each in near] for slug, near in related(site.articles, 3).items()})
"""


def test_the_outcome_is_the_same_under_every_hash_seed(tmp_path: Path) -> None:
    words = "disk page cache flush journal block barrier relay queue letter mailbox retry backoff lease clock"
    subjects = words.split()
    texts = {
        f"a{n}": article(
            " ".join(subjects[(n * k + k) % len(subjects)] for k in range(1, 40)) + ".\n", tags="[Redis, Go, pg]"
        )
        for n in range(40)
    }
    articles(tmp_path, **texts)
    outcomes = set()
    for seed in ("0", "1", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1796126400"}
        command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
        outcomes.add(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    assert len(outcomes) == 1
    assert outcomes.pop().count("'a") > 100


def test_the_work_grows_with_the_number_of_articles(tmp_path: Path) -> None:
    (one,) = articles(tmp_path, a=article("Words of some length about disks and pages and caches.\n"))

    def seconds(count: int) -> float:
        many = [
            replace(one, slug=f"a{n}", body=f"{one.body} word{'abcdefghij'[n % 10] * 4} " * 20) for n in range(count)
        ]
        spent = []
        for _ in range(3):  # the least is the one that other work on the machine has disturbed least
            start = time.process_time()
            assert len(related(many, 3)) == count
            spent.append(time.process_time() - start)
        return min(spent)

    assert seconds(1600) < 9 * seconds(400)
