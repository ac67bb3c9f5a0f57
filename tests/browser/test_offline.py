"""Saving for offline: nothing before the press, all of it after, whole or not at all, and nothing left once removed.

The line is cut for real: the server ends, or drops the connection in the middle of a save.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from engblog.lab.process import wait_until
from playwright.sync_api import BrowserContext, Page, expect
from support.hosts import build
from support.patience import PATIENCE
from support.themed import article, themed

from browser.stress import PAGES, ROOT, png
from browser.stress_text import HOSTILE_CATEGORY, HOSTILE_TITLE
from browser.visits import _AXE_TAGS, _RUN_AXE, _WATCH, Visitor
from tools.pages import BuiltSite, PagesServer

SUB_PATH, AT_THE_ROOT = "https://mini.example/heft/", "https://mini.example/"
OF_SCRIPTS = "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'"
"""What a stricter host than GitHub Pages may send with scripts: the worker's own policy. Pages carry theirs."""
FIRST = "artikel/2026/11/20/erster/"
SECOND = "artikel/2026/11/19/zweiter/"
THIRD = "artikel/2025/01/02/dritter/"
OTHER = "artikel/2024/01/02/vierter/"
CATEGORY = "categories/datenbanken/"

OFFER = re.compile(r"Save for offline · 3 articles · 0\.\d MB")

LEFT = """async () => ({
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  storage: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
  databases: (await indexedDB.databases()).length,
})"""
NOTHING = {"caches": [], "workers": 0, "storage": [], "databases": 0}
FONTS = """async () => {
  await document.fonts.ready;
  const ours = [...document.fonts].filter(({ family }) => !family.includes("Fallback")); // those are the system's
  return [...new Set(ours.map(({ status }) => status))].filter((status) => status !== "unloaded");
}"""
COPIES = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) found.push(url.slice(location.origin.length));
  return found.sort();
}"""


class Host(PagesServer):
    """A server that remembers what it was asked for, and whose line can be cut."""

    def __init__(self, site: BuiltSite, *, policy: str = "") -> None:
        super().__init__(site)
        self.policy = policy
        self.asked: list[str] = []
        self.cut = False
        self.left: int | None = None
        """After how many more answers the line is cut."""
        self.waits: threading.Event | None = None
        """What an answer waits for."""
        self.holds: str | None = None
        """What is in the addresses that are never answered."""
        self._http.handle_error = lambda *_: None  # type: ignore[method-assign]  # a cut line is no news

    def answer(self, target: str) -> tuple[HTTPStatus, dict[str, str], bytes]:
        """Answer, or drop the connection."""
        self.asked.append(target)
        if self.left is not None:
            self.left -= 1
            self.cut = self.cut or self.left < 0
        if self.waits is not None:
            self.waits.wait(PATIENCE)
        while self.holds is not None and self.holds in target and not self.cut:
            time.sleep(0.05)
        if self.cut:
            raise ConnectionResetError
        return super().answer(target)

    def _headers(self, path: Path) -> dict[str, str]:
        # What the browser keeps by itself must not help.
        policy = {"Content-Security-Policy": self.policy} if self.policy and path.suffix == ".js" else {}
        return super()._headers(path) | {"Cache-Control": "no-store"} | policy

    def __exit__(self, *error: Any) -> None:
        """Let nothing wait for an answer any more."""
        self.cut = True
        super().__exit__(*error)

    def end(self) -> None:
        """Stop, with every connection that is open."""
        self.__exit__(None, None, None)


Start = Callable[..., Host]


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, BuiltSite]:
    """The small site, at two addresses; and a later one: an article changed, one gone, one new."""
    folder = tmp_path_factory.mktemp("offline")
    page = {"texte/offline.md": (ROOT / "docs/offline.md").read_bytes()}
    page["texte/artikel/erster/foto.png"] = png(16, 16)
    page["texte/search.md"] = b"---\ntitle: Suche\ntemplate: views/search.html\n---\nSuchen.\n"
    made = {}
    for name, url in (("first", SUB_PATH), ("at the root", AT_THE_ROOT)):
        source = themed(folder / name, page, site_url=url)
        made[name] = BuiltSite(build(source, "--strict"), url)
    source = themed(folder / "later", page)
    text = source / "texte/artikel/erster/index.md"
    text.write_text(text.read_text().replace("Der erste Satz", "Der neue Satz"))
    (source / "texte/artikel/erster/foto.png").write_bytes(png(20, 16))
    shutil.rmtree(source / "texte/artikel/dritter")
    (source / "texte/artikel/fuenfter").mkdir()
    (source / "texte/artikel/fuenfter/index.md").write_text(article("Der fünfte", "2026-11-25"))
    made["later"] = BuiltSite(build(source, "--strict"), SUB_PATH)
    return made


@contextmanager
def reader(visitor: Visitor, **options: Any) -> Iterator[BrowserContext]:
    """A reader with a browser in which nothing is stored."""
    context = visitor.context("light", 1440, **options)
    context.add_init_script(_WATCH)
    context.add_init_script(path=ROOT / "node_modules/axe-core/axe.min.js")
    try:
        yield context
    finally:
        context.close()


@pytest.fixture
def hosts() -> Iterator[Start]:
    """Starts hosts, and ends them."""
    with ExitStack() as stack:

        def start(site: BuiltSite, **options: Any) -> Host:
            return stack.enter_context(Host(site, **options))

        yield start


def offer(page: Page) -> Any:
    """The button of the offer to save."""
    return page.locator("[data-keep] button")


def save(page: Page, address: str) -> None:
    """Open a page and save what it offers."""
    page.goto(address)
    offer(page).click()
    expect(page.locator("[data-keep][data-mood=good]")).to_be_visible()


def status(page: Page) -> Any:
    """What screen readers were told last."""
    return page.locator("body > [role=status]")


def kept(page: Page) -> list[str]:
    """The addresses of all copies, from the site's root."""
    found: list[str] = page.evaluate(COPIES)
    return found


