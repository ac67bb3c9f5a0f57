// The reader's side of saving: the offer on articles and categories, and the page that lists what is saved. Loaded when the
// offer is taken, where something is saved, and on that page.

const version = new URL(import.meta.url).search;
const [store, { element, plural }] = await Promise.all(
  ["offline-store", "search-results"].map((name) => import(`./${name}.js${version}`)),
);
const { asked, onChange, outdated, registration, remove, removeAll, root, save, saved, SEARCH, SHELL, tidy, update } = store;

const OFTEN = 3_600_000; // ms between two looks for a newer build
const page = new URL("offline/", root).href;
const atRoot = (address) => new URL(address, root).href.slice(root.href.length);
export const megabytes = (bytes) => `${Math.max(0.1, bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

let announce;
let offers = [];
let listing;
let started;

/** Takes over the offers of this page; `save(place)` then presses one. `tell` speaks to screen readers. */
export function start(tell) {
  announce = tell;
  return (started ??= begin());
}

async function begin() {
  const record = await saved();
  // Whoever takes over says at once how it stands: no button is ever there without its words.
  offers = [...document.querySelectorAll("[data-keep]")].map((place) => new Offer(place, record));
  const place = document.querySelector("[data-saved]");
  if (place) listing = new Listing(place, record);
  onChange(refresh);
  if (await registration()) {
    if (record) await keepUp();
    else await tidy();
    await refresh();
  }
  return { save: (place) => offers.find((offer) => offer.place === place).save() };
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
  const after = navigator.connection?.saveData ? Promise.resolve() : refreshed();
  after.catch(() => {}); // offline: the next page tries again
}

async function refreshed(progress) {
  const { changed, gone } = await update(progress);
  const lost = gone ? ` ${plural(gone)} no longer published ${gone === 1 ? "was" : "were"} removed.` : "";
  if (changed) announce(`Your saved articles were updated.${lost}`);
  await refresh();
  return { changed, lost };
}

const named = (content, action) => {
  const made = element("button", { type: "button", class: "keep__button" }, content);
  made.addEventListener("click", action);
  return made;
};

/** A line that says how it stands, and the button for what can be done about it. */
class Line {
  busy = false;
  #stop;

  /** `what`: what the button is for, where its neighbours look the same. */
  constructor(place, what = "") {
    this.place = place;
    this.what = what;
    this.said = element("span", { class: "keep__said" });
    this.button = named("", () => this.act());
    place.replaceChildren(this.said, this.button);
  }

  put(said, label, act, mood) {
    this.said.textContent = said;
    this.said.hidden = !said;
    this.button.textContent = label;
    this.button.hidden = !label;
    if (this.what) this.button.setAttribute("aria-label", `${label} ${this.what}`);
    this.act = act;
    if (mood) this.place.dataset.mood = mood;
    else delete this.place.dataset.mood;
  }

  /** Runs `task({ tell, signal })`. `verb`: “Saving”; `failed`: what to say before the reason; `stops`: the button ends it. */
  async run(verb, failed, task, stops = true) {
    if (this.busy) return;
    this.busy = true;
    this.#stop = new AbortController();
    this.put(`${verb}…`, stops ? "Stop" : this.button.textContent, () => stops && this.#stop.abort());
    announce(verb);
    const tell = (done, total) => {
      if (total) this.said.textContent = `${verb} · ${Math.floor((100 * done) / total)}%`;
    };
    let said;
    try {
      said = await task({ tell, signal: this.#stop.signal });
    } catch (error) {
      if (error.name === "AbortError") said = "Stopped. Nothing was changed.";
      else {
        this.busy = false;
        const why = `${failed}: ${error.message}.`;
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
  constructor(place, record) {
    const focused = place.contains(document.activeElement);
    super(place);
    this.at = atRoot(place.dataset.keep);
    this.more = element("a", { class: "keep__more", href: page }, "See all", element("span", { class: "visually-hidden" }, " that is saved"));
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

  show(record) {
    if (this.busy) return;
    const { own, first, count } = this.place.dataset;
    const item = record?.items[this.at];
    this.more.hidden = !record;
    if (item && asked(record).has(this.at)) {
      const bytes = bytesOf(record, this.at);
      this.put(`Saved for offline · ${megabytes(bytes)}`, "Remove", () => this.remove(), "good");
    } else if (item) {
      this.put("Saved for offline, with its category", "", undefined, "good");
    } else {
      const size = megabytes(+own + (record ? 0 : +first));
      const many = count ? `${plural(+count)} · ` : "";
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

/** The bytes of what is saved at an address; of a category, with its articles. */
function bytesOf({ items }, at) {
  const { kind, bytes } = items[at];
  const within = kind === "category" ? Object.values(items).filter(({ by }) => by?.includes(at)) : [];
  return within.reduce((sum, each) => sum + each.bytes, bytes);
}

/** The page that lists what is saved, and says so when a page that was asked for is not. */
class Listing {
  #looked = false;

  constructor(place, record) {
    this.missed = element("div", { class: "keep__missed" });
    this.bar = element("div", { class: "keep keep--all" });
    this.line = new Line(this.bar);
    this.all = named("Remove all", () => this.#remove(this.line, removeAll, () => "Nothing is saved now"));
    this.bar.append(this.all);
    this.count = element("h2", { class: "listing__title", id: "saved", tabindex: -1 });
    this.size = element("p", { class: "count" });
    this.rows = element("ul", { class: "kept" });
    const how = "Save an article from the end of its page, or a whole category from the top of its list. They will appear here.";
    this.none = element("p", { class: "nothing" }, how);
    const head = element("div", { class: "listing__head" }, this.count, this.size);
    place.append(this.missed, element("section", { class: "listing", "aria-labelledby": "saved" }, head, this.none, this.rows, this.bar));
    this.#miss(new URLSearchParams(location.search).get("page"));
    this.show(record);
  }

  // Where the worker leads when a page is neither saved nor to be had.
  #miss(address) {
    if (address === null) return;
    const wanted = new URL(address, root);
    if (!wanted.href.startsWith(root.href)) return;
    const again = element("a", { href: wanted.href, dir: "auto" }, shown(wanted.href.slice(root.href.length)));
    this.missed.append(
      element("p", { class: "keep__lead" }, "That page is not saved, and there is no connection."),
      element("p", {}, "Once you are online, try again: ", again),
    );
  }

  show(record) {
    if (this.line.busy) return;
    const items = Object.entries(record?.items ?? {});
    const articles = items.filter(([, { kind }]) => kind === "article");
    const rest = items.filter(([at]) => at === SHELL || at === SEARCH).reduce((sum, [, { bytes }]) => sum + bytes, 0);
    const total = items.reduce((sum, [, { bytes }]) => sum + bytes, 0);
    this.count.textContent = record ? `${plural(articles.length)} saved` : "Nothing is saved";
    this.size.textContent = record ? `${megabytes(total)}, of which ${megabytes(rest)} are styles, fonts and search` : "";
    const order = (some) => some.sort(([, one], [, other]) => one.title.localeCompare(other.title));
    const categories = order(items.filter(([, { kind }]) => kind === "category"));
    const titles = new Map(categories.map(([at, { title }]) => [at, title]));
    this.rows.replaceChildren(
      ...categories.map(([at, item]) => this.#row(record, at, item, "Category")),
      ...order(articles).map(([at, item]) => this.#row(record, at, item, this.#with(item, at, titles))),
    );
    this.none.hidden = !!record;
    this.rows.hidden = !record;
    this.bar.hidden = !record;
    if (!record) return;
    this.line.put(`Checked for updates ${when(record.checked)}`, "Check again", () => this.#update());
    if (navigator.connection?.saveData && !this.#looked) this.#tellOfUpdate();
  }

  #with({ by }, at, titles) {
    const names = by.filter((each) => each !== at).map((each) => titles.get(each));
    return names.length ? `With ${names.join(", ")}` : "";
  }

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
    const said = (rest) => (rest ? `Removed: ${item.title}` : "Nothing is saved now");
    run.put("", "Remove", () => this.#remove(run, () => remove(at), said));
    return row;
  }

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
      return changed ? `Updated.${lost}` : "Everything saved is up to date";
    });
  }
}

const when = (moment) => new Date(moment).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

function shown(address) {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}
