"""Which files of a docs folder exist for a site: those that the host would take, and .well-known."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.disk.walk import Exclusion, walk
from support.sources import write


def test_every_file_is_found_but_those_in_folders_of_tools(tmp_path: Path) -> None:
    files = {
        "a.md": "", "b/c.png": "", ".well-known/security.txt": "", "b/.hidden": "", ".x/y": "",
        "b/__pycache__/x.pyc": "", "node_modules/x.js": "", ".git/config": "", "b/.pytest_cache/x": "", ".venv/x": "",
    }  # fmt: skip
    write(tmp_path, files)
    assert set(walk(tmp_path)) == {"a.md", "b/c.png", ".well-known/security.txt", "b/.hidden", ".x/y"}


@pytest.mark.parametrize(
    ("path", "left_out"),
    [
        ("a.md", False),
        ("b/c.png", False),
        (".hidden", True),
        ("b/.hidden", True),
        (".x/y", True),
        ("templates/x.html", True),
        ("b/templates/x.html", False),
        (".well-known/security.txt", False),
        (".well-known/acme/x", False),
        (".well-known/.DS_Store", True),
        ("b/.well-known/x", True),
    ],
)
def test_the_hosts_own_patterns_come_first(path: str, left_out: bool) -> None:
    assert Exclusion("").leaves_out(path) is left_out
    assert not Exclusion("").is_named(path)


def test_the_configuration_can_leave_out_more_and_take_back() -> None:
    exclusion = Exclusion("notes/\n*.bak\n!.assets\n.well-known/secret.txt\n")
    assert exclusion.leaves_out("notes/a.md")
    assert exclusion.leaves_out("x/a.bak")
    assert not exclusion.leaves_out(".assets/a.css")
    assert exclusion.leaves_out(".well-known/secret.txt")
    assert exclusion.is_named("notes/a.md")
    assert not exclusion.is_named(".hidden")
