// The search engine: no DOM, no network of its own. A page's worker and Node both run it.
import { Base } from './base.mjs';
import { isGeneral, relatedTo } from './concepts.mjs';
import { candidates } from './correct.mjs';
import { SearchError } from './errors.mjs';
import { excerpt, hasPhrase, placesOf } from './excerpt.mjs';
import { parse, plain } from './query.mjs';
import { json, Shard, wordList } from './shards.mjs';
import { expand, fold, wholeOf } from './tokens.mjs';

export { SearchError };

const BASE = 'search/base.json';
const SATURATION = 1.2;
const TITLE = 4;
const SUBJECT = 2;
const NAMED = 4;
const FAINT = 0.05;
// A question of several words is worded unlike its answer: words that say little count for little, related words of titles
// count for much, and an article need not have every word. Set on one set of articles, tested on others:
// benchmarks/search/README.md.
const GENERAL = 0.35;
const RELATED = 0.8;
const QUESTION = { least: 0.35, power: 0.8, title: 1.4, passage: 0.15 };
const TERMS = { least: 0.25, power: 2, title: 1.4, passage: 0.15 };
// A posting with so many passages stands for all of its article's.
const EVERYWHERE = 8;
const HEADED = 1.5;
const MOST_SHARDS = 8;
const MOST_CHUNKS = 40;
const EXCERPT = 220;
const MOST_VERIFIED = 16;

/**
 * @typedef {object} Options
 * @property {number} [limit] how many results, 10 unless told
 * @property {number} [offset]
 * @property {string} [category] slug, name or synonym; so are the next two
 * @property {string} [subcategory]
 * @property {string | string[]} [tag] of several, an article carries all
 * @property {number} [least] minutes to read, at least
 * @property {number} [most] minutes to read, at most
 * @property {boolean} [verified] only articles whose claims a lab proves
 * @property {boolean} [correct] false: words are taken as typed
 * @property {AbortSignal} [signal]
 */
/**
 * @typedef {object} Result
 * @property {string} url path from the site's root
 * @property {string} href the same, with the section's anchor
 * @property {string} title
 * @property {import('./excerpt.mjs').Mark[]} titleMarks
 * @property {string} section its heading; empty for the text before the first
 * @property {import('./excerpt.mjs').Mark[]} sectionMarks
 * @property {string} anchor
 * @property {{text: string, marks: import('./excerpt.mjs').Mark[]}} excerpt
 * @property {{slug: string, name: string} | null} category
 * @property {{slug: string, name: string} | null} subcategory
 * @property {{slug: string, name: string}[]} tags
 * @property {number} minutes
 * @property {boolean} verified
 * @property {number} score
 */
/**
 * @typedef {object} Answer
 * @property {Result[]} results best first
 * @property {number} total how many articles were found
 * @property {number} outside of a search with filters that found nothing, how many there are without them
 * @property {{from: string, to: string, query: string}[]} corrections words not found, and what was looked for instead;
 *   `query` is the whole query with it
 * @property {{category: Record<string, number>, subcategory: Record<string, number>, tag: Record<string, number>}} facets
 *   how many of the articles found carry each, by slug
 * @property {string[]} unknown filters that name nothing on this site, as typed
 */
/** @typedef {{term: string, weight: number, word?: string, related?: boolean}} Alternative `word`: what the reader may have meant */
/**
 * One thing looked for: a word or an identifier, or a part of one.
 * @typedef {object} Slot
 * @property {string} chunk
 * @property {Alternative[]} alternatives
 * @property {number} weight
 * @property {boolean} common
 * @property {boolean} open
 * @property {boolean} part
 * @property {Map<number, Hit>} hits
 * @property {Set<number>} named articles that carry a subject of that very name
 * @property {number} mass what it is worth to match it
 * @property {boolean} found
 */
/** @typedef {{value: number, weight: number, passages: number[], alternative: Alternative, inTitle: number}} Hit */

/**
 * @param {object} settings
 * @param {(path: string, options: {signal?: AbortSignal, fresh?: boolean}) => Promise<ArrayBuffer | Uint8Array>} settings.load
 *   gives the bytes of a file of the site, by its path from the root; `fresh`: past any cache
 */
export function createEngine({ load }) {
  return new Engine(load);
}

/**
 * A `load` for pages and workers.
 * @param {string | URL} root the address of the site's root, with a slash at its end
 */
