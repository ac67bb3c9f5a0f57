// The reader's side of saving: the offer on articles and categories, and the page that lists what is saved. Loaded when the
// offer is taken, where something is saved, and on that page.

import { element } from "../shared/dom.js";
import { announce, megabytes, plural } from "../shared/words.js";
import {
  asked,
  onChange,
  outdated,
  registration,
  remove,
  removeAll,
  root,
  SEARCH,
  SHELL,
  save,
  saved,
  tidy,
  update,
} from "./store.js";

/** @typedef {import("./store.js").Saved} Saved */
/** @typedef {import("./store.js").Item} Item */
/** @typedef {import("./store.js").Progress} Progress */

const OFTEN = 3_600_000; // ms between two looks for a newer build
const page = new URL("offline/", root).href;
/** @param {string} address */
const atRoot = (address) => new URL(address, root).href.slice(root.href.length);
/** Whether the reader asked the browser to spare data, if it has such a setting. */
const spares = () => /** @type {{ connection?: { saveData?: boolean } }} */ (navigator).connection?.saveData ?? false;

/** @type {Offer[]} */
let offers = [];
/** @type {Listing | undefined} */
let listing;
/** @type {ReturnType<typeof begin> | undefined} */
let started;

/** Takes over the offers of this page; `save(place)` then presses one. */
export function start() {
  started ??= begin();
  return started;
}

async function begin() {
  const record = await saved();
  // Whoever takes over says at once how it stands: no button is ever there without its words.
  const places = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-keep]"));
  offers = [...places].map((place) => new Offer(place, record));
  const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-saved]"));
  if (place) listing = new Listing(place, record);
  onChange(refresh);
  if (await registration()) {
    if (record) await keepUp();
    else await tidy();
    await refresh();
  }
  return { save: (/** @type {HTMLElement} */ place) => offers.find((offer) => offer.place === place)?.save() };
}

async function refresh() {
  const record = await saved();
  for (const offer of offers) offer.show(record);
  listing?.show(record);
}

/** Once in a while, looks for a newer build of what is saved, and fetches it unless the reader spares data. */
async function keepUp() {
  await tidy();
  const { checked } = (await saved()) ?? {};
  if (!checked) return; // another window has just removed it
  if (Date.now() - checked < OFTEN && Date.now() >= checked) return;
  const after = spares() ? Promise.resolve() : refreshed();
  after.catch(() => {}); // offline: the next page tries again
}

/** @param {Progress} [progress] */
async function refreshed(progress) {
  const { changed, gone } = await update(progress);
  const lost = gone ? ` ${plural(gone)} no longer published ${gone === 1 ? "was" : "were"} removed.` : "";
  if (changed) announce(`Your saved articles were updated.${lost}`);
  await refresh();
  return { changed, lost };
}

/** @param {string} content @param {() => void} action */
function buttonOf(content, action) {
  const made = element("button", { type: "button", class: "keep__button" }, content);
  made.addEventListener("click", action);
  return made;
}

/** A line that says how it stands, and the button for what can be done about it. */
class Line {
  busy = false;

  /**
   * @param {HTMLElement} place
   * @param {string} [what] what the button is for, where its neighbours look the same
   */
  constructor(place, what = "") {
    this.place = place;
    this.what = what;
    this.said = element("span", { class: "keep__said" });
    this.act = () => {};
    this.button = buttonOf("", () => this.act());
    place.replaceChildren(this.said, this.button);
  }

  /**
   * @param {string} said
   * @param {string} label the button's; without one it is hidden
   * @param {() => void} [act] what it does
   * @param {"good" | "bad"} [mood]
   */
  put(said, label, act, mood) {
    this.said.textContent = said;
    this.said.hidden = !said;
    this.button.textContent = label;
    this.button.hidden = !label;
    if (this.what) this.button.setAttribute("aria-label", `${label} ${this.what}`);
    this.act = act ?? (() => {});
    if (mood) this.place.dataset.mood = mood;
    else delete this.place.dataset.mood;
  }

