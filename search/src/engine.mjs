// The search engine: no DOM, no network of its own. A page's worker and Node both run it.
import { Base } from "./base.mjs";
import { SearchError } from "./errors.mjs";
import { excerpt, placesOf } from "./excerpt.mjs";
import { count, filterOf, KINDS, named } from "./filters.mjs";
import { exactFirst, linesFirst, verbatimFirst, withPhrases } from "./literal.mjs";
import { Terms } from "./lookup.mjs";
import { Meaning } from "./meaning.mjs";
import { isQuestion, parse } from "./query.mjs";
import { bestPassages, everything, newestFirst, titledLiterally } from "./ranking.mjs";
import { optionsAmong, Search } from "./search.mjs";
import { crc32, json, Shard, textRows, unpacked, wordList } from "./shards.mjs";
import { chunksOf } from "./tokens.mjs";

export { SearchError };

const BASE = "search/base.json";
const PARTS = "search/parts/";
const LIMIT = 10;
const DAY = 86_400_000; // ms
/** So many more sections of an article, each with so much of what the best has. */
const MOST_MORE = 2;
const NEARLY = 0.7;
/** How long an excerpt is, in characters. */
const EXCERPT = 220;

/**
 * @typedef {object} Options
 * @property {number} [limit] how many results, 10 unless told
 * @property {number} [offset]
 * @property {number} [excerpts] of so many results, from the first, the text is loaded, for section and excerpt: none
 *   unless told, because texts are most of what an answer loads. Of another result they are told only if its text was
 *   loaded before
 * @property {string} [category] slug, name or synonym; so are the next two
 * @property {string} [subcategory]
 * @property {string | string[]} [tag] of several, an article carries all
 * @property {string} [author] slug or name
 * @property {number} [least] minutes to read, at least
 * @property {number} [most] minutes to read, at most
 * @property {boolean} [verified] only articles whose claims a lab proves
 * @property {'date'} [order] the newest first; otherwise the best
 * @property {boolean} [correct] false: words are taken as typed
 * @property {AbortSignal} [signal]
 */
/**
 * A section of a result: where it is, and why it was found.
 * @typedef {{href: string, anchor: string, section: string, sectionMarks: import('./excerpt.mjs').Mark[],
 *   excerpt: {text: string, marks: import('./excerpt.mjs').Mark[]}}} Found
 */
/**
 * @typedef {object} Result
 * @property {string} url path from the site's root
 * @property {string} href the same, with the section's anchor
 * @property {string} title
 * @property {import('./excerpt.mjs').Mark[]} titleMarks
 * @property {boolean} read its text is loaded, so that the next five say where in it the words are
 * @property {string} section its heading; empty for the text before the first
 * @property {import('./excerpt.mjs').Mark[]} sectionMarks
 * @property {string} anchor
 * @property {{text: string, marks: import('./excerpt.mjs').Mark[]}} excerpt
 * @property {{slug: string, name: string} | null} category
 * @property {{slug: string, name: string} | null} subcategory
 * @property {{slug: string, name: string}[]} tags
 * @property {{slug: string, name: string}[]} authors
 * @property {number} minutes 0 for a page that is no article
 * @property {string} published the day, as 2026-11-28; empty for a page that has none
 * @property {boolean} verified
 * @property {Found[]} more up to two more sections of the article that have what is looked for, if its text is loaded
 * @property {number} score
 */
/**
 * @typedef {object} Answer
 * @property {Result[]} results best first
 * @property {number} total how many articles were found
 * @property {number} outside of a search with filters that found nothing, how many there are without them
 * @property {{from: string, to: string, query: string}[]} corrections words not found, and what was looked for instead;
 *   `query` is the whole query with it
 * @property {Record<import('./base.mjs').Subject['kind'], Record<string, number>>} facets
 *   how many of the articles found carry each, by slug
 * @property {boolean} relaxed nothing had all that was asked, so quoted words were looked for one by one, or words that were
 *   to be left out were looked for
 * @property {string[]} unknown filters that name nothing on this site, as typed
 */
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
  return async (
    /** @type {string} */ path,
    /** @type {{signal?: AbortSignal, fresh?: boolean}} */ { signal, fresh } = {},
  ) => {
    const response = await fetch(new URL(path, root), { signal, cache: fresh ? "reload" : "default" });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return response.arrayBuffer();
  };
}

