"""Whatever a site's sources are, the check and the build end in time: with pages, or with problems that name files."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.hosts import CONFIG, EPOCH, environ, leftovers, mini, run, start
from support.mutations import mutated
from support.processes import run_here
from support.sources import article, write

A = "docs/articles/a/index.md"
PAGE = "docs/p.md"
_PROBLEM = re.compile(r"^\S[^\n]*?:\d+:\d+ [A-Z]\d{3} \S", re.MULTILINE)
MOST_SECONDS = 40
"""A limit for the processor's time of a check and a build, starting included: what hangs takes minutes."""


def check(root: Path) -> tuple[int, str]:
    done = run_here("engblog.cli", ["check"], cwd=root, environment=environ(SOURCE_DATE_EPOCH=EPOCH), merged=True)
    return done.returncode, done.stdout


def build(root: Path) -> tuple[int, str]:
    done = run(root, "build")
    return done.returncode, done.stdout + done.stderr


def expect(status: int, said: str) -> None:
    """A good end, or a refusal with a place, and no traceback."""
    assert "Traceback" not in said, said[-3000:]
    assert status in {0, 1}, said[-3000:]
    assert status == 0 or _PROBLEM.search(said), said[-3000:]


def outcome(root: Path) -> tuple[int, int, str]:
    """The statuses of the check and the build, and what both said, once each is seen to be an end as it should be."""
    began = time.process_time()
    checked, said = check(root)
    expect(checked, said)
    built, log = build(root)
    expect(built, log)
    assert leftovers(root) == []
    assert time.process_time() - began < MOST_SECONDS
    return checked, built, said + log


REFUSED: dict[str, tuple[Mapping[str, str | bytes], str]] = {
    "an update in a thousand years": ({A: article(updated="3026-11-20")}, f"{A}:7:10 F005"),
    "an update next year": ({A: article(updated="2105-12-31")}, f"{A}:7:10 F016"),
    "a page that will be changed": ({PAGE: "---\nupdated: 2105-12-31\n---\n# A\n"}, f"{PAGE}:2:10 F016"),
    "an article before the web": ({A: article(date="1989-12-31")}, f"{A}:4:7 F005"),
    "an article after all sitemaps": ({A: article(date="2106-01-01")}, f"{A}:4:7 F005"),
    "a correction that nobody has made": (
        {A: article(corrections="[{date: 2105-01-01, text: x}]")}, f"{A}:7:22 F016",
    ),
    "a correction before the article": (
        {A: article(corrections="[{date: 2026-11-19, text: x}]")}, f"{A}:7:22 F009",
    ),
    "a title that no card can show": ({A: article(title="x" * 201)}, f"{A}:2:8 F004"),
    "a quotation mark in an include": (
        {A: article("```\n--8<-- \"it's.txt\"\n```\n"), "docs/articles/a/it's.txt": "x"}, f"{A}:9:1 R005",
    ),
    "an include of an include of nothing": (
        {A: article('```\n--8<-- "b.txt"\n```\n'), "docs/articles/a/b.txt": '--8<-- "nope.txt"\n'}, f"{A}:9:9 R005",
    ),
    "an include of a folder": (
        {A: article('```\n--8<-- "b"\n```\n'), "docs/articles/a/b/x.txt": "x"}, f"{A}:9:9 R005",
    ),
    "an include of what is not text": (
        {A: article('```\n--8<-- "b.txt"\n```\n'), "docs/articles/a/b.txt": b"\xff\x00"}, f"{A}:9:9 R005",
    ),
    "a list 300 deep": ({A: article("\n".join(" " * (2 * n) + "- a" for n in range(300)))}, f"{A}:17:1 S018"),
    "500 elements with Markdown": ({PAGE: "# A\n\n" + "<div markdown>\n" * 500}, f"{PAGE}:23:1 S018"),
    "a line of brackets": ({PAGE: "# A\n\n" + "[" * 19_000}, f"{PAGE}:3:1 S019"),
    "brackets in lines": ({A: article("[a\n" * 90_000)}, f"{A}:8:1 S019"),
    "a long line": ({PAGE: "# A\n\n" + "a" * 50_000}, f"{PAGE}:3:20001 S017"),
    "a large file": ({PAGE: "# A\n\n" + "a\n\n" * 100_000}, f"{PAGE}:1:1 S003"),
    "a table of 4,000 columns": ({PAGE: "# A\n\n|" + "a|" * 4000 + "\n|" + "-|" * 4000 + "\n"}, f"{PAGE}:3:"),
    "a page that is not UTF-8": ({PAGE: b"# A\n\xff\n"}, f"{PAGE}:2:1 S001"),
    "a snippet in a page that is not there": ({PAGE: '# A\n\n```\n--8<-- "nope"\n```\n'}, f"{PAGE}:4:9 R005"),
    "a bomb of aliases": ({PAGE: "---\ntitle: &a [x, x]\nb: [*a, *a]\n---\n# A\n"}, f"{PAGE}:2:8 Y006"),
}  # fmt: skip


@pytest.mark.usefixtures("epoch")
@pytest.mark.parametrize("what", REFUSED)
def test_the_check_and_the_build_refuse_it_at_its_place(tmp_path: Path, what: str) -> None:
    files, place = REFUSED[what]
    checked, built, said = outcome(mini(tmp_path, {A: article(), **files}))
    assert (checked, built) == (1, 1), said
    assert said.count(place) >= 2, said


