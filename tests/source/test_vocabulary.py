"""The vocabulary: categories, tags and people, and what two terms may not share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from engblog.disk.docs import DocsSettings, read_site
from engblog.model.article import Taxonomy
from engblog.model.problems import Problems, report
from engblog.source.schema import KEYS
from engblog.source.vocabulary import read_people, read_taxonomy
from hypothesis import given
from hypothesis import strategies as st
from support.sources import article, codes, places, read


def taxonomy(text: str) -> tuple[Taxonomy, list[str]]:
    problems = Problems()
    found = read_taxonomy(text.encode(), "taxonomy.yml", problems)
    return found, [f"{each.mark.line}:{each.mark.column} {each.code.id}" for each in problems.sorted()]


def test_terms_keep_the_order_of_the_file() -> None:
    found, problems = taxonomy(
        "categories:\n- {name: Zoo, accent: teal, description: Animals., subcategories: [{name: Cats}, {name: Apes}]}\n"
        "- {name: Ant}\ntags:\n- {name: Node.js, synonyms: [node]}\n- {name: C++}\n- {name: 数据库}\n"
        "- {name: Größe, slug: size}\n"
    )
    assert problems == []
    assert [each.term.name for each in found.categories] == ["Zoo", "Ant"]
    zoo = found.categories[0]
    assert (zoo.term.slug, zoo.term.accent, zoo.term.description) == ("zoo", "teal", "Animals.")
    assert [term.name for term in zoo.subcategories] == ["Cats", "Apes"]
    assert [tag.slug for tag in found.tags] == ["node-js", "c-plus-plus", "数据库", "size"]
    assert found.tag_names["node"] is found.tags[0]
    assert found.tag_names["c++"] is found.tags[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("categories:\n- {name: Data Base}\n- {name: data-base}\n", ["3:10 T005"]),
        ("categories:\n- {name: A, slug: x}\n- {name: B, slug: x}\n", ["3:19 T005"]),
        ("categories:\n- {name: A, slug: x}\n- {name: A, slug: y}\n", ["3:10 T005"]),
        ("categories:\n- name: A\n  subcategories: [{name: B}, {name: b}]\n", ["3:37 T005"]),
        ("categories:\n- name: A\n  subcategories: [{name: B}]\n- name: C\n  subcategories: [{name: B}]\n", []),
        ("tags:\n- {name: Go, synonyms: [golang]}\n- {name: Golang}\n", ["3:10 T005"]),
        ("tags:\n- {name: Go, synonyms: [Redis]}\n- {name: Redis, synonyms: [go]}\n", ["3:10 T005", "3:28 T005"]),
        ("tags:\n- {name: Node.js}\n- {name: Node js}\n", ["3:10 T005"]),
        ("tags:\n- {name: '!!!'}\n", ["2:10 S004"]),
        ("tags:\n- {name: Go, slug: Go Lang}\n", ["2:20 S004"]),
        ("tags:\n- {slug: go}\n", ["2:3 F002"]),
        ("tags:\n- Go\n", ["2:3 F003"]),
        ("tags:\n- {name: [Go]}\n", ["2:10 F003"]),
        ("categories:\n- name: A\n  subcategories: [B]\n", ["3:19 F003"]),
        ("tags: Go\n", ["1:7 F003"]),
        ("tags:\n- {name: Go, synonym: golang}\n", ["2:14 F001"]),
        ("tag: []\n", ["1:1 F001"]),
        ("- Go\n", ["1:1 Y007"]),
        ("tags:\n\t- Go\n", ["2:1 Y004"]),
    ],
)
def test_what_is_wrong_in_the_taxonomy_is_placed(text: str, expected: list[str]) -> None:
    assert taxonomy(text)[1] == expected


def test_a_site_without_a_taxonomy_says_how_to_start_one(tmp_path: Path) -> None:

    catalogue = read_site(tmp_path, DocsSettings())
    assert places(catalogue, tmp_path) == ["taxonomy.yml:1:1 T006"]
    assert "categories:" in str(catalogue.problems[0])


def test_a_site_without_authors_needs_no_authors_file(tmp_path: Path) -> None:
    assert codes(read(tmp_path, {"articles/a/index.md": article(), "authors.yml": ""})) == []
    assert read_people(None, "authors.yml", Problems()) == {}


def test_a_broken_vocabulary_does_not_hide_what_is_wrong_in_articles(tmp_path: Path) -> None:
    catalogue = read(
        tmp_path, {"authors.yml": "ada: Ada\n", "articles/a/index.md": article(date="soon", authors="[ada]")}
    )
    assert places(catalogue, tmp_path) == [
        "authors.yml:1:6 F003",
        "articles/a/index.md:4:7 F005",
    ]


def test_a_person_has_a_name_a_role_a_text_and_links() -> None:
    problems = Problems()
    text = (
        "ada:\n  name: Ada\n  role: Editor\n  description: Engines.\n  links: [{title: Web, url: https://a.example/}]\n"
    )
    ada = read_people(text.encode(), "authors.yml", problems)["ada"]
    assert (ada.key, ada.name, ada.role, ada.description) == ("ada", "Ada", "Editor", "Engines.")
    assert ada.links == (("Web", "https://a.example/"),)
    assert problems.found == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada L:\n  name: Ada\n", ["1:1 S004"]),
        ("ada:\n  role: Editor\n", ["2:3 F002"]),
        ("ada:\n  nmae: Ada\n", ["2:3 F001", "2:3 F002"]),
        ("ada:\n  name: Ada\n  links: [{title: Web, url: 'javascript:alert(1)'}]\n", ["3:29 F006"]),
        ("ada:\n  name: Ada\n  links: [{title: Web}]\n", ["3:11 F002"]),
        ("ada:\n  name: Ada\nada:\n  name: Eve\n", ["3:1 Y005"]),
        ("[ada]\n", ["1:1 Y007"]),
    ],
)
def test_what_is_wrong_in_the_authors_file_is_placed(text: str, expected: list[str]) -> None:
    problems = Problems()
    read_people(text.encode(), "authors.yml", problems)
    assert [f"{each.mark.line}:{each.mark.column} {each.code.id}" for each in problems.sorted()] == expected


FILES = ("assets/people/ada.jpg", "assets/people/eve.txt", "articles/a/ada.png")


@pytest.mark.parametrize(
    ("portrait", "good", "hint"),
    [
        ("assets/people/ada.jpg", True, ""),
        ("assets/people/ada.jgp", False, "assets/people/ada.jpg"),
        ("assets/people/eve.txt", False, "assets/people/ada.jpg"),
        ("articles/a/ada.png", False, "assets/"),
        ("https://x.example/a.jpg", False, "assets/"),
    ],
)
def test_a_portrait_is_a_picture_among_the_assets(portrait: str, good: bool, hint: str) -> None:
    problems = Problems()
    text = f"ada:\n  name: Ada\n  portrait: {portrait}\n".encode()
    assert read_people(text, "authors.yml", problems, FILES)["ada"].portrait == (portrait if good else "")
    assert [(each.mark.line, each.code.id) for each in problems.found] == ([] if good else [(3, "R001")])
    assert all(hint in each.hint for each in problems.found)
    assert read_people(text, "authors.yml", Problems())["ada"].portrait == portrait, "nobody looked"


def test_a_blog_of_many_writers_has_a_long_authors_file(tmp_path: Path) -> None:
    many = "".join(f"writer-{number}:\n  name: Writer {number}\n  description: {'x' * 60}\n" for number in range(2000))
    assert len(many) > 64 * 1024
    catalogue = read(tmp_path, {"authors.yml": many, "articles/a/index.md": article(authors="[writer-1999]")})
    assert catalogue.problems == ()
    assert [person.name for person in catalogue.site.articles[0].authors] == ["Writer 1999"]


yaml_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.text(max_size=20)
    | st.sampled_from(
        ["Database", "Redis", "2026-11-20", "2026-11-20T10:00:00", "true", "draft", "/a/", "\u2028", "x" * 901]
    ),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8) | st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(str.encode)
    | yaml_values.map(lambda v: yaml.safe_dump(v).encode())
)
def test_random_vocabularies(data: bytes) -> None:
    problems = Problems()
    read_taxonomy(data, "taxonomy.yml", problems)
    read_people(data, "authors.yml", problems)
    read_taxonomy(b"categories:\n- " + data, "taxonomy.yml", problems)
    read_people(b"ada:\n  " + data, "authors.yml", problems)
    report(problems.sorted()).encode()


@given(
    st.dictionaries(
        st.sampled_from(["categories", "tags"]),
        st.lists(
            st.dictionaries(
                st.sampled_from(["name", "slug", "description", "accent", "synonyms", "subcategories"]),
                yaml_values,
                max_size=5,
            ),
            max_size=4,
        ),
    )
)
def test_vocabularies_of_the_right_shape_with_wrong_values(value: Any) -> None:
    problems = Problems()
    taxonomy = read_taxonomy(yaml.safe_dump(value, allow_unicode=True).encode(), "taxonomy.yml", problems)
    slugs = [tag.slug for tag in taxonomy.tags]
    assert len(set(slugs)) == len(slugs)
    assert all(slugs)
