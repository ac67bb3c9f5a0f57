// The search's field, filters and list of results, by the ARIA pattern “combobox with a listbox”; and the state behind them.

import { element } from "../shared/dom.js";
import { plural } from "../shared/words.js";
import { Engine } from "./engine.js";
import { Filters } from "./filters.js";
import { beginning, failure, keys, moreSections, option, summary } from "./results.js";
import { LONGEST, NO_FILTERS, questionOf, read, tidy, withoutTypedFilters, wordsOf, write } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./filters.js").Subjects} Subjects */
/** @typedef {import("./results.js").Answer} Answer */
/** @typedef {{ typed?: boolean, leaving?: boolean }} Move the state was typed, or a result is followed */
/** @typedef {Pick<MouseEvent, "ctrlKey" | "metaKey" | "shiftKey">} Keys */

const root = new URL("../../../", import.meta.url);
const home = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-search-open]"));
const accents = new Map(
  (home?.dataset.accents ?? "").split(" ").map((pair) => /** @type {[string, string]} */ (pair.split("="))),
);
const touch = matchMedia("(hover: none) and (pointer: coarse)");

const STEP = 10; // results
const SLOW = 500; // ms until a reader is told to wait; screen readers speak of results after the same pause
const STUCK = 12_000;
// Texts, for sections and excerpts, weigh as much as the rest of a search. After a pause that of the first result is loaded,
// then those of all that are in sight, and the others when the reader comes to them.
const PAUSE = 350; // ms without a key
const LOOK = 1200;
const AWAITED = "[data-awaited]";

export class Box {
  state = read("");
  /** @type {Subjects | undefined} */
  #subjects;
  #active = -1;
  #pending = false;
  /** @type {Keys | undefined} */
  #enter; // Enter, pressed before the results were there
  #limit = STEP;
  #excerpts = 0; // of so many results the texts are loaded
  #typed = false; // the state is still being typed
  /** @type {HTMLElement | undefined} */
  #leaving; // the result that is followed once its text says which section to go to
  /** @type {HTMLElement[]} the options of articles, without those of more sections */
  #articles = [];
  /** @type {ReturnType<typeof setTimeout>[]} */
  #timers = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #announcing;
  #engine = new Engine((subjects) => this.#learn(subjects));
  #filters = new Filters((part) => this.#change(part));