export function fetchFrom(root) {
  return async (/** @type {string} */ path, /** @type {{signal?: AbortSignal, fresh?: boolean}} */ { signal, fresh } = {}) => {
    const response = await fetch(new URL(path, root), { signal, cache: fresh ? 'reload' : 'default' });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return response.arrayBuffer();
  };
}

class Engine {
  #load;
  /** @type {Map<string, Promise<any>>} */
  #files = new Map();

  /** @param {Parameters<typeof createEngine>[0]['load']} load */
  constructor(load) {
    this.#load = load;
  }

  /** Loads what every query needs; worth calling when the reader opens the search. */
  async ready() {
    await this.#base();
  }

  /** What there is to filter by, with how many articles of each. */
  async subjects() {
    const { facets, holders } = await this.#base();
    const kinds = /** @type {import('./base.mjs').Subject['kind'][]} */ (['category', 'subcategory', 'tag']);
    return Object.fromEntries(
      kinds.map((kind) => [
        kind,
        facets[kind].map(({ slug, name, parent }, index) => ({
          slug,
          name,
          ...(parent === undefined ? {} : { category: facets.category[parent].slug }),
          count: holders[kind][index]?.length ?? 0,
        })),
      ]),
    );
  }

  /** Forgets all that was loaded. */
  reset() {
    this.#files.clear();
  }

  /**
   * @param {string} text what the reader typed
   * @param {Options} [options]
   * @returns {Promise<Answer>}
   */
  async search(text, options = {}) {
    const base = await this.#base();
    try {
      return await this.#answer(base, text, options);
    } catch (error) {
      if (!(error instanceof SearchError && error.kind === 'missing')) throw error;
      // A site that was built anew since the base was loaded has no longer its files.
      const again = await this.#base(true);
      if (again.version === base.version) throw error;
      return this.#answer(again, text, options);
    }
  }

