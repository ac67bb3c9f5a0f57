"""The vectors by which a question finds its answer: the table in the repository, and what a build makes of it."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any
from zlib import decompress

import numpy as np
import pytest
from engblog.html.sections import Section
from engblog.outputs.search import Document, build_index
from engblog.outputs.search.meaning import DIMENSIONS, Meanings, pack, read_meanings
from engblog.outputs.search.stem import stem

BUILT = files("engblog.outputs.search") / "built"


@pytest.fixture(scope="module")
def table() -> Meanings:
    return read_meanings((BUILT / "meaning.txt").read_text(encoding="utf-8"), (BUILT / "meaning.bin").read_bytes())


def near(table: Meanings, one: str, other: str) -> float:
    """The cosine of two texts' sums."""

    def vector(text: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        rows = [table.words.index(stem(word)) for word in text.split() if stem(word) in table.words]
        assert rows, text
        return table.vectors[rows].astype(float).sum(axis=0)

    first, second = vector(one), vector(other)
    return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))


def test_the_table_has_sorted_stems_with_a_vector_each(table: Meanings) -> None:
    assert len(table.words) > 4000
    assert list(table.words) == sorted(set(table.words))
    assert all(re.fullmatch("[a-z]{2,}", word) for word in table.words)
    assert table.vectors.shape == (len(table.words), DIMENSIONS)
    assert np.abs(table.vectors).max() == 7
    assert pack(table.vectors) == (BUILT / "meaning.bin").read_bytes()


@pytest.mark.parametrize(
    ("question", "answer", "another"),
    [
        ("remove old rows", "delete expired records", "render a button"),
        ("the program ran out of memory", "heap allocation and garbage collection", "sign in with a password"),
        ("make the page load faster", "web performance and caching", "replicate the database"),
        ("keep secrets safe", "encrypt credentials and keys", "draw a chart"),
    ],
)
def test_words_that_mean_alike_are_near(table: Meanings, question: str, answer: str, another: str) -> None:
    assert near(table, question, answer) > near(table, question, another) + 0.1


def test_a_table_that_does_not_fit_its_words_is_refused() -> None:
    with pytest.raises(ValueError, match="reshape"):
        read_meanings("one\ntwo\n", bytes(DIMENSIONS // 2))


def test_only_english_has_meanings(table: Meanings) -> None:
    def base(language: str) -> dict[str, Any]:
        document = Document("a/", "T", (Section("", "", "delete a record"),), language=language)
        read: dict[str, Any] = json.loads(build_index([document], table)["search/base.json"])
        return read

    assert base("en")["names"]["about"]
    assert len(base("en")["shards"]) > 20
    assert (base("de")["names"]["about"], len(base("de")["shards"])) == ("", 1)


def test_an_article_points_where_its_words_do() -> None:
    vectors = np.zeros((2, DIMENSIONS), np.int8)
    vectors[0, 0], vectors[1, 1] = 7, -7
    table = Meanings(("delet", "record"), vectors)
    texts = ("delete delete delete record", "nothing of it", "")
    documents = [Document(f"{place}/", "T", (Section("", "", text),)) for place, text in enumerate(texts)]
    written = build_index(documents, table)
    name = json.loads(written["search/base.json"])["names"]["about"]
    expected = np.zeros((3, DIMENSIONS), np.int8)
    expected[2, 0], expected[2, 1] = 7, -2
    assert decompress(written[f"search/parts/{name}.bin"], -15).endswith(pack(expected))
