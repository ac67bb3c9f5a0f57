"""A published site is built again and compared; whatever a host answers, the command says what is the matter."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import shutil
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from engblog.cli import main
from engblog.cli.verify import check
from engblog.outputs.build_info import digest_of
from engblog.publish.provenance import tools
from engblog.publish.published import PublishedError, WebSite
from engblog.publish.rebuild import Workshop
from support.hosts import build, config, mini, snapshot
from support.repositories import commit, copy_of_this, git
from support.sources import article, write

from tools.pages import BuiltSite, PagesServer

HOOK = """\
from pathlib import Path
import os


def on_config(config):
    Path(os.environ["MARK"]).touch()
    return config
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with two commits; ``site/`` was built from the first, which is not checked out any more."""
    folder = mini(
        tmp_path_factory.mktemp("repository"),
        {".gitignore": "/site/\n/.site.*\n", "docs/logo.png": b"\x89\0", "docs/about.md": "Who we are.\n"},
    )
    write(folder, {"docs/articles/a/index.md": article(title="The first")})
    commit(folder)
    build(folder)
    write(folder, {"docs/articles/b/index.md": article(title="The second")})
    commit(folder)
    return folder


@pytest.fixture
def site(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The site as it was published, for a test to change; the maintainer stands in the repository."""
    monkeypatch.chdir(repository)
    return Path(shutil.copytree(repository / "site", tmp_path / "published"))


Asked = Callable[..., tuple[int, str]]


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Asked:
    """``engblog verify`` with the arguments given: its status, and what it printed."""

    def ask(*arguments: str | Path) -> tuple[int, str]:
        capsys.readouterr()
        status = main(["verify", *map(str, arguments)])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        told = said.out + "".join(line for line in said.err.splitlines(True) if not line.startswith("building "))
        return status, told.strip()

    return ask


@pytest.fixture(scope="module")
def workshop(repository: Path) -> Iterator[Workshop]:
    """Where the site is built again, once for all tests that change what is published and not what it is built from."""
    with Workshop(repository / "mkdocs.yml") as place:
        yield place


