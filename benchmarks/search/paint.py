"""``python -m benchmarks.search.paint``: milliseconds from a pressed key to the painted results, in a real browser.

The site is this repository's with the index of 1,000 generated articles in place of its own, served as GitHub Pages
serves it. Queries are typed key by key, as a quick typist does. A time begins when the browser received the key and
ends after the frame that shows its results. The first round loads what the queries need; in the second it is there.
The last lines say how long the page does not answer when a million letters are pasted.

Needs Chromium and the test requirements.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from engblog.disk.search import search_files
from engblog.disk.tree import write_files
from engblog.html.sections import Section
from engblog.outputs.search import Document, Facet
from playwright.sync_api import Page, sync_playwright

from benchmarks.articles import SEED, Post, generate
from tools.pages import BuiltSite, PagesServer

REPOSITORY = Path(__file__).resolve().parents[2]
URL = "https://org.github.io/blog/"
CHROMIUM = "/usr/bin/chromium"
LIMIT = 50
"""Milliseconds, of the 95th percentile, once everything is loaded."""
PAUSES = (60, 180)
"""Milliseconds between two keys: about 100 words a minute."""
LETTERS = 1_000_000
_HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)

_WATCH = """
() => {
  window.painted = [];
  const list = document.getElementById("search--list");
  let pressed; // the earliest key that waits for its results
  addEventListener("keydown", ({ timeStamp, key }) => key.length === 1 && (pressed ??= timeStamp), true);
  const afterPaint = (action) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = action;
      port2.postMessage(0);
    });
  new MutationObserver(() => {
    if (list.getAttribute("aria-busy") !== "false" || pressed === undefined) return;
    const start = pressed;
    pressed = undefined;
    afterPaint(() => window.painted.push(performance.now() - start));
  }).observe(list, { attributeFilter: ["aria-busy"] });
}
"""

_PASTE = """
async (text) => {
  const field = document.activeElement;
  field.value = "";
  const data = new DataTransfer();
  data.setData("text/plain", text);
  let longest = 0;
  let last = performance.now();
  const end = last + 1500;
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  while (last < end) {
    await new Promise(requestAnimationFrame);
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }
  return longest;
}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 0 when they are within the limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search.paint", description=__doc__)
    parser.add_argument("--articles", type=int, default=1000, metavar="N")
    parser.add_argument("--queries", type=int, default=25, metavar="N")
    parser.add_argument("--site", type=Path, help="a folder to keep the site in, and to take it from")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-paint-") as name:
        site = options.site or Path(name) / "site"
        if not site.exists():
            write_site(site, options.articles)
        with PagesServer(BuiltSite(site, URL)) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(server.url("about/"))
            page.keyboard.press("/")
            page.wait_for_selector(".search__start .tag")
            page.evaluate(_WATCH)
            queries = list(queries_of(options.queries, options.articles))
            print(f"{options.articles} articles, {len(queries)} queries")
            for number, said in enumerate(("loading what the queries need", "with everything loaded")):
                times = type_all(page, queries, Random(number))
                print(f"key to paint, {said}: {figures(times)}")
            for said, text in (("letters", "x" * LETTERS), ("words", "filler " * (LETTERS // 7))):
                print(f"longest frame after a million letters of {said}: {page.evaluate(_PASTE, text):.0f} ms")
            browser.close()
    return int(percentile(times, 0.95) > LIMIT)


def write_site(site: Path, count: int) -> None:
    """Build this repository's site into *site*, and put the index of *count* generated articles in it."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(site)]
    quiet = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    subprocess.run(command, cwd=REPOSITORY, env=os.environ | quiet, check=True)
    write_files(site, search_files(map(document, generate(count))).items())


def document(post: Post) -> Document:
    """What there is to find of *post*: its Markdown as it stands, cut at the headings."""
    pieces = _HEADING.split(post.text(lambda number: f"../article-{number:04d}/"))
    sections = [Section("", "", pieces[0])]
    for number, (heading, text) in enumerate(zip(pieces[1::2], pieces[2::2], strict=True)):
        sections.append(Section(f"section-{number}", heading, text))
    return Document(
        url=f"articles/{post.day:%Y/%m/%d}/{post.slug}/",
        title=post.title,
        sections=tuple(sections),
        description=post.description,
        category=_facet(post.category),
        subcategory=_facet(post.subcategory),
        tags=tuple(map(_facet, post.tags)),
        minutes=20,
        verified=post.number % 3 == 0,
    )


def _facet(name: str) -> Facet:
    return Facet(re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"), name)


def queries_of(count: int, articles: int) -> Iterator[str]:
    """Queries of one to four words of the articles: every fourth with a letter left out, every fifth with a filter."""
    random = Random(SEED)
    posts = list(generate(min(count, articles)))
    for number, post in enumerate(posts):
        source = random.choice((post.title, post.description, post.lead))
        words = re.findall(r"[a-z]{3,}", source.lower())
        start = random.randrange(max(1, len(words) - 4))
        query = " ".join(words[start : start + random.randint(1, 4)])
        if number % 4 == 3:
            at = random.randrange(1, len(query))
            query = query[:at] + query[at + 1 :]
        yield f"{query} tag:{random.choice(post.tags).lower()}" if number % 5 == 4 else query


def type_all(page: Page, queries: Sequence[str], random: Random) -> list[float]:
    """Type *queries* one after another; milliseconds from each key to its painted results."""
    page.evaluate("window.painted = []")
    for query in queries:
        page.locator("#search--field").fill("")
        page.wait_for_timeout(PAUSES[1])
        for letter in query:
            page.keyboard.press(letter)
            page.wait_for_timeout(random.randint(*PAUSES))
    page.wait_for_timeout(500)
    times: list[float] = page.evaluate("window.painted")
    return times


def percentile(times: Sequence[float], share: float) -> float:
    """The time that *share* of *times* do not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def figures(times: Sequence[float]) -> str:
    """*times* in a few words."""
    named = {f"p{share}": round(percentile(times, share / 100), 1) for share in (50, 95, 99)}
    said = ", ".join(f"{name} {value} ms" for name, value in named.items())
    return f"{said}, most {max(times):.0f} ms, of {len(times)} keys"


if __name__ == "__main__":
    sys.exit(main())
