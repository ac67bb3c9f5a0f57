// What a reader searches for, as an address keeps it: ?q=…&category=…&subcategory=…&tag=…&length=short&verified=1&exact=1

export const LONGEST = 2000; // letters of a query: the engine reads no more
export const LENGTHS = { short: ["Up to 7 min", 0, 7], medium: ["8 to 15 min", 8, 15], long: ["16 min or more", 16] };
export const NO_FILTERS = { category: "", subcategory: "", tag: "", length: "", verified: "" };

// The filters that a query can hold itself, as search/src/query.mjs reads them.
const TYPED_FILTER = /(?<!\S)(?:tag|category|subcategory|is|length|minutes):(?:"[^"]*"|[^\s"]+)\s*/giu;

/** A text as the field may hold it: one line, and not too long. */
export const tidy = (text) => text.slice(0, LONGEST).replace(/\s+/g, " ");

export const withoutTypedFilters = (text) => text.replace(TYPED_FILTER, "");

/** The state that the query of an address asks for; `exact`: words are taken as typed. */
export function read(query) {
  const given = new URLSearchParams(query);
  const state = { q: tidy(given.get("q") ?? ""), exact: given.get("exact") ? "1" : "" };
  for (const name of Object.keys(NO_FILTERS)) state[name] = (given.get(name) ?? "").slice(0, 200);
  if (!Object.hasOwn(LENGTHS, state.length)) state.length = "";
  return state;
}

/** The query of the address that leads to `state`; empty when nothing is searched for. */
export function write(state) {
  const given = Object.entries({ ...state, q: state.q.trim() }).filter(([, value]) => value);
  return new URLSearchParams(given).toString();
}

/** What the engine is to answer; nothing when nothing is searched for. */
export function questionOf(state, limit) {
  const { q, exact, length, verified, ...subjects } = state;
  if (!write({ ...state, exact: "" })) return undefined;
  const [, least, most] = LENGTHS[length] ?? [];
  const options = { ...subjects, tag: subjects.tag || [], least, most, verified: !!verified, correct: !exact, limit };
  return { text: q, options };
}
