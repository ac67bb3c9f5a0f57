"""Posts that were written for Material's blog plugin: addresses, dates, authors."""

from __future__ import annotations

import pytest
from support.importing import bring

FRONT = "---\ndate:\n  created: 2020-01-02\n  updated: 2021-03-04\nauthors: [ada]\ncategories: [Data]\ntags: [a, b, c]\n---\n"  # noqa: E501  (one text)


@pytest.mark.parametrize(
    ("options", "address"),
    [
        ("", "/blog/2020/01/02/a-title-here/"),
        ("post_url_format: '{slug}'", "/blog/a-title-here/"),
        ("post_url_date_format: yyyy/MM", "/blog/2020/01/a-title-here/"),
        ("post_url_format: '{categories}/{file}'", "/blog/data/x/"),
    ],
)
def test_the_old_address_follows_the_options(options: str, address: str) -> None:
    config = f"site_url: https://old.example/\nplugins:\n  - search\n  - blog: {{{options}}}\n"
    files = {"mkdocs.yml": config, "docs/blog/posts/x.md": FRONT + "# A title, here\n\nText.\n"}
    article = bring("material", files).articles[0]
    assert article.keys["aliases"] == f"['{address}']"
    assert article.keys["title"] == "A title, here"
    assert (article.keys["date"], article.keys["updated"], article.category) == ("2020-01-02", "2021-03-04", "Data")


def test_a_blog_may_be_at_the_root_and_have_its_authors() -> None:
    files = {
        "mkdocs.yml": "plugins:\n  - blog:\n      blog_dir: .\n",
        "docs/posts/x.md": FRONT + "# T\n\nText.\n",
        "docs/.authors.yml": "authors:\n  ada:\n    name: Ada Lovelace\n    description: Editor\n    avatar: x.png\n",
    }
    found = bring("material", files)
    assert found.articles[0].keys["aliases"] == "['/2020/01/02/t/']"
    assert found.new_people.new["ada"].name == "Ada Lovelace"
