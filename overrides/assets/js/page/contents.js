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
  const look = () => {
    const line = innerHeight * 0.34 + 1;
    const next = entries.findLast(({ heading }) => heading.getBoundingClientRect().top < line);
    if (next === current) return;
    current?.link.removeAttribute("aria-current");
    next?.link.setAttribute("aria-current", "location");
    current = next;
    // Only the list may scroll, never the page.
    if (next) list.scrollTop = next.link.offsetTop - list.clientHeight / 2;
  };
  // Headings that cross the line wake it up; it does nothing while a reader stays within a section.
  const crossed = new IntersectionObserver(look, { rootMargin: "1000000px 0px -66% 0px" });
  for (const { heading } of entries) crossed.observe(heading);
}