@pytest.fixture
def compare(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> Asked:
    """What ``engblog verify`` does in a workshop that has built the commit already."""

    def ask(place: str | Path, **options: Any) -> tuple[int, str]:
        capsys.readouterr()
        status = check(str(place), workshop, **options)
        return status, capsys.readouterr().out.strip()

    return ask


def first(repository: Path) -> str:
    return git(repository, "rev-parse", "HEAD~1")


def claim(site: Path, **changes: Any) -> None:
    """Let build.json say something else."""
    file = site / "build.json"
    found = json.loads(file.read_text()) | changes
    found["tools"] = dict(sorted(found["tools"].items()))
    file.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


# All is well


def test_a_folder_that_its_commit_makes_is_verified(verify: Asked, repository: Path, site: Path) -> None:
    count = len(snapshot(site))
    assert verify(site) == (0, f"verified: {count} files identical, commit {first(repository)}")


@pytest.mark.parametrize("suffix", ["", "/", "/build.json"])
def test_an_address_that_serves_what_its_commit_makes_is_verified(
    compare: Asked, repository: Path, site: Path, suffix: str
) -> None:
    with PagesServer(BuiltSite(site, "https://mini.example/blog/")) as server:
        status, said = compare(server.url("").removesuffix("/") + suffix)
    assert (status, said.splitlines()[-1]) == (
        0,
        f"verified: {len(snapshot(site))} files identical, commit {first(repository)}",
    )
    assert "cannot be listed" in said


def test_neither_work_tree_nor_repository_is_touched(verify: Asked, repository: Path, site: Path) -> None:
    (repository / "docs/articles/b/index.md").write_text("---\nbroken")  # what is being written is no matter
    before = snapshot(repository)
    assert verify(site)[0] == 0
    assert snapshot(repository) == before
    assert git(repository, "worktree", "list").count("\n") == 0
    git(repository, "checkout", "--", "docs")


def test_nothing_is_left_in_the_folder_for_temporary_files(
    verify: Asked, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    assert verify(site)[0] == 0
    (site / "build.json").write_text("{}")
    assert verify(site)[0] == 1
    assert list(temporary.iterdir()) == []


def test_what_belongs_to_the_host_is_not_compared_and_that_is_said(compare: Asked, site: Path) -> None:
    write(site, {"CNAME": "blog.example.org\n", ".nojekyll": "", ".git/HEAD": "ref: refs/heads/gh-pages\n"})
    status, said = compare(site)
    assert status == 0
    assert said.startswith("Not compared, because they belong to the host: .nojekyll, CNAME\n")


def test_the_other_host_makes_the_same_site(verify: Asked, site: Path) -> None:
    known = json.loads((site / "build.json").read_text())["tools"]
    claim(site, tools={**{name: said for name, said in known.items() if name != "mkdocs"}, **_of("properdocs")})
    assert verify(site)[0] == 0
    claim(site, tools={**known, "mkdocs": "1.5.0"})
    status, said = verify(site)
    assert status == 0
    assert "  mkdocs: 1.5.0 there, 1.6.1 here" in said


def _of(host: str) -> dict[str, str]:
    return {host: tools(host)[host]}


def test_this_repositorys_site_is_built_again_by_the_commits_own_code(
    verify: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy_of_this(tmp_path / "clone")
    code = folder / "plugins/engblog/pages/lists.py"
    code.write_text(
        code.read_text().replace(" by year.", " of all years.")
    )  # not as the plugin that is installed has it
    commit(folder)
    site = build(folder, "--strict", PYTHONPATH=str(folder / "plugins"))
    (folder / "overrides/404.html").write_text("Another")
    commit(folder)
    monkeypatch.chdir(folder)
    assert "of all years." in (site / "archive/index.html").read_text()
    status, said = verify(site)
    assert status == 0, said


# All is not well


def test_every_difference_is_named(compare: Asked, repository: Path, site: Path) -> None:
    page = next(site.glob("articles/*/*/*/a/index.html"))
    page.write_text(page.read_text().replace("The first", "The worst", 1))
    (site / "logo.png").write_bytes(b"\x89\1")
    (site / "about/index.html").unlink()
    (site / "index.html").write_text((site / "index.html").read_text() + "<script>")
    write(site, {"evil/x.js": "1"})
    status, said = compare(site)
    lines = said.splitlines()
    assert status == 1
    assert lines[0] == "about/index.html: is missing"
    assert lines[1].startswith(f"{page.relative_to(site).as_posix()}: differs in line 1, column ")
    assert "The first" in lines[1]
    assert "The worst" in lines[1]
    assert lines[2] == "evil/x.js: exists, but the build does not write it"
    assert lines[3].startswith("index.html: continues after the ")
    assert lines[4] == "logo.png: differs in byte 2 (2 bytes here, 2 there)"
    assert lines[5].startswith("NOT verified: 5 differ, ")
    assert lines[5].endswith(f" files identical, commit {first(repository)}")


def test_a_host_that_serves_another_byte_or_too_little_is_named(compare: Asked, site: Path) -> None:
    (site / "logo.png").write_bytes(b"")
    (site / "search/engine.mjs").unlink()
    with PagesServer(BuiltSite(site, "https://mini.example/blog/")) as server:
        status, said = compare(server.url(""))
    assert status == 1
    assert "logo.png: differs in " in said
    assert "search/engine.mjs: is missing" in said
    assert "NOT verified: 2 differ" in said


def test_a_digest_of_other_files_is_a_difference(compare: Asked, site: Path) -> None:
    claim(site, digest="0" * 64, files=1)
    status, said = compare(site)
    assert status == 1
    assert said.startswith("build.json: files: ")
    assert f"digest: {'0' * 64} there" not in said
    assert f", {'0' * 64} there" in said


def test_what_another_zlib_packed_is_said_and_is_no_difference(compare: Asked, repository: Path, site: Path) -> None:
    packed = site / "sitemap.xml.gz"
    data = packed.read_bytes()
    stored = zlib.compressobj(0, wbits=31)
    other = stored.compress(gzip.decompress(data)) + stored.flush()
    packed.write_bytes(data[: 10 + len("sitemap.xml\0") * bool(data[3])] + other[10:])
    digests = [(path, digest) for path, digest in snapshot(site).items() if path != "build.json"]
    claim(site, digest=digest_of(digests))
    status, said = compare(site)
    assert status == 0, said
    assert said.splitlines() == [
        "The same content, compressed by another zlib: sitemap.xml.gz",
        f"verified: {len(snapshot(site)) - 1} files identical, 1 with the same content, commit {first(repository)}",
    ]
    claim(site, digest="0" * 64)
    assert compare(site)[0] == 1


def test_a_build_json_that_says_more_is_a_difference(compare: Asked, site: Path) -> None:
    claim(site, note="<script>")
    status, said = compare(site)
    assert status == 1
    assert said.startswith("build.json: has the same content, but different bytes\n")


def test_another_moment_makes_another_site(verify: Asked, site: Path) -> None:
    claim(site, epoch=1600000000)  # before the article
    status, said = verify(site)
    assert status == 1
    assert "articles: 0 here, 1 there" in said


def test_other_tools_and_another_lock_are_said_first(compare: Asked, site: Path) -> None:
    known = json.loads((site / "build.json").read_text())["tools"]
    claim(site, tools={**known, "zlib": "1.0\x1b[2J"}, lock="ab" * 32)
    (site / "index.html").write_text("")
    status, said = compare(site)
    assert status == 1
    lines = said.splitlines()
    assert lines[0] == "Built with different tools, which may explain the differences:"
    assert lines[1] == f"  locked dependencies: {'ab' * 32} there, none here"
    assert lines[2] == rf"  zlib: 1.0\x1b[2J there, {known['zlib']} here"
    assert lines[3].startswith("index.html: ")


def test_it_is_told_as_json(verify: Asked, repository: Path, site: Path) -> None:
    (site / "search/engine.mjs").unlink()
    status, said = verify(site, "--json")
    found = json.loads(said)
    assert (status, found["verified"], found["info"]["commit"]) == (1, False, first(repository))
    assert found["differences"] == [{"path": "search/engine.mjs", "kind": "missing", "detail": "is missing"}]
    assert found["identical"] == len(snapshot(site))
    (site / "build.json").unlink()
    status, said = verify(site, "--json")
    assert (status, json.loads(said)["verified"]) == (1, False)
    assert "build.json is missing" in json.loads(said)["error"]


# What cannot be verified


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"clean": False}, "was built with edits that are not in commit .* : commit them and publish again"),
        ({"commit": None, "clean": None}, "was built outside a git repository"),
        ({"commit": "0" * 40}, "commit 0{40} is not in this repository: run `git fetch --all`"),
    ],
)
def test_a_site_without_a_commit_that_is_here_is_refused(
    verify: Asked, site: Path, changes: dict[str, Any], said: str
) -> None:
    claim(site, **changes)
    status, told = verify(site)
    assert status == 1
    assert re.search(said, told), told


