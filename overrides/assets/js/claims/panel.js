// Shows at a claim's mark what verifies it: the entry of its test, taken out of the lab's page, which the mark links to.

import { addCopyButtons } from "../page/copy.js";
import { watchScrolling } from "../page/scrolling.js";
import { element, styled } from "../shared/dom.js";

const PATIENCE = 6000; // ms until the reader is sent to the page itself
const BLOCK = "p, li, dd, tr, figcaption, h2, h3, h4"; // what the panel is set below
const STYLE = import.meta.resolve("../../css/late/proof.css");

/** @type {Map<string, Promise<Document>>} the lab's page, by its address; one that could not be had is asked for again */
const pages = new Map();
/** @type {{ mark: HTMLAnchorElement, panel: HTMLElement, prose: Element } | undefined} what is shown: one panel at a time */
let shown;
/** @type {HTMLAnchorElement | undefined} the mark that was pressed last, and that waits for the page */
let wanted;

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !shown || event.defaultPrevented) return;
  event.preventDefault();
  close({ back: true });
});

addEventListener("pointerdown", ({ target }) => {
  if (shown && target instanceof Node && !shown.panel.contains(target) && !shown.mark.contains(target)) close();
});

/**
 * Opens the panel of a mark, or closes it; fails if there is nothing to show, unless another mark has been pressed since.
 * @param {HTMLAnchorElement} mark
 */
export async function toggle(mark) {
  if (shown?.mark === mark) return close({ back: true });
  close();
  wanted = mark;
  try {
    const [page] = await Promise.all([pageOf(mark.href.split("#")[0]), styled(STYLE)]);
    if (wanted !== mark) return;
    const entry = page.getElementById(decodeURIComponent(mark.hash.slice(1)));
    if (!entry) throw new Error("The page has no such entry.");
    show(mark, entry);
  } catch (error) {
    if (wanted === mark) throw error;
  } finally {
    if (wanted === mark) wanted = undefined; // pressed twice while it was loading, a mark opens one panel
  }
}

/** @param {string} address */
function pageOf(address) {
  let page = pages.get(address);
  if (!page) {
    page = load(address);
    page.catch(() => pages.delete(address));
    pages.set(address, page);
  }
  return page;
}

/** @param {string} address */
async function load(address) {
  const response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(`${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/**
 * @param {HTMLAnchorElement} mark
 * @param {HTMLElement} entry the claim's, in the lab's page
 */
function show(mark, entry) {
  const part = partOf(mark);
  const prose = part?.parentElement;
  if (!part || !prose) throw new Error("The mark stands in no text.");
  const panel = element("section", {
    class: "proof-panel",
    role: "dialog",
    "aria-labelledby": "page--proof",
    tabindex: "-1",
  });
  const shut = element("button", { class: "proof-panel__close", type: "button" }, "Close");
  const title = element("h2", { class: "proof-panel__title", id: "page--proof" }, "Verified by a test");
  panel.append(
    element("div", { class: "proof-panel__head" }, title, shut),
    element("div", { class: "proof-panel__body" }, element("ul", { class: "proofs" }, taken(entry, mark.href))),
    element("p", { class: "proof-panel__foot" }, element("a", { href: mark.href }, "See it in the lab")),
  );
  shut.addEventListener("click", () => close({ back: true }));
  panel.addEventListener("focusout", ({ relatedTarget: next }) => {
    if (next instanceof Node && next !== mark && !panel.contains(next)) close();
  });
  for (const fold of panel.querySelectorAll("details")) {
    fold.addEventListener("toggle", () => {
      if (fold.open) for (const each of [fold, panel]) each.scrollIntoView({ block: "nearest" });
    });
  }
  part.after(panel);
  mark.setAttribute("aria-expanded", "true");
  shown = { mark, panel, prose };
  addCopyButtons(panel);
  watchScrolling(panel);
  place();
  moved.observe(prose);
  panel.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
}

/**
 * The part of the text with the mark: the panel stands behind it, so that the keyboard goes on from there.
 * @param {Element} mark
 */
function partOf(mark) {
  let part = mark;
  while (part.parentElement && !part.parentElement.matches(".prose")) part = part.parentElement;
  return part.parentElement ? part : undefined;
}

/**
 * A copy of a claim's entry that can stand on another page: its links lead from where it was.
 * @param {HTMLElement} entry
 * @param {string} from
 */
function taken(entry, from) {
  const copy = document.importNode(entry, true);
  for (const each of [copy, ...copy.querySelectorAll("[id]")]) each.removeAttribute("id");
  for (const link of copy.querySelectorAll("a")) link.href = new URL(link.getAttribute("href") ?? "", from).href;
  return copy;
}

/** Sets the panel below the paragraph, the item or the row with the mark. */
function place() {
  if (!shown) return;
  const { mark, panel, prose } = shown;
  if (!mark.checkVisibility()) return close(); // in a tab that was left, or folded away
  const { bottom } = (mark.closest(BLOCK) ?? mark).getBoundingClientRect();
  panel.style.setProperty("--proof-top", `${Math.round(bottom - prose.getBoundingClientRect().top) + 8}px`);
}

const moved = new ResizeObserver(place);

/** @param {{ back?: boolean }} [options] with `back`, the focus returns to the mark */
function close({ back = false } = {}) {
  wanted = undefined;
  if (!shown) return;
  const { mark, panel } = shown;
  shown = undefined;
  moved.disconnect();
  mark.setAttribute("aria-expanded", "false");
  if (back) mark.focus({ preventScroll: true });
  panel.remove();
}
