"""The machine in which a reader runs a lab in a browser: it can be read, and it calls nothing that is not there."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest
from support.hosts import REPOSITORY

FOLDER = REPOSITORY / ".devcontainer"
COMMANDS = ("onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand", "postAttachCommand")


def settings() -> dict[str, Any]:
    found = json.loads((FOLDER / "devcontainer.json").read_text())
    assert isinstance(found, dict)
    return found


def steps() -> list[str]:
    """Every command that is run when the machine is made or opened."""
    lines = [str(settings()[name]) for name in COMMANDS if name in settings()]
    return [step.strip() for line in lines for step in line.split("&&")]


def test_it_is_made_from_a_file_that_is_there() -> None:
    assert (FOLDER / settings()["build"]["dockerfile"]).is_file()


def test_it_is_what_the_gate_runs_on() -> None:
    lines = (FOLDER / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("FROM ")] == ["FROM node:20-bookworm"]
    gate = (REPOSITORY / ".github/workflows/ci.yml").read_text()
    assert 'image: "debian:12@' in gate, "bookworm is Debian 12"
    assert "node-version: 20" in gate


@pytest.mark.parametrize("step", steps())
def test_it_calls_what_there_is(step: str) -> None:
    program, *arguments = step.split()
    if program == "make":
        done = subprocess.run(
            ["make", "--dry-run", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    else:
        assert re.fullmatch(r"\./tools/[a-z-]+", program), f"{step}: what is run stands in this repository"
        assert (REPOSITORY / program).stat().st_mode & 0o100, f"{program} is not a program"


def test_the_line_that_a_labs_page_shows_is_a_command_of_the_makefile() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    assert re.search(r"^lab: .*make lab ARTICLE=<slug>", makefile, re.MULTILINE)


def test_it_brings_in_no_code_of_others() -> None:
    """A feature or an extension would be run by readers without a lock."""
    assert not {"features", "customizations", "mounts", "initializeCommand"} & settings().keys()
