"""The gates of the theme's scripts and style sheets: what lies in the repository passes, and a mistake does not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SHEETS = "overrides/assets/css/**/*.css"
GATES = {
    "style of scripts": ("biome", "check", "--error-on-warnings", "."),
    "style sheets": ("stylelint", "--max-warnings=0", SHEETS),
    "types of pages": ("tsc", "-p", "tsconfig.json"),
    "types of workers": ("tsc", "-p", "tsconfig.workers.json"),
}
MENU, WORKER, ROWS = "overrides/assets/js/page/menu.js", "overrides/sw.js", "overrides/assets/css/views/list.css"
MISTAKES = {
    "an unused name": ("style of scripts", MENU, "const unused = 1;\n"),
    "another quote": ("style of scripts", MENU, "addEventListener('blur', () => {});\n"),
    "a name that is nowhere": ("style of scripts", WORKER, "undeclared();\n"),
    "an event that is none": ("types of pages", MENU, "menu?.querySelector(1);\n"),
    "a module that is not there": ("types of pages", MENU, 'import "./gone.js";\n'),
    "a page's object in a worker": ("types of workers", WORKER, "document.title;\n"),
    "a colour of its own": ("style sheets", ROWS, ".row { color: #123456; }\n"),
    "a side that does not turn": ("style sheets", ROWS, ".pager { margin-left: 1rem; }\n"),
    "a property that is none": ("style sheets", ROWS, ".pager { colour: red; }\n"),
    "a file of another host": ("style sheets", ROWS, '.pager { background: url("https://example.org/x.png"); }\n'),
}


def run(gate: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program, *arguments = GATES[gate]
    command = [str(REPOSITORY / "node_modules/.bin" / program), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("gate", GATES)
def test_the_themes_scripts_and_style_sheets_pass(gate: str) -> None:
    done = run(gate, REPOSITORY)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


@pytest.fixture(scope="module")
def theme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The theme, the engine that its scripts take types from, and the settings of the gates, to be spoilt."""
    folder = tmp_path_factory.mktemp("theme")
    for part in ("overrides", "search"):
        shutil.copytree(REPOSITORY / part, folder / part)
    for name in ("biome.jsonc", "stylelint.config.mjs", "tsconfig.json", "tsconfig.workers.json", "package.json"):
        shutil.copy(REPOSITORY / name, folder)
    (folder / "node_modules").symlink_to(REPOSITORY / "node_modules")
    return folder


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused(mistake: str, theme: Path) -> None:
    gate, path, text = MISTAKES[mistake]
    file = theme / path
    whole = file.read_text(encoding="utf-8")
    file.write_text(f"{whole}\n{text}", encoding="utf-8")
    try:
        assert run(gate, theme).returncode != 0
    finally:
        file.write_text(whole, encoding="utf-8")


@pytest.mark.parametrize("gate", GATES)
def test_without_a_mistake_the_same_files_pass(gate: str, theme: Path) -> None:
    """Else a mistake above may have been refused for something else."""
    done = run(gate, theme)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
