"""Drawings as files: shapes, lines and text of any author pass, and nothing that could run, load or last."""

from __future__ import annotations

import re
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from engblog.html.css import own_references, unfit_css
from engblog.html.drawing import DEEPEST, MOST_BYTES, MOST_ELEMENTS, drawing_faults
from engblog.html.drawing_names import ELEMENTS
from hypothesis import given
from hypothesis import strategies as st
from support.drawings import ATTRIBUTES, FAR, HEADS, SCRIPTS, SVG, XHTML, XLINK, drawings
from support.sources import DRAWING

REPOSITORY = Path(__file__).parents[2]
ROOT = f'<svg xmlns="{SVG}" xmlns:xlink="{XLINK}" xmlns:s="{SVG}" xmlns:h="{XHTML}" viewBox="0 0 9 9">'


def said(inside: str, root: str = ROOT) -> str:
    return " | ".join(
        f"{each.line}:{each.column} {each.message}" for each in drawing_faults(f"{root}{inside}</svg>".encode())
    )


@pytest.mark.parametrize("path", sorted((REPOSITORY / "docs").rglob("*.svg")), ids=lambda path: path.stem)
def test_the_drawings_of_the_articles_are_fit(path: Path) -> None:
    assert drawing_faults(path.read_bytes()) == []


@pytest.mark.parametrize(
    "inside",
    [
        '<defs><linearGradient id="a"><stop stop-color="#fff"/></linearGradient></defs><rect fill="url(#a)"/>',
        '<linearGradient id="b" xlink:href="#a"/><linearGradient id="a"/>',
        '<s:rect fill="red"/>',
        "<style>.a, .b > rect:not(.c) { fill: #eee } @media (width > 9px) { a { fill: red } }</style>",
        '<style type="text/css"><![CDATA[* { stroke-linejoin: round } /* it\'s url(x) */]]></style>',
        '<rect style="fill:url(#a);font-family:\'A B\'" fill="rgb(1 2 3 / 50%)"/>',
        "<!-- <script> --><text>&lt;script&gt;</text>",
        '<text xml:space="preserve" lang="en" aria-hidden="true" role="img">a<tspan dx="1">b</tspan></text>',
        '<path id="p" d="M0 0"/><text><textPath href="#p">along</textPath></text>',
        '<rect fill="url(#gone)"/>',
        '<symbol id="s"><rect/></symbol>' + '<use href="#s"/>' * 100,
    ],
)
def test_what_authors_and_their_programs_draw_is_fit(inside: str) -> None:
    assert said(inside) == ""


@pytest.mark.parametrize("inside", SCRIPTS)
def test_an_element_that_runs_loads_or_leads_away_is_named(inside: str) -> None:
    assert said(inside)


@pytest.mark.parametrize("attribute", [each for each in ATTRIBUTES if "&#x23;a" not in each])
def test_an_attribute_that_does_so_is_named(attribute: str) -> None:
    assert said(f"<rect {attribute}/>").startswith("1:"), attribute
    assert said("", ROOT.replace(">", f" {attribute}>"))


@pytest.mark.parametrize("head", [each for each in HEADS if each.startswith(("<?", "<!D")) and "UTF-8" not in each])
def test_what_comes_before_the_root_is_a_declaration_of_utf_8_at_most(head: str) -> None:
    assert drawing_faults(f"{head}{DRAWING}".encode())


@pytest.mark.parametrize(
    "head", ["", "\ufeff", '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n', "<!-- a -->\n"]
)
def test_a_drawing_may_say_that_it_is_utf_8(head: str) -> None:
    assert drawing_faults(f"{head}{DRAWING}".encode()) == []


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "iso2022_jp", "cp037"])
def test_another_encoding_is_no_drawing(coding: str) -> None:
    text = DRAWING.replace("Drain", "日本") if coding == "iso2022_jp" else DRAWING
    data = text.encode(coding)
    if coding in {"utf-7", "iso2022_jp"}:  # plain text to all who do not know
        data = f'<?xml version="1.0" encoding="{coding}"?>'.encode() + data
    assert drawing_faults(data)


def test_faults_are_all_named_with_their_places() -> None:
    found = drawing_faults(f'{ROOT}\n <script/>\n  <rect onload="x"\n fill="url({FAR})"/></svg>'.encode())
    assert [(each.line, each.column) for each in found] == [(2, 2), (3, 3), (3, 3)]
    assert all(each.hint for each in found)


def used(levels: int, times: int, how: str = "use") -> str:
    """Parts within parts, each used *times* in the next."""
    within = {
        "use": '<use href="#p{}"/>',
        "fill": '<rect fill="url(#p{})"/>',
        "mask": '<rect mask="url(#p{})"/>',
        "style": '<rect style="fill:url(#p{})"/>',
        "marker": '<path d="M0 0L1 1" marker-end="url(#p{})"/>',
    }[how]
    name = {"use": "g", "fill": "pattern", "style": "pattern"}.get(how, how)
    parts = [f'<{name} id="p0"><rect/></{name}>']
    parts += [f'<{name} id="p{n}">{within.format(n - 1) * times}</{name}>' for n in range(1, levels)]
    return f"{ROOT}{''.join(parts)}{within.format(levels - 1)}</svg>"


