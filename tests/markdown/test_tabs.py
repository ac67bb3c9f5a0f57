"""Each tab's text is named by its label, for paper."""

from __future__ import annotations

from engblog.html.safety import unsafe_markup
from support.rendered import render, tree


def test_each_block_of_a_set_has_the_text_of_its_label() -> None:
    inner = '    === "In"\n        x\n'
    html = render(f'=== "Go"\n{inner}\n=== "It\'s `y`"\n    y\n')
    blocks = [each.get("data-title") for each in tree(html).iter("div") if each.get("class") == "tabbed-block"]
    assert blocks == ["Go", "In", "It’s y"]
    assert not [*unsafe_markup(html)]
