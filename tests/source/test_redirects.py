"""The file of redirects: each line an old address and a new one."""

from __future__ import annotations

import pytest
from engblog.model.problems import Mark, Problems
from engblog.source.redirects import Move, read_moves

FILE = "redirects.yml"


def moves(text: str) -> tuple[tuple[Move, ...], list[str]]:
    problems = Problems()
    found = read_moves(text.encode(), FILE, problems)
    return found, [f"{each.mark.line}:{each.mark.column} {each.code.id}" for each in problems.sorted()]


def test_a_line_is_an_old_address_and_a_new_one() -> None:
    found, wrong = moves("/tags/k8s/: /tags/kubernetes/\n/old.html: /about#who\n/a: /\n")
    assert wrong == []
    assert found == (
        Move("tags/k8s/", "tags/kubernetes/", Mark(FILE, 1, 1), "", Mark(FILE, 1, 13)),
        Move("old.html", "about/", Mark(FILE, 2, 1), "who", Mark(FILE, 2, 12)),
        Move("a/", "", Mark(FILE, 3, 1), "", Mark(FILE, 3, 5)),
    )


def test_no_file_and_a_file_of_nothing_have_none() -> None:
    problems = Problems()
    assert read_moves(None, FILE, problems) == ()
    assert problems.found == []
    assert moves("# nothing yet\n") == ((), [])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("- /a/\n", ["1:1 Y007"]),
        ("/a/: [/b/]\n", ["1:6 F003"]),
        ("/a/:\n/c/: /d/\n", ["1:5 F003"]),
        ("/a/: https://else.example/\n", ["1:6 A002"]),
        ("/a/: /b/#\n", ["1:6 A002"]),
        ("/a/: '/b/#x y'\n", ["1:6 A002"]),
        ("a: /b/\n", ["1:1 F010"]),
        ("a: b\n", ["1:1 F010", "1:4 A002"]),
    ],
)
def test_what_is_wrong_is_placed(text: str, wrong: list[str]) -> None:
    found, places = moves(text)
    assert places == wrong
    assert [each.path for each in found] == (["c/"] if "/c/" in text else [])


IN_REPOSITORY = "https://host.example/o/r/blob/main/"


@pytest.mark.parametrize(
    ("target", "path", "anchor"),
    [
        ("README.md", "README.md", ""),
        ("documentation/deploying.md#hours", "documentation/deploying.md", "hours"),
        ("", None, ""),
        ("../../../other/r/blob/main/x.md", None, ""),
        (".git/config", None, ""),
        ("a?b", None, ""),
        ("a.md#", None, ""),
    ],
)
def test_a_redirect_may_lead_to_a_file_of_the_repository(target: str, path: str | None, anchor: str) -> None:
    problems = Problems()
    found = read_moves(f"/a/: {IN_REPOSITORY}{target}\n".encode(), FILE, problems, IN_REPOSITORY)
    assert [(each.target, each.anchor) for each in found] == ([] if path is None else [(IN_REPOSITORY + path, anchor)])
    assert [each.code.id for each in problems.found] == (["A002"] if path is None else [])


@pytest.mark.parametrize("repository", ["", IN_REPOSITORY])
def test_a_redirect_to_another_site_is_refused_with_what_to_write_instead(repository: str) -> None:
    problems = Problems()
    assert read_moves(b"/a/: https://host.example/o/r/blob/mainly/x.md\n", FILE, problems, repository) == ()
    (problem,) = problems.found
    assert (f"{repository}README.md" if repository else "repo_url and edit_uri in mkdocs.yml") in problem.hint
