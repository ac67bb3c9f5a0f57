"""`engblog check`, `new` and `problems`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from engblog.disk.docs import DocsSettings, read_site
from engblog.model.problems import Code
from engblog.source.typography import typographic
from support.hosts import mini
from support.labs import recorded
from support.shell import engblog
from support.sources import AUTHORS, TAXONOMY, article, write

pytestmark = pytest.mark.usefixtures("epoch")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site without articles, with the author standing in its folder."""
    monkeypatch.chdir(tmp_path)
    return write(
        tmp_path,
        {"mkdocs.yml": "plugins: [engblog]\n", "docs/taxonomy.yml": TAXONOMY, "docs/authors.yml": AUTHORS},
    )


def test_a_site_without_a_problem_says_what_will_be_published(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        site,
        {
            "docs/articles/a/index.md": article(),
            "docs/articles/b/index.md": article(status="draft"),
            "docs/articles/c/index.md": article(date="2027-01-01"),
        },
    )
    assert engblog(capsys, "check") == (
        0,
        "1 to publish, 2 held back, no problems\n"
        "  held back: articles/c/index.md (dated 2027-01-01)\n"
        "  held back: articles/b/index.md (a draft)\n",
        "",
    )


def test_every_problem_is_named_at_once_and_the_status_is_1(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        site,
        {
            "docs/articles/a/index.md": article(date="soon", titel="x"),
            "docs/articles/b/index.md": article("![](gone.png)\n"),
            "docs/authors.yml": "ada: Ada\n",
        },
    )
    status, out, err = engblog(capsys, "check")
    assert (status, err) == (1, "")
    lines = out.splitlines()
    heads = [line for line in lines if not line.startswith(" ")]
    assert [re.fullmatch(r"(\S+:\d+:\d+ [A-Z]\d{3}) .+", line)[1] for line in heads[:-1]] == [  # type: ignore[index]
        "docs/articles/a/index.md:4:7 F005",
        "docs/articles/a/index.md:7:1 F001",
        "docs/articles/b/index.md:8:1 R001",
        "docs/articles/b/index.md:8:1 R003",
        "docs/authors.yml:1:6 F003",
    ]
    assert heads[-1] == "5 problems in 3 files"
    assert sum(line.startswith("    ") for line in lines) >= 5, "every problem has a hint"


