// The menu closes on Escape, on a press outside, and when the focus leaves it.

const menu = /** @type {HTMLDetailsElement | null} */ (document.querySelector("[data-menu]"));
if (menu) {
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !menu.contains(target)) menu.open = false;
  });
  menu.addEventListener("focusout", ({ relatedTarget: next }) => {
    if (next instanceof Node && !menu.contains(next)) menu.open = false;
  });
}
