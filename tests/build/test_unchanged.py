"""Whatever a build reads can end that nothing has changed, and so can whatever somebody does to the site."""

from __future__ import annotations

import logging
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from engblog.hosts.mkdocs import unchanged
from engblog.hosts.mkdocs.run import HostRun
from engblog.hosts.mkdocs.unchanged import Kept, kept_for, last_build
from support.hosts import config, environ, load, mini, run
from support.repositories import commit
from support.sources import article

REPOSITORY = "https://github.com/o/r"
FILES = {
    "mkdocs.yml": f"INHERIT: base.yml\nrepo_url: {REPOSITORY}\nedit_uri: edit/main/docs/\n{config()}",
    "base.yml": "site_author: Ada\n",
    "requirements/site.txt": "mkdocs==1\n",
    "docs/articles/a/index.md": article("A text.\n"),
    "docs/about.md": "Who we are.\n",
    "docs/redirects.yml": f"/moved/: /about/\n/how/: {REPOSITORY}/blob/main/guides/how.md#x\n",
    "guides/how.md": "# How\n",
    "packages/x-1.dist-info/RECORD": "x.py,,\n",
    "code/x.py": "",
}


@dataclass
class BuiltOnce:
    """A site that was built, to be asked whether another build would make the same."""

    root: Path
    patch: pytest.MonkeyPatch

    def kept(self, **settings: object) -> Kept | None:
        loaded = load(self.root, **settings)
        return kept_for(loaded, loaded.plugins["engblog"].config)

    def surroundings(self, **settings: object) -> str:
        kept = self.kept(**settings)
        assert kept is not None
        return kept.surroundings

    def is_current(self, way: HostRun | None = None, **settings: object) -> bool:
        loaded = load(self.root, **settings)
        options = loaded.plugins["engblog"].config
        last = last_build(loaded, options, way or HostRun(), kept_for(loaded, options))
        return last is not None and last.is_current()

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in a commit, built with a cache."""
    with pytest.MonkeyPatch.context() as patch:
        root = mini(tmp_path_factory.mktemp("site"), FILES)
        (root / ".gitignore").write_text("site/\n.cache/\n.site.*\n")
        commit(root)
        (root / "docs/about.md").write_text("Who we are now.\n")  # so that no further edit shows in what git says
        prepare(root, patch)
        assert run(root, "build").returncode == 0
    return root


@pytest.fixture
def once(original: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BuiltOnce]:
    """The same site, whatever the test before has done to it: the clock of the file system goes on."""
    before = {path: path.read_bytes() for path in original.rglob("*") if path.is_file()}
    prepare(original, monkeypatch)
    built = BuiltOnce(original, monkeypatch)
    assert built.is_current(), "a test has left something behind"
    yield built
    monkeypatch.undo()
    for path in [path for path in original.rglob("*") if path.is_file() and path not in before]:
        path.unlink()
    for path, data in before.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)
    for folder in sorted((path for path in original.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def prepare(root: Path, patch: pytest.MonkeyPatch) -> None:
    for name, value in environ(ENGBLOG_CACHE="on").items():
        patch.setenv(name, value)
    patch.setenv("XDG_STATE_HOME", str(root.parent / "state"))
    patch.setenv("MKDOCS_CONFIG_OF_TEST", "1")
    patch.chdir(root)
    patch.syspath_prepend(str(root / "packages"))
    patch.setattr(unchanged, "_PACKAGE", root / "code")


CHANGES: dict[str, Callable[[BuiltOnce], object]] = {
    "a text": lambda site: site.write("docs/articles/a/index.md", article("A Text.\n")),
    "a new file": lambda site: site.write("docs/articles/a/notes.txt", ""),
    "a page": lambda site: site.write("docs/about.md", "Who we were.\n"),
    "a page that is gone": lambda site: (site.root / "docs/about.md").unlink(),
    "the vocabulary": lambda site: site.write("docs/taxonomy.yml", "# other\n"),
    "a template": lambda site: site.write("theme/article.html", "other"),
    "a new template": lambda site: site.write("theme/more.html", ""),
    "the configuration": lambda site: site.write("mkdocs.yml", f"{FILES['mkdocs.yml']}copyright: Ada\n"),
    "a comment in it": lambda site: site.write("mkdocs.yml", f"{FILES['mkdocs.yml']}# x\n"),
    "an inherited one": lambda site: site.write("base.yml", "site_author: Bob\n"),
    "the locked packages": lambda site: site.write("requirements/site.txt", "mkdocs==2\n"),
    "another package": lambda site: site.write("packages/y-1.dist-info/RECORD", ""),
    "a file of a package": lambda site: site.write("packages/x-1.dist-info/RECORD", "x.py,sha256=0,\n"),
    "the engine": lambda site: site.write("code/x.py", "pass\n"),
    "the environment": lambda site: site.patch.setenv("MKDOCS_CONFIG_OF_TEST", "2"),
    "the language": lambda site: site.patch.setenv("LC_ALL", "C"),
    "the moment": lambda site: site.patch.setenv("SOURCE_DATE_EPOCH", "1796126401"),
    "the working directory": lambda site: site.patch.chdir(site.root / "docs"),
    "Python": lambda site: site.patch.setattr(sys, "version", "4"),
    "the level": lambda _: logging.getLogger("mkdocs").setLevel(logging.ERROR),
    "the commit": lambda site: commit(site.root),
    "a file of the repository": lambda site: (site.root / "guides/how.md").unlink(),
    "a tracked file": lambda site: site.write("docs/authors.yml", "# none\n"),
    "a page of the site": lambda site: site.write("site/index.html", "x"),
    "more in the site": lambda site: site.write("site/more.html", ""),
    "less of the site": lambda site: (site.root / "site/about/index.html").unlink(),
    "no site": lambda site: shutil.rmtree(site.root / "site"),
    "readers of the site": lambda site: (site.root / "site/index.html").chmod(0o600),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_makes_a_build(once: BuiltOnce, what: str) -> None:
    level = logging.getLogger("mkdocs").level
    mode = (once.root / "site/index.html").stat().st_mode
    try:
        CHANGES[what](once)
        assert not once.is_current()
    finally:
        logging.getLogger("mkdocs").setLevel(level)
        if (once.root / "site/index.html").exists():
            (once.root / "site/index.html").chmod(mode)


OF_EVERYTHING = [
    "the configuration", "an inherited one", "another package", "a file of a package", "the engine",
    "the environment", "the language", "Python", "the level",
]  # fmt: skip
"""Changes after which nothing that an earlier build has made can be taken."""


@pytest.mark.parametrize("what", OF_EVERYTHING)
def test_what_everything_depends_on_is_in_every_key(once: BuiltOnce, what: str) -> None:
    level, before = logging.getLogger("mkdocs").level, once.surroundings()
    try:
        CHANGES[what](once)
        assert once.surroundings() != before
    finally:
        logging.getLogger("mkdocs").setLevel(level)


def test_a_text_is_not_in_every_key(once: BuiltOnce) -> None:
    before = once.surroundings()
    for what in ("a text", "a template", "the moment", "a page of the site"):
        CHANGES[what](once)
    assert once.surroundings() == before


@pytest.mark.parametrize(
    ("way", "settings"),
    [
        (HostRun(serves=True), {}),
        (HostRun(deploys=True), {}),
        (HostRun(dirty=True), {}),
        (HostRun(), {"strict": True}),
        (HostRun(), {"site_dir": "other"}),
        (HostRun(), {"site_url": "https://other.example/"}),
    ],
)
def test_another_way_to_build_is_compared_with_none(once: BuiltOnce, way: HostRun, settings: dict[str, object]) -> None:
    assert not once.is_current(way, **settings)
