"""Setting characters changes neither ids nor code, and the list of contents is set like its headings."""

from __future__ import annotations

import re

import pytest
from engblog.markdown.typography import HeldProcessor
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from pymdownx.slugs import slugify
from support.rendered import canonical_of, render, rendered

HEADINGS = "# A -- b\n\n## It's \"so\"...\n\n## One---two\n\n## A—b “c”\n\n## `it's` isn't\n"


def ids(html: str) -> list[str]:
    return re.findall(r'<h\d id="([^"]*)"', html)


def test_ids_are_made_of_what_was_typed() -> None:
    html = render(HEADINGS)
    assert ids(html) == ids(rendered(HEADINGS)) == ["a-b", "its-so", "one-two", "ab-c", "its-isnt"]
    assert "It’s “so”…" in html


@pytest.mark.parametrize("case", ["lower", "none"])
def test_so_are_those_of_another_maker_of_ids(case: str) -> None:
    def converted(text: str) -> Markdown:
        settings = {"toc": {"slugify": slugify(case=case)}}
        md = Markdown(extensions=["toc", "engblog.markdown"], extension_configs=settings)
        assert ids(md.convert(text))
        return md

    typed, were_set = converted(HEADINGS), converted(canonical_of(HEADINGS))
    assert [token["id"] for token in were_set.toc_tokens[0]["children"]] == [  # type: ignore[attr-defined]
        token["id"]
        for token in typed.toc_tokens[0]["children"]  # type: ignore[attr-defined]
    ]


def test_the_list_of_contents_is_set() -> None:
    md = Markdown(extensions=["toc", "engblog.markdown"])
    html = md.convert(canonical_of('# It\'s\n\n[TOC]\n\n## The "end"\n'))
    assert md.toc_tokens[0]["name"] == "It’s"  # type: ignore[attr-defined]
    assert html.count("The “end”") == 2
    assert "The “end”" in md.toc  # type: ignore[attr-defined]


def test_code_is_left_and_titles_are_set() -> None:
    html = render('`it\'s`\n\n```py title="Ann\'s file"\nx = "it\'s"\n```\n\n![it\'s](a.png "It\'s")\n')
    assert "<code>it's</code>" in html
    assert "Ann’s file" in html
    assert 'alt="it’s"' in html
    assert "<figcaption>It’s</figcaption>" in html
    assert "it&#39;s" in re.sub(r"<[^>]*>", "", html.partition("<pre")[2]) or "it's" in html.partition("<pre")[2]


def test_it_works_without_a_list_of_contents() -> None:
    md = Markdown(extensions=["engblog.markdown"])
    assert md.convert(canonical_of("It's")) == "<p>It’s</p>"
    assert issubclass(HeldProcessor, Treeprocessor)
