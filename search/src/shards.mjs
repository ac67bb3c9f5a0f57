// The files of the index, decoded. Their layout is described in plugins/engblog/outputs/search/index.py.
import { SearchError } from "./errors.mjs";

const CRC = new Uint32Array(256).map((_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});
export const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** @param {Uint8Array} data @param {number} from */
export function crc32(data, from) {
  let sum = -1;
  for (let i = from; i < data.length; i++) sum = (sum >>> 8) ^ CRC[(sum ^ data[i]) & 255];
  return ~sum >>> 0;
}

/** Reads varints one after another. */
export class Reader {
  /** @param {Uint8Array} data @param {number} position @param {number} [end] */
  constructor(data, position, end = data.length) {
    this.data = data;
    this.position = position;
    this.end = end;
  }

  next() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      if (this.position >= this.end || shift > 28) throw new RangeError("the data end early");
      const byte = this.data[this.position++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  }

  /** @param {number} size */
  skip(size) {
    this.position += size;
    if (this.position > this.end) throw new RangeError("the data end early");
    return this.data.subarray(this.position - size, this.position);
  }

  /** A text after its length. */
  text() {
    return UTF8.decode(this.skip(this.next()));
  }
}

/**
 * A file of the index, packed as raw DEFLATE.
 * @param {Uint8Array} data @param {string} file
 */
export async function unpacked(data, file) {
  try {
    const stream = new Blob([/** @type {any} */ (data)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw new SearchError("corrupt", file, error);
  }
}

/** @param {Uint8Array} data @param {string} file @returns {Reader} past a checksum that holds */
export function checked(data, file) {
  const sum = (data[0] | (data[1] << 8) | (data[2] << 16) | (data[3] << 24)) >>> 0;
  if (data.length < 6 || crc32(data, 4) !== sum) throw new SearchError("corrupt", file);
  return new Reader(data, 4);
}

/**
 * Where a term is: `frequency` articles in all; where `cut`, those listed are the ones that have it in a heading; of each,
 * article, weight and passages (shifted by one, odd when in the heading). Five passages stand for all of an article's.
 * @typedef {{frequency: number, cut: boolean, articles: number[], weights: number[], passages: number[][]}} Postings
 */

/** @typedef {{start: number, end: number, frequency: number, vector: Uint8Array | undefined, meant: string}} Entry */

/** What a shard says of a term beside its postings. */
const CUT = 1;
const VECTOR = 2;
const MEANT = 4;
export const VECTOR_BYTES = 32;

const WEIGHTS = Array.from({ length: 16 }, (_, level) => 2 ** ((level - 5) / 2));

/** A run of terms in order, with their postings. */
export class Shard {
  /** @param {Uint8Array} data @param {string} file */
  constructor(data, file) {
    const reader = checked(data, file);
    try {
      this.terms = unfold(reader.text(), 1);
      const heads = this.terms.map(() => {
        const value = reader.next();
        return { size: value >> 3, flags: value & 7, frequency: value & CUT ? reader.next() : 0 };
      });
      /** @type {Entry[]} */
      this.entries = heads.map(({ size, flags, frequency }) => {
        const end = reader.position + size;
        const vector = flags & VECTOR ? reader.skip(VECTOR_BYTES) : undefined;
        const meant = flags & MEANT ? reader.text() : "";
        const start = reader.position;
        reader.position = end;
        return { start, end, frequency, vector, meant };
      });
    } catch (error) {
      throw new SearchError("corrupt", file, error);
    }
    this.data = data;
    /** @type {Map<number, Postings>} */
    this.decoded = new Map();
  }

  /** The index of `term`, or of the first one after it. @param {string} term */
  lowest(term) {
    let low = 0;
    let high = this.terms.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.terms[middle] < term) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {string} term @returns {Postings | undefined} */
  find(term) {
    const index = this.#indexOf(term);
    const found = index === undefined ? undefined : this.postings(index);
    return found?.frequency ? found : undefined; // a term may be here for its meaning alone
  }

  /** The vector of a term's meaning. @param {string} term @returns {Uint8Array | undefined} */
  vector(term) {
    const index = this.#indexOf(term);
    return index === undefined ? undefined : this.entries[index].vector;
  }

  /** The term that was meant, if this one is a typing error of an author. @param {string} term */
  meant(term) {
    const index = this.#indexOf(term);
    return index === undefined ? "" : this.entries[index].meant;
  }

  /** @param {string} term */
  #indexOf(term) {
    const index = this.lowest(term);
    return this.terms[index] === term ? index : undefined;
  }

  /** @param {number} index @returns {Postings} */
  postings(index) {
    const known = this.decoded.get(index);
    if (known) return known;
    const { start, end, frequency } = this.entries[index];
    const reader = new Reader(this.data, start, end);
    /** @type {Postings} */
    const found = { frequency, cut: frequency > 0, articles: [], weights: [], passages: [] };
    let article = -1;
    while (reader.position < reader.end) {
      const value = reader.next();
      article += (value >> 4) + 1;
      const passages = [];
      let passage = -1;
      let more = 1;
      while (more) {
        const place = reader.next();
        passage += (place >> 2) + 1;
        passages.push((passage << 1) | ((place >> 1) & 1));
        more = place & 1;
      }
      found.articles.push(article);
      found.weights.push(WEIGHTS[value & 15]);
      found.passages.push(passages);
    }
    found.frequency ||= found.articles.length;
    this.decoded.set(index, found);
    return found;
  }
}

/**
 * Front-coded lines: the number of characters shared with the line before, as one character from `0`, then `notes - 1`
 * characters that say something about the word, then the rest of the word.
 * @param {string} text @param {number} notes @param {string[]} [said] receives the notes
 */
export function unfold(text, notes, said) {
  let last = "";
  if (!text) return [];
  return text.split("\n").map((line) => {
    last = last.slice(0, line.charCodeAt(0) - 48) + line.slice(notes);
    said?.push(line.slice(1, notes));
    return last;
  });
}

/** @param {Uint8Array} data @param {string} file @returns {any} */
export function json(data, file) {
  try {
    return JSON.parse(UTF8.decode(data));
  } catch (error) {
    throw new SearchError("corrupt", file, error);
  }
}

/** @typedef {[anchor: string, heading: string, text: string]} Row a passage */

/** The passages of some articles, by address. @param {Uint8Array} data @param {string} file @returns {Map<string, Row[]>} */
export function textRows(data, file) {
  const texts = json(data, file);
  const isRow = (/** @type {any} */ row) =>
    Array.isArray(row) && row.length === 3 && row.every((each) => typeof each === "string");
  const isText = (/** @type {any} */ rows) => Array.isArray(rows) && rows.every(isRow);
  if (!(texts && typeof texts === "object" && Object.values(texts).every(isText)))
    throw new SearchError("corrupt", file);
  return new Map(Object.entries(texts));
}

/** @param {Uint8Array} data @param {string} file */
export function wordList(data, file) {
  try {
    /** @type {string[]} */
    const notes = [];
    if (Number.parseInt(UTF8.decode(data.subarray(0, 8)), 16) !== crc32(data, 9))
      throw new RangeError("the checksum differs");
    const words = unfold(UTF8.decode(data.subarray(9)), 2, notes);
    return { words, amounts: notes.map((note) => Number.parseInt(note, 16)) };
  } catch (error) {
    throw new SearchError("corrupt", file, error);
  }
}
