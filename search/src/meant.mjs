// What a reader may have meant beside what was typed: the rest of a word, a word with a letter wrong.

import { candidates } from "./correct.mjs";
import { isGeneral } from "./general.mjs";
import { beginningOf, lettersOf } from "./slots.mjs";
import { americanBeginning } from "./spelling.mjs";
import { expand, isUnspaced } from "./tokens.mjs";

/** @typedef {import('./base.mjs').Base} Base */
/** @typedef {import('./lookup.mjs').Terms} Terms */
/** @typedef {import('./slots.mjs').Slot} Slot */

/** So many ways to go on from a beginning are looked for. */
const MOST_LONGER = 24;
/** A word being typed: what goes on from it, where the word itself is none, and where it is one. */
const BEGUN = { alone: 0.9, beside: 0.45, cut: 0.4 };
/** An ending typed or half typed: `gracefu` on the way from `grace` to `graceful`. */
const ENDINGS = "able ance ation ed ence er ful ing ion is ize ly ment ness or y".split(" ");
const BEGUN_ENDINGS = new Set(ENDINGS.flatMap((ending) => Array.from(ending, (_, i) => ending.slice(0, i + 1))));
/** The likeliest word that was meant, as if it were typed, or nearly. */
const MEANT = 0.95;
/** How much less for each step of likelihood that another is behind it. */
const LESS_LIKELY = 0.85;
/** A word that is in an article or two, or begins a rare one: its frequent neighbour comes along. */
const BESIDE = 0.9;
/** A word in one of so many articles and less is doubted. */
const RARE = 400;
/** So many times more frequent is a neighbour worth having. */
const FAR_MORE = 4;
/** Two words written as one: each. */
const HALF = 0.6;
/** So many words that may have been meant by one. */
const MOST_MEANT = 3;
/** A query has few wrong words; more of them are no words at all. */
const MOST_LOST = 4;

/** Adds what the slot's word may be the beginning of. @param {Base} base @param {Terms} terms @param {Slot} slot */
export function complete(base, terms, slot) {
  const start = beginningOf(slot.chunk);
  const weight = slot.found ? BEGUN.beside : BEGUN.alone;
  for (const each of new Set([start, americanBeginning(start)])) extend(base, terms, slot, each, weight);
}

/** @param {Base} base @param {Terms} terms @param {Slot} slot @param {string} start @param {number} weight */
function extend(base, terms, slot, start, weight) {
  if (!start) return;
  const have = new Set(slot.alternatives.map(({ term }) => term));
  /** @type {Map<string, number>} */
  const longer = new Map();
  const close = (/** @type {string} */ word) => weight * (0.6 + 0.4 * Math.min(1, start.length / word.length));
  for (const [word, made] of base.titleTerms(start)) {
    for (const term of made) longer.set(term, Math.max(longer.get(term) ?? 0, close(word)));
  }
  if (start.length > 1 || isUnspaced(start)) {
    for (const term of terms.longer(start, MOST_LONGER)) if (!longer.has(term)) longer.set(term, close(term) * 0.9);
    for (let cut = 1; cut < 5 && start.length - cut > 3; cut++) {
      const root = start.slice(0, -cut);
      if (BEGUN_ENDINGS.has(start.slice(-cut)) && terms.looked(start) && terms.known(root)) {
        if (!longer.has(root)) longer.set(root, weight * 0.7);
        break;
      }
    }
  }
  for (const [term, w] of [...longer].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MOST_LONGER)) {
    if (!have.has(term)) slot.alternatives.push({ term, weight: w, begun: true });
    slot.found ||= terms.known(term);
  }
}

/**
 * Looks for what was meant by words that are nowhere, or that hit by their stem or as a beginning what is next to nowhere.
 * @param {Base} base @param {Terms} terms @param {Slot[]} slots
 * @param {(term: string, word: string) => Promise<boolean>} stands whether an article with the term has the word as typed
 * @param {boolean} thorough among all words; else, for a question, whose other words say enough, among those of titles
 * @returns {Promise<Map<Slot, string>>} the words that were mended
 */
export async function correct(base, terms, slots, stands, thorough) {
  /** @type {Map<Slot, string>} */
  const mended = new Map();
  const chunks = new Set(slots.filter((slot) => slot.found).map((slot) => slot.chunk));
  const rare = Math.max(1, base.articles.length / RARE);
  let tried = 0;
  for (const slot of slots) {
    const { chunk, found, part, alternatives } = slot;
    if (tried >= MOST_LOST) break;
    const lost = !found && alternatives.some(({ term }) => terms.looked(term)) && (part || !chunks.has(chunk));
    const word = part ? alternatives[0].term : lettersOf(chunk);
    if (lost) {
      tried++;
      if (word.length < 3 || word.length > 40 || /^\d+$/.test(word)) continue;
      if (await mend(base, terms, slot, word, thorough)) mended.set(slot, word);
      continue;
    }
    if (await undo(base, terms, slot)) {
      mended.set(slot, word);
      continue;
    }
    // A stem, or what goes on from it, was found. Was it the word? Names and identifiers are as they are.
    const isWord = !part && word.length > 3 && /^\p{Lu}?\p{Ll}+$/u.test(chunk);
    const doubtful = isWord && alternatives.every(({ term }) => terms.frequency(term) <= rare && !terms.vector(term));
    if (!doubtful || base.isTitled(word) || base.named.has(word)) continue;
    tried++;
    if (await doubt(base, terms, slot, word, stands)) mended.set(slot, word);
  }
  return mended;
}