  /**
   * @param {object} settings
   * @param {boolean} [settings.dialog]
   * @param {HTMLButtonElement} [settings.close] the dialog's button
   * @param {(how: Move) => void} settings.moved the state changed, or a result is followed
   * @param {(empty: boolean) => void} [settings.idle] says whether there is room for other ways to an article
   */
  constructor({ dialog = false, close, moved, idle = () => {} }) {
    this.dialog = dialog;
    this.moved = moved;
    this.idle = idle;
    const region = (/** @type {string} */ name) => element("div", { class: `search__${name}` });
    this.input = element("input", {
      id: "search--field",
      class: "search__input",
      name: "q",
      type: "text",
      maxlength: LONGEST,
      placeholder: "An error, a name, a question",
      autocomplete: "off",
      autocapitalize: "off",
      autocorrect: "off",
      spellcheck: "false",
      enterkeyhint: "search",
      dir: "auto",
      role: "combobox",
      "aria-label": "Search the articles",
      "aria-autocomplete": "list",
      "aria-controls": "search--list",
      "aria-expanded": "false",
    });
    this.clear = element("button", { type: "button", class: "search__button", hidden: true }, "Clear");
    this.said = region("said");
    this.list = element("div", {
      id: "search--list",
      class: "search__list",
      role: "listbox",
      tabindex: -1,
      "aria-label": "Articles found",
      hidden: true,
    });
    this.start = region("start");
    this.foot = region("foot");
    this.status = element("p", { class: "visually-hidden", role: "status" });
    const sign = home?.querySelector("svg")?.cloneNode(true);
    const field = element("div", { class: "search__field" }, sign, this.input, this.clear, close);
    const action = new URL("search/", root).href;
    this.form = element("form", { role: "search", action }, field, this.#filters.element);
    const parts = [this.form, this.said, this.list, this.start, this.foot, this.status];
    this.element = element("div", { class: "search" }, ...parts);
    this.#listen();
    this.#begin();
    this.#refill();
  }

  /**
   * Searches for `state` as if it had been typed and chosen.
   * @param {State} state
   */
  set(state) {
    this.state = state;
    this.input.value = state.q;
    this.#limit = STEP;
    this.#excerpts = 0;
    this.#typed = false;
    this.#ask();
  }

  /** Loads what every query needs. */
  warm() {
    if (!this.#subjects && !this.#pending) this.#ask();
  }

  #listen() {
    const { input, list } = this;
    this.form.addEventListener("submit", (event) => event.preventDefault());
    input.addEventListener("input", () => this.#change({ q: tidy(input.value), exact: "" }, true));
    input.addEventListener("keydown", (event) => event.isComposing || this.#press(event));
    input.addEventListener("paste", (event) => this.#paste(event));
    this.clear.addEventListener("click", () => this.#choose({ q: "", exact: "" }));
    list.addEventListener("pointermove", ({ target }) => {
      const over = target instanceof Element ? target.closest("[role=option]") : null;
      if (over) this.#activate([...list.children].indexOf(over), false);
      if (over?.querySelector(AWAITED)) this.#look();
    });
    document.addEventListener("scroll", () => this.#look(), { capture: true, passive: true }); // the list or the page
    list.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      const to = event.target instanceof Element && event.target.closest("[role=option]");
      if (to instanceof HTMLElement && to.querySelector(AWAITED)) {
        event.preventDefault();
        this.#leave(to);
      } else this.moved({ leaving: true });
    });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { key } = event;
    const last = this.list.children.length - 1;
    if ((key === "ArrowDown" || key === "ArrowUp") && last >= 0) {
      const next = this.#active + (key === "ArrowDown" ? 1 : -1);
      this.#activate(next > last ? 0 : next < 0 ? last : next);
      this.#look();
    } else if (key === "Enter") {
      if (this.#active >= 0 && !this.#pending) this.#follow(event);
      else if (touch.matches)
        this.input.blur(); // the keyboard makes way for the results
      else if (this.dialog && this.#pending) this.#enter = event;
      else this.moved({});
    } else if (key === "Escape" && !this.dialog) {
      if (this.#active >= 0) this.#activate(-1);
      else if (this.state.q) this.#choose({ q: "", exact: "" });
    } else return;
    event.preventDefault();
  }

  /**
   * Pastes: the field itself would join the lines of a log to one word, and lay out a million letters.
   * @param {ClipboardEvent} event
   */
  #paste(event) {
    const { input } = this;
    const text = event.clipboardData?.getData("text") ?? "";
    if (text.length < LONGEST && !/[\r\n]/.test(text)) return;
    event.preventDefault();
    const { value } = input;
    const [from, to] = [input.selectionStart ?? value.length, input.selectionEnd ?? value.length];
    input.setRangeText(tidy(text).slice(0, LONGEST - value.length + to - from), from, to, "end");
    input.dispatchEvent(new Event("input"));
  }

  /** @param {Keys} keys held down with Enter */
  #follow({ ctrlKey, metaKey, shiftKey }) {
    const click = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey });
    this.list.children[this.#active].dispatchEvent(click);
  }

  /** @param {Partial<State>} part @param {boolean} [typed] */
  #change(part, typed = false) {
    Object.assign(this.state, part);
    this.#limit = STEP;
    this.#excerpts = 0;
    this.#typed = typed;
    this.#ask();
    this.moved({ typed });
  }

  /** @param {Partial<State>} part */
  #choose(part) {
    this.#change(part);
    this.input.value = this.state.q;
    this.input.focus();
  }

  /** @param {number} [first] which of the results to choose, of those that “Show more” adds */
  #ask(first = 0) {
    const question = questionOf(this.state, this.#limit, this.#excerpts);
    this.#settle();
    this.#pending = true;
    this.list.setAttribute("aria-busy", "true");
    this.#refill();
    if (!question) this.#begin();
    this.#engine.ask(question, ({ answer, error }) => {
      const enter = this.#enter;
      this.#settle();
      if (error) this.#fail(error);
      else if (question) this.#show(answer, first, enter);
      else this.#begin();
      this.list.setAttribute("aria-busy", "false");
    });
    const waits = question && this.list.hidden && !this.said.hasChildNodes();
    if (waits) this.#after(SLOW, () => this.said.replaceChildren(element("p", {}, "Searching…")));
    this.#after(STUCK, () => this.#fail({ message: "Search is slow to load." }));
  }

