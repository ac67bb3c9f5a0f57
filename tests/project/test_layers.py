"""Tests that the layers of the code are kept, by breaking each rule in a copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.hosts import REPOSITORY

LINT = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and the contracts, in a place where a test may spoil them."""
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__", "built")
    shutil.copytree(REPOSITORY / "plugins/engblog", tmp_path / "plugins/engblog", ignore=ignored)
    return tmp_path


def lint(repository: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(repository / "plugins"), "COLUMNS": "200"}
    command = [str(LINT), "--no-cache"]
    return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)


def test_every_import_keeps_to_the_layers(copy: Path) -> None:
    done = lint(copy)
    assert (done.returncode, "2 kept, 0 broken" in done.stdout) == (0, True), done.stdout


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        pytest.param("model/text.py", "engblog.html.tree", id="the lowest layer imports the one above"),
        pytest.param("source/body.py", "engblog.site.views", id="source imports site"),
        pytest.param("site/views.py", "engblog.lab.versions", id="neighbours on one floor"),
        pytest.param("pages/head.py", "engblog.outputs.robots", id="a page knows an output"),
        pytest.param("outputs/robots.py", "engblog.pages.head", id="an output knows a page"),
        pytest.param("outputs/feeds/write.py", "engblog.outputs.twins.llms", id="an output knows another"),
        pytest.param("outputs/offline.py", "engblog.outputs.search.files", id="a single module knows another output"),
        pytest.param("disk/clock.py", "engblog.publish.git", id="disk imports publish"),
        pytest.param("cli/stale.py", "engblog.hosts.mkdocs.options", id="a command knows the host"),
    ],
)
def test_an_import_against_the_layers_is_refused(copy: Path, module: str, imported: str) -> None:
    changed = copy / "plugins/engblog" / module
    changed.write_text(changed.read_text() + f"\nimport {imported}  # noqa\n")
    done = lint(copy)
    assert done.returncode == 1
    name = "engblog." + module.removesuffix(".py").replace("/", ".")
    assert f"{name} -> {imported}" in done.stdout


def test_a_new_package_needs_a_place_in_the_layers(copy: Path) -> None:
    package = copy / "plugins/engblog/drawer"
    package.mkdir()
    (package / "__init__.py").write_text('"""Everything else."""\n')
    done = lint(copy)
    assert done.returncode == 1
    assert "drawer" in done.stdout