  /** @param {boolean} [fresh] @returns {Promise<Base>} */
  #base(fresh = false) {
    if (fresh) this.#files.clear();
    return this.#file(BASE, (data) => new Base(json(data, BASE), BASE), fresh);
  }

  /** @template T @param {string} path @param {(data: Uint8Array, path: string) => T} read @param {boolean} [fresh] @returns {Promise<T>} */
  #file(path, read, fresh = false) {
    let file = this.#files.get(path);
    if (!file) {
      file = Promise.resolve()
        .then(() => this.#load(path, { fresh }))
        .catch((error) => {
          throw new SearchError('missing', path, error);
        })
        .then((data) => read(data instanceof Uint8Array ? data : new Uint8Array(data), path));
      this.#files.set(path, file);
      file.catch(() => this.#files.delete(path)); // so that trying again loads it again
    }
    return file;
  }

  /** @param {Base} base @param {number} number @returns {Promise<Shard>} */
  #shard(base, number) {
    return this.#file(`search/${base.version}/p${number}.bin`, (data, path) => new Shard(data, path));
  }

  /** @param {Base} base @param {number} length */
  #words(base, length) {
    const lengths = [length - 1, length, length + 1].map((n) => Math.min(n, Math.max(...base.words)));
    const files = [...new Set(lengths)].filter((n) => base.words.has(n));
    return Promise.all(files.map((n) => this.#file(`search/${base.version}/w${n}.txt`, wordList)));
  }

  /** @param {Base} base @param {string} text @param {Options} options @returns {Promise<Answer>} */
  async #answer(base, text, options) {
    const query = parse(text);
    const unknown = /** @type {string[]} */ ([]);
    const keep = filter(base, query, options, unknown);
    if (unknown.length) query.chunks.push(...query.filters.filter((f) => unknown.includes(f.text)).map((f) => f.value));
    /** @type {Answer} */
    const answer = { results: [], total: 0, outside: 0, corrections: [], facets: { category: {}, subcategory: {}, tag: {} }, unknown };
    const search = new Search(base, query, (number) => this.#shard(base, number), (length) => this.#words(base, length));
    await search.run(options.correct !== false);
    options.signal?.throwIfAborted();

    let ranked = query.chunks.length ? search.ranked() : base.articles.map((_, article) => ({ article, score: 0, passage: 0 }));
    if (!query.chunks.length && !keep && !text.trim()) ranked = [];
    if (!query.chunks.length && !keep && text.trim()) ranked = literal(base, text);
    const before = ranked.length;
    if (keep) ranked = ranked.filter(({ article }) => keep(base.articles[article]));
    const out = await search.leftOut();
    if (out.size) ranked = ranked.filter(({ article }) => !out.has(article));
    if (query.phrases.length) ranked = await this.#withPhrases(base, search, ranked, (options.offset ?? 0) + (options.limit ?? 10));
    if (!ranked.length) answer.outside = before;

    answer.total = ranked.length;
    for (const { article } of ranked) count(base, base.articles[article], answer.facets);
    const shown = ranked.slice(options.offset ?? 0, (options.offset ?? 0) + (options.limit ?? 10));
    answer.corrections = search.corrections(ranked.slice(0, 3).map(({ article }) => article), text);
    answer.results = await Promise.all(shown.map((found) => this.#result(base, search, found)));
    options.signal?.throwIfAborted();
    return answer;
  }

  /** @param {Base} base @param {number} article @param {number} passage @returns {Promise<[anchor: string, heading: string, text: string]>} */
  async #passage(base, article, passage) {
    const { starts } = base.articles[article];
    const chunk = starts.filter((start) => start <= passage).length;
    const path = `search/${base.version}/t${article}-${chunk}.json`;
    const rows = await this.#file(path, json);
    const row = rows[passage - (chunk ? starts[chunk - 1] : 0)];
    return Array.isArray(row) && row.length === 3 ? /** @type {any} */ (row) : ['', '', ''];
  }

  /** @param {Base} base @param {Search} search @param {Ranked} found @returns {Promise<Result>} */
  async #result(base, search, { article, score, passage }) {
    const row = base.articles[article];
    const [anchor, section, text] = await this.#passage(base, article, passage);
    const { terms, beginnings } = search.marked();
    const marks = (/** @type {string} */ where) => placesOf(where, terms, beginnings, base.stems);
    return {
      url: row.url,
      href: anchor ? `${row.url}#${anchor}` : row.url,
      title: row.title,
      titleMarks: marks(row.title).map(({ mark }) => mark),
      section,
      sectionMarks: marks(section).map(({ mark }) => mark),
      anchor,
      excerpt: excerpt(text, marks(text), EXCERPT),
      category: named(base.facets.category[row.category]),
      subcategory: named(base.facets.subcategory[row.subcategory]),
      tags: row.tags.map((tag) => /** @type {any} */ (named(base.facets.tag[tag]))),
      minutes: row.minutes,
      verified: row.verified,
      score: Math.round(score * 1e4) / 1e4,
    };
  }

  /**
   * Those of `ranked` that have every phrase, looked up in their texts until `wanted` are found.
   * @param {Base} base @param {Search} search @param {Ranked[]} ranked @param {number} wanted
   */
  async #withPhrases(base, search, ranked, wanted) {
    const phrases = search.query.phrases.map((words) => words.map(fold));
    const verified = /** @type {Ranked[]} */ ([]);
    let looked = 0;
    for (const found of ranked) {
      if (verified.length >= wanted || looked >= MOST_VERIFIED) break;
      let all = true;
      for (const phrase of phrases) {
        if (hasPhrase(base.articles[found.article].title, phrase)) continue;
        const passages = search.passagesWith(found.article, phrase, found.passage);
        let here = false;
        for (const passage of passages.slice(0, 4)) {
          looked++;
          const [, heading, text] = await this.#passage(base, found.article, passage);
          if (hasPhrase(`${heading} | ${text}`, phrase)) {
            found.passage = passage;
            here = true;
            break;
          }
        }
        all &&= here;
      }
      if (all) verified.push(found);
    }
    return verified;
  }
}

/** @typedef {{article: number, score: number, passage: number}} Ranked */

/** One query, from words to ranked articles. */
class Search {
  /** @type {Slot[]} */
  #slots = [];
  /** @type {Map<number, Shard>} */
  #shards = new Map();
  /** @type {Map<Slot, string>} */
  #corrected = new Map();

