// Which articles come first. Everything that speaks for an article meets in `combined`.
import { isForeign } from "./base.mjs";
import { isQuestion } from "./query.mjs";

/** @typedef {import('./base.mjs').Base} Base */
/** @typedef {import('./lookup.mjs').Terms} Terms */
/** @typedef {import('./slots.mjs').Slot} Slot */
/** @typedef {import('./slots.mjs').Hit} Hit */
/**
 * An article with its best passage. `sure`: how much of what is looked for its title or one passage has.
 * @typedef {{article: number, score: number, passage: number, sure?: number}} Ranked
 */

/** Okapi BM25's k1: how soon more of a word says no more. */
const SATURATION = 1.2;
/** What a word is worth in a title, and in the name of a subject that the article carries; occurrences in a text count one each. */
const TITLE = 4;
const SUBJECT = 2;
/** A subject of that very name. */
const NAMED = 4;
/** Where few articles have a word, to have it at all counts, however long the article: this much in the only one. */
const PRESENT = 1;
const FEW = 4;
/** An article of which it is only known that it may have a word that most have. */
const FAINT = 0.05;
/** Another form of a word in a title, by how much of it is the same: at least so much. */
const STEM_MATE = 0.6;
/** Parts of an identifier, where the whole of it is known. */
export const PART = 0.25;
/**
 * How an article's share of what is looked for counts: of its score at least `least`, the rest by the share to the `power`;
 * more for what is in the title, and for what is together in one passage. A question of several words is worded unlike its
 * answer, so an article need not have every word. Set on one set of articles, tested on others: benchmarks/search/README.md.
 */
const QUESTION = { least: 0.35, power: 0.8, title: 1.4, passage: 0.15, together: 1 };
const TERMS = { least: 0.1, power: 3, title: 1.1, passage: 0.5, together: 2 };
/**
 * What being about the same counts, beside the best match of words: all of it where that matches nothing, none of it where
 * all that is looked for stands in one title or passage. And from where on it is enough by itself.
 */
const MEANING = 1.5;
const NEAR = 0.5;
/** A posting with so many passages stands for all of its article's. */
const EVERYWHERE = 5;
const HEADED = 1.5;
/** An article in letters that the reader did not write in, and may not read. */
const FOREIGN = 0.8;
/** What being the newest counts where the latest is asked for. */
const LATEST = 4;
/** Of so much of the third best score, an article is about what is looked for; the best may be as good as it is by its title. */
const ABOUT = 0.4;
/** So many of the best are looked at more closely. */
const MOST_CLOSELY = 150;

/** Parts of an identifier count for little where the whole of it is known. @param {Slot[]} slots */
export function weigh(slots) {
  const whole = new Set(slots.filter((slot) => slot.found && !slot.part).map((slot) => slot.chunk));
  for (const slot of slots) if (slot.part && whole.has(slot.chunk)) slot.weight *= PART;
}

/** Finds what each article has of the slot. @param {Base} base @param {Terms} terms @param {Slot} slot */
export function score(base, terms, slot) {
  // What goes on from a word that is one is no rarer than the word: `stackalloc` is not what `stack` is about.
  const [own] = slot.alternatives.filter(({ term }) => terms.known(term));
  const rarest = own?.weight === 1 ? terms.rarity(own.term) : Infinity;
  for (const alternative of slot.alternatives) {
    const { term, weight, word, begun } = alternative;
    if (!terms.known(term)) continue;
    const worth = slot.weight * weight * Math.min(begun ? rarest : Infinity, terms.rarity(term));
    slot.mass = Math.max(slot.mass, worth);
    const postings = terms.postings(term);
    /** @type {Map<number, {amount: number, passages: number[], titled: number}>} */
    const found = new Map();
    const least = PRESENT / (1 + terms.frequency(term) / FEW);
    postings?.articles.forEach((article, i) => {
      found.set(article, { amount: Math.max(least, postings.weights[i]), passages: postings.passages[i], titled: 0 });
    });
    const entry = (/** @type {number} */ article) => {
      const known = found.get(article) ?? { amount: 0, passages: [], titled: 0 };
      found.set(article, known);
      return known;
    };
    for (const { article, weight: share, surface } of base.titles.get(term) ?? []) {
      const titled = share * likeness(surface, word ?? slot.word);
      entry(article).amount += TITLE * titled;
      entry(article).titled = titled;
    }
    for (const article of base.subjects.get(term) ?? [])
      entry(article).amount += slot.named.has(article) ? NAMED : SUBJECT;
    if (postings?.cut) {
      // Most articles have it; which of them have it in no heading is not kept.
      for (let article = 0; article < base.articles.length; article++) {
        if (!found.has(article)) found.set(article, { amount: FAINT, passages: [], titled: 0 });
      }
    }
    for (const [article, { amount, passages, titled }] of found) {
      const value = (worth * amount) / (amount + SATURATION);
      const hit = { value, weight: Math.min(1, weight), passages, alternative, titled: titled * weight };
      const known = slot.hits.get(article);
      slot.hits.set(article, known ? better(known, hit) : hit);
    }
  }
}

