"""The picture in README: there, as large as it says, light, and taken as tools/screenshot.py takes it."""

from __future__ import annotations

import struct
from pathlib import Path

from browser.stress import ROOT
from browser.visits import Visitor
from tools.pages import PagesServer
from tools.screenshot import LIMIT, SIZE, TARGET, take_one


def size_of(content: bytes) -> dict[str, int]:
    """Width and height of a PNG file."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return {"width": width, "height": height}


def test_the_picture_in_readme_is_there_and_light() -> None:
    content = TARGET.read_bytes()
    assert size_of(content) == SIZE
    assert len(content) < LIMIT
    assert TARGET.relative_to(ROOT).as_posix() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_picture_shows_the_page_in_its_colours(stress: PagesServer, visitor: Visitor, tmp_path: Path) -> None:
    target = tmp_path / "shot.png"
    with visitor.window(width=SIZE["width"], height=SIZE["height"], bypass_csp=True) as page:
        weight = take_one(page, stress, target)
        assert weight == len(target.read_bytes()) < LIMIT
        assert size_of(target.read_bytes()) == SIZE
        page.goto(stress.url(""))
        paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number)")
        drawn = page.evaluate(
            """async (bytes) => {
              const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: "image/png" }));
              const canvas = new OffscreenCanvas(1, 1).getContext("2d");
              canvas.drawImage(picture, 0, 0);
              return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
            }""",
            list(target.read_bytes()),
        )
        assert all(abs(one - other) <= 2 for one, other in zip(paper, drawn, strict=True))
