"""Hundreds of ugly posts of each system become articles without a problem, and nothing in them is lost in silence."""

from __future__ import annotations

import pytest
from engblog.importing.translate import NewArticle
from support.importing import FRONT, PLACES, bring, bring_one, changed, left, problems_of, translation
from support.old_posts import blog

SYSTEMS = ["material", "hugo", "jekyll", "docusaurus", "mkdocs"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_ugly_posts_become_articles_without_a_problem_and_nothing_is_lost_in_silence(system: str) -> None:
    """Every word of a post is in its article or in a note."""
    files, words = blog(system, 400)
    found = bring(system, files)
    assert found.remarks == []
    assert len(found.articles) == len(words)
    problems = problems_of(found)
    assert {path: list(map(str, said)) for path, said in problems.items() if said} == {}
    lost = {}
    for article in found.articles:
        said = "\n".join([article.text(), *map(str, article.remarks.found)])
        if missing := [word for word in words[article.path] if word not in said]:
            lost[article.path] = missing
    assert lost == {}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_note_names_the_line_of_the_old_file(system: str) -> None:
    text = (
        "Words here.\n\n"
        + "line\n" * 5
        + "\n<span onclick=x>a</span>\n\n```rust,ignore {1}\nx\n```\n\n<custom-thing>b</custom-thing>\n"
    )
    article = bring_one(system, text)
    lines = (FRONT + text).split("\n")
    for remark in article.remarks.found:
        if "onclick" in remark.message:
            assert "onclick" in lines[remark.line - 1]
        if "custom-thing" in remark.message:
            assert "custom-thing" in lines[remark.line - 1]
    assert any("onclick" in each for each in changed(article))
    assert any("custom-thing" in each for each in left(article))


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_same_blog_gives_the_same_articles(system: str) -> None:
    files, _ = blog(system, 40, 3)
    one, other = bring(system, files), bring(system, dict(reversed(files.items())))
    assert [each.text() for each in one.articles] == [each.text() for each in other.articles]
    assert [each.files for each in one.articles] == [each.files for each in other.articles]


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_result_with_other_drafts_is_that_of_a_translation_from_the_beginning(system: str) -> None:
    files, _ = blog(system, 60, 5)
    every = [article.path for article in bring(system, files).articles]
    rounds = [frozenset(every[::7]), frozenset(every[::7]) | frozenset(every[::3]), frozenset(every[:1])]
    grown = translation(system, files)
    for drafts in rounds:
        fresh = translation(system, files).result(drafts)
        again = grown.result(drafts)
        assert [shown(each) for each in again.articles] == [shown(each) for each in fresh.articles]
        assert again.new_people == fresh.new_people


def shown(article: NewArticle) -> tuple[object, ...]:
    return article.text(), article.files, article.fetched, article.remarks.found


# front matter


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("2020-01-02", "2020-01-02"),
        ("2020-01-02T03:04:05Z", "2020-01-02T03:04:05+00:00"),
        ("2020-01-02 03:04:00 +0530", "2020-01-02T03:04+05:30"),
        ("2020-01-02T23:59:59.123-08:00", "2020-01-02T23:59:59-08:00"),
        ("2020-1-2", "2020-01-02"),
    ],
)
def test_a_date_keeps_its_day_and_its_zone(given: str, written: str) -> None:
    article = bring_one("hugo", "Text.\n", front=f"---\ntitle: One\ndate: {given}\n---\n")
    assert article.keys["date"] == written


def test_the_first_sentences_are_the_description_of_a_post_without_one() -> None:
    article = bring_one("hugo", "Short one. " + "A longer sentence with many words follows here. " * 3 + "\n")
    assert article.keys["description"].strip("'").startswith("Short one. A longer sentence")
    assert any("no description" in each for each in changed(article))


def test_a_short_description_is_followed_by_the_first_sentences() -> None:
    front = "---\ntitle: One\ndate: 2020-01-02\ndescription: Too short\n---\n"
    article = bring_one(
        "hugo", "Some words that say what it is about, so that it is long enough for a card.\n", front=front
    )
    assert article.keys["description"].strip("'").startswith("Too short. Some words that say")


