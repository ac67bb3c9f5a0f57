"""The files of an index: named by what they hold, whole, and in the order in which an engine looks."""

from __future__ import annotations

import json
from zlib import crc32

from engblog.html.sections import Section
from engblog.outputs.search.files import in_javascript
from engblog.outputs.search.index import LONGEST_WORD, build_index, index_version
from engblog.outputs.search.model import Document, Facet


def document(number: int, text: str, title: str = "") -> Document:
    tags = (Facet("postgresql", "PostgreSQL", ("postgres",)),)
    return Document(f"a{number}/", title or f"Title {number}", (Section("s", "A heading", text),), tags=tags)


def files(index: dict[str, bytes], kind: str) -> dict[str, bytes]:
    return {name.rpartition("/")[2]: data for name, data in index.items() if name.rpartition("/")[2].startswith(kind)}


def test_the_version_is_of_all_that_lies_in_the_folder() -> None:
    one, other = (build_index([document(0, text)]) for text in ("A server.", "Another server."))
    versions = [json.loads(index["search/base.json"])["version"] for index in (one, other)]
    assert versions[0] != versions[1]
    for index, version in zip((one, other), versions, strict=True):
        assert {name.split("/")[1] for name in index} == {"base.json", version}
    assert build_index([document(0, "A server.")]) == one
    names = {"a": b"1", "b": b"2"}
    assert index_version(names, b"x") == index_version(dict(reversed(names.items())), b"x")
    assert (
        len({index_version(names, b"x"), index_version(names, b"y"), index_version({"a": b"1", "c": b"2"}, b"x")}) == 3
    )


def test_an_index_of_nothing_can_be_asked() -> None:
    index = build_index([])
    assert list(index) == ["search/base.json"]
    assert json.loads(index["search/base.json"])["shards"] == []


def test_shards_are_of_a_size_checked_and_parted_in_order() -> None:
    words = " ".join(f"{letter}{number:04}x" for letter in "abcdefghij" for number in range(300))
    index = build_index([document(0, words)])
    firsts = json.loads(index["search/base.json"])["shards"]
    shards = files(index, "p")
    assert len(shards) == len(firsts) > 3
    assert firsts == sorted(firsts, key=in_javascript)
    for data in shards.values():
        assert int.from_bytes(data[:4], "little") == crc32(data[4:])
        assert len(data) < 6000


def test_words_for_typing_errors_are_by_length_and_checked() -> None:
    index = build_index([document(0, f"Kubernetes {'z' * 20} server a12"), document(1, "server server")])
    words = files(index, "w")
    lengths = json.loads(index["search/base.json"])["words"]
    assert sorted(f"w{length}.txt" for length in lengths) == sorted(words)
    assert f"w{LONGEST_WORD}.txt" in words
    for data in words.values():
        head, _, rest = data.partition(b"\n")
        assert head == f"{crc32(rest):08x}".encode()
    assert words["w10.txt"].partition(b"\n")[2].decode().split("\n") == ["02kubernetes", "00postgresql"]
    assert "w3.txt" not in words, "a word has letters alone"


def test_of_many_articles_the_terms_that_most_have_are_common_and_cut_to_headings() -> None:
    few = json.loads(build_index([document(number, "everywhere") for number in range(2)])["search/base.json"])
    assert few["common"] == []
    many = [document(number, "everywhere " + ("seldom" if number < 5 else "")) for number in range(60)]
    index = build_index(many)
    common = dict(json.loads(index["search/base.json"])["common"])
    assert max(common.values()) == 60
    assert any(term.startswith("everywhe") for term in common)
    assert not any(term.startswith("seldom") for term in common)