/** What an article has of a slot by two of its terms: the better of each. @param {Hit} one @param {Hit} other @returns {Hit} */
function better(one, other) {
  const { value, alternative } = one.value >= other.value ? one : other;
  // The likelier of the two says where to look; one that stands in the title only does not.
  const { passages } = one.passages.length && (one.weight >= other.weight || !other.passages.length) ? one : other;
  return {
    value,
    alternative,
    passages,
    weight: Math.max(one.weight, other.weight),
    titled: Math.max(one.titled, other.titled),
  };
}

/**
 * Another form of a word is less than the word: `inference` for `infer`, and hardly `keys` for `key`.
 * @param {string} surface as a title has it; empty for what is no plain word @param {string} word
 */
function likeness(surface, word) {
  if (!surface || surface === word) return 1;
  let same = 0;
  while (same < surface.length && surface[same] === word[same]) same++;
  return STEM_MATE + (1 - STEM_MATE) * (same / Math.max(surface.length, word.length));
}

/**
 * @typedef {object} Signals what speaks for an article
 * @property {number} value of its words, by how rare they are and how much of them it has
 * @property {number} coverage how much it has of all that is looked for, from 0 to 1
 * @property {number} titled how much of that its title has
 * @property {number} filled how much of the title that is
 * @property {number} together how much of all its best passage has
 * @property {boolean} foreign it is in other letters than the query
 */

/**
 * The score of an article: here everything that speaks for it is put together, and what else comes to be known of it
 * belongs here.
 * @param {Signals} signals @param {typeof TERMS} shape
 */
function combined({ value, coverage, titled, filled, together, foreign }, shape) {
  return (
    value *
    (shape.least + (1 - shape.least) * coverage ** shape.power) *
    (1 + shape.title * titled * titled + 0.6 * titled * filled) *
    (1 + shape.passage * together ** shape.together) *
    (foreign ? FOREIGN : 1)
  );
}

/**
 * @param {Base} base @param {import('./query.mjs').Query} query @param {Slot[]} slots @param {string[]} spelled what was
 *   typed, as titles are compared, and the same with words that may have been meant
 * @returns {Ranked[]} best first
 */
export function rank(base, query, slots, spelled) {
  const all = slots.reduce((sum, slot) => sum + slot.mass, 0) || 1;
  const shape = isQuestion(query) ? QUESTION : TERMS;
  const latin = !isForeign(query.plain);
  /** @type {Map<number, Signals>} */
  const sums = new Map();
  for (const slot of slots) {
    for (const [article, hit] of slot.hits) {
      let sum = sums.get(article);
      if (!sum) {
        sum = {
          value: 0,
          coverage: 0,
          titled: 0,
          filled: 0,
          together: 0,
          foreign: latin && base.articles[article].foreign,
        };
        sums.set(article, sum);
      }
      sum.value += hit.value;
      sum.coverage += (slot.mass * hit.weight) / all;
      sum.titled += (slot.mass * hit.titled) / all;
      if (!slot.part) sum.filled += hit.titled / base.articles[article].words;
    }
  }
  const scored = (/** @type {number} */ article, /** @type {Signals} */ signals) => {
    const { coverage, titled, filled } = signals;
    const within = {
      ...signals,
      coverage: Math.min(1, coverage),
      titled: Math.min(1, titled),
      filled: Math.min(1, filled),
    };
    const value = combined(within, shape);
    return spelled.reduce(
      (best, words) => Math.max(best, likened(value, base.articles[article].plain, words, query.chunks.length)),
      value,
    );
  };
  /** @type {Ranked[]} */
  const ranked = Array.from(sums, ([article, signals]) => ({ article, score: scored(article, signals), passage: 0 }));
  ranked.sort(byScore);
  for (const found of ranked.slice(0, MOST_CLOSELY)) {
    const signals = /** @type {Signals} */ (sums.get(found.article));
    [[found.passage, signals.together] = [0, 0]] = bestPassages(slots, found.article, 1);
    found.score = scored(found.article, signals);
    found.sure = Math.min(1, Math.max(signals.titled, signals.together));
  }
  return ranked.sort(byScore);
}