def test_the_code_of_a_commit_that_nobody_merged_is_not_run(
    verify: Asked, repository: Path, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site could name the commit of a pull request that was fetched to be read."""
    monkeypatch.setenv("MARK", str(tmp_path / "ran"))
    git(repository, "checkout", "--quiet", "-b", "pull-request")
    write(repository, {"hook.py": HOOK, "mkdocs.yml": config(before="hooks: [hook.py]\n")})
    name = commit(repository, "Be evil")
    git(repository, "checkout", "--quiet", "main")
    claim(site, commit=name)
    status, said = verify(site)
    assert status == 1
    assert "building it runs its code: read it, check it out, and run this again" in said
    assert not (tmp_path / "ran").exists()
    git(repository, "checkout", "--quiet", "pull-request")
    verify(site)
    assert (tmp_path / "ran").exists()
    git(repository, "checkout", "--quiet", "main")
    git(repository, "branch", "--quiet", "-D", "pull-request")


def test_a_commit_of_the_remote_that_is_not_merged_here_may_be_built(
    verify: Asked, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A maintainer who is behind verifies what a colleague deployed."""
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    git(tmp_path / "clone", "reset", "--quiet", "--hard", "HEAD~1")
    newest = git(repository, "rev-parse", "HEAD")
    build(repository, "-d", str(tmp_path / "newest"))
    monkeypatch.chdir(tmp_path / "clone")
    status, said = verify(tmp_path / "newest")
    assert (status, said.split()[-1]) == (0, newest)


def test_a_shallow_clone_verifies_its_own_commit(
    verify: Asked, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), "clone")
    site = build(tmp_path / "clone")
    monkeypatch.chdir(tmp_path / "clone")
    assert verify(site)[0] == 0


