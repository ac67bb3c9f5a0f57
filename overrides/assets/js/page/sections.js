// The link beside a heading copies itself, on touch too, while it is followed.

import { announce } from "../shared/words.js";

const LONG = 2000; // ms that the link says so

document.addEventListener("click", async ({ target }) => {
  const link = target instanceof Element ? target.closest(".headerlink") : null;
  if (!(link instanceof HTMLAnchorElement) || !navigator.clipboard) return;
  try {
    await navigator.clipboard.writeText(link.href);
  } catch {
    return; // it is in the address bar
  }
  announce("Link copied");
  link.dataset.said = "Copied";
  setTimeout(() => delete link.dataset.said, LONG);
});
