"""The preview as an author uses it: a real process that rebuilds after an edit and survives a broken one."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from support.hosts import mini
from support.patience import PATIENCE
from support.previews import FIXED, Preview
from support.sources import article, write

DAY = "2020-01-02"
"""Long past: a preview goes by the real clock."""
ADDRESS = "articles/2020/01/02/a/"


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    root = mini(
        tmp_path / "site",
        {
            "docs/articles/a/index.md": article("The first text.\n", date=DAY),
            "docs/articles/draft/index.md": article("Not yet.\n", status="draft", date=DAY),
            "docs/articles/next/index.md": article("Next year.\n", date="2099-01-01"),
        },
    )
    with Preview(root, tmp_path / "tmp") as running:
        yield running


def asked(preview: Preview, path: str, **headers: str) -> tuple[int, str]:
    """Status and body of the answer to *path*."""
    connection = HTTPConnection("127.0.0.1", preview.port, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_a_preview_answers_to_its_own_names_and_shows_a_draft_to_nobody_else(preview: Preview) -> None:
    preview.ready()
    draft = "/blog/articles/2020/01/02/draft/"
    own = (f"127.0.0.1:{preview.port}", f"localhost:{preview.port}", "LOCALHOST", "preview.localhost", "[::1]:80")
    for host in own:
        status, page = asked(preview, draft, Host=host)
        assert (status, "Not yet." in page) == (200, True), host
    others = ("evil.example", f"evil.example:{preview.port}", "127.0.0.1.evil.example", "localhost.evil.example")
    for host in (*others, "", "a@localhost", "[::", "10.0.0.1", "localhost:y"):
        status, page = asked(preview, draft, Host=host)
        assert (status, "Not yet." in page) == (421, False), host


def test_a_path_that_is_none_is_a_page_that_is_missing(preview: Preview) -> None:
    preview.ready()
    for path in ("%00", "a%00.html", "..%00/", "%ff%00", "x" * 5000, "a/" * 3000):
        assert asked(preview, f"/blog/{path}", Host="localhost")[0] == 404
    assert asked(preview, f"/livereload/{'9' * 5000}/1", Host="localhost")[0] == 404
    assert "Traceback" not in preview.said()


def test_the_servers_script_has_a_nonce_that_is_new_each_time(tmp_path: Path) -> None:
    text = article("Text.\n", date=DAY)
    head = '<meta http-equiv="Content-Security-Policy" content="{{ config.extra.engblog.policy }}">'
    main = f"<!doctype html><title>x</title>{head}<main>{{{{ page.content }}}}</main></body>"
    root = mini(tmp_path / "site", {"docs/articles/a/index.md": text, "theme/main.html": main})
    with Preview(root, tmp_path / "tmp") as preview:
        preview.ready()
        pages = [preview.get(ADDRESS) for _ in range(2)]
        nonces = [re.findall(r"nonce-([\w-]+)", page) for page in pages]
        assert nonces[0] != nonces[1]
        for page, found in zip(pages, nonces, strict=True):
            assert len(found) == 1
            assert f'<script nonce="{found[0]}">\nvar livereload' in page
            assert "unsafe-inline" not in page


def test_an_author_writes_breaks_and_mends_an_article(preview: Preview) -> None:
    assert '"status": "published"' in preview.wait(ADDRESS, "The first text.")
    assert '"status": "draft"' in preview.get("articles/2020/01/02/draft/")
    assert '"status": "scheduled"' in preview.get("articles/2099/01/01/next/")

    write(preview.root, {"docs/articles/a/index.md": article("The second text.\n", title="Another title", date=DAY)})
    assert "Another title" in preview.wait(ADDRESS, "The second text.")

    write(preview.root, {"docs/articles/a/index.md": article("The third text.\n", date="soon")})
    preview.wait_for_log("F005")
    assert "docs/articles/a/index.md:4:7 F005" in preview.said()
    preview.wait_for_log(FIXED)
    assert "The second text." in preview.get(ADDRESS), "the last good page is served"
    assert "Another title" in preview.get("")

    write(preview.root, {"docs/articles/a/index.md": article("Still wrong.\n", date="soon")})
    preview.wait_for_log(FIXED, 2)
    assert preview.said().count("docs/articles/a/index.md:4:7 F005") == 2, "a mistake is named as long as it is there"

    write(preview.root, {"docs/articles/a/index.md": article("The fourth text.\n", date=DAY)})
    preview.wait(ADDRESS, "The fourth text.")

    write(preview.root, {"docs/articles/new/index.md": article("A new one.\n", date=DAY)})
    preview.wait("articles/2020/01/02/new/", "A new one.")

    assert preview.stop() == 0
    assert "Traceback" not in preview.said()
    assert list((preview.root.parent / "tmp").iterdir()) == [], "nothing is left behind"
    assert not (preview.root / "site").exists(), "a preview is no build"
