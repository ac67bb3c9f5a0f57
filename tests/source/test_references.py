"""What an article refers to is there, is its own, and is harmless."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from engblog.lab.record import lab_digest, lab_files
from engblog.site.catalogue import Catalogue
from support.labs import recorded
from support.pictures import LFS_POINTER, PNG
from support.sources import DRAWING, article, codes, places, read, write

FILES = {
    "articles/other/index.md": article(),
    "articles/any/drain.svg": DRAWING,
    "articles/any/photo of it.png": PNG,
    "articles/any/lab/server.go": "// --8<-- [start:handler]\nfunc handler() {}\n// --8<-- [end:handler]\nmore\n",
    "about.md": "# About\n",
}

ANY = "articles/any/index.md"


def check(tmp_path: Path, body: str, **files: str | bytes) -> Catalogue:
    return read(tmp_path, {**FILES, ANY: article(body), **files})


def found(tmp_path: Path, body: str, **files: str | bytes) -> list[str]:
    """The problems of a body as ``line:column code``, the body's first line being 1."""
    shown = []
    for place in places(check(tmp_path, body, **files), tmp_path):
        path, line, rest = place.split(":")
        assert path == ANY, place
        shown.append(f"{int(line) - 7}:{rest}")
    return shown


def said(tmp_path: Path, body: str, **files: str | bytes) -> str:
    (problem,) = check(tmp_path, body, **files).problems
    return f"{problem.message} | {problem.hint}"


# Pictures


@pytest.mark.parametrize(
    "body",
    [
        "![A drain](drain.svg)",
        "![A drain](./drain.svg)",
        '![A drain](drain.svg "A caption.")',
        "![A photo](<photo of it.png>)",
        "![A photo](photo%20of%20it.png)",
        "![A drain](../any/drain.svg)",
        "![A drain](drain.svg#part)",
        "![A drain][d]\n\n[d]: drain.svg",
        "`![](gone.png)`",
    ],
)
def test_a_picture_that_is_there(tmp_path: Path, body: str) -> None:
    assert found(tmp_path, f"{body}\n") == []


def test_a_missing_picture_says_which_was_meant(tmp_path: Path) -> None:
    assert found(tmp_path, "Text.\n\nText ![A drain](drian.svg)\n") == ["3:6 R001"]
    assert "did you mean “drain.svg”?" in said(tmp_path, "![A drain](drian.svg)\n")
    assert found(tmp_path, "![A drain][d]\n\n[d]: gone.svg\n") == ["1:1 R001", "3:1 R004"]
    assert found(tmp_path, "![A drain]()\n") == ["1:1 R001"]


def test_a_picture_outside_the_docs_folder_is_missing(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"")
    assert codes(read(tmp_path / "docs", {ANY: article("![A](../../../secret.png)\n")})) == ["R001"]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/a.png",
        "http://evil.example/a.svg",
        "//evil.example/a.png",
        "HTTPS://evil.example/a.png",
        "https:/evil.example/a.png",
        r"\\evil.example\a.png",
    ],
)
def test_a_picture_on_another_host_is_refused(tmp_path: Path, target: str) -> None:
    assert found(tmp_path, f"Text ![A drain]({target})\n") == ["1:6 R002"]
    assert "R002" in [each.split()[1] for each in found(tmp_path, f"![A drain][d]\n\n[d]: {target}\n")]


def test_a_picture_without_a_text_alternative_is_refused(tmp_path: Path) -> None:
    assert found(tmp_path, "![](drain.svg)\n\n![ ](drain.svg)\n") == ["1:1 R003", "3:1 R003"]


def test_a_diagram_that_cannot_be_set_in_is_refused_where_it_is_used(tmp_path: Path) -> None:
    bare = DRAWING.replace("<title>Drain</title>", "")
    assert found(tmp_path, "Text.\n\n![A](bad.svg)\n", **{"articles/any/bad.svg": bare}) == ["3:1 R009"]
    assert "no <title>" in said(tmp_path, "![A](bad.svg)\n", **{"articles/any/bad.svg": bare})
    assert found(tmp_path, "![A](other%20one.svg)\n", **{"articles/any/other one.svg": bare}) == ["1:1 R009"]


