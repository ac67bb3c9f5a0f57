"""Tags, categories and people added to a vocabulary that is written by hand."""

from __future__ import annotations

from engblog.importing.dialect import OldAuthor
from engblog.importing.terms import PeopleKeys, tag_names, with_people, with_terms
from engblog.model.problems import Problems
from engblog.source.vocabulary import read_people, read_taxonomy
from hypothesis import given
from hypothesis import strategies as st
from support.sources import AUTHORS, TAXONOMY

NAMES = st.lists(st.text(alphabet="aB cé#+:", min_size=1, max_size=6), max_size=4)


@given(NAMES)
def test_a_taxonomy_keeps_its_text_and_gets_its_terms(names: list[str]) -> None:
    found = tag_names(read_taxonomy(TAXONOMY.encode(), "t", Problems()))
    names = [" ".join(name.split()) for name in names]
    found.note(names)
    new = list(dict.fromkeys(tag for name in names if (tag := found.name(name))))
    new = [tag for tag in new if tag not in found.known.values()]
    text = with_terms(TAXONOMY, [], new)
    assert text is not None
    problems = Problems()
    taxonomy = read_taxonomy(text.encode(), "t", problems)
    assert problems.found == []
    assert [tag.name for tag in taxonomy.tags][-len(new) :] == new or not new
    assert all(line in text.split("\n") for line in TAXONOMY.split("\n"))


def test_terms_are_added_to_the_list_that_they_belong_to() -> None:
    text = "# ours\ncategories:\n- name: A\n  subcategories:\n  - name: B\n\n# tags below\ntags:\n- name: C\n"
    assert with_terms(text, ["D"], ["E"]) == (
        "# ours\ncategories:\n- name: A\n  subcategories:\n  - name: B\n- name: D\n\n# tags below\ntags:\n- name: C\n- name: E\n"  # noqa: E501  (one text)
    )
    assert with_terms(None, ["D"], ["E"]) == "categories:\n  - name: D\ntags:\n  - name: E\n"
    assert with_terms("tags: [{name: C}]\n", [], ["E"]) is None


def test_a_synonym_names_the_tag() -> None:
    names = tag_names(read_taxonomy(TAXONOMY.encode(), "t", Problems()))
    assert [names.name(each) for each in ("k8s", "Golang", "node", "redis", "new one")] == [
        "Kubernetes", "Go", "Node.js", "Redis", "new one",
    ]  # fmt: skip


def test_people_are_known_by_name_and_by_key() -> None:
    keys = PeopleKeys.of(read_people(AUTHORS.encode(), "a", Problems()))
    assert keys.key(OldAuthor("ADA LOVELACE")) == "ada"
    assert keys.key(OldAuthor("grace", "grace")) == "grace"
    assert keys.key(OldAuthor("Ada", "ada-2", "Editor", "https://example.org/")) == "ada-2"
    assert keys.key(OldAuthor("数据")) == ""
    text = with_people(AUTHORS, keys.new)
    problems = Problems()
    people = read_people(text.encode(), "a", problems)
    assert problems.found == []
    assert (people["ada-2"].name, people["ada-2"].role, people["ada-2"].links) == (
        "Ada", "Editor", (("Website", "https://example.org/"),),
    )  # fmt: skip