def test_a_site_in_a_folder_of_a_repository_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mini(tmp_path / "web/blog", {"docs/articles/a/index.md": article()})
    commit(write(tmp_path, {".gitignore": "site/\n.site.*\n"}))
    site = build(tmp_path / "web/blog")
    monkeypatch.chdir(tmp_path)
    assert main(["--config", "web/blog/mkdocs.yml", "verify", str(site)]) == 0


def test_outside_of_a_repository_the_command_says_so(
    verify: Asked, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mini(tmp_path / "alone"))
    assert verify(site) == (
        1,
        "engblog: mkdocs.yml: not in a readable git repository; run this in a clone of the site's repository",
    )
    monkeypatch.chdir(tmp_path)
    assert "mkdocs.yml: there is no such file" in verify(site)[1]


def test_a_commit_that_does_not_build_shows_why(verify: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = mini(tmp_path, {"docs/articles/a/index.md": article(), ".gitignore": "site/\n.site.*\n"})
    commit(folder)
    build(folder)
    write(folder, {"docs/articles/a/index.md": "no front matter"})
    claim(folder / "site", commit=commit(folder))
    monkeypatch.chdir(folder)
    status, said = verify("site")
    assert status == 1
    assert "the commit does not build here; mkdocs said:" in said
    assert "docs/articles/a/index.md:1:1" in said


def test_another_commit_than_the_one_asked_for_is_refused(verify: Asked, repository: Path, site: Path) -> None:
    name = first(repository)
    assert verify(site, "--commit", name[:10].upper())[0] == 0
    status, said = verify(site, "--commit", "1234567")
    assert (status, said) == (1, f"engblog: {site}: it was built from commit {name}, not from 1234567")


# Whatever answers


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


def answer(body: bytes, status: int = 200, *, length: int | None = None, **headers: str) -> Reply:
    def reply(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body) if length is None else length))
        request.end_headers()
        request.wfile.write(body)
        if length is not None:
            request.close_connection = True

    return reply


def raw(data: bytes) -> Reply:
    def reply(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(data)
        request.close_connection = True

    return reply


def silent(request: BaseHTTPRequestHandler) -> None:
    request.rfile.read(1)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (answer(b"", 404), "build.json is missing; is this the root of a site that was built with this plugin?"),
        (answer(b"<!doctype html>"), "build.json is not what a build writes: it is an HTML page"),
        (answer(b'{"commit": "HEAD"}'), "build.json is not what a build writes: commit, epoch"),
        (answer(b"", 301, Location="https://else.example/"), "redirects to https://else.example/; give that address"),
        (answer(b"", 302, Location="/\x1b[2Jx"), r"redirects to /\x1b[2Jx; give that address"),
        (answer(b"down", 503), "build.json answers 503 Service Unavailable"),
        (answer(b"", 403), "build.json answers 403 Forbidden"),
        (answer(b" " * 100_000), "build.json has more than 65536 bytes, so the build did not write it"),
        (answer(gzip.compress(b" " * 10_000_000), Content_Encoding="gzip"), "has more than 65536 bytes"),
        (answer(b"x", Content_Encoding="br"), "has the encoding br, which was not requested"),
        (answer(b"{", length=100), "no answer for build.json: the connection ended before the file was complete"),
        (raw(b""), "no answer for build.json: "),
        (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "no answer for build.json: "),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"), "no answer for build.json: "),
    ],
)
@pytest.mark.usefixtures("site")
def test_whatever_a_host_answers_is_said_in_a_line(verify: Asked, reply: Reply, said: str) -> None:
    with host({}, reply) as (address, _):
        status, told = verify(address)
    assert status == 1
    assert told.startswith(f"engblog: {address}: ")
    assert said in told
    assert "\n" not in told


