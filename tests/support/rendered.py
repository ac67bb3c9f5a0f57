"""In-article syntax, rendered with the extensions that mkdocs.yml lists, and what its marks stand for in tests."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from engblog.hosts.mkdocs.texts import read_text
from engblog.markdown.lab import Measured, Verified
from engblog.model.article import LabChart
from markdown import Markdown

from support.hosts import REPOSITORY
from support.sources import DRAWING

CONFIGURED = yaml.safe_load((REPOSITORY / "mkdocs.yml").read_text())["markdown_extensions"]
ROW = "lab/index.md#number-"
REFUSAL = "ERROR 1452 (23000): a foreign key constraint fails (`test`.`a`)"

NUMBERS = {
    "wait": Measured("12.5\u00a0ms", "from SIGTERM to exit", f"{ROW}wait"),
    "odd": Measured("<b> & {x}", 'a "note"', f"{ROW}odd"),
    "refusal": Measured(REFUSAL, "what the server says", f"{ROW}refusal", is_message=True),
    "unlisted": Measured("7", "a lab without a page"),
}

CLAIMS = {
    "test_it_waits": Verified("lab/index.md#test-it-waits", "claim-test-it-waits", 'It "waits".'),
    "test_it_fails": Verified("lab/index.md#test-it-fails", "claim-test-it-fails", "It holds", ("`hz` is 500", "off")),
}

CHARTS = {
    "pace": LabChart(
        "pace", "Pace & <more>", "dead, %", "keys", "line", "linear", "linear", "one run", (("idle", 5, 1.5),)
    )
}


def render(text: str, folder: Path | None = None) -> str:
    """The page of *text*, the body of an article in *folder*, as the host makes it."""
    docs = folder or REPOSITORY / "docs"
    return rendered(read_text(text, 1, "index.md", docs, docs, is_article=True).canonical, folder)


def rendered(text: str, folder: Path | None = None) -> str:
    """What the renderer alone makes of *text*."""
    names = [next(iter(each)) if isinstance(each, dict) else each for each in CONFIGURED]
    settings = {name: dict(value) for each in CONFIGURED if isinstance(each, dict) for name, value in each.items()}
    settings["engblog.markdown"] = {"folder": str(folder or ""), "numbers": NUMBERS, "claims": CLAIMS, "charts": CHARTS}
    html = Markdown(extensions=names, extension_configs=settings).convert(text)
    assert "\x02" not in html
    assert "\x03" not in html, "a placeholder of Python-Markdown is left"
    return html


def canonical_of(text: str) -> str:
    """*text* as the host gives it to the renderer."""
    docs = REPOSITORY / "docs"
    return read_text(text, 1, "index.md", docs, docs, is_article=True).canonical


def renderer(seal: str) -> Markdown:
    """A renderer of articles without a lab, whose own elements have *seal*."""
    names = [next(iter(each)) if isinstance(each, dict) else each for each in CONFIGURED]
    settings = {name: dict(value) for each in CONFIGURED if isinstance(each, dict) for name, value in each.items()}
    settings["engblog.markdown"] = {"seal": seal}
    return Markdown(extensions=names, extension_configs=settings)


def tree(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(  # noqa: S314  (we wrote it)
        f"<body>{html.replace('&para;', '').replace('&nbsp;', ' ')}</body>"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "drain.svg").write_text(DRAWING)
    (tmp_path / "other drain.svg").write_text(DRAWING)
    (tmp_path / "bad.svg").write_text("<svg>")
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "a.py").write_text("x = '{lab:wait} {claim:test_it_waits}'\n")
    return tmp_path
