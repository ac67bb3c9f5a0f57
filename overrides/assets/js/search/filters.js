// The filters: category and subcategory in one list, tag, author, length, and whether a lab proves the article. And the order.

import { element } from "../shared/dom.js";
import { LENGTHS } from "./state.js";

/**
 * What there is to filter by: a category, a subcategory or a tag, and how many articles it has.
 * @typedef {{ slug: string, name: string, count: number, category?: string }} Subject
 */
/** @typedef {{ category: Subject[], subcategory: Subject[], tag: Subject[], author: Subject[] }} Subjects */
/** @typedef {import("./state.js").State} State */

/** @param {Subject} one @param {Subject} other */
const byName = (one, other) => one.name.localeCompare(other.name);

export class Filters {
  /** @type {Subject[]} */
  #tags = [];
  /** @type {Record<string, number> | undefined} */
  #counts; // of the articles found, how many carry each tag
  /** @type {State | undefined} */
  #state;

  /** @param {(part: Partial<State>) => void} change the reader chose, and these parts of the state are now others */
  constructor(change) {
    this.category = choice("Category");
    this.tag = choice("Tag");
    this.author = choice("Author");
    this.length = choice("Length");
    this.order = element(
      "select",
      { "aria-label": "Order" },
      new Option("By relevance", ""),
      new Option("By date", "date"),
    );
    this.verified = element("input", { type: "checkbox" });
    for (const [key, [name]] of Object.entries(LENGTHS)) this.length.append(new Option(name, key));
    const lists = [this.category, this.tag, this.author, this.length, this.order].map((each) =>
      element("span", { class: "search__pick" }, each),
    );
    lists[2].hidden = true; // until there are several authors
    this.check = element("label", { class: "search__pick" }, this.verified, "Verified");
    const group = { class: "search__filters", role: "group", "aria-label": "Filters" };
    this.element = element("div", group, ...lists.slice(0, 4), this.check, lists[4]);
    this.#listen(change);
  }

  /**
   * Offers the subjects that the site has.
   * @param {Subjects} subjects
   */
  learn({ category, subcategory, tag, author }) {
    const options = [...category].sort(byName).flatMap(({ slug, name }) => {
      const own = subcategory.filter((each) => each.category === slug).sort(byName);
      return [new Option(name, slug), ...own.map((sub) => new Option(`${name}: ${sub.name}`, `${slug}/${sub.slug}`))];
    });
    this.category.replaceChildren(this.category.options[0], ...options);
    const people = [...author].sort(byName).map(({ slug, name }) => new Option(name, slug));
    this.author.replaceChildren(this.author.options[0], ...people);
    if (this.author.parentElement) this.author.parentElement.hidden = people.length < 2;
    this.#tags = [...tag].sort(byName);
    this.#offerTags();
  }

  /**
   * Makes the filters say what the state is.
   * @param {State} state
   */
  show(state) {
    this.#state = state;
    const { category, subcategory, tag, author, length, verified, order } = state;
    choose(this.category, subcategory ? `${category}/${subcategory}` : category);
    choose(this.tag, tag);
    choose(this.author, author);
    choose(this.length, length);
    choose(this.order, order);
    this.verified.checked = !!verified;
    this.check.toggleAttribute("data-chosen", !!verified);
  }

  /**
   * Takes note of how many of the articles found carry each tag, by slug; undefined when nothing is searched for.
   * @param {Record<string, number> | undefined} counts
   */
  narrow(counts) {
    this.#counts = counts;
  }

  /** @param {(part: Partial<State>) => void} change */
  #listen(change) {
    const { category, tag, author, length, verified, order } = this;
    category.addEventListener("change", () => {
      const [own, subcategory = ""] = category.value.split("/");
      change({ category: own, subcategory });
    });
    tag.addEventListener("change", () => change({ tag: tag.value }));
    // Only when a reader looks: there may be hundreds of tags, and the counts change with every key.
    for (const event of ["focus", "pointerdown"]) tag.addEventListener(event, () => this.#offerTags());
    author.addEventListener("change", () => change({ author: author.value }));
    length.addEventListener("change", () => change({ length: length.value }));
    order.addEventListener("change", () => change({ order: order.value }));
    verified.addEventListener("change", () => change({ verified: verified.checked ? "1" : "" }));
  }

  /** Tags that none of the articles found carries are not offered. */
  #offerTags() {
    const chosen = this.#state?.tag ?? "";
    const counts = chosen ? undefined : this.#counts; // with a tag chosen, those found are no longer all
    const counted = this.#tags.map((each) => ({ ...each, count: counts ? (counts[each.slug] ?? 0) : each.count }));
    const offered = counted.filter(({ slug, count }) => count || slug === chosen);
    this.tag.replaceChildren(
      this.tag.options[0],
      ...offered.map(({ slug, name, count }) => new Option(`${name} (${count})`, slug)),
    );
    choose(this.tag, chosen);
  }
}

/** @param {string} name */
function choice(name) {
  return element("select", { "aria-label": name }, new Option(name, ""));
}

/**
 * Chooses, even what is not offered: an address can name what the site does not have, or not yet.
 * @param {HTMLSelectElement} select
 * @param {string} value
 */
function choose(select, value) {
  if (![...select.options].some((each) => each.value === value))
    select.append(new Option(value.replace(/^\//, ""), value));
  select.value = value;
  select.parentElement?.toggleAttribute("data-chosen", !!value);
}
