// What a question is about, compared with what articles are about. The vectors are described in
// plugins/engblog/outputs/search/meaning.py.
import { SearchError } from "./errors.mjs";
import { crc32, Reader, UTF8, unfold } from "./shards.mjs";

const DIMENSIONS = 64;
const BYTES = DIMENSIONS / 2;
/** How far cosines of questions and articles lie apart, seen on a thousand articles; and how many articles that is worth. */
const USUAL = 0.15;
const PRIOR = 20;
/** So many files of words a question loads at most. */
const MOST_FILES = 8;

/** @param {Uint8Array} data @param {number} at @returns {Float64Array} */
function vectorAt(data, at) {
  const vector = new Float64Array(DIMENSIONS);
  for (let i = 0; i < BYTES; i++) {
    vector[2 * i] = (data[at + i] & 15) - 8;
    vector[2 * i + 1] = (data[at + i] >> 4) - 8;
  }
  return vector;
}

/** @param {Float64Array} vector */
function size(vector) {
  return Math.sqrt(vector.reduce((sum, each) => sum + each * each, 0));
}

/** @param {Uint8Array} data @param {string} file @returns {Reader} past a checksum that holds */
function checked(data, file) {
  const sum = (data[0] | (data[1] << 8) | (data[2] << 16) | (data[3] << 24)) >>> 0;
  if (data.length < 6 || crc32(data, 4) !== sum) throw new SearchError("corrupt", file);
  return new Reader(data, 4);
}

/** @param {Reader} reader */
function text(reader) {
  const length = reader.next();
  reader.position += length;
  return UTF8.decode(reader.data.subarray(reader.position - length, reader.position));
}

/** Some words in order, with their vectors. */
export class Words {
  /** @param {Uint8Array} data @param {string} file */
  constructor(data, file) {
    const reader = checked(data, file);
    this.words = unfold(text(reader), 1);
    this.data = data;
    this.start = reader.position;
  }

  /** @param {string} word */
  vector(word) {
    const index = this.words.indexOf(word);
    return index < 0 ? undefined : vectorAt(this.data, this.start + index * BYTES);
  }
}

/** What each article is about. */
export class Meaning {
  /** @param {Uint8Array} data @param {string} file */
  constructor(data, file) {
    const reader = checked(data, file);
    this.firsts = text(reader).split("\n");
    const count = reader.next();
    this.vectors = Array.from({ length: count }, (_, article) => {
      const vector = vectorAt(data, reader.position + article * BYTES);
      const length = size(vector) || 1;
      return vector.map((each) => each / length);
    });
  }

  /**
   * How much each article is about what the terms say together: 0 for one like most, 1 for one four standard deviations
   * nearer. Nothing where no term has a meaning.
   * @param {Map<string, number>} terms with weights
   * @param {(file: number) => Promise<Words>} words
   * @returns {Promise<Float64Array | undefined>}
   */
  async nearness(terms, words) {
    const wanted = new Map(
      [...terms.keys()].filter((term) => /^[a-z]+$/.test(term)).map((term) => [term, this.#fileOf(term)]),
    );
    const numbers = [...new Set(wanted.values())].slice(0, MOST_FILES);
    const files = new Map(
      await Promise.all(numbers.map(async (n) => /** @type {[number, Words]} */ ([n, await words(n)]))),
    );
    const sum = new Float64Array(DIMENSIONS);
    for (const [term, number] of wanted) {
      const vector = files.get(number)?.vector(term);
      if (vector) vector.forEach((each, i) => (sum[i] += each * (terms.get(term) ?? 0)));
    }
    const length = size(sum);
    if (!length) return undefined;
    const cosines = Float64Array.from(
      this.vectors,
      (vector) => vector.reduce((dot, each, i) => dot + each * sum[i], 0) / length,
    );
    const mean = cosines.reduce((total, each) => total + each, 0) / cosines.length;
    // Of a few articles nobody can tell how far apart articles are: then they are as far apart as they are elsewhere.
    const apart = cosines.reduce((total, each) => total + (each - mean) ** 2, PRIOR * USUAL ** 2);
    const deviation = Math.sqrt(apart / (cosines.length + PRIOR));
    return cosines.map((each) => Math.max(-1, Math.min(6, (each - mean) / deviation)) / 4);
  }

  /** @param {string} term */
  #fileOf(term) {
    let low = 0;
    let high = this.firsts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.firsts[middle] <= term) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}
