"""``engblog import``: its report, as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from engblog.cli import main
from support.hosts import config, mini
from support.importing import FRONT
from support.sources import write

pytestmark = pytest.mark.usefixtures("epoch")
TEXT = "Some words that say what the post is about, so that they are long enough to be its description.\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = mini(tmp_path / "site", **{"mkdocs.yml": config("sourced_figures: false")})
    write(tmp_path / "old", {"_config.yml": "url: https://old.example\n", "_posts/2020-01-02-one.md": FRONT + TEXT})
    monkeypatch.chdir(root)
    return root


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["import", "--from", "jekyll", "../old", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_the_report_says_what_moved_what_changed_and_what_is_left(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(site.parent / "old", {"_posts/2020-01-03-two.md": FRONT + TEXT + "\n{% mystery %}\n\n{% mystery %}\n"})
    status, out, _ = run(capsys)
    assert status == 1
    assert "  _posts/2020-01-02-one.md -> docs/articles/one/index.md (new)\n" in out
    assert "the post has no description, so the first sentences are it and 1 more" in out
    assert "  _posts/2020-01-03-two.md:8 “{% mystery %}” is a program of Liquid" in out
    assert "(also on line 10)" in out
    assert out.endswith("1 posts came through without a hand, 1 need one\n")


def test_a_second_import_writes_nothing(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys)[0] == 0
    status, out, _ = run(capsys)
    assert status == 0
    assert "(unchanged)" in out
    assert "\n0 files written" in out
    (site / "docs/articles/one/index.md").write_text("mine\n")
    assert "edited since the last import, so it was left unchanged" in run(capsys)[1]


@pytest.mark.usefixtures("site")
def test_the_report_as_json_has_every_line(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--format", "json", "--dry-run")
    found = json.loads(out)
    assert status == 0
    assert found["moved"] == [
        {"from": "_posts/2020-01-02-one.md", "to": "docs/articles/one/index.md", "state": "new", "status": "published"}
    ]
    assert found["changed"][0]["line"] == 1
    assert (found["left"], found["problems"]) == ([], [])
    assert not Path("docs/articles/one").exists()


@pytest.mark.usefixtures("site")
def test_what_cannot_be_imported_is_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "--from", "hugo", "../old"]) == 1
    assert capsys.readouterr().err.startswith("engblog: ../old: no posts for hugo were found")
    assert main(["import", "--from", "hugo", "../gone"]) == 1
    assert "there is no such folder" in capsys.readouterr().err
