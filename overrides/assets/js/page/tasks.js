// Boxes to tick say what they mean.

for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(".task-list-item input"))) {
  box.setAttribute("aria-label", box.checked ? "Done" : "To do");
}