  /**
   * @param {Base} base @param {import('./query.mjs').Query} query
   * @param {(number: number) => Promise<Shard>} shard @param {(length: number) => Promise<{words: string[], amounts: number[]}[]>} words
   */
  constructor(base, query, shard, words) {
    this.base = base;
    this.query = query;
    this.shard = shard;
    this.words = words;
    const last = query.chunks.length - 1;
    query.chunks.slice(0, MOST_CHUNKS).forEach((chunk, i) => this.#add(chunk, query.open && i === last));
  }

  /** @param {string} chunk @param {boolean} open */
  #add(chunk, open) {
    const { base, query } = this;
    /** @type {Map<string, Alternative[]>} */
    const slots = new Map();
    const variants = base.stems.map((stemmed) => [...expand(chunk, stemmed)]);
    variants[0].forEach(([term], i) => {
      const others = variants.slice(1).flatMap((variant) => (variant[i] ? [variant[i][0]] : []));
      slots.set(term, [...new Set([term, ...others])].map((each) => ({ term: each, weight: 1 })));
    });
    const terms = [...slots];
    const whole = wholeOf(chunk, base.stems[0]);
    for (const [term, alternatives] of terms) {
      const number = /^[\d.]+$/.test(term);
      this.#slots.push({
        chunk,
        alternatives,
        weight: (number && query.chunks.length > 4 ? 0.6 : 1) * (query.chunks.length > 3 && base.stems[0] && isGeneral(term) ? GENERAL : 1),
        common: base.common.has(term),
        open: open && (term === whole || whole === undefined),
        part: whole !== undefined && term !== whole,
        hits: new Map(),
        named: new Set(),
        mass: 0,
        found: false,
      });
    }
    for (const { kind, index } of base.names.get(plain(chunk)) ?? []) {
      for (const article of base.holders[kind][index] ?? []) this.#slots.at(-1)?.named.add(article);
      // Another name of a subject stands for the subject's own.
      const canonical = base.facets[kind][index].name;
      const own = /\s/.test(canonical) ? undefined : wholeOf(canonical, base.stems[0]);
      if (own && plain(canonical) !== plain(chunk)) this.#slots.at(-1)?.alternatives.push({ term: own, weight: 0.95 });
    }
  }

  /** @param {boolean} correct */
  async run(correct) {
    const informative = this.#slots.filter((slot) => !slot.common);
    const wanted = informative.length > 1 ? informative : this.#slots;
    /** @type {Set<number>} */
    const shards = new Set();
    // Whole identifiers first, then in the reader's order; how many, the weight of an answer decides.
    for (const slot of [...wanted].sort((a, b) => Number(a.part) - Number(b.part) || b.weight - a.weight)) {
      for (const number of this.#shardsOf(slot)) if (shards.size < MOST_SHARDS) shards.add(number);
    }
    await this.#fetch(shards);
    for (const slot of this.#slots) this.#resolve(slot);
    if (correct) await this.#correct();
    if (this.query.chunks.length > 3 && !this.query.logged) this.#widen(informative);
    this.#weigh();
    for (const slot of this.#slots) this.#score(slot);
  }

  /** @param {Slot} slot */
  #shardsOf(slot) {
    const numbers = slot.alternatives.map(({ term }) => this.base.shardOf(term));
    if (slot.open) numbers.push(this.base.shardOf(fold(slot.chunk).replace(/[^\p{L}\p{N}]/gu, '')));
    return new Set(numbers);
  }

  /** Whether the slot's words were looked for: a long query may have more of them than an answer may weigh. @param {Slot} slot */
  #looked(slot) {
    return slot.alternatives.some(({ term }) => this.#shards.has(this.base.shardOf(term)));
  }

  /** @param {Iterable<number>} numbers */
  async #fetch(numbers) {
    const missing = [...numbers].filter((number) => !this.#shards.has(number) && number < this.base.shards.length);
    const shards = await Promise.all(missing.map((number) => this.shard(number)));
    missing.forEach((number, i) => this.#shards.set(number, shards[i]));
  }

  /** @param {string} term */
  #postings(term) {
    return this.#shards.get(this.base.shardOf(term))?.find(term);
  }

  /** @param {string} term */
  #known(term) {
    return this.base.titles.has(term) || this.#postings(term) !== undefined || this.base.subjects.has(term);
  }

  /** Sees whether the slot's words are there, and adds what they may be the beginning of. @param {Slot} slot */
  #resolve(slot) {
    slot.found = slot.alternatives.some(({ term }) => this.#known(term));
    if (!slot.open) return;
    const start = fold(slot.chunk).replace(/[^\p{L}\p{N}+#.]/gu, '');
    this.#extend(slot, start, slot.found ? 0.45 : 0.9);
  }

  /** @param {Slot} slot @param {string} start @param {number} weight */
  #extend(slot, start, weight) {
    if (!start) return;
    const have = new Set(slot.alternatives.map(({ term }) => term));
    /** @type {Map<string, number>} */
    const longer = new Map();
    const close = (/** @type {string} */ word) => weight * (0.6 + 0.4 * Math.min(1, start.length / word.length));
    for (const [word, terms] of this.base.titleTerms(start)) {
      for (const term of terms) longer.set(term, Math.max(longer.get(term) ?? 0, close(word)));
    }
    if (start.length > 1) {
      const shard = this.#shards.get(this.base.shardOf(start));
      if (shard) {
        for (let i = shard.lowest(start), n = 0; n < 24 && shard.terms[i]?.startsWith(start); i++, n++) {
          const term = shard.terms[i];
          if (!longer.has(term)) longer.set(term, close(term) * 0.9);
        }
        // The stem of a word whose ending is being typed: `gracefu` on the way from `grace` to `graceful`.
        for (let cut = 1; cut < 5 && start.length - cut > 3; cut++) {
          const root = start.slice(0, -cut);
          if (/^(?:e|ed|i|in|ing|ion|io|a|at|ati|atio|ation|f|fu|ful|m|me|men|ment|n|ne|nes|ness|ab|abl|able|y|l|ly|er|o|or|anc|anc?e|enc|ence?|is|iz|ize)$/.test(start.slice(-cut)) && this.#known(root)) {
            if (!longer.has(root)) longer.set(root, weight * 0.7);
            break;
          }
        }
      }
    }
    for (const [term, w] of [...longer].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 24)) {
      if (!have.has(term)) slot.alternatives.push({ term, weight: w });
      slot.found ||= this.#known(term);
    }
  }

  /** Looks for what was meant by words that are nowhere. */
  async #correct() {
    const anything = this.#slots.some((slot) => slot.found && !slot.common);
    const chunks = new Set(this.#slots.filter((slot) => slot.found).map((slot) => slot.chunk));
    const lost = this.#slots.filter(
      (slot) => !slot.found && this.#looked(slot) && (slot.part || !chunks.has(slot.chunk)),
    );
    if (this.query.logged && anything) return;
    for (const slot of lost.slice(0, 4)) {
      const word = slot.part ? slot.alternatives[0].term : fold(slot.chunk).replace(/[^\p{L}\p{N}]/gu, '');
      if (word.length < 3 || word.length > 40 || /^\d+$/.test(word)) continue;
      const parted = this.#parted(word);
      if (parted) {
        parted.forEach((term) => slot.alternatives.push({ term, weight: 0.6 }));
        await this.#fetch(parted.map((term) => this.base.shardOf(term)));
        slot.found = true;
        continue;
      }
      // Words of titles are at hand. A long word is rarely one letter from two words, so they need no other list.
      let meant = word.length > 5 ? candidates(word, [this.base.titleList], 3, 1) : [];
      if (!meant.length) meant = candidates(word, [...(await this.words(word.length)), this.base.titleList], 3);
      const alternatives = meant.flatMap(({ word: other }, i) =>
        this.base.stems.flatMap((stemmed) =>
          [...expand(other, stemmed).keys()].map((term) => ({ term, weight: 0.9 - 0.08 * i, word: other })),
        ),
      );
      await this.#fetch(new Set(alternatives.map(({ term }) => this.base.shardOf(term))));
      const known = alternatives.filter(({ term }) => this.#known(term));
      if (known.length) {
        slot.alternatives.push(...known);
        slot.found = true;
        this.#corrected.set(slot, word);
      } else {
        for (let length = word.length - 1; length > 2 && !slot.found; length--) {
          await this.#fetch([this.base.shardOf(word.slice(0, length))]);
          this.#extend(slot, word.slice(0, length), 0.4);
        }
      }
    }
  }

  /** Adds to the words of a question what its answer may say instead. @param {Slot[]} slots */
  #widen(slots) {
    if (!this.base.stems[0]) return;
    for (const slot of slots) {
      if (slot.part || this.#corrected.has(slot)) continue;
      const have = new Set(this.#slots.flatMap(({ alternatives }) => alternatives.map(({ term }) => term)));
      for (const term of relatedTo(slot.alternatives[0].term)) {
        if (!have.has(term) && this.base.titles.has(term)) slot.alternatives.push({ term, weight: RELATED, related: true });
      }
    }
  }

  /** Two known words written as one. @param {string} word */
  #parted(word) {
    for (let cut = word.length - 3; cut > 2; cut--) {
      const halves = [word.slice(0, cut), word.slice(cut)].map((half) => [...expand(half, this.base.stems[0]).keys()][0]);
      if (halves.every((half) => this.base.titles.has(half))) return halves;
    }
    return null;
  }

  /** @param {string} term */
  #frequency(term) {
    const postings = this.#postings(term);
    return Math.max(postings?.frequency ?? 0, this.base.titles.get(term)?.length ?? 0, this.base.common.get(term) ?? 0);
  }

  /** @param {string} term */
  #rarity(term) {
    const count = this.base.articles.length;
    const frequency = this.#frequency(term);
    return Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
  }

  /** Parts of an identifier count for little where the whole of it is known. */
  #weigh() {
    const whole = new Set(this.#slots.filter((slot) => slot.found && !slot.part).map((slot) => slot.chunk));
    for (const slot of this.#slots) if (slot.part && whole.has(slot.chunk)) slot.weight *= 0.25;
  }

  /** @param {Slot} slot */
  #score(slot) {
    const { base } = this;
    for (const alternative of slot.alternatives) {
      const { term, weight } = alternative;
      if (!this.#known(term)) continue;
      const rarity = this.#rarity(term);
      if (!alternative.related || !slot.found) slot.mass = Math.max(slot.mass, slot.weight * weight * rarity);
      /** @type {Map<number, {amount: number, passages: number[], inTitle: number}>} */
      const found = new Map();
      const postings = this.#postings(term);
      if (postings) {
        postings.articles.forEach((article, i) => {
          found.set(article, { amount: postings.weights[i], passages: postings.passages[i], inTitle: 0 });
        });
      }
      for (const [article, share] of base.titles.get(term) ?? []) {
        const entry = found.get(article) ?? { amount: 0, passages: [], inTitle: 0 };
        entry.amount += TITLE * share;
        entry.inTitle = share;
        found.set(article, entry);
      }
      for (const article of base.subjects.get(term) ?? []) {
        const entry = found.get(article) ?? { amount: 0, passages: [], inTitle: 0 };
        entry.amount += slot.named.has(article) ? NAMED : SUBJECT;
        found.set(article, entry);
      }
      if (postings?.cut) {
        // Most articles have it; which of them have it in no heading is not kept.
        for (let article = 0; article < base.articles.length; article++) {
          if (!found.has(article)) found.set(article, { amount: FAINT, passages: [], inTitle: 0 });
        }
      }
      for (const [article, { amount, passages, inTitle }] of found) {
        const value = (slot.weight * weight * rarity * amount) / (amount + SATURATION);
        const known = slot.hits.get(article);
        if (!known || known.value < value) slot.hits.set(article, { value, weight, passages, alternative, inTitle });
      }
    }
  }

  /** @returns {Ranked[]} */
  ranked() {
    const { base, query } = this;
    const all = this.#slots.reduce((sum, slot) => sum + slot.mass, 0) || 1;
    const shape = query.chunks.length > 4 && !query.logged ? QUESTION : TERMS;
    const spelled = this.#spelled();
    /** @type {Map<number, {value: number, mass: number, titled: number, words: number}>} */
    const sums = new Map();
    for (const slot of this.#slots) {
      for (const [article, hit] of slot.hits) {
        const sum = sums.get(article) ?? { value: 0, mass: 0, titled: 0, words: 0 };
        sum.value += hit.value;
        sum.mass += slot.mass * Math.min(1, hit.weight);
        sum.titled += slot.mass * hit.inTitle * hit.weight;
        if (!slot.part) sum.words += hit.inTitle;
        sums.set(article, sum);
      }
    }
    /** @type {Ranked[]} */
    const ranked = [];
    for (const [article, { value, mass, titled, words }] of sums) {
      const row = base.articles[article];
      const coverage = Math.min(1, mass / all);
      const inTitle = Math.min(1, titled / all);
      let score = value * (shape.least + (1 - shape.least) * coverage ** shape.power);
      score *= 1 + shape.title * inTitle * inTitle + 0.6 * inTitle * Math.min(1, words / row.words);
      score = spelled.reduce((best, words) => Math.max(best, likened(score, row.plain, words, query.chunks.length)), score);
      ranked.push({ article, score, passage: 0 });
    }
    ranked.sort(byScore);
    for (const found of ranked.slice(0, 80)) {
      const [passage, share] = this.#bestPassage(found.article, all);
      found.passage = passage;
      found.score *= 1 + shape.passage * share;
    }
    return ranked.sort(byScore);
  }

  /** What was typed, as titles are compared, and the same with the words that may have been meant. */
  #spelled() {
    const { plain: typed } = this.query;
    const spelled = [typed];
    for (const [slot, from] of this.#corrected) {
      for (const { word } of slot.alternatives) {
        if (word && spelled.length < 4) spelled.push(` ${typed} `.replace(` ${from} `, ` ${word} `).trim());
      }
    }
    return spelled.filter((words) => words.length > 2);
  }

  /** The passage of an article that has most of what is looked for. @param {number} article @param {number} all @returns {[number, number]} */
  #bestPassage(article, all) {
    /** @type {Map<number, number>} */
    const masses = new Map();
    let everywhere = 0;
    for (const slot of this.#slots) {
      const hit = slot.hits.get(article);
      if (!hit) continue;
      const mass = slot.mass * hit.weight;
      const spread = hit.passages.length >= EVERYWHERE;
      if (spread) everywhere += mass * 0.7;
      for (const place of hit.passages) {
        const share = mass * (place & 1 ? HEADED : 1) * (spread ? 0.3 : 1);
        masses.set(place >> 1, (masses.get(place >> 1) ?? 0) + share);
      }
    }
    let best = 0;
    let most = 0;
    for (const [passage, mass] of masses) {
      if (mass > most + 1e-9 || (mass > most - 1e-9 && passage < best)) [best, most] = [passage, mass];
    }
    return [best, Math.min(1, (most + everywhere) / all)];
  }

  /**
   * The passages of an article that have all `words`; `likely` where every passage may.
   * @param {number} article @param {string[]} words @param {number} likely
   */
  passagesWith(article, words, likely) {
    /** @type {Map<number, number>} */
    const seen = new Map();
    let needed = 0;
    for (const word of words) {
      const terms = this.#standingFor(word);
      const lists = terms.map((term) => this.#postings(term)).filter((postings) => postings !== undefined);
      if (!lists.length || terms.some((term) => this.base.common.has(term))) continue; // any passage may have it
      needed++;
      const here = new Set(lists.flatMap((p) => p.passages[p.articles.indexOf(article)] ?? []).map((place) => place >> 1));
      for (const passage of here) seen.set(passage, (seen.get(passage) ?? 0) + 1);
    }
    if (!needed) return [likely];
    return [...seen].filter(([, count]) => count === needed).map(([passage]) => passage).sort((a, b) => a - b);
  }

  /** The terms of which a text with the chunk has one. @param {string} chunk @returns {string[]} */
  #standingFor(chunk) {
    return this.base.stems.flatMap((stemmed) => wholeOf(chunk, stemmed) ?? [...expand(chunk, stemmed).keys()].slice(0, 1));
  }

  /** The articles that have a word that the query leaves out. */
  async leftOut() {
    /** @type {Set<number>} */
    const out = new Set();
    for (const chunk of this.query.without.slice(0, MOST_SHARDS)) {
      const terms = this.#standingFor(chunk);
      await this.#fetch(terms.map((term) => this.base.shardOf(term)));
      for (const term of terms) {
        for (const article of this.#postings(term)?.articles ?? []) out.add(article);
        for (const [article] of this.base.titles.get(term) ?? []) out.add(article);
        for (const article of this.base.subjects.get(term) ?? []) out.add(article);
      }
    }
    return out;
  }

  /** What to mark: terms with weights, and beginnings of words. */
  marked() {
    /** @type {Map<string, number>} */
    const terms = new Map();
    const beginnings = [];
    for (const slot of this.#slots) {
      for (const { term, weight } of slot.alternatives) terms.set(term, Math.max(terms.get(term) ?? 0, slot.mass * weight));
      if (slot.open && slot.chunk.length > 1) beginnings.push(fold(slot.chunk));
    }
    return { terms, beginnings };
  }

  /** @param {number[]} best the first articles @param {string} text */
  corrections(best, text) {
    const made = [];
    for (const [slot, from] of this.#corrected) {
      const hit = best.map((article) => slot.hits.get(article)).find((h) => h?.alternative.word);
      const to = hit?.alternative.word ?? slot.alternatives.find(({ word }) => word)?.word;
      if (to) made.push({ from, to, query: replaced(text, slot.chunk, from, to) });
    }
    return made;
  }
}

