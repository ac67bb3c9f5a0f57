// What is looked for: each word of a query, with all the terms that would do for it.
import { isGeneral } from "./general.mjs";
import { asksForLatest, isLatest, plain } from "./query.mjs";
import { expand, fold, wholeOf } from "./tokens.mjs";

/** So many words of a query are looked at; pasted text may have thousands. */
const MOST_CHUNKS = 40;
/** A word that says little, among several, as part of one that says all. */
const GENERAL = 0.35;
/** A number in a long query is mostly an amount. */
const NUMBER = 0.6;
/** The own name of a subject, where the reader gave another of its names. */
const SYNONYM = 0.95;

/**
 * @typedef {object} Alternative
 * @property {string} term
 * @property {number} weight
 * @property {string} [word] what the reader may have meant, for a word typed wrong
 * @property {boolean} [begun] a term that the word is the beginning of
 */
/**
 * What an article has of a slot. `titled` is how much of the title's weight it has: 1 for the word itself.
 * @typedef {{value: number, weight: number, passages: number[], alternative: Alternative, titled: number}} Hit
 */
/**
 * One thing looked for: a word or an identifier, or a part of one.
 * @typedef {object} Slot
 * @property {string} chunk as typed
 * @property {string} word the same without case, accents and signs
 * @property {Alternative[]} alternatives
 * @property {number} weight
 * @property {boolean} common
 * @property {boolean} open it may be the beginning of a word
 * @property {boolean} part of an identifier whose whole is another slot
 * @property {Map<number, Hit>} hits by article
 * @property {Set<number>} named articles that carry a subject of that very name
 * @property {number} mass what it is worth to match it
 * @property {boolean} found
 * @property {boolean} typed it is a word as it was typed, not only the beginning of one
 */

/** @param {import('./base.mjs').Base} base @param {import('./query.mjs').Query} query @returns {Slot[]} */
export function slotsOf(base, query) {
  const last = query.chunks.length - 1;
  return query.chunks
    .slice(0, MOST_CHUNKS)
    .flatMap((chunk, i) => slotsOfChunk(base, query, chunk, query.open && i === last));
}

/** The letters and digits of a chunk, folded. @param {string} chunk */
export function lettersOf(chunk) {
  return fold(chunk).replace(/[^\p{L}\p{N}]/gu, "");
}

/** A chunk as the beginning of a term: an option goes on as an option. @param {string} chunk */
export function beginningOf(chunk) {
  const [dashes] = /^-*/.exec(chunk) ?? [""];
  return dashes + fold(chunk).replace(/[^\p{L}\p{N}+#.]/gu, "");
}

/** @param {import('./base.mjs').Base} base @param {import('./query.mjs').Query} query @param {string} chunk @param {boolean} open */
function slotsOfChunk(base, query, chunk, open) {
  // A site in two languages has terms of both kinds, made one by one of the same parts.
  const variants = base.stems.map((stemmed) => [...expand(chunk, stemmed).keys()]);
  const whole = wholeOf(chunk, base.stems[0]);
  /** @type {Map<string, Slot>} */
  const slots = new Map();
  variants[0].forEach((term, i) => {
    const terms = new Set(variants.flatMap((variant) => variant[i] ?? []));
    const number = /^[\d.]+$/.test(term) && query.chunks.length > 4;
    const general = query.chunks.length > 3 && base.stems[0] && isGeneral(term);
    const latest = asksForLatest(query) && isLatest(chunk);
    slots.set(term, {
      chunk,
      word: lettersOf(chunk),
      alternatives: Array.from(terms, (each) => ({ term: each, weight: 1 })),
      weight: (number ? NUMBER : 1) * (general || latest ? GENERAL : 1),
      common: base.common.has(term),
      open: open && (term === whole || whole === undefined),
      part: whole !== undefined && term !== whole,
      hits: new Map(),
      named: new Set(),
      mass: 0,
      found: false,
      typed: false,
    });
  });
  const made = [...slots.values()];
  const main = made.at(-1);
  for (const { kind, index } of main ? (base.named.get(plain(chunk)) ?? []) : []) {
    for (const article of base.holders[kind][index] ?? []) main?.named.add(article);
    const canonical = base.facets[kind][index].name;
    const own = /\s/.test(canonical) ? undefined : wholeOf(canonical, base.stems[0]);
    if (own && plain(canonical) !== plain(chunk)) main?.alternatives.push({ term: own, weight: SYNONYM });
  }
  return made;
}
