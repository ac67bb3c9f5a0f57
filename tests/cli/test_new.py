"""`engblog check`, `new` and `problems`."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from engblog.disk.docs import DocsSettings, read_site
from engblog.model.problems import Code
from engblog.source.outlines import OUTLINES, outline_for
from engblog.source.schema import FRONT_MATTER
from engblog.source.typography import typographic
from support.patience import PATIENCE
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


WHAT = ("--category", "Database", "--subcategory", "Storage", "--tag", "Redis", "--tag", "golang", "--tag", "MySQL")


def new(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Start an article without a terminal, with everything that it needs besides *arguments*."""
    return engblog(capsys, "new", *WHAT, *arguments)


def test_a_new_article_passes_the_check_at_once(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = new(capsys, "Why fsync lies")
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
    status, out, err = new(capsys, "Why fsync lies")
    assert (status, out) == (1, "")
    assert "already exists" in err
    assert "--slug" in err
    assert (site / "docs/articles/why-fsync-lies/index.md").read_text() == "mine\n"
    assert new(capsys, "Why fsync lies", "--slug", "fsync-again")[0] == 0


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
    status, _, err = new(capsys, "--slug", "odd", "--", title)
    if status == 0:
        assert engblog(capsys, "check")[0] == 0, (site / "docs/articles/odd/index.md").read_text()
    else:
        assert err.startswith("engblog: ")
        assert not (site / "docs/articles/odd").exists()


@pytest.mark.usefixtures("site")
def test_the_title_that_was_given_is_the_title_of_the_article(capsys: pytest.CaptureFixture[str]) -> None:

    for number, title in enumerate(ODD):
        if new(capsys, "--slug", f"a{number}", "--", title)[0] == 0:
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
    assert new(capsys, title)[0] == 0
    assert [path.name for path in (site / "docs/articles").iterdir()] == [slug]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["数据库"], "--slug"),
        (["!!!"], "--slug"),
        ([""], "--title is missing"),
        (["  "], "--title is missing"),
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
    status, _, err = new(capsys, *arguments)
    assert status == 1
    assert said in err
    assert not [*site.rglob("index.md")]


