// What must be read to be known: whether a text has words one after another, or a stretch of code as it was typed.
import { hasPhrase } from "./excerpt.mjs";
import { bestPassages, byScore } from "./ranking.mjs";
import { chunksOf, expand, fold, standingChunks, undashed, wholeOf } from "./tokens.mjs";

/** @typedef {import('./base.mjs').Base} Base */
/** @typedef {import('./lookup.mjs').Terms} Terms */
/** @typedef {import('./ranking.mjs').Ranked} Ranked */
/** @typedef {import('./slots.mjs').Slot} Slot */
/** @typedef {(article: number, passage: number) => Promise<[anchor: string, heading: string, text: string]>} Read */

/** Each text read has to be loaded, up to 10 KB: so many at most, for phrases and for code. */
const MOST_PHRASES = 10;
const MOST_SPANS = 4;
/** Those are read together, and most are shown anyway. */
const AT_ONCE = 2;
/** Of one article so many places. */
const MOST_PLACES = 4;
/** How far down the best a text with the code is looked for. */
const DEEPEST = 60;
/** What the code as typed is worth, as part of all that is looked for: more than the same words in a title. */
const VERBATIM = 5;

/** So many of the best are compared by their words as they stand: whatever is shown, so that pages of results fit together. */
const FIRST = 10;
/** What all words as typed are worth in a title. */
const EXACT = 0.4;
/** Of so many of the best the texts are compared with a pasted line. */
const LINES = 4;

/** What all of a pasted line is worth where it stands as it is. */
const LINE = 1.5;

/** The terms of which a text with the chunk has one. @param {Base} base @param {string} chunk @returns {string[]} */
export function standingFor(base, chunk) {
  return base.stems.flatMap((stemmed) => wholeOf(chunk, stemmed) ?? [...expand(chunk, stemmed).keys()].slice(0, 1));
}

/**
 * The passages of an article that have all `words`; `likely` where every passage may.
 * @param {Base} base @param {Terms} terms @param {number} article @param {string[]} words @param {number} likely
 */
export function passagesWith(base, terms, article, words, likely) {
  /** @type {Map<number, number>} */
  const seen = new Map();
  let needed = 0;
  for (const word of words) {
    const standing = standingFor(base, word);
    const lists = standing.flatMap((term) => terms.postings(term) ?? []);
    if (!lists.length || standing.some((term) => base.common.has(term))) continue; // any passage may have it
    needed++;
    const here = new Set(
      lists.flatMap((p) => p.passages[p.articles.indexOf(article)] ?? []).map((place) => place >> 1),
    );
    for (const passage of here) seen.set(passage, (seen.get(passage) ?? 0) + 1);
  }
  if (!needed) return [likely];
  return [...seen]
    .filter(([, count]) => count === needed)
    .map(([passage]) => passage)
    .sort((a, b) => a - b);
}

/**
 * Those of `ranked` that have every phrase, until `wanted` are found.
 * @param {Base} base @param {Terms} terms @param {Read} read @param {string[][]} phrases @param {Ranked[]} ranked @param {number} wanted
 */