/**
 * A question's words and what it is about, together: the best article by words counts one.
 * @param {Ranked[]} ranked @param {Float64Array} nearness by article @returns {Ranked[]} best first
 */
export function withMeaning(ranked, nearness) {
  const best = ranked[0]?.score || 1;
  const worth = MEANING * (1 - (ranked[0]?.sure ?? 0) ** 2);
  const found = new Set(ranked.map(({ article }) => article));
  const others = Array.from(nearness, (near, article) => ({ article, score: 0, passage: 0, near })).filter(
    ({ article, near }) => near >= NEAR && !found.has(article),
  );
  return [...ranked, ...others]
    .map((each) => ({ ...each, score: each.score / best + worth * nearness[each.article] }))
    .sort(byScore);
}

/**
 * The passages of an article that have most of what is looked for, and how much of it.
 * @param {Slot[]} slots @param {number} article @param {number} most how many @returns {[passage: number, share: number][]} best first
 */
export function bestPassages(slots, article, most) {
  const all = slots.reduce((sum, { mass }) => sum + mass, 0) || 1;
  /** @type {Map<number, number>} */
  const masses = new Map();
  let everywhere = 0;
  for (const slot of slots) {
    const hit = slot.hits.get(article);
    if (!hit) continue;
    const mass = slot.mass * hit.weight;
    const spread = hit.passages.length >= EVERYWHERE;
    if (spread) everywhere += mass * 0.7;
    for (const place of hit.passages) {
      const share = mass * (place & 1 ? HEADED : 1) * (spread ? 0.3 : 1);
      masses.set(place >> 1, (masses.get(place >> 1) ?? 0) + share);
    }
  }
  return [...masses]
    .sort(([one, mass], [other, another]) => (Math.abs(another - mass) > 1e-9 ? another - mass : one - other))
    .slice(0, most)
    .map(([passage, mass]) => [passage, Math.min(1, (mass + everywhere) / all)]);
}

/**
 * A score, raised when the words are the title, its beginning, or stand in it one after another.
 * @param {number} score @param {string} title @param {string} words @param {number} count
 */
function likened(score, title, words, count) {
  const ratio = words.length / title.length;
  if (title === words) return score * 2 + 50;
  if (title.startsWith(words)) return score * (1.4 + ratio) + (count > 1 ? 6 + 20 * ratio : 0);
  return count > 1 && title.includes(words) ? score * (1.2 + 0.6 * ratio) : score;
}

/** Of equal scores, that of the newest article comes first. @param {Ranked} one @param {Ranked} other */
export function byScore(one, other) {
  return other.score - one.score || other.article - one.article;
}

/**
 * Those that are about what is looked for by their dates, and then, by theirs, those that have a word of it: the newest article
 * is not the answer to everything.
 * @param {Base} base @param {Ranked[]} ranked
 */
export function newestFirst({ articles }, ranked) {
  const isAbout = aboutness(ranked);
  return [...ranked].sort(
    (one, other) =>
      Number(isAbout(other)) - Number(isAbout(one)) ||
      articles[other.article].day - articles[one.article].day ||
      byScore(one, other),
  );
}

/**
 * Moves up what is new: for a question that asks for the latest.
 * @param {Base} base @param {Ranked[]} ranked
 * @returns {Ranked[]}
 */
export function latestFirst({ articles }, ranked) {
  const days = ranked
    .filter(aboutness(ranked))
    .map(({ article }) => articles[article].day)
    .filter(Boolean);
  const [first, last] = days.length ? [Math.min(...days), Math.max(...days)] : [0, 1];
  for (const found of ranked) {
    const age = (articles[found.article].day - first) / (last - first || 1);
    found.score *= 1 + LATEST * Math.min(1, Math.max(0, age)) ** 2;
  }
  return ranked.sort(byScore);
}

/** @param {Ranked[]} ranked best first @returns {(found: Ranked) => boolean} */
function aboutness(ranked) {
  const least = ABOUT * (ranked[Math.min(3, ranked.length) - 1]?.score ?? 0);
  return ({ score }) => score >= least;
}

/** All articles, the newest first. @param {Base} base @returns {Ranked[]} */
export function everything(base) {
  return base.articles.map((_, article) => ({ article, score: 0, passage: 0 })).reverse();
}

/** Articles whose titles contain what was typed as it stands: signs that are no words. @param {Base} base @param {string} text */
export function titledLiterally(base, text) {
  const sought = text.trim().slice(0, 100);
  return everything(base).filter(({ article }) => base.articles[article].title.includes(sought));
}
