// The search: a dialog over any page, and the same box on the page at search/. Loaded when it is first wanted.

import { element, styled } from "../shared/dom.js";
import { Box } from "./box.js";
import { read, write } from "./state.js";

const TYPED = 300; // ms without a key until the address follows

/** Keeps the address, the title and the history of the search page: one entry for each search, not for each letter. */
class Address {
  #box;
  #name = document.title;
  #typing = false; // the newest entry is still being typed
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #saving;

  /** @param {Box} box */
  constructor(box) {
    this.#box = box;
    addEventListener("popstate", () => this.restore());
    if (location.search) this.restore();
  }

  /**
   * The state of the box changed.
   * @param {import("./box.js").Move} how
   */
  follow({ typed = false }) {
    clearTimeout(this.#saving);
    if (typed) this.#saving = setTimeout(() => this.#save(true), TYPED);
    else this.#save(false);
  }

  /** Searches for what the address says. */
  restore() {
    clearTimeout(this.#saving);
    this.#typing = false;
    this.#box.set(read(location.search));
    this.#entitle();
  }

  /** @param {boolean} typed */
  #save(typed) {
    const query = write(this.#box.state);
    if (query !== write(read(location.search))) {
      const same = this.#typing || !location.search;
      history[same ? "replaceState" : "pushState"](null, "", query ? `?${query}` : location.pathname);
    }
    this.#typing = typed;
    this.#entitle();
  }

  #entitle() {
    const sought = this.#box.state.q.trim().slice(0, 80);
    document.title = sought ? `${sought} · ${this.#name}` : this.#name;
  }
}

const place = document.querySelector("[data-search-page]");
const page = place && onPage(place);
/** @type {ReturnType<typeof inDialog> | undefined} */
let over;

/**
 * Opens the dialog, or goes to the field of the search page.
 * @param {{ typed?: () => string, query?: string }} how `typed()`: keys pressed meanwhile; `query`: as in an address
 */
export async function open({ typed = () => "", query = "" }) {
  over ??= page ? undefined : inDialog();
  const { box, dialog } = page ?? (await /** @type {ReturnType<typeof inDialog>} */ (over));
  if (dialog && !dialog.open) dialog.showModal();
  box.input.focus();
  const q = typed();
  if (q || query) box.set({ ...read(query), ...(q && { q }) });
  else box.input.select();
  box.warm();
}

async function inDialog() {
  await styled(import.meta.resolve("../../css/late/search.css"));
  const close = element("button", { type: "button", class: "search__button" }, "Close");
  const remember = (/** @type {string | undefined} */ search) => history.replaceState({ ...history.state, search }, "");
  // Anyone who comes back from an article finds the results again.
  /** @type {Box} */
  const box = new Box({ dialog: true, close, moved: ({ leaving }) => leaving && remember(write(box.state)) });
  const dialog = element("dialog", { class: "search-dialog", "aria-label": "Search" }, box.element);
  /** @type {EventTarget | null | undefined} */
  let pressed; // a selection that ends outside began in the field, and is no press beside the dialog
  dialog.addEventListener("pointerdown", ({ target }) => {
    pressed = target;
  });
  dialog.addEventListener("click", ({ target }) => target === dialog && pressed === dialog && dialog.close());
  dialog.addEventListener("close", () => history.state?.search && remember(undefined));
  close.addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  return { dialog, box };
}

/** @param {Element} place */
function onPage(place) {
  const ways = /** @type {HTMLElement} */ (document.querySelector("[data-search-ways]"));
  const box = new Box({
    moved: (how) => address.follow(how),
    idle: (empty) => {
      ways.hidden = !empty;
    },
  });
  place.append(box.element);
  box.input.addEventListener("focus", () => box.warm());
  const address = new Address(box);
  return { box, dialog: undefined };
}
