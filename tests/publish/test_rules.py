"""The rules of a deployment, over values: no git, no disk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engblog.outputs.cards.card import card_path
from engblog.publish.rules import (
    Aim,
    Blob,
    Deployed,
    Files,
    Live,
    Work,
    after_build,
    before_build,
    commit_message,
    compare,
    find_deployment,
    github_pages,
    kept_cname,
    lost_cards,
    read_cname,
    source_of,
)

AIM = Aim("https://mini.example/blog/", "main", "gh-pages", "origin", "../origin.git")

WORK = Work("a" * 40, "main", upstream="a" * 40)

SITE = {
    name: Blob(f"{number:040x}", 10) for number, name in enumerate(("index.html", "sitemap.xml", "search/base.json"))
}

SITE["search/engine.mjs"] = Blob("e" * 40, 10)

DOMAIN = "blog.example.org"


def names(aim: Aim = AIM, work: Work = WORK, live: Live | None = None) -> list[str]:
    found = before_build(aim, work, live or Live(None, {}), force=False, dirty_build=False)
    return [refusal.check.value for refusal in found]


def test_nothing_speaks_against_a_clean_branch_that_is_up_to_date() -> None:
    assert names() == []
    assert names(live=Live(None, SITE)) == []


@pytest.mark.parametrize(
    ("site_url", "given", "found", "refused", "kept"),
    [
        ("https://blog.example.org/", None, DOMAIN, [], DOMAIN),
        ("https://BLOG.example.org", None, DOMAIN, [], DOMAIN),
        ("https://blog.example.org/", DOMAIN, None, [], None),
        ("https://blog.example.org/", DOMAIN, "Blog.Example.Org", [], None),
        ("https://blog.example.org/sub/", DOMAIN, None, ["site-url"], None),
        ("https://blog.example.org/sub/", None, DOMAIN, ["site-url"], DOMAIN),
        ("https://other.example/", DOMAIN, None, ["site-url"], None),
        ("https://other.example/", None, DOMAIN, ["cname"], None),
        ("https://blog.example.org/", DOMAIN, "old.example.org", ["cname"], None),
        ("https://other.example/", DOMAIN, "old.example.org", ["cname", "site-url"], None),
        ("https://blog.example.org/", f"https://{DOMAIN}/", None, ["cname"], None),
        ("https://blog.example.org/", f"{DOMAIN} www.example.org", None, ["cname"], None),
        ("https://blog.example.org/", "", None, ["cname"], None),
        ("", None, None, ["site-url"], None),
        ("blog.example.org", None, None, ["site-url"], None),
        ("https://[", None, None, ["site-url"], None),
        ("", DOMAIN, None, ["site-url"], None),
        ("", None, DOMAIN, ["site-url", "cname"], None),
    ],
)
def test_a_domain_is_kept_or_agreed_on(
    site_url: str, given: str | None, found: str | None, refused: list[str], kept: str | None
) -> None:
    aim, live = replace(AIM, site_url=site_url, cname=given), Live(None, {}, found)
    assert names(aim, live=live) == refused
    assert kept_cname(aim, live) == kept


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://github.com/Ada/blog", "https://ada.github.io/blog/"),
        ("https://github.com/ada/blog.git/", "https://ada.github.io/blog/"),
        ("git@github.com:ada/blog.git", "https://ada.github.io/blog/"),
        ("ssh://git@github.com:22/ada/blog.git", "https://ada.github.io/blog/"),
        ("ssh://git@ssh.github.com:443/ada/blog.git", "https://ada.github.io/blog/"),
        ("git@github.com:ada/Ada.github.io", "https://ada.github.io/"),
        ("https://notgithub.com/ada/blog", None),
        ("https://github.com.example.org/ada/blog", None),
        ("https://gitlab.com/ada/blog.git", None),
        ("../github.com", None),
    ],
)
def test_where_github_serves_a_repository(address: str, expected: str | None) -> None:
    assert github_pages(address) == expected
    if expected:
        assert names(replace(AIM, address=address)) == ["site-url"]
        assert names(replace(AIM, address=address, site_url=expected.upper())) == []


@pytest.mark.parametrize(
    ("files", "foreign"),
    [
        ([], False),
        (["CNAME"], False),
        (["README.md", ".nojekyll"], False),
        (["index.html", "assets/a.css"], False),
        (["index.html", "mkdocs.yml"], True),
        (["_config.yml", "index.html"], True),
        (["docs/index.md", "README.md"], True),
    ],
)
def test_a_pages_branch_that_is_no_site_is_foreign(files: list[str], foreign: bool) -> None:
    live = Live(None, {name: Blob("0" * 40, 1) for name in files})
    assert (names(live=live) == ["foreign-branch"]) is foreign


def changes(live: Files, built: Files, *redirects: str) -> tuple[list[str], str]:
    found = compare(live, built, redirects=frozenset(redirects), articles_dir="articles")
    return [refusal.message for refusal in after_build(found, live, built, articles_dir="articles")], found.summary()


def pages(*paths: str, oid: str = "1" * 40) -> dict[str, Blob]:
    return {path: Blob(oid, 2048) for path in paths}


OLD_CARD, CARD = "assets/cards/keys-0a1b2c3d.png", card_path("articles/2026/11/19/keys/")
ARTICLE = "articles/2026/11/19/keys/index.html"


def refused_cards(live: Files, built: Files, *redirects: str) -> list[str]:
    found = compare(live, built, redirects=frozenset(redirects), articles_dir="articles")
    return [str(refusal) for refusal in lost_cards(found, built, AIM)]


def test_cards_that_were_shared_are_not_lost() -> None:
    """Such as those of a site that was built when the names of cards changed with their words."""
    live = SITE | pages(ARTICLE, OLD_CARD)
    (said,) = refused_cards(live, SITE | pages(ARTICLE, CARD))
    assert said.startswith(f"missing-output: 1 card would disappear: {OLD_CARD}\n")
    assert f"git fetch origin gh-pages && git archive FETCH_HEAD {OLD_CARD} | tar -x -C docs" in said
    assert refused_cards(live, SITE | pages(ARTICLE, CARD, OLD_CARD)) == []
    many = [f"assets/cards/{number}-0a1b2c3d.png" for number in range(9)]
    (said,) = refused_cards(SITE | pages(*many), SITE | pages(CARD))
    assert "9 cards would disappear" in said
    assert "git archive FETCH_HEAD assets/cards |" in said


def test_the_card_of_an_article_goes_with_it() -> None:
    live = SITE | pages(ARTICLE, CARD, "assets/cards/site.png")
    rest = SITE | pages("assets/cards/site.png")
    assert refused_cards(live, rest) == []
    assert refused_cards(live, rest | pages(ARTICLE), ARTICLE) == [], "it leads to another page now"
    assert len(refused_cards(live, rest | pages(ARTICLE))) == 1
    assert refused_cards(live, SITE) == [], "a site without any card is refused for that"


def test_a_moved_article_is_recognised_by_its_name() -> None:
    old, new = "articles/2026/11/19/keys/index.html", "articles/2026/11/20/keys/index.html"
    (message,), summary = changes(SITE | pages(old), SITE | pages(new))
    assert "/articles/2026/11/19/keys/ seems to have moved to /articles/2026/11/20/keys/" in message
    assert summary.startswith("1 article, 2 pages: 1 added, 0 changed, 0 redirected, 1 vanished;")
    refused, summary = changes(SITE | pages(old), SITE | pages(new) | pages(old, oid="2" * 40), old)
    assert refused == []
    assert summary.startswith("1 article, 3 pages: 1 added, 0 changed, 1 redirected, 0 vanished;")


def test_an_article_with_another_name_is_asked_about_and_takes_its_lab_along() -> None:
    old = pages("articles/2026/11/19/keys/index.html", "articles/2026/11/19/keys/lab/index.html")
    new = pages("articles/2026/11/19/ttl/index.html", "articles/2026/11/19/ttl/lab/index.html")
    (message,), _ = changes(SITE | old, SITE | new)
    assert message.splitlines() == [
        "2 of 3 live pages would vanish without a redirect:",
        "    /articles/2026/11/19/keys/ is no longer built; if it is /articles/2026/11/19/ttl/ now, write "
        "`aliases: [/articles/2026/11/19/keys/]` into that article's front matter",
    ]
    (message,), _ = changes(SITE | old | pages("articles/2026/11/18/ids/index.html"), SITE | new)
    assert message.count("bring it back") == 2
    (message,), _ = changes(SITE | old, SITE | pages("articles/2026/11/19/keys/index.html"))
    assert "/articles/2026/11/19/keys/lab/ is no longer built" in message


def test_many_that_vanish_are_counted_and_a_few_are_named() -> None:
    live = SITE | pages(*(f"tags/tag-{number:02d}/index.html" for number in range(30)), "tags/page/2/index.html")
    (message,), summary = changes(live, SITE)
    assert message.startswith("30 of 32 live pages would vanish without a redirect:")
    assert message.count("\n") == 9
    assert message.endswith("and 22 more")
    assert "1 page, 31 fewer than live" in summary


@pytest.mark.parametrize("missing", sorted(SITE))
def test_what_every_site_has_must_be_there(missing: str) -> None:
    refused, _ = changes({}, {path: blob for path, blob in SITE.items() if path != missing})
    assert len(refused) == 1


@pytest.mark.parametrize("path", ["feed_rss_created.xml", "feeds/tags/redis/atom.xml", "assets/cards/a-1.png"])
def test_feeds_and_cards_must_be_there_when_the_live_site_has_them(path: str) -> None:
    assert any("the build has no" in message for message in changes(SITE | pages(path), SITE)[0])
    assert changes(SITE, SITE)[0] == []


def test_a_feed_stays_as_long_as_its_page() -> None:
    page, feed, other = "tags/redis/index.html", "tags/redis/feed.xml", "feeds/authors.xml"
    live = SITE | pages(page, feed, "feed.json", other)
    (message,) = changes(live, SITE | pages(page, "feed.json"))[0]
    assert message == "1 feed would disappear: /tags/redis/feed.xml"
    assert changes(live, SITE | pages("feed.json") | pages(page, oid="2" * 40), page)[0] == []


def test_a_deployment_is_found_by_its_commit_or_by_its_source() -> None:
    newer = Deployed("b" * 40, "", "", "", "5" * 40)
    older = Deployed("c" * 40, "", "", "", "5555555")
    assert find_deployment("bbbb", (newer, older)) == newer
    assert find_deployment("CCCCCCC", (newer, older)) == older
    assert find_deployment("5" * 40, (newer, older)) == newer
    assert find_deployment("5" * 40, (older,)) == older
    for wanted in ("bbb", "", "dddd", "main", "--all"):
        assert find_deployment(wanted, (newer, older)) is None


def test_a_message_names_the_source_and_is_read_back() -> None:
    message = commit_message("Deploy 1a2b3c4\n", "d" * 40, 3, clean=True)
    assert message == f"Deploy 1a2b3c4\n\nSource-Commit: {'d' * 40}\nArticles: 3\n"
    assert source_of(message) == "d" * 40
    assert source_of(commit_message("x", "d" * 40, 3, clean=False)) == "d" * 40
    assert source_of("Deployed 1a2b3c4 with MkDocs version: 1.6.1") == "1a2b3c4"
    assert source_of("Source-Commit: main") is None


def test_a_domain_is_read_from_its_file() -> None:
    assert read_cname(b"\xef\xbb\xbfblog.example.org\r\n") == DOMAIN
    assert read_cname(b"a.example\nb.example\n") == "a.example b.example"
