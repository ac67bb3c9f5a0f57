"""Problems that only follow from another, which is told instead: when a vocabulary cannot be read, no name is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engblog.model.article import Person, Taxonomy
from engblog.model.problems import Code, Problem, Problems


def drop_consequences(
    problems: Problems, taxonomy: Taxonomy, people: Mapping[str, Person], *, taxonomy_path: str, people_path: str
) -> None:
    """Take out of *problems* that a name is unknown, if it was looked for in a list that could not be read at all: it
    is empty, and the file that it should be in has a problem."""
    lost: set[Code] = set()
    if _has_any(problems.found, taxonomy_path):
        lost |= {Code.T001_CATEGORY, Code.T002_SUBCATEGORY} if not taxonomy.categories else set()
        lost |= {Code.T003_TAG} if not taxonomy.tags else set()
    if not people and _has_any(problems.found, people_path):
        if not any(each.code is Code.T004_AUTHOR for each in problems.found):  # nobody needs the file that is empty
            problems.found[:] = (each for each in problems.found if not _is_empty(each, people_path))
        lost.add(Code.T004_AUTHOR)
    problems.found[:] = (each for each in problems.found if each.code not in lost)


def _is_empty(problem: Problem, path: str) -> bool:
    return problem.code is Code.T006_NO_VOCABULARY and problem.mark.path == path


def _has_any(problems: Collection[Problem], path: str) -> bool:
    return any(each.mark.path == path for each in problems)