  /**
   * Runs a task that takes a while.
   * @param {string} verb “Saving”
   * @param {string} failed what to say before the reason
   * @param {(progress: Progress) => Promise<string>} task
   * @param {boolean} [stops] the button ends it
   * @returns {Promise<void>}
   */
  async run(verb, failed, task, stops = true) {
    if (this.busy) return;
    this.busy = true;
    const stop = new AbortController();
    this.put(`${verb}…`, stops ? "Stop" : this.button.textContent, () => stops && stop.abort());
    announce(verb);
    /** @type {import("./store.js").Tell} */
    const tell = (done, total) => {
      if (total) this.said.textContent = `${verb} · ${Math.floor((100 * done) / total)}%`;
    };
    let said;
    try {
      said = await task({ tell, signal: stop.signal });
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      if (name === "AbortError") said = "Stopped. Nothing was changed.";
      else {
        this.busy = false;
        const why = `${failed}: ${message}.`;
        this.put(why, "Try again", () => this.run(verb, failed, task, stops), "bad");
        announce(why);
        return;
      }
    }
    this.busy = false;
    await refresh();
    announce(said);
  }
}

class Offer extends Line {
  /** @param {HTMLElement} place @param {Saved | undefined} record */
  constructor(place, record) {
    const focused = place.contains(document.activeElement);
    super(place);
    this.at = atRoot(place.dataset.keep ?? "");
    const rest = element("span", { class: "visually-hidden" }, " that is saved");
    this.more = element("a", { class: "keep__more", href: page }, "See all", rest);
    place.append(this.more);
    this.show(record);
    if (focused) this.button.focus();
  }

  save() {
    return this.run("Saving", "Not saved", async (progress) => {
      await save(this.at, progress);
      return "Saved for offline";
    });
  }

  /** @param {Saved | undefined} record */
  show(record) {
    if (this.busy) return;
    const { own, first, count } = this.place.dataset;
    const item = record?.items[this.at];
    this.more.hidden = !record;
    if (record && item && asked(record).has(this.at)) {
      const bytes = bytesOf(record, this.at);
      this.put(`Saved for offline · ${megabytes(bytes)}`, "Remove", () => this.remove(), "good");
    } else if (item) {
      this.put("Saved for offline, with its category", "", undefined, "good");
    } else {
      const size = megabytes(Number(own) + (record ? 0 : Number(first)));
      const many = count ? `${plural(Number(count))} · ` : "";
      this.put("", `Save for offline · ${many}${size}`, () => this.save());
    }
  }

  remove() {
    const task = async () => {
      await remove(this.at);
      return "Removed from your saved articles";
    };
    return this.run("Removing", "Not removed", task, false);
  }
}

/**
 * The bytes of what is saved at an address; of a category, with its articles.
 * @param {Saved} record
 * @param {string} at
 */
function bytesOf({ items }, at) {
  const { kind, bytes } = items[at];
  const within = kind === "category" ? Object.values(items).filter(({ by }) => by?.includes(at)) : [];
  return within.reduce((sum, each) => sum + each.bytes, bytes);
}

/** The page that lists what is saved, and says so when a page that was asked for is not. */
class Listing {
  #looked = false;