CUT = PNG[:-8]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Text ![A](cut.png)", "1:6 R011"),
        ("![A][r]\n\n[r]: cut.png", "1:1 R011 3:1 R011"),
        ("[A](cut.png)", "1:1 R011"),
        ("Text <img alt='A' src='cut.png'>", "1:6 R011"),
        ("<img alt='A' src='drain.svg' srcset='cut.png 2x'>", "1:1 R011"),
        ("<video poster=cut.png></video>", "1:1 R011"),
        ("![A](../other/cut.png)", "1:1 R011"),
        ("![A](photo.jpg)", "1:1 R011"),
        ("![A](lfs.png) ![B](lfs.svg)", "1:1 R014 1:15 R014"),
        ("[A](lfs.csv)", "1:1 R014"),
        ('```\n--8<-- "lfs.csv"\n```', "2:9 R014"),
        ("![A](cut.SVG)", "1:1 R011"),
        ("![A](cut.svg#part)", "1:1 R011"),
        ("![A](cut.svg)", "1:1 R009"),
        ("![A](lab)", "1:1 R001"),
    ],
)
def test_a_file_that_is_not_the_picture_it_seems_is_named_where_it_is_used(
    tmp_path: Path, body: str, place: str
) -> None:
    files: dict[str, str | bytes] = {
        "articles/any/cut.png": CUT,
        "articles/other/cut.png": CUT,
        "articles/any/photo.jpg": PNG,
        "articles/any/lfs.png": LFS_POINTER,
        "articles/any/lfs.svg": LFS_POINTER,
        "articles/any/lfs.csv": LFS_POINTER,
        "articles/any/cut.SVG": DRAWING[:-9],
        "articles/any/cut.svg": DRAWING[:-9],
    }
    assert " ".join(found(tmp_path, f"{body}\n", **files)) == place


def test_a_picture_is_looked_at_only_if_something_shows_it(tmp_path: Path) -> None:
    assert found(tmp_path, "Text.\n", **{"articles/any/cut.png": CUT}) == []


def test_a_folder_is_not_a_picture_and_the_message_says_so(tmp_path: Path) -> None:
    assert "there is no picture “lab”: it is a folder" in said(tmp_path, "![A](lab)\n")


def test_html_refers_to_files_of_the_articles_folder(tmp_path: Path) -> None:
    assert found(tmp_path, "<img alt='A' src='gone.png'>\n") == ["1:1 R001"]
    assert found(tmp_path, "Text <a href='gone.txt'>x</a>\n") == ["1:6 R004"]
    assert found(tmp_path, "Text <a href='../other/index.md'>x</a>\n") == ["1:6 R004"]
    assert "write it in Markdown: [text](../other/index.md)" in said(tmp_path, "<a href='../other/index.md'>x</a>\n")
    assert found(tmp_path, "<a href='index.md'>the twin</a> <a href='drain.svg'>x</a>\n") == []


# Links


@pytest.mark.parametrize(
    "target",
    [
        "../other/index.md",
        "../other/index.md#part",
        "../../about.md",
        "drain.svg",
        "lab/server.go",
        "#part",
        "?q=x",
        "https://example.org/",
        "mailto:a@example.org",
        "<photo of it.png>",
        "photo%20of%20it.png",
    ],
)
def test_a_link_that_leads_somewhere(tmp_path: Path, target: str) -> None:
    assert found(tmp_path, f"A [link]({target}).\n\n[ref]: {target}\n") == []


def test_a_link_that_leads_to_no_file_says_which_was_meant(tmp_path: Path) -> None:
    assert found(tmp_path, "A [link](../othr/index.md).\n\n[ref]: gone.md\n") == ["1:3 R004", "3:1 R004"]
    assert "did you mean “../../about.md”?" in said(tmp_path, "A [link](../../abuot.md).\n")


