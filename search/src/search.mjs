// One query, from words to ranked articles.
import { isGeneral } from "./general.mjs";
import { passagesWith, standingFor } from "./literal.mjs";
import { complete, correct } from "./meant.mjs";
import { asksForLatest, isQuestion } from "./query.mjs";
import { latestFirst, PART, rank, score, weigh, withMeaning } from "./ranking.mjs";
import { beginningOf, lettersOf, slotsOf } from "./slots.mjs";
import { fold, isUnspaced, standingChunks, wholeOf } from "./tokens.mjs";

/** @typedef {import('./base.mjs').Base} Base */
/** @typedef {import('./lookup.mjs').Terms} Terms */
/** @typedef {import('./slots.mjs').Slot} Slot */

/** So many terms of a query are looked for: each may need a file. */
const MOST_TERMS = 8;
/** A word of which fewer letters are typed is not yet looked for in texts. */
const SHORT = 4;
/** A query of more words does without the most frequent. */
const FEW = 4;
/** So many ways of writing the query are compared with titles. */
const MOST_SPELLED = 4;

export class Search {
  /** @type {Map<Slot, string>} */
  #mended = new Map();
  /** @type {Float64Array | undefined} */
  #nearness;

  /** @param {Base} base @param {import('./query.mjs').Query} query @param {Terms} terms */
  constructor(base, query, terms) {
    this.base = base;
    this.query = query;
    this.terms = terms;
    this.slots = slotsOf(base, query);
  }

  /**
   * Finds where everything is.
   * @param {boolean} mend @param {import('./literal.mjs').Read} read
   * @param {(terms: [vector: Uint8Array, weight: number][]) => Promise<Float64Array | undefined>} near what articles are about,
   *   compared with what terms mean
   */
  async run(mend, read, near) {
    const { base, query, terms, slots } = this;
    // What most articles have tells them apart in a query of few words, and costs too much in one of many.
    const few = query.chunks.length <= FEW;
    const informative = slots.filter((slot) => !slot.common || (few && !isGeneral(slot.alternatives[0].term)));
    const chosen = informative.length > 1 ? informative : [...slots];
    // Whole identifiers first, then in the reader's order; how many, the weight of an answer decides.
    chosen.sort((a, b) => Number(a.part) - Number(b.part) || b.weight - a.weight);
    /** @type {Set<string>} */
    const begun = new Set();
    const sought = chosen.slice(0, MOST_TERMS).flatMap((slot) => {
      const terms = slot.alternatives.map(({ term }) => term);
      if (!slot.open) return terms;
      const beginning = beginningOf(slot.chunk);
      // Of a word of which hardly anything is typed, the titles say enough.
      const short = beginning.length < SHORT && !isUnspaced(beginning);
      if (short && chosen.length < 2 && base.isBegun(beginning)) return [];
      if (short && chosen.length > 1)
        return terms.filter((term) => !isGeneral(term) && (base.titles.has(term) || base.subjects.has(term)));
      for (const each of [...terms, beginning]) begun.add(each);
      return [...terms, beginning];
    });
    // What a question is about, its frequent words say as well.
    const rest = slots.filter((slot) => !chosen.includes(slot) && !isGeneral(slot.alternatives[0].term));
    if (isQuestion(query) && !query.phrases.length)
      sought.push(...rest.slice(0, Math.max(0, MOST_TERMS - chosen.length)).map((slot) => slot.alternatives[0].term));
    await terms.fetch(sought, begun);
    for (const slot of slots) slot.found = slot.alternatives.some(({ term }) => terms.known(term));
    for (const slot of slots) slot.typed = slot.found;
    for (const slot of slots) if (slot.open) complete(base, terms, slot);
    // A line of a log has names of machines and people; they are not misspelled.
    if (mend && !(query.logged && slots.some((slot) => slot.found && !slot.common))) {
      this.#mended = await correct(
        base,
        terms,
        slots,
        (term, word) => this.#stands(read, term, word),
        !isQuestion(query),
      );
    }
    weigh(slots);
    for (const slot of slots) score(base, terms, slot);
    if (isQuestion(query) && !query.phrases.length) this.#nearness = await near(this.#asked());
  }

  /** What a question is about: its words, mended, without those that every question has. */
  #asked() {
    /** @type {Map<string, number>} */
    const asked = new Map();
    for (const slot of this.slots) {
      const meant = slot.alternatives.find(({ word }) => this.#mended.has(slot) && word) ?? slot.alternatives[0];
      if (!isGeneral(meant.term)) asked.set(meant.term, slot.part ? PART : 1);
    }
    return [...asked].flatMap(([term, weight]) => {
      const vector = this.terms.vector(term);
      return vector ? [/** @type {[Uint8Array, number]} */ ([vector, weight])] : [];
    });
  }

  ranked() {
    const spelled = this.#spelled();
    const ranked = rank(this.base, this.query, this.slots, spelled);
    const title = this.base.articles[ranked[0]?.article]?.plain ?? "";
    const found =
      this.#nearness && !spelled.some((words) => title.includes(words)) ? withMeaning(ranked, this.#nearness) : ranked;
    return asksForLatest(this.query) ? latestFirst(this.base, found) : found;
  }

  /**
   * Whether the first article with a rare term has the word as it was typed.
   * @param {import('./literal.mjs').Read} read @param {string} term @param {string} word
   */
  async #stands(read, term, word) {
    const postings = this.terms.postings(term);
    const [place] = postings?.passages[0] ?? [];
    if (!postings || place === undefined) return false;
    const [, heading, text] = await read(postings.articles[0], place >> 1);
    return Array.from(standingChunks(`${heading} | ${text}`)).some(([chunk]) => lettersOf(chunk) === word);
  }

  /** What was typed, as titles are compared, and the same with the words that may have been meant. */
  #spelled() {
    const { plain: typed } = this.query;
    const spelled = [typed];
    for (const [slot, from] of this.#mended) {
      for (const { word } of slot.alternatives) {
        if (word && spelled.length < MOST_SPELLED) spelled.push(` ${typed} `.replace(` ${from} `, ` ${word} `).trim());
      }
    }
    return spelled.filter((words) => words.length > 2);
  }

  /** The articles that have what the query leaves out. */
  async leftOut() {
    const { base, query, terms } = this;
    /** @type {Set<number>} */
    const out = new Set();
    for (const words of query.without.slice(0, MOST_TERMS)) {
      const standing = words.map((word) => standingFor(base, word));
      await terms.fetch(standing.flat());
      const sets = standing.map((each) => new Set(each.flatMap((term) => [...terms.holders(term)])));
      for (const article of sets[0] ?? []) {
        const together = words.length < 2 || passagesWith(base, terms, article, words, 0).length > 0;
        if (together && sets.every((set) => set.has(article))) out.add(article);
      }
    }
    return out;
  }

  /** What to mark: terms with weights, and beginnings of words. */
  marked() {
    /** @type {Map<string, number>} */
    const terms = new Map();
    const beginnings = [];
    for (const slot of this.slots) {
      for (const { term, weight } of slot.alternatives)
        terms.set(term, Math.max(terms.get(term) ?? 0, slot.mass * weight));
      if (slot.open && slot.chunk.length > 1) beginnings.push(fold(slot.chunk));
    }
    return { terms, beginnings };
  }

  /** What was mended. @param {number[]} best the first articles @param {string} text */
  corrections(best, text) {
    const made = [];
    for (const [slot, from] of this.#mended) {
      const hit = best.map((article) => slot.hits.get(article)).find((h) => h?.alternative.word);
      const to = hit?.alternative.word ?? slot.alternatives.find(({ word }) => word)?.word;
      if (to) made.push({ from, to, query: replaced(text, slot.chunk, from, to) });
    }
    return made;
  }
}

