"""Diagrams set into the page: what is let through, what is refused, and ids that never meet."""

from __future__ import annotations

import random
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from engblog.source.diagram import MAX_CHARACTERS, DiagramError, inline, read_diagram, with_ground
from hypothesis import given
from hypothesis import strategies as st
from support.sources import DRAWING

FULL = """\
<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 720 400" width="720"
     height="400" role="presentation" aria-hidden="true">
  <title>Drain &amp; stop</title>
  <desc>Requests
    drain.</desc>

  <defs>
    <marker id="head" viewBox="0 0 8 8"><path class="a-ink" d="M0 0 8 4 0 8z"/></marker>
    <linearGradient id="wash"><stop offset="0"/></linearGradient>
    <clipPath id="clip"><rect width="10" height="10"/></clipPath>
  </defs>
  <!-- a remark -->

  <g clip-path="url(#clip)"><title>Inner</title>
    <line class="s-ink dash" x1="0" y1="0" x2="10" y2="10" marker-end="url(#head)" fill="url('#wash')"/>
    <use xlink:href="#head" x="5"/><use href="#head"/>
    <text class="t-ink strong" x="0" y="20">a &lt; b <tspan>“now”</tspan></text>
  </g>
</svg>
"""


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314  (it has no DOCTYPE)


def broken(old: str, new: str) -> str:
    assert old in FULL
    return FULL.replace(old, new, 1)


def test_the_title_and_the_description_are_read() -> None:
    diagram = read_diagram(FULL)
    assert (diagram.title, diagram.description) == ("Drain & stop", "Requests drain.")


def test_the_markup_is_announced_and_has_the_size_of_its_view_box() -> None:
    markup = inline(read_diagram(FULL), "fig-drain")
    opening = markup.partition(">")[0]
    assert opening == (
        '<svg viewBox="0 0 720 400" width="720" height="400" role="img"'
        ' aria-labelledby="fig-drain-title" aria-describedby="fig-drain-desc"'
    )
    assert '<title id="fig-drain-title">Drain &amp; stop</title>' in markup
    assert '<desc id="fig-drain-desc">Requests drain.</desc>' in markup
    assert "<title>Inner</title>" in markup


def test_every_id_and_every_reference_to_one_is_its_own() -> None:
    markup = inline(read_diagram(FULL), "fig-2")
    ids = set(re.findall(r'\bid="([^"]*)"', markup))
    assert ids == {"fig-2-title", "fig-2-desc", "fig-2-head", "fig-2-wash", "fig-2-clip"}
    assert set(re.findall(r'url\(#([^)]*)\)|href="#([^"]*)"', markup)) == {
        ("fig-2-clip", ""), ("fig-2-head", ""), ("fig-2-wash", ""), ("", "fig-2-head"),
    }  # fmt: skip


def test_a_second_title_takes_no_id_of_the_first() -> None:
    markup = inline(read_diagram(broken("<defs>", '<title id="other">Other</title><desc>More</desc><defs>')), "x")
    ids = re.findall(r'\bid="([^"]*)"', markup)
    assert len(set(ids)) == len(ids)
    assert markup.count("<title") == 3


def test_the_markup_has_no_blank_line_and_no_comment() -> None:
    """A blank line would end Markdown's raw block."""
    markup = inline(read_diagram(FULL), "x")
    assert "\n" not in markup
    assert "<!--" not in markup