FINE = {
    "thousands of stars": "*a " * 6000,
    "runs of stars": ("*" * 5000 + "a ") * 3,
    "ever longer code": " ".join("`" * n for n in range(1, 190)),
    "an attribute list that splits in many ways": "a {" + ":=xy" * 4000 + "}",
    "code that a lexer takes long for": "```js\n" + "/" * 19_000 + "\n```\n",
    "underscores": "_a__b" * 3800,
}


@pytest.mark.usefixtures("epoch")
@pytest.mark.parametrize("what", FINE)
def test_what_only_looks_dangerous_ends_in_time(tmp_path: Path, what: str) -> None:
    outcome(mini(tmp_path, {A: article(), PAGE: f"# A\n\n{FINE[what]}\n"}))


SLOW = """\
from markdown import Extension
from markdown.preprocessors import Preprocessor

class Spin(Preprocessor):
    def run(self, lines):
        while any("spin" in line for line in lines):
            pass
        return lines

class Slow(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Spin(md), "slow", 1)

def makeExtension(**_):
    return Slow()
"""
RAISES: dict[str, tuple[Mapping[str, str | bytes], str]] = {
    "a template that divides by zero": ({"theme/article.html": "{{ 1 / 0 }}"}, f"{A}:1:1 B002"),
    "a template that cannot be read": ({"theme/article.html": "{% if %}"}, "theme/article.html:1:1 B002"),
    "a template without a name": ({"theme/main.html": "{{ nope.x }}"}, ":1:1 B002"),
    "a template that does not end": (
        {"theme/article.html": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"},
        f"{A}:1:1 B001",
    ),
    "a hook that fails for a page": (
        {"mkdocs.yml": f"hooks: [hook.py]\n{CONFIG}", "hook.py": "def on_page_content(html, **_): return 1 // 0\n"},
        ":1:1 B002 the page cannot be made: ZeroDivisionError",
    ),
    "a hook that fails for the site": (
        {"mkdocs.yml": f"hooks: [hook.py]\n{CONFIG}", "hook.py": "def on_nav(nav, **_): return 1 // 0\n"},
        "mkdocs.yml:1:1 B002 the site cannot be built: ZeroDivisionError",
    ),
    "an extension that does not end": (
        {
            "mkdocs.yml": CONFIG.replace("  - attr_list\n", "  - attr_list\n  - slow\n"),
            "slow.py": SLOW,
            A: article("Now spin.\n"),
        },
        f"{A}:1:1 B001",
    ),
}


@pytest.mark.parametrize("what", RAISES)
def test_whatever_a_page_raises_names_its_file(tmp_path: Path, what: str) -> None:
    files, place = RAISES[what]
    root = mini(tmp_path, {A: article(), **files})
    done = start(root, "build", PYTHONPATH=str(root))
    said = done.stdout + done.stderr
    expect(done.returncode, said)
    assert done.returncode == 1
    assert place in said
    assert leftovers(root) == []
    assert not (root / "site").exists()


def test_what_hangs_the_check_is_named_too(tmp_path: Path) -> None:
    files, place = RAISES["an extension that does not end"]
    root = mini(tmp_path, {A: article(), **files})
    done = subprocess.run(
        [sys.executable, "-m", "engblog.cli", "check"],
        cwd=root,
        env=environ(PYTHONPATH=str(root)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert place in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.usefixtures("epoch")
def test_a_name_that_is_not_text_is_named(tmp_path: Path) -> None:
    root = mini(tmp_path, {A: article()})
    (root / os.fsdecode(b"docs/\xff.md")).write_text("x")
    checked, built, said = outcome(root)
    assert (checked, built) == (1, 1)
    assert said.count("docs/\ufffd.md:1:1 S004") == 2


@pytest.mark.parametrize(("address", "said"), [("https://[::1/", "Invalid IPv6"), ("https://a:b/", "Port could not")])
def test_an_address_of_the_site_that_is_none_is_named(tmp_path: Path, address: str, said: str) -> None:
    mini(tmp_path, {A: article(), "mkdocs.yml": CONFIG.replace("https://mini.example/blog/", address)})
    status, text = check(tmp_path)
    assert status == 1
    assert "mkdocs.yml: site_url:" in text
    assert said in text


def test_a_file_where_the_cache_should_be_is_named(tmp_path: Path) -> None:
    root = mini(tmp_path, {A: article(), ".cache": "a file"})
    status, said = build(root)
    expect(status, said)


@pytest.mark.usefixtures("epoch")
@given(texts=st.lists(mutated(), min_size=8, max_size=8))
@settings(max_examples=examples(12), deadline=None)
def test_mutated_texts_end_in_pages_or_in_problems(texts: list[bytes]) -> None:
    """What the check accepts, the build makes a site of."""
    with tempfile.TemporaryDirectory() as folder:
        root = mini(Path(folder), {A: article()})
        for number, text in enumerate(texts):
            is_article = text.startswith(b"---\ntitle: W")
            name = f"docs/articles/m{number}/index.md" if is_article else f"docs/m{number}.md"
            write(root, {name: text})
        checked, built, said = outcome(root)
        assert built <= checked, said
