// The search's field, filters and list of results, by the ARIA pattern “combobox with a listbox”; and the state behind them.

const version = new URL(import.meta.url).search;
const [{ Engine }, { Filters }, { LONGEST, NO_FILTERS, questionOf, read, tidy, withoutTypedFilters, write }, shown] = await Promise.all(
  ["engine", "filters", "state", "results"].map((name) => import(`./search-${name}.js${version}`)),
);
const { beginning, element, failure, keys, option, plural, summary } = shown;

const root = new URL("../../", import.meta.url);
const home = document.querySelector("[data-search-open]");
const accents = new Map((home?.dataset.accents ?? "").split(" ").map((pair) => pair.split("=")));
const touch = matchMedia("(hover: none) and (pointer: coarse)");

const STEP = 10; // results
const SLOW = 500; // ms until a reader is told to wait; screen readers speak of results after the same pause
const STUCK = 12_000;

export class Box {
  state = read("");
  #subjects;
  #active = -1;
  #pending = false;
  #enter; // Enter, pressed before the results were there
  #limit = STEP;
  #timers = [];
  #engine = new Engine((subjects) => this.#learn(subjects));
  #filters = new Filters((part) => this.#change(part));

  /**
   * `moved({ typed, leaving })`: the state changed, or a result is followed. `idle(empty)`: whether there is room for other
   * ways to an article. `close`: the dialog's button.
   */
  constructor({ dialog = false, close, moved = () => {}, idle = () => {} }) {
    Object.assign(this, { dialog, moved, idle });
    this.#build(close);
    this.#listen();
    this.#begin();
    this.#refill();
  }

  /** Searches for `state` as if it had been typed and chosen. */
  set(state) {
    this.state = state;
    this.input.value = state.q;
    this.#limit = STEP;
    this.#ask();
  }

