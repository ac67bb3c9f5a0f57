"""Looking at pages with a browser: each once, with everything that went wrong and all that is measured kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from support.patience import PATIENCE

from browser.stress import ROOT
from tools.pages import PagesServer

expect.set_options(timeout=PATIENCE * 1000)

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",  # the gate runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDTHS = (390, 768, 1440)
HEIGHT = 900
ZOOMED_FROM = 1440
ZOOMED = (720, 320)
"""CSS pixels that zooming leaves of the widest window: 200 % does 720; 320 is what WCAG 1.4.10 asks for."""

_AXE = ROOT / "node_modules/axe-core/axe.min.js"
_AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")

_WATCH = """
addEventListener("securitypolicyviolation", (event) => {
  (window.violations ??= []).push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`);
});
"""

MEASURE = """
() => {
  const root = document.scrollingElement;
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    return element.tagName.toLowerCase() + id + [...element.classList].map((each) => `.${each}`).join("");
  };
  const place = (element) => (element.parentElement ? `${name(element.parentElement)} > ` : "") + name(element);
  const style = (element) => getComputedStyle(element);
  const scrolls = (element) => ["auto", "scroll"].includes(style(element).overflowX);
  const hidden = (element) => style(element).clipPath !== "none" || style(element).visibility !== "visible";
  const boxed = (element) => {
    for (let each = element; each && each !== document.body; each = each.parentElement)
      if (hidden(each) || (each !== element && scrolls(each))) return true;
    return false;
  };
  const wide = [];
  const sticking = new Set();
  const unreachable = [];
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || !element.checkVisibility()) continue;
    const out = box.right > root.clientWidth + 1 || box.left < -1;
    if (out && !element.closest("svg *") && !boxed(element)) {
      // The outermost is enough.
      if (!sticking.has(element.parentElement))
        wide.push(`${place(element)} from ${Math.round(box.left)} to ${Math.round(box.right)}`);
      sticking.add(element);
    }
    if (scrolls(element) && element.scrollWidth > element.clientWidth + 1 && !hidden(element)) {
      const named = element.getAttribute("aria-label") || element.getAttribute("aria-labelledby");
      if (element.tabIndex < 0 && !element.querySelector("a[href], button, input, [tabindex='0']"))
        unreachable.push(`${place(element)} cannot be reached with the keyboard`);
      else if (element.tabIndex >= 0 && !(named && element.getAttribute("role")))
        unreachable.push(`${place(element)} has no role and name`);
    }
  }
  return {
    over: root.scrollWidth - root.clientWidth,
    hides: [document.documentElement, document.body].map((each) => style(each).overflowX),
    wide, unreachable,
  };
}
"""

_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules whose outcome depends on the theme, where nothing but the theme has changed."""

# Where a page is loaded, theme and width, and what it is then turned into.
_TOURS: dict[tuple[Theme, int], tuple[tuple[Theme, int], ...]] = {
    ("light", 1440): (("dark", 1440), ("dark", 768), ("light", 768), ("light", 390)),
    ("dark", 390): (),
}

# By then what moves or changes colour has come to rest.
_AT_REST = """
() => Promise.all(
  document.getAnimations()
    .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
    .map(({ finished }) => finished.catch(() => {})),
)
"""

# By then the page's own scripts have seen what changed.
_TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

_OPEN_ALL = """
() => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  for (const set of document.querySelectorAll(".tabbed-set")) {
    const inputs = set.querySelectorAll(":scope > input");
    if (inputs.length) inputs[inputs.length - 1].checked = true;
  }
}
"""

_RUN_AXE = """
async ([type, values]) => {
  const found = await axe.run(document, { runOnly: { type, values }, resultTypes: ["violations"] });
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => {
      const why = [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
      return `${rule.id}: ${node.target.flat().join(" ")}: ${why}`;
    }),
  );
}
"""


@dataclass(frozen=True)
class Visit:
    """What one look at a page found."""

    status: int
    requests: tuple[str, ...]
    """Every address that was asked for."""
    failures: tuple[str, ...]
    """Requests that failed, or that were answered with an error, but for the page's own."""
    said: tuple[str, ...]
    """Errors and warnings in the console, errors of scripts, and dialogs."""
    violations: tuple[str, ...]
    """What the page's security policy had to stop."""
    cookies: tuple[str, ...]
    layout: dict[str, Any]
    """Pixels that the page scrolls sideways (``over``), what sticks out (``wide``), and boxes that scroll and cannot be
    reached (``unreachable``)."""
    zoomed: dict[int, dict[str, Any]]
    """The same, zoomed in, by the width that is then left; looked at where :data:`ZOOMED` says."""


class Visitor:
    """A browser, a window for each theme and width, and all that was seen so far."""

    def __init__(self, playwright: Playwright) -> None:
        """Start the browser, with a new profile."""
        self.browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        self._windows: dict[tuple[str, int], tuple[Page, _Log]] = {}
        self._profiles: dict[tuple[object, ...], BrowserContext] = {}
        self._seen: dict[tuple[str, str, int], Visit] = {}
        self._checked: dict[tuple[str, str, int, bool], list[str]] = {}

    @contextmanager
    def open(
        self, server: PagesServer, page: str, theme: Theme = "light", width: int = 1440, **options: Any
    ) -> Iterator[Page]:
        """A :meth:`window` that shows *page* of *server*."""
        with self.window(theme, width, **options) as window:
            window.goto(server.url(page))
            yield window

    @contextmanager
    def window(self, theme: Theme = "light", width: int = 1440, height: int = HEIGHT, **options: Any) -> Iterator[Page]:
        """A window of its own, with nothing stored; *options* are those of Playwright's ``new_context``.

        Windows of one kind share a profile, so that fonts and style sheets are fetched once. What a page stored there
        is removed with it.
        """
        key = (theme, width, height, repr(sorted(options.items())))
        # One that is in use is not there: two readers at one time have a profile each.
        profile = self._profiles.pop(key, None) or self.context(theme, width, height, **options)
        try:
            yield profile.new_page()
            _empty(profile)
        except BaseException:
            profile.close()
            raise
        if key in self._profiles:
            profile.close()
        else:
            self._profiles[key] = profile

    @contextmanager
    def new_window(self, width: int = 1440) -> Iterator[Page]:
        """A window of a reader who comes for the first time: nothing has been fetched."""
        context = self.context("light", width)
        try:
            yield context.new_page()
        finally:
            context.close()

    def context(self, theme: Theme, width: int, height: int = HEIGHT, **options: Any) -> BrowserContext:
        """A profile of its own; the caller closes it."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, locale="en-GB", **options
        )
        context.set_default_timeout(PATIENCE * 1000)
        return context

    def look(self, server: PagesServer, page: str, theme: Theme, width: int) -> Visit:
        """What happened as *page* was loaded, or turned into *theme* and *width*; each page is loaded once a tour."""
        key = (server.url(page), theme, width)
        if key not in self._seen:
            self._tour(server.url(page), _tour_of(theme, width))
        return self._seen[key]

    def _tour(self, url: str, tour: tuple[Theme, int], *, axe: bool = False) -> None:
        """Load the page at *url* as *tour* begins, look at it, and turn it into the rest; with *axe*, ask that too."""
        window, log = self._window(*tour)
        log.clear()
        response = window.goto(url)
        status = response.status if response else 0
        window.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
        zoomed = {left: _zoom(window, left) for left in ZOOMED} if tour[1] == ZOOMED_FROM else {}
        if zoomed:
            _zoom(window, ZOOMED_FROM)
        self._seen[url, *tour] = self._visit(window, log, status, zoomed)
        if axe:
            self._checked[url, *tour, False] = _axe_at_rest(window)
        for theme, width in _TOURS[tour]:
            log.clear()
            _turn(window, theme, width)
            self._seen[url, theme, width] = self._visit(window, log, status, {})
            if axe and width == tour[1]:
                window.evaluate(_AT_REST)
                self._checked[url, theme, width, False] = window.evaluate(_RUN_AXE, ["rule", list(_COLOURS)])
        _turn(window, *tour)

    def _visit(self, window: Page, log: _Log, status: int, zoomed: dict[int, dict[str, Any]]) -> Visit:
        layout = _settled(window)
        violations = window.evaluate("window.violations ?? []")
        cookies = [f"{cookie.get('name')}" for cookie in window.context.cookies()]
        return Visit(
            status,
            tuple(log.requests),
            tuple(failure for failure in log.failures if not failure.endswith(f" {window.url}")),
            tuple(log.said),
            tuple(violations),
            tuple(cookies),
            layout,
            zoomed,
        )

    def axe(self, server: PagesServer, page: str, theme: Theme, width: int, *, opened: bool = False) -> list[str]:
        """What axe-core finds on *page*; with *opened*, after all that is folded was opened.

        A page that is turned dark where it stands is asked for what the theme changes; one that is loaded, for all.
        """
        url = server.url(page)
        key = (url, theme, width, opened)
        tour = _tour_of(theme, width)
        if key not in self._checked and not opened:
            self._tour(url, tour, axe=True)
        elif key not in self._checked:
            window, _ = self._window(theme, width)
            if (theme, width) != tour or (url, *tour) in self._seen:
                window.goto(url)
            else:
                self._tour(url, tour)  # one load serves both
            window.evaluate(_OPEN_ALL)
            self._checked[key] = _axe_at_rest(window)
        return self._checked[key]

    def axe_after(
        self, server: PagesServer, page: str, theme: Theme, width: int, act: Callable[[Page], object]
    ) -> list[str]:
        """What axe-core finds on *page* once *act* has done something there."""
        window, _ = self._window(theme, width)
        window.goto(server.url(page))
        act(window)
        return _axe_at_rest(window)

    def _window(self, theme: str, width: int) -> tuple[Page, _Log]:
        key = (theme, width)
        if key not in self._windows:
            context = self.context("dark" if theme == "dark" else "light", width)
            context.add_init_script(_WATCH)
            context.add_init_script(path=_AXE)
            page = context.new_page()
            self._windows[key] = (page, _Log(page))
        return self._windows[key]

    def close(self) -> None:
        """End the browser."""
        self.browser.close()


def _turn(window: Page, theme: Theme, width: int) -> None:
    """Give the system another theme and the window another width."""
    window.emulate_media(color_scheme=theme)
    window.set_viewport_size({"width": width, "height": HEIGHT})


def _settled(window: Page) -> dict[str, Any]:
    """The layout, once it stays as it is: scripts that watch the size of a box come after it has changed."""
    before: dict[str, Any] = {}
    for _ in range(50):
        window.evaluate(_TWO_FRAMES)
        layout: dict[str, Any] = window.evaluate(MEASURE)
        if layout == before:
            break
        before = layout
        if layout["unreachable"]:
            window.wait_for_load_state("networkidle")
    return before


def _axe_at_rest(window: Page) -> list[str]:
    """What axe-core finds, and finds again once every script that the page fetches after it was shown has run."""
    window.evaluate(_TWO_FRAMES)
    found: list[str] = window.evaluate(_RUN_AXE, ["tag", list(_AXE_TAGS)])
    for _ in range(50):
        before = found
        if not before:
            break
        window.wait_for_load_state("networkidle")
        window.evaluate(_TWO_FRAMES)
        found = window.evaluate(_RUN_AXE, ["tag", list(_AXE_TAGS)])
        if found == before:
            break
    return found


def _tour_of(theme: Theme, width: int) -> tuple[Theme, int]:
    """Where the tour begins that comes by *theme* and *width*."""
    return next(start for start, more in _TOURS.items() if (theme, width) in {start, *more})


def _empty(profile: BrowserContext) -> None:
    """Close the windows of *profile*, and remove what their pages stored."""
    for page in profile.pages:
        if page.url.startswith("http"):
            session = profile.new_cdp_session(page)
            origin = "/".join(page.url.split("/", 3)[:3])
            session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        page.close()
    profile.clear_cookies()


def _zoom(window: Page, left: int) -> dict[str, Any]:
    """The layout of the loaded page when zooming leaves *left* CSS pixels of :data:`ZOOMED_FROM`."""
    scale = ZOOMED_FROM / left
    size = {"width": left, "height": round(HEIGHT / scale), "deviceScaleFactor": scale, "mobile": False}
    session = window.context.new_cdp_session(window)
    session.send("Emulation.setDeviceMetricsOverride", size)
    layout = _settled(window)
    session.detach()
    return layout


class _Log:
    """What a window has said since it was last cleared."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.failures: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("requestfailed", lambda request: self.failures.append(f"{request.failure} {request.url}"))
        page.on("response", self._answered)
        page.on("console", self._written)
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("dialog", self._asked)

    def clear(self) -> None:
        for each in (self.requests, self.failures, self.said):
            each.clear()

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            self.failures.append(f"{response.status} {response.url}")

    def _written(self, message: Any) -> None:
        # A page that is meant to be missing says so itself.
        own = message.location.get("url") == message.page.url and "404" in message.text if message.page else False
        if message.type in {"error", "warning"} and not own:
            self.said.append(f"{message.type}: {message.text}")

    def _asked(self, dialog: Any) -> None:
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()