def test_a_link_to_a_folder_says_which_file_to_link_to(tmp_path: Path) -> None:
    """The address of an article is not where its file lies, so a link to the folder would lead nowhere."""
    for target in ("../other/", "../other"):
        assert found(tmp_path, f"A [link]({target}).\n") == ["1:3 R004"]
        assert "../other/index.md" in said(tmp_path, f"A [link]({target}).\n")


def test_an_absolute_link_is_refused(tmp_path: Path) -> None:
    assert found(tmp_path, "A [link](/about/).\n") == ["1:3 R004"]
    assert "below a path" in said(tmp_path, "A [link](/about/).\n")


def test_a_link_out_of_the_docs_folder_is_refused(tmp_path: Path) -> None:
    assert found(tmp_path, "A [link](../../../mkdocs.yml).\n") == ["1:3 R004"]


@pytest.mark.parametrize("target", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_that_runs_is_refused(tmp_path: Path, target: str) -> None:
    assert found(tmp_path, f"A [link]({target}).\n") == ["1:3 R007"]
    assert found(tmp_path, f"[ref]: {target}\n\nText.\n") == ["1:1 R007"]


# Includes


@pytest.mark.parametrize("target", ["lab/server.go", "lab/server.go:handler", "lab/server.go:2:3", "./lab/server.go"])
def test_an_include_that_is_there(tmp_path: Path, target: str) -> None:
    assert found(tmp_path, f'```go\n--8<-- "{target}"\n```\n\nText.\n') == []
    assert found(tmp_path, f"```go\n--8<--\n{target}\n--8<--\n```\n\nText.\n") == []


def test_a_missing_include_says_which_was_meant(tmp_path: Path) -> None:
    body = '```go\n--8<-- "lab/sever.go"\n```\n\n```go\n--8<-- "lab/server.go"\n```\n'
    assert found(tmp_path, body) == ["2:9 R005"]
    assert "did you mean “lab/server.go”?" in said(tmp_path, body)


def test_a_missing_section_says_which_was_meant(tmp_path: Path) -> None:
    body = '```go\n    --8<-- "lab/server.go:handlr"\n```\n'
    assert found(tmp_path, body) == ["2:13 R005"]
    assert "did you mean “handler”?" in said(tmp_path, body)
    assert "[start:zzz]" in said(
        tmp_path, '```go\n--8<-- "lab/other.go:zzz"\n```\n', **{"articles/any/lab/other.go": "x"}
    )


def test_an_include_in_a_block_is_placed_on_its_own_line(tmp_path: Path) -> None:
    assert found(tmp_path, "```go\n--8<--\nlab/server.go\n; lab/off.go\n  lab/gone.go\n--8<--\n```\n") == ["5:3 R005"]


@pytest.mark.parametrize(
    "target",
    [
        "../other/index.md",
        "../../../mkdocs.yml",
        "/etc/passwd",
        "lab/../../x",
        "https://x.example/y",
        "%2e%2e/other/index.md",
    ],
)
def test_an_include_from_outside_the_folder_is_refused(tmp_path: Path, target: str) -> None:
    assert found(tmp_path, f'```\n--8<-- "{target}"\n```\n') == ["2:9 R006"]


def test_an_include_outside_a_fence_is_refused(tmp_path: Path) -> None:
    """Included Markdown would be on the page unchecked: its pictures, its links, its HTML."""
    assert found(tmp_path, 'Text.\n\n--8<-- "lab/server.go"\n') == ["3:9 R010"]


@pytest.mark.parametrize(
    "body",
    [
        '> ```go\n> --8<-- "lab/server.go:handler"\n> ```\n',
        '- A\n\n    ```go\n    --8<-- "lab/server.go"\n    ```\n',
        '!!! note\n    ```go\n    --8<-- "lab/server.go"\n    ```\n',
        '[^a]: A\n\n    ```go\n    --8<-- "lab/server.go"\n    ```\n\nText.[^a]\n',
        'Text.\n\n    --8<-- "lab/server.go"\n',
        '```go\n--8<-- "lab/server.go" \n```\n',
    ],
)
def test_an_include_is_read_in_code_wherever_that_is(tmp_path: Path, body: str) -> None:
    assert found(tmp_path, body) == []
    (missing,) = found(tmp_path, body.replace("server", "sever"))
    row = next(row for row, line in enumerate(body.split("\n"), 1) if "8<" in line)
    assert missing == f"{row}:{body.split(chr(10))[row - 1].index('lab/') + 1} R005"


@pytest.mark.parametrize(
    "line",
    [
        '> --8<-- "lab/server.go"',
        "--8<-- lab/server.go",
        '--8<-- "lab/server.go',
        '--8<-- "lab/server.go" main',
        "--8<-- x",
    ],
)
def test_an_include_that_would_be_shown_as_it_stands_is_refused(tmp_path: Path, line: str) -> None:
    for before, after in (("```go\n", "\n```\n"), ("Text.\n\n", "\n")):
        (problem,) = found(tmp_path, before + line + after)
        assert problem == f"{before.count(chr(10)) + 1}:{line.index('-') + 1} R005"
        assert "would be shown as text" in said(tmp_path, before + line + after)


def test_an_include_in_an_included_file_is_refused_unless_it_is_escaped(tmp_path: Path) -> None:
    body = '```\n--8<-- "lab/list.txt"\n```\n'
    nested = {"articles/any/lab/list.txt": 'a\n  --8<-- "lab/server.go"\n'}
    assert found(tmp_path, body, **nested) == ["2:9 R005"]
    assert "write ;--8<-- to show the line" in said(tmp_path, body, **nested)
    escaped = {name: text.replace("--8<--", ";--8<--") for name, text in nested.items()}
    assert found(tmp_path, body, **escaped) == []


@pytest.mark.parametrize(
    "line", [';--8<-- "lab/gone.go"', "-- 8<--", "a --8<-- b", "# --8<-- [start:a]", "--8<-- [end:a]"]
)
def test_what_only_looks_like_an_include_is_none(tmp_path: Path, line: str) -> None:
    assert found(tmp_path, f"```go\n{line}\n```\n") == []


def test_a_symbolic_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the password")
    docs = tmp_path / "docs"
    read(docs, FILES)
    (docs / "articles/any/lab/leak.txt").symlink_to(tmp_path / "secret.txt")
    catalogue = read(docs, {ANY: article('```\n--8<-- "lab/leak.txt"\n```\n')})
    assert codes(catalogue) == ["R005", "S008"]
    assert "password" not in str(catalogue)


def test_a_symbolic_link_within_the_docs_folder_is_followed(tmp_path: Path) -> None:
    read(tmp_path, FILES)
    (tmp_path / "articles/any/lab/same.go").symlink_to("server.go")
    assert codes(read(tmp_path, {ANY: article('```\n--8<-- "lab/same.go:handler"\n```\n')})) == []


def test_an_include_that_is_no_text_is_refused(tmp_path: Path) -> None:
    assert found(tmp_path, '```\n--8<-- "photo of it.png"\n```\n') == ["2:9 R005"]
    assert "cannot be included" in said(tmp_path, '```\n--8<-- "photo of it.png"\n```\n')
    assert found(tmp_path, '```\n--8<-- "lab"\n```\n') == ["2:9 R005"]


# Raw HTML


@pytest.mark.parametrize(
    "name",
    [
        "script", "style", "iframe", "object", "embed", "link", "meta", "base", "form", "SCRIPT", "Iframe", "xmp",
        "noembed", "plaintext", "nav", "main", "body", "template", "noscript", "button", "dialog", "marquee",
    ],
)  # fmt: skip
def test_an_element_that_runs_or_loads_is_refused(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, f"Text.\n\nText <{name} src=x>\n") == ["3:6 R007"]
    assert found(tmp_path, f"Text.\n\n<{name}/src=x>\n") == ["3:1 R007"]
    assert found(tmp_path, f"`<{name}>` and\n\n```html\n<{name}>\n```\n") == []


@pytest.mark.parametrize(
    "html",
    [
        '<b onclick="x()">x</b>',
        "<b ONCLICK=x()>x</b>",
        "<b onclick = 'x()'>x</b>",
        '<b title="a > b" onclick="x()">x</b>',
        "<b title='<' onclick=x>x</b>",
        "<b/onclick=x>",
        '<p style="color: red">x</p>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" JavaScript:alert(1)">x</a>',
        '<a href="&#106;avascript:alert(1)">x</a>',
        '<a href="java&Tab;script:alert(1)">x</a>',
    ],
)
def test_an_attribute_that_runs_is_refused(tmp_path: Path, html: str) -> None:
    assert found(tmp_path, f"Text {html}\n") == ["1:6 R007"]


@pytest.mark.parametrize(
    "html",
    [
        '<img alt="a" src="https://evil.example/x.png">',
        "<img src=//evil.example/x.png>",
        '<img alt=">" src="https://evil.example/x.png">',
        '<img src="&#104;ttps://evil.example/x.png">',
        '<img src="https:/evil.example/x.png">',
        r'<img src="\\evil.example/x.png">',
        '<img srcset="drain.svg 1x, https://evil.example/x.png 2x">',
        '<video poster="https://evil.example/x.png"></video>',
        '<video><source src="https://evil.example/x.mp4"></video>',
        '<audio src="//evil.example/x.ogg"></audio>',
        '<img src="java\tscript:x">',
    ],
)
def test_an_attribute_that_loads_from_another_host_is_refused(tmp_path: Path, html: str) -> None:
    assert [each.split()[1] for each in found(tmp_path, f"Text {html}\n")] == ["R002"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('![A](drain.svg){ onload="x()" }', "R007"),
        ("![A](drain.svg){: .note style=color:red }", "R007"),
        ("![A](drain.svg){: name=querySelector }", "R007"),
        ("Text.\n{: tabindex=1 }", "R007"),
        ("Text.\n{: role=alert }", "R007"),
        ("Text.\n{: data-contents=x }", "R007"),
        ("Text.\n{: hidden=x }", "R007"),
        ("A [link](drain.svg){: .stretched }", "R024"),
        ("A [link](drain.svg){.skip}", "R024"),
        ("A [link](drain.svg){: class='tip masthead' }", "R024"),
        ("## A heading {#page--content}", "R025"),
        ("## A heading {#cookie}", "R025"),
        ("## A heading {: id='querySelector' }", "R025"),
        ("A [link](drain.svg){: .claim }", "R026"),
        ("*nine*{.measured}", "R026"),
        ('![A](drain.svg){ srcset="https://evil.example/x.png 2x" }', "R002"),
        ("A [link](drain.svg){ href=javascript:x }", "R007"),
        ("![A](drain.svg){:onload=x}", "R007"),
        ("![A](drain.svg){.tip}{onload=x}", "R007"),
    ],
)
def test_an_attribute_list_is_checked_as_html_is(tmp_path: Path, body: str, code: str) -> None:
    assert [each.split()[1] for each in found(tmp_path, f"{body}\n")] == [code]