def test_a_new_article_needs_a_vocabulary(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/taxonomy.yml": "categories: A\n"})
    status, out, _ = new(capsys, "X")
    assert (status, out.splitlines()[0][:30]) == (1, "docs/taxonomy.yml:1:13 F003 'c")


def test_without_a_terminal_everything_that_is_missing_or_unknown_is_said_at_once(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = engblog(capsys, "new")
    assert (status, out) == (1, "")
    assert [line.removeprefix("engblog: ").partition(":")[0] for line in err.splitlines()] == [
        "--title is missing", "--category", "--tag",
    ]  # fmt: skip
    status, _, err = engblog(
        capsys,
        "new",
        "A",
        "--category",
        "database",
        "--tag",
        "Zig",
        "--tag",
        "redis",
        "--author",
        "ad",
        "--outline",
        "x",
    )
    assert status == 1
    assert [line.partition(";")[0].removeprefix("engblog: ") for line in err.splitlines()] == [
        "--subcategory: is missing in “Database”",
        "--tag: there is no “Zig”",
        "--tag: give 3 to 8 tags",
        "--author: there is no “ad” in the authors file",
        "--outline: there is no “x”",
    ]
    assert "did you mean “ada”?" in err
    assert not (site / "docs/articles").exists()


def test_names_are_those_of_the_vocabulary(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--category", "database", "--subcategory", "STORAGE", "--tag", "pg", "--tag", "node", "--tag", "k8s")
    assert engblog(capsys, "new", "--title", "A", *given, "--author", "ada", "--author", "grace")[0] == 0
    text = (site / "docs/articles/a/index.md").read_text()
    assert "category: Database\n" in text
    assert "subcategory: Storage\n" in text
    assert 'tags: [PostgreSQL, "Node.js", Kubernetes]\n' in text
    assert "authors: [ada, grace]\n" in text


def test_every_key_is_there_with_what_it_means(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(capsys, "A")[0] == 0
    text = (site / "docs/articles/a/index.md").read_text()
    for key in FRONT_MATTER:
        assert re.search(rf"^(# )?{key.name}: \S", text, re.MULTILINE), key.name
        assert key.about[:40] in text.replace("\n# ", " "), key.name


def test_keys_that_are_uncommented_are_right(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(capsys, "A")[0] == 0
    path = site / "docs/articles/a/index.md"
    later = ("updated", "review_by", "featured", "aliases", "series", "applies_to", "id")
    path.write_text(re.sub(rf"^# ((?:{'|'.join(later)}): )", r"\1", path.read_text(), flags=re.MULTILINE))
    found = {each.code for each in read_site(Path("docs"), DocsSettings()).problems}
    assert found == {Code.F016_FUTURE}, "the day of the update is a week ahead"


@pytest.mark.parametrize("outline", OUTLINES)
def test_a_placeholder_is_a_problem_once_it_is_published(
    site: Path, capsys: pytest.CaptureFixture[str], outline: str
) -> None:
    assert new(capsys, "A", "--outline", outline)[0] == 0
    path = site / "docs/articles/a/index.md"
    assert engblog(capsys, "check")[0] == 0
    path.write_text(path.read_text().replace("status: draft", "status: published"))
    found = read_site(Path("docs"), DocsSettings()).problems
    expected = path.read_text().count("[write: ")
    assert sum(each.code is Code.S030_PLACEHOLDER for each in found) == expected > 5
    assert {each.code.id for each in found} == {"S030", "L001"}


def test_an_incident_is_told_in_another_order_than_a_mechanism() -> None:
    assert outline_for("Real Problems", "Production Incidents") == "incident"
    assert outline_for("System Design", "Tradeoffs in Production") == "choice"
    assert outline_for("Database", "Picking the Right DB") == "choice"
    assert outline_for("Database", "Query Optimization") == "tuning"
    assert outline_for("Database", "Storage") == "deep dive"
    assert len(set(OUTLINES.values())) == len(OUTLINES)


def test_the_lab_runs_at_once_and_its_placeholders_are_problems_too(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(capsys, "A")[0] == 0
    done = subprocess.run(
        [sys.executable, "-m", "engblog.cli", "lab", "run", "a", "--yes"],
        cwd=site, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (site / "docs/articles/a/lab/record.json").is_file()
    assert engblog(capsys, "check")[0] == 0
    path = site / "docs/articles/a/index.md"
    path.write_text(article("It kept {lab:kept}.{claim:test_what_was_written_is_there}\n"))
    problems = read_site(Path("docs"), DocsSettings()).problems
    assert [(each.code.id, each.mark.path) for each in problems] == [("S030", "docs/articles/a/lab/test_a.py")]


def test_no_lab_is_made_if_none_is_wanted(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(capsys, "A", "--no-lab")[0] == 0
    assert [path.name for path in (site / "docs/articles/a").iterdir()] == ["index.md"]


def test_at_a_terminal_it_asks_and_completes(site: Path) -> None:
    said, status = typed(
        site,
        [
            ("Title", "Why fsync lies\n"),
            ("Folder", "\n"),
            ("Category", "Data\t\n"),
            ("Subcategory", "disks\n"),
            ("Subcategory", "stor\t\n"),
            ("Tags", "redis, golang, MySQL\n"),
            ("Authors", "ada\n"),
        ],
    )
    assert status == 0, said
    text = (site / "docs/articles/why-fsync-lies/index.md").read_text()
    assert "category: Database\nsubcategory" in re.sub(r"# .*\n", "", text)
    assert "subcategory: Storage\n" in text
    assert "tags: [Redis, Go, MySQL]\n" in text


def test_whoever_ends_the_questions_has_written_nothing(site: Path) -> None:
    said, status = typed(site, [("Title", "A\n"), ("Folder", "\x04")])
    assert status == 1
    assert "nothing was written" in said
    assert not (site / "docs/articles").exists()


def typed(site: Path, answers: list[tuple[str, str]]) -> tuple[str, int]:
    """Run ``engblog new`` at a terminal and give each answer when its question appears."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(site)
        os.environ["TERM"] = "dumb"
        os.execv(  # noqa: S606  (in the child, at its terminal)
            sys.executable, [sys.executable, "-m", "engblog.cli", "new"]
        )
    said, until = "", time.monotonic() + PATIENCE
    waiting = list(answers)
    seen = 0
    with contextlib.suppress(OSError):  # the other end is closed
        while time.monotonic() < until:
            if select.select([terminal], [], [], 0.2)[0]:
                data = os.read(terminal, 4096)
                if not data:
                    break
                said += data.decode("utf-8", "replace")
            if waiting and (at := said.find(waiting[0][0], seen)) >= 0 and ": " in said[at:]:
                seen = len(said)
                os.write(terminal, waiting.pop(0)[1].encode())
    os.close(terminal)
    return said, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_new_article_without_people_names_none(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "docs/authors.yml").unlink()
    assert new(capsys, "Why fsync lies")[0] == 0
    assert "\nauthors:" not in (site / "docs/articles/why-fsync-lies/index.md").read_text()
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
        given = [word for number in range(3) for word in ("--tag", names[(rotation + number) % 9])]
        given += ["--category", names[rotation], "--subcategory", names[rotation]]
        assert engblog(capsys, "new", "X", "--slug", f"x{rotation}", *given)[0] == 0
        status, out, _ = engblog(capsys, "check")
        assert status == 0, out
        shutil.rmtree(site / "docs/articles")


def test_the_codes_are_listed_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = engblog(capsys, "problems")
    assert status == 0
    assert out.splitlines()[2] == "| S001 | the file is not UTF-8 |"
    assert len(out.splitlines()) == 2 + len(Code)
