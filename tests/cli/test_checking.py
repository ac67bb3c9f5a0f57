"""`engblog check`: everything that it says, for people and for programs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from engblog.cli import main
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
        "docs/authors.yml:1:6 F003",
        "docs/articles/a/index.md:4:7 F005",
        "docs/articles/a/index.md:7:1 F001",
        "docs/articles/b/index.md:8:1 R001",
        "docs/articles/b/index.md:8:1 R003",
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


def heads(out: str) -> list[str]:
    """The places and codes of the problems in a report."""
    return [" ".join(line.split()[:2]) for line in out.splitlines() if re.match(r"\S+:\d+:\d+ [A-Z]\d{3} ", line)]


def test_one_article_is_checked_by_its_path_and_others_are_left_alone(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mini(
        site,
        {
            "docs/articles/a/index.md": article("See [it](../b/index.md#gone).\n\nTake **a*b**.\n", date="soon"),
            "docs/articles/b/index.md": article("![](gone.png)\n"),
        },
    )
    for path in ("docs/articles/a", "docs/articles/a/index.md", "a"):
        status, out, _ = engblog(capsys, "check", path)
        assert status == 1
        assert heads(out) == [
            "docs/articles/a/index.md:4:7 F005",
            "docs/articles/a/index.md:8:5 R021",
            "docs/articles/a/index.md:10:1 R015",
        ]
    assert heads(engblog(capsys, "check", "docs/articles/b")[1]) == [
        "docs/articles/b/index.md:8:1 R001",
        "docs/articles/b/index.md:8:1 R003",
    ]
    assert len(heads(engblog(capsys, "check", "docs/articles")[1])) == 5, "all of them"


def test_an_article_without_a_problem_says_so(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/articles/a/index.md": article(), "docs/articles/b/index.md": article(date="soon")})
    assert engblog(capsys, "check", "docs/articles/a") == (0, "1 text checked, no problems\n", "")


def test_a_path_that_is_no_article_is_wrong_usage(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/articles/why-fsync-lies/index.md": article()})
    status, out, err = engblog(capsys, "check", "docs/articles/why-fsync-lie")
    assert (status, out) == (2, "")
    assert err == "engblog check: docs/articles/why-fsync-lie does not exist: did you mean “why-fsync-lies”?\n"


def test_the_cause_is_told_and_not_what_follows_from_it(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {f"docs/articles/a{number}/index.md": article(authors="[ada]") for number in range(8)}
    for broken in ("", "# nothing yet\n", "categorys:\n  - name: Database\n", "categories: [\n", "\xff"):
        write(site, {**files, "docs/taxonomy.yml": broken.encode("latin-1")})
        status, out, _ = engblog(capsys, "check")
        assert status == 1
        assert {head.partition(":")[0] for head in heads(out)} == {"docs/taxonomy.yml"}, broken
    write(site, {"docs/taxonomy.yml": TAXONOMY, "docs/authors.yml": ""})
    assert heads(engblog(capsys, "check")[1]) == ["docs/authors.yml:1:1 T006"]


def test_a_cause_that_leaves_something_known_comes_first(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = TAXONOMY.replace("  - name: Database\n", "  - nmae: Database\n", 1)
    write(site, {"docs/articles/a/index.md": article(), "docs/taxonomy.yml": broken})
    found = heads(engblog(capsys, "check")[1])
    assert [each.partition(":")[0] for each in found] == ["docs/taxonomy.yml"] * (len(found) - 1) + [
        "docs/articles/a/index.md"
    ]


def test_programs_get_every_problem_as_json(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/articles/a/index.md": article("It took 3 ms.\n\n" * 30)})
    status, out, _ = engblog(capsys, "check", "--format", "json")
    found = json.loads(out)
    assert status == 1
    assert found["counts"] == {"L011": 30}
    assert [each["line"] for each in found["problems"]] == [8 + 2 * number for number in range(30)]
    write(site, {"docs/articles/a/index.md": article()})
    assert json.loads(engblog(capsys, "check", "--format", "json")[1]) == {"problems": [], "counts": {}}


def test_a_code_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = engblog(capsys, "check", "--explain", "f005")
    assert status == 0
    assert out.startswith("F005: the value is not a date\n")
    assert "date: 20.11.2026" in out
    with pytest.raises(SystemExit) as raised:
        main(["check", "--explain", "F0055"])
    assert raised.value.code == 2
    assert "did you mean “F005”?" in capsys.readouterr().err


def test_what_is_safe_is_fixed_and_said_and_then_checked(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = "docs/articles/a/index.md"
    write(site, {path: article("Stop. \n", date="2026/11/20", tags="[redis, golang, MySQL]", status="done")})
    status, out, _ = engblog(capsys, "check", "--fix", "docs/articles/a")
    assert status == 1
    assert out.splitlines()[:5] == [
        f"{path}:4: fixed: the day “2026/11/20” is now “2026-11-20”",
        f"{path}:6: fixed: the tag “redis” is now “Redis”",
        f"{path}:6: fixed: the tag “golang” is now “Go”",
        f"{path}:9: fixed: space at the end of the line is gone",
        "4 fixed",
    ]
    assert heads(out) == [f"{path}:7:9 F006"]
    assert (site / path).read_text() == article("Stop.\n", tags="[Redis, Go, MySQL]", status="done")
    status, out, err = engblog(capsys, "check", "--fix", "--format", "json")
    assert (status, err) == (1, "0 fixed\n")
    assert json.loads(out)["counts"] == {"F006": 1}
