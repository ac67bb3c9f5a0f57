"""What an article refers to is there, is its own, and is harmless."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from engblog.lab.record import lab_digest, lab_files
from engblog.site.catalogue import Catalogue
from support.sources import DRAWING, article, codes, places, read

FILES = {
    "articles/other/index.md": article(status="draft"),
    "articles/any/drain.svg": DRAWING,
    "articles/any/photo of it.png": b"\x89PNG",
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


@pytest.mark.parametrize("line", ['> --8<-- "lab/server.go"', '--8<-- "lab/server.go" '])
def test_an_include_that_would_be_shown_as_it_stands_is_refused(tmp_path: Path, line: str) -> None:
    assert [each.split()[1] for each in found(tmp_path, f"```go\n{line}\n```\n")] == ["R005"]
    assert "would be shown as text" in said(tmp_path, f"```go\n{line}\n```\n")


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
    "name", ["script", "style", "iframe", "object", "embed", "link", "meta", "base", "form", "SCRIPT", "Iframe"]
)
def test_an_element_that_runs_or_loads_is_refused(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, f"Text.\n\nText <{name} src=x>\n") == ["3:6 R007"]
    assert found(tmp_path, f"Text.\n\n<{name}/src=x>\n") == ["3:1 R007"]
    assert found(tmp_path, f"`<{name}>` and\n\n```html\n<{name}>\n```\n") == []


@pytest.mark.parametrize(
    "html",
    [
        '<b onclick="x()">',
        "<b ONCLICK=x()>",
        "<b onclick = 'x()'>",
        '<b title="a > b" onclick="x()">',
        "<b title='<' onclick=x>",
        "<b/onclick=x>",
        "<b ' onclick=x>",
        '<p style="color: red">',
        '<a href="javascript:alert(1)">',
        '<a href=" JavaScript:alert(1)">',
        '<a href="&#106;avascript:alert(1)">',
        '<a href="java&Tab;script:alert(1)">',
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
        '<img srcset="a.png 1x, https://evil.example/x.png 2x">',
        '<video poster="https://evil.example/x.png">',
        '<source src="https://evil.example/x.mp4">',
        '<svg><use href="https://evil.example/x.svg#a"/>',
        '<svg><feImage xlink:href="https://evil.example/x.svg"/>',
        '<input type="image" src="https://evil.example/x.png">',
        '<table background="https://evil.example/x.png">',
    ],
)
def test_an_attribute_that_loads_from_another_host_is_refused(tmp_path: Path, html: str) -> None:
    assert [each.split()[1] for each in found(tmp_path, f"Text {html}\n")] == ["R002"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('![A](drain.svg){ onload="x()" }', "R007"),
        ("![A](drain.svg){: .wide style=color:red }", "R007"),
        ('![A](drain.svg){ srcset="https://evil.example/x.png 2x" }', "R002"),
        ("A [link](drain.svg){ href=javascript:x }", "R007"),
        ("![A](drain.svg){:onload=x}", "R007"),
        ("![A](drain.svg){.a}{onload=x}", "R007"),
    ],
)
def test_an_attribute_list_is_checked_as_html_is(tmp_path: Path, body: str, code: str) -> None:
    assert [each.split()[1] for each in found(tmp_path, f"{body}\n")] == [code]


@pytest.mark.parametrize(
    "html",
    [
        '<kbd class="key">Ctrl</kbd>',
        '<a href="https://example.org/">out</a>',
        "<details><summary>More</summary></details>",
        '<abbr title="once upon a time">o</abbr>',
        "a < b and c > d on one line",
        "## A heading { #with-an-id .and-class }",
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
    return {**files, "articles/any/lab/record.json": json.dumps(content)}


GOOD = "It waits {lab:wait}.{claim:test_it_waits}\n"


def test_an_article_shows_what_its_lab_recorded(tmp_path: Path) -> None:
    catalogue = check(tmp_path, GOOD, **lab(tmp_path))
    assert codes(catalogue) == []
    (shown,) = catalogue.site.articles
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
