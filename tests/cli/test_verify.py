"""A published site is built again and compared; whatever a host answers, the command says what is the matter."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from engblog.outputs.build_info import digest_of
from engblog.publish.provenance import tools
from support.hosts import mini, snapshot
from support.pictures import PNG
from support.repositories import git
from support.sources import write
from support.verifying import Asked, claim, first

from tools.pages import BuiltSite, PagesServer

# All is well


def test_a_folder_that_its_commit_makes_is_verified(verify: Asked, repository: Path, published: Path) -> None:
    count = len(snapshot(published))
    assert verify(published) == (0, f"verified: {count} files identical, commit {first(repository)}")


@pytest.mark.parametrize("suffix", ["", "/", "/build.json"])
def test_an_address_that_serves_what_its_commit_makes_is_verified(
    compare: Asked, repository: Path, published: Path, suffix: str
) -> None:
    with PagesServer(BuiltSite(published, "https://mini.example/blog/")) as server:
        status, said = compare(server.url("").removesuffix("/") + suffix)
    assert (status, said.splitlines()[-1]) == (
        0,
        f"verified: {len(snapshot(published))} files identical, commit {first(repository)}",
    )
    assert "cannot be listed" in said


def test_neither_work_tree_nor_repository_is_touched(verify: Asked, repository: Path, published: Path) -> None:
    (repository / "docs/articles/b/index.md").write_text("---\nbroken")  # what is being written is no matter
    before = snapshot(repository)
    assert verify(published)[0] == 0
    assert snapshot(repository) == before
    assert git(repository, "worktree", "list").count("\n") == 0
    git(repository, "checkout", "--", "docs")


def test_nothing_is_left_in_the_folder_for_temporary_files(
    verify: Asked, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    assert verify(published)[0] == 0
    (published / "build.json").write_text("{}")
    assert verify(published)[0] == 1
    assert list(temporary.iterdir()) == []


def test_what_belongs_to_the_host_is_not_compared_and_that_is_said(compare: Asked, published: Path) -> None:
    write(published, {"CNAME": "blog.example.org\n", ".nojekyll": "", ".git/HEAD": "ref: refs/heads/gh-pages\n"})
    status, said = compare(published)
    assert status == 0
    assert said.startswith("Not compared, because they belong to the host: .nojekyll, CNAME\n")


def test_the_other_host_makes_the_same_site(verify: Asked, published: Path) -> None:
    known = json.loads((published / "build.json").read_text())["tools"]
    claim(published, tools={**{name: said for name, said in known.items() if name != "mkdocs"}, **_of("properdocs")})
    assert verify(published)[0] == 0
    claim(published, tools={**known, "mkdocs": "1.5.0"})
    status, said = verify(published)
    assert status == 0
    assert "  mkdocs: 1.5.0 there, 1.6.1 here" in said


def _of(host: str) -> dict[str, str]:
    return {host: tools(host)[host]}


# All is not well


def test_every_difference_is_named(compare: Asked, repository: Path, published: Path) -> None:
    page = next(published.glob("articles/*/*/*/a/index.html"))
    page.write_text(page.read_text().replace("The first", "The worst", 1))
    (published / "logo.png").write_bytes(PNG[:1] + b"\1" + PNG[2:])
    (published / "about/index.html").unlink()
    (published / "index.html").write_text((published / "index.html").read_text() + "<script>")
    write(published, {"evil/x.js": "1"})
    status, said = compare(published)
    lines = said.splitlines()
    assert status == 1
    assert lines[0] == "about/index.html: is missing"
    assert lines[1].startswith(f"{page.relative_to(published).as_posix()}: differs in line 1, column ")
    assert "The first" in lines[1]
    assert "The worst" in lines[1]
    assert lines[2] == "evil/x.js: exists, but the build does not write it"
    assert lines[3].startswith("index.html: continues after the ")
    assert lines[4] == f"logo.png: differs in byte 2 ({len(PNG)} bytes here, {len(PNG)} there)"
    assert lines[5].startswith("NOT verified: 5 differ, ")
    assert lines[5].endswith(f" files identical, commit {first(repository)}")


def test_a_host_that_serves_another_byte_or_too_little_is_named(compare: Asked, published: Path) -> None:
    (published / "logo.png").write_bytes(b"")
    (published / "search/engine.mjs").unlink()
    with PagesServer(BuiltSite(published, "https://mini.example/blog/")) as server:
        status, said = compare(server.url(""))
    assert status == 1
    assert "logo.png: differs in " in said
    assert "search/engine.mjs: is missing" in said
    assert "NOT verified: 2 differ" in said


def test_a_digest_of_other_files_is_a_difference(compare: Asked, published: Path) -> None:
    claim(published, digest="0" * 64, files=1)
    status, said = compare(published)
    assert status == 1
    assert said.startswith("build.json: files: ")
    assert f"digest: {'0' * 64} there" not in said
    assert f", {'0' * 64} there" in said


def test_what_another_zlib_packed_is_said_and_is_no_difference(
    compare: Asked, repository: Path, published: Path
) -> None:
    packed = published / "sitemap.xml.gz"
    data = packed.read_bytes()
    stored = zlib.compressobj(0, wbits=31)
    other = stored.compress(gzip.decompress(data)) + stored.flush()
    packed.write_bytes(data[: 10 + len("sitemap.xml\0") * bool(data[3])] + other[10:])
    digests = [(path, digest) for path, digest in snapshot(published).items() if path != "build.json"]
    claim(published, digest=digest_of(digests))
    status, said = compare(published)
    assert status == 0, said
    assert said.splitlines() == [
        "The same content, compressed by another zlib: sitemap.xml.gz",
        f"verified: {len(snapshot(published)) - 1} files identical, 1 with the same content, "
        f"commit {first(repository)}",
    ]
    claim(published, digest="0" * 64)
    assert compare(published)[0] == 1


def test_a_build_json_that_says_more_is_a_difference(compare: Asked, published: Path) -> None:
    claim(published, note="<script>")
    status, said = compare(published)
    assert status == 1
    assert said.startswith("build.json: has the same content, but different bytes\n")


def test_other_tools_and_another_lock_are_said_first(compare: Asked, published: Path) -> None:
    known = json.loads((published / "build.json").read_text())["tools"]
    claim(published, tools={**known, "zlib": "1.0\x1b[2J"}, lock="ab" * 32)
    (published / "index.html").write_text("")
    status, said = compare(published)
    assert status == 1
    lines = said.splitlines()
    assert lines[0] == "Built with different tools, which may explain the differences:"
    assert lines[1] == f"  locked dependencies: {'ab' * 32} there, none here"
    assert lines[2] == rf"  zlib: 1.0\x1b[2J there, {known['zlib']} here"
    assert lines[3].startswith("index.html: ")


def test_it_is_told_as_json(verify: Asked, repository: Path, published: Path) -> None:
    (published / "search/engine.mjs").unlink()
    status, said = verify(published, "--json")
    found = json.loads(said)
    assert (status, found["verified"], found["info"]["commit"]) == (1, False, first(repository))
    assert found["differences"] == [{"path": "search/engine.mjs", "kind": "missing", "detail": "is missing"}]
    assert found["identical"] == len(snapshot(published))
    (published / "build.json").unlink()
    status, said = verify(published, "--json")
    assert (status, json.loads(said)["verified"]) == (1, False)
    assert "build.json is missing" in json.loads(said)["error"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"clean": False}, "was built with edits that are not in commit .*: commit them and publish again"),
        ({"commit": None, "clean": None}, "was built outside a git repository"),
        ({"commit": "0" * 40}, "commit 0{40} is not in this repository: run `git fetch --all`"),
    ],
)
def test_a_site_without_a_commit_that_is_here_is_refused(
    verify: Asked, published: Path, changes: dict[str, Any], said: str
) -> None:
    claim(published, **changes)
    status, told = verify(published)
    assert status == 1
    assert re.search(said, told), told


def test_outside_of_a_repository_the_command_says_so(
    verify: Asked, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mini(tmp_path / "alone"))
    assert verify(published) == (
        1,
        "engblog: mkdocs.yml: not in a readable git repository; run this in a clone of the site's repository",
    )
    monkeypatch.chdir(tmp_path)
    assert "mkdocs.yml: there is no such file" in verify(published)[1]


def test_another_commit_than_the_one_asked_for_is_refused(verify: Asked, repository: Path, published: Path) -> None:
    name = first(repository)
    assert verify(published, "--commit", name[:10].upper())[0] == 0
    status, said = verify(published, "--commit", "1234567")
    assert (status, said) == (1, f"engblog: {published}: it was built from commit {name}, not from 1234567")


Reply = Callable[[BaseHTTPRequestHandler], None]


@contextlib.contextmanager
def host(replies: dict[str, Reply], otherwise: Reply) -> Iterator[tuple[str, list[str]]]:
    """A host that answers as told; its address, and where requests came from, one for each."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            seen.append(f"{self.client_address[1]}")
            replies.get(self.path, otherwise)(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", seen
        server.shutdown()
