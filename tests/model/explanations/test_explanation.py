"""Every code is explained, and its examples are what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.contract.check import CHECK_OF
from engblog.disk.docs import DocsSettings, check_docs
from engblog.hosts.mkdocs.render import seal_of
from engblog.hosts.mkdocs.rendered_texts import problems_of
from engblog.hosts.mkdocs.texts import read_text
from engblog.model.explanations import EXPLANATIONS, Example, example_lines, explained
from engblog.model.problems import Code, Problems
from engblog.source.frontmatter import split
from support.examples_of_codes import example_site
from support.hosts import BuildError, build_here, mini
from support.texts import claimed_config

RENDERED = {Code.R015_READ_OTHERWISE, Code.R021_ANCHOR, Code.R027_ENDS}
BUILT = {Code.B001_TIME, Code.B002_FAILED}
OF_SOURCES = [code for code in EXPLANATIONS if code not in {*CHECK_OF, *BUILT}]


def test_every_code_is_explained() -> None:
    assert set(EXPLANATIONS) == set(Code)


def found(root: Path, code: Code, example: Example) -> list[str]:
    """The codes of the problems of *example*."""
    docs = example_site(root, code, example)
    settings = DocsSettings(theme=docs.parent / "overrides") if code is Code.S015_REPLACES else DocsSettings()
    problems = list(check_docs(docs, settings).problems)
    if code in RENDERED:
        name = "articles/a/index.md"
        parts = split((docs / name).read_text(), name, Problems())
        assert parts is not None
        config, folder = claimed_config(), (docs / name).parent
        text = read_text(parts.body, parts.body_line, name, folder, docs, is_article=True, seal=seal_of(config))
        problems += problems_of({name: text}, [name], docs, config)
    return [each.code.id for each in problems]


@pytest.mark.parametrize("code", OF_SOURCES, ids=lambda code: code.id)
def test_the_wrong_example_has_the_problem_and_the_right_one_has_none(tmp_path: Path, code: Code) -> None:
    explanation = EXPLANATIONS[code]
    assert code.id in found(tmp_path / "bad", code, explanation.bad)
    assert found(tmp_path / "good", code, explanation.good) == []


@pytest.mark.parametrize("code", sorted(BUILT, key=lambda code: code.id), ids=lambda code: code.id)
def test_the_wrong_template_ends_the_build_and_the_right_one_does_not(tmp_path: Path, code: Code) -> None:
    explanation = EXPLANATIONS[code]
    site = mini(tmp_path, {"docs/articles/a/index.md": "", "theme/article.html": str(explanation.bad["template"])})
    example_site(tmp_path, code, {})
    assert code.id in refusal(site)
    (tmp_path / "theme/article.html").write_text(str(explanation.good["template"]))
    assert code.id not in refusal(site)


def refusal(site: Path) -> str:
    """What a build says that ends with an error; nothing if it succeeds."""
    try:
        build_here(site)
    except BuildError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("code", EXPLANATIONS, ids=lambda code: code.id)
def test_an_explanation_is_short_and_can_be_printed(code: Code) -> None:
    text = explained(code)
    assert text.startswith(f"{code.id}: {code.value}\n")
    assert all(each.isprintable() for each in text.splitlines())
    assert len(text.splitlines()) < 50
    assert EXPLANATIONS[code].about.endswith(".")
    assert "Wrong:\n" in text
    assert "Right:\n" in text


def test_an_example_is_cut_where_it_is_long() -> None:
    lines = list(example_lines({"text": "x" * 300 + "\n" + "line\n" * 30, "a.txt": None, "b.txt": "-> c"}))
    assert lines[1] == f"    {'x' * 160}… (300 characters)"
    assert lines[-3:] == ["    … (31 lines)", "  `a.txt`: there is no such file", "  `b.txt`: a symbolic link to c"]
