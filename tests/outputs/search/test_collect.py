"""Texts are cut into passages and files, and words into terms."""

from __future__ import annotations

import pytest
from engblog.html.sections import Section
from engblog.outputs.search.collect import Collector
from engblog.outputs.search.model import Document


def collected(*sections: Section, **more: str) -> Collector:
    return Collector([Document("a/", "A title", sections, **more)])  # type: ignore[arg-type]


def rows(found: Collector) -> list[tuple[str, str, str]]:
    return [(each.anchor, each.heading, each.text) for each in found.passages[0]]


def test_a_short_text_has_a_passage_for_each_section() -> None:
    found = collected(Section("", "", "One."), Section("two", "Two", "Three."))
    assert rows(found) == [("", "", "One."), ("two", "Two", "Three.")]
    assert rows(collected()) == [("", "", "")]


def test_a_long_section_is_cut_at_a_line_or_a_word_and_loses_none() -> None:
    for text in ("word " * 3000, "a line\n" * 2000, "x" * 12_000):
        found = rows(collected(Section("s", "Head", text.strip())))
        assert {row[:2] for row in found} == {("s", "Head")}
        assert len(found) > 2
        assert max(len(row[2]) for row in found) <= 5200
        assert "".join("".join(row[2].split()) for row in found) == "".join(text.split())


@pytest.mark.parametrize("heading", ["Sources", "8. Notes and further reading", "References & see also", "FOOTNOTES:"])
def test_the_words_of_sources_are_the_articles_and_no_sections(heading: str) -> None:
    assert places_of("zookeep", Section("sources", heading, "Zookeeper handbook")) == [0]


@pytest.mark.parametrize("heading", ["Sources of latency", "Reading", "Notes on clocks and references", "", "2026"])
def test_a_section_on_sources_is_a_section(heading: str) -> None:
    assert places_of("zookeep", Section("s", heading, "Zookeeper handbook")) != [0]


def places_of(term: str, section: Section) -> list[int]:
    """Where a term of the text after a first section is: the passages, with a bit for headings."""
    found = collected(Section("", "", "Start."), section)
    postings = found.postings()
    where = postings.owner[postings.term[postings.owner] == found.numbers[term]]
    return [int(place) for place in postings.place[postings.owner == where[0]]]


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
