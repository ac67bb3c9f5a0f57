// The search engine: no DOM, no network of its own. A page's worker and Node both run it.
import { Base } from "./base.mjs";
import { SearchError } from "./errors.mjs";
import { excerpt, placesOf } from "./excerpt.mjs";
import { count, filterOf, KINDS, named } from "./filters.mjs";
import { exactFirst, linesFirst, verbatimFirst, withPhrases } from "./literal.mjs";
import { Terms } from "./lookup.mjs";
import { Meaning, Words } from "./meaning.mjs";
import { isQuestion, parse } from "./query.mjs";
import { everything, titledLiterally } from "./ranking.mjs";
import { optionsAmong, Search } from "./search.mjs";
import { json, Shard, textRows, wordList } from "./shards.mjs";
import { chunksOf } from "./tokens.mjs";

export { SearchError };

const BASE = "search/base.json";
const LIMIT = 10;
/** How long an excerpt is, in characters. */
const EXCERPT = 220;

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
      if (again.version === base.version) throw error;
      return this.#answer(again, text, options);
    }
  }

  /** @param {boolean} [fresh] @returns {Promise<Base>} */
  #base(fresh = false) {
    if (fresh) this.#files.clear();
    return this.#file(BASE, (data) => new Base(json(data, BASE), BASE), fresh);
  }

  /**
   * @template T
   * @param {string} path @param {(data: Uint8Array, path: string) => T} read @param {boolean} [fresh] @returns {Promise<T>}
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

  /** @param {Base} base @param {number} length */
  #words(base, length) {
    const lengths = [length - 1, length, length + 1].map((n) => Math.min(n, Math.max(...base.words)));
    const files = [...new Set(lengths)].filter((n) => base.words.has(n));
    return Promise.all(files.map((n) => this.#file(`search/${base.version}/w${n}.txt`, wordList)));
  }

  /** What articles are about; nothing where it is not known. @param {Base} base @returns {Promise<Meaning | undefined>} */
  async #meaning(base) {
    return base.means ? this.#file(`search/${base.version}/m.bin`, (data, path) => new Meaning(data, path)) : undefined;
  }

  /** What is asked, compared with what articles are about. @param {Base} base @param {Map<string, number>} terms */
  async #nearness(base, terms) {
    const meaning = await this.#meaning(base);
    return meaning?.nearness(terms, (number) =>
      this.#file(`search/${base.version}/m${number}.bin`, (data, path) => new Words(data, path)),
    );
  }

  /** @param {Base} base */
  #terms(base) {
    const shard = (/** @type {number} */ number) =>
      this.#file(`search/${base.version}/p${number}.bin`, (data, path) => new Shard(data, path));
    return new Terms(base, shard, (length) => this.#words(base, length));
  }

  /** @param {Base} base @param {string} text @param {Options} options @returns {Promise<Answer>} */
  async #answer(base, text, options) {
    const terms = this.#terms(base);
    // With the first answer, whatever is asked: a question that comes later then loads no more than other queries do.
    const meaning = this.#meaning(base);
    meaning.catch(() => {}); // told where it is awaited
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
      facets: { category: Object.create(null), subcategory: Object.create(null), tag: Object.create(null) },
      relaxed,
      unknown,
    };
    for (const { article } of ranked) count(base, base.articles[article], answer.facets);
    const { offset = 0, limit = LIMIT } = options;
    answer.results = await Promise.all(
      ranked.slice(offset, offset + limit).map((each) => this.#result(base, search, each)),
    );
    await meaning;
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
    else if (!isQuestion(query)) ranked = await exactFirst(base, read, search.slots, ranked);
    const told = unknown.filter(({ not }) => !not).map(({ text: typed }) => typed);
    return { search, ranked, before, left, relaxed, unknown: told };
  }

  /** @param {Base} base @param {number} article @param {number} passage @returns {Promise<import('./shards.mjs').Row>} */
  async #passage(base, article, passage) {
    const { starts } = base.articles[article];
    const chunk = base.fileOf(article, passage);
    const path = `search/${base.version}/t${article}-${chunk}.json`;
    const rows = await this.#file(path, textRows);
    return rows[passage - (chunk ? starts[chunk - 1] : 0)] ?? ["", "", ""]; // an article may have no text
  }

  /** @param {Base} base @param {Search} search @param {import('./ranking.mjs').Ranked} found @returns {Promise<Result>} */
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
}
