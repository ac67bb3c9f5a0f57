// The part of the index that every query needs, made ready: articles, filters, the words of titles and of subjects.
import { SearchError } from "./errors.mjs";
import { plain } from "./query.mjs";
import { american } from "./spelling.mjs";
import { chunksOf, expand, fold, undashed } from "./tokens.mjs";

const FORMAT = 2;
/** @type {Part[]} */
const PARTS = ["shards", "rare", "texts", "begin", "end", "about"];
/** The ways in which a site's words were made terms: stemmed, or not. @type {Map<string, boolean[]>} */
const STEMS = new Map([
  ["none", [true]],
  ["plain", [false]],
  ["english", [true]],
  ["mixed", [true, false]],
]);

/**
 * @typedef {object} Article
 * @property {string} title
 * @property {string} plain the title as titles are compared
 * @property {number} words how many words the title has
 * @property {boolean} foreign most of the title's letters are not Latin
 * @property {string} url
 * @property {number} category index, or -1
 * @property {number} subcategory
 * @property {number[]} tags
 * @property {number} minutes
 * @property {boolean} verified
 * @property {number} day of publication, counted from 1970-01-01; 0 for a page that has none
 * @property {number[]} authors
 * @property {number} start where its passages begin, among those of all articles
 */
/**
 * A term in a title; `surface` is the word as it stands, if it is a plain one.
 * @typedef {{article: number, weight: number, surface: string}} Titled
 */
/** @typedef {{slug: string, name: string, synonyms: string[], parent?: number}} Facet */
/** @typedef {{kind: 'category' | 'subcategory' | 'tag' | 'author', index: number}} Subject */
/** @typedef {'shards' | 'rare' | 'texts' | 'begin' | 'end' | 'about'} Part a kind of file */

export class Base {
  /** @param {any} data @param {string} file */
  constructor(data, file) {
    if (data?.format !== FORMAT) throw new SearchError(data?.format ? "format" : "corrupt", file);
    try {
      this.stems = /** @type {boolean[]} */ (STEMS.get(data.stem));
      if (!this.stems) throw new RangeError(`no stems are called ${data.stem}`);
      /** The names of the other files, by kind. @type {Record<Part, string[]>} */
      this.names = /** @type {any} */ (
        Object.fromEntries(PARTS.map((kind) => [kind, partsOf(data.names[kind], data.letters)]))
      );
      /** In how many articles each of the most frequent terms is. */
      this.common = new Map(/** @type {[string, number][]} */ (data.common));
      /** For each shard the shortest text that its terms are not before. */
      this.shards = /** @type {string[]} */ (data.shards);
      this.rare = /** @type {string[]} */ (data.rare);
      /** @type {Record<Subject['kind'], Facet[]>} */
      this.facets = {
        category: data.categories.map(facet),
        subcategory: data.subcategories.map((/** @type {any} */ row) => ({
          slug: row[0],
          name: row[1],
          synonyms: [],
          parent: row[2],
        })),
        tag: data.tags.map(facet),
        author: data.authors.map(facet),
      };
      let passages = 0;
      /** @type {Article[]} */
      this.articles = data.articles.map((/** @type {any} */ row) => {
        const start = passages;
        passages += row[9];
        return article(row, start);
      });
      let texts = 0;
      /** Where the passages of each file of texts begin, among those of all articles. */
      this.texts = /** @type {number[]} */ (data.texts).map((count) => (texts += count) - count);
      /** Where each term stands in a title. @type {Map<string, Titled[]>} */
      this.titles = new Map();
      /** Words of titles as written, folded, in order, each with its terms. @type {[string, string[]][]} */
      this.titleWords = [];
      /** The same as a list to look for typing errors in. */
      this.titleList = { words: /** @type {string[]} */ ([]), amounts: /** @type {number[]} */ ([]) };
      /** Which articles are about a term: by the names of their subjects. @type {Map<string, Set<number>>} */
      this.subjects = new Map();
      /** What is called by some words, compared as titles are. @type {Map<string, Subject[]>} */
      this.named = new Map();
      /** The articles of each subject. @type {Record<Subject['kind'], number[][]>} */
      this.holders = { category: [], subcategory: [], tag: [], author: [] };
      this.#indexTitles();
      this.#indexSubjects();
    } catch (error) {
      throw new SearchError("corrupt", file, error);
    }
  }

