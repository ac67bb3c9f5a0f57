// What a reader typed, taken apart: words, phrases, words to leave out, filters. A query is text and never markup.
//
// A minus before a word leaves out what has the word (`redis -sentinel`), before quotes what has all of their words in one
// place (`-"hot key"`), before a filter what the filter names (`-tag:redis`). But readers paste commands, and there a minus
// begins an option. So it is an option, and looked for, dashes and all,
//   - after two dashes (`--retry`): nobody leaves out like that;
//   - with a sign in it that words have not (`-c:v`, `-Dpreview_mt`, `-std=c++20`);
//   - if the query is nothing but words to leave out (`-Xmx512m`);
// and, which only the index can tell (`optionsAmong` in search.mjs),
//   - if the articles have it as an option, and rarely as a word (`-DskipTests`, `tar -xvf`);
//   - if the articles have no such word, so that there is nothing to leave out;
//   - if leaving out would leave nothing at all.
import { chunksOf, fold, withoutMarks } from "./tokens.mjs";

const LONGEST = 2000;
/** The word at which a longer text is cut is left out. What is written without spaces is no one word. */
const CUT_WORD = /(?<=\s)\S{1,48}$/u;
const FILTER = /(?<!\S)(-?)(tag|category|subcategory|author|is|length|minutes):("[^"]*"|[^\s"]+)/giu;
const PHRASE = /(?<!\S)(-?)["“„]([^"“”„]{1,200})["”“]/gu;
const LEFT_OUT = /(?<!\S)-(?=[\p{L}\p{N}])(\S+)/gu;
const OPTION = /[:=_]/;
// A stretch of code as a reader would paste it. What stands around it in a sentence is no part of it.
const SPAN = /\S+/gu;
const AROUND_SPAN = /^["'“”‘’`]+|(?:["'“”‘’`,;!?]|(?<!\.)[.:])+$/gu;
const IS_SPAN = /[^\p{L}\p{M}\p{N}]|\p{Ll}\p{Lu}/u;
const WORDS_JOINED = /^\p{L}[\p{L}\p{M}]*(?:[-/'’&+][\p{L}\p{M}]+)*[?!.,]*$/u;
/** A query has few; text with more of them is pasted code, of which its rarest words tell more. */
const MOST_SPANS = 3;
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
 * @property {string[][]} without words that must not occur; of several in one list, not all in one place
 * @property {{name: string, value: string, text: string, not: boolean}[]} filters
 * @property {string[]} spans stretches of code, as typed
 * @property {boolean} logged it looks like a line of a log
 * @property {string} plain the words as typed, folded, for comparing with titles
 */

/** Whether it is words of a sentence, as a question is, and not some terms. @param {Query} query */
export function isQuestion({ chunks, logged }) {
  return chunks.length > 4 && !logged;
}

const LATEST = new Set(["latest", "newest", "recent", "recently"]);

/** Whether what is new is asked for: `latest release`. @param {Query} query */
export function asksForLatest({ chunks, logged }) {
  return !logged && chunks.length > 1 && chunks.some(isLatest);
}

/** @param {string} chunk */
export function isLatest(chunk) {
  return LATEST.has(fold(chunk));
}

/**
 * @param {string} input
 * @param {(word: string) => boolean} [isOption] whether what follows a minus is an option and not left out
 * @returns {Query}
 */
export function parse(input, isOption = () => false) {
  let text = input.slice(0, LONGEST).normalize("NFC");
  if (input.length > LONGEST) text = text.replace(CUT_WORD, "");
  /** @type {Query['filters']} */
  const filters = [];
  text = text.replace(FILTER, (whole, minus, name, value) => {
    filters.push({ name: name.toLowerCase(), value: value.replace(/^"|"$/g, ""), text: whole, not: minus === "-" });
    return " ";
  });
  const logged = text.length > 24 && LOOKS_LOGGED.test(text);
  /** @type {string[][]} */
  const phrases = [];
  /** @type {string[][]} */
  const without = [];
  let rest = text;
  if (!logged) {
    rest = rest.replace(PHRASE, (_, minus, words) => {
      const chunks = chunksOf(words);
      if (minus && !isOption(words)) {
        without.push(chunks);
        return " ";
      }
      if (chunks.length && !minus) phrases.push(chunks);
      return ` ${words} `;
    });
    const before = rest;
    rest = rest.replace(LEFT_OUT, (whole, word) => {
      if (OPTION.test(word) || isOption(word)) return whole;
      without.push(chunksOf(word));
      return " ";
    });
    if (!rest.trim() && !phrases.length && !filters.length) {
      rest = before;
      without.length = 0;
    }
  } else {
    for (const pattern of VARIABLE) rest = rest.replace(pattern, " ");
  }
  const every = chunksOf(rest);
  const seen = new Set();
  const chunks = every.filter((chunk) => {
    const key = fold(chunk);
    return !seen.has(key) && seen.add(key);
  });
  const open = !logged && every.length > 0 && !/[\s"”]$/u.test(text) && every.at(-1) === chunks.at(-1);
  return { chunks, open, phrases, without, filters, spans: logged ? [] : spansOf(rest), logged, plain: plain(rest) };
}

/** The stretches of code: what has signs in it, or capitals within, and is not just words with a hyphen. @param {string} text */
function spansOf(text) {
  return Array.from(text.match(SPAN) ?? [], (span) => unpaired(span.replace(AROUND_SPAN, "")))
    .filter(
      (span) => span.length > 2 && IS_SPAN.test(span) && !(WORDS_JOINED.test(span) && !/\p{Ll}\p{Lu}/u.test(span)),
    )
    .slice(0, MOST_SPANS);
}

/** Without brackets of a sentence: those around a mere word, and one that has no other within the span. @param {string} span */
function unpaired(span) {
  if (/^[([{][\p{L}\p{M}\p{N}]*[)\]}]$/u.test(span)) return "";
  if (/^[([{]/.test(span) && !/[)\]}]/.test(span)) return span.slice(1).replace(AROUND_SPAN, "");
  return /[)\]}]$/.test(span) && !/[([{]/.test(span) ? span.slice(0, -1) : span;
}

/** Words in lower case without marks, with one space between: how titles are compared. @param {string} text */
export function plain(text) {
  return fold(withoutMarks(text))
    .replace(/[^\p{L}\p{N}+#]+/gu, " ")
    .trim();
}
