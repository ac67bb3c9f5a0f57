"""The texts of mkdocs.yml that readers see."""

from __future__ import annotations

import pytest
from engblog.model.problems import Problems
from engblog.source.site_texts import check_site_texts


def places(text: str) -> list[str]:
    problems = Problems()
    check_site_texts(text, "mkdocs.yml", problems)
    return [f"{each.mark.path}:{each.mark.line}:{each.mark.column} {each.code.id}" for each in problems.found]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("site_name: The #1 blog\nsite_url: https://x/ # fine\n", ["1:16 Y009"]),
        (
            "docs_dir: docs # fine\nsite_description: >- # no\n  One\n  # two\ncopyright: !free\n",
            ["2:22 Y009", "5:12 Y010"],
        ),
        ('copyright: "a\\_b"\n', ["1:14 Y011"]),
        ("site_name: One\n  # two\nrepo_name: a\n#end\n", ["2:3 Y009"]),
        ("extra:\n  site_name: a # b\n", []),
        ("site_name: !ENV [NAME, x]\ncopyright: !relative x\nsite_author: !!python/name:a\n", []),
        ("# one\nsite_name: 'The #1' # two\nplugins: # three\n  - engblog # four\n", []),
        ("site_name: a: b # c\n", []),
        ("- a # b\n", []),
        ("", []),
    ],
)
def test_what_readers_would_not_see_is_placed(text: str, wrong: list[str]) -> None:
    assert places(text) == [f"mkdocs.yml:{place}" for place in wrong]
