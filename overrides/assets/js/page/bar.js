// A slim bar on scrolling up: the section, the contents, the search, and how far the reader is.

import { element, styled } from "../shared/dom.js";

const STYLE = import.meta.resolve("../../css/late/bar.css");
const TURN = 12; // px in one direction that count as scrolling there

const text = /** @type {HTMLElement} */ (document.querySelector("main .prose"));
const list = document.querySelector(".contents > ol");
const search = /** @type {HTMLElement | null} */ (document.querySelector("[data-search-open]"));
const headings = [...text.querySelectorAll(":scope > h2[id]")];

const name = element("span", { class: "bar__name" });
const far = element("span", { class: "bar__far" });
const opener = element(
  "button",
  { type: "button", class: "bar__section", "aria-expanded": "false", "aria-controls": "page--bar" },
  name,
  far,
);
const panel = element("nav", { class: "bar__panel contents", id: "page--bar", "aria-label": "Contents", hidden: true });
const finder = element("button", { type: "button", class: "bar__search" }, "Search");
const line = element("div", { class: "bar__line" });
const bar = element(
  "div",
  { class: "bar", role: "region", "aria-label": "Where you are", hidden: true },
  element("div", { class: "frame bar__row" }, opener, search && finder),
  line,
  panel,
);
if (list) panel.append(list.cloneNode(true));
for (const link of panel.querySelectorAll("a")) {
  link.removeAttribute("tabindex");
  link.removeAttribute("aria-current");
}

let last = scrollY;
let rising = false;
let turned = scrollY; // where that changed

let moves = false; // the reader scrolls, not a link or what loads late, which would put the bar over its heading

/** What is wanted, while the style of the bar is fetched */
let wanted = false;

/** @param {boolean} shown */
async function show(shown) {
  wanted = shown;
  if (shown) await styled(STYLE);
  if (bar.hidden !== shown || wanted !== shown) return;
  if (shown) tell();
  bar.hidden = !shown;
  document.documentElement.toggleAttribute("data-bar", shown);
  if (!shown) open(false);
}

/** @param {boolean} opened */
function open(opened) {
  panel.hidden = !opened;
  opener.setAttribute("aria-expanded", String(opened));
}

function tell() {
  const { top, bottom } = text.getBoundingClientRect();
  const part = Math.min(1, Math.max(0, -top / Math.max(1, bottom - top - innerHeight)));
  const current = headings.findLast((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
  name.textContent = (current ?? document.querySelector("h1"))?.textContent?.replace(/#$/, "") ?? "";
  far.textContent = `${Math.round(part * 100)}%`;
  line.style.scale = `${part} 1`;
}

function look() {
  if (scrollY === last) return;
  const up = scrollY < last;
  if (up !== rising) [rising, turned] = [up, last];
  if (up && moves && turned - scrollY > TURN && text.getBoundingClientRect().top < 0) show(true);
  else if (!up && scrollY - turned > TURN && !bar.contains(document.activeElement)) show(false);
  if (text.getBoundingClientRect().top >= 0) show(false);
  last = scrollY;
  if (!bar.hidden) tell();
}

document.querySelector("main")?.before(bar);
opener.addEventListener("click", () => open(panel.hidden === true));
finder.addEventListener("click", () => search?.click());
panel.addEventListener("click", ({ target }) => target instanceof Element && target.closest("a") && open(false));
addEventListener("pointerdown", ({ target }) => target instanceof Node && !bar.contains(target) && open(false));
bar.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || panel.hidden) return;
  event.preventDefault();
  open(false);
  opener.focus();
});
for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  addEventListener(kind, () => (moves = true), { passive: true });
}
addEventListener("hashchange", () => (moves = false));
addEventListener("scroll", look, { passive: true });
