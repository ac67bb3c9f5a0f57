// The contents follow the scroll: the last heading above the upper third of the window is where the reader is.

const contents = /** @type {HTMLElement | null} */ (document.querySelector("[data-contents]"));
if (contents) follow(contents);

/** @param {HTMLElement} list */
function follow(list) {
  const entries = [...list.querySelectorAll("a")].flatMap((link) => {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    return heading ? [{ link, heading }] : [];
  });
  /** @type {(typeof entries)[number] | undefined} */
  let current;
  /** @type {HTMLAnchorElement | undefined} the one stop of the list for the keyboard; arrows go on from it */
  let stop;
  /** @param {HTMLAnchorElement | undefined} link */
  const stopAt = (link) => {
    if (!link || link === stop) return;
    if (stop) stop.tabIndex = -1;
    stop = link;
    stop.tabIndex = 0;
  };
  for (const { link } of entries) link.tabIndex = -1;
  stopAt(entries[0]?.link);
  list.addEventListener("keydown", (event) => {
    const at = entries.findIndex(({ link }) => link === event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    stopAt(entries[to]?.link);
    stop?.focus();
  });
  const look = () => {
    const line = innerHeight * 0.34 + 1;
    const next = entries.findLast(({ heading }) => heading.getBoundingClientRect().top < line);
    if (next === current) return;
    current?.link.removeAttribute("aria-current");
    next?.link.setAttribute("aria-current", "location");
    current = next;
    if (!list.contains(document.activeElement)) stopAt(next?.link ?? entries[0]?.link);
    // Only the list may scroll, never the page.
    if (next) list.scrollTop = next.link.offsetTop - list.clientHeight / 2;
  };
  // Headings that cross the line wake it up; it does nothing while a reader stays within a section.
  const crossed = new IntersectionObserver(look, { rootMargin: "1000000px 0px -66% 0px" });
  for (const { heading } of entries) crossed.observe(heading);
}
