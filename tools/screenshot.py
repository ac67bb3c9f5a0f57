"""Take the pictures of the site: the one in README, or every kind of page for review by eye.

    .venv/bin/python -m tools.screenshot                    # docs/assets/screenshot.png
    .venv/bin/python -m tools.screenshot --all /tmp/shots   # every kind of page, width and theme
    .venv/bin/python -m tools.screenshot --all /tmp/shots --site site --url https://org.github.io/blog/

Builds the site into a folder of its own, unless --site names one that is built.
"""

from __future__ import annotations

import argparse
import base64
import os
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import yaml
from playwright.sync_api import Page, ViewportSize, sync_playwright

from tools.pages import BuiltSite, PagesServer

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs/assets/screenshot.png"
SIZE: ViewportSize = {"width": 1440, "height": 1100}
LIMIT = 250_000
"""Bytes that the picture in README may have."""

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
ARTICLES = 6
"""Articles that --all takes pictures of: each is another page type in all but name."""
WIDTHS = (390, 768, 1440)
THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")

# Colours are cut to as few bits as leave at most 256 of them, each then the mean of those it stands for. The page is
# ink on paper, so the eye sees no difference; the pixels are counted here because a browser does that fast.
_REDUCE = """
async (source) => {
  const picture = await createImageBitmap(await (await fetch(source)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const { data, width, height } = canvas.getImageData(0, 0, picture.width, picture.height);
  for (let bits = 8; bits > 1; bits--) {
    const mask = (0xff << (8 - bits)) & 0xff;
    const found = new Map();
    const pixels = new Uint8Array(width * height);
    for (let i = 0; i < pixels.length && found.size <= 256; i++) {
      const [r, g, b] = [data[4 * i], data[4 * i + 1], data[4 * i + 2]];
      const key = ((r & mask) << 16) | ((g & mask) << 8) | (b & mask);
      let colour = found.get(key);
      if (!colour) found.set(key, (colour = { index: found.size, count: 0, sum: [0, 0, 0] }));
      colour.count++;
      colour.sum[0] += r;
      colour.sum[1] += g;
      colour.sum[2] += b;
      pixels[i] = colour.index;
    }
    if (found.size > 256) continue;
    let text = "";
    for (let i = 0; i < pixels.length; i += 8192) text += String.fromCharCode(...pixels.subarray(i, i + 8192));
    const palette = [...found.values()].flatMap((each) => each.sum.map((part) => Math.round(part / each.count)));
    return { width, height, palette, pixels: btoa(text) };
  }
}
"""


@contextmanager
def built_site(folder: str | None, url: str | None) -> Iterator[BuiltSite]:
    """The site in *folder*, or one built for this run."""
    address = url or yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["site_url"]
    if folder:
        yield BuiltSite(Path(folder), address)
        return
    with tempfile.TemporaryDirectory() as temporary:
        site = Path(temporary) / "site"
        quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(site)]
        if subprocess.run(command, cwd=ROOT, env=quiet, check=False).returncode:
            sys.exit(1)  # MkDocs has said why
        yield BuiltSite(site, address)


def png(width: int, height: int, palette: bytes, pixels: bytes) -> bytes:
    """A PNG file of *pixels*, one byte each, that index *palette*."""
    rows = b"".join(b"\0" + pixels[row : row + width] for row in range(0, width * height, width))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def show(page: Page, url: str) -> None:
    """Go to *url* and wait until it is drawn with its own fonts, lazy pictures included."""
    page.goto(url)
    page.evaluate(
        """async () => {
          for (const each of document.images) each.loading = "eager";
          await Promise.all([...document.images].map((each) => each.decode().catch(() => {})));
          await document.fonts.ready;
        }"""
    )


def take_one(page: Page, server: PagesServer, target: Path) -> int:
    """Write the picture for README to *target*; its size in bytes."""
    show(page, server.url(""))
    shot = base64.b64encode(page.screenshot()).decode()
    page.goto("about:blank")  # the site's own security policy allows no such address
    reduced = page.evaluate(_REDUCE, f"data:image/png;base64,{shot}")
    pixels = base64.b64decode(reduced["pixels"])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(png(reduced["width"], reduced["height"], bytes(reduced["palette"]), pixels))
    return target.stat().st_size


def take_all(page: Page, server: PagesServer, folder: Path, theme: str, width: int) -> None:
    """Write a picture of the first page of each kind, and of several articles, below *folder*."""
    for kind, pages in server.site.kinds.items():
        for number, address in enumerate(pages[: ARTICLES if kind == "article" else 1], 1):
            show(page, server.url("no/such/page" if address == "404.html" else address))
            name = f"{kind}-{number}-{width}-{theme}.png"
            page.screenshot(path=folder / name, full_page=True)
            print(folder / name)


def main() -> int:
    """Take the pictures; 1 if the one for README is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--all", metavar="DIR", type=Path, help="write every kind of page into DIR instead")
    parser.add_argument("--site", metavar="DIR", help="a site that is built already")
    parser.add_argument("--url", help="the address that it was built for; site_url of mkdocs.yml if left out")
    options = parser.parse_args()
    with (
        built_site(options.site, options.url) as site,
        PagesServer(site) as server,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS)) as browser,
    ):
        if not options.all:
            page = browser.new_page(viewport=SIZE, color_scheme="light", locale="en-GB")
            weight = take_one(page, server, TARGET)
            print(f"{TARGET.relative_to(ROOT)}: {weight:,} bytes of {LIMIT:,}")
            return int(weight > LIMIT)
        options.all.mkdir(parents=True, exist_ok=True)
        for theme in THEMES:
            for width in WIDTHS:
                page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme, locale="en-GB")
                take_all(page, server, options.all, theme, width)
                page.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
