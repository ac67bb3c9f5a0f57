// Notes and sources where they are wanted: in the margin if there is room, or opened below their mark. The list at the end
// of the text stays, for paper, for pages without scripts, and as what links lead to.

import { element, styled } from "../shared/dom.js";

const WIDE = matchMedia("(width >= 1200px)");
const LEAST = 150; // px of margin in which a note can be read
const GAP = 32; // px between text and margin
const APART = 12; // px between two notes
const FAR = 320; // px that a note may be below its mark

const text = /** @type {HTMLElement} */ (document.querySelector("main .prose"));
const main = /** @type {HTMLElement} */ (text.parentElement);
const margin = element("div", { class: "sidenotes", "aria-hidden": "true" }); // a second copy, for eyes alone

/** @type {{ mark: HTMLAnchorElement, note: HTMLElement | null, beside: HTMLElement | null }[]} */
const notes = [...text.querySelectorAll("a.footnote-ref")].map((link) => {
  const mark = /** @type {HTMLAnchorElement} */ (link);
  return { mark, note: document.getElementById(decodeURIComponent(mark.hash.slice(1))), beside: null };
});

/** @param {HTMLElement} note @param {string} name */
function copyOf(note, name) {
  const copy = element("div", { class: name });
  copy.append(...[...note.childNodes].map((child) => child.cloneNode(true)));
  for (const back of copy.querySelectorAll(".footnote-backref")) back.remove();
  for (const one of copy.querySelectorAll("[id]")) one.removeAttribute("id");
  return copy;
}

/** Sets each note beside its mark, or as near below as others and wide blocks leave room for it; else it is opened. */
function place() {
  const line = text.querySelector(":scope > p")?.getBoundingClientRect();
  const frame = main.getBoundingClientRect();
  const rtl = getComputedStyle(text).direction === "rtl";
  const width = Math.min(288, line ? (rtl ? line.left - frame.left : frame.right - line.right) - GAP : 0);
  const fits = WIDE.matches && width >= LEAST;
  margin.hidden = !fits;
  if (!fits || !line) {
    for (const each of notes) each.beside = null;
    return;
  }
  margin.style.inlineSize = `${width}px`;
  const edge = rtl ? line.left - GAP / 2 : line.right + GAP / 2;
  const wide = [...text.children]
    .map((block) => block.getBoundingClientRect())
    .filter((box) => box.height && (rtl ? box.left < edge : box.right > edge));
  let end = Number.NEGATIVE_INFINITY;
  const shown = new Set();
  for (const each of notes) {
    each.beside?.remove();
    each.beside = null;
    const at = each.mark.getBoundingClientRect();
    if (!each.note || shown.has(each.note) || !at.height) continue;
    const copy = copyOf(each.note, "sidenote");
    copy.prepend(element("span", { class: "sidenote__number" }, each.mark.textContent));
    for (const link of copy.querySelectorAll("a")) link.tabIndex = -1;
    margin.append(copy);
    const { height } = copy.getBoundingClientRect();
    let top = Math.max(at.top - 4, end);
    for (const box of wide) {
      if (top + height + APART <= box.top || top >= box.bottom + APART) continue;
      const above = box.top - APART - height;
      top = above >= end && at.top - above < height + 48 ? above : box.bottom + APART;
    }
    if (top - at.top > FAR) {
      copy.remove();
      continue;
    }
    copy.style.insetBlockStart = `${top - frame.top}px`;
    end = top + height + APART;
    each.beside = copy;
    shown.add(each.note);
  }
}

/** @param {typeof notes[number]} each */
function toggle({ mark, note }) {
  const opened = mark.parentElement?.nextElementSibling;
  if (opened?.matches(".footnote-opened")) {
    opened.remove();
    mark.setAttribute("aria-expanded", "false");
    return;
  }
  if (!note) return;
  const copy = copyOf(note, "footnote-opened");
  copy.setAttribute("role", "note");
  copy.setAttribute("aria-label", `Note ${mark.textContent}`);
  copy.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    toggle({ mark, note, beside: null });
    mark.focus();
  });
  mark.parentElement?.after(copy);
  mark.setAttribute("aria-expanded", "true");
}

await styled(import.meta.resolve("../../css/late/notes.css"));
main.classList.add("noted");
main.append(margin);
for (const { mark } of notes) mark.setAttribute("aria-expanded", "false");
new ResizeObserver(place).observe(text);
WIDE.addEventListener("change", place);

text.addEventListener("click", (event) => {
  const each = notes.find(({ mark }) => event.target instanceof Node && mark.contains(event.target));
  if (!each?.note || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (each.beside && event.detail) {
    each.beside.classList.remove("sidenote--pointed");
    requestAnimationFrame(() => each.beside?.classList.add("sidenote--pointed"));
  } else toggle(each); // by keyboard too: what is in the margin is for eyes alone
});
