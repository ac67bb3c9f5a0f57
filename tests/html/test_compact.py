"""Style sheets with what they import in its place, and code without what no parser needs."""

from __future__ import annotations

import pytest
from engblog.html.compact import compact_script, compact_sheet, imported_sheets, joined_sheet
from hypothesis import given
from hypothesis import strategies as st

SHEETS = {
    "css/page.css": '/* What every page has. */\n@import "parts/fonts.css";\n@import "base.css" print;\nb { top: 0 }\n',
    "css/parts/fonts.css": 'a { src: url("../../fonts/a.woff2") url(data:x) url(#id) url(/x) url(https://y/z) }\n',
    "css/base.css": '@import "parts/more.css";\ni { left: 0 }\n',
    "css/parts/more.css": "u { right: 0 }\n",
}


def test_imports_stand_in_their_places_in_order() -> None:
    joined = compact_sheet(joined_sheet("css/page.css", SHEETS))
    assert joined == (
        'a{src:url("../fonts/a.woff2") url(data:x) url(#id) url(/x) url(https://y/z)}'
        "@media print{u{right:0}i{left:0}}b{top:0}"
    )


def test_what_a_sheet_imports_is_known() -> None:
    assert imported_sheets("css/page.css", SHEETS["css/page.css"]) == {"css/parts/fonts.css", "css/base.css"}
    assert imported_sheets("css/parts/more.css", SHEETS["css/parts/more.css"]) == frozenset()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('@import "gone.css";', "a.css imports gone.css, which is not a style sheet of the theme"),
        ('@import "b.css";', "b.css imports a.css, which imports it in turn"),
        ('@import "a.css";', "a.css imports a.css, which imports it in turn"),
        ('b { top: 0 }\n@import "c.css";', "not at its beginning"),
        ("@import url(c.css);", "names no file in quotation marks"),
        ("@media print { @IMPORT 'c.css'; }", "not at its beginning"),
        ('@import "https://example.org/x.css";', "which is not a style sheet of the theme"),
    ],
)
def test_an_import_that_cannot_be_joined_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why.replace(".", r"\.")):
        joined_sheet("a.css", {"a.css": text, "b.css": '@import "a.css";', "c.css": ""})


def test_text_that_looks_like_an_import_stays() -> None:
    text = "q::before{content:'@import \\'x\\'; /* no */'}"
    assert joined_sheet("a.css", {"a.css": f"/* @import 'x'; */ {text}"}).endswith(text)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\"'\\\n\r\f\0{}<>;"), max_size=30))
def test_texts_in_code_stay_as_they_are(text: str) -> None:
    assert f'"{text}"' in compact_sheet(f'b  {{ content : "{text}" ; /* c */ }}')
    assert f'"{text}"' in compact_script(f'const  a = "{text}" ; // c\n')
    assert f"`{text.replace('`', '').replace('$', '')}`" in compact_script(
        f"const  a = `{text.replace('`', '').replace('$', '')}` ; /* c */\n"
    )
