// The stretch of a text that shows best why it was found, and the places in it to mark.
import { expand, fold, isUnspaced, standingChunks, undashed } from "./tokens.mjs";

/** @typedef {[start: number, end: number]} Mark a stretch to mark, in UTF-16 code units */

/**
 * The places of `terms` in `text`.
 * @param {string} text @param {Map<string, number>} terms a weight each @param {string[]} beginnings folded beginnings
 *   of words, to be marked as such
 * @param {boolean[]} stems which ways of making terms the index has
 * @returns {{mark: Mark, term: string, weight: number}[]}
 */
export function placesOf(text, terms, beginnings, stems) {
  const found = [];
  for (const chunk of standingChunks(text)) {
    let best = 0;
    let which = "";
    for (const stemmed of stems) {
      for (const term of expand(chunk[0], stemmed).keys()) {
        const weight = terms.get(term) ?? (beginnings.some((beginning) => term.startsWith(beginning)) ? 0.1 : 0);
        if (weight > best) [best, which] = [weight, term];
      }
    }
    if (best) {
      found.push({
        mark: /** @type {Mark} */ ([chunk.index, chunk.index + chunk[0].length]),
        term: which,
        weight: best,
      });
    }
  }
  return found;
}

/**
 * @param {string} text @param {ReturnType<typeof placesOf>} places @param {number} length
 * @returns {{text: string, marks: Mark[]}}
 */
export function excerpt(text, places, length) {
  let from = 0;
  let best = -1;
  for (let i = 0; i < places.length; i++) {
    const seen = new Set();
    let worth = 0;
    for (let j = i; j < places.length && places[j].mark[1] - places[i].mark[0] <= length * 0.75; j++) {
      worth += seen.has(places[j].term) ? places[j].weight * 0.1 : places[j].weight;
      seen.add(places[j].term);
    }
    if (worth > best + 1e-9) [best, from] = [worth, places[i].mark[0]];
  }
  let start = Math.max(0, Math.min(from - Math.round(length * 0.2), text.length - length));
  if (start > 0) {
    // At a sentence's start where one is near, else at a word's.
    const sentence = text.slice(start, from).search(/(?<=[.!?。！？:;]\s)\S/u);
    const word = text.slice(start, from).search(/(?<=\s)\S/u);
    start += sentence >= 0 ? sentence : Math.max(word, 0);
    if (/[\udc00-\udfff]/.test(text[start] ?? "")) start++;
  }
  let end = Math.min(text.length, start + length);
  if (end < text.length) {
    const cut = text.slice(start, end).search(/\s\S*$/u);
    if (cut > length * 0.6) end = start + cut;
    if (/[\ud800-\udbff]/.test(text[end - 1] ?? "")) end--;
  }
  const lead = start > 0 ? "… " : "";
  const marks = places
    .filter(({ mark }) => mark[0] >= start && mark[1] <= end)
    .map(({ mark }) => /** @type {Mark} */ ([mark[0] - start + lead.length, mark[1] - start + lead.length]));
  return { text: `${lead}${text.slice(start, end)}${end < text.length ? " …" : ""}`, marks };
}

/** Whether the words, folded, stand one after another in `text`. @param {string} text @param {string[]} words */
export function hasPhrase(text, words) {
  if (words.some(isUnspaced)) return fold(text).replace(/\s+/gu, "").includes(words.join(""));
  const spoken = Array.from(standingChunks(text), (chunk) => undashed(fold(chunk[0])));
  return spoken.some((_, i) => words.every((word, j) => spoken[i + j] === undashed(word)));
}
