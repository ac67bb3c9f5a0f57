// What a search has to show, as elements. All of it is text that others wrote: none of it is ever taken for markup.

import { element } from "../shared/dom.js";
import { plural } from "../shared/words.js";

/** @typedef {import("../../../../search/src/engine.mjs").Answer} Answer */
/** @typedef {import("../../../../search/src/engine.mjs").Result} Result */
/** @typedef {[start: number, end: number]} Mark */
/** @typedef {import("./filters.js").Subject} Subject */
/** @typedef {import("./filters.js").Subjects} Subjects */
/** @typedef {import("./state.js").State} State */
/** @typedef {Map<string, string>} Accents of categories, by slug */

const DAY = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });

/** @param {string} text @param {Iterable<Mark>} marks */
function marked(text, marks) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let at = 0;
  for (const [start, end] of marks) {
    if (start < at) continue;
    parts.push(text.slice(at, start), element("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}

/**
 * The words that were matched, as they are written there.
 * @param {Result} result
 */
function wordsOf({ title, titleMarks, section, sectionMarks, excerpt, more }) {
  const words = (/** @type {string} */ text, /** @type {Mark[]} */ marks) =>
    marks.map(([start, end]) => text.slice(start, end).toLowerCase());
  return new Set([
    ...words(section, sectionMarks),
    ...words(excerpt.text, excerpt.marks),
    ...more.flatMap((each) => words(each.excerpt.text, each.excerpt.marks)),
    ...words(title, titleMarks),
  ]);
}

/** @param {Result} result @param {URL} root @param {string} href of one of its sections @param {string[]} [sought] */
function addressOf(result, root, href, sought = []) {
  const address = new URL(href, root);
  const words = [...wordsOf(result), ...sought].slice(0, 12).join(" ");
  if (words) address.searchParams.set("h", words);
  return address.href;
}

/**
 * One article, and the section of it to go to: an option of the list that is the link itself.
 * @param {Result} result
 * @param {number} index
 * @param {{ root: URL, accents: Accents, sought?: string[] }} site `sought`: words that were typed, which are to be marked if
 *   the article's text has not told yet which ones it has
 */
export function option(result, index, { root, accents, sought }) {
  const {
    category,
    subcategory,
    minutes,
    published,
    verified,
    read,
    section,
    sectionMarks,
    title,
    titleMarks,
    excerpt,
  } = result;
  const about = [category?.name, subcategory?.name].filter(Boolean).join(" · ");
  const line = (/** @type {string} */ name, /** @type {string} */ text, /** @type {Mark[]} */ marks) =>
    text && element("span", { class: `found__${name}`, dir: "auto" }, ...marked(text, marks), " ");
  return element(
    "a",
    {
      id: `search--${index}`,
      class: "found",
      role: "option",
      tabindex: -1,
      "aria-selected": "false",
      "data-accent": category && accents.get(category.slug),
      href: addressOf(result, root, result.href, read ? [] : sought),
    },
    line("title", title, titleMarks), // read first, though it stands below what follows last
    line("section", section, sectionMarks),
    read
      ? line("excerpt", excerpt.text, excerpt.marks)
      : element("span", { class: "found__excerpt", "data-awaited": "" }),
    element(
      "span",
      { class: "found__about" },
      about && element("span", { class: "kicker" }, about, " "),
      minutes > 0 && element("span", { class: "count" }, `${minutes} min `),
      published && element("time", { class: "count", datetime: published }, `${DAY.format(new Date(published))} `),
      verified && element("span", { class: "count found__verified" }, "✓ Verified"),
    ),
  );
}

/**
 * More sections of a result, each an option after it.
 * @param {Result} result
 * @param {number} index
 * @param {{ root: URL, accents: Accents }} site
 */
export function moreSections(result, index, { root, accents }) {
  return result.more.map(({ href, section, sectionMarks }, i) =>
    element(
      "a",
      {
        id: `search--${index}-${i}`,
        class: "found found--more",
        role: "option",
        tabindex: -1,
        "aria-selected": "false",
        "data-accent": result.category && accents.get(result.category.slug),
        href: addressOf(result, root, href),
      },
      element("span", { class: "found__section", dir: "auto" }, ...marked(section, sectionMarks)),
    ),
  );
}

/** @param {(Node | string)[]} content @param {() => void} action @param {string} [looks] */
function button(content, action, looks = "search__link") {
  const made = element("button", { type: "button", class: looks }, ...content);
  made.addEventListener("click", action);
  return made;
}

/**
 * A link that is followed in place, but can be opened in another window and copied.
 * @param {string} content
 * @param {{ href: string, action: () => void }} way
 */
function link(content, { href, action }) {
  const made = element("a", { class: "search__link", href, dir: "auto" }, content);
  made.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    action();
  });
  return made;
}

/** @param {string} text */
const quoted = (text) => element("strong", { dir: "auto" }, text);
/** @param {string} text */
const shortened = (text) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

/** What the keys of the dialog do; screen readers know by its roles. */
export function keys() {
  const all = Object.entries({ "↑ ↓": "move", Enter: "open", Esc: "close" });
  const said = all.flatMap(([key, does]) => [element("kbd", {}, key), ` ${does} `]);
  return element("span", { class: "search__keys", "aria-hidden": "true" }, ...said);
}

/**
 * What is said above the list: what was corrected, which filters are none and, if nothing was found, what to do.
 * @param {Answer} answer
 * @param {State} state
 * @param {{ exactly: { href: string, action: () => void }, unfiltered: () => void }} ways
 */
export function summary(answer, state, { exactly, unfiltered }) {
  const { corrections, unknown, relaxed, total } = answer;
  return [
    ...(corrections.length && total ? [correction(corrections, exactly)] : []),
    ...(relaxed && total ? [element("p", {}, "No exact match. Closest results:")] : []),
    ...unknown.map((filter) => strange(filter, state)),
    ...(total ? [] : nothing(answer, state, unfiltered)),
  ];
}

/** @param {Answer["corrections"]} corrections @param {{ href: string, action: () => void }} exactly */
function correction(corrections, exactly) {
  const typed = corrections.map(({ from }) => from).join(" ");
  return element("p", {}, "Results for ", ...meantBy(corrections), "; ", link(`search ${typed} instead`, exactly));
}

/** @param {Answer["corrections"]} corrections */
const meantBy = (corrections) => corrections.flatMap(({ to }, i) => [i ? ", " : "", quoted(to)]);

/**
 * Says that a filter is none. The engine takes one that was typed for words, and does without one that an address or a list gave.
 * @param {string} filter
 * @param {State} state
 */
function strange(filter, { q }) {
  const instead = q.includes(filter) ? "its words were searched for" : "it was ignored";
  return element("p", {}, quoted(filter), ` is not a filter here, so ${instead}.`);
}

/** @param {Answer} answer @param {State} state @param {() => void} unfiltered */
function nothing({ outside, corrections }, state, unfiltered) {
  const sought = shortened(state.q.trim());
  const lead = element(
    "p",
    { class: "search__none" },
    "Nothing found",
    sought && " for ",
    sought && quoted(sought),
    ".",
  );
  if (!outside) return [lead, element("p", {}, "Try fewer words. A name, an error number or a tag is often enough.")];
  const meant = corrections.length ? [" for ", ...meantBy(corrections)] : [];
  return [
    lead,
    element("p", {}, plural(outside), ...meant, " without the filters. ", button(["Remove the filters"], unfiltered)),
  ];
}

/**
 * What went wrong, the way to try again and, where `elsewhere` is given, the way without the search.
 * @param {{ message: string }} error
 * @param {{ again: () => void, elsewhere?: string }} ways
 */
export function failure({ message }, { again, elsewhere }) {
  const ways = elsewhere && element("a", { class: "search__link", href: elsewhere }, "Or browse");
  const actions = element("p", { class: "search__actions" }, button(["Try again"], again, "search__more"), ways);
  return [element("p", { class: "search__none" }, message), actions];
}

/**
 * Where to start when nothing is typed: the subjects that have most, and what can be typed.
 * @param {Subjects | undefined} subjects
 * @param {{ chooseCategory: (slug: string) => void, chooseTag: (slug: string) => void, accents: Accents }} settings
 */
export function beginning(subjects, { chooseCategory, chooseTag, accents }) {
  const list = (
    /** @type {string} */ title,
    /** @type {Subject[]} */ items,
    /** @type {(slug: string) => void} */ choose,
  ) => {
    const chips = items.map(({ slug, name, count }) => {
      const content = [element("bdi", {}, name), element("span", { class: "count" }, count)];
      const accent = choose === chooseCategory && accents.get(slug);
      return element(
        "li",
        { "data-accent": accent },
        button(content, () => choose(slug), "tag"),
      );
    });
    const head = element("h2", { class: "label" }, title);
    return chips.length ? [element("section", {}, head, element("ul", { class: "children" }, ...chips))] : [];
  };
  const most = (/** @type {Subject[]} */ items) =>
    [...items].sort((one, other) => other.count - one.count || one.name.localeCompare(other.name)).slice(0, 12);
  const form = (/** @type {string} */ code, /** @type {string} */ means) =>
    element("div", {}, element("dt", {}, element("code", {}, code)), element("dd", {}, means));
  return [
    ...(subjects ? list("Start from a category", most(subjects.category), chooseCategory) : []),
    ...(subjects ? list("Or from a tag", most(subjects.tag), chooseTag) : []),
    element(
      "section",
      { class: "search__help" },
      element("h2", { class: "label" }, "What you can type"),
      element(
        "dl",
        { class: "search__forms" },
        form("ERROR 1062 (23000) at line 3", "a log line, verbatim"),
        form('"grace period"', "an exact phrase"),
        form("-kafka", "without this word"),
        form("tag:redis is:verified", "filters"),
      ),
    ),
  ];
}