  /** Loads the texts of all results in sight. */
  #look() {
    if (this.#pending || this.#leaving || this.list.hidden) return;
    const end = Math.min(innerHeight, this.list.getBoundingClientRect().bottom);
    const seen = this.#articles.filter((each) => each.getBoundingClientRect().top < end);
    if (seen.some((each) => each.querySelector(AWAITED))) this.#read(seen.length);
  }

  /**
   * Loads the texts of the first results, and completes those that are shown.
   * @param {number} excerpts
   */
  #read(excerpts) {
    if (excerpts <= this.#excerpts) return;
    this.#excerpts = excerpts;
    this.#engine.ask(questionOf(this.state, this.#limit, excerpts), ({ answer, error }) => {
      const leaving = this.#leaving;
      if (error) this.#tell(error);
      for (const [i, result] of (answer?.results ?? []).entries()) this.#complete(i, result);
      if (leaving) this.#go(leaving);
    });
  }

  /**
   * Follows a result that does not say yet which of its sections to go to: as soon as it does.
   * @param {HTMLElement} to
   */
  #leave(to) {
    this.#settle();
    this.#leaving = to;
    this.#excerpts = Math.min(this.#excerpts, this.#articles.indexOf(to)); // what was asked may come too late
    this.#read(this.#articles.indexOf(to) + 1);
    this.#after(SLOW, () => this.#go(to));
  }

  /** @param {HTMLElement} to */
  #go(to) {
    this.#settle();
    to.querySelector(AWAITED)?.removeAttribute("data-awaited"); // at its beginning, then
    to.click();
  }

  /** @param {number} index @param {import("../../../../search/src/engine.mjs").Result} result */
  #complete(index, result) {
    const there = this.#articles[index];
    if (!result.read || !there?.querySelector(AWAITED)) return;
    const whole = option(result, index, { root, accents });
    const active = this.list.children[this.#active];
    there.setAttribute("href", whole.getAttribute("href") ?? "");
    there.replaceChildren(...whole.childNodes);
    there.after(...moreSections(result, index, { root, accents }));
    this.#markSaved([there]);
    this.#active = active ? [...this.list.children].indexOf(active) : -1;
  }

  /**
   * Says of results whether they are saved, if anything is.
   * @param {HTMLElement[]} options
   */
  async #markSaved(options) {
    if (!navigator.serviceWorker?.controller) return;
    try {
      const { mark } = await import("../offline/marks.js");
      await mark(/** @type {HTMLAnchorElement[]} */ (options));
    } catch {} // without the marks, then
  }

  #begin() {
    const all = this.#subjects?.category.reduce((sum, { count }) => sum + count, 0);
    this.#fill([], [], this.dialog ? [all !== undefined && counted(all), keys()] : []);
    this.#offerWays();
    this.#announce("");
    this.#filters.narrow(undefined);
  }

  #offerWays() {
    const chooseCategory = (/** @type {string} */ category) => this.#choose({ ...NO_FILTERS, q: "", category });
    const chooseTag = (/** @type {string} */ tag) => this.#choose({ ...NO_FILTERS, q: "", tag });
    this.start.replaceChildren(...beginning(this.#subjects, { chooseCategory, chooseTag, accents }));
    this.start.hidden = false;
    this.idle(true);
  }

  /** @param {Answer} answer @param {number} first @param {Keys | undefined} enter */
  #show(answer, first, enter) {
    const { results, total, corrections, facets } = answer;
    this.#filters.narrow(facets.tag);
    const sought = wordsOf(this.state.q);
    this.#articles = results.map((result, index) => option(result, index, { root, accents, sought }));
    const options = results.flatMap((result, i) => [this.#articles[i], ...moreSections(result, i, { root, accents })]);
    this.#fill(summary(answer, this.state, this.#waysOut()), options, this.#footOf(total, results.length));
    this.#markSaved(this.#articles);
    const meant = corrections.map(({ to }) => to).join(" ");
    this.#announce(total ? `${plural(total)} found${meant && ` for ${meant}`}` : "Nothing found", SLOW);
    if (!total) this.#offerWays();
    if (total && (first || (this.dialog && !touch.matches))) this.#activate(options.indexOf(this.#articles[first]));
    if (this.#typed) this.#after(PAUSE, () => this.#read(1));
    this.#after(this.#typed ? LOOK : 0, () => this.#look());
    if (enter && total) this.#follow(enter);
  }

  // Out of a search that corrected a word, and of one that filtered all away.
  #waysOut() {
    return {
      exactly: { href: addressOf({ ...this.state, exact: "1" }), action: () => this.#choose({ exact: "1" }) },
      unfiltered: () => this.#choose({ ...NO_FILTERS, q: withoutTypedFilters(this.state.q) }),
    };
  }

  /** @param {number} total @param {number} there how many of them are listed */
  #footOf(total, there) {
    const rest = total > there;
    if (this.dialog) {
      const link = { class: "search__link", href: addressOf(this.state) };
      const all = rest && element("a", link, `See all ${total.toLocaleString("en")} →`);
      return [all || (total && counted(total)), keys()];
    }
    if (!rest) return total ? [counted(total)] : [];
    const more = element("button", { type: "button", class: "search__more" }, "Show more");
    more.addEventListener("click", () => {
      this.#limit += STEP;
      this.#typed = false;
      this.#ask(there);
      this.input.focus({ preventScroll: true });
    });
    return [more, element("span", { class: "count" }, `${there} of ${plural(total)}`)];
  }

  /** @param {{ message: string }} error */
  #fail(error) {
    this.#fill([]);
    this.#tell(error);
    this.idle(true);
  }

  /**
   * Says what went wrong, above the results that are there.
   * @param {{ message: string }} error
   */
  #tell(error) {
    const again = () => {
      this.#engine.restart();
      this.#excerpts = 0;
      this.#ask();
      this.input.focus();
    };
    this.said.replaceChildren(...failure(error, { again, elsewhere: this.dialog ? home?.href : undefined }));
    this.#announce(error.message);
  }

  /** @param {Node[]} said @param {Node[]} [options] @param {(Node | number | false | undefined)[]} [foot] */
  #fill(said, options = [], foot = []) {
    this.#active = -1;
    if (!options.length) this.#articles = [];
    this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-expanded", String(options.length > 0));
    this.said.replaceChildren(...said);
    this.list.replaceChildren(...options);
    this.list.hidden = !options.length;
    this.list.scrollTop = 0;
    this.foot.replaceChildren(...foot.filter((each) => each instanceof Node));
    this.start.hidden = true;
    this.idle(false);
  }

  /** @param {number} index of the result, or -1 @param {boolean} [scroll] */
  #activate(index, scroll = true) {
    this.list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const active = this.list.children[index];
    active?.setAttribute("aria-selected", "true");
    if (active) this.input.setAttribute("aria-activedescendant", active.id);
    else this.input.removeAttribute("aria-activedescendant");
    if (scroll) active?.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  /** @param {Subjects} subjects */
  #learn(subjects) {
    this.#subjects = subjects;
    this.#filters.learn(subjects);
    this.#refill();
  }

  #refill() {
    this.#filters.show(this.state);
    this.clear.hidden = !this.state.q;
  }

  /**
   * Tells screen readers, after a pause of `delay` ms; whatever is to be told meanwhile takes its place.
   * @param {string} text
   * @param {number} [delay]
   */
  #announce(text, delay = 0) {
    clearTimeout(this.#announcing);
    if (delay) this.#announcing = setTimeout(() => this.#announce(text), delay);
    else this.status.textContent = text;
  }

  /** @param {number} delay @param {() => void} action */
  #after(delay, action) {
    this.#timers.push(setTimeout(action, delay));
  }

  #settle() {
    this.#pending = false;
    for (const timer of [...this.#timers, this.#announcing]) clearTimeout(timer);
    this.#timers = [];
    this.#enter = undefined;
    this.#leaving = undefined;
  }
}

/** @param {State} state */
const addressOf = (state) => `${new URL("search/", root).href}?${write(state)}`;
/** @param {number} count */
const counted = (count) => element("span", { class: "count" }, plural(count));