@pytest.mark.parametrize(
    "html",
    [
        "<kbd>Ctrl</kbd>",
        '<p class="align-right" lang="de" id="the-second-write">x</p>',
        '<a href="https://example.org/">out</a>',
        "<details><summary>More</summary></details>",
        '<abbr title="once upon a time">o</abbr>',
        "a < b and c > d on one line",
        "## A heading { #with-an-id .tip }",
        "{ a = b } in prose",
    ],
)
def test_harmless_html_is_let_through(tmp_path: Path, html: str) -> None:
    assert found(tmp_path, f"Text {html}\n") == []


def test_an_unclosed_fence_is_placed_on_its_opening(tmp_path: Path) -> None:
    assert found(tmp_path, "Text.\n\n````go\ncode\n```\n") == ["3:1 R008"]


# The lab


def lab(tmp_path: Path, **record: object) -> dict[str, str]:
    """The files of a lab with one test and one number, and a record of them unless *record* says otherwise."""
    files = {"articles/any/lab/test_wait.py": "def test_it_waits(): pass\n"}
    folder = tmp_path / "articles/any/lab"
    read(tmp_path, {**FILES, **files, ANY: article()})
    content = {
        "ran": "2026-11-23",
        "machine": "Debian",
        "versions": {"Redis": "7.0.15"},
        "tests": {"test_it_waits": {"file": "test_wait.py", "line": 1, "claim": "It waits."}},
        "numbers": {"wait": {"value": 12.5, "text": "12.5 ms", "note": "from SIGTERM to exit"}},
        "digest": lab_digest(lab_files(folder)),
        **record,
    }
    return {**files, "articles/any/lab/record.json": recorded(content)}


