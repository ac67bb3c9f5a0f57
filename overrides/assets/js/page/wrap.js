// A switch on code with long lines: it wraps all code of the page, and of pages to come.

const KEY = "wrap";
const root = document.documentElement;
/** @type {HTMLButtonElement[]} */
const buttons = [];

try {
  if (localStorage.getItem(KEY)) root.dataset.wrap = "";
} catch {
  // It is not remembered.
}

/**
 * Offers to wrap the block of a box with long lines.
 * @param {HTMLElement} box
 */
export function offerWrap(box) {
  const block = box.closest("div.highlight");
  if (!block || block.querySelector(":scope > .wrap")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "wrap";
  button.textContent = "Wrap";
  button.ariaLabel = "Wrap long lines";
  button.ariaPressed = String("wrap" in root.dataset);
  button.addEventListener("click", () => {
    const before = button.getBoundingClientRect().top;
    const wraps = root.toggleAttribute("data-wrap");
    for (const each of buttons) each.ariaPressed = String(wraps);
    scrollBy({ top: button.getBoundingClientRect().top - before, behavior: "instant" });
    try {
      if (wraps) localStorage.setItem(KEY, "1");
      else localStorage.removeItem(KEY);
    } catch {
      // It is not remembered.
    }
  });
  buttons.push(button);
  block.insertBefore(button, block.querySelector(":scope > .copy")); // whichever of the two comes first
}
