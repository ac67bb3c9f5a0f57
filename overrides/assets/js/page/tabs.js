// Tabs with the same label change together.

const TABS = ".tabbed-set > input";

document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !target.matches(TABS)) return;
  const chosen = labelOf(target);
  const before = target.getBoundingClientRect().top;
  for (const other of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(TABS))) {
    if (labelOf(other) === chosen) other.checked = true;
  }
  // Code above may have become longer or shorter: keep the pressed tab where it was.
  scrollBy({ top: target.getBoundingClientRect().top - before, behavior: "instant" });
});

/** @param {HTMLInputElement} input */
function labelOf(input) {
  return document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.textContent.trim();
}
