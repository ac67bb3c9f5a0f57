"""What authors do from a shell: start an article, check all, run a lab, list the codes."""

from __future__ import annotations

import datetime
import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from engblog.cli import main
from engblog.disk.docs import DocsSettings, read_site
from engblog.disk.new import SkeletonError, new_article
from engblog.lab.record import lab_digest, lab_files
from engblog.model.problems import Code, Problems
from engblog.source.vocabulary import read_taxonomy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.hosts import build, mini
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


def engblog(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    out = capsys.readouterr()
    return status, out.out, out.err


# check


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


def test_a_preview_check_lets_labs_be_out_of_step(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = {"ran": "2026-11-23", "machine": "", "versions": {}, "tests": {}, "numbers": {}, "digest": ""}
    write(
        site,
        {
            "docs/articles/a/index.md": article(),
            "docs/articles/a/lab/test_a.py": "",
            "docs/articles/a/lab/record.json": json.dumps(record),
        },
    )
    assert engblog(capsys, "check")[0] == 1
    assert engblog(capsys, "check", "--preview")[0] == 0


def test_a_check_writes_nothing(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/articles/a/index.md": article()})
    before = sorted(site.rglob("*"))
    engblog(capsys, "check")
    assert sorted(site.rglob("*")) == before


# new


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
            assert found[f"a{number}"] == " ".join(title.split())


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Größe & Co.", "grosse-and-co"),
        ("C++: a tale", "c-plus-plus-a-tale"),
        ("数据库 Redis", "redis"),
        ("word " * 80, "word-" * 11 + "word"),
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


@given(st.text(max_size=30))
@example("null")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_title_makes_an_article_that_passes_or_a_message(
    tmp_path_factory: pytest.TempPathFactory, title: str
) -> None:

    docs = write(tmp_path_factory.mktemp("site"), {"taxonomy.yml": TAXONOMY, "authors.yml": AUTHORS})
    taxonomy = read_taxonomy(TAXONOMY.encode(), "t", Problems())
    day = datetime.date(2026, 12, 1)
    try:
        new_article(docs / "articles", title, day=day, taxonomy=taxonomy, people={}, slug="odd")
    except SkeletonError:
        assert not (docs / "articles" / "odd").exists()
        return
    catalogue = read_site(docs, DocsSettings())
    assert catalogue.problems == ()
    assert [each.title for each in catalogue.site.hidden] == [" ".join(title.split())]


# lab

LAB = '''\
"""A lab without servers."""


def test_it_waits(record):
    """It waits."""
    record.number("wait", 12.5, unit="ms", note="from SIGTERM to exit")
'''


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "engblog.cli", *arguments], cwd=site, capture_output=True, text=True, check=False
    )


def test_a_lab_is_run_recorded_and_watched(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = article("It waits {lab:wait}.{claim:test_it_waits}\n")
    lab = site / "docs/articles/a/lab"
    write(site, {"docs/articles/a/index.md": text, "docs/articles/a/lab/test_a.py": LAB})
    assert "L001" in engblog(capsys, "check")[1]

    proven = run(site, "lab", "run", "a", "--no-record")
    assert proven.returncode == 0, proven.stdout + proven.stderr
    assert not (lab / "record.json").exists()

    recorded = run(site, "lab", "run", "a")
    assert recorded.returncode == 0, recorded.stdout + recorded.stderr
    record = json.loads((lab / "record.json").read_text())
    assert record["digest"] == lab_digest(lab_files(lab))
    assert record["tests"] == {"test_it_waits": {"file": "test_a.py", "line": 4, "claim": "It waits."}}
    assert record["numbers"]["wait"]["text"] == "12.5\u00a0ms"
    assert engblog(capsys, "check")[0] == 0

    (lab / "test_a.py").write_text(LAB.replace("It waits.", "It waits long."))
    status, out, _ = engblog(capsys, "check")
    assert status == 1
    assert "docs/articles/a/lab/record.json:1:1 L002" in out
    assert "run: make lab ARTICLE=a" in out

    (lab / "test_a.py").write_text(LAB)
    assert engblog(capsys, "check")[0] == 0


def test_a_lab_that_fails_fails_the_command_and_keeps_the_record(site: Path) -> None:
    write(
        site,
        {
            "docs/articles/a/lab/test_a.py": "def test_a():\n    assert False\n",
            "docs/articles/a/lab/record.json": "old",
        },
    )
    assert run(site, "lab", "run", "a").returncode == 1
    assert (site / "docs/articles/a/lab/record.json").read_text() == "old"


def test_a_lab_is_run_from_wherever_the_author_stands(site: Path) -> None:
    write(site, {"docs/articles/a/lab/test_a.py": LAB})
    done = run(site.parent, "--config", f"{site.name}/mkdocs.yml", "lab", "run", "a")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (site / "docs/articles/a/lab/record.json").exists()


def test_an_article_without_a_lab_says_what_a_lab_is(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/articles/a/index.md": article()})
    for slug in ("a", "gone"):
        status, _, err = engblog(capsys, "lab", "run", slug)
        assert status == 1
        assert "test_*.py" in err


def test_a_reader_that_has_seen_enough_ends_a_command_quietly(site: Path) -> None:
    write(site, {f"docs/articles/a{n}/lab/test_a.py": LAB for n in range(2000)})
    command = f"{sys.executable} -m engblog.cli lab list | head -1"
    done = subprocess.run(command, shell=True, cwd=site, capture_output=True, text=True, check=False)  # noqa: S602
    assert (done.stdout, done.stderr) == ("a0: not recorded; run: make lab ARTICLE=a0\n", "")


# problems, and the configuration


def test_the_codes_are_listed_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = engblog(capsys, "problems")
    assert status == 0
    assert out.splitlines()[2] == "| S001 | the file is not UTF-8 |"
    assert len(out.splitlines()) == 2 + len(Code)


def test_a_configuration_elsewhere_is_read_from_there(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"other/mkdocs.yml": "docs_dir: text\n", "other/text/taxonomy.yml": TAXONOMY})
    assert engblog(capsys, "--config", "other/mkdocs.yml", "check") == (
        0,
        "0 to publish, 0 held back, no problems\n",
        "",
    )
    write(site, {"other/text/articles/a/index.md": article(date="soon")})
    assert "other/text/articles/a/index.md:4:7 F005" in engblog(capsys, "--config", "other/mkdocs.yml", "check")[1]


@pytest.mark.parametrize("command", [["check"], ["new", "X"], ["lab", "run", "a"], ["lab", "list"]])
@pytest.mark.parametrize(
    ("config", "content", "said"),
    [("gone.yml", None, "no such file"), ("bad.yml", "a: [", "bad.yml:"), ("empty.yml", "", "no keys")],
)
def test_a_configuration_that_is_none_is_an_error(
    site: Path, capsys: pytest.CaptureFixture[str], command: list[str], config: str, content: str | None, said: str
) -> None:
    if content is not None:
        write(site, {config: content})
    status, _, err = engblog(capsys, "--config", config, *command)
    assert status == 1
    assert said in err
    assert "Traceback" not in err


@pytest.mark.usefixtures("site")
def test_a_clock_that_is_none_is_an_error(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    for command in (["check"], ["new", "X"]):
        status, _, err = engblog(capsys, *command)
        assert status == 1
        assert "SOURCE_DATE_EPOCH is 'soon'" in err


@pytest.mark.parametrize("arguments", [[], ["chek"], ["new"], ["check", "--nope"]])
def test_wrong_usage_has_status_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert "usage: engblog" in capsys.readouterr().err


# search


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site of two articles, one of them proved by nothing."""
    folder = tmp_path_factory.mktemp("searched")
    text = "## The clock\n\nKubernetes sends SIGTERM, and SIGKILL after terminationGracePeriodSeconds.\n"
    files = {
        "docs/articles/stop/index.md": article(text, title="How a pod is stopped", tags="[Kubernetes, Signals, Go]"),
        "docs/articles/keys/index.md": article(
            "Redis deletes a key.\n", title="Keys that are gone", tags="[Redis, Caching, Replication]"
        ),
    }
    build(mini(folder, files))
    return folder / "site"


def test_a_built_site_is_searched_from_a_shell(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = engblog(capsys, "search", str(built), "grace period", "--json")
    assert (status, err) == (0, "")
    answer = json.loads(out)
    [found] = answer["results"]
    assert found["url"].startswith("articles/")
    assert (built / found["url"] / "index.html").is_file()
    assert found["href"] == found["url"] + "#the-clock"
    assert (found["title"], found["section"]) == ("How a pod is stopped", "The clock")
    assert found["score"] > 0
    loaded = len(gzip.compress((built / "search/engine.mjs").read_bytes(), 9))
    assert loaded < answer["bytes"] < loaded + 4096


def test_filters_narrow_a_search_from_a_shell(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def titles(*filters: str) -> list[str]:
        _, out, _ = engblog(capsys, "search", str(built), "pod key", "--json", *filters)
        return sorted(found["title"] for found in json.loads(out)["results"])

    assert titles() == ["How a pod is stopped", "Keys that are gone"]
    assert titles("--tag", "k8s") == ["How a pod is stopped"]
    assert titles("--tag", "redis", "--category", "Database") == ["Keys that are gone"]
    assert titles("--category", "database", "--tag", "go", "--tag", "redis") == []
    assert titles("--verified") == []
    assert titles("--limit", "1") != titles()


@pytest.mark.parametrize("query", ["--force-with-lease", "-tag:redis", "-h ard", "-x"])
def test_what_is_looked_for_may_look_like_an_option(
    query: str, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        engblog(capsys, "search", str(built), query, "--json", "--tag", "go"),
        engblog(capsys, "search", "--tag=go", "--json", str(built), query),
        engblog(capsys, "search", "--tag", "go", "--json", "--", str(built), query),
    ]
    assert asked[0] == asked[1] == asked[2]
    assert asked[0][0] == 0


def test_a_filter_that_names_nothing_is_an_error(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = engblog(capsys, "search", str(built), "pod", "--tag", "nosuch", "--category", "nowhere")
    assert (status, out) == (1, "")
    assert err == "engblog: no article of this site has category:nowhere, tag:nosuch\n"


def test_what_was_corrected_and_what_names_nothing_is_said(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = engblog(capsys, "search", str(built), "kubernets tag:nosuch")
    assert status == 0
    assert "searched for “kubernetes” instead of “kubernets”" in out
    assert "How a pod is stopped · The clock" in out
    assert err == "engblog: tag:nosuch is not a filter of this site, so its words were searched for\n"


def test_a_query_of_no_words_and_of_very_many_is_answered(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for query in ("", " ", "<script>alert(1)</script>", "\x00\udcff", "pod " * 20_000, '"', "-", "tag:"):
        status, out, _ = engblog(capsys, "search", str(built), "--json", "--", query)
        assert status == 0, query[:40]
        assert json.loads(out)["results"] is not None


def test_a_search_that_cannot_be_made_says_why(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = engblog(capsys, "search", str(tmp_path), "x")
    assert (status, out) == (1, "")
    assert err == f"engblog: {tmp_path} has no search/base.json: build the site first, with `mkdocs build`\n"
    damaged = tmp_path / "site"
    shutil.copytree(built, damaged)
    (damaged / "search/base.json").write_bytes(b"{}")
    status, out, err = engblog(capsys, "search", str(damaged), "x", "--json")
    assert (status, out) == (1, "")
    assert err == "engblog: The search index is damaged (search/base.json).\n"
    monkeypatch.setenv("PATH", str(tmp_path))
    status, _, err = engblog(capsys, "search", str(built), "x")
    assert status == 1
    assert "needs Node.js 20 or later" in err
