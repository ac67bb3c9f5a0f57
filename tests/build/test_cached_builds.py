"""A build that takes something from an earlier one makes what a build without a cache makes, byte for byte.

Each step edits a small site in one of the ways in which sites change, builds it with what the steps before have left,
and builds it once more without a cache. Both must end with the same status, and leave the same files.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engblog.disk.png import encode
from engblog.disk.store import STORE
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from support.hosts import THEME, build, config, environ, mini, run, snapshot
from support.pictures import PNG
from support.processes import run_here
from support.sources import AUTHORS, DRAWING, TAXONOMY, article

Sources = dict[str, str | bytes]
"""The files of a site by path from its root; what is None is not there."""
Edit = Callable[[Sources, random.Random], Sources]
SAID = "nothing has changed since the last build"

BODY = """\
A paragraph, with a [link](../second/index.md#why) and a note.[^note]

## What happened

```python title="note.py"
--8<-- "note.py"
```

![A drain](drain.svg "How it drains.")

![A photograph](photo.png)

| Signal | Number |
|--------|-------:|
| TERM   |     15 |

[^note]: The manual.
"""
SECOND = """\
Text.

## Why

![The same photograph](../first/photo.png)
"""
START: Sources = {
    "mkdocs.yml": config("page_size: 2"),
    "docs/taxonomy.yml": TAXONOMY,
    "docs/authors.yml": AUTHORS,
    "docs/index.md": "---\ntitle: Home\n---\n",
    "docs/about.md": "---\ntitle: About\n---\nWho we are. See [the first](articles/first/index.md#what-happened).\n",
    "docs/articles/first/index.md": article(BODY),
    "docs/articles/first/note.py": "first = 1\n",
    "docs/articles/first/drain.svg": DRAWING,
    "docs/articles/first/photo.png": PNG,
    "docs/articles/second/index.md": article(SECOND, title="The second", date="2026-11-01"),
    "docs/articles/third/index.md": article(
        "`x = 1`\n", title="The third", date="2025-03-04", tags="[Signals, Go, MySQL]"
    ),
    **THEME,
}


LINKED = {"first", "second"}
"""Articles that others lead to: edits that take an address away spare them, because a build would refuse the site."""
BROKEN = "docs/broken.md"


def slugs(sources: Sources, *, spare: bool = False) -> list[str]:
    """The slugs of the articles; with *spare*, only those that nothing leads to."""
    found = {match[1] for name in sources if (match := re.fullmatch(r"docs/articles/([^/]+)/index\.md", name))}
    return sorted(found - LINKED if spare else found)


def text(sources: Sources, name: str) -> str:
    found = sources[name]
    return found if isinstance(found, str) else found.decode()


def changed(sources: Sources, name: str, change: Callable[[str], str]) -> Sources:
    return {**sources, name: change(text(sources, name))}


def keyed(sources: Sources, chance: random.Random, key: str, value: str, *, spare: bool = False) -> Sources:
    """*sources* with another value of a key of an article."""
    if not (among := slugs(sources, spare=spare)):
        return sources
    name = f"docs/articles/{chance.choice(among)}/index.md"

    def change(old: str) -> str:
        _, front, body = old.split("---\n", 2)
        lines = [line for line in front.splitlines(keepends=True) if not line.startswith(f"{key}:")]
        return f"---\n{''.join(lines)}{key}: {value}\n---\n{body}"

    return changed(sources, name, change)


def edited(sources: Sources, chance: random.Random) -> Sources:
    name = f"docs/articles/{chance.choice(slugs(sources))}/index.md"
    return changed(
        sources,
        name,
        lambda old: (
            f"{old}\n## Later {chance.randrange(99)}\n\nA *sentence* with the letter {chance.choice('abcdefgh')}.\n"
        ),
    )


def reworded(sources: Sources, _: random.Random) -> Sources:
    """A change that keeps the size."""
    return changed(
        sources,
        "docs/articles/first/index.md",
        lambda old: old.replace("A paragraph", "a paragraph").replace("The manual", "the manual"),
    )


def added(sources: Sources, chance: random.Random) -> Sources:
    body = "A new text, see [the first](../first/index.md).\n"
    new = article(
        body, title=f"New {chance.randrange(999)}", date=f"2026-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}"
    )
    return {**sources, f"docs/articles/new-{chance.randrange(999)}/index.md": new}


def deleted(sources: Sources, chance: random.Random) -> Sources:
    gone = f"docs/articles/{chance.choice([*slugs(sources, spare=True), 'none'])}/"
    return {name: data for name, data in sources.items() if not name.startswith(gone)}


def renamed(sources: Sources, chance: random.Random) -> Sources:
    slug = chance.choice([*slugs(sources, spare=True), "none"])
    old, new = f"docs/articles/{slug}/", f"docs/articles/renamed-{chance.randrange(99)}/"
    return {name.replace(old, new) if name.startswith(old) else name: data for name, data in sources.items()}


def redated(sources: Sources, chance: random.Random) -> Sources:
    day = f"20{chance.randint(20, 27)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}"
    return keyed(sources, chance, "date", day, spare=True)


def retagged(sources: Sources, chance: random.Random) -> Sources:
    return keyed(sources, chance, "tags", f"[{', '.join(chance.sample(['Go', 'MySQL', 'Redis', 'Signals'], 3))}]")


def retitled(sources: Sources, chance: random.Random) -> Sources:
    return keyed(sources, chance, "title", f"Another title {chance.randrange(99)}")


def drafted(sources: Sources, chance: random.Random) -> Sources:
    return keyed(sources, chance, "status", chance.choice(["draft", "published"]), spare=True)


def aliased(sources: Sources, chance: random.Random) -> Sources:
    return keyed(sources, chance, "aliases", f"[/old/{chance.randrange(999)}/]")


def redesigned(sources: Sources, chance: random.Random) -> Sources:
    name = chance.choice(["theme/article.html", "theme/main.html", "theme/views/list.html"])
    return changed(sources, name, lambda old: f"{old}<!-- {chance.randrange(999)} -->\n")


def optioned(sources: Sources, chance: random.Random) -> Sources:
    option = chance.choice(["page_size: 1", "page_size: 2", "related: 1", "lab_pages: false", "feed_size: 1"])
    return {**sources, "mkdocs.yml": config(option)}


def extended(sources: Sources, chance: random.Random) -> Sources:
    """Another option of an extension, which changes what texts become."""
    new = chance.choice(["toc: {permalink: '#'}", "toc: {permalink: true}", "toc: {permalink: true, toc_depth: 2}"])
    return changed(sources, "mkdocs.yml", lambda old: re.sub(r"toc: \{.*\}", new, old))


def recalled(sources: Sources, chance: random.Random) -> Sources:
    return changed(
        sources, "mkdocs.yml", lambda old: re.sub("site_name: .*", f"site_name: Mini {chance.randrange(99)}", old)
    )


def redefined(sources: Sources, chance: random.Random) -> Sources:
    return changed(
        sources,
        "docs/taxonomy.yml",
        lambda old: re.sub("A key-value store.*", f"A key-value store. {chance.randrange(99)}", old),
    )


def hired(sources: Sources, chance: random.Random) -> Sources:
    return changed(
        sources, "docs/authors.yml", lambda old: re.sub("name: Ada.*", f"name: Ada {chance.randrange(99)}", old)
    )


def included(sources: Sources, chance: random.Random) -> Sources:
    return {**sources, "docs/articles/first/note.py": f"first = {chance.randrange(9)}\n"}


def redrawn(sources: Sources, chance: random.Random) -> Sources:
    return {
        **sources,
        "docs/articles/first/drain.svg": DRAWING.replace('width="10"', f'width="{chance.randint(11, 19)}"'),
    }


def rephotographed(sources: Sources, chance: random.Random) -> Sources:
    """Another size of a picture that a text of another folder shows."""
    size = chance.randint(3, 60)
    picture = encode(size, 1, bytes([0, *[1] * size]), [(0, 0, 0), (9, 9, 9)])
    return {**sources, "docs/articles/first/photo.png": picture}


def moved(sources: Sources, chance: random.Random) -> Sources:
    """Another address of an article that another one links to."""
    name = "docs/articles/second/index.md"
    day = f"2026-0{chance.randint(1, 9)}-{chance.randint(10, 28)}"
    return changed(sources, name, lambda old: re.sub("date: .*", f"date: {day}", old)) if name in sources else sources


def redirected(sources: Sources, chance: random.Random) -> Sources:
    return {**sources, "docs/redirects.yml": f"/moved/{chance.randrange(99)}/: /about/\n"}


def handwritten(sources: Sources, chance: random.Random) -> Sources:
    return {**sources, "docs/about.md": f"---\ntitle: About\n---\nWho we are, {chance.randrange(99)}.\n"}


def unclear(sources: Sources, chance: random.Random) -> Sources:
    """A mistake, which ends the build; the next edit mends it."""
    return {**sources, BROKEN: f"[nowhere](nowhere-{chance.randrange(9)}.md)\n"}


def upgraded(sources: Sources, chance: random.Random) -> Sources:
    """Another version of a package, as far as anyone can see."""
    others = {name: data for name, data in sources.items() if not name.startswith("packages/")}
    version = f"9.{chance.randrange(99)}"
    about = f"Metadata-Version: 2.1\nName: pyyaml\nVersion: {version}\n"
    return {**others, f"packages/pyyaml-{version}.dist-info/METADATA": about}


def unedited(sources: Sources, _: random.Random) -> Sources:
    return {**sources}


EDITS: tuple[Edit, ...] = (
    edited, reworded, added, deleted, renamed, redated, retagged, retitled, drafted, aliased, redesigned, optioned,
    extended, recalled, redefined, hired, included, redrawn, rephotographed, moved, redirected, handwritten, unclear,
    upgraded, unedited,
)  # fmt: skip


def put(root: Path, before: Sources, after: Sources) -> None:
    """Make the files of *root*, which are *before*, those of *after*, and touch nothing that stays."""
    for name in before.keys() - after.keys():
        (root / name).unlink()
    for name, data in after.items():
        if before.get(name) != data:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data.encode() if isinstance(data, str) else data)
    for folder in sorted(root.glob("docs/articles/*"), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


class Site:
    """A site that is built again and again; everything is compared with a build without a cache."""

    def __init__(self, root: Path) -> None:
        self.root, self.sources = root, {}
        self.edit(START)

    def edit(self, sources: Sources) -> None:
        if BROKEN in self.sources:
            sources = {name: data for name, data in sources.items() if name != BROKEN}
        put(self.root, self.sources, sources)
        self.sources = sources

    def build(self) -> str:
        """Build the site, compare, and return what was said."""
        cached = self._run("site", ENGBLOG_CACHE="on")
        fresh = self._run("fresh", ENGBLOG_CACHE="off")
        assert cached.returncode == fresh.returncode, cached.stderr + fresh.stderr
        one, other = snapshot(self.root / "site"), snapshot(self.root / "fresh")
        assert {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)} == set()
        return cached.stderr

    def _run(self, folder: str, **environment: str) -> subprocess.CompletedProcess[str]:
        arguments = ["build", "-f", "mkdocs.yml", "-d", folder]
        sys.path.insert(0, str(self.root / "packages"))
        try:
            return run_here("mkdocs", arguments, cwd=self.root, environment=environ(**environment))
        finally:
            sys.path.remove(str(self.root / "packages"))


@pytest.mark.parametrize("seed", [20])
def test_after_each_kind_of_edit_a_cached_build_is_a_fresh_one(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    edits = [*EDITS]
    chance.shuffle(edits)
    site = Site(tmp_path)
    said = [site.build()]
    for edit in edits:
        site.edit(edit(site.sources, chance))
        said.append(site.build())
    assert sum("problem" in each for each in said) <= 2, "most of the builds must succeed, or nothing is compared"
    assert any("0 are rendered" in each for each in said), "some builds must take all articles from the cache"


class CachedBuilds(RuleBasedStateMachine):
    """The same in any order, as often as there is time for."""

    @initialize()
    def begin(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._site = Site(Path(self._folder.name))
        self._site.build()

    @rule(edit=st.sampled_from(EDITS), seed=st.integers(0, 10**6))
    def step(self, edit: Edit, seed: int) -> None:
        if slugs(self._site.sources):
            self._site.edit(edit(self._site.sources, random.Random(seed)))
            self._site.build()

    @rule()
    def go_back_to_the_start(self) -> None:
        self._site.edit({**START})
        self._site.build()

    def teardown(self) -> None:
        if hasattr(self, "_folder"):
            self._folder.cleanup()


_THOROUGH = settings.default is not None and settings.default.max_examples > 100
CachedBuilds.TestCase.settings = settings(
    max_examples=50 if _THOROUGH else 2, stateful_step_count=20 if _THOROUGH else 3, deadline=None
)
TestCachedBuilds = CachedBuilds.TestCase


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site that was built with a cache, which everything that the test builds has too."""
    monkeypatch.setenv("ENGBLOG_CACHE", "on")
    mini(tmp_path, {"docs/articles/a/index.md": article(), "docs/about.md": "Who we are.\n"})
    build(tmp_path)
    return tmp_path


def test_a_build_says_in_one_line_that_nothing_has_changed(built: Path) -> None:
    before = {path: path.stat().st_ctime_ns for path in (built / "site").rglob("*")}
    done = run(built, "build")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.count("\n") == 1
    assert SAID in done.stderr
    assert {path: path.stat().st_ctime_ns for path in (built / "site").rglob("*")} == before


def changes_of_the_site(site: Path) -> Iterator[Callable[[], object]]:
    yield (site / "index.html").unlink
    yield lambda: (site / "index.html").write_text("other")
    yield (site / "more.html").touch
    yield (site / "empty").mkdir
    yield lambda: (site / "about").rename(site / "elsewhere")
    yield lambda: shutil.rmtree(site)


@pytest.mark.parametrize("number", range(6))
def test_a_site_that_somebody_has_changed_is_built_again(built: Path, number: int) -> None:
    before = snapshot(built / "site")
    [*changes_of_the_site(built / "site")][number]()
    assert SAID not in run(built, "build").stderr
    assert snapshot(built / "site") == before


def test_the_same_bytes_with_other_times_are_the_same_site(built: Path) -> None:
    for path in built.rglob("*"):
        os.utime(path)
    assert SAID in run(built, "build").stderr


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["--strict"], {}),
        (["-d", "other"], {}),
        ([], {"SOURCE_DATE_EPOCH": "1796126401"}),
        ([], {"ENGBLOG_ALLOW": "orphans"}),
        ([], {"ENGBLOG_CACHE": "off"}),
    ],
)
def test_another_way_to_build_is_another_build(built: Path, arguments: list[str], environment: dict[str, str]) -> None:
    done = run_here("mkdocs", ["build", *arguments], cwd=built, environment=environ(**environment))
    assert done.returncode == 0
    assert SAID not in done.stderr