  /** Loads what every query needs. */
  warm() {
    if (!this.#subjects && !this.#pending) this.#ask();
  }

  #build(close) {
    const region = (name) => element("div", { class: `search__${name}` });
    this.input = element("input", {
      id: "search--field", class: "search__input", name: "q", type: "text", maxlength: LONGEST, placeholder: "An error, a name, a question",
      autocomplete: "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false", enterkeyhint: "search", dir: "auto",
      role: "combobox", "aria-label": "Search the articles", "aria-autocomplete": "list", "aria-controls": "search--list", "aria-expanded": "false",
    });
    this.clear = element("button", { type: "button", class: "search__button", hidden: true }, "Clear");
    this.said = region("said");
    this.list = element("div", {
      id: "search--list", class: "search__list", role: "listbox", tabindex: -1, "aria-label": "Articles found", hidden: true,
    });
    this.start = region("start");
    this.foot = region("foot");
    this.status = element("p", { class: "visually-hidden", role: "status" });
    const field = element("div", { class: "search__field" }, home?.querySelector("svg")?.cloneNode(true), this.input, this.clear, close);
    this.form = element("form", { role: "search", action: new URL("search/", root).href }, field, this.#filters.element);
    this.element = element("div", { class: "search" }, this.form, this.said, this.list, this.start, this.foot, this.status);
  }

  #listen() {
    const { input, list } = this;
    this.form.addEventListener("submit", (event) => event.preventDefault());
    input.addEventListener("input", () => this.#change({ q: tidy(input.value), exact: "" }, true));
    input.addEventListener("keydown", (event) => event.isComposing || this.#press(event));
    input.addEventListener("paste", (event) => this.#paste(event));
    this.clear.addEventListener("click", () => this.#choose({ q: "", exact: "" }));
    list.addEventListener("pointermove", ({ target }) => {
      const over = target.closest("[role=option]");
      if (over) this.#activate([...list.children].indexOf(over), false);
    });
    list.addEventListener("click", (event) => {
      if (!(event.ctrlKey || event.metaKey || event.shiftKey)) this.moved({ leaving: true });
    });
  }

  #press(event) {
    const { key } = event;
    const last = this.list.children.length - 1;
    if ((key === "ArrowDown" || key === "ArrowUp") && last >= 0) {
      const next = this.#active + (key === "ArrowDown" ? 1 : -1);
      this.#activate(next > last ? 0 : next < 0 ? last : next);
    } else if (key === "Enter") {
      if (this.#active >= 0 && !this.#pending) this.#follow(event);
      else if (touch.matches) this.input.blur(); // the keyboard makes way for the results
      else if (this.dialog && this.#pending) this.#enter = event;
      else this.moved({});
    } else if (key === "Escape" && !this.dialog) {
      if (this.#active >= 0) this.#activate(-1);
      else if (this.state.q) this.#choose({ q: "", exact: "" });
    } else return;
    event.preventDefault();
  }

  // The field would join the lines of a log to one word, and lay out a million letters.
  #paste(event) {
    const { input } = this;
    const text = event.clipboardData.getData("text");
    if (text.length < LONGEST && !/[\r\n]/.test(text)) return;
    event.preventDefault();
    const { selectionStart: from, selectionEnd: to, value } = input;
    input.setRangeText(tidy(text).slice(0, LONGEST - value.length + to - from), from, to, "end");
    input.dispatchEvent(new Event("input"));
  }

  #follow({ ctrlKey, metaKey, shiftKey }) {
    const click = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey });
    this.list.children[this.#active].dispatchEvent(click);
  }

  #change(part, typed = false) {
    Object.assign(this.state, part);
    this.#limit = STEP;
    this.#ask();
    this.moved({ typed });
  }

  #choose(part) {
    this.#change(part);
    this.input.value = this.state.q;
    this.input.focus();
  }

  /** `first`: which of the results to choose, of those that “Show more” adds. */
  #ask(first = 0) {
    const question = questionOf(this.state, this.#limit);
    this.#settle();
    this.#pending = true;
    this.list.setAttribute("aria-busy", "true");
    this.#refill();
    if (!question) this.#begin();
    this.#engine.ask(question ?? {}, ({ answer, error }) => {
      const enter = this.#enter;
      this.#settle();
      if (error) this.#fail(error);
      else if (question) this.#show(answer, first, enter);
      else this.#begin();
      this.list.setAttribute("aria-busy", "false");
    });
    const waits = question && this.list.hidden && !this.said.hasChildNodes();
    if (waits) this.#after(SLOW, () => this.said.replaceChildren(element("p", {}, "Searching…")));
    this.#after(STUCK, () => this.#fail({ message: "The search is taking a long time to load." }));
  }

  #begin() {
    const all = this.#subjects?.category.reduce((sum, { count }) => sum + count, 0);
    this.#fill([], [], this.dialog ? [all !== undefined && counted(all), keys()] : []);
    this.#offerWays();
    this.status.textContent = "";
    this.#filters.narrow(undefined);
  }

  #offerWays() {
    const chooseCategory = (category) => this.#choose({ ...NO_FILTERS, q: "", category });
    const chooseTag = (tag) => this.#choose({ ...NO_FILTERS, q: "", tag });
    this.start.replaceChildren(...beginning(this.#subjects, { chooseCategory, chooseTag, accents }));
    this.start.hidden = false;
    this.idle(true);
  }

  #show(answer, first, enter) {
    const { results, total, corrections, facets } = answer;
    this.#filters.narrow(facets.tag);
    const options = results.map((result, index) => option(result, index, { root, accents }));
    this.#fill(summary(answer, this.state, this.#waysOut()), options, this.#footOf(total, results.length));
    if (navigator.serviceWorker?.controller) import(`./offline-marks.js${version}`).then(({ mark }) => mark(options), () => {});
    const meant = corrections.map(({ to }) => to).join(" ");
    this.#after(SLOW, () => (this.status.textContent = total ? `${plural(total)} found${meant && ` for ${meant}`}` : "Nothing found"));
    if (!total) this.#offerWays();
    if (total && (first || (this.dialog && !touch.matches))) this.#activate(first);
    if (enter && total) this.#follow(enter);
  }

  // Out of a search that corrected a word, and of one that filtered all away.
  #waysOut() {
    return {
      exactly: { href: addressOf({ ...this.state, exact: "1" }), action: () => this.#choose({ exact: "1" }) },
      unfiltered: () => this.#choose({ ...NO_FILTERS, q: withoutTypedFilters(this.state.q) }),
    };
  }

  #footOf(total, there) {
    const rest = total > there;
    if (this.dialog) {
      const all = rest && element("a", { class: "search__link", href: addressOf(this.state) }, `See all ${total.toLocaleString("en")} →`);
      return [all || (total && counted(total)), keys()];
    }
    if (!rest) return total ? [counted(total)] : [];
    const more = element("button", { type: "button", class: "search__more" }, "Show more");
    more.addEventListener("click", () => {
      this.#limit += STEP;
      this.#ask(there);
      this.input.focus({ preventScroll: true });
    });
    return [more, element("span", { class: "count" }, `${there} of ${plural(total)}`)];
  }

  #fail(error) {
    const again = () => {
      this.#engine.restart();
      this.#ask();
      this.input.focus();
    };
    this.#fill(failure(error, { again, elsewhere: this.dialog && home.href }));
    this.status.textContent = error.message;
    this.idle(true);
  }

  #fill(said, options = [], foot = []) {
    this.#active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-expanded", String(options.length > 0));
    this.said.replaceChildren(...said);
    this.list.replaceChildren(...options);
    this.list.hidden = !options.length;
    this.list.scrollTop = 0;
    this.foot.replaceChildren(...foot.filter(Boolean));
    this.start.hidden = true;
    this.idle(false);
  }

  #activate(index, scroll = true) {
    this.list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const active = this.list.children[index];
    active?.setAttribute("aria-selected", "true");
    if (active) this.input.setAttribute("aria-activedescendant", active.id);
    else this.input.removeAttribute("aria-activedescendant");
    if (scroll) active?.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  #learn(subjects) {
    this.#subjects = subjects;
    this.#filters.learn(subjects);
    this.#refill();
  }

  #refill() {
    this.#filters.show(this.state);
    this.clear.hidden = !this.state.q;
  }

  #after(delay, action) {
    this.#timers.push(setTimeout(action, delay));
  }

  #settle() {
    this.#pending = false;
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
    this.#enter = undefined;
  }
}

const addressOf = (state) => `${new URL("search/", root).href}?${write(state)}`;
const counted = (count) => element("span", { class: "count" }, plural(count));