def test_too_few_tags_are_left_to_a_person() -> None:
    article = bring_one("hugo", "Text.\n", front="---\ntitle: One\ndate: 2020-01-02\ntags: [Go]\n---\n")
    assert "1: the post has 1 tag" in left(article)


def test_tags_that_differ_by_letter_case_are_one() -> None:
    path, settings = PLACES["hugo"]
    posts = {
        f"content/blog/p{n}.md": FRONT.replace("Go", tag) + "Text.\n"
        for n, tag in enumerate(["golang", "Golang", "Golang"])
    }
    found = bring("hugo", {**settings, **posts})
    assert {each.tags[0] for each in found.articles} == {"Golang"}
    assert path not in posts


def test_two_posts_with_one_name_get_two_folders() -> None:
    _, settings = PLACES["jekyll"]
    posts = {
        f"_posts/{day}-same.md": FRONT.replace("2020-01-02", day) + "Text.\n" for day in ("2020-01-02", "2021-01-02")
    }
    found = bring("jekyll", {**settings, **posts})
    assert [each.slug for each in found.articles] == ["same", "same-2021-01-02"]


def test_a_name_in_another_script_gets_a_folder_with_its_date() -> None:
    _, settings = PLACES["hugo"]
    front = FRONT.replace("title: One", "title: 数据库")
    found = bring("hugo", {**settings, "content/blog/数据库.md": front + "Text.\n"})
    assert found.articles[0].slug == "post-2020-01-02"
    assert "'/blog/数据库/'" in found.articles[0].keys["aliases"]


def test_a_post_without_a_date_is_left_and_named() -> None:
    _, settings = PLACES["hugo"]
    found = bring("hugo", {**settings, "content/blog/x.md": "---\ntitle: X\n---\nText.\n"})
    assert found.articles == []
    assert "no date" in found.remarks[0].message


def test_front_matter_that_nobody_can_read_is_named() -> None:
    _, settings = PLACES["hugo"]
    found = bring("hugo", {**settings, "content/blog/x.md": "---\ntitle: [X\n---\nText.\n"})
    assert found.articles == []
    assert "cannot be read" in found.remarks[0].message


# links and pictures


def test_a_link_to_a_draft_does_not_stay() -> None:
    _, settings = PLACES["hugo"]
    hidden = FRONT.replace("title: One", "title: Two\ndraft: true") + "Text.\n"
    files = {**settings, "content/blog/one.md": FRONT + "[a](/blog/two/)\n", "content/blog/two.md": hidden}
    one, two = bring("hugo", files).articles
    assert "index.md" not in one.body
    assert "https://old.example/blog/two/" in one.body
    assert "status: draft" in two.text()


def test_a_picture_on_another_host_is_fetched_only_on_request(png: bytes) -> None:
    path, settings = PLACES["hugo"]
    files = {**settings, path: FRONT + "![A chart](https://elsewhere.example/x.png)\n"}
    without = bring("hugo", files).articles[0]
    assert without.files == {}
    assert "[A chart](https://elsewhere.example/x.png)" in without.body
    assert any("--fetch" in each.hint for each in without.remarks.found)
    fetched = bring("hugo", files, fetch={"https://elsewhere.example/x.png": png}.get).articles[0]
    assert fetched.files == {"x.png": png}
    assert "![A chart](x.png)" in fetched.body


def test_an_anchor_leads_to_the_heading_that_it_led_to() -> None:
    _, settings = PLACES["hugo"]
    one = FRONT + "## C & C++\n\n[here](#c--c), [there](/blog/two/#über-uns)\n"
    files = {**settings, "content/blog/one.md": one, "content/blog/two.md": FRONT + "## Über uns\n\nText.\n"}
    first, second = bring("hugo", files).articles
    assert "## C & C++ {: #c-c }" in first.body
    assert "[here](#c-c), [there](../two/index.md#uber-uns)" in first.body
    assert "## Über uns {: #uber-uns }" in second.body