/**
 * A score, raised when the words are the title, its beginning, or stand in it one after another.
 * @param {number} score @param {string} title @param {string} words @param {number} count
 */
function likened(score, title, words, count) {
  const ratio = words.length / title.length;
  if (title === words) return score * 2 + 50;
  if (title.startsWith(words)) return score * (1.4 + ratio) + (count > 1 ? 20 * ratio : 0);
  return count > 1 && title.includes(words) ? score * (1.2 + 0.6 * ratio) : score;
}

/** @param {string} text @param {string} chunk @param {string} from @param {string} to */
function replaced(text, chunk, from, to) {
  const index = text.indexOf(chunk);
  if (index < 0) return text;
  const inside = fold(chunk).indexOf(from);
  const word = inside >= 0 && from.length < chunk.length ? chunk.slice(0, inside) + to + chunk.slice(inside + from.length) : to;
  return text.slice(0, index) + word + text.slice(index + chunk.length);
}

/** @param {Ranked} one @param {Ranked} other */
function byScore(one, other) {
  return other.score - one.score || one.article - other.article;
}

/** @param {import('./base.mjs').Facet | undefined} subject */
function named(subject) {
  return subject ? { slug: subject.slug, name: subject.name } : null;
}

/** Titles that contain what was typed as it stands: signs that are no words. @param {Base} base @param {string} text @returns {Ranked[]} */
function literal(base, text) {
  const sought = text.trim().slice(0, 100);
  return base.articles.flatMap((row, article) => (row.title.includes(sought) ? [{ article, score: 1, passage: 0 }] : []));
}

