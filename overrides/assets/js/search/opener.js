// The search opens over the page; its scripts are fetched when it is first wanted. If they fail, its link leads to a page.

const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-search-open]"));
let opening = false;

/**
 * @param {HTMLAnchorElement} elsewhere the link to the search's own page
 * @param {string} [query] as in an address
 */
async function openSearch(elsewhere, query) {
  if (opening) return;
  opening = true;
  let typed = "";
  /** @param {KeyboardEvent} event */
  const keep = (event) => {
    if (event.key.length > 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    typed += event.key; // pressed before the field was there
    event.preventDefault();
  };
  addEventListener("keydown", keep);
  try {
    const { open } = await import("./search.js");
    await open({ typed: () => typed, query });
  } catch {
    location.assign(elsewhere.href);
  }
  removeEventListener("keydown", keep);
  opening = false;
}

if (link) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    openSearch(link);
  });

  // "/" and Ctrl-K or ⌘-K
  addEventListener("keydown", (event) => {
    const typing =
      event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (!(slash || k) || event.defaultPrevented) return;
    event.preventDefault();
    openSearch(link);
  });

  // Back from an article that was found, to the results
  if (history.state?.search) openSearch(link, history.state.search);
}

// On that article, what was found
if (new URLSearchParams(location.search).has("h")) import("./marks.js");
