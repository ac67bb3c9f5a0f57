// The panel with the addresses of feeds: a button to copy each, and Escape or a click elsewhere to close it.

import { copy } from "./copy.js";

const LONG = 2000; // ms that a button says what it did
const panel = /** @type {HTMLDetailsElement} */ (document.querySelector(".subscribe"));

if (navigator.clipboard) for (const address of panel.querySelectorAll("code")) addTo(address);

addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !panel.open) return;
  panel.open = false;
  panel.querySelector("summary")?.focus();
});
addEventListener("click", ({ target }) => {
  if (target instanceof Node && !panel.contains(target)) panel.open = false;
});

/** @param {Element} address */
function addTo(address) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy the address for ${address.previousElementSibling?.textContent}`);
  button.addEventListener("click", async () => {
    button.textContent = (await copy(address.textContent)) ? "Copied" : "Not copied";
    setTimeout(() => {
      button.textContent = "Copy";
    }, LONG);
  });
  address.after(button);
}