  #indexTitles() {
    /** @type {Map<string, string[]>} */
    const words = new Map();
    this.articles.forEach((row, number) => {
      const chunks = chunksOf(row.title);
      row.words = chunks.length || 1;
      /** @type {Map<string, Titled>} */
      const terms = new Map();
      for (const chunk of chunks) {
        const word = undashed(fold(chunk));
        const made = this.stems.flatMap((stemmed) => [...expand(chunk, stemmed)]);
        const surface = /^\p{L}+$/u.test(word) ? word : "";
        for (const [term, weight] of made) {
          if (weight > (terms.get(term)?.weight ?? 0)) terms.set(term, { article: number, weight, surface });
        }
        const [[first] = [""], ...others] = made;
        if (first) words.set(word, [first]);
        const other = this.stems[0] ? american(word) : word;
        if (first && !words.has(other)) words.set(other, [first]);
        // What has parts is found by the beginning of each, and by its own without joints.
        const joined = word.replace(/[^\p{L}\p{N}]/gu, "");
        if (joined !== word && !words.has(joined))
          words.set(
            joined,
            made.slice(-1).map(([term]) => term),
          );
        for (const [term] of others) if (!words.has(term) && term[0] !== "-") words.set(term, [term]);
      }
      for (const [term, titled] of terms) {
        const places = this.titles.get(term);
        if (places) places.push(titled);
        else this.titles.set(term, [titled]);
      }
    });
    this.titleWords = [...words].sort(([one], [other]) => (one < other ? -1 : 1));
    const list = this.titleWords.filter(([word]) => /^\p{L}{3,32}$/u.test(word));
    this.titleList.words = list.map(([word]) => word);
    this.titleList.amounts = list.map(([, terms]) => 6 + (this.titles.get(terms[0])?.length ?? 0) / 8);
  }

  #indexSubjects() {
    const { holders } = this;
    this.articles.forEach((row, number) => {
      if (row.category >= 0) (holders.category[row.category] ??= []).push(number);
      if (row.subcategory >= 0) (holders.subcategory[row.subcategory] ??= []).push(number);
      for (const tag of row.tags) (holders.tag[tag] ??= []).push(number);
      for (const author of row.authors) (holders.author[author] ??= []).push(number);
    });
    for (const kind of /** @type {Subject['kind'][]} */ (["category", "subcategory", "tag", "author"])) {
      this.facets[kind].forEach((subject, index) => {
        for (const name of [subject.name, ...subject.synonyms]) {
          const key = plain(name);
          const named = this.named.get(key);
          if (named) named.push({ kind, index });
          else this.named.set(key, [{ kind, index }]);
          for (const chunk of chunksOf(name)) {
            for (const stemmed of this.stems) {
              for (const term of expand(chunk, stemmed).keys()) {
                const about = this.subjects.get(term) ?? new Set();
                this.subjects.set(term, about);
                for (const holder of holders[kind][index] ?? []) about.add(holder);
              }
            }
          }
        }
      });
    }
  }

  /** The subjects that a filter means: by slug, name or synonym. @param {Subject['kind']} kind @param {string} value */
  subject(kind, value) {
    const key = plain(value);
    return this.facets[kind].flatMap((subject, index) =>
      subject.slug === value.toLowerCase() ||
      [subject.slug, subject.name, ...subject.synonyms].some((name) => plain(name) === key)
        ? [index]
        : [],
    );
  }

  /** The words of titles that begin with `start`. @param {string} start */
  *titleTerms(start) {
    let low = 0;
    let high = this.titleWords.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.titleWords[middle][0] < start) low = middle + 1;
      else high = middle;
    }
    for (; low < this.titleWords.length && this.titleWords[low][0].startsWith(start); low++) {
      yield this.titleWords[low];
    }
  }

  /** Which file of texts has the passage of an article, and where in the article's rows there. @param {number} article @param {number} passage */
  textOf(article, passage) {
    const { start } = this.articles[article];
    const file = placeOf(this.texts, start + passage);
    return { file, row: passage - Math.max(0, this.texts[file] - start) };
  }

  /** Whether a word of a title begins with `start`. @param {string} start */
  isBegun(start) {
    return !this.titleTerms(start).next().done;
  }

  /** Whether a title has the very word. @param {string} word folded */
  isTitled(word) {
    for (const [titled] of this.titleTerms(word)) return titled === word;
    return false;
  }
}

/**
 * The place of the last of `firsts`, which are in order, that `one` is not before; the first place if it is before all.
 * @template {string | number} T
 * @param {T[]} firsts @param {T} one
 */
export function placeOf(firsts, one) {
  let low = 0;
  let high = firsts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (firsts[middle] <= one) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Names of equal length out of one text. @param {string} text @param {number} letters */
function partsOf(text, letters) {
  return Array.from({ length: text.length / letters }, (_, i) => text.slice(i * letters, (i + 1) * letters));
}

/** @param {any} row @returns {Facet} */
function facet([slug, name, synonyms]) {
  return { slug, name, synonyms };
}

/** @param {any} row @param {number} start @returns {Article} */
function article([title, url, category, subcategory, tags, minutes, verified, day, authors], start) {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return {
    title,
    foreign: isForeign(title),
    plain: plain(title),
    words: 1,
    url: url.replace("~", slug),
    category,
    subcategory,
    tags,
    minutes,
    verified: verified === 1,
    day,
    authors,
    start,
  };
}

/** Whether most of the letters are not Latin ones: what a reader who wrote in Latin letters can hardly read. @param {string} text */
export function isForeign(text) {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters > 2 * (text.match(/\p{Script=Latin}/gu)?.length ?? 0);
}
