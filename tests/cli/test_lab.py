"""`engblog lab` runs and lists labs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from engblog.lab.record import lab_digest, lab_files
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
