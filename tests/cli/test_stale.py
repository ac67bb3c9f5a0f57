"""``engblog stale``: what is due, worst first, for people, for a scheduled workflow and for machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from engblog.cli import main
from engblog.lab.record import Recorder, write_record
from support.shell import engblog
from support.sources import AUTHORS, TAXONOMY, article, write

pytestmark = pytest.mark.usefixtures("epoch")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(
        tmp_path,
        {"mkdocs.yml": "plugins: [engblog]\n", "docs/taxonomy.yml": TAXONOMY, "docs/authors.yml": AUTHORS},
    )


def test_nothing_due_is_status_0(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/articles/a/index.md": article(review_by="2028-01-01")})
    assert engblog(capsys, "stale") == (0, "1 published, 0 overdue, 0 due within 30 days\n", "")


def test_what_is_due_soon_is_listed_and_is_no_failure(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/articles/a/index.md": article(review_by="2026-12-13")})
    status, out, _ = engblog(capsys, "stale")
    assert status == 0
    assert out.splitlines()[0] == "        in 12 days  docs/articles/a/index.md"
    assert engblog(capsys, "stale", "--within", "11")[1] == "1 published, 0 overdue, 0 due within 11 days\n"


def test_what_is_overdue_is_status_1_worst_first(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        site,
        {
            "docs/articles/a/index.md": article(review_by="2026-11-30"),
            "docs/articles/b/index.md": article(date="2020-01-01"),
            "docs/articles/c/index.md": article(),
            "docs/articles/c/lab/test_c.py": "",
            "docs/articles/d/index.md": article(status="draft", review_by="2026-11-21"),
        },
    )
    write_record(site / "docs/articles/c/lab", Recorder(), ran="2026-11-23")
    write(site, {"docs/articles/c/lab/test_c.py": "# changed\n"})
    status, out, err = engblog(capsys, "stale")
    assert (status, err) == (1, "")
    assert out == (
        "    8 days overdue  docs/articles/c/index.md\n"
        "                    the lab has changed since its recorded run on 2026-11-23\n"
        "                    run: make lab ARTICLE=c\n"
        "1,795 days overdue  docs/articles/b/index.md\n"
        "                    last changed on 2020-01-01, no review_by: the limit is 2 years\n"
        "                    check it against current versions, update it, and set review_by\n"
        "     1 day overdue  docs/articles/a/index.md\n"
        "                    review_by: 2026-11-30\n"
        "                    check it against current versions, update it, and set a new review_by\n"
        "3 published, 3 overdue, 0 due within 30 days\n"
    )


def test_machines_get_the_same_as_json(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/articles/a/index.md": article(review_by="2026-11-30", title="'“Ä” & <b>'")})
    status, out, _ = engblog(capsys, "stale", "--json", "--within", "7")
    assert status == 1
    assert json.loads(out) == {
        "date": "2026-12-01",
        "within": 7,
        "articles": 1,
        "overdue": 1,
        "due": [
            {
                "path": "docs/articles/a/index.md",
                "slug": "a",
                "title": "“Ä” & <b>",
                "url": "articles/2026/11/20/a/",
                "reason": "review",
                "due": "2026-11-30",
                "days": 1,
                "overdue": True,
                "why": "review_by: 2026-11-30",
                "remedy": "check it against current versions, update it, and set a new review_by",
            }
        ],
    }


def test_a_site_with_problems_names_them(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"docs/articles/a/index.md": article(titel="x")})
    status, out, _ = engblog(capsys, "stale")
    assert status == 1
    assert "docs/articles/a/index.md:7:1 F001" in out


@pytest.mark.parametrize("wrong", ["-1", "soon", "", "1.5", "9999999"])
def test_a_span_that_is_none_is_wrong_usage(wrong: str) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["stale", "--within", wrong])
    assert raised.value.code == 2
