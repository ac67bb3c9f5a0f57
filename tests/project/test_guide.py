"""Tests that the guide to the code and README speak of this repository: every path, module and name in them exists."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from support.hosts import REPOSITORY

GUIDE = "documentation/changing-the-code.md"
DECISIONS = sorted(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("documentation/decisions/*.md"))
TEXTS = ["README.md", GUIDE, *DECISIONS]
ROOTS = ("", "plugins/engblog/", "overrides/", "tests/", "documentation/")
"""Where a path in a text may start: the stages of an article are named without the folder of the plugin."""

_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*/?")
_MODULE = re.compile(r"engblog(?:\.\w+)+")
_NAME = re.compile(r"_?[A-Za-z]\w*")
_SUFFIX = re.compile(r"\.(?:py|md|mjs|js|html|css|toml|yml|json|tsv|site|txt|svg)$")
ELSEWHERE = {
    "index.md",
    "llms.txt",
    "robots.txt",
    "build.json",
    "sitemap.xml",
    "base.html",
    "docs/articles/why-fsync-lies/",
}
"""Files of a built site, of Material, and of an example: no commit has them."""


@cache
def tracked() -> tuple[str, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return tuple(listed.stdout.splitlines())


@cache
def source() -> str:
    """All code that a name may be from."""
    kinds = (".py", ".html", ".toml", ".yml", ".mjs")
    roots = (
        ".github/",
        "plugins/",
        "tests/",
        "overrides/",
        "search/src/",
        "benchmarks/",
        "tools/",
        "pyproject.toml",
        "mkdocs.yml",
    )
    wanted = (name for name in tracked() if name.startswith(roots) and name.endswith(kinds))
    return "\n".join((REPOSITORY / name).read_text(encoding="utf-8") for name in wanted if "test_guide" not in name)


def exists(path: str) -> bool:
    """Whether *path* is a file or a folder of the repository; ``*`` stands for any name."""
    pattern = re.compile(re.escape(path.rstrip("/")).replace(r"\*", "[^/]*") + r"(?:/.*)?")
    return any(pattern.fullmatch(name) for name in tracked())


def wrong(text: str) -> list[str]:
    """What *text* names in code, in drawings and as links, and the repository lacks."""
    found = []
    drawings = "\n".join(_FENCE.findall(text))
    prose = _FENCE.sub("", text)
    for code in _CODE.findall(prose):
        named = re.sub(r"<[a-z]+>", "*", code)
        if named in ELSEWHERE or named.startswith((".", "--")):
            continue
        if _MODULE.fullmatch(named):
            ok = exists("plugins/" + named.replace(".", "/") + ".py") or exists("plugins/" + named.replace(".", "/"))
        elif _PATH.fullmatch(named) and ("/" in named or _SUFFIX.search(named)):
            bare = "/" not in named and any(each.endswith(f"/{named}") for each in tracked())
            ok = bare or any(exists(root + named) for root in ROOTS)
        elif _NAME.fullmatch(named):
            ok = any(exists(root + named) for root in ROOTS) or bool(re.search(rf"\b{named}\b", source()))
        else:
            continue  # a command, a mark of the syntax, or a pattern
        if not ok:
            found.append(code)
    for path in re.findall(r"[\w*./-]+/[\w*.-]+\.py\b", drawings):
        if not any(exists(root + path) for root in ROOTS):
            found.append(path)
    return found


@pytest.mark.parametrize("name", TEXTS)
def test_every_path_module_and_name_exists(name: str) -> None:
    assert wrong((REPOSITORY / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", [*TEXTS, "CONTRIBUTING.md", "SECURITY.md"])
def test_every_link_leads_to_a_file(name: str) -> None:
    path = REPOSITORY / name
    links = _LINK.findall(_CODE.sub("", _FENCE.sub("", path.read_text(encoding="utf-8"))))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("`plugins/engblog/core/`", "plugins/engblog/core/"),
        ("`outputs/nothing.py`", "outputs/nothing.py"),
        ("`engblog.core.article`", "engblog.core.article"),
        ("`docs/nowhere/<slug>/`", "docs/nowhere/<slug>/"),
        ("`no_such_name_anywhere`", "no_such_name_anywhere"),
        ("```\n | disk/gone.py\n```\n", "disk/gone.py"),
    ],
)
def test_what_is_gone_would_be_found(text: str, said: str) -> None:
    assert wrong(text) == [said]


def test_the_guide_has_every_package_and_no_other() -> None:
    """In its tree, and in its layers."""
    text = (REPOSITORY / GUIDE).read_text(encoding="utf-8")
    tree = text.partition("## The tree")[2].partition("Beside the plugin")[0]
    packages = {path.parent.name for path in (REPOSITORY / "plugins/engblog").glob("*/__init__.py")}
    assert {name.partition("/")[0] for name in re.findall(r"^\| `(\w+/)", tree, re.MULTILINE)} == packages
    layers = text.partition("## The layers")[2].partition("```")[2].partition("```")[0]
    assert set(re.findall(r"\w+", layers)) == packages


def test_the_layers_are_drawn_as_they_are_checked() -> None:
    text = (REPOSITORY / GUIDE).read_text(encoding="utf-8")
    drawn = text.partition("## The layers")[2].partition("```")[2].partition("```")[0]
    lines = [re.findall(r"\w+", line) for line in drawn.splitlines() if line.strip()]
    declared = (REPOSITORY / "pyproject.toml").read_text().partition("layers = [")[2].partition("]")[0]
    assert lines == [re.findall(r"\w+", line) for line in re.findall(r'"([^"]+)"', declared)]


@pytest.mark.parametrize("target", re.findall(r"^make ([a-z-]+)", (REPOSITORY / GUIDE).read_text(), re.MULTILINE))
def test_every_command_of_the_guide_is_a_target(target: str) -> None:
    assert re.search(rf"^{target}:.*## ", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)


def test_the_list_of_decisions_has_each_of_them() -> None:
    folder = REPOSITORY / "documentation/decisions"
    files = sorted(path.name for path in folder.glob("0*.md"))
    assert files
    assert re.findall(r"\]\((0[^)]+)\)", (folder / "README.md").read_text()) == files
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    for name in files:
        text = (folder / name).read_text()
        assert re.match(rf"# {int(name[:4])}\. .+\n\n\d{{4}}-\d{{2}}-\d{{2}}\b", text), name


def test_the_readme_shows_where_code_is_and_every_folder_it_names_is_tracked() -> None:
    text = (REPOSITORY / "README.md").read_text()
    rows = re.findall(r"^\| (`[^|]+) \|", text.partition("## What is where")[2], re.MULTILINE)
    named = {path.partition("/")[0] for row in rows for path in _CODE.findall(row)}
    assert named >= {"docs", "plugins", "overrides", "search", "servers", "tests", "tools", "documentation", "schemas"}


def test_a_path_is_not_found_by_the_start_of_a_name() -> None:
    assert exists("plugins/engblog/disk")
    assert not exists("plugins/engblog/dis")
    assert not exists("plugins/engblog/disk/clock")
    assert Path(__file__).name == "test_guide.py"