def test_the_clock_ends_what_was_the_same(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a moment that is given, a build is one of its day, or of the last article since midnight."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    without = {name: value for name, value in environ().items() if name != "SOURCE_DATE_EPOCH"}

    def said() -> str:
        return run_here("mkdocs", ["build"], cwd=built, environment=without).stderr

    from engblog.disk import clock  # noqa: PLC0415  (its clock is replaced)

    now = clock.now
    assert SAID not in said()
    assert SAID in said()
    monkeypatch.setattr(clock, "now", lambda *given: now(*given).replace(year=2030))
    assert SAID not in said()


UNKNOWN = {
    "a hook": config(before="hooks: [hook.py]\n"),
    "an extension that reads files": config().replace("  - tables", "  - pymdownx.b64\n  - tables"),
    "a function": config().replace(
        "superfences\n",
        "superfences: {custom_fences: [{name: x, class: x, format: !!python/name:json.dumps }]}\n",
    ),
    "a plugin": config().replace("plugins:\n", "plugins:\n  - material/info: {enabled: false}\n"),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_a_site_with_code_that_nobody_knows_is_always_built(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENGBLOG_CACHE", "on")
    mini(tmp_path, {"mkdocs.yml": UNKNOWN[what], "hook.py": "def on_env(env, config, files):\n    pass\n"})
    for _ in range(2):
        done = run(tmp_path, "build")
        assert (done.returncode, SAID in done.stderr) == (0, False), done.stderr
    assert not (tmp_path / STORE).exists()


def test_a_build_that_warned_warns_again(built: Path) -> None:
    (built / "docs/about.md").write_text("Who we [are](#nowhere).\n")
    strict = config("allow: [links]") + "validation: {links: {anchors: warn}}\n"
    (built / "mkdocs.yml").write_text(strict)
    said = [run(built, "build").stderr for _ in range(2)]
    assert said[0].count("WARNING") == said[1].count("WARNING") == 1
    assert SAID not in said[1]


def test_an_option_switches_the_cache_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGBLOG_CACHE", "on")
    mini(tmp_path, {"mkdocs.yml": config("cache: false")})
    assert [SAID in run(tmp_path, "build").stderr for _ in range(2)] == [False, False]
    assert not (tmp_path / STORE).exists()


def test_damaged_entries_only_cost_time(built: Path) -> None:
    before = snapshot(built / "site")
    for path in (built / STORE).rglob("*"):
        if path.is_file():
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 1
            path.write_bytes(data)
    done = run(built, "build")
    assert (done.returncode, SAID in done.stderr) == (0, False)
    assert snapshot(built / "site") == before


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGBLOG_CACHE", "on")
    mini(tmp_path)
    (tmp_path / STORE).parent.mkdir(parents=True)
    (tmp_path / STORE).touch()
    assert [run(tmp_path, "build").returncode for _ in range(2)] == [0, 0]


@pytest.mark.parametrize("after", [0.4, 1.2])
def test_after_a_build_that_was_killed_the_next_is_right(built: Path, after: float) -> None:
    (built / "docs/about.md").write_text("Who we were.\n")
    command = [sys.executable, "-m", "mkdocs", "build"]
    with subprocess.Popen(command, cwd=built, env=environ(), stderr=subprocess.DEVNULL) as process:
        time.sleep(after)  # wherever it is by then
        process.send_signal(signal.SIGKILL)
    build(built)
    kept = snapshot(built / "site")
    assert snapshot(build(built, "-d", "fresh", ENGBLOG_CACHE="off").parent / "fresh") == kept


def test_articles_that_are_made_on_all_cores_are_the_same(tmp_path: Path) -> None:
    """There are enough of them for workers, and one of them warns."""
    files = {
        f"docs/articles/a{number}/index.md": article(
            f"{BODY.partition('```')[0]}\n[^note]: Note {number} of the manual.\n", title=f"T {number}"
        )
        for number in range(30)
    }
    files = {name: data.replace("../second", "../a1") for name, data in files.items()}
    mini(
        tmp_path,
        {**files, "docs/articles/a7/index.md": article("[no](#nowhere)\n")} | {"mkdocs.yml": config("allow: [links]")},
    )
    said = {}
    for folder, switch in (("site", "on"), ("fresh", "off")):
        command = [sys.executable, "-m", "mkdocs", "build", "-d", folder]
        done = subprocess.run(
            command, cwd=tmp_path, env=environ(ENGBLOG_CACHE=switch), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        said[switch] = [line for line in done.stderr.splitlines() if line.startswith("WARNING")]
    assert said["on"] == said["off"]
    assert snapshot(tmp_path / "site") == snapshot(tmp_path / "fresh")


def test_two_builds_at_once_are_both_right(built: Path) -> None:
    (built / "docs/about.md").write_text("Who we were.\n")
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-d"]
    started = [subprocess.Popen([*command, f"site{number}"], cwd=built, env=environ()) for number in range(2)]
    assert [process.wait() for process in started] == [0, 0]
    build(built)
    assert snapshot(built / "site0") == snapshot(built / "site1") == snapshot(built / "site")
