"""XML for programs: feeds pass, and nothing that a browser would run, show as a page or load."""

from __future__ import annotations

import pytest
from engblog.html.plain_xml import NAMESPACES, plain_xml_fault

XHTML, SVG = "http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"


@pytest.mark.parametrize(
    "text",
    ["<x/>", "<?xml version='1.0' encoding='UTF-8'?><x a='&lt;'>&amp;</x>", "\ufeff<x/>", "<x><![CDATA[<script>]]></x>"]
    + [f"<a:x xmlns:a='{each}'/>" for each in sorted(NAMESPACES - {""})],
)
def test_data_is_plain(text: str) -> None:
    assert plain_xml_fault(text.encode()) == ""


@pytest.mark.parametrize(
    "space", [XHTML, SVG, "http://www.w3.org/1999/XSL/Transform", "http://www.w3.org/1998/Math/MathML", "x"]
)
def test_an_element_that_means_something_to_a_browser_is_named(space: str) -> None:
    assert "an element <y>" in plain_xml_fault(f"<x><a:y xmlns:a='{space}'/>".encode())
    assert "an element <y>" in plain_xml_fault(f"<y xmlns='{space}'/>".encode())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<!DOCTYPE x><x/>", "DOCTYPE"),
        (b"<x/><?xml-stylesheet href='a'?>", "an instruction"),
        (b"<x", "not XML"),
        ("<x/>".encode("utf-16"), "not UTF-8"),
        ("<x/>".encode("utf-16-le"), "not UTF-8"),
        (b"<x>\xff</x>", "not UTF-8"),
        (b"<?xml version='1.0' encoding='utf-7'?><x/>", "not UTF-8"),
        (b"", "not XML"),
        (b"<a:x/>", "not XML"),
    ],
)
def test_anything_else_is_named(data: bytes, said: str) -> None:
    assert said in plain_xml_fault(data)


def test_a_style_sheet_of_the_site_may_be_named() -> None:
    feed = b'<?xml-stylesheet type="text/xsl" href="rss.xsl"?><rss/>'
    assert plain_xml_fault(feed, ["rss.xsl"]) == ""
    assert plain_xml_fault(feed) != ""
    assert plain_xml_fault(feed.replace(b'href="rss', b'href="x" href="rss'), ["rss.xsl"]) != ""
