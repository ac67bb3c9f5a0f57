"""What style sheets and scripts load."""

from __future__ import annotations

from engblog.html.css import css_loads, script_loads


def test_style_sheets_and_scripts_are_read_for_what_they_load() -> None:
    css = '@import "a.css"; b { c: URL( "d" ); e: url(f) } /* url(g) */ h { i: url() } /* url(j)'
    assert sorted(css_loads(css)) == ["a.css", "d", "f"]
    script = "import('//a/b'); fetch(`https://c/d`); x = 'https://e/'; new Worker(\"wss://f\"); from'http://g'"
    assert list(script_loads(script)) == ["//a/b", "https://c/d", "wss://f", "http://g"]
