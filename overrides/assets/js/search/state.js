// What a reader searches for, as an address keeps it: ?q=…&category=…&subcategory=…&tag=…&author=…&length=short&verified=1&order=date&exact=1

export const LONGEST = 2000; // letters of a query: the engine reads no more
/** @typedef {{ q: string, exact: string, order: string } & typeof NO_FILTERS} State */
/** @typedef {import("../../../../search/src/engine.mjs").Options} Options */
/** @typedef {{ text: string, options: Options }} Question */

/** @type {Record<string, [name: string, least: number, most?: number]>} */
export const LENGTHS = {
  short: ["Up to 7 min", 0, 7],
  medium: ["8 to 15 min", 8, 15],
  long: ["16 min or more", 16],
};
export const NO_FILTERS = { category: "", subcategory: "", tag: "", author: "", length: "", verified: "" };

// The filters that a query can hold itself, as search/src/query.mjs reads them.
const TYPED_FILTER = /(?<!\S)(?:tag|category|subcategory|author|is|length|minutes):(?:"[^"]*"|[^\s"]+)\s*/giu;

/**
 * A text as the field may hold it: one line, and not too long.
 * @param {string} text
 */
export const tidy = (text) => text.slice(0, LONGEST).replace(/\s+/g, " ");

/** @param {string} text */
export const withoutTypedFilters = (text) => text.replace(TYPED_FILTER, "");

/**
 * The words of a query that are looked for.
 * @param {string} text
 */
export const wordsOf = (text) =>
  withoutTypedFilters(text)
    .toLowerCase()
    .split(/[\s"]+/)
    .filter((word) => /^[^-]/.test(word));

/**
 * The state that the query of an address asks for; `exact`: words are taken as typed.
 * @param {string} query
 */
export function read(query) {
  const given = new URLSearchParams(query);
  /** @type {State} */
  const state = { ...NO_FILTERS, q: tidy(given.get("q") ?? ""), exact: given.get("exact") ? "1" : "", order: "" };
  if (given.get("order") === "date") state.order = "date";
  const names = /** @type {(keyof typeof NO_FILTERS)[]} */ (Object.keys(NO_FILTERS));
  for (const name of names) state[name] = (given.get(name) ?? "").slice(0, 200);
  if (!Object.hasOwn(LENGTHS, state.length)) state.length = "";
  return state;
}

/**
 * The query of the address that leads to `state`; empty when nothing is searched for.
 * @param {State} state
 */
export function write(state) {
  const given = Object.entries({ ...state, q: state.q.trim() }).filter(([, value]) => value);
  return new URLSearchParams(given).toString();
}

/**
 * What the engine is to answer; nothing when nothing is searched for.
 * @param {State} state
 * @param {number} limit how many results
 * @param {number} excerpts of how many the texts are loaded
 * @returns {Question | undefined}
 */
export function questionOf(state, limit, excerpts) {
  const { q, exact, order, length, verified, ...subjects } = state;
  if (!write({ ...state, exact: "", order: "" })) return undefined;
  const [, least, most] = LENGTHS[length] ?? [];
  const filters = { ...subjects, tag: subjects.tag || [], least, most, verified: !!verified };
  const by = /** @type {"date" | undefined} */ (order || undefined);
  return { text: q, options: { ...filters, correct: !exact, order: by, limit, excerpts } };
}
