"""The archive of a lab: the same bytes from the same files, and all that is needed to run it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from engblog.lab.record import Recorder, lab_files, write_record
from support.hosts import build_here, config, content, mini, snapshot
from support.sources import article, write

ARCHIVE = "articles/2026/11/20/a/lab/lab.zip"
TESTS = '''\
"""A lab."""

from helper import value


def test_it_waits(record):
    """It waits."""
    record.number("wait", value(), note="a value")
    assert value()
'''

LAB = {
    "test_wait.py": TESTS,
    "helper.py": "def value():\n    return 1\n",
    "conftest.py": "import sys\nfrom pathlib import Path\n\nsys.path.insert(0, str(Path(__file__).parent))\n",
    "blob.bin": b"\xff\x00",
    "lab.toml": '[files]\ndata = ["blob.bin"]\n',
    "notes/read.md": "# Notes\r\n",
}


def site(root: Path, **more: str) -> Path:
    """Build a site with a recorded lab."""
    body = "It waits.{claim:test_it_waits}\n"
    mini(
        root,
        {"docs/articles/a/index.md": article(body), **{f"docs/articles/a/lab/{n}": t for n, t in LAB.items()}, **more},
    )
    recorder = Recorder()
    recorder.version("Redis", "7.0.15")
    recorder.tests["test_it_waits"] = {"file": "test_wait.py", "line": 6, "claim": "It waits."}
    write_record(root / "docs/articles/a/lab", recorder, ran="2026-11-23")
    return build_here(root)


def opened(path: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(path.read_bytes()))


def test_it_holds_every_file_of_the_lab_its_record_and_how_to_run_it(tmp_path: Path) -> None:
    built = site(tmp_path)
    with opened(built / ARCHIVE) as archive:
        assert archive.testzip() is None
        files = {name.removeprefix("a/"): archive.read(name) for name in archive.namelist()}
    own = dict(lab_files(tmp_path / "docs/articles/a/lab"))
    assert {*files} == {*own, "README.txt", "pytest.ini", "record.json"}
    assert all(files[name] == data for name, data in own.items() if not name.endswith(".md"))
    assert files["notes/read.md"].decode().split() == ["#", "Notes"]
    readme = files["README.txt"].decode()
    assert "The lab of “When the server stops”" in readme
    assert "https://mini.example/blog/articles/2026/11/20/a/" in readme
    assert "23 November 2026" in readme
    assert "Redis 7.0.15" in readme


def test_it_says_where_to_clone_the_repository(tmp_path: Path) -> None:
    settings = config(before="repo_url: https://github.com/owner/name/\n")
    with opened(site(tmp_path, **{"mkdocs.yml": settings}) / ARCHIVE) as archive:
        readme = archive.read("a/README.txt").decode()
    for line in (
        "git clone https://github.com/owner/name\n",
        "cd name\n",
        "make lab ARTICLE=a\n",
        "python -m pytest\n",
    ):
        assert line in readme


def test_what_it_holds_runs(tmp_path: Path) -> None:
    with opened(site(tmp_path / "site") / ARCHIVE) as archive:
        archive.extractall(tmp_path / "out")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path / "out/a", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_same_files_make_the_same_bytes_whatever_their_times_and_modes(tmp_path: Path) -> None:
    first = (site(tmp_path / "one") / ARCHIVE).read_bytes()
    write(tmp_path / "two", {})
    second = site(tmp_path / "two")
    for path in (tmp_path / "two/docs/articles/a/lab").rglob("*.py"):
        os.utime(path, (1e9, 1e9))
        path.chmod(0o755)
    assert (second / ARCHIVE).read_bytes() == first
    assert (build_here(tmp_path / "two") / ARCHIVE).read_bytes() == first


def test_a_labs_own_file_goes_before_one_of_ours(tmp_path: Path) -> None:
    with opened(site(tmp_path, **{"docs/articles/a/lab/README.txt": "Mine.\n"}) / ARCHIVE) as archive:
        assert archive.read("a/README.txt") == b"Mine.\n"
        assert archive.namelist().count("a/README.txt") == 1


def test_a_file_of_its_name_in_the_lab_is_in_the_archive_and_not_in_its_place(tmp_path: Path) -> None:
    settings = '[files]\ndata = ["blob.bin", "lab.zip"]\n'
    more = {"docs/articles/a/lab/lab.toml": settings, "docs/articles/a/lab/lab.zip": "PK"}
    with opened(site(tmp_path, **more) / ARCHIVE) as archive:
        assert archive.read("a/lab.zip") == b"PK"


def test_without_pages_of_labs_there_is_none(tmp_path: Path) -> None:
    built = site(tmp_path, **{"mkdocs.yml": config("lab_pages: false")})
    assert not [name for name in snapshot(built) if name.endswith(".zip")]


def test_the_page_of_the_lab_leads_to_it(tmp_path: Path) -> None:
    text = (site(tmp_path) / "articles/2026/11/20/a/lab/index.html").read_text()
    assert '"lab.zip"' in text or 'href="lab.zip"' in text
    assert content(tmp_path / "site", "articles/2026/11/20/a/lab/")