export async function withPhrases(base, terms, read, phrases, ranked, wanted) {
  const folded = phrases.map((words) => words.map(fold));
  const verified = /** @type {Ranked[]} */ ([]);
  let looked = 0;
  for (const found of ranked) {
    if (verified.length >= wanted || looked >= MOST_PHRASES) break;
    let all = true;
    for (const phrase of folded) {
      if (hasPhrase(base.articles[found.article].title, phrase)) continue;
      const passages = passagesWith(base, terms, found.article, phrase, found.passage);
      let here = false;
      for (const passage of passages.slice(0, MOST_PLACES)) {
        looked++;
        const [, heading, text] = await read(found.article, passage);
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

/**
 * Moves up what has the query's stretches of code as they were typed: terms know neither signs nor capitals.
 * @param {Base} base @param {Terms} terms @param {Read} read @param {string[]} spans @param {Slot[]} slots @param {Ranked[]} ranked
 * @returns {Promise<Ranked[]>}
 */
export async function verbatimFirst(base, terms, read, spans, slots, ranked) {
  const all = slots.reduce((sum, { mass }) => sum + mass, 0) || 1;
  let left = MOST_SPANS;
  for (const span of spans) {
    const chunks = chunksOf(span);
    const whole = chunks.length === 1 ? wholeOf(chunks[0], base.stems[0]) : undefined;
    // A term with its signs says all, and so does one of a single article.
    const signed = whole && (whole[0] === "-" || whole === span.toLowerCase());
    // A name that is still being typed is not there yet.
    if (chunks.length === 1 && slots.some((slot) => slot.chunk === chunks[0] && slot.open && !slot.typed)) continue;
    if (!chunks.length || (whole && terms.known(whole) && (signed || terms.frequency(whole) < 2))) continue;
    const share = slots.reduce((sum, { chunk, mass }) => sum + (chunks.includes(chunk) ? mass : 0), 0) / all;
    /** @type {{found: Ranked, passages: number[]}[]} */
    const places = [];
    for (const found of ranked.slice(0, DEEPEST)) {
      const passages = passagesWith(base, terms, found.article, chunks, found.passage);
      const best = passages.includes(found.passage) ? [found.passage] : [];
      if (passages.length || verbatim(base.articles[found.article].title, span)) {
        places.push({ found, passages: [...new Set([...best, ...passages])].slice(0, 2) });
      }
    }
    let seen = false;
    for (let from = 0; from < places.length && left > 0 && !seen; from += AT_ONCE) {
      const some = places.slice(from, from + Math.min(AT_ONCE, left));
      left -= some.reduce((sum, { passages }) => sum + passages.length, 0);
      const grades = await Promise.all(
        some.map(({ found, passages }) => graded(base, read, found.article, passages, span)),
      );
      some.forEach(({ found }, i) => {
        const { grade, passage } = grades[i];
        if (passage !== undefined) found.passage = passage;
        found.score *= 1 + VERBATIM * share * grade;
        seen ||= grade > 0.9;
      });
    }
  }
  return ranked.sort(byScore);
}

/**
 * Moves up, of the first, those whose title has the words as they were typed: a stem is that of `distributed` and of
 * `distributive`.
 * @param {Base} base @param {Slot[]} slots @param {Ranked[]} ranked @returns {Ranked[]}
 */
export function exactFirst(base, slots, ranked) {
  const plain = slots.filter(({ part, mass, chunk }) => !part && mass > 0 && /^\p{L}+$/u.test(chunk));
  const all = slots.reduce((sum, { mass }) => sum + mass, 0) || 1;
  for (const found of ranked.slice(0, FIRST)) {
    const titled = new Set(wordsOf(base.articles[found.article].title));
    for (const { word, hits, mass } of plain) {
      const sought = hits.get(found.article)?.alternative.word ?? word;
      if (titled.has(sought)) found.score *= 1 + (EXACT * mass) / all;
    }
  }
  return ranked.sort(byScore);
}

/**
 * Moves up, of the first, those that have a pasted line as it stands: of its words most are in many articles, but not one
 * after another.
 * @param {Base} base @param {Read} read @param {string[]} chunks of the line @param {Slot[]} slots @param {Ranked[]} ranked
 * @returns {Promise<Ranked[]>}
 */
export async function linesFirst(base, read, chunks, slots, ranked) {
  const line = chunks.map((chunk) => undashed(fold(chunk)));
  await Promise.all(
    ranked.slice(0, LINES).map(async (found, i) => {
      let longest = 0;
      // Any place in the file that is loaded anyway; in another file only of the very best.
      const { file } = base.textOf(found.article, found.passage);
      const places = bestPassages(slots, found.article, MOST_PLACES).map(([passage]) => passage);
      for (const [n, passage] of places.entries()) {
        if (base.textOf(found.article, passage).file !== file && !(i < 2 && n < 2)) continue;
        const [, heading, text] = await read(found.article, passage);
        const run = longestRun([...wordsOf(`${heading} | ${text}`)], line);
        if (run > longest) [longest, found.passage] = [run, passage];
      }
      found.score *= 1 + (LINE * longest) / line.length;
    }),
  );
  return ranked.sort(byScore);
}

/** How many words stand one after another in both. @param {string[]} text @param {string[]} line */
function longestRun(text, line) {
  let longest = 0;
  let before = /** @type {number[]} */ ([]);
  for (const word of text) {
    const row = line.map((other, i) => (other === word ? (before[i - 1] ?? 0) + 1 : 0));
    longest = Math.max(longest, ...row);
    before = row;
  }
  return longest;
}

/** @param {string} text */
function* wordsOf(text) {
  for (const [chunk] of standingChunks(text)) yield undashed(fold(chunk));
}

/** @param {Base} base @param {Read} read @param {number} article @param {number[]} passages @param {string} span */
async function graded(base, read, article, passages, span) {
  /** @type {{grade: number, passage: number | undefined}} */
  let best = { grade: verbatim(base.articles[article].title, span), passage: undefined };
  for (const passage of passages) {
    if (best.grade === 1) break;
    const [, heading, text] = await read(article, passage);
    const grade = verbatim(`${heading} | ${text}`, span);
    if (grade > best.grade) best = { grade, passage };
  }
  return best;
}

/**
 * How much a text has of a stretch of code: all of it, but for case, or but for the signs around it.
 * @param {string} text @param {string} span
 */
function verbatim(text, span) {
  if (stands(text, span)) return 1;
  const lower = text.toLowerCase();
  if (stands(lower, span.toLowerCase())) return 0.5;
  const inner = span.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "").toLowerCase();
  return inner.length > 2 && /[^\p{L}\p{N}]/u.test(inner) && stands(lower, inner) ? 0.4 : 0;
}

/** Whether it stands in the text, and not as part of a longer name. @param {string} text @param {string} span */
function stands(text, span) {
  for (let at = text.indexOf(span); at >= 0; at = text.indexOf(span, at + 1)) {
    const before = /[\p{L}\p{N}_]/u.test(text[at - 1] ?? "") && /^[\p{L}\p{N}_]/u.test(span);
    const after = /[\p{L}\p{N}_]/u.test(text[at + span.length] ?? "") && /[\p{L}\p{N}_]$/u.test(span);
    if (!before && !after) return true;
  }
  return false;
}
