"""Kinds of generated pages: every one can be told from the others by its name and its address."""

from __future__ import annotations

from pathlib import Path

from engblog.model import kinds
from engblog.model.kinds import ARCHIVE, CATEGORY, HOME, SERIES, SUBCATEGORY, TAG, YEAR, Kind

ALL = [each for each in vars(kinds).values() if isinstance(each, Kind)]


def test_a_key_makes_the_address() -> None:
    assert (HOME.url(), ARCHIVE.url(), TAG.url("redis")) == ("", "archive/", "tags/redis/")
    assert SUBCATEGORY.url("database/storage") == "categories/database/storage/"
    assert YEAR.url("2026").startswith(ARCHIVE.url())


def test_every_kind_has_its_own_name_and_address() -> None:
    assert len(ALL) == 12
    assert len({each.name for each in ALL}) == len(ALL)
    for one in ALL:
        assert [each.name for each in ALL if each.address == one.address and each not in {CATEGORY, SUBCATEGORY}] in (
            [one.name],
            [],
        )
        assert one.address == "" or one.address.endswith("/")


def test_a_page_that_is_above_another_is_there() -> None:
    addresses = {each.address: each.title for each in ALL}
    assert all(addresses[each.above[1]] == each.above[0] for each in ALL if each.above)


def test_an_index_has_a_title_and_a_list_has_that_of_what_it_lists() -> None:
    assert all(bool(each.title) is not each.lists_articles for each in ALL)
    assert all("{title}" in each.window for each in ALL)
    assert TAG.window.format(title="Redis") == "Articles tagged Redis"
    assert SERIES.description.format(title="A", count=2) == "The series “A” in 2 parts."


def test_what_has_a_folder_of_feeds_has_feeds() -> None:
    assert {each.name for each in ALL if each.feed_folder} == {"category", "subcategory", "tag", "author", "series"}
    assert all(each.feed_title for each in ALL if each.feed_folder)
    assert {each.name for each in ALL if each.tells_of_all} == {"archive", "tags", "authors", "corrections"}
    assert {each.name for each in ALL if each.in_llms} == {"archive", "tags", "authors"}


def test_every_kind_has_a_template_of_the_theme_and_says_what_it_is() -> None:
    views = Path(__file__).parents[2] / "overrides"
    assert [each.name for each in ALL if not (views / each.template).is_file()] == []
    said = {each.name: each.description.format(title="T", count=2, articles="articles") for each in ALL}
    assert all(text.endswith(".") and "{" not in text for text in said.values())
    assert said["tags"] == "2 tags, the most used first."
    feeds = {each.name: each.feed_description.format(title="T") for each in ALL if each.feed_title}
    assert all(text.endswith(".") for text in feeds.values())