GOOD = "It waits {lab:wait}.{claim:test_it_waits}\n"


def test_an_article_shows_what_its_lab_recorded(tmp_path: Path) -> None:
    catalogue = check(tmp_path, GOOD, **lab(tmp_path))
    assert codes(catalogue) == []
    (shown,) = (each for each in catalogue.site.articles if each.slug == "any")
    assert shown.lab is not None
    assert [test.name for test in shown.lab.tests] == ["test_it_waits"]
    assert [(number.key, number.text) for number in shown.lab.numbers] == [("wait", "12.5 ms")]
    assert shown.lab.versions == (("Redis", "7.0.15"),)
    assert shown.lab.files == ("server.go", "test_wait.py")


def test_an_unknown_number_and_an_unknown_claim_say_which_were_meant(tmp_path: Path) -> None:
    files = lab(tmp_path)
    assert found(tmp_path, "Waits {lab:wiat}.{claim:test_it_wait}\n", **files) == ["1:7 L004", "1:18 L005"]
    assert "did you mean “wait”?" in said(tmp_path, "Waits {lab:wiat}.\n", **files)
    assert "did you mean “test_it_waits”?" in said(tmp_path, "Waits.{claim:test_it_wait}\n", **files)
    assert found(tmp_path, "`{lab:wiat}`\n\n```\n{claim:x}\n```\n", **files) == []


