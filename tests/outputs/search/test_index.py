"""The files of an index: named by what they hold, whole, and in the order in which an engine looks."""

from __future__ import annotations

import json
from zlib import crc32, decompress

from engblog.html.sections import Section
from engblog.outputs.search.files import in_javascript
from engblog.outputs.search.index import build_index
from engblog.outputs.search.model import Document, Facet


def document(number: int, text: str, title: str = "") -> Document:
    tags = (Facet("postgresql", "PostgreSQL", ("postgres",)),)
    return Document(f"a{number}/", title or f"Title {number}", (Section("s", "A heading", text),), tags=tags)


def files(index: dict[str, bytes], kind: str) -> list[bytes]:
    base = json.loads(index["search/base.json"])
    ending = {"shards": "bin", "rare": "bin", "about": "bin", "texts": "json"}.get(kind, "txt")
    names, letters = base["names"][kind], base["letters"]
    found = [index[f"search/parts/{names[at : at + letters]}.{ending}"] for at in range(0, len(names), letters)]
    return [decompress(data, -15) for data in found] if ending == "bin" else found


def test_one_edited_word_leaves_nearly_all_files_as_they_are() -> None:
    texts = [" ".join(f"word{number * 7 % 997} other{number * place}" for number in range(120)) for place in range(80)]
    documents = [document(place, text) for place, text in enumerate(texts)]
    before = build_index(documents)
    after = build_index([*documents[:40], document(40, texts[40].replace("other40 ", "changed ")), *documents[41:]])
    assert len(before) > 20
    assert len({name for name in after if after[name] != before.get(name)}) <= 8, (
        "the base, a text, and where terms are"
    )
    assert build_index(documents) == before


def test_an_index_of_nothing_can_be_asked() -> None:
    index = build_index([])
    assert list(index) == ["search/base.json"]
    assert json.loads(index["search/base.json"])["shards"] == []


def test_shards_are_of_a_size_checked_and_parted_in_order() -> None:
    words = " ".join(f"{letter}{number:04}x" for letter in "abcdefghij" for number in range(300))
    index = build_index([document(0, words)])
    firsts = json.loads(index["search/base.json"])["shards"]
    shards = files(index, "shards")
    assert len(shards) == len(firsts) > 3
    assert firsts == sorted(firsts, key=in_javascript)
    for data in shards:
        assert int.from_bytes(data[:4], "little") == crc32(data[4:])
        assert len(data) < 9000


def test_words_for_typing_errors_are_by_their_beginnings_and_ends_and_checked() -> None:
    index = build_index([document(0, f"Kubernetes {'z' * 20} server a12"), document(1, "server server")])
    for kind in ("begin", "end"):
        words: list[str] = []
        for data in files(index, kind):
            head, _, rest = data.partition(b"\n")
            assert head == f"{crc32(rest):08x}".encode()
            words += rest.decode().split("\n")
        assert "02kubernetes" in words
        assert not any("12" in word for word in words), "a word has letters alone"


def test_of_many_articles_the_terms_that_most_have_are_common_and_cut_to_headings() -> None:
    few = json.loads(build_index([document(number, "everywhere") for number in range(2)])["search/base.json"])
    assert few["common"] == []
    many = [document(number, "everywhere " + ("seldom" if number < 5 else "")) for number in range(60)]
    index = build_index(many)
    common = dict(json.loads(index["search/base.json"])["common"])
    assert max(common.values()) == 60
    assert any(term.startswith("everywhe") for term in common)
    assert not any(term.startswith("seldom") for term in common)
