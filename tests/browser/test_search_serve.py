"""The search in a preview: ``mkdocs serve`` writes an index too, and one that follows the author's edits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from engblog.lab.process import free_port, wait_until
from support.patience import PATIENCE

from browser.conftest import PROJECT_URL, QUIET
from browser.stress import NOW, write_stress_site
from browser.visits import Visitor

ARTICLE = "filler-01"

_WATCH = """
addEventListener("securitypolicyviolation", (event) => (window.stopped ??= []).push(event.effectiveDirective));
"""


class Preview:
    """A running ``mkdocs serve`` of the stress site."""

    def __init__(self, folder: Path) -> None:
        """Start it; :meth:`ready` waits for its first page."""
        self.config = write_stress_site(folder / "source", site_url=PROJECT_URL)
        self.log = folder / "log"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/blog/"
        command = [sys.executable, "-m", "mkdocs", "serve", "--livereload", "--dev-addr", f"127.0.0.1:{port}"]
        environment = os.environ | QUIET | {"SOURCE_DATE_EPOCH": NOW, "PYTHONUNBUFFERED": "1", "TMPDIR": str(folder)}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "-f", str(self.config)], cwd=self.config.parent, env=environment, stdout=log, stderr=log
            )

    def ready(self) -> None:
        """Wait until it serves."""
        wait_until(self._serves, seconds=PATIENCE, what=f"the preview; the log: {self.log.read_text()}")

    def _serves(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return "Serving on" in self.log.read_text()

    def stop(self) -> None:
        """Press Ctrl+C."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    """The preview, once it serves."""
    running = Preview(tmp_path)
    try:
        running.ready()
        yield running
    finally:
        running.stop()


def test_an_author_finds_in_a_preview_what_was_just_written(preview: Preview, visitor: Visitor) -> None:
    with visitor.window() as page:
        page.add_init_script(_WATCH)
        page.goto(f"{preview.url}about/")
        page.keyboard.press("/")
        page.wait_for_selector("dialog[open]")
        page.keyboard.type("folded remark")
        first = page.locator("[role=option]").first
        first.wait_for()
        assert first.locator(".found__title").inner_text() == "Every Feature That an Article Has"
        page.keyboard.press("Enter")
        page.wait_for_url("**/every-feature/#remarks")
        page.wait_for_selector(".marked-bar")

        article = preview.config.parent / f"docs/articles/{ARTICLE}/index.md"
        article.write_text(article.read_text(encoding="utf-8") + "\n## Late\n\nA quokka.\n", encoding="utf-8")
        page.goto(f"{preview.url}search/?q=quokka")
        found = page.locator("[role=option]", has_text="Filler Number 1,")
        # The preview builds again, and livereload loads the page again.
        found.wait_for(timeout=PATIENCE * 1000)
        assert (found.get_attribute("href") or "").endswith(f"/{ARTICLE}/?h=quokka#late")
        # Else the preview would never be loaded again, and an author would look at what is gone.
        assert page.evaluate("window.stopped ?? []") == []
        assert page.evaluate("typeof livereload") == "function"


def test_a_preview_is_as_strict_as_the_site_but_for_the_script_that_loads_it_again(
    preview: Preview, visitor: Visitor
) -> None:
    with visitor.window() as page:
        page.add_init_script(_WATCH)
        page.goto(f"{preview.url}about/")
        page.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<p style=\"--a: 1\">x<img alt=x src=https://evil.example/>')"
        )
        page.wait_for_function("() => window.stopped?.length > 1")
        assert set(page.evaluate("window.stopped")) == {"img-src", "style-src-attr"}
