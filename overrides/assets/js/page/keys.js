// j and k go to the next and the previous section or article, ? says which keys there are.

import { element, styled } from "../shared/dom.js";

const TYPING = "input, textarea, select, [contenteditable], dialog";
const STOPS = "main .prose > :is(h2, h3)[id], main a.stretched";
const KEYS = [
  ["j", "Next section or article"],
  ["k", "Previous section or article"],
  ["/", "Search"],
  ["?", "This list"],
  ["Esc", "Close"],
];

/** @type {Element | undefined} */
let at;

addEventListener("keydown", press);

/** @param {KeyboardEvent} event */
export function press(event) {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target instanceof Element && target.closest(TYPING)) return;
  if (key === "?") help();
  else if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else return;
  event.preventDefault();
}

/** @param {1 | -1} by */
function step(by) {
  const stops = [...document.querySelectorAll(STOPS)].filter((each) => each.checkVisibility());
  const edge = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingBlockStart) + 2;
  const known = at && document.activeElement === at ? stops.indexOf(at) : -1;
  const next =
    known >= 0
      ? stops[known + by]
      : by > 0
        ? stops.find((each) => each.getBoundingClientRect().top > edge)
        : stops.findLast((each) => each.getBoundingClientRect().top < edge - 4);
  if (!(next instanceof HTMLElement)) return;
  at = next;
  if (!next.matches("a")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: next.matches("a") ? "center" : "start" });
}

async function help() {
  await styled(import.meta.resolve("../../css/late/keys.css"));
  const rows = KEYS.flatMap(([key, what]) => [element("dt", {}, element("kbd", {}, key)), element("dd", {}, what)]);
  const close = element("button", { type: "button" }, "Close");
  const dialog = element(
    "dialog",
    { class: "shortcuts", "aria-label": "Keys" },
    element("h2", {}, "Keys"),
    element("dl", {}, ...rows),
    close,
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