class Engine {
  #load;
  /** @type {Map<string, Promise<any>>} */
  #files = new Map();
  /** Names of the texts that are there. @type {Set<string>} */
  #loaded = new Set();

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
    return Object.fromEntries(
      KINDS.map((kind) => [
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
    this.#loaded.clear();
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
      if (!(error instanceof SearchError && error.kind === "missing")) throw error;
      // A site that was built anew since the base was loaded has no longer its files.
      const again = await this.#base(true);
      if (Object.values(again.names).join() === Object.values(base.names).join()) throw error;
      return this.#answer(again, text, options);
    }
  }

  /** @param {boolean} [fresh] @returns {Promise<Base>} */
  #base(fresh = false) {
    if (fresh) this.reset();
    return this.#file(BASE, (data) => new Base(json(data, BASE), BASE), fresh);
  }

  /**
   * @template T
   * @param {string} path @param {(data: Uint8Array, path: string) => T | Promise<T>} read @param {boolean} [fresh] @returns {Promise<T>}
   */
  #file(path, read, fresh = false) {
    let file = this.#files.get(path);
    if (!file) {
      file = Promise.resolve()
        .then(() => this.#load(path, { fresh }))
        .catch((error) => {
          throw new SearchError("missing", path, error);
        })
        .then((data) => read(data instanceof Uint8Array ? data : new Uint8Array(data), path));
      this.#files.set(path, file);
      file.catch(() => this.#files.delete(path)); // so that trying again loads it again
    }
    return file;
  }

  /**
   * @template T
   * @param {Base} base @param {import('./base.mjs').Part} part @param {number} number @param {(data: Uint8Array, path: string) => T} read
   * @returns {Promise<T>}
   */
  #part(base, part, number, read) {
    const name = `${PARTS}${base.names[part][number]}`;
    if (part === "texts") return this.#file(`${name}.json`, read);
    if (part === "begin" || part === "end") return this.#file(`${name}.txt`, read);
    return this.#file(`${name}.bin`, async (data, path) => read(await unpacked(data, path), path));
  }

