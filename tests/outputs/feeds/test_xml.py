"""XML without surprises."""

from __future__ import annotations

from xml.etree import ElementTree

from engblog.outputs.feeds.xml import Markup, element, escape
from hypothesis import given
from hypothesis import strategies as st


def test_text_is_never_markup() -> None:
    made = element("a", "<b>]]>&amp;", element("c", attributes={"d": '"<\n\t>'}), attributes={"e": "x & y"})
    assert made == '<a e="x &amp; y">&lt;b&gt;]]&gt;&amp;amp;<c d="&quot;&lt;&#10;&#9;&gt;"/></a>'
    assert ElementTree.fromstring(made)[0].get("d") == '"<\n\t>'  # noqa: S314


@given(st.text(st.characters(), max_size=40))
def test_no_text_breaks_xml(text: str) -> None:
    root = ElementTree.fromstring(element("a", text, attributes={"b": text}).encode())  # noqa: S314
    assert (root.text or "") == str(root.get("b")).replace("\r", "\n")
    assert isinstance(escape(text), Markup)
