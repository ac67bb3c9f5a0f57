// Which articles a reader wants to see at all: by subject, by length, by whether a lab proves them.

/** @typedef {import('./base.mjs').Base} Base */
/** @typedef {import('./base.mjs').Article} Article */
/** @typedef {import('./base.mjs').Subject['kind']} Kind */
/** @typedef {(row: Article) => boolean} Test */

/** @type {readonly Kind[]} */
export const KINDS = ["category", "subcategory", "tag", "author"];
/** Minutes of reading. @type {Map<string, [number, number]>} */
const LENGTHS = new Map([
  ["short", [0, 7]],
  ["medium", [8, 15]],
  ["long", [16, Infinity]],
]);

/**
 * What the filters let through, or null when there are none; and those that name nothing here.
 * @param {Base} base @param {import('./query.mjs').Query['filters']} filters @param {import('./engine.mjs').Options} options
 * @returns {{keep: Test | null, unknown: {value: string, text: string, not?: boolean}[]}}
 */
export function filterOf(base, filters, options) {
  /** @type {Test[]} */
  const tests = [];
  const unknown = [];
  for (const kind of KINDS) {
    for (const value of [options[kind] ?? []].flat()) {
      const test = value && ofSubject(base, kind, value);
      if (test) tests.push(test);
      else if (value) unknown.push({ value, text: `${kind}:${value}` });
    }
  }
  let { least = 0, most = Infinity } = options;
  if (options.verified) tests.push((row) => row.verified);
  for (const filter of filters) {
    const { name, value, not } = filter;
    const length =
      name === "length" ? LENGTHS.get(value.toLowerCase()) : name === "minutes" ? minutes(value) : undefined;
    const test = isKind(name) ? ofSubject(base, name, value) : (ofRow(name, value) ?? (length && between(length)));
    if (!test) unknown.push(filter);
    else if (not) tests.push((row) => !test(row));
    else if (length)
      [least, most] = length; // in place of the option
    else tests.push(test);
  }
  if (least > 0 || most < Infinity) tests.push(between([least, most]));
  return { keep: tests.length ? (row) => tests.every((test) => test(row)) : null, unknown };
}

/**
 * Adds an article to what was found of each subject.
 * @param {Base} base @param {Article} row @param {Record<Kind, Record<string, number>>} facets
 */
export function count(base, row, facets) {
  for (const kind of KINDS) {
    for (const index of indexesOf(row, kind)) {
      const slug = base.facets[kind][index]?.slug;
      if (slug) facets[kind][slug] = (facets[kind][slug] ?? 0) + 1;
    }
  }
}

/** A subject as results tell it. @param {import('./base.mjs').Facet | undefined} subject */
export function named(subject) {
  return subject ? { slug: subject.slug, name: subject.name } : null;
}

/** @param {string} name @returns {name is Kind} */
function isKind(name) {
  return KINDS.includes(/** @type {Kind} */ (name));
}

/** @param {Base} base @param {Kind} kind @param {string} value @returns {Test | undefined} */
function ofSubject(base, kind, value) {
  const indexes = base.subject(kind, value);
  if (!indexes.length) return undefined;
  return (row) => indexesOf(row, kind).some((index) => indexes.includes(index));
}

/** The subjects that an article carries. @param {Article} row @param {Kind} kind @returns {number[]} */
function indexesOf(row, kind) {
  if (kind === "tag") return row.tags;
  return kind === "author" ? row.authors : [row[kind]];
}

/** @param {string} name @param {string} value @returns {Test | undefined} */
function ofRow(name, value) {
  return name === "is" && value.toLowerCase() === "verified" ? (row) => row.verified : undefined;
}

/** @param {[number, number]} range @returns {Test} */
function between([least, most]) {
  return (row) => row.minutes >= Math.max(1, least) && row.minutes <= most; // a page that is no article has no length
}

/** @param {string} value @returns {[number, number] | undefined} */
function minutes(value) {
  if (!/^[<>]=?\d+$|^\d+(?:-\d+)?$/.test(value)) return undefined;
  const [first, last = first] = (value.match(/\d+/g) ?? []).map(Number);
  if (value.startsWith("<")) return [0, value[1] === "=" ? first : first - 1];
  if (value.startsWith(">")) return [value[1] === "=" ? first : first + 1, Infinity];
  return [first, last];
}
