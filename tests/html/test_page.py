"""What a page has and asks for, read as a browser reads it."""

from __future__ import annotations

import time

import pytest
from engblog.html.css import css_loads, script_loads
from engblog.html.page import Use, places_in_drawing, places_on_page, read_drawing, read_page
from hypothesis import given
from hypothesis import strategies as st


def test_a_page_is_read_as_a_browser_reads_it() -> None:
    document = read_page(
        """<!doctype html><TITLE>A &amp;
        b</TITLE><!-- <a href="in-a-comment"> --><A HREF=bare ID='x"y'>
        <a title="a > b" href="x?a=1&amp;b=2"><a href='one'href="two"><a href>
        <script>document.write('<a href="in-a-script">')</script ><textarea><a href="in-a-field"></textarea>
        <span id="s"></span><a name=n></a><p id="a&amp;b"><svg><use xlink:href="#x"/></svg>
        <img srcset="a.png 1x,b.png, data.png 2x" src=c.png><source srcset="data:image/png;base64,AA">"""
    )
    assert document.title == "A & b"
    links = [each.address for each in document.references if each.use is Use.LINK]
    assert links == ["bare", "x?a=1&b=2", "one", ""]
    assert document.ids == {'x"y', "s", "n", "a&b"}
    loads = [each.address for each in document.references if each.use is Use.LOAD]
    assert loads == ["#x", "a.png", "b.png", "data.png", "c.png"]


@given(st.text(alphabet="<>/\"'=-! \nascriptyle:hrefidu&;", max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    document = read_page(text)
    assert all(0 <= each.offset < len(text) for each in document.references)


HOSTILE = {
    "unclosed values": '<a href="',
    "unclosed values of both kinds": "<a href=\"'",
    "quotes in turn": "<a b='\"<a b=\"'",
    "tags without end": "<a ",
    "attributes": "<a" + " b" * 10,
    "comments": "<!--",
    "scripts": "<script>",
    "styles": "<style>url(",
    "titles": "<title",
    "spans": '<span class="',
    "ids": '<span id="a',
    "signs in values": "<a b=<a b=",
    "equals alone": "<a =",
    "css strings": "<style>'\\",
    "css escapes": "\\6",
    "css sets": "image-set(",
    "spaces": "<a b" + " " * 50,
    "equals": "<a b= = = =",
    "imports": "<style>@import ",
    "css comments": "/*",
    "urls": "url( ",
    "entities": "<a href='&amp&amp&#",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_megabyte_of_bad_markup_is_read_in_bounded_time(case: str) -> None:
    unit = HOSTILE[case]
    text = unit * (1_000_000 // len(unit))
    start = time.process_time()
    for whole in (text, f"<style>{text}", f"<script>{text}", f'<a title="{text}', f"<a title='{text}' href=x>"):
        read_page(whole)
    list(css_loads(text))
    list(script_loads(text))
    assert time.process_time() - start < 10


def test_a_page_of_spans_is_read_fast() -> None:
    line = '<span id="__span-0-{}"><span class="n">a</span> <span class="o">=</span> <span class="mi">1</span>\n</span>'
    text = "".join(line.format(number) for number in range(20_000))
    start = time.process_time()
    assert len(read_page(text).ids) == 20_000
    assert time.process_time() - start < 2


def test_a_tag_is_placed_by_the_characters_before_it() -> None:
    page = '<!doctype html><title>é</title>\n<p>ü <a href="b">b</a> <a href="b">again</a><img src=" c.png ">'
    places = places_on_page(page)
    for reference, tag in zip(read_page(page).references, ('<a href="b">', "<img"), strict=True):
        assert page[places[reference.place] :].startswith(tag), reference
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><title>é</title><a href="b"/><use href="#x"/></svg>'
    found = places_in_drawing(drawing.encode())
    for reference in read_drawing(drawing.encode()).references:
        assert drawing[found[reference.place] :].startswith(f"<{reference.element.split()[0]}"), reference
    assert len(found) == 2
