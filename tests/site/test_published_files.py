"""Nothing goes live by accident: what nothing refers to is not published, and is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from engblog.disk.docs import DocsSettings, check_docs, read_site
from hypothesis import given
from hypothesis import strategies as st
from support.pictures import PNG, pictures
from support.sources import AUTHORS, DRAWING, TAXONOMY, article, places, write

BASE = {"taxonomy.yml": TAXONOMY, "authors.yml": AUTHORS, "articles/a/index.md": article()}
ACCIDENTS = [
    "index.md~", "index.md.orig", "index.md.bak", "#index.md#", "Thumbs.db", "desktop.ini", "secret.pem", "env",
    "id_rsa", "server.key", "core", "core.123", "notes.txt", "draft.docx", "index copy.md", "index (1).md",
    "index-old.md", "notes.md", "README.md", "photo.png", "old/photo.png", "data.csv", "page.html", "x.pyc",
    "data.sqlite", "dump.rdb",
]  # fmt: skip
LEFT_OUT = [".index.md.swp", ".env", ".DS_Store", ".git/config", "__pycache__/x.pyc", "node_modules/x.js", ".x/y.txt"]


def site(root: Path, files: dict[str, str | bytes], settings: DocsSettings | None = None) -> tuple[list[str], set[str]]:
    """The problems of a site, and the files that it publishes."""
    write(root, {**BASE, **files})
    catalogue = check_docs(root, settings or DocsSettings())
    return places(catalogue, root), set(catalogue.files)


@pytest.mark.parametrize("name", ACCIDENTS)
def test_a_file_beside_an_article_that_nothing_refers_to_is_named(tmp_path: Path, name: str) -> None:
    path = f"articles/a/{name}"
    assert site(tmp_path, {path: PNG}) == ([f"{path}:1:1 S009"], {"articles/a/index.md"})


@pytest.mark.parametrize("name", [name for name in ACCIDENTS if not name.endswith(".md")])
def test_the_same_file_elsewhere_is_named_too(tmp_path: Path, name: str) -> None:
    for folder in ("", "guide/", "articles/", "articles/gone/"):
        path = folder + name
        found, published = site(tmp_path / (folder.replace("/", "-") or "root"), {path: PNG})
        assert (found, published) == ([f"{path}:1:1 S009"], {"articles/a/index.md"})


@pytest.mark.parametrize("name", LEFT_OUT)
def test_hidden_files_and_those_of_tools_stay_out_without_a_word(tmp_path: Path, name: str) -> None:
    assert site(tmp_path, {f"articles/a/{name}": "x", name: "x"}) == ([], {"articles/a/index.md"})


_NAME = st.text(
    st.characters(codec="utf-8", exclude_characters="/\\\0", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12
)


@given(
    st.lists(st.tuples(_NAME, st.sampled_from(["", ".txt", ".png", ".md", "~", ".pem"])), min_size=1, max_size=6),
    st.data(),
)
def test_every_file_is_referred_to_or_known_or_named(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    names = {stem + suffix for stem, suffix in pairs if not stem.startswith(".") and stem.strip() == stem}
    names -= {"index.md", "lab", "lab~"}
    folded = {name.casefold(): name for name in names}  # two that differ by case cannot both have an address
    root = tmp_path_factory.mktemp("site")
    fit = {name for name in folded.values() if name not in {"__pycache__", "node_modules"}}
    linked = {
        name for name in fit if data.draw(st.booleans()) and not set(name) & set("<>[]`&;:{}%?#\u0085\u2028\u2029")
    }
    linked = {name for name in linked if not name.endswith(".md") and name.isprintable()}
    body = "".join(f"[x](<{name}>)\n" for name in sorted(linked))
    write(root, {**BASE, "articles/a/index.md": article(f"Text.\n\n{body}"), **{f"articles/a/{n}": PNG for n in fit}})
    catalogue = check_docs(root, DocsSettings())
    named = {
        problem.mark.path.rpartition("/articles/a/")[2] for problem in catalogue.problems if problem.code.id == "S009"
    }
    refused = {problem.mark.path.rpartition("/articles/a/")[2] for problem in catalogue.problems} - named
    published = {path.removeprefix("articles/a/") for path in catalogue.files} - {"index.md"}
    pictures_of_the_name = {name for name in linked if name.lower().endswith(".png")}
    assert (named, refused, published) == (fit - linked, linked - pictures_of_the_name, pictures_of_the_name)


@pytest.mark.parametrize(
    ("files", "published"),
    [
        ({"articles/a/index.md": article("[x](notes.txt)\n"), "articles/a/notes.txt": "x"}, {"articles/a/notes.txt"}),
        ({"articles/a/index.md": article("![x](p.png)\n"), "articles/a/p.png": PNG}, {"articles/a/p.png"}),
        ({"articles/a/index.md": article("<img src=p.png alt=x>\n"), "articles/a/p.png": PNG}, {"articles/a/p.png"}),
        ({"about.md": "![x](img/p.png)\n", "img/p.png": PNG}, {"about.md", "img/p.png"}),
        ({"about.md": "[x](articles/a/p.png)\n", "articles/a/p.png": PNG}, {"about.md", "articles/a/p.png"}),
        ({"articles/a/index.md": article("[x](../p.png)\n"), "articles/p.png": PNG}, {"articles/p.png"}),
        ({"assets/a.woff2": b"wOF2x"}, {"assets/a.woff2"}),
        ({"assets/logo.svg": DRAWING, "CNAME": "a.example"}, {"assets/logo.svg", "CNAME"}),
        ({"robots.txt": "x", "favicon.ico": pictures()["plain.ico"]}, {"robots.txt", "favicon.ico"}),
        ({".well-known/security.txt": "x", ".well-known/.DS_Store": "x"}, {".well-known/security.txt"}),
        ({".well-known/apple-app-site-association": "{}"}, {".well-known/apple-app-site-association"}),
        ({"BingSiteAuth.xml": "<users><user>A</user></users>"}, {"BingSiteAuth.xml"}),
        ({"articles/a/index.md": article('```js\n--8<-- "a.js"\n```\n'), "articles/a/a.js": "go()"}, set()),
    ],
)  # fmt: skip
def test_what_is_referred_to_or_known_is_published(
    tmp_path: Path, files: dict[str, str | bytes], published: set[str]
) -> None:
    assert site(tmp_path, files) == ([], {"articles/a/index.md", *published})


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.html", "S011"), ("a.HTML", "S011"), ("a.htm", "S011"), ("a.xhtml", "S011"), ("a.xml", "S011"),
        ("a.xsl", "S011"), ("a.xsd", "S011"), ("a.rng", "S011"), ("a.pdf", "S011"), ("a.mhtml", "S011"),
        ("a.js", "S013"), ("a.mjs", "S013"), ("a.css", "S013"), ("a.zip", "S013"), ("a.exe", "S013"), ("a", "S013"),
        ("a.", "S013"), ("a.txt.", "S013"), ("a.MD", "S013"), ("a.rs", "S013"), ("a.wasm", "S013"), ("a.hta", "S013"),
        ("a.txt", ""), ("a.CSV", ""), ("a.py", ""), ("a.html.txt", ""),
    ],
)  # fmt: skip
def test_only_kinds_that_no_browser_runs_are_published(tmp_path: Path, name: str, code: str) -> None:
    for place, link in (("articles/a/", "articles/a/index.md"), ("", "about.md")):
        root, path = tmp_path / (place.replace("/", "-") or "root"), place + name
        text = f"[x](<{name}>)\n" if link == "about.md" else article(f"[x](<{name}>)\n")
        found, published = site(root, {link: text, path: "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>"})
        assert found == ([f"{path}:1:1 {code}"] if code else [])
        assert (path in published) is not bool(code)


@pytest.mark.parametrize("name", ["BingSiteAuth.xml", "browserconfig.xml"])
@pytest.mark.parametrize(
    "text",
    [
        "<x xmlns='http://www.w3.org/1999/xhtml'/>", "<x><s:script xmlns:s='http://www.w3.org/2000/svg'/></x>",
        "<?xml-stylesheet href='a.xsl'?><x/>", "<!DOCTYPE x><x/>", "<x>", "<?xml version='1.0' encoding='utf-16'?><x/>",
    ],
)  # fmt: skip
def test_xml_at_the_root_is_only_data(tmp_path: Path, name: str, text: str) -> None:
    found, published = site(tmp_path, {name: text})
    assert found == [f"{name}:1:1 S011"]
    assert name not in published


def test_a_file_of_the_docs_folder_takes_no_place_of_the_themes(tmp_path: Path) -> None:
    write(tmp_path / "theme", {"assets/icons/mark.svg": DRAWING, "assets/a.woff2": b"wOF2"})
    settings = replace(DocsSettings(), theme=tmp_path / "theme")
    files = {"assets/icons/Mark.svg": DRAWING, "assets/b.woff2": b"wOF2"}
    assert site(tmp_path / "docs", files, settings)[0] == ["assets/icons/Mark.svg:1:1 S015"]


def test_what_the_configuration_names_or_leaves_out_is_not_a_stray(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"css/a.css": "a{}", "notes/x.txt": "x", "articles/a/todo.txt": "x"}
    settings = replace(DocsSettings(), named=frozenset({"css/a.css"}), exclude_docs="notes/\ntodo.txt\n")
    assert site(tmp_path, files, settings) == ([], {"articles/a/index.md", "css/a.css"})


def test_a_template_can_refer_to_a_file(tmp_path: Path) -> None:
    write(tmp_path / "theme", {"main.html": "<img src=\"{{ 'img/logo.png' | url }}\">"})
    settings = replace(DocsSettings(), theme=tmp_path / "theme")
    assert site(tmp_path / "docs", {"img/logo.png": PNG}, settings) == ([], {"articles/a/index.md", "img/logo.png"})


def test_what_only_a_draft_refers_to_is_not_named_and_not_published(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "articles/d/index.md": article("![x](p.png) ![x](../../q.png)\n", status="draft"),
        "articles/d/p.png": PNG,
        "q.png": PNG,
    }
    assert site(tmp_path, files) == ([], {"articles/a/index.md"})
    assert read_site(tmp_path, DocsSettings(), preview=True).files >= {"articles/d/p.png", "q.png"}


LAB = {"articles/a/lab/test_a.py": "def test_a(): pass\n", "articles/a/lab/helper.py": ""}


@pytest.mark.parametrize("name", ["secret.pem", "dump.rdb", "test_a.py~", "core", ".env", ".config/x.toml", "a (1).py"])
def test_a_file_in_a_lab_that_readers_should_not_get_is_named(tmp_path: Path, name: str) -> None:
    found, _ = site(tmp_path, {**LAB, f"articles/a/lab/{name}": "x"})
    assert f"articles/a/lab/{name}:1:1 S010" in found


def test_a_lab_is_published_with_what_its_settings_and_its_article_name(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        **LAB,
        "articles/a/index.md": article(status="draft"),
        "articles/a/lab/lab.toml": '[files]\ndata = ["sample.rdb"]\n',
        "articles/a/lab/sample.rdb": b"\0",
        "articles/a/lab/page.html": "<p>",
        "articles/a/lab/.DS_Store": b"\0",
    }
    assert site(tmp_path, files)[0] == []
    published = read_site(tmp_path, DocsSettings(), preview=True).files
    assert {path.removeprefix("articles/a/lab/") for path in published if "/lab/" in path} == {
        "test_a.py", "helper.py", "lab.toml",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["page.html", "feed.js", "main.rs", "sample.rdb", "drawn.xml"])
def test_a_link_to_what_only_the_archive_has_is_named_where_it_is(tmp_path: Path, name: str) -> None:
    files: dict[str, str | bytes] = {
        **LAB,
        "articles/a/index.md": article(f"Text.\n\n[x](lab/{name})\n", status="draft"),
        "articles/a/lab/lab.toml": '[files]\ndata = ["sample.rdb"]\n',
        "articles/a/lab/sample.rdb": b"\0",
        f"articles/a/lab/{name}": b"\0" if name == "sample.rdb" else "x",
    }
    assert site(tmp_path, files)[0] == ["articles/a/index.md:11:1 R022"]
    assert f"articles/a/lab/{name}" not in read_site(tmp_path, DocsSettings(), preview=True).files


def test_a_list_of_data_names_files_that_are_there(tmp_path: Path) -> None:
    files = {**LAB, "articles/a/lab/lab.toml": "[files]\ndata = ['gone.rdb']\n"}
    assert "articles/a/lab/lab.toml:2:1 L009" in site(tmp_path, files)[0]


def test_a_binary_under_the_name_of_a_source_is_named(tmp_path: Path) -> None:
    assert "articles/a/lab/rows.csv:1:1 S010" in site(tmp_path, {**LAB, "articles/a/lab/rows.csv": b"\xff\0"})[0]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("notes.txt", "link to it, move it out"),
        ("index.md~", "delete it, move it out"),
        ("core.12", "delete it, move it out"),
        ("secret.pem", "take it out of the repository and replace it"),
        ("index copy.md", "delete it, move it out"),
        ("notes.md", "move the text into the article"),
    ],
)
def test_the_hint_fits_the_file(tmp_path: Path, name: str, hint: str) -> None:
    write(tmp_path, {**BASE, f"articles/a/{name}": "x"})
    (problem,) = check_docs(tmp_path, DocsSettings()).problems
    assert hint in problem.hint
    assert "exclude_docs" in problem.hint
