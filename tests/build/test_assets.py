"""The theme's style sheets and scripts, as the site ships them."""

from __future__ import annotations

from pathlib import Path

from support.hosts import CONFIG, build, mini, run

CODE = {
    "theme/assets/css/page.css": '/* All. */\n@import "parts/colours.css";\n@import "late/bar.css";\na { top : 0 }\n',
    "theme/assets/css/parts/colours.css": ":root { --x : 1px }\n",
    "theme/assets/css/late/bar.css": "b { left : 0 }\n",
    "theme/assets/js/page.js": "// What every page runs.\nconst  a = 'a  b'; // here\n",
    "docs/about.md": "# About\n",
}


def test_a_sheet_is_shipped_with_what_it_imports_and_without_comments(tmp_path: Path) -> None:
    site = build(mini(tmp_path, CODE))
    assert (site / "assets/css/page.css").read_text() == ":root{--x:1px}b{left:0}a{top:0}"
    assert (site / "assets/js/page.js").read_text() == "const a='a  b';\n"
    assert not (site / "assets/css/parts").exists(), "only others import it"
    assert (site / "assets/css/late/bar.css").read_text() == "b{left:0}", "scripts request it"


def test_what_the_docs_folder_brings_stays_as_it_is(tmp_path: Path) -> None:
    own = "/* As its author wrote it. */\na { top : 0 }\n"
    more = {"mkdocs.yml": CONFIG + "extra_css: [assets/own.css]\n", "docs/assets/own.css": own}
    site = build(mini(tmp_path, CODE | more))
    assert (site / "assets/own.css").read_text() == own


def test_every_file_that_cannot_be_shipped_is_named(tmp_path: Path) -> None:
    bad = {
        "theme/assets/css/page.css": '@import "gone.css";\n',
        "theme/assets/css/round.css": '@import "round.css";\n',
        "theme/assets/js/page.js": b"const a = '\xff';\n",
    }
    done = run(mini(tmp_path, CODE | bad), "build")
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "assets/css/page.css imports gone.css, which is not a style sheet of the theme" in said
    assert "assets/css/round.css imports round.css, which imports it in turn" in said
    assert "assets/js/page.js is not UTF-8" in said
    assert "Traceback" not in said
    assert not (tmp_path / "site").exists()
