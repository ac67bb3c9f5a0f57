// Boxes that scroll sideways can be reached with the keyboard, and only those that do scroll.

import { offerWrap } from "./wrap.js";

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) reach(/** @type {HTMLElement} */ (target));
});

/** @param {Document | Element} within */
export function watchScrolling(within) {
  for (const box of within.querySelectorAll(".highlight pre, .figure-scroll")) sizes.observe(box);
}

/** @param {HTMLElement} box */
function reach(box) {
  const scrolls = box.scrollWidth > box.clientWidth;
  if (scrolls && box.matches("pre")) offerWrap(box);
  if (scrolls === box.hasAttribute("tabindex")) return;
  if (scrolls) {
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", nameOf(box));
  } else {
    for (const attribute of ["tabindex", "role", "aria-label"]) box.removeAttribute(attribute);
  }
}

/** @param {HTMLElement} box */
function nameOf(box) {
  const around = box.parentElement;
  if (box.matches(".figure-scroll")) return around?.querySelector("figcaption")?.textContent ?? "Figure";
  const file = around?.querySelector(".filename")?.textContent;
  return file ? `Code: ${file}` : "Code";
}
