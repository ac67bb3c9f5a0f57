// The mark behind a claim shows what verifies it, below its paragraph. What shows it is fetched when it is first wanted; if it
// cannot be had, the link is followed: it leads to the same in the lab.

const MARK = "a.claim";

for (const mark of document.querySelectorAll(MARK)) {
  mark.setAttribute("aria-expanded", "false");
  mark.setAttribute("title", mark.ariaLabel ?? ""); // a reader who points at it is told; in the page it would stand twice
}

addEventListener("click", async (event) => {
  const mark = event.target instanceof Element && event.target.closest(MARK);
  if (!(mark instanceof HTMLAnchorElement)) return;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  mark.setAttribute("aria-busy", "true");
  try {
    const { toggle } = await import("./claims/panel.js");
    await toggle(mark);
  } catch {
    location.assign(mark.href);
  }
  mark.removeAttribute("aria-busy");
});
