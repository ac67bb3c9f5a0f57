"""What the architecture promises: the core knows no host, no disk and no clock."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "plugins" / "engblog"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime", "time.gmtime",
    "time.strftime", "time.ctime", "time.time_ns",
}  # fmt: skip
MAY_ASK_THE_TIME = {"io/clock.py", "lab/pytest_plugin.py"}
"""The clock itself, and the recorder of lab runs, which says on which day a run took place."""


def calls(source: str) -> set[str]:
    """Dotted names that *source* calls, by their last two parts."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found.add(".".join(ast.unparse(node.func).split(".")[-2:]))
    return found


@pytest.mark.parametrize("module", MODULES)
def test_one_module_alone_asks_the_clock(module: str) -> None:
    asked = calls((PACKAGE / module).read_text()) & CLOCKS
    assert (module in MAY_ASK_THE_TIME) or not asked


def test_the_clocks_are_found_where_they_are() -> None:
    assert calls((PACKAGE / "io/clock.py").read_text()) & CLOCKS == {"datetime.now"}
    assert calls("import datetime\ndatetime.datetime.now()\n") & CLOCKS


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("core/")])
def test_the_core_touches_no_disk_and_starts_no_process(module: str) -> None:
    imported = set()
    for node in ast.walk(ast.parse((PACKAGE / module).read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
            assert not (node.module or "").startswith(("engblog.io", "engblog.adapters", "engblog.cli")), module
    assert not imported & {
        "os",
        "pathlib",
        "subprocess",
        "shutil",
        "tempfile",
        "socket",
        "time",
        "io",
        "random",
        "mkdocs",
    }


@pytest.mark.parametrize("module", MODULES)
def test_no_module_keeps_state(module: str) -> None:
    """A plugin object survives the rebuilds of a preview; a module would too, and for all sites at once."""
    tree = ast.parse((PACKAGE / module).read_text())
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)]


def ruff(module: str, source: str) -> str:
    command = ["ruff", "check", "--output-format", "concise", "--stdin-filename", str(PACKAGE / module), "-"]
    done = subprocess.run(
        [sys.executable, "-m", *command], input=source, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    return done.stdout


@pytest.mark.parametrize("line", ["import mkdocs", "from mkdocs.plugins import BasePlugin", "import mkdocs.utils as u"])
@pytest.mark.parametrize("module", ["core/views.py", "io/sources.py", "markdown/lab.py", "cli/articles.py"])
def test_ruff_refuses_the_host_outside_its_adapter(module: str, line: str) -> None:
    assert "TID251" in ruff(module, f'"""Doc."""\n\n{line}\n')


def test_ruff_lets_the_adapter_import_the_host() -> None:
    assert "TID251" not in ruff("adapters/mkdocs/build.py", '"""Doc."""\n\nimport mkdocs\n')


def test_ruff_refuses_the_fork_by_its_own_name_and_the_theme() -> None:
    assert "TID251" in ruff("core/views.py", '"""Doc."""\n\nimport properdocs\n')
    assert "TID251" in ruff("core/views.py", '"""Doc."""\n\nimport material\n')


def test_the_core_is_imported_without_the_host() -> None:
    program = (
        "import sys, pkgutil, importlib, engblog.core, engblog.io, engblog.cli, engblog.markdown\n"
        "for package in (engblog.core, engblog.io):\n"
        "    for found in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        importlib.import_module(found.name)\n"
        "hosts = {'mkdocs', 'properdocs', 'material'}\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] in hosts))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