/**
 * Which of the words to leave out are options of a command line: the rule is told in query.mjs.
 * @param {Base} base @param {import('./query.mjs').Query} query @param {Terms} terms @returns {Promise<Set<string>>}
 */
export async function optionsAmong(base, query, terms) {
  /** @type {Set<string>} */
  const options = new Set();
  const lone = query.without
    .filter((words) => words.length === 1)
    .map(([word]) => word)
    .slice(0, MOST_TERMS);
  const named = lone.map((word) => ({
    word,
    option: wholeOf(`-${word}`, false) ?? "",
    standing: standingFor(base, word),
  }));
  await terms.fetch(named.flatMap(({ option, standing }) => [option, ...standing]));
  for (const { word, option, standing } of named) {
    const known = standing.some((term) => terms.known(term));
    const asOption = terms.frequency(option);
    const asWord = Math.max(...standing.map((term) => terms.frequency(term)));
    const unlikeWord = word.length < 3 || /\p{Lu}/u.test(word) || standing.some((term) => base.common.has(term));
    if (!known || (asOption > 0 && (unlikeWord || asOption * 2 >= asWord))) options.add(word);
  }
  return options;
}

/**
 * The query with another word in place of a wrong one.
 * @param {string} text @param {string} chunk @param {string} from @param {string} to
 */
function replaced(text, chunk, from, to) {
  let index = text.indexOf(chunk);
  for (const found of standingChunks(text)) {
    if (found[0] !== chunk) continue;
    index = found.index; // and not inside a longer word before it
    break;
  }
  if (index < 0) return text;
  const inside = fold(chunk).indexOf(from);
  const word =
    inside >= 0 && from.length < chunk.length ? chunk.slice(0, inside) + to + chunk.slice(inside + from.length) : to;
  return text.slice(0, index) + word + text.slice(index + chunk.length);
}
