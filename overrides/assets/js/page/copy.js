// Copy buttons: one in each block of code, and one behind each message of a program in the text.

import { announce } from "../shared/words.js";

const LONG = 2000; // ms that a button says what it did
const SIGN = `<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
  <path d="M7 6.5h9.5v11H7zM13 6.5v-4H3.5v11H7"/></svg>`;

/** @param {Document | Element} within */
export function addCopyButtons(within) {
  if (!navigator.clipboard) return;
  for (const block of within.querySelectorAll("div.highlight")) addToBlock(block);
  for (const message of within.querySelectorAll(".message")) addToMessage(message);
}

/** @param {Element} block */
function addToBlock(block) {
  const code = block.querySelector("code, pre");
  if (!code) return;
  const button = buttonOf("copy", `Copy ${block.querySelector(".filename")?.textContent ?? "code"}`);
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    const copied = /** @type {Element} */ (code.cloneNode(true));
    for (const prompt of copied.querySelectorAll(".gp")) prompt.remove(); // a shell would take them for words
    button.textContent = (await copy(copied.textContent.replace(/\n$/, ""))) ? "Copied" : "Not copied";
    setTimeout(() => {
      button.textContent = "Copy";
    }, LONG);
  });
  block.append(button);
}

/** @param {Element} message */
function addToMessage(message) {
  const text = message.textContent;
  const button = buttonOf("message__copy", `Copy ${text}`);
  button.innerHTML = SIGN;
  button.addEventListener("click", async () => {
    button.dataset.said = (await copy(text)) ? "good" : "bad";
    setTimeout(() => delete button.dataset.said, LONG);
  });
  message.append(button);
}

/** @param {string} looks @param {string} name */
function buttonOf(looks, name) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = looks;
  button.setAttribute("aria-label", name);
  return button;
}

/**
 * Copies, and tells screen readers whether it could.
 * @param {string} text
 */
export async function copy(text) {
  const copied = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
  announce(copied ? "Copied" : "Not copied");
  return copied;
}
