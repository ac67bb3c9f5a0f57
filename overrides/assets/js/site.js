// What a script adds to pages that already work without one.

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");
document.body.append(status);

function announce(text) {
  status.textContent = "";
  requestAnimationFrame(() => (status.textContent = text));
}

// Copy buttons: one in each block of code, and one behind each message of a program in the text

async function copy(text) {
  let said = "Copied";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    said = "Not copied";
  }
  announce(said);
  return said;
}

function addCopyToBlock(block) {
  const code = block.querySelector("code, pre");
  if (!code) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  const name = block.querySelector(".filename")?.textContent ?? "code";
  button.setAttribute("aria-label", `Copy ${name}`);
  button.addEventListener("click", async () => {
    const text = code.cloneNode(true);
    for (const prompt of all(".gp", text)) prompt.remove(); // a shell would take them for words
    button.textContent = await copy(text.textContent.replace(/\n$/, ""));
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  block.append(button);
}

const SIGN = `<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
  <path d="M7 6.5h9.5v11H7zM13 6.5v-4H3.5v11H7"/></svg>`;

function addCopyToMessage(message) {
  const text = message.textContent;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "message__copy";
  button.innerHTML = SIGN;
  button.setAttribute("aria-label", `Copy ${text}`);
  button.addEventListener("click", async () => {
    button.dataset.said = (await copy(text)) === "Copied" ? "good" : "bad";
    setTimeout(() => delete button.dataset.said, 2000);
  });
  message.append(button);
}

// Boxes that scroll sideways must be reachable with the keyboard, and only those that do scroll

const named = (box) => {
  if (box.matches(".figure-scroll")) return box.parentElement.querySelector("figcaption")?.textContent ?? "Figure";
  const file = box.parentElement.querySelector(".filename")?.textContent;
  return file ? `Code: ${file}` : "Code";
};

const reach = (box) => {
  const scrolls = box.scrollWidth > box.clientWidth;
  if (scrolls === box.hasAttribute("tabindex")) return;
  if (scrolls) {
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", named(box));
  } else {
    for (const attribute of ["tabindex", "role", "aria-label"]) box.removeAttribute(attribute);
  }
};

const resized = new ResizeObserver((entries) => entries.forEach((entry) => reach(entry.target)));

/** Adds to what is within an element: copy buttons, and ways for the keyboard into boxes that scroll. */
export function equip(element) {
  for (const box of all(".highlight pre, .figure-scroll", element)) resized.observe(box);
  if (!navigator.clipboard) return;
  for (const block of all("div.highlight", element)) addCopyToBlock(block);
  for (const message of all(".message", element)) addCopyToMessage(message);
}

equip(document);

// A link may lead to what is folded. Some browsers open that by themselves, and none a fold that is the target

function decoded(fragment) {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function unfold() {
  const target = document.getElementById(decoded(location.hash.slice(1))); // `:target` may be known later than this script runs
  if (!target) return;
  const seen = target.checkVisibility();
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (!seen) target.scrollIntoView({ behavior: "instant" });
}

addEventListener("hashchange", unfold);
unfold();

// The contents follow the scroll: the last heading above the upper third is where the reader is

const contents = document.querySelector("[data-contents]");
if (contents) {
  const entries = all("a", contents)
    .map((link) => ({ link, heading: document.getElementById(decodeURIComponent(link.hash.slice(1))) }))
    .filter((entry) => entry.heading);
  let current;
  const follow = () => {
    const line = innerHeight * 0.34 + 1;
    const next = entries.findLast((entry) => entry.heading.getBoundingClientRect().top < line);
    if (next === current) return;
    current?.link.removeAttribute("aria-current");
    next?.link.setAttribute("aria-current", "location");
    current = next;
    // Only the list may scroll, never the page.
    if (next) contents.scrollTop = next.link.offsetTop - contents.clientHeight / 2;
  };
  // Headings that cross the line wake it up; it does nothing while a reader stays within a section.
  const crossed = new IntersectionObserver(follow, { rootMargin: "1000000px 0px -66% 0px" });
  for (const { heading } of entries) crossed.observe(heading);
}

// Boxes to tick say what they stand for

for (const box of all(".task-list-item input")) box.setAttribute("aria-label", box.checked ? "Done" : "To do");

// Tabs with the same label change together

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches?.(".tabbed-set > input")) return;
  const label = (each) => document.querySelector(`label[for="${CSS.escape(each.id)}"]`)?.textContent.trim();
  const chosen = label(input);
  const before = input.getBoundingClientRect().top;
  for (const other of all(".tabbed-set > input")) if (label(other) === chosen) other.checked = true;
  // Code above may have become longer or shorter: keep the pressed tab where it was.
  scrollBy({ top: input.getBoundingClientRect().top - before, behavior: "instant" });
});

// The menu closes on Escape, on a press outside, and when the focus leaves it

const menu = document.querySelector("[data-menu]");
if (menu) {
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

// The search opens over the page; its scripts are fetched when it is first wanted. Where they fail, its link leads to a page

const version = new URL(import.meta.url).search;
const search = document.querySelector("[data-search-open]");
let opening = false;

async function openSearch(query) {
  if (opening) return;
  opening = true;
  let typed = "";
  const keep = (event) => {
    if (event.key.length > 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    typed += event.key; // pressed before the field was there
    event.preventDefault();
  };
  addEventListener("keydown", keep);
  try {
    const { open } = await import(`./search.js${version}`);
    await open({ typed: () => typed, query });
  } catch {
    location.assign(search.href);
  }
  removeEventListener("keydown", keep);
  opening = false;
}

search?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openSearch();
});

// The search has a page of its own, too

const place = document.querySelector("[data-search-page]");
if (place) {
  import(`./search.js${version}`).catch(() => {
    const said = document.createElement("p");
    said.className = "head__intro";
    said.textContent = "The search could not be loaded. Load the page again, or go one of these ways.";
    place.append(said);
  });
}

// "/" and Ctrl-K or ⌘-K

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  const k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
  if (!search || !(slash || k) || event.defaultPrevented) return;
  event.preventDefault();
  openSearch();
});

// Back from an article that was found, to the results; and on that article, what was found

if (search && history.state?.search) openSearch(history.state.search);
if (new URLSearchParams(location.search).has("h")) import(`./search-marks.js${version}`);

// Articles can be saved for offline. Nothing is stored, and no worker registered, before a reader presses the button

const base = new URL("../../", import.meta.url);
const workers = document.querySelector("[data-saving]") && window.caches && navigator.serviceWorker;
let tries = 0; // a script that could not be loaded would not be asked for again at the same address
const offline = async () => {
  try {
    return (await import(`./offline.js${version}${tries ? `&again=${tries}` : ""}`)).start(announce);
  } catch (error) {
    tries++;
    throw error;
  }
};
const megabytes = (bytes) => `${Math.max(0.1, bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

for (const place of workers ? all("[data-keep]") : []) {
  const { own, first, count } = place.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "keep__button";
  const many = count && `${count} ${count === "1" ? "article" : "articles"} · `;
  button.textContent = `Save for offline · ${many ?? ""}${megabytes(+own + +first)}`;
  const press = async () => {
    try {
      (await offline()).save(place);
    } catch {
      announce((button.textContent = "Not saved: no connection. Try again"));
    }
  };
  button.addEventListener("click", press);
  place.append(button);
}

if (workers) {
  const saved = async () => (await workers.getRegistration(base))?.scope === base.href;
  if (document.querySelector("[data-saved]") || (await saved().catch(() => false))) offline().catch(() => {});
}