def test_what_both_looks_find_is_said_once(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mini(site, {"docs/articles/a/index.md": article("*a*{: .skip } and *b*{: data-x=1 }\n")})
    status, out, _ = engblog(capsys, "check")
    assert status == 1
    assert [line.split()[1] for line in out.splitlines() if line.startswith("docs/")] == ["R024", "R007"]


def test_a_preview_check_lets_labs_be_out_of_step(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = {"ran": "2026-11-23", "machine": "", "versions": {}, "tests": {}, "numbers": {}, "digest": ""}
    write(
        site,
        {
            "docs/articles/a/index.md": article(),
            "docs/articles/a/lab/test_a.py": "",
            "docs/articles/a/lab/record.json": recorded(record),
        },
    )
    assert engblog(capsys, "check")[0] == 1
    assert engblog(capsys, "check", "--preview")[0] == 0


def test_a_check_writes_nothing(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/articles/a/index.md": article()})
    before = sorted(site.rglob("*"))
    engblog(capsys, "check")
    assert sorted(site.rglob("*")) == before


def test_a_new_article_passes_the_check_at_once(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = engblog(capsys, "new", "Why fsync lies")
    assert status == 0
    assert "docs/articles/why-fsync-lies/index.md" in out
    text = (site / "docs/articles/why-fsync-lies/index.md").read_text()
    assert "title: Why fsync lies\n" in text
    assert "date: 2026-12-01\n" in text
    assert "status: draft\n" in text
    assert engblog(capsys, "check")[:2] == (
        0,
        "0 to publish, 1 held back, no problems\n  held back: articles/why-fsync-lies/index.md (a draft)\n",
    )


def test_a_new_article_never_overwrites(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/articles/why-fsync-lies/index.md": "mine\n"})
    status, out, err = engblog(capsys, "new", "Why fsync lies")
    assert (status, out) == (1, "")
    assert "already exists" in err
    assert "--slug" in err
    assert (site / "docs/articles/why-fsync-lies/index.md").read_text() == "mine\n"
    assert engblog(capsys, "new", "Why fsync lies", "--slug", "fsync-again")[0] == 0


ODD = [
    "null", "Null", "~", "true", "no", "404", "1.5", "2026-11-20", "a: b", "- a", "# a", "a # b", '"quoted"', "it's",
    "[a]", "{a}", "& a", "* a", "!a", "| a", "> a", "% a", "@ a", "` a", "? a", "back\\slash", "a\tb", "  a   b  ",
    "Größe", "Ünïcödé ß", "C++ & C#", "émoji 🎉 x", "x" * 300, "word " * 80, "a\u2028b", "a\x85b", "---", "... a",
    "a\u200bb", "a\ufeffb", "=", "<a>",
]  # fmt: skip


@pytest.mark.parametrize("title", ODD)
def test_an_odd_title_makes_an_article_that_passes_or_a_message(
    site: Path, capsys: pytest.CaptureFixture[str], title: str
) -> None:
    status, _, err = engblog(capsys, "new", "--slug", "odd", "--", title)
    if status == 0:
        assert engblog(capsys, "check")[0] == 0, (site / "docs/articles/odd/index.md").read_text()
    else:
        assert err.startswith("engblog: ")
        assert not (site / "docs/articles/odd").exists()


@pytest.mark.usefixtures("site")
def test_the_title_that_was_given_is_the_title_of_the_article(capsys: pytest.CaptureFixture[str]) -> None:

    for number, title in enumerate(ODD):
        if engblog(capsys, "new", "--slug", f"a{number}", "--", title)[0] == 0:
            found = {each.slug: each.title for each in read_site(Path("docs"), DocsSettings()).site.hidden}
            assert found[f"a{number}"] == typographic(" ".join(title.split()))


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Größe & Co.", "grosse-and-co"),
        ("C++: a tale", "c-plus-plus-a-tale"),
        ("数据库 Redis", "redis"),
        ("word " * 39, "word-" * 11 + "word"),
    ],
)
def test_the_title_makes_the_folders_name(
    site: Path, capsys: pytest.CaptureFixture[str], title: str, slug: str
) -> None:
    assert engblog(capsys, "new", title)[0] == 0
    assert [path.name for path in (site / "docs/articles").iterdir()] == [slug]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["数据库"], "--slug"),
        (["!!!"], "--slug"),
        ([""], "title is empty"),
        (["  "], "title is empty"),
        (["X", "--slug", "../../x"], "is not a slug"),
        (["X", "--slug", "A B"], "is not a slug"),
        (["X", "--slug", "x" * 300], "cannot be created"),
        (["a\x07b"], "character"),
        (["a\udcffb"], "character"),
    ],
)
def test_what_makes_no_article_says_why(
    site: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    status, _, err = engblog(capsys, "new", *arguments)
    assert status == 1
    assert said in err
    assert not [*site.rglob("index.md")]


def test_a_new_article_needs_a_vocabulary(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/taxonomy.yml": "categories: [{name: A}]\ntags: [{name: B}]\n"})
    assert "must have a category and 3 tags" in engblog(capsys, "new", "X")[2]
    write(site, {"docs/taxonomy.yml": "categories: A\n"})
    status, out, _ = engblog(capsys, "new", "X")
    assert (status, out.splitlines()[0][:30]) == (1, "docs/taxonomy.yml:1:13 F003 'c")


def test_a_new_article_without_people_names_none(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "docs/authors.yml").unlink()
    assert engblog(capsys, "new", "Why fsync lies")[0] == 0
    assert "authors" not in (site / "docs/articles/why-fsync-lies/index.md").read_text()
    assert engblog(capsys, "check")[0] == 0


def test_a_vocabulary_of_odd_words_makes_an_article_that_passes(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["null", "a: b", "# x", "[y]", "true", "1.5", "it's", "C#", "a, b"]
    quoted = [json.dumps(name) for name in names]
    for rotation in range(0, 9, 3):
        turned = quoted[rotation:] + quoted[:rotation]
        terms = "".join(f"  - {{name: {name}, slug: s{number}}}\n" for number, name in enumerate(turned))
        subs = terms.replace("  - ", "      - ")
        taxonomy = f"categories:\n  - name: {turned[0]}\n    slug: c\n    subcategories:\n{subs}tags:\n{terms}"
        write(site, {"docs/taxonomy.yml": taxonomy, "docs/authors.yml": "null:\n  name: N\n1:\n  name: O\n"})
        assert engblog(capsys, "new", "X", "--slug", f"x{rotation}")[0] == 0
        status, out, _ = engblog(capsys, "check")
        assert status == 0, out
        for path in site.rglob("index.md"):
            path.unlink()


def test_the_codes_are_listed_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = engblog(capsys, "problems")
    assert status == 0
    assert out.splitlines()[2] == "| S001 | the file is not UTF-8 |"
    assert len(out.splitlines()) == 2 + len(Code)
