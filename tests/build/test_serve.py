"""The preview as an author uses it: a real process that rebuilds after an edit and survives a broken one."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from engblog.lab.process import free_port, wait_until
from support.hosts import environ, mini
from support.patience import PATIENCE
from support.sources import article, write

DAY = "2020-01-02"
"""Long past: a preview goes by the real clock."""
ADDRESS = "articles/2020/01/02/a/"


class Preview:
    """A running ``mkdocs serve``."""

    def __init__(self, root: Path, temporary: Path) -> None:
        self.root = root
        self.log = root / "log"
        self.port = free_port()
        command = [sys.executable, "-m", "mkdocs", "serve", "--livereload", "--dev-addr", f"127.0.0.1:{self.port}"]
        environment = environ(TMPDIR=str(temporary), PYTHONUNBUFFERED="1", SOURCE_DATE_EPOCH=None)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log)

    def get(self, path: str) -> str:
        """The page at *path*, or nothing if it is not there."""
        try:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            with contextlib.closing(connection):
                connection.request("GET", f"/blog/{path}")
                answer = connection.getresponse()
                return answer.read().decode() if answer.status == 200 else ""
        except ConnectionError:
            assert self.process.poll() is None, self.log.read_text()
        return ""

    def wait(self, path: str, text: str) -> str:
        """Wait until the page at *path* has *text*; return the page."""
        wait_until(
            lambda: text in self.get(path),
            seconds=PATIENCE,
            what=f"{text!r} on {path}; the log: {self.log.read_text()}",
        )
        return self.get(path)

    def wait_for_log(self, text: str) -> None:
        """Wait until the process has said *text*."""
        wait_until(
            lambda: text in self.log.read_text(), seconds=PATIENCE, what=f"{text!r} in the log: {self.log.read_text()}"
        )

    def stop(self) -> int:
        """Press Ctrl+C."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    (tmp_path / "tmp").mkdir()
    root = mini(
        tmp_path / "site",
        {
            "docs/articles/a/index.md": article("The first text.\n", date=DAY),
            "docs/articles/draft/index.md": article("Not yet.\n", status="draft", date=DAY),
            "docs/articles/next/index.md": article("Next year.\n", date="2099-01-01"),
        },
    )
    running = Preview(root, tmp_path / "tmp")
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


def test_an_author_writes_breaks_and_mends_an_article(preview: Preview) -> None:
    assert '"status": "published"' in preview.wait(ADDRESS, "The first text.")
    assert '"status": "draft"' in preview.get("articles/2020/01/02/draft/")
    assert '"status": "scheduled"' in preview.get("articles/2099/01/01/next/")

    write(preview.root, {"docs/articles/a/index.md": article("The second text.\n", title="Another title", date=DAY)})
    assert "Another title" in preview.wait(ADDRESS, "The second text.")

    write(preview.root, {"docs/articles/a/index.md": article("The third text.\n", date="soon")})
    preview.wait_for_log("F005")
    assert "docs/articles/a/index.md:4:7 F005" in preview.log.read_text()
    preview.wait_for_log("served until this is fixed")
    assert "The second text." in preview.get(ADDRESS), "the last good page is served"
    assert "Another title" in preview.get("")

    write(preview.root, {"docs/articles/a/index.md": article("The fourth text.\n", date=DAY)})
    preview.wait(ADDRESS, "The fourth text.")

    write(preview.root, {"docs/articles/new/index.md": article("A new one.\n", date=DAY)})
    preview.wait("articles/2020/01/02/new/", "A new one.")

    assert preview.stop() == 0
    assert "Traceback" not in preview.log.read_text()
    assert list((preview.root.parent / "tmp").iterdir()) == [], "nothing is left behind"
    assert not (preview.root / "site").exists(), "a preview is no build"
