"""Text is set as printers do; code, and what an author typed on purpose, is not."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from engblog.html.shown import shown
from engblog.model.characters import as_shown, straight
from engblog.source.canonical import canonical
from engblog.source.commonmark import read_blocks
from engblog.source.typography import typographic
from hypothesis import given
from hypothesis import strategies as st
from support.texts import page_of

PLAIN = {
    "an apostrophe": ("It's the readers' log", "It’s the readers’ log"),
    "quotation marks": ('the "best" of \'both\', ("so")', "the “best” of ‘both’, (“so”)"),
    "marks in marks": ("\"'One,' she said\"", "“‘One,’ she said”"),
    "an apostrophe at the start": ("'em, '90s, rock 'n' roll, 'Tis", "’em, ’90s, rock ’n’ roll, ’Tis"),
    "a quotation of years": ("'2026' and '9 lives'", "‘2026’ and ‘9 lives’"),
    "an ellipsis": ("Wait... what...", "Wait… what…"),
    "an ellipsis at the start": ('"...and so on"', "“…and so on”"),
    "dashes": ("one -- two --- three---four", "one\u00a0– two\u00a0— three—four"),
    "a dash of an author": ("A Title — And More", "A Title\u00a0— And More"),
    "code": ("`it's` isn't `\"x\" -- y...`", "`it's` isn’t `\"x\" -- y...`"),
    "a mark around code": ('"`x`" and \'`y`\'s\'', "“`x`” and ‘`y`’s’"),
    "options": ("git push --force --all", "git push --force --all"),
    "paths and ranges": (
        "./... and ../.. and 1...10 and ...args and ....",
        "./... and ../.. and 1...10 and ...args and ....",
    ),
    "nothing": ("save \"\" and ''", "save \"\" and ''"),
    "inches and feet": ("12\" disks, 6' tall", "12\" disks, 6' tall"),
    "a lone mark": ("a \" b ' c", "a \" b ' c"),
    "typographic already": ("„So“ – «ja» ‚x‘ 5′ 12″", "„So“\u00a0– «ja» ‚x‘ 5′ 12″"),
    "an arrow and a rule": ("a --> b ---- c", "a --> b ---- c"),
}  # fmt: skip


@pytest.mark.parametrize(("typed", "wanted"), PLAIN.values(), ids=PLAIN)
def test_a_value_is_set(typed: str, wanted: str) -> None:
    assert typographic(typed) == wanted
    assert typographic(wanted) == wanted


BODY = {
    "across emphasis": ('He said "**yes**" and *"no"*.', "He said “**yes**” and *“no”*."),
    "around a link": ('"[It\'s](a.md "it\'s")"', "“[It’s](a.md \"it's\")”"),
    "an escape": ("\\\"a\\\" and it\\'s and \\...", "\\\"a\\\" and it\\'s and \\..."),
    "an entity": ("&quot;a&quot; and it&#39;s", "&quot;a&quot; and it&#39;s"),
    "code in a line": ("`it's` and ``\"x\"``", "`it's` and ``\"x\"``"),
    "an element of code": ("<kbd>it's</kbd> <code>\"</code> it's", "<kbd>it's</kbd> <code>\"</code> it’s"),
    "a tag": ('<span title="it\'s">it\'s</span>', '<span title="it\'s">it’s</span>'),
    "attributes": ('It\'s{: title="it\'s"}', 'It’s{: title="it\'s"}'),
    "marks of a lab": ("It's {lab:a'b} {given:it's \"so\"}", "It’s {lab:a'b} {given:it's \"so\"}"),
    "keys": ('++ctrl+"x"++ isn\'t', '++ctrl+"x"++ isn’t'),
    "a label": ("[it's]\n\n[it's]: https://a.example 'It\\'s \"so\"'", "[it’s](https://a.example 'It\\'s “so”')"),
    "an alternative and a caption": (
        '![it\'s "x"](a.png "It\'s \\"so\\" \'x\'")',
        '![it’s “x”](a.png "It’s \\"so\\" ‘x’")',
    ),
    "a caption in brackets": ("![x](a.png (it's))", "![x](a.png (it’s))"),
    "an address": (
        "<https://a.example/it's> www.a.example/it's",
        "<https://a.example/it's> [www.a.example/it's](<http://www.a.example/it's>)",
    ),
    "lines": ("One --\ntwo 'three\nfour' it's", "One –\ntwo ‘three\nfour’ it’s"),
    "struck": ("~it's~ \"x\"", "~~it’s~~ “x”"),
    "a cell": ("| it's | `it's` |\n|---|---|\n| \"x\" | -- |", "| it’s | `it's` |\n| --- | --- |\n| “x” | -- |"),
    "a box": ('!!! note "What\'s "new""\n    It\'s', '!!! note "What’s “new”"\n    It’s'),
    "a tab": ('=== "It\'s"\n    x', '=== "It’s"\n    x'),
    "an abbreviation": ("*[HTML]: The \"language\"", "*[HTML]: The “language”"),
    "a block of HTML": (
        "<div>\"<b>It's</b>\" <code>it's</code>\n<p>'a'</p><p>'b'</p></div>",
        "<div>“<b>It’s</b>” <code>it's</code>\n<p>‘a’</p><p>‘b’</p></div>",
    ),
    "a heading": ("# It's -- so...", "# It’s – so…"),
    "a footnote": ("It's[^it's]\n\n[^it's]: It's", "It’s[^it's]\n\n[^it's]: It’s"),
    "a block of code": (
        "```py title=\"Ann's file\"\nit's\n```\n\n    it's",
        "```py title=\"Ann’s file\"\nit's\n```\n\n    it's",
    ),
    "a file's name with blanks": ("```py title=\"Ann's 'x'.py\"\nx\n```", "```py title=\"Ann's 'x'.py\"\nx\n```"),
    "a file's name": ("```py title=\"a'b.py\"\nx\n```", "```py title=\"a'b.py\"\nx\n```"),
    "a comment": ("A <!-- it's --> b <!-- \"x\" -->", "A <!-- it's --> b <!-- \"x\" -->"),
    "an include": ('It\'s\n--8<-- "it\'s.md"', 'It’s\n--8&lt;-- "it\'s.md"'),
}  # fmt: skip


@pytest.mark.parametrize(("typed", "wanted"), BODY.values(), ids=BODY)
def test_a_body_is_set(typed: str, wanted: str) -> None:
    assert as_shown(canonical(read_blocks(typed + "\n"))).strip() == wanted


PIECES = st.sampled_from(
    ['"', "'", "...", "--", "---", "a", "Bc", "9", " ", " ", "\n", "*", "**", "`x'y`", "`", "[", "](b.md)", "<b>",
     "</b>", "(", ")", ",", ".", "\\", "&quot;", "it's", "~", "http://a.example/it's", "{lab:wait}", "{", "}", "~~",
     "é", "数", "![", "](a.png \"it's\")", "<kbd>", "</kbd>", "_", "<br>", "|", "\n> ", "\n- ", "\n\n", "\n\n# "]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=24).map("".join)


@given(TEXTS)
def test_only_characters_of_typesetting_change(text: str) -> None:
    assert straight(typographic(text)).replace("\u00a0", " ") == straight(text)
    code = re.compile(r"`x'y`")
    assert len(code.findall(typographic(text))) == len(code.findall(text)) or text.count("`") % 2 or "\\" in text


@given(TEXTS)
def test_a_page_differs_in_nothing_but_what_is_set(text: str) -> None:
    with patch("engblog.source.typography._decided", lambda *_: iter(())):
        as_it_was = page_of(text)
    assert shown(page_of(text)) == shown(as_it_was)
    assert re.findall(r'id="[^"]*"', page_of(text)) == re.findall(r'id="[^"]*"', as_it_was)


@pytest.mark.parametrize("piece", ['"', "'", "a'", '"a" ', "...", " -- ", "['", "![](a \"'", "<b>'", "<code>'"])
def test_a_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    assert canonical(read_blocks(piece * 4000))
    assert typographic(piece * 4000)
