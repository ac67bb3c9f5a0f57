"""The host's configuration says what a build reads, and `build.json` whether all of it is in the commit."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path

import pytest
from engblog.hosts.mkdocs.reads import sources_of_build
from engblog.publish.git import Git
from engblog.publish.sources import changes_of
from engblog.publish.target import Command, DeploySettings
from support.hosts import build, config, load, mini, start
from support.repositories import commit, git
from support.sources import article, write

HOOK = "import beside\n\n\ndef on_config(config):\n    return config\n"
CONFIG = """\
INHERIT: ../shared/base.yml
hooks: [../shared/hooks/hook.py]
watch: [../watched]
exclude_docs: |
  *.draft
  private/
"""
FILES = {
    "blog/mkdocs.yml": CONFIG + config(),
    "shared/base.yml": "INHERIT: root.yml\nsite_author: Ada\n",
    "shared/root.yml": "site_description: Mini\n",
    "shared/unrelated.yml": "",
    "shared/hooks/hook.py": HOOK,
    "shared/hooks/beside.py": "",
    "shared/hooks/other.py": "",
    "watched/data.csv": "1\n",
    "shop/main.py": "",
    ".gitignore": "site/\n.site.*/\n__pycache__/\n*.tmp\n*.draft\nprivate/\n",
}


@pytest.fixture(scope="module")
def monorepo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose configuration, hooks and data are elsewhere in a larger repository; committed."""
    top = tmp_path_factory.mktemp("monorepo")
    mini(top / "blog", {"docs/articles/a/index.md": article()})
    commit(write(top, FILES))
    return top


def is_clean(top: Path) -> bool:
    """True if nothing that a build reads differs from the commit."""
    read = load(top / "blog")
    sources = sources_of_build(read, read.plugins["engblog"].config)
    with closing(Git(top)) as opened:
        return not changes_of(opened, sources)


def says_clean(top: Path) -> bool:
    """What `build.json` says."""
    site = build(top / "blog", PYTHONDONTWRITEBYTECODE="1")
    return bool(json.loads((site / "build.json").read_text())["clean"])


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("blog/notes.txt", False),
        ("shared/base.yml", False),
        ("shared/root.yml", False),
        ("shared/unrelated.yml", True),
        ("shared/hooks/hook.py", False),
        ("shared/hooks/beside.py", False),
        ("shared/hooks/other.py", True),
        ("watched/data.csv", False),
        ("watched/new.csv", False),
        ("shop/main.py", True),
        ("new.txt", True),
        ("blog/docs/left.tmp", False),
        ("blog/docs/left.draft", True),
        ("blog/docs/private/a.md", True),
        ("blog/docs/articles/a/left.draft", False),
        ("blog/docs/articles/a/lab/__pycache__/x.pyc", True),
        ("blog/docs/.left.tmp", True),
        ("blog/docs/templates/left.tmp", True),
        ("blog/theme/left.tmp", False),
        ("blog/left.tmp", True),
    ],
)
def test_a_site_is_of_its_commit_if_what_the_build_reads_is(monorepo: Path, path: str, clean: bool) -> None:
    file = monorepo / path
    before = file.read_bytes() if file.exists() else None
    write(monorepo, {path: (before or b"") + b"\n"})
    try:
        assert is_clean(monorepo) is clean
    finally:
        file.unlink() if before is None else file.write_bytes(before)


def test_the_build_writes_what_was_found(monorepo: Path) -> None:
    assert is_clean(monorepo)
    assert says_clean(monorepo)
    (monorepo / "shared/hooks/beside.py").write_text("# Changed.\n")
    assert not says_clean(monorepo)
    git(monorepo, "restore", ".")
    assert git(monorepo, "status", "--porcelain") == ""


def test_the_places_reach_the_command_that_does_not_know_the_host(monorepo: Path) -> None:
    done = start(monorepo / "blog", str(monorepo / "blog/mkdocs.yml"), host="engblog.hosts.mkdocs.ask")
    assert done.returncode == 0, done.stderr
    settings = DeploySettings.from_plain(json.loads(done.stdout.splitlines()[-1]))
    blog, sources = monorepo / "blog", settings.sources
    assert settings.command is Command.MKDOCS
    assert sources.root == blog
    assert sources.published == (blog / "docs", blog / "docs/articles", blog / "theme")
    assert sources.unpublished[blog / "docs"] == (".*", "!/.well-known/", "/templates/", "*.draft", "private/")
    assert {*sources.read} >= {monorepo / "shared" / name for name in ("base.yml", "root.yml", "hooks/hook.py")}
    assert {*sources.besides} >= {monorepo / "watched", monorepo / "shared/hooks/beside.py"}
    assert not [path for path in sources.besides if path.is_relative_to(sys.prefix)]
    assert sources.written[:2] == (blog / "site", blog / ".cache/engblog/cards")
    assert DeploySettings.from_plain(json.loads(json.dumps(settings.plain()))) == settings