/** @param {Base} base @param {import('./base.mjs').Article} row @param {Answer['facets']} facets */
function count(base, row, facets) {
  for (const [kind, indexes] of /** @type {[import('./base.mjs').Subject['kind'], number[]][]} */ ([
    ['category', [row.category]],
    ['subcategory', [row.subcategory]],
    ['tag', row.tags],
  ])) {
    for (const index of indexes) {
      const slug = base.facets[kind][index]?.slug;
      if (slug) facets[kind][slug] = (facets[kind][slug] ?? 0) + 1;
    }
  }
}

/**
 * What the filters let through, or null when there are none.
 * @param {Base} base @param {import('./query.mjs').Query} query @param {Options} options @param {string[]} unknown
 * @returns {((row: import('./base.mjs').Article) => boolean) | null}
 */
function filter(base, query, options, unknown) {
  /** @type {((row: import('./base.mjs').Article) => boolean)[]} */
  const tests = [];
  /** @param {'category' | 'subcategory' | 'tag'} kind @param {string} value @param {string} text */
  const subject = (kind, value, text) => {
    const indexes = base.subject(kind, value);
    if (!indexes.length) return void unknown.push(text);
    tests.push((row) => indexes.some((index) => (kind === 'tag' ? row.tags.includes(index) : row[kind] === index)));
  };
  for (const kind of /** @type {const} */ (['category', 'subcategory'])) {
    const value = options[kind];
    if (value) subject(kind, value, `${kind}:${value}`);
  }
  for (const value of options.tag === undefined ? [] : [options.tag].flat()) subject('tag', value, `tag:${value}`);
  let { least = 0, most = Infinity, verified = false } = options;
  for (const { name, value, text } of query.filters) {
    if (name === 'tag' || name === 'category' || name === 'subcategory') subject(name, value, text);
    else if (name === 'is' && value.toLowerCase() === 'verified') verified = true;
    else if (name === 'length' && Object.hasOwn(LENGTHS, value)) [least, most] = LENGTHS[value];
    else if (name === 'minutes' && /^[<>]=?\d+$|^\d+(?:-\d+)?$/.test(value)) [least, most] = minutes(value);
    else unknown.push(text);
  }
  if (verified) tests.push((row) => row.verified);
  if (least > 0 || most < Infinity) tests.push((row) => row.minutes >= least && row.minutes <= most);
  return tests.length ? (row) => tests.every((test) => test(row)) : null;
}

/** Minutes of reading. @type {Record<string, [number, number]>} */
const LENGTHS = { short: [0, 7], medium: [8, 15], long: [16, Infinity] };

/** @param {string} value @returns {[number, number]} */
function minutes(value) {
  const [first, last = first] = (value.match(/\d+/g) ?? ['0']).map(Number);
  if (value.startsWith('<')) return [0, value[1] === '=' ? first : first - 1];
  if (value.startsWith('>')) return [value[1] === '=' ? first : first + 1, Infinity];
  return [first, last];
}