def test_a_number_and_a_claim_need_a_lab(tmp_path: Path) -> None:
    assert found(tmp_path, GOOD) == ["1:10 L004", "1:21 L005"]


CHART = {
    "title": "Pace", "x": "dead, %", "y": "keys", "kind": "line", "x_scale": "linear", "y_scale": "linear",
    "note": "", "points": [["idle", 5, 100], ["idle", 10, 250.5]],
}  # fmt: skip


def test_a_chart_is_drawn_from_the_record(tmp_path: Path) -> None:
    files = lab(tmp_path, charts={"pace": CHART})
    assert found(tmp_path, "Text.\n\n![It rises](chart:pace)\n\nText.\n", **files) == []
    assert found(tmp_path, "![It rises](chart:pase)\n", **files) == ["1:1 L010"]
    assert "did you mean “pace”?" in said(tmp_path, "![It rises](chart:pase)\n", **files)
    assert found(tmp_path, "![](chart:pace)\n", **files) == ["1:1 R003"]
    assert found(tmp_path, "Text ![It rises](chart:pace)\n", **files) == ["1:6 L010"]
    assert found(tmp_path, "Text\n![It rises](chart:pace)\n", **files) == ["2:1 L010"]


def test_a_chart_needs_a_lab(tmp_path: Path) -> None:
    assert found(tmp_path, "![It rises](chart:pace)\n") == ["1:1 L010"]


