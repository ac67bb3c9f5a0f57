"""The archive of a lab has its files as they ran, and says how to run them again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engblog.disk.tree import SiteTree
from engblog.lab.record import Recorder, write_record
from engblog.model.article import Article
from engblog.model.publication import Identity, Publication
from engblog.outputs.lab_archive import archive_members
from support.sources import article, only, read, write

LAB = {"test_a.py": "def test_a(): pass\n", "notes.md": "# Notes\n", "README.txt": "Mine.\n"}


def made(root: Path, lab: dict[str, str], **identity: str) -> dict[str, bytes]:
    files = {f"articles/a/lab/{name}": text for name, text in lab.items()}
    write(root, files)
    recorder = Recorder()
    recorder.version("Redis", "7.0.15")
    write_record(root / "articles/a/lab", recorder, ran=date(2026, 11, 23).isoformat())
    catalogue = read(root, {"articles/a/index.md": article(title="Why")})
    found: Article = only(catalogue)
    assert found.lab is not None
    texts = {path: text for path, text in files.items() if path.endswith(".md")}
    publication = Publication(Identity(**{"name": "Mini", "url": "", **identity}), catalogue.site, texts=texts)
    site = write(root / "site", {f"{found.url}lab/{n}": t for n, t in lab.items() if not n.endswith(".md")})
    write(site, {f"{found.url}lab/record.json": "{}"})
    return dict(archive_members(found, found.lab, publication, SiteTree(site)))


def test_every_file_is_there_in_a_folder_of_the_articles_name(tmp_path: Path) -> None:
    found = made(tmp_path, {name: text for name, text in LAB.items() if name != "README.txt"})
    assert list(found) == ["a/README.txt", "a/notes.md", "a/pytest.ini", "a/record.json", "a/test_a.py"]
    assert found["a/notes.md"] == b"# Notes\n"
    assert found["a/test_a.py"] == b"def test_a(): pass\n"
    assert b"engblog.lab.pytest_plugin" in found["a/pytest.ini"]


def test_it_says_what_it_is_when_it_ran_and_how_to_run_it(tmp_path: Path) -> None:
    lab = {"test_a.py": "def test_a(): pass\n"}
    address = {"url": "https://mini.example/", "repository": "https://git.example/me/blog/", "copyright": "CC"}
    lines = made(tmp_path / "one", lab, **address)["a/README.txt"].decode().splitlines()
    assert lines[:2] == ["The lab of “Why”", "https://mini.example/articles/2026/11/20/a/"]
    assert any(line.startswith("Last run: 23 November 2026, on ") and line.endswith("Redis 7.0.15.") for line in lines)
    assert "    git clone https://git.example/me/blog" in lines
    assert "    cd blog" in lines
    assert "    make lab ARTICLE=a" in lines
    assert lines[-1] == "CC"
    alone = made(tmp_path / "other", lab)["a/README.txt"].decode()
    assert "git clone" not in alone
    assert "https://" not in alone
    assert alone.endswith("read it before you run it.\n")


def test_a_labs_own_file_goes_before_one_of_ours(tmp_path: Path) -> None:
    assert made(tmp_path, LAB)["a/README.txt"] == b"Mine.\n"
