"""Whatever a strict build refuses, `engblog check` has named before: texts made of links and blocks of all kinds."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest
from engblog.disk.docs import check_docs
from engblog.disk.project import find_project
from engblog.hosts.mkdocs.check import main as texts_of_host
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.hosts import BuildError, build_here, mini
from support.pictures import PNG
from support.sources import DRAWING, article

pytestmark = pytest.mark.usefixtures("epoch")

TARGETS = [
    "../b/index.md", "../b/", "../b/index.md#why", "../b/index.md#gone", "#here", "#gone", "pic.svg", "/tags/", "?x",
    "/articles/2026/11/20/b/", "../../tags/redis/", "tags/index.md", "../../about.md", "../../about.md#gone", "lab/",
    "data.txt", "data.txt#L3", "index.md", "./", ".", "..", "https://example.org/", "mailto:a@b.c", "javascript:x",
    "//far.example/x", "../b/pic.png", "../b/index.html", "%2e%2e/b/index.md", "../../index.md", "../../../x", "about",
    "../b", "../../redirects.yml", "../../../../../../../x", "/blog/tags/",
]  # fmt: skip
FORMS = [
    "[a]({})", "![alt]({})", '<a href="{}">x</a>', '<img src="{}" alt="x">', "[a][r]\n\n[r]: {}", '[a]({} "t")',
    "[![alt](pic.svg)]({})",
]  # fmt: skip
BLOCKS = [
    "## Why", "## Why\n\nx\n\n## Why", "### Deep", "# One", "## A {#here}", "- a\n- b", "| a |\n|---|\n| c |",
    "```go\nx\n```", "!!! note\n    x", '=== "A"\n    x', "a[^1]\n\n[^1]: b", "[^2]: unused", "<b>x", "**a*b**",
    "<details><summary>A</summary>b</details>", "~~x~~", "{lab:x}", "![a](chart:x)", "It took 3 ms.", "[TOC]", "#1",
    '```\n--8<-- "data.txt"\n```', "$x$", "{{ x }}", "<!-- c -->", "---", "</div>", "++ctrl++", "- [x] a", "[[wiki]]",
]  # fmt: skip
LINKS = st.builds(str.format, st.sampled_from(FORMS), st.sampled_from(TARGETS))
TEXTS = st.lists(LINKS | st.sampled_from(BLOCKS), min_size=1, max_size=2).map(lambda parts: "\n\n".join(parts) + "\n")


def refusal(site: Path) -> str:
    """What a strict build says when it ends with an error; nothing if it succeeds."""
    try:
        build_here(site, strict=True)
    except BuildError as error:
        return str(error)
    return ""


@settings(max_examples=25)
@given(TEXTS, st.booleans())
@example('<a href="#gone">x</a>\n', False)
@example('<img src="lab/" alt="x">\n', True)
@example('<img src="/tags/" alt="x">\n', False)
@example('<a href="../../../x">x</a>\n', True)
@example("[a](about)\n", True)
def test_what_a_build_refuses_the_check_has_named(
    tmp_path_factory: pytest.TempPathFactory, text: str, is_page: bool
) -> None:
    site = mini(
        tmp_path_factory.mktemp("site"),
        {
            "docs/articles/a/index.md": article("One.\n" if is_page else text),
            "docs/articles/a/pic.svg": DRAWING,
            "docs/articles/a/data.txt": "One.\n",
            "docs/articles/b/index.md": article("[p](../a/pic.svg) [d](../a/data.txt) ![p](pic.png)\n\n## Why\n"),
            "docs/articles/b/pic.png": PNG,
            "docs/about.md": "# About us\n\n" + (text if is_page else "One.\n"),
        },
    )
    if said := refusal(site):
        project = find_project(site / "mkdocs.yml")
        assert check_docs(project.docs, project.settings).problems or named_by_host(site), said


def named_by_host(site: Path) -> list[object]:
    """What the host finds when it renders the texts of *site*."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert texts_of_host(str(site / "mkdocs.yml")) == 0
    return list(json.loads(said.getvalue()))
