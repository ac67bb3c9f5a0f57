"""Posts that were written for MkDocs: pages, snippets, extensions."""

from __future__ import annotations

import pytest
from support.importing import FRONT, body, bring, bring_one, left

CONFIG = """\
site_url: https://old.example/
markdown_extensions:
  - pymdownx.mark
  - pymdownx.caret
  - pymdownx.tilde
  - pymdownx.critic
  - pymdownx.snippets:
      base_path: [parts]
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
"""


def test_pages_with_a_date_are_posts() -> None:
    files = {
        "mkdocs.yml": CONFIG,
        "docs/index.md": FRONT + "Text.\n",
        "docs/guide.md": "# Guide\n\nText.\n",
        "docs/a/dated.md": FRONT + "Text.\n",
        "docs/x/2020-03-04-named.md": "# Named\n\nText.\n",
        "docs/blog/2021/05/06/deep.md": "# Deep\n\nText.\n",
    }
    found = {each.path: each for each in bring("mkdocs", files).articles}
    assert {path: each.keys["date"] for path, each in found.items()} == {
        "docs/a/dated.md": "2020-01-02",
        "docs/x/2020-03-04-named.md": "2020-03-04",
        "docs/blog/2021/05/06/deep.md": "2021-05-06",
    }
    assert found["docs/x/2020-03-04-named.md"].keys["title"] == "Named"
    assert found["docs/x/2020-03-04-named.md"].body.strip() == "Text."
    assert found["docs/a/dated.md"].keys["aliases"] == "['/a/dated/']"


def test_pages_may_be_files() -> None:
    files = {"mkdocs.yml": CONFIG + "use_directory_urls: false\n", "docs/posts/x.md": FRONT + "[a](../b.md)\n"}
    article = bring("mkdocs", files).articles[0]
    assert article.keys["aliases"] == "['/posts/x.html']"
    assert article.body.strip() == "[a](https://old.example/b.html)"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("==a== ^^b^^ H~2~O x^2^", "<mark>a</mark> <ins>b</ins> H<sub>2</sub>O x<sup>2</sup>"),
        ("{++a++} {--b--} {~~c~>d~~}", "<ins>a</ins> <del>b</del> <del>c</del><ins>d</ins>"),
        (":material-star: a", "a"),
        (":tada: a", "🎉 a"),
        ('--8<-- "part.md"', "Included."),
        ('```\n--8<-- "part.md:2:2"\n```', "```\nSecond.\n```"),
        ('!!! mystery "T"\n    a', '!!! note "T"\n\n    a'.replace("\n\n", "\n")),
        ("/// tip | T\na\n///", '!!! tip "T"\n\n    a'),
        ("/// details | T\na\n///", '??? note "T"\n\n    a'),
        ("[a](https://example.org){ .md-button }", "[a](https://example.org)"),
        ('a\n{: style="color: red" }', "a"),
        ("[TOC]\n\na", "a"),
    ],
)
def test_extensions_are_translated(old: str, new: str) -> None:
    more = {"mkdocs.yml": CONFIG, "parts/part.md": "Included.\nSecond.\n" if ":2" in old else "Included.\n"}
    article = bring_one("mkdocs", old + "\n", more)
    assert article.body.strip() == new
    assert left(article) == []


def test_a_configuration_that_cannot_be_read_is_named() -> None:
    found = bring("mkdocs", {"mkdocs.yml": "a: [\n", "docs/posts/x.md": FRONT + "Text.\n"})
    assert [str(each).split("\n")[0] for each in found.remarks] == ["mkdocs.yml:1 the configuration cannot be read"]


def test_a_snippet_that_is_gone_is_named() -> None:
    assert left(bring_one("mkdocs", 'A.\n\n--8<-- "gone.md"\n')) == ["8: there is no file “gone.md” to include"]


def test_marks_of_extensions_that_are_not_used_are_text() -> None:
    assert body("mkdocs", "==a== ^^b^^\n") == "==a== ^^b^^"