def test_nothing_is_kept_or_registered_without_the_press(
    hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        for address in (
            "",
            FIRST,
            f"{FIRST}lab/",
            CATEGORY,
            SECOND,
            "search/?q=Satz",
            "offline/",
            "about/",
            "no/such/",
        ):
            page.goto(host.url(address), wait_until="networkidle")
        assert page.evaluate(LEFT) == NOTHING
    lists = f"{host.site.mount}offline/"
    asked = [path for path in host.asked if "/sw.js" in path or (path.startswith(lists) and path != lists)]
    assert asked == [], "what a save needs was asked for without one"


@pytest.mark.parametrize(("edition", "policy"), [("first", ""), ("at the root", OF_SCRIPTS)])
def test_a_saved_article_reads_whole_when_the_server_is_gone(
    edition: str, policy: str, hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions[edition], policy=policy)
    with reader(visitor) as context:
        page = context.new_page()
        failed: list[str] = []
        save(page, host.url(FIRST))
        expect(status(page)).to_have_text("Saved for offline")
        host.end()
        page.on("requestfailed", lambda request: failed.append(f"{request.failure} {request.url}"))
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.goto(host.url(FIRST), wait_until="networkidle")
        assert page.locator("article").inner_text().startswith("Der erste Satz")
        assert page.evaluate("Promise.all([...document.images].map((each) => each.naturalWidth))") == [16]
        assert page.evaluate(FONTS) == ["loaded"]
        page.locator("a.claim").click()
        expect(page.get_by_role("dialog", name="Verified by a test")).to_contain_text("Sie wartet.")
        page.keyboard.press("Escape")
        page.locator("main header summary", has_text="Verified by").click()
        page.get_by_role("link", name="See the lab").click()
        page.wait_for_url("**/lab/")
        assert page.get_by_role("heading", level=1).inner_text() == "Der erste <b> & mehr"
        page.goto(host.url(""), wait_until="networkidle")
        assert page.evaluate("window.violations ?? []") == []
        # Browsers ask for icons past the worker; and a page that is left ends its requests.
        assert [each for each in failed if "mark.svg" not in each and "ERR_ABORTED" not in each] == []


def test_another_article_leads_to_a_page_that_says_so_and_lists_what_is_saved(
    hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        save(page, host.url(FIRST))
        host.end()
        page.goto(host.url(f"{SECOND}?a=1#danach"))
        missed = page.locator(".keep__missed")
        expect(missed).to_contain_text("You are offline, and that page is not saved.")
        assert missed.get_by_role("link").get_attribute("href") == host.url(f"{SECOND}?a=1#danach")
        expect(page.get_by_role("heading", name="1 article saved")).to_be_visible()
        row = page.locator(".kept__row")
        assert row.get_by_role("link").inner_text() == "Der erste <b> & mehr"
        row.get_by_role("link").click()
        page.wait_for_url(f"**/{FIRST}")
        page.goto(host.url(FIRST.removesuffix("/")))  # as somebody types it
        page.wait_for_url(f"**/{FIRST}")
        page.goto(f"{host.url('offline/')}?page=//evil.example/%3Cimg%20src=x%20onerror=alert(1)%3E")
        expect(page.get_by_role("heading", name="1 article saved")).to_be_visible()
        assert page.locator(".keep__missed").inner_text() == ""


def test_the_search_works_and_says_what_is_not_saved(
    hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        save(page, host.url(FIRST))
        host.end()
        page.goto(host.url("search/?q=Satz"))
        options = page.locator("[role=option]")
        expect(options.filter(has_text="Der erste")).to_contain_text(" Saved")
        expect(options.filter(has_text="Der zweite")).to_contain_text("Not saved")
        options.filter(has_text="Der erste").scroll_into_view_if_needed()  # its text is loaded then
        # Of what is not saved, the text is not here either.
        expect(options.filter(has_text="Der erste").locator(".found__excerpt")).to_contain_text("Satz")
        expect(options.filter(has_text="Der zweite").locator(".found__excerpt")).to_have_count(0)
        page.goto(host.url(FIRST))
        page.keyboard.press("/")
        page.wait_for_selector("dialog[open]")
        page.keyboard.type("gemessen")
        expect(options.first).to_contain_text("Der erste")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{FIRST}*")
        page.wait_for_selector(".marked-bar")


def test_reading_on_keeps_nothing_more(hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        save(page, host.url(FIRST))
        before = kept(page)
        assert f"/heft/{FIRST}" in before
        assert f"/heft/{SECOND}" not in before
        for address in (SECOND, CATEGORY, "about/", FIRST, "no/such/"):
            page.goto(host.url(address))
        page.goto(host.url("search/?q=Satz"))
        expect(page.locator("[role=option]").first).to_be_visible()
        assert kept(page) == before


def test_a_category_is_saved_with_its_articles_and_removed_with_them(
    hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        page.goto(host.url(CATEGORY))
        expect(offer(page)).to_have_text(OFFER)
        save(page, host.url(CATEGORY))
        page.goto(host.url(FIRST))
        expect(page.locator("[data-keep]")).to_contain_text("Saved for offline, with its category")
        host.cut = True
        for address in (CATEGORY, f"{CATEGORY}page/2/", f"{CATEGORY}speicher/", FIRST, SECOND, THIRD):
            page.goto(host.url(address))
            assert page.url == host.url(address)
            assert page.get_by_role("heading", level=1).is_visible()
        page.goto(host.url(OTHER))
        expect(page.locator(".keep__missed")).to_contain_text("not saved")
        host.cut = False
        page.goto(host.url(CATEGORY))
        page.get_by_role("button", name="Remove").click()
        expect(offer(page)).to_have_text(OFFER)
        assert page.evaluate(LEFT) == NOTHING


def test_what_is_removed_goes_and_the_last_thing_takes_all_along(
    hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        for address in (FIRST, CATEGORY, OTHER):
            save(page, host.url(address))
        page.goto(host.url("offline/"))
        expect(page.get_by_role("heading", name="4 articles saved")).to_be_visible()
        page.get_by_role("button", name="Remove Datenbanken").click()
        # The article that was saved for itself stays.
        expect(page.get_by_role("heading", name="2 articles saved")).to_be_focused()
        assert f"/heft/{FIRST}" in kept(page)
        assert f"/heft/{SECOND}" not in kept(page)
        page.get_by_role("button", name="Remove Der vierte").click()
        expect(status(page)).to_have_text("Removed: Der vierte")
        page.get_by_role("button", name="Remove Der erste").click()
        expect(page.get_by_role("heading", name="Nothing is saved")).to_be_focused()
        assert page.evaluate(LEFT) == NOTHING
        save(page, host.url(FIRST))
        page.goto(host.url("offline/"))
        page.get_by_role("button", name="Remove all").click()
        expect(status(page)).to_have_text("Nothing is saved")
        assert page.evaluate(LEFT) == NOTHING


def test_another_edition_replaces_what_is_saved_and_leaves_nothing_of_the_old(
    hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        save(page, host.url(CATEGORY))
        host.site = editions["later"]
        page.goto(host.url("offline/"))
        host.asked.clear()
        page.get_by_role("button", name="Check again").click()
        expect(status(page)).to_have_text("Updated. 1 article no longer published was removed.")
        assert not [path for path in host.asked if path.endswith(".woff2")], "what did not change was fetched again"
        host.cut = True
        page.goto(host.url(FIRST))
        assert page.locator("article").inner_text().startswith("Der neue Satz")
        assert page.evaluate("document.images[0].decode().then(() => document.images[0].naturalWidth)") == 20
        page.goto(host.url("artikel/2026/11/25/fuenfter/"))
        assert page.get_by_role("heading", level=1).inner_text() == "Der fünfte"
        page.goto(host.url(THIRD))
        expect(page.locator(".keep__missed")).to_contain_text("not saved")
        copies = set(kept(page)) - {"/heft/offline/saved.json"}
        assert copies == listed(editions["later"], CATEGORY)


def listed(site: BuiltSite, category: str) -> set[str]:
    """The addresses of all that an edition has a reader keep who saved *category*."""
    index = json.loads(site.file("offline/index.json").read_bytes())
    catalogue = json.loads(site.file(index["catalogue"]).read_bytes())
    (row,) = [each for each in catalogue["categories"] if each[0] == category]
    lists = [catalogue["shell"][0], catalogue["search"][0], row[2], *(catalogue["articles"][n][2] for n in row[4])]
    files = [address for name in lists for address, _, _ in json.loads(site.file(name).read_bytes())["files"]]
    return {f"{site.mount}{address}" for address in (*lists, *files)}


def test_a_later_edition_is_found_while_reading_once_an_hour(
    hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        save(page, host.url(FIRST))
        host.site = editions["later"]
        host.asked.clear()
        page.goto(host.url("about/"), wait_until="networkidle")
        assert "/heft/offline/index.json" not in host.asked
        page.clock.install()
        page.clock.fast_forward("01:01:00")
        page.goto(host.url("about/"))
        expect(status(page)).to_have_text("Your saved articles were updated.")
        host.cut = True
        page.goto(host.url(FIRST))
        assert page.locator("article").inner_text().startswith("Der neue Satz")


@pytest.mark.parametrize("answers", [0, 2, 6, 20])
def test_a_line_that_is_cut_midway_leaves_nothing_half_saved(
    answers: int, hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        page.goto(host.url(FIRST), wait_until="networkidle")
        host.left = answers
        offer(page).click()
        said = status(page)
        # One of the offer itself, which could not load the rest; one of the rest.
        expect(said).to_have_text(re.compile(r"Not saved: (no connection\. Try again|the connection was lost\.)"))
        assert page.evaluate(LEFT) == NOTHING
        host.left, host.cut = None, False
        offer(page).click()
        expect(said).to_have_text("Saved for offline")
        # And of a second thing: the first stays as it was.
        before = kept(page)
        page.goto(host.url(OTHER), wait_until="networkidle")
        host.left = min(answers, 3)
        offer(page).click()
        expect(page.locator("[data-mood=bad]")).to_contain_text("Not saved")
        assert kept(page) == before


def test_a_full_disk_is_told_and_leaves_nothing(
    hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        page.goto(host.url(FIRST))
        context.new_cdp_session(page).send(
            "Storage.overrideQuotaForOrigin", {"origin": host.origin, "quotaSize": 200_000}
        )
        offer(page).click()
        expect(status(page)).to_have_text("Not saved: this browser has no space left for it.")
        assert page.evaluate(LEFT) == NOTHING


def test_two_editions_are_never_mixed(
    hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor, tmp_path: Path
) -> None:
    """A host that is being published to may have the new page already, and the old list."""
    site = BuiltSite(Path(shutil.copytree(editions["first"].folder, tmp_path / "site")), SUB_PATH)
    shutil.copy(editions["later"].file(FIRST), site.file(FIRST))
    host = hosts(site)
    with reader(visitor) as context:
        page = context.new_page()
        page.goto(host.url(FIRST))
        offer(page).click()
        expect(status(page)).to_contain_text("the site is being published right now; try again in a few minutes")
        assert page.evaluate(LEFT) == NOTHING


def test_a_save_can_be_stopped(hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        page.goto(host.url(FIRST), wait_until="networkidle")
        page.evaluate("import(document.querySelector('[type=module]').src.replace('site.js', 'offline/offline.js'))")
        host.waits = threading.Event()
        offer(page).focus()
        page.keyboard.press("Enter")
        expect(offer(page)).to_have_text("Stop")
        expect(offer(page)).to_be_focused()
        page.keyboard.press("Enter")
        expect(status(page)).to_have_text("Stopped. Nothing was changed.")
        host.waits.set()
        expect(offer(page)).to_be_focused()
        wait_until(lambda: page.evaluate(LEFT) == NOTHING, seconds=PATIENCE, what="nothing to be left")


def test_what_a_closed_window_left_behind_is_cleared_away(
    hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        closed, page = context.new_page(), context.new_page()
        page.goto(host.url("about/"))
        page.evaluate("caches.open('saved / of another site')")
        closed.goto(host.url(FIRST), wait_until="networkidle")
        host.holds = "/assets/fonts/"
        offer(closed).click()
        wait_until(lambda: len(page.evaluate(COPIES)) > 2, seconds=PATIENCE, what="the save to be halfway")
        closed.close()
        host.holds = None
        page.goto(host.url("about/"))
        rest = NOTHING | {"caches": ["saved / of another site"]}
        wait_until(lambda: page.evaluate(LEFT) == rest, seconds=PATIENCE, what="what was left to be cleared away")


def test_two_windows_agree(hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        listing, one, other = (context.new_page() for _ in range(3))
        listing.goto(host.url("offline/"))
        expect(listing.get_by_role("heading", name="Nothing is saved")).to_be_visible()
        one.goto(host.url(FIRST))
        other.goto(host.url(OTHER))
        offer(one).click(no_wait_after=True)
        offer(other).click()
        for page in (one, other):
            expect(page.locator("[data-mood=good]")).to_be_visible()
        expect(listing.get_by_role("heading", name="2 articles saved")).to_be_visible()
        assert {f"/heft/{FIRST}", f"/heft/{OTHER}"} <= set(kept(one))
        listing.get_by_role("button", name="Remove all").click()
        expect(offer(one)).to_contain_text("Save for offline")
        assert listing.evaluate(LEFT) == NOTHING


POISON = """async ([address, text]) => {
  let count = 0;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (!request.url.split("?")[0].endsWith(address)) continue;
      const type = (await cache.match(request)).headers.get("Content-Type");
      await cache.put(request, new Response(text, { headers: { "Content-Type": type } }));
      count++;
    }
  }
  return count;
}"""
"""What a stranger's script would do if it ran here once."""
RAN = "window.ran ?? document.title.includes('poison')"


@pytest.mark.parametrize(("poisoned", "is_away"), [(FIRST, True), ("site.js", False), ("site.js", True)])
def test_what_was_not_saved_by_the_reader_never_answers(
    poisoned: str, is_away: bool, hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        save(page, host.url(FIRST))
        text = "window.ran = true; document.title = 'poison'; /* <title>poison</title> */"
        assert page.evaluate(POISON, [poisoned, text]) == 1
        # An address that no list names, in the cache of what is saved.
        page.evaluate(
            "async () => (await caches.open((await caches.keys())[1])).put('/heft/x/', new Response('poison'))"
        )
        host.cut = is_away
        page.goto(host.url(SECOND if is_away else FIRST))
        assert not page.evaluate(RAN)
        page.goto(host.url("x/"))
        assert "poison" not in page.content()
        host.cut = False
        page.goto(host.url("offline/"))
        page.get_by_role("button", name="Check again").click()
        expect(status(page)).to_have_text("Updated.")
        host.cut = True
        page.goto(host.url(FIRST))
        assert page.locator("article").inner_text().startswith("Der erste Satz")
        assert not page.evaluate(RAN)
        copies = set(kept(page)) - {"/heft/offline/saved.json"}
        assert "/heft/x/" not in copies


def test_what_the_record_of_another_build_names_is_taken_out(
    hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    """A list that was made up agrees with its own name; the build that is published does not name it."""
    host = hosts(editions["first"])
    forged = json.dumps({"files": [[FIRST, 6, hashlib.sha256(b"poison").hexdigest()[:16]]]})
    name = f"offline/{hashlib.sha256(forged.encode()).hexdigest()[:16]}.json"
    with reader(visitor) as context:
        page = context.new_page()
        save(page, host.url(FIRST))
        page.evaluate(
            """async ([at, list, text]) => {
              const cache = await caches.open("saved /heft/");
              const record = await (await cache.match("offline/saved.json".replace(/^/, "/heft/"))).json();
              record.items[at].list = list;
              const own = await caches.open(record.items[at].cache);
              await own.put(`/heft/${list}`, new Response(text));
              await own.put(`/heft/${at}`, new Response("poison", { headers: { "Content-Type": "text/html" } }));
              await cache.put("/heft/offline/saved.json", new Response(JSON.stringify(record)));
            }""",
            [FIRST, name, forged],
        )
        page.goto(host.url(FIRST))
        assert page.locator("article").inner_text().startswith("Der erste Satz"), "online, the site answers"
        page.goto(host.url("offline/"))
        page.get_by_role("button", name="Check again").click()
        expect(status(page)).to_have_text("Updated.")
        host.cut = True
        page.goto(host.url(FIRST))
        assert page.locator("article").inner_text().startswith("Der erste Satz")


def test_a_new_text_never_has_the_old_picture(
    hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        save(page, host.url(FIRST))
        host.site = editions["later"]
        page.goto(host.url(FIRST))
        assert page.locator("article").inner_text().startswith("Der neue Satz")
        assert page.evaluate("document.images[0].decode().then(() => document.images[0].naturalWidth)") == 20


def test_a_slow_line_gives_way_to_the_copy_and_a_good_one_to_the_new_page(
    hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    with reader(visitor) as context:
        page = context.new_page()
        save(page, host.url(FIRST))
        host.site = editions["later"]
        page.goto(host.url(FIRST))
        assert page.locator("article").inner_text().startswith("Der neue Satz")
        host.waits = threading.Event()
        page.goto(host.url(FIRST), wait_until="commit")
        assert page.locator("article").inner_text().startswith("Der erste Satz")
        host.waits.set()


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_every_state_is_accessible(
    theme: Any, width: int, hosts: Start, editions: Mapping[str, BuiltSite], visitor: Visitor
) -> None:
    host = hosts(editions["first"])
    context = visitor.context(theme, width)
    context.add_init_script(path=ROOT / "node_modules/axe-core/axe.min.js")
    page = context.new_page()
    found: dict[str, list[str]] = {}

    def look(state: str) -> None:
        over = page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        found[state] = page.evaluate(_RUN_AXE, ["tag", list(_AXE_TAGS)]) + ([f"{over} px too wide"] if over > 0 else [])

    page.goto(host.url("offline/"))
    expect(page.get_by_role("heading", name="Nothing is saved")).to_be_visible()
    look("nothing saved")
    page.goto(host.url(CATEGORY), wait_until="networkidle")
    look("offered")
    host.left = 5
    offer(page).click()
    expect(page.locator("[data-mood=bad]")).to_be_visible()
    look("failed")
    host.left, host.cut = None, False
    offer(page).click()
    expect(page.locator("[data-mood=good]")).to_be_visible()
    look("saved")
    save(page, host.url(OTHER))
    look("article saved")
    host.cut = True
    page.goto(host.url("search/?q=Satz"))
    expect(page.locator("[role=option]").filter(has_text="vierte")).to_contain_text(" Saved")
    page.goto(host.url("about/"))
    expect(page.get_by_role("heading", name="4 articles saved")).to_be_visible()
    look("missed")
    context.close()
    assert found == {state: [] for state in found}


def test_hostile_names_are_text_and_foreign_addresses_are_found(
    built: Mapping[str, BuiltSite], hosts: Start, visitor: Visitor
) -> None:
    host = hosts(built["stress under a path"])
    with reader(visitor) as context:
        page = context.new_page()
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        for name in ("article: hostile", "category, hostile", "category, CJK"):
            save(page, host.url(PAGES[name]))
        host.cut = True
        page.goto(host.url(PAGES["category, CJK"]))
        assert page.url == host.url(PAGES["category, CJK"])
        page.goto(host.url("offline/"))
        row = page.locator(".kept__row", has=page.get_by_role("link", name=HOSTILE_TITLE, exact=True))
        expect(row).to_have_count(1)
        expect(page.locator(".kept__row", has_text=HOSTILE_CATEGORY).first).to_be_visible()
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
        assert page.evaluate("window.violations ?? []") == []
        assert dialogs == []


def test_the_real_site_works_whole(built: Mapping[str, BuiltSite], hosts: Start, visitor: Visitor) -> None:
    host = hosts(built["real"])
    with reader(visitor) as context:
        page = context.new_page()
        address = built["real"].kinds["article"][0]
        save(page, host.url(address))
        host.end()
        page.goto(host.url("search/?q=expired+keys+on+a+replica"))
        expect(page.locator("[role=option]").first).to_be_visible()
        page.goto(host.url(f"{address}lab/"))
        assert page.get_by_role("heading", level=1).is_visible()
        assert page.evaluate("window.violations ?? []") == []
