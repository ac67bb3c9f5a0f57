"""Tests what a contributor meets: the checks before a commit, the forms on GitHub, and the Pythons that are tested."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.hosts import REPOSITORY

FORMS = sorted(path for path in (REPOSITORY / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")


def load(path: str | Path) -> Any:
    return yaml.safe_load((REPOSITORY / path).read_text(encoding="utf-8"))


def dry_run(target: str) -> list[str]:
    """What ``make`` would run, but for what installs."""
    done = subprocess.run(
        ["make", "--dry-run", target], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    lead = (".venv/bin/", "node_modules/.bin/", "node tools/")
    return [line for line in done if line.startswith(lead) and " pip " not in line]


def test_a_commit_is_checked_by_what_make_lint_calls() -> None:
    (repository,) = load(".pre-commit-config.yaml")["repos"]
    hooks = repository["hooks"]
    assert [hook["entry"] for hook in hooks] == dry_run("lint")
    assert not any(hook["pass_filenames"] for hook in hooks)


def test_nothing_is_fetched_for_a_commit() -> None:
    config = load(".pre-commit-config.yaml")
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    assert {hook["language"] for hook in config["repos"][0]["hooks"]} == {"system"}


def test_make_test_asks_of_the_code_what_make_lint_does() -> None:
    checks = [line for line in dry_run("lint") if "engblog check" not in line]
    assert len(checks) >= 5
    assert [line for line in dry_run("test") if line in checks] == checks


# Spelling

WRONG = "t" + "eh"
"""A misspelt word, spelled so that this file has none."""


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("docs/articles/a/index.md", f"The titel of it, and {WRONG} rest.\n", [WRONG, "titel"]),
        ("plugins/engblog/a.py", f'"""Read {WRONG} file."""\n', [WRONG]),
        ("tests/test_a.py", f"titel = '{WRONG}'\n", [WRONG]),
        ("docs/articles/a/lab/record.json", f'{{"said": "{WRONG}"}}\n', []),
    ],
)
def test_a_misspelt_word_is_found_where_it_is_not_meant(tmp_path: Path, path: str, text: str, found: list[str]) -> None:
    for name in ("_typos.toml", "tests/_typos.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((REPOSITORY / name).read_text())
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text)
    typos = Path(sys.executable).with_name("typos")
    done = subprocess.run(
        [str(typos), ".", "tests", "--format", "brief"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert sorted(re.findall(r"`([^`]+)` should", done.stdout), key=str.casefold) == found
    assert done.returncode == (2 if found else 0)


def test_every_word_of_the_tests_list_is_used_in_a_test() -> None:
    words = tomllib.loads((REPOSITORY / "tests/_typos.toml").read_text())["default"]["extend-words"]
    texts = [path for path in (REPOSITORY / "tests").rglob("*") if path.suffix in {".py", ".site", ".expected"}]
    text = "\n".join(path.read_text(encoding="utf-8") for path in texts).casefold()
    assert [word for word in words if word not in text] == []


# GitHub


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_asks_what_github_can_show(path: Path) -> None:
    form = load(path)
    assert {"name", "description", "body"} <= form.keys()
    ids = [each["id"] for each in form["body"]]
    assert len(set(ids)) == len(ids)
    for each in form["body"]:
        assert each["type"] in {"input", "textarea", "dropdown"}
        assert each["attributes"]["label"]
        assert each["type"] != "dropdown" or each["attributes"]["options"]
    assert any(each.get("validations", {}).get("required") for each in form["body"])


def test_there_is_a_form_for_each_occasion() -> None:
    assert [path.stem for path in FORMS] == ["article", "bug", "wrong-claim"]


def test_a_weakness_is_not_reported_in_public() -> None:
    config = load(".github/ISSUE_TEMPLATE/config.yml")
    assert config["blank_issues_enabled"] is False
    (link,) = config["contact_links"]
    assert link["url"] in (REPOSITORY / "SECURITY.md").read_text()


def test_every_path_that_has_an_owner_exists() -> None:
    lines = (REPOSITORY / ".github/CODEOWNERS").read_text().splitlines()
    rules = [line.split() for line in lines if line and not line.startswith("#")]
    assert rules[0][0] == "*"
    for pattern, *owners in rules:
        assert pattern == "*" or list(REPOSITORY.glob(pattern.strip("/")))
        assert owners
        assert all(re.fullmatch(r"@[\w-]+(/[\w-]+)?", owner) for owner in owners)


# Pythons


def test_ci_runs_the_gate_on_each_python_that_is_promised() -> None:
    job = load(".github/workflows/ci.yml")["jobs"]["test"]
    tested = [each["python"] for each in job["strategy"]["matrix"]["include"]]
    assert tested == ["3.11", "3.12", "3.13"]
    assert job["steps"][-1] == {"run": ".ci/run", "env": {"PYTHON": "python${{ matrix.python }}"}}
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={tested[0]}"


def test_the_gate_and_make_take_the_python_that_they_are_given() -> None:
    assert "PYTHON=${PYTHON:-python3.11}" in (REPOSITORY / ".ci/run").read_text()
    assert re.search(r"^PYTHON \?= python3\.11$", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
