// What a reader typed, taken apart: words, phrases, words to leave out, filters. A query is text and never markup.
import { chunksOf, fold, withoutMarks } from './tokens.mjs';

const LONGEST = 2000;
const FILTER = /(?<!\S)(tag|category|subcategory|is|length|minutes):("[^"]*"|[^\s"]+)/giu;
const PHRASE = /(?<!\S)(-?)["“„]([^"“”„]{1,200})["”“]/gu;
const LEFT_OUT = /(?<!\S)-(?=[\p{L}\p{N}])([^\s]+)/gu;
// What differs from one occurrence of an error to the next.
const VARIABLE = [
  /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|\s?[+-]\d\d:?\d\d)?)?/g, // a date, a time
  /\b\d\d?[:/]\d\d[:/]\d\d(?:\d\d)?(?:[.,]\d+)?\b/g,
  /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*,? +\d{1,2}\b/g,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, // a UUID
  /\b0x[0-9a-f]+\b/gi, // an address
  /\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b/gi, // a digest
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, // an IP address
  /(?<=[a-z])\[\d+\]/gi, // a process id
  /\b(?:pid|tid|id)[= ]\d+\b/gi,
  /\b\d+(?:\.\d+)?\s?(?:ns|us|µs|ms|s|sec|seconds|bytes|kb|mb|gb|kib|mib|gib)\b/gi, // an amount
];
const LOOKS_LOGGED =
  /\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|\b(?:error|fatal|panic|warn(?:ing)?|exception|traceback|failed|denied|refused)\b.*[:('"[]|0x[0-9a-f]{4}/i;

/**
 * @typedef {object} Query
 * @property {string[]} chunks words and identifiers, in order, each once
 * @property {boolean} open the last chunk may be the beginning of a word
 * @property {string[][]} phrases each the chunks that must stand together
 * @property {string[]} without chunks that must not occur
 * @property {{name: string, value: string, text: string}[]} filters
 * @property {boolean} logged it looks like a line of a log
 * @property {string} plain the words as typed, folded, for comparing with titles
 */

/** @param {string} input @returns {Query} */
export function parse(input) {
  let text = input.slice(0, LONGEST).normalize('NFC');
  if (input.length > LONGEST) text = text.replace(/\S+$/u, '');
  /** @type {Query['filters']} */
  const filters = [];
  text = text.replace(FILTER, (whole, name, value) => {
    filters.push({ name: name.toLowerCase(), value: value.replace(/^"|"$/g, ''), text: whole });
    return ' ';
  });
  const logged = text.length > 24 && LOOKS_LOGGED.test(text);
  /** @type {string[][]} */
  const phrases = [];
  /** @type {string[]} */
  const without = [];
  let rest = text;
  if (!logged) {
    rest = rest.replace(PHRASE, (_, minus, words) => {
      const chunks = chunksOf(words);
      if (minus) without.push(...chunks);
      else if (chunks.length) phrases.push(chunks);
      return minus ? ' ' : ` ${words} `;
    });
    const before = rest;
    rest = rest.replace(LEFT_OUT, (_, word) => {
      without.push(...chunksOf(word));
      return ' ';
    });
    if (!rest.trim() && !phrases.length && !filters.length) {
      // Nothing but words to leave out: a flag (-XX:+UseG1GC), and that is what is looked for.
      rest = before;
      without.length = 0;
    }
  } else {
    for (const pattern of VARIABLE) rest = rest.replace(pattern, ' ');
  }
  const every = chunksOf(rest);
  const seen = new Set();
  const chunks = every.filter((chunk) => {
    const key = fold(chunk);
    return !seen.has(key) && seen.add(key);
  });
  const open = !logged && every.length > 0 && !/[\s"”]$/u.test(text) && every.at(-1) === chunks.at(-1);
  return { chunks, open, phrases, without, filters, logged, plain: plain(rest) };
}

/** Words in lower case without marks, with one space between: how titles are compared. @param {string} text */
export function plain(text) {
  return fold(withoutMarks(text)).replace(/[^\p{L}\p{N}+#]+/gu, ' ').trim();
}
