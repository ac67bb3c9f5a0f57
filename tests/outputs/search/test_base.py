"""The base of the index: rows of articles and subjects, whose places agree."""

from __future__ import annotations

import json
from datetime import date

import pytest
from engblog.outputs.search.base import FORMAT, BaseError, IndexFiles, TermRow, elided, read_base, write_base
from engblog.outputs.search.collect import Collector
from engblog.outputs.search.model import Document, Facet

DATABASE, SYSTEMS, STORAGE = Facet("database", "Database"), Facet("systems", "Systems"), Facet("storage", "Storage")
ADA = Facet("ada", "Ada Lovelace")
REDIS, GO = Facet("redis", "Redis", ("kv",)), Facet("go", "Go", ("golang",))
DOCUMENTS = [
    Document(
        "a/why-it-waits/",
        "Why it waits!",
        (),
        category=SYSTEMS,
        tags=(REDIS, GO),
        minutes=7,
        verified=True,
        authors=(ADA,),
        published=date(2026, 11, 28),
    ),
    Document("b/two/", "Another", (), category=DATABASE, subcategory=STORAGE, tags=(GO,), language="de"),
    Document("c/", "", (), category=SYSTEMS, subcategory=STORAGE),
    Document("d/", "D", ()),
]


NAMES = {"shards": "aabb", "rare": "", "texts": "cc", "begin": "dd", "end": "ee", "about": ""}
LAYOUT = IndexFiles(shards=["", "m"], rare=[], texts=[4], names=NAMES)


def base(documents: list[Document]) -> dict[str, object]:
    found = write_base(Collector(documents), LAYOUT, [TermRow("it", 9)])
    read: dict[str, object] = json.loads(found)
    return read


def test_places_are_of_the_rows_that_they_name() -> None:
    rows = base(DOCUMENTS)
    assert rows["categories"] == [["database", "Database", []], ["systems", "Systems", []]]
    assert rows["subcategories"] == [["storage", "Storage", 0], ["storage", "Storage", 1]]
    assert rows["tags"] == [["go", "Go", ["golang"]], ["redis", "Redis", ["kv"]]]
    assert rows["authors"] == [["ada", "Ada Lovelace", []]]
    assert rows["articles"] == [
        ["D", "~/", -1, -1, [], 0, 0, 0, [], 1],
        ["", "c/", 1, 1, [], 0, 0, 0, [], 1],
        ["Another", "b/two/", 0, 0, [0], 0, 0, 0, [], 1],
        ["Why it waits!", "a/~/", 1, -1, [1, 0], 7, 1, 20_785, [0], 1],
    ], "numbered from the oldest, which comes last"
    assert (rows["format"], rows["letters"], rows["names"]) == (FORMAT, 2, NAMES)
    assert (rows["common"], rows["shards"], rows["rare"], rows["texts"]) == ([["it", 9]], ["", "m"], [], [4])


@pytest.mark.parametrize(
    ("languages", "stem"), [([], "none"), (["de"], "plain"), (["en", "en-GB"], "english"), (["en", "fr"], "mixed")]
)
def test_it_says_how_terms_are_stemmed(languages: list[str], stem: str) -> None:
    assert base([Document(f"{each}/", "T", (), language=each) for each in languages])["stem"] == stem


@pytest.mark.parametrize(
    ("url", "title", "short"),
    [
        ("articles/2026/why-fsync-lies/", "Why fsync lies", "articles/2026/~/"),
        ("a/a/", "A", "a/~/"),
        ("x/", "Other", "x/"),
        ("x~y/other/", "Other", "x~y/other/"),
        ("x/", "数", "x/"),
    ],
)
def test_an_address_leaves_out_what_the_title_says(url: str, title: str, short: str) -> None:
    assert elided(url, title) == short


def test_a_base_is_read_back_with_the_files_that_it_names() -> None:
    read = read_base(write_base(Collector(DOCUMENTS), LAYOUT, []))
    assert [row.title for row in read.articles] == ["D", "", "Another", "Why it waits!"]
    assert read.articles[3].minutes == 7
    assert read.parts == {f"search/parts/{name}" for name in ("aa.bin", "bb.bin", "cc.json", "dd.txt", "ee.txt")}


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"version": "a", "articles": [[1]]}', b"null"])
def test_what_is_no_base_is_refused(data: bytes) -> None:
    with pytest.raises(BaseError):
        read_base(data)