@pytest.mark.usefixtures("site")
def test_a_host_that_does_not_listen_is_said(verify: Asked) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    assert verify(address) == (1, f"engblog: {address}: no answer for build.json: Connection refused")


def test_a_host_that_keeps_silent_is_not_waited_for() -> None:
    with host({}, silent) as (address, _):
        place = WebSite(address, seconds=0.2)
        with pytest.raises(PublishedError, match="the host does not answer"):
            place.read("build.json", 100)
        place.close()


def test_a_file_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engblog.publish.published._FILE_SECONDS", 0.3)

    def trickle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100000")
        request.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(200):
                request.wfile.write(b"x")
                threading.Event().wait(0.02)

    with host({}, trickle) as (address, _):
        place = WebSite(address)
        with pytest.raises(PublishedError, match=r"not complete after 0\.3 seconds"):
            place.read("build.json", 100_000)
        place.close()


def test_of_a_file_without_end_no_more_is_read_than_was_built(compare: Asked, site: Path) -> None:
    sent = []

    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(10**12))
        request.end_headers()
        with contextlib.suppress(OSError):
            while len(sent) < 1000:
                request.wfile.write(b"\x89\0" + b"x" * 100_000)
                sent.append(1)

    with host({"/logo.png": endless}, _file_of(site)) as (address, _):
        status, said = compare(address)
    assert status == 1
    assert "logo.png: continues after the 2 bytes that were built" in said
    assert len(sent) < 1000


def _file_of(site: Path) -> Reply:
    def reply(request: BaseHTTPRequestHandler) -> None:
        file = site / request.path.lstrip("/")
        answer((file / "index.html" if file.is_dir() else file).read_bytes())(request)

    return reply


def test_connections_are_kept(compare: Asked, site: Path) -> None:
    with host({}, _file_of(site)) as (address, seen):
        assert compare(address)[0] == 0
    assert len(seen) > 20
    assert len(set(seen)) <= 6


def test_a_host_that_hangs_up_after_each_file_is_asked_anew(compare: Asked, site: Path) -> None:
    def reply(request: BaseHTTPRequestHandler) -> None:
        _file_of(site)(request)
        request.close_connection = True  # without saying so

    with host({}, reply) as (address, _):
        assert compare(address)[0] == 0


def test_a_packed_answer_is_unpacked_but_not_a_packed_file(compare: Asked, site: Path) -> None:
    def reply(request: BaseHTTPRequestHandler) -> None:
        file = site / request.path.lstrip("/")
        data = (file / "index.html" if file.is_dir() else file).read_bytes()
        packed = data if file.suffix == ".gz" else gzip.compress(data)
        answer(packed, Content_Encoding="gzip")(request)

    with host({}, reply) as (address, _):
        assert compare(address)[0] == 0


def test_a_host_that_still_serves_the_old_site_is_asked_again(compare: Asked, site: Path) -> None:
    asked = []

    def reply(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        (answer(b"", 404) if len(asked) == 1 else _file_of(site))(request)

    with host({}, reply) as (address, _):
        assert compare(address, wait=1)[0] == 0
    assert asked.count("/build.json") == 3  # not there; there; and compared with the others


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("ftp://example.org/", "this must be a folder, or an address that begins with http:// or https://"),
        ("file:///etc", "an address that begins with http:// or https://"),
        ("http://", "write it as https://example.org/blog/"),
        ("http://user:secret@example.org/", "without a user, query or fragment"),
        ("http://example.org/?x=1", "without a user, query or fragment"),
        ("http://example.org:port/", "Port could not be cast to integer"),
        ("http://[::1/", "Invalid IPv6 URL"),
        ("http://bad host/", "no answer for build.json"),
        ("http://-.invalid/", "no answer for build.json"),
        ("no/such/folder", "no/such/folder: there is no such folder"),
        ("", "there is no such folder|build.json is missing"),
    ],
)
@pytest.mark.usefixtures("site")
def test_what_is_no_place_is_said(verify: Asked, place: str, said: str) -> None:
    status, told = verify(place)
    assert status == 1
    assert any(each in told for each in said.split("|")), told
