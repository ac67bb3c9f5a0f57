"""The kinds of files that a site publishes: of none does a server say that a browser may run it."""

from __future__ import annotations

import mimetypes
import re

import pytest
from engblog.source.file_kinds import TEXTS, file_faults, is_shown_as_text
from hypothesis import given
from hypothesis import strategies as st
from support.drawings import ENDINGS, RUNNING
from support.pictures import PNG, pictures
from support.sources import DRAWING

FIT = {
    "svg": DRAWING.encode(),
    "woff2": b"wOF2",
    **{name.rpartition(".")[2]: data for name, data in pictures().items()},
}
RUNS = re.compile(r"html|xml|script|css|pdf|rfc822|related|wasm|flash|xsl")
_MIME_DB = frozenset(
    [
        "atom",
        "atomcat",
        "dtd",
        "rdf",
        "rs",
        "mod",
        "owl",
        "xml",
        "xsl",
        "xslt",
        "xsd",
        "rng",
        "svg",
        "svgz",
        "html",
        "htm",
        "shtml",
        "xhtml",
        "xht",
        "xhtm",
        "js",
        "mjs",
        "css",
        "pdf",
        "mht",
        "mhtml",
        "eml",
        "mime",
        "swf",
        "wasm",
        "mml",
        "kml",
        "gpx",
        "x3d",
        "dae",
        "rss",
        "smil",
        "smi",
        "ttml",
        "wsdl",
        "mpd",
        "its",
        "gml",
        "opf",
        "ncx",
        "xspf",
        "xul",
        "xop",
        "xlf",
        "vxml",
        "tei",
        "ink",
        "ssml",
        "srx",
        "sru",
        "shf",
        "senmlx",
        "rsd",
        "rsheet",
        "rif",
        "rapd",
        "plf",
        "pskcxml",
        "provx",
        "omdoc",
        "musicxml",
        "mxml",
        "mrcx",
        "mods",
        "mets",
        "meta4",
        "metalink",
        "maei",
        "mads",
        "lostxml",
        "lgr",
        "es",
        "ecma",
        "jsx",
        "mts",
        "ts",
        "ent",
        "jtd",
    ]
)
"""Endings for which GitHub Pages, by mime-db, or Python's server names a type that a browser runs or plays."""


def codes(name: str, data: bytes) -> set[str]:
    return {each.code.id for each in file_faults(name, lambda: data)}


def test_no_server_names_a_type_that_runs_for_what_is_shown_as_text() -> None:
    assert not TEXTS & _MIME_DB
    types = {ending: mimetypes.guess_type(f"a.{ending}")[0] or "" for ending in TEXTS}
    assert {
        ending: type_ for ending, type_ in types.items() if RUNS.search(type_.replace("application/x-sh", ""))
    } == {}


@pytest.mark.parametrize("name", FIT)
def test_pictures_drawings_and_fonts_are_known_by_their_bytes(name: str) -> None:
    assert codes(f"articles/a/b.{name}", FIT[name]) == set()
    assert codes(f"B.{name.upper()}", FIT[name]) == set()
    for running in RUNNING:
        assert codes(f"b.{name}", running.encode()) <= {"S011", "S014"}
        assert codes(f"b.{name}", running.encode())


@given(
    st.sampled_from(ENDINGS),
    st.sampled_from([*RUNNING, DRAWING]),
    st.sampled_from(["{}", "a.{}", "A.B.{}", "{}.{}", "a.html.{}"]),
)
def test_only_what_no_browser_runs_is_fit(ending: str, text: str, form: str) -> None:
    name = form.format(*[ending] * 2)
    if not codes(name, text.encode()):
        assert is_shown_as_text(name) or (ending == "svg" and text == DRAWING)
        assert name.rpartition(".")[2].lower() not in _MIME_DB - {"svg"}


@given(st.text(min_size=1, max_size=8))
def test_an_ending_that_nobody_knows_is_not_published(ending: str) -> None:
    known = TEXTS | {*FIT, "apng", "jfif", "jpeg", "jpg", "pjp", "pjpeg", "woff", "ttf", "otf", "svg"}
    if not {ending.lower(), ending.rpartition(".")[2].lower()} & known and "/" not in ending:
        assert codes(f"a.{ending}", PNG)


def test_code_is_fit_only_where_the_configuration_names_it() -> None:
    assert codes("x.css", b"a{}") == {"S013"}
    assert [*file_faults("x.css", lambda: b"a{}", may_be_code=True)] == []
    assert [*file_faults("x.html", lambda: b"", may_be_code=True)] != []


@pytest.mark.parametrize("name", ["Makefile", "LICENSE", "CNAME", ".well-known/x", "a/Dockerfile"])
def test_texts_without_an_ending_are_known_by_name(name: str) -> None:
    assert is_shown_as_text(name)
    assert codes(name, b"x") == set()
    assert codes(name, b"\0") == {"S014"}