def test_the_markup_is_xml_with_the_same_text() -> None:
    before, after = parsed(FULL), parsed(inline(read_diagram(FULL), "x"))
    assert " ".join("".join(before.itertext()).split()) == " ".join("".join(after.itertext()).split())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not XML"),
        ("<svg", "not XML"),
        ("<html></html>", "root is not <svg>"),
        ('<svg viewBox="0 0 1 1"/>', "root is not <svg>"),
        (broken('viewBox="0 0 720 400"', ""), "no viewBox"),
        (broken("<title>Drain &amp; stop</title>", ""), "no <title>"),
        (broken("Drain &amp; stop", "  "), "no <title>"),
        (re.sub("<desc>.*?</desc>", "", FULL, flags=re.DOTALL), "no <desc>"),
        (broken("<svg", '<!DOCTYPE svg [<!ENTITY a "b">]><svg'), "DOCTYPE"),
        (broken("<svg", '<!doctype svg><svg'), "not XML"),
        (broken("<defs>", "<script>x()</script><defs>"), "an element <script>"),
        (broken("<defs>", '<script xmlns="http://www.w3.org/1999/xhtml">x()</script><defs>'), "an element <script>"),
        (broken("<defs>", "<style>a{}</style><defs>"), "an element <style>"),
        (broken("<defs>", '<image href="a.png"/><defs>'), "an element <image>"),
        (broken("<defs>", "<foreignObject/><defs>"), "an element <foreignObject>"),
        (broken("<defs>", '<a href="#x"/><defs>'), "an element <a>"),
        (broken("<defs>", "<animate/><defs>"), "an element <animate>"),
        (broken("<g ", '<g onclick="x()" '), "the attribute onclick"),
        (broken("<g ", '<g ONCLICK="x()" '), "the attribute ONCLICK"),
        (broken("<g ", '<g style="fill:red" '), "the attribute style"),
        (broken("<g ", '<g STYLE="fill:red" '), "the attribute STYLE"),
        (broken('xlink:href="#head"', 'xlink:href="https://evil.example/a.svg#b"'), "refers to"),
        (broken(' href="#head"', ' href="a.svg#b"'), "refers to"),
        (broken(' href="#head"', ' HREF="https://evil.example/a.svg#b"'), "refers to"),
        (broken("url(#clip)", "url(https://evil.example/a.svg#b)"), "loads"),
        (broken("url(#clip)", "url( 'a.svg#b')"), "loads"),
        (broken("url(#clip)", "URL(a.svg#b)"), "loads"),
        (broken("url(#clip)", r"\75rl(a.svg#b)"), "loads"),
        (broken("<defs>", "<g>" * 200 + "</g>" * 200 + "<defs>"), "nested"),
        (broken("<defs>", "<g/>" * (MAX_CHARACTERS // 4) + "<defs>"), "characters"),
    ],
)  # fmt: skip
def test_a_drawing_that_could_run_load_or_say_nothing_is_refused(text: str, said: str) -> None:
    with pytest.raises(DiagramError, match=re.escape(said)) as raised:
        read_diagram(text)
    assert raised.value.hint


@pytest.mark.parametrize(
    "local", ["url(#clip)", "url( #clip )", "url('#clip')", "url(&quot;#clip&quot;)", "URL(#clip)"]
)
def test_a_reference_within_the_drawing_may_be_written_in_every_way(local: str) -> None:
    markup = inline(read_diagram(broken('clip-path="url(#clip)"', f'clip-path="{local}"')), "fig")
    assert 'clip-path="url(#fig-clip)"' in markup


def test_attributes_in_another_case_are_refused() -> None:
    """HTML reads attribute names without regard to case, XML does not."""
    with pytest.raises(DiagramError, match="the attribute ID"):
        read_diagram(broken('id="head"', 'ID="head"'))


def test_every_class_of_the_theme_may_be_used_and_no_other() -> None:
    css = (Path(__file__).parents[2] / "overrides/assets/css/diagram.css").read_text()
    others = re.compile("figure|diagram|chart|prose|md|zooms|icon|enlarge")
    classes = {name for name in re.findall(r"\.([a-z][a-z-]*)", css) if not others.match(name)}
    assert {"f-paper", "s-ink", "dash", "strong"} <= classes
    for name in classes:
        assert f'class="{name}"' in inline(read_diagram(broken('class="t-ink strong"', f'class="{name}"')), "fig")
    for name in ("skip", "claim", "measured", "stretched", "masthead", "figure", "f-ink2", "x-ink"):
        with pytest.raises(DiagramError, match="the class"):
            read_diagram(broken('class="t-ink strong"', f'class="t-ink {name}"'))


def test_nothing_lets_the_drawing_out_of_its_place() -> None:
    text = broken('width="720"', 'overflow="visible" transform="scale(9)" x="-9"').replace('height="400"', "", 1)
    opening = inline(read_diagram(text), "fig").partition(">")[0]
    assert not re.search(r"overflow|transform|\sx=", opening)


@given(st.text(max_size=300))
def test_random_text_is_refused_and_nothing_worse(text: str) -> None:
    with pytest.raises(DiagramError):
        read_diagram(text)


TOKENS = sorted(
    {*re.findall(r"[\w:#-]+|[<>/\"'=&;() \n]", FULL), "url(", "<g>", "</g>", "&#0;", "]]>", "<![CDATA[", "\x00"}
)


@given(st.lists(st.sampled_from(TOKENS), max_size=60).map("".join))
def test_random_pieces_are_refused_or_set_in_and_nothing_worse(inner: str) -> None:
    survive(DRAWING.replace("<rect", f"{inner}<rect"))


@given(st.integers(0, 2**32), st.integers(1, 8))
def test_a_mutated_drawing_is_refused_or_set_in_and_nothing_worse(seed: int, count: int) -> None:
    chance = random.Random(seed)
    text = FULL
    for _ in range(count):
        at, token = chance.randrange(len(text)), chance.choice(TOKENS)
        end = min(len(text), at + chance.choice([0, 0, 1, len(token), 30]))
        text = text[:at] + token + text[end:]
    survive(text)


@pytest.mark.parametrize("depth", [10, 50, 5_000, 50_000])
def test_depth_is_no_danger(depth: int) -> None:
    survive(DRAWING.replace("<rect", "<g>" * depth + "</g>" * depth + "<rect"))


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "no-such", ""])
def test_a_declared_encoding_is_no_danger(encoding: str) -> None:
    survive(FULL.replace('encoding="UTF-8"', f'encoding="{encoding}"'))


def survive(text: str) -> None:
    """Read and set in; only a DiagramError may come out, and markup that is safe and well-formed."""
    try:
        markup = inline(read_diagram(text), "p")
    except DiagramError:
        return
    root = parsed(markup)
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert name.lower() not in {"style", "src"}
            assert name.lower() != "id" or value.startswith("p-")
            assert name.lower() != "href" or value.startswith("#p-")


@pytest.mark.parametrize("lead", ["", '<?xml version="1.0"?>\n<!-- <svg> > -->\n'])
def test_a_drawing_opened_as_a_file_has_a_ground_under_everything_else(lead: str) -> None:
    text = f"{lead}{DRAWING.replace('<title>', '<!-- a > b --><title>').replace('0 0 720 400', '-5,1 720 400')}"
    root = ElementTree.fromstring(with_ground(text))  # noqa: S314
    ground = dict(root[0].attrib)
    assert (root[0].tag.rpartition("}")[2], ground) == (
        "rect",
        {"x": "-5", "y": "1", "width": "720", "height": "400", "fill": "#fff"},
    )
    assert [each.tag for each in root[1:]] == [each.tag for each in ElementTree.fromstring(text)]  # noqa: S314


def test_what_is_no_diagram_stays_as_it_is() -> None:
    for text in ("", "<svg/>", "<p>", DRAWING.replace("viewBox", "data-box")):
        assert with_ground(text) == text
