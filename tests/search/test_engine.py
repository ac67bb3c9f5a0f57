"""The engine: its own tests under Node, its types, and that what readers load was made from its sources."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
BUILT = REPOSITORY / "plugins/engblog/outputs/search/built"


def run(*command: str, cwd: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    """Run a command whose tests build their index with the Python that runs these."""
    environment = {**os.environ, "ENGBLOG_PYTHON": sys.executable}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_the_engines_own_tests_pass() -> None:
    done = run("node", "--test", "search/test/")
    assert done.returncode == 0, done.stdout[-6000:]
    counted = re.search(r"^# tests (\d+)$", done.stdout, re.MULTILINE)
    assert counted, done.stdout[-2000:]
    assert int(counted[1]) > 100


def test_the_engines_types_hold() -> None:
    done = run("node_modules/.bin/tsc", "-p", "search")
    assert done.returncode == 0, done.stdout


def test_what_readers_load_was_built_from_its_sources() -> None:
    done = run("node", "search/src/tools/build.mjs", "--check")
    assert done.returncode == 0, done.stderr


def test_a_stale_engine_is_noticed_and_mended(tmp_path: Path) -> None:
    for part in ("search/src", "plugins/engblog/outputs/search/built"):
        shutil.copytree(REPOSITORY / part, tmp_path / part)
    (tmp_path / "node_modules").symlink_to(REPOSITORY / "node_modules")
    source = tmp_path / "search/src/correct.mjs"
    source.write_text(
        source.read_text(encoding="utf-8").replace("word.length > 7", "word.length > 8"), encoding="utf-8"
    )
    build = ("node", "search/src/tools/build.mjs")
    stale = run(*build, "--check", cwd=tmp_path)
    assert stale.returncode == 1
    assert "not built from their sources: engine.mjs" in stale.stderr
    assert run(*build, cwd=tmp_path).returncode == 0
    assert run(*build, "--check", cwd=tmp_path).returncode == 0


def test_the_engine_touches_neither_page_nor_node() -> None:
    """A worker and Node both load it: it may use only what both have."""
    sources = [path for path in (REPOSITORY / "search/src").glob("*.mjs") if path.name != "cli.mjs"]
    assert len(sources) > 8
    for path in sources:
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"\b(?:document|window|localStorage|process|require)\b[.(]|from ['\"]node:", text), (
            path.name
        )


def test_the_engine_knows_no_word_of_this_blog() -> None:
    """Another blog is searched as well as this one: no word of ours stands in the engine, but for a few products' names
    that anybody may write of, which end like plurals and are none."""
    text = (BUILT / "engine.mjs").read_text(encoding="utf-8").casefold()
    for name in ("mariadb", "mysql", "sigterm", "auto_increment", "real incidents", "real problems"):
        assert name not in text, name