/** An error that an author made too: the index knows what was meant. @param {Base} base @param {Terms} terms @param {Slot} slot */
async function undo(base, terms, slot) {
  const meant = slot.alternatives.flatMap(({ term, begun }) => (begun ? [] : terms.meant(term) || []));
  if (!meant.length) return false;
  // Articles with the error are among those of the word that was meant.
  slot.alternatives = [];
  return adopt(
    base,
    terms,
    slot,
    meant.map((word) => ({ word, rank: 0 })),
    0,
    1,
  );
}

/** @param {Base} base @param {Terms} terms @param {Slot} slot @param {string} word @param {boolean} thorough */
async function mend(base, terms, slot, word, thorough) {
  // Words of titles are at hand. A long word is rarely one letter from two words, so they need no other list.
  let meant = word.length > 5 ? candidates(word, [base.titleList], MOST_MEANT, 1) : [];
  const lists = [base.titleList];
  for (const by of /** @type {const} */ (["begin", "end"])) {
    if (meant.length || !thorough) break;
    lists.push(await terms.words(word, by));
    meant = candidates(word, lists, MOST_MEANT, 1);
  }
  if (!meant.length) meant = candidates(word, lists, MOST_MEANT, 1);
  if (await adopt(base, terms, slot, meant, 0, MEANT)) return true;
  const parted = partsOf(base, word);
  if (parted) {
    for (const term of parted) slot.alternatives.push({ term, weight: HALF });
    await terms.fetch(parted);
    slot.found = true;
    return false;
  }
  if (word.length > 7 && (await adopt(base, terms, slot, candidates(word, lists, MOST_MEANT, 2), 0, MEANT)))
    return true;
  for (let length = word.length - 1; thorough && length > 2 && !slot.found; length--) {
    await terms.fetch([word.slice(0, length)]);
    extend(base, terms, slot, word.slice(0, length), BEGUN.cut);
  }
  return false;
}

/** @param {Base} base @param {Terms} terms @param {Slot} slot @param {string} word @param {Parameters<typeof correct>[3]} stands */
async function doubt(base, terms, slot, word, stands) {
  const meant = candidates(word, [base.titleList], MOST_MEANT, 1);
  if (!meant.length) return false;
  const [{ term }] = slot.alternatives;
  const frequency = Math.max(...slot.alternatives.map((each) => terms.frequency(each.term)), 1);
  const own = slot.alternatives.length;
  if (!(await adopt(base, terms, slot, meant, frequency * FAR_MORE, BESIDE))) return false;
  // However rare it is, it tells no more than the word that may have been meant.
  const most = Math.max(...slot.alternatives.slice(own).map(({ term }) => terms.rarity(term)));
  for (const each of slot.alternatives.slice(0, own)) each.weight *= Math.min(1, most / (terms.rarity(each.term) || 1));
  return terms.known(term) && !(await stands(term, word));
}

/**
 * Adds those of the words that are in at least so many articles.
 * @param {Base} base @param {Terms} terms @param {Slot} slot @param {{word: string, rank: number}[]} meant likeliest first
 * @param {number} least @param {number} weight of the likeliest
 */
async function adopt(base, terms, slot, meant, least, weight) {
  const have = new Set(slot.alternatives.map(({ term }) => term));
  const others = meant.flatMap(({ word, rank }) => {
    const share = weight * LESS_LIKELY ** (meant[0].rank - rank);
    return base.stems.flatMap((stemmed) =>
      Array.from(expand(word, stemmed).keys(), (term) => ({ term, weight: share, word })),
    );
  });
  await terms.fetch(others.map(({ term }) => term));
  const known = others.filter(({ term }) => !have.has(term) && terms.known(term) && terms.frequency(term) >= least);
  slot.alternatives.push(...known);
  slot.found ||= known.length > 0;
  return known.length > 0;
}

/** Two known words written as one, each of which says something. @param {Base} base @param {string} word */
function partsOf(base, word) {
  for (let cut = word.length - 3; cut > 2; cut--) {
    const halves = [word.slice(0, cut), word.slice(cut)].map((half) => [...expand(half, base.stems[0]).keys()][0]);
    if (halves.every((half) => base.titles.has(half) && !isGeneral(half))) return halves;
  }
  return null;
}
