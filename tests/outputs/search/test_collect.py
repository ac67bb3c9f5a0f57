"""Texts are cut into passages and files, and words into terms."""

from __future__ import annotations

import json

from engblog.html.sections import Section
from engblog.outputs.search.collect import Collector, to_json
from engblog.outputs.search.model import Document


def collected(*sections: Section, **more: str) -> Collector:
    return Collector([Document("a/", "A title", sections, **more)])  # type: ignore[arg-type]


def passages(found: Collector) -> list[list[str]]:
    return [row for name in sorted(found.texts) for row in json.loads(found.texts[name])]


def test_a_short_text_is_one_file_with_a_passage_for_each_section() -> None:
    found = collected(Section("", "", "One."), Section("two", "Two", "Three."))
    assert found.texts == {"t0-0.json": b'[["","","One."],["two","Two","Three."]]'}
    assert found.chunks == [[]]


def test_a_long_section_is_cut_at_a_line_or_a_word_and_loses_none() -> None:
    for text in ("word " * 3000, "a line\n" * 2000, "x" * 12_000):
        found = collected(Section("s", "Head", text.strip()))
        rows = passages(found)
        assert {(row[0], row[1]) for row in rows} == {("s", "Head")}
        assert len(rows) > 2
        assert max(len(row[2]) for row in rows) <= 5200
        assert "".join("".join(row[2].split()) for row in rows) == "".join(text.split())


def test_a_file_begins_where_the_article_says() -> None:
    found = collected(*(Section(f"s{number}", "H", "text " * 400) for number in range(8)))
    assert len(found.texts) == len(found.chunks[0]) + 1 > 2
    rows = [len(json.loads(found.texts[f"t0-{number}.json"])) for number in range(len(found.texts))]
    assert found.chunks[0] == [sum(rows[: number + 1]) for number in range(len(rows) - 1)]


def test_words_of_a_language_share_their_terms_and_keep_how_they_stand() -> None:
    found = collected(Section("", "", "Deleting deletes PostgreSQL-15"))
    assert {"delet", "postgresql"} <= {*found.numbers} | {term.lower() for term in found.numbers}
    words = {word for surfaces in found.memos[True].surfaces.values() for word in surfaces}
    assert {"Deleting", "deletes"} <= words
    assert found.languages == {True}
    assert collected(Section("", "", "Löschen"), language="de").languages == {False}
    assert Collector([]).languages == set()


def test_titles_and_headings_are_named() -> None:
    found = collected(Section("x", "A heading", "Text."))
    assert {"title", "heading"} <= {name.lower() for name in found.named}
    assert "text" not in {name.lower() for name in found.named}


def test_json_is_as_short_as_can_be() -> None:
    assert to_json({"a": [1, "ü"]}) == '{"a":[1,"ü"]}'.encode()
