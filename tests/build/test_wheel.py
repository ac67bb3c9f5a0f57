"""The distribution: it builds, installs beside its dependencies, and is found by the host and the shell."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from support.hosts import REPOSITORY, environ, mini, pages
from support.sources import article


def sh(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environ(PYTHONPATH=None),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that nothing is left among the sources."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, source)
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(REPOSITORY / "plugins", source / "plugins", ignore=ignored)
    sh(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", source / "dist", cwd=source)
    (built,) = (source / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment with the wheel, and this environment's packages as its dependencies."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    interpreter = folder / "bin" / "python"
    (site_packages,) = folder.glob("lib/python*/site-packages")
    # A path in a .pth file brings the packages there, and not the editable install, which is a .pth file itself.
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", interpreter, "install", "--quiet", "--no-index", "--no-deps"]
    sh(*pip, "--ignore-installed", "--disable-pip-version-check", wheel, cwd=folder)
    return interpreter


def test_the_wheel_holds_the_package_alone(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"engblog"}
    packaged = {name for name in names if name.endswith(".py")}
    sources = {
        path.relative_to(REPOSITORY / "plugins").as_posix() for path in (REPOSITORY / "plugins/engblog").rglob("*.py")
    }
    assert packaged == sources
    assert "engblog/py.typed" in names
    assert any(name.endswith("LICENSE") for name in names)


def test_the_installed_package_is_the_wheels(python: Path) -> None:
    where = sh(python, "-c", "import engblog; print(engblog.__file__)", cwd=python.parent)
    assert where.startswith(str(python.parents[1]))


def test_the_host_finds_the_plugin(python: Path) -> None:
    program = (
        "from importlib.metadata import entry_points\n"
        "(found,) = entry_points(group='mkdocs.plugins', name='engblog')\n"
        "print(found.load().__module__)\n"
    )
    assert sh(python, "-c", program, cwd=python.parent).strip() == "engblog.hosts.mkdocs.plugin"


def test_the_installed_plugin_builds_a_site(python: Path, tmp_path: Path) -> None:
    mini(tmp_path, {"docs/articles/a/index.md": article()})
    sh(python, "-m", "mkdocs", "build", "--strict", cwd=tmp_path)
    assert "articles/2026/11/20/a/" in pages(tmp_path / "site")


def test_the_command_runs(python: Path, tmp_path: Path) -> None:
    mini(tmp_path, {"docs/articles/a/index.md": article()})
    command = python.parent / "engblog"
    assert sh(command, "check", cwd=tmp_path) == "1 to publish, 0 held back, no problems\n"
    assert sh(command, "problems", cwd=tmp_path).startswith("| code |")