  /** @param {Base} base @returns {Terms['words']} */
  #words(base) {
    return async (word, by) => {
      const letters = Array.from(word);
      const count = base.names[by].length;
      if (!count) return { words: [], amounts: [] };
      const file = crc32(new TextEncoder().encode(by === "begin" ? letters[0] : letters.slice(-2).join("")), 0) % count;
      return this.#part(base, by, file, wordList);
    };
  }

  /** What is asked, compared with what articles are about. @param {Base} base @param {[Uint8Array, number][]} terms */
  async #nearness(base, terms) {
    if (!base.names.about.length || !terms.length) return undefined;
    const meaning = await this.#part(base, "about", 0, (data, path) => new Meaning(data, path));
    return meaning.nearness(terms);
  }

  /** @param {Base} base */
  #terms(base) {
    return new Terms(
      base,
      (tier, number) => this.#part(base, tier, number, (data, path) => new Shard(data, path)),
      this.#words(base),
    );
  }

  /** @param {Base} base @param {string} text @param {Options} options @returns {Promise<Answer>} */
  async #answer(base, text, options) {
    const terms = this.#terms(base);
    let query = parse(text);
    if (query.without.length) {
      const meant = await optionsAmong(base, query, terms);
      query = parse(text, (word) => meant.has(word));
    }
    let found = await this.#found(base, query, terms, text, options);
    if (!found.ranked.length && found.left) {
      // Leaving out left nothing, so it was not meant.
      found = await this.#found(
        base,
        parse(text, () => true),
        terms,
        text,
        options,
      );
      found.relaxed = true;
    }
    const { search, ranked, before, relaxed, unknown } = found;
    /** @type {Answer} */
    const answer = {
      results: [],
      total: ranked.length,
      outside: ranked.length ? 0 : before,
      corrections: search.corrections(
        ranked.slice(0, 3).map(({ article }) => article),
        text,
      ),
      // Without a prototype: `constructor` may be a slug.
      facets: /** @type {any} */ (Object.fromEntries(KINDS.map((kind) => [kind, Object.create(null)]))),
      relaxed,
      unknown,
    };
    for (const { article } of ranked) count(base, base.articles[article], answer.facets);
    const { offset = 0, limit = LIMIT } = options;
    const { excerpts = 0 } = options;
    const shown = ranked.slice(offset, offset + limit);
    answer.results = await Promise.all(shown.map((each, i) => this.#result(base, search, each, i < excerpts)));
    options.signal?.throwIfAborted();
    return answer;
  }

  /**
   * The articles for a query, best first.
   * @param {Base} base @param {import('./query.mjs').Query} query @param {Terms} terms @param {string} text @param {Options} options
   */
  async #found(base, query, terms, text, options) {
    const { keep, unknown } = filterOf(base, query.filters, options);
    for (const { value, text: typed, not } of unknown) {
      if (query.filters.some((filter) => filter.text === typed)) query.chunks.push(...chunksOf(not ? typed : value));
    }
    const search = new Search(base, query, terms);
    const read = (/** @type {number} */ article, /** @type {number} */ passage) =>
      this.#passage(base, article, passage);
    await search.run(options.correct !== false, read, (words) => this.#nearness(base, words));
    options.signal?.throwIfAborted();

    let ranked = query.chunks.length ? search.ranked() : everything(base);
    if (!query.chunks.length && !keep) ranked = text.trim() ? titledLiterally(base, text) : [];
    const before = ranked.length;
    if (keep) ranked = ranked.filter(({ article }) => keep(base.articles[article]));
    const out = await search.leftOut();
    const all = ranked.length;
    if (out.size) ranked = ranked.filter(({ article }) => !out.has(article));
    const left = all > ranked.length;
    let relaxed = false;
    if (query.phrases.length) {
      const { offset = 0, limit = LIMIT } = options;
      const verified = await withPhrases(base, terms, read, query.phrases, ranked, offset + limit);
      relaxed = ranked.length > 0 && !verified.length;
      if (!relaxed) ranked = verified;
    }
    if (query.spans.length && !query.phrases.length) {
      ranked = await verbatimFirst(base, terms, read, query.spans, search.slots, ranked);
    }
    if (query.logged) ranked = await linesFirst(base, read, query.chunks, search.slots, ranked);
    else if (!isQuestion(query)) ranked = exactFirst(base, search.slots, ranked);
    if (options.order === "date") ranked = newestFirst(base, ranked);
    const told = unknown.filter(({ not }) => !not).map(({ text: typed }) => typed);
    return { search, ranked, before, left, relaxed, unknown: told };
  }

  /** @param {Base} base @param {number} article @param {number} passage @returns {Promise<import('./shards.mjs').Row>} */
  async #passage(base, article, passage) {
    const { file, row } = base.textOf(article, passage);
    const texts = await this.#part(base, "texts", file, textRows);
    this.#loaded.add(base.names.texts[file]);
    return texts.get(base.articles[article].url)?.[row] ?? ["", "", ""]; // an article may have no text
  }

  /**
   * @param {Base} base @param {Search} search @param {import('./ranking.mjs').Ranked} found @param {boolean} load
   * @returns {Promise<Result>}
   */
  async #result(base, search, { article, score, passage }, load) {
    const row = base.articles[article];
    const read = load || this.#loaded.has(base.names.texts[base.textOf(article, passage).file]);
    const { terms, beginnings } = search.marked();
    const marks = (/** @type {string} */ where) => placesOf(where, terms, beginnings, base.stems);
    /** @param {number} place @returns {Promise<Found>} */
    const found = async (place) => {
      const [anchor, section, text] = read ? await this.#passage(base, article, place) : ["", "", ""];
      return {
        href: anchor ? `${row.url}#${anchor}` : row.url,
        anchor,
        section,
        sectionMarks: marks(section).map(({ mark }) => mark),
        excerpt: excerpt(text, marks(text), EXCERPT),
      };
    };
    const best = await found(passage);
    return {
      url: row.url,
      title: row.title,
      titleMarks: marks(row.title).map(({ mark }) => mark),
      read,
      ...best,
      more: read ? await this.#more(base, search, article, passage, best, found) : [],
      category: named(base.facets.category[row.category]),
      subcategory: named(base.facets.subcategory[row.subcategory]),
      tags: row.tags.map((tag) => /** @type {any} */ (named(base.facets.tag[tag]))),
      authors: row.authors.map((author) => /** @type {any} */ (named(base.facets.author[author]))),
      minutes: row.minutes,
      published: row.day ? new Date(row.day * DAY).toISOString().slice(0, 10) : "",
      verified: row.verified,
      score: Math.round(score * 1e4) / 1e4,
    };
  }

  /**
   * Other sections of an article that have nearly as much of what is looked for as the best, in texts that are loaded.
   * @param {Base} base @param {Search} search @param {number} article @param {number} passage the best
   * @param {Found} best @param {(place: number) => Promise<Found>} found
   */
  async #more(base, search, article, passage, best, found) {
    /** @type {Found[]} */
    const more = [];
    const [[, most] = [0, 0], ...others] = bestPassages(search.slots, article, 3 * MOST_MORE);
    for (const [place, share] of others) {
      const there = this.#loaded.has(base.names.texts[base.textOf(article, place).file]);
      if (place === passage || share < most * NEARLY || !there || more.length === MOST_MORE) continue;
      const one = await found(place);
      if (one.anchor && ![best, ...more].some(({ anchor }) => anchor === one.anchor)) more.push(one);
    }
    return more;
  }
}