  /** @param {HTMLElement} place @param {Saved | undefined} record */
  constructor(place, record) {
    this.missed = element("div", { class: "keep__missed" });
    this.bar = element("div", { class: "keep keep--all" });
    this.line = new Line(this.bar);
    this.bar.append(buttonOf("Remove all", () => this.#remove(this.line, removeAll, () => "Nothing is saved")));
    this.count = element("h2", { class: "listing__title", id: "saved", tabindex: -1 });
    this.size = element("p", { class: "count" });
    this.rows = element("ul", { class: "kept" });
    const how =
      "Save an article from the end of its page, or a whole category from the top of its list. What you save will appear here.";
    this.none = element("p", { class: "nothing" }, how);
    const head = element("div", { class: "listing__head" }, this.count, this.size);
    const section = { class: "listing", "aria-labelledby": "saved" };
    place.append(this.missed, element("section", section, head, this.none, this.rows, this.bar));
    this.#miss(new URLSearchParams(location.search).get("page"));
    this.show(record);
  }

  /**
   * Says which page was asked for: the worker leads here when one is neither saved nor to be had.
   * @param {string | null} address
   */
  #miss(address) {
    if (address === null) return;
    const wanted = new URL(address, root);
    if (!wanted.href.startsWith(root.href)) return;
    const again = element("a", { href: wanted.href, dir: "auto" }, shown(wanted.href.slice(root.href.length)));
    this.missed.append(
      element("p", { class: "keep__lead" }, "You are offline, and that page is not saved."),
      element("p", {}, "When you are back online, try again: ", again),
    );
  }

  /** @param {Saved | undefined} record */
  show(record) {
    if (this.line.busy) return;
    const items = Object.entries(record?.items ?? {});
    const articles = items.filter(([, { kind }]) => kind === "article");
    const total = sumOf(items);
    const rest = sumOf(items.filter(([at]) => at === SHELL || at === SEARCH));
    this.count.textContent = record ? `${plural(articles.length)} saved` : "Nothing is saved";
    const part = `${megabytes(total)}, of which ${megabytes(rest)} are styles, fonts and search`;
    this.size.textContent = record ? part : "";
    const categories = byTitle(items.filter(([, { kind }]) => kind === "category"));
    const titles = new Map(categories.map(([at, { title }]) => [at, title]));
    this.none.hidden = !!record;
    this.rows.hidden = !record;
    this.bar.hidden = !record;
    if (!record) return this.rows.replaceChildren();
    this.rows.replaceChildren(
      ...categories.map(([at, item]) => this.#row(record, at, item, "Category")),
      ...byTitle(articles).map(([at, item]) => this.#row(record, at, item, withWhat(item, at, titles))),
    );
    this.line.put(`Checked for updates ${when(record.checked)}`, "Check again", () => this.#update());
    if (spares() && !this.#looked) this.#tellOfUpdate();
  }

  /** @param {Saved} record @param {string} at @param {Item} item @param {string} about */
  #row(record, at, item, about) {
    const link = element("a", { href: new URL(at, root).href, dir: "auto" }, item.title);
    const line = element("div", { class: "keep" });
    const row = element(
      "li",
      { class: "kept__row" },
      element("h3", { class: "kept__title" }, link),
      element("p", { class: "count" }, [about, megabytes(bytesOf(record, at))].filter(Boolean).join(" · ")),
      line,
    );
    if (!asked(record).has(at)) return row;
    const run = new Line(line, item.title);
    const said = (/** @type {Saved | undefined} */ rest) => (rest ? `Removed: ${item.title}` : "Nothing is saved");
    run.put("", "Remove", () => this.#remove(run, () => remove(at), said));
    return row;
  }

  /**
   * @param {Line} line
   * @param {() => Promise<unknown>} task
   * @param {(rest: Saved | undefined) => string} said
   */
  #remove(line, task, said) {
    const removed = async () => {
      await task();
      this.count.focus({ preventScroll: true }); // the button that had the focus goes
      return said(await saved());
    };
    return line.run("Removing", "Not removed", removed, false);
  }

  async #tellOfUpdate() {
    this.#looked = true;
    const newer = await outdated().catch(() => false);
    if (newer && !this.line.busy) this.line.put("An update is available", "Update", () => this.#update());
  }

  #update() {
    return this.line.run("Updating", "Not updated", async (progress) => {
      const { changed, lost } = await refreshed(progress);
      return changed ? `Updated.${lost}` : "Your saved articles are up to date";
    });
  }
}

/** @param {number} moment */
const when = (moment) => new Date(moment).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
/** @param {[string, Item][]} items */
const sumOf = (items) => items.reduce((sum, [, { bytes }]) => sum + bytes, 0);
/** @param {[string, Item][]} items */
const byTitle = (items) => items.sort(([, one], [, other]) => one.title.localeCompare(other.title));

/**
 * Names the categories that an article is saved with.
 * @param {Item} item
 * @param {string} at
 * @param {Map<string, string>} titles
 */
function withWhat({ by = [] }, at, titles) {
  const names = by.filter((each) => each !== at).map((each) => titles.get(each));
  return names.length ? `With ${names.join(", ")}` : "";
}

/** @param {string} address */
function shown(address) {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}
