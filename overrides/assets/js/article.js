// What pages with text load: articles, labs, and pages written by hand. A part is loaded where the page has what it is for.

/** @type {Record<string, () => Promise<unknown>>} */
const PARTS = {
  "[data-contents]": () => import("./page/contents.js"),
  "main details:not(.fold, .byline__more)": () => import("./page/folds.js"),
  "div.highlight, .message": async () => (await import("./page/copy.js")).addCopyButtons(document),
  ".highlight pre, .figure-scroll": async () => (await import("./page/scrolling.js")).watchScrolling(document),
  ".headerlink": () => import("./page/sections.js"),
  ".footnote-ref": () => import("./page/notes.js"),
  ".figure": () => import("./page/zoom.js"),
  ".article .prose > h2": () => import("./page/bar.js"),
  ".tabbed-set": () => import("./page/tabs.js"),
  ".task-list-item": () => import("./page/tasks.js"),
};

for (const [selector, load] of Object.entries(PARTS)) if (document.querySelector(selector)) load();
