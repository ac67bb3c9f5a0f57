// Figures open over the page, as large as the window allows or as they are drawn: on a telephone a drawing is first seen
// whole, and then read.

import { element, styled } from "../shared/dom.js";

const ROOM = 32; // px that the window keeps around a figure
const SIGN = `<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
  <path d="M12 3h5v5M17 3l-6 6M8 17H3v-5M3 17l6-6"/></svg>`;

for (const figure of document.querySelectorAll("main .prose .figure")) {
  const drawn = /** @type {HTMLElement | SVGSVGElement | null} */ (
    figure.querySelector(".figure-scroll > svg, :scope > img")
  );
  if (drawn) offer(figure, drawn);
}

/** @param {Element} figure @param {HTMLElement | SVGSVGElement} drawn */
function offer(figure, drawn) {
  const caption = figure.querySelector("figcaption")?.textContent ?? drawn.querySelector("title")?.textContent ?? "";
  const button = element("button", { type: "button", class: "enlarge", "aria-label": `Enlarge figure: ${caption}` });
  button.innerHTML = SIGN;
  figure.classList.add("zooms");
  drawn.after(button);
  drawn.addEventListener("click", () => enlarge(drawn, caption, button));
  button.addEventListener("click", () => enlarge(drawn, caption, button));
}

/** @param {HTMLElement | SVGSVGElement} drawn @param {string} caption @param {HTMLElement} button */
async function enlarge(drawn, caption, button) {
  if (drawn.closest("dialog")) return;
  await styled(import.meta.resolve("../../css/late/zoom.css"));
  const { width, height } = drawn.getBoundingClientRect();
  const [natural, ratio] = [Number(drawn.getAttribute("width")) || width, width / height];
  const whole = Math.min(innerWidth - ROOM, (innerHeight - 4 * ROOM) * ratio);
  const place = element("div", {});
  place.style.blockSize = `${height}px`;
  const close = element("button", { type: "button", class: "zoom__close" }, "Close");
  const paper = element("div", {
    class: "zoom__paper figure diagram",
    tabindex: "0",
    role: "group",
    "aria-label": caption,
  });
  const dialog = element(
    "dialog",
    { class: "zoom", "aria-label": "Figure" },
    paper,
    caption && element("p", { class: "zoom__caption" }, caption),
    close,
  );
  drawn.replaceWith(place); // moved, not copied: its ids stay its own
  paper.append(drawn);
  drawn.style.inlineSize = `${Math.max(natural, whole)}px`;
  document.body.append(dialog);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    drawn.style.inlineSize = "";
    place.replaceWith(drawn);
    dialog.remove();
    button.focus({ preventScroll: true });
  });
  dialog.showModal();
}
