"""Unknown names are not told when the list that they were looked for in could not be read."""

from __future__ import annotations

from engblog.model.article import Category, Person, Taxonomy, Term
from engblog.model.problems import Code, Mark, Problem, Problems
from engblog.site.causes import drop_consequences

OF_NAMES = (Code.T001_CATEGORY, Code.T002_SUBCATEGORY, Code.T003_TAG, Code.T004_AUTHOR)
NAMES = [Problem(Mark("a.md", 1, 1), code, "unknown") for code in OF_NAMES]
FILLED = Taxonomy((Category(Term("Database", "database")),), (Term("Go", "go"),), {})


def left(taxonomy: Taxonomy, people: dict[str, Person], *causes: str) -> set[Code]:
    problems = Problems([*NAMES, *(Problem(Mark(path), Code.Y003_SYNTAX, "broken") for path in causes)])
    drop_consequences(problems, taxonomy, people, taxonomy_path="taxonomy.yml", people_path="authors.yml")
    return {each.code for each in problems.found} - {Code.Y003_SYNTAX}


def test_names_are_unknown_if_their_list_was_read() -> None:
    assert left(FILLED, {}, "taxonomy.yml") == {*OF_NAMES}
    assert left(Taxonomy(), {}) == {*OF_NAMES}, "it is empty, and nothing is wrong with it"


def test_what_follows_from_a_list_that_is_lost_is_left_out() -> None:
    assert left(Taxonomy(), {}, "taxonomy.yml") == {Code.T004_AUTHOR}
    assert left(Taxonomy(FILLED.categories), {}, "taxonomy.yml") == {*OF_NAMES} - {Code.T003_TAG}
    assert left(FILLED, {}, "authors.yml") == {*OF_NAMES} - {Code.T004_AUTHOR}