@pytest.mark.parametrize("how", ["use", "fill", "mask", "style", "marker"])
@pytest.mark.parametrize(("levels", "times", "fits"), [(2, 10, True), (3, 10, True), (4, 40, False), (9, 10, False)])
def test_elements_count_as_often_as_they_are_drawn(how: str, levels: int, times: int, fits: bool) -> None:
    found = drawing_faults(used(levels, times, how).encode())
    assert (found == []) is fits
    assert all("5,000 elements" in each.message for each in found)


def test_paint_counts_for_everything_that_inherits_it() -> None:
    pattern = f'<pattern id="a">{"<rect/>" * 80}</pattern>'
    assert said(f'{pattern}<g fill="url(#a)">{"<rect/>" * 10}</g>') == ""
    assert "5,000 elements" in said(f'{pattern}<g fill="url(#a)">{"<rect/>" * 100}</g>')
    marker = '<marker id="a"><path/></marker>'
    assert "5,000 elements" in said(f'{marker}<path marker-mid="url(#a)" d="M0 0{"h1" * 2000}"/>')
    assert said(f'{marker}<path marker-end="url(#a)" d="M0 0{"h1" * 2000}"/>') == ""


@pytest.mark.parametrize(
    "inside",
    [
        '<g id="a"><use href="#a"/></g>',
        '<pattern id="a"><rect fill="url(#a)"/></pattern>',
        '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
        '<use id="a" href="#a"/>',
    ],
)
def test_a_circle_is_named(inside: str) -> None:
    assert "uses itself" in said(inside)


def test_what_is_too_deep_too_many_or_too_large_is_named() -> None:
    assert said("<g>" * (DEEPEST - 1) + "</g>" * (DEEPEST - 1)) == ""
    assert "levels deep" in said("<g>" * DEEPEST + "</g>" * DEEPEST)
    assert "levels deep" in said(
        "".join(f'<g id="a{n}"><use href="#a{n + 1}"/></g>' for n in range(DEEPEST)) + '<g id="a20"/>'
    )
    assert said("<g/>" * (MOST_ELEMENTS - 1)) == ""
    assert "5,000 elements" in said("<g/>" * MOST_ELEMENTS)
    assert "bytes" in said("<!--" + "x" * MOST_BYTES + "-->")


def test_the_largest_file_takes_no_time() -> None:
    """Each of these would take minutes if anything grew with the square."""
    wide = ROOT + '<use href="#a"/>' * 2000 + '<g id="a"/></svg>'
    for text in (
        wide,
        f'{ROOT}<rect fill="{"a" * 250_000}"/></svg>',
        f'{ROOT}<rect fill="{"-" * 250_000}"/></svg>',
        f"{ROOT}<style>{'/*' * 100_000}</style></svg>",
        f"{ROOT}<style>{'a(' * 100_000}</style></svg>",
        f'{ROOT}<rect fill="{"url(" * 60_000}"/></svg>',
        f"{ROOT}<style>{chr(34) * 200_000}</style></svg>",
    ):
        start = time.process_time()
        drawing_faults(text.encode())
        assert time.process_time() - start < 5


@given(drawings())
def test_what_passes_is_made_of_what_is_allowed(data: bytes) -> None:
    """Seen by another parser."""
    if drawing_faults(data):
        return
    root = ElementTree.fromstring(data)  # noqa: S314  (what passed has no entities)
    for element in root.iter():
        assert str(element.tag).removeprefix(f"{{{SVG}}}") in ELEMENTS
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert "href" not in name or value.startswith("#")
            assert not re.search(r"url\(\s*+[\"']?+(?!#)|\\", value)
        assert element.tag != f"{{{SVG}}}style" or not re.search(r"url\(|@(?!media)|\\", element.text or "")


@given(st.binary(max_size=300))
def test_random_bytes_are_refused_and_nothing_worse(data: bytes) -> None:
    assert drawing_faults(data)


@pytest.mark.parametrize(
    ("css", "unfit"),
    [
        ("red", ""),
        ("url(#a)", ""),
        ("url( '#a' ) none", ""),
        ("rgb(1,2,3)", ""),
        ("'url(x)'", ""),
        ("/* url(x) */ red", ""),
        ("url(a)", "url(a)"),
        ("URL(#a) url(b#c)", "url(b#c)"),
        ("url('#a", "url('#a"),
        ("url(#a", "url(#a"),
        ("image(x)", "image(x)"),
        ("a\\b", "\\b"),
        ("'a", "'a"),
        ("/* a", "/* a"),
        ("@import 'a'", "@import"),
        ("expression(1)", "expression(1)"),
        ("-webkit-image-set(a)", "-webkit-image-set(a)"),
        ("'/*'url(a)'*/'", "url(a)'*/'"),
        ("u/**/rl(a)", "rl(a)"),
        ("attr(a)", "attr(a)"),
        ("é url(a)", "url(a)"),
    ],
)
def test_css_is_fit_if_it_asks_for_nothing(css: str, unfit: str) -> None:
    assert unfit_css(css) == unfit


def test_a_style_sheet_refers_to_nothing_at_all() -> None:
    assert unfit_css("a{fill:url(#a)}", is_sheet=True) == "url(#a)"
    assert unfit_css("@media print{a{fill:red}}", is_sheet=True) == ""
    assert list(own_references("url(#a) url( '#b' ) url(\"#c\") '#d'")) == ["a", "b", "c"]
