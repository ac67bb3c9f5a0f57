// Words that a reader may have meant: one typing error away (a letter too many, too few, another, or two swapped).

/**
 * The edits between two words, swaps of neighbours counted once; more than `most` is `most + 1`.
 * @param {string} one @param {string} other @param {number} most
 */
export function distance(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = /** @type {number[]} */ ([]);
  let last = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        cost = Math.min(cost, before[j - 2] + 1);
      }
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least > most) return most + 1;
    before = last;
    last = row;
  }
  return last[other.length];
}

/** Whether one edit makes `other` of `one`, told without a table. @param {string} one @param {string} other */
export function oneEdit(one, other) {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  let end = 0;
  while (end < short.length - start && short[short.length - 1 - end] === long[long.length - 1 - end]) end++;
  const left = short.length - start - end;
  const right = long.length - start - end;
  if (left < 2) return right <= 1;
  return left === 2 && right === 2 && short[start] === long[start + 1] && short[start + 1] === long[start];
}

/**
 * The likeliest of the listed words, best first.
 * @param {string} word folded
 * @param {{words: string[], amounts: number[]}[]} lists words of nearly its length
 * @param {number} most how many
 * @param {number} [edits] at most
 */
export function candidates(word, lists, most, edits = word.length > 7 ? 2 : 1) {
  for (let allowed = 1; allowed <= edits; allowed++) {
    /** @type {{word: string, rank: number}[]} */
    const found = [];
    const seen = new Set();
    for (const { words, amounts } of lists) {
      for (let i = 0; i < words.length; i++) {
        const other = words[i];
        if (other === word || seen.has(other)) continue;
        if (allowed === 1 ? !oneEdit(word, other) : distance(word, other, 2) > 2) continue;
        seen.add(other);
        // Common words are meant more often; the first letter is rarely wrong; neighbours are often swapped.
        const swapped = other.length === word.length && [...other].sort().join("") === [...word].sort().join("");
        const rank =
          amounts[i] + (other[0] === word[0] ? 3 : 0) + (swapped ? 3 : 0) + (other.length > word.length ? 1 : 0);
        found.push({ word: other, rank });
      }
    }
    if (found.length) {
      found.sort((a, b) => b.rank - a.rank || (a.word < b.word ? -1 : 1));
      return found.slice(0, most);
    }
  }
  return [];
}