@pytest.mark.parametrize(
    "change", [{"kind": "pie"}, {"x_scale": "odd"}, {"points": [["idle", 5, float("nan")]]}, {"points": [["idle", 5]]},
               {"points": [["idle", 5, True]]}, {"points": [["idle", 5, "many"]]}],
)  # fmt: skip
def test_a_chart_that_cannot_be_drawn_is_a_problem_of_the_record(tmp_path: Path, change: dict[str, object]) -> None:
    files = lab(tmp_path, charts={"pace": CHART | change})
    assert "L003" in " ".join(places(check(tmp_path, "![It rises](chart:pace)\n", **files), tmp_path))


SAMPLES = {
    "samples": [12.0, 36.0], "unit": "ms", "note": "longest PING",
    "texts": {"median": "24 ms", "range": "12–36 ms", "worst": "36 ms", "min": "12 ms", "max": "36 ms", "runs": "2"},
}  # fmt: skip


def test_a_figure_of_several_runs_is_inserted_by_name(tmp_path: Path) -> None:
    files = lab(tmp_path, numbers={"pause": SAMPLES})
    assert found(tmp_path, "It took {lab:pause.median}, at worst {lab:pause.worst}.\n", **files) == []
    assert found(tmp_path, "It took {lab:pause}.\n", **files) == ["1:9 L004"]
    assert "choose a figure: {lab:pause.median}, {lab:pause.range}" in said(tmp_path, "It took {lab:pause}.\n", **files)
    assert found(tmp_path, "It took {lab:pause.mean}.\n", **files) == ["1:9 L004"]


def test_a_figure_without_a_source_is_a_problem_in_its_place(tmp_path: Path) -> None:
    assert found(tmp_path, "It took 36 ms.\n") == ["1:9 L011"]
    assert found(tmp_path, "It took 36 ms.[^a]\n\n[^a]: The manual.\n") == []
    assert found(tmp_path, "It took 36 ms {given:}.\n") == ["1:15 L012"]
    draft = {ANY: article("It took 36 ms.\n", status="draft")}
    assert found(tmp_path, "", **draft) == [], "a draft is not measured yet"


def test_a_markdown_file_beside_an_article_is_not_a_page(tmp_path: Path) -> None:
    files = {"articles/any/notes.md": "x", "articles/other/notes.markdown": "x", "articles/any/lab/README.md": "x"}
    body = "[a](notes.md) [b](../other/notes.markdown) [c](lab/README.md)\n"
    assert found(tmp_path, body, **files) == ["1:1 R013", "1:15 R013", "1:44 R013"]
    assert "move the text into the article" in said(tmp_path, "[a](notes.md)\n", **files)


def test_a_link_into_a_lab_leads_to_its_page_or_to_a_file(tmp_path: Path) -> None:
    write(tmp_path, {"articles/any/lab/README.md": "x"})
    files = lab(tmp_path)
    assert "link to lab/index.md" in said(tmp_path, "[a](lab/README.md)\n", **files)
    assert found(tmp_path, "[a](lab/index.md) [b](lab/server.go)\n", **files) == []


def test_a_file_that_has_the_name_of_a_labs_page_is_not_one(tmp_path: Path) -> None:
    assert found(tmp_path, "[a](lab/index.md)\n", **{"articles/any/lab/index.md": "x"}) == ["1:1 R004"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("../../taxonomy.yml", "it is read by the build and not published"),
        (".hidden.txt", "it is hidden, and hidden files are not published"),
        ("../../../x.txt", "it is outside the docs folder"),
        ("lab", "it is a folder"),
    ],
)
def test_a_file_that_is_not_published_is_named_with_the_reason(tmp_path: Path, target: str, reason: str) -> None:
    files = {"articles/any/.hidden.txt": "x"}
    assert f"there is no file “{target}”: {reason}" in said(tmp_path, f"[a]({target})\n", **files)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "articles/any").mkdir(parents=True)
    os.mkfifo(tmp_path / "articles/any/pipe")
    assert found(tmp_path, "[a](pipe)\n") == ["1:1 R004"]
