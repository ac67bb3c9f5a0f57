// The terms of the index and where they are, loaded as they are asked for.
import { placeOf } from "./base.mjs";

/** @typedef {import('./base.mjs').Base} Base */
/** @typedef {import('./shards.mjs').Shard} Shard */
/** @typedef {'shards' | 'rare'} Tier the terms of several articles, and those of one */

export class Terms {
  /** @type {Record<Tier, Map<number, Shard>>} */
  #loaded = { shards: new Map(), rare: new Map() };

  /**
   * @param {Base} base
   * @param {(tier: Tier, number: number) => Promise<Shard>} shard
   * @param {(word: string, by: 'begin' | 'end') => Promise<{words: string[], amounts: number[]}>} words those that begin or
   *   end like a word
   */
  constructor(base, shard, words) {
    this.base = base;
    this.shard = shard;
    this.words = words;
  }

  /**
   * Loads what says where the terms are.
   * @param {Iterable<string>} terms
   * @param {Set<string>} [begun] those of them that may be beginnings: what goes on from one need not be looked for among
   *   the terms of one article if others go on from it
   */
  async fetch(terms, begun) {
    const sought = [...terms];
    await this.#fetch("shards", sought);
    const missing = sought.filter(
      (term) =>
        !this.#in("shards", term) &&
        !(begun?.has(term) && (this.#goOn("shards", term, 1).length || this.base.isBegun(term))),
    );
    await this.#fetch("rare", missing);
  }

  /** @param {Tier} tier @param {string[]} terms */
  async #fetch(tier, terms) {
    const firsts = this.base[tier];
    const numbers = new Set(terms.map((term) => placeOf(firsts, term)));
    const missing = [...numbers].filter((number) => !this.#loaded[tier].has(number) && number < firsts.length);
    const shards = await Promise.all(missing.map((number) => this.shard(tier, number)));
    missing.forEach((number, i) => this.#loaded[tier].set(number, shards[i]));
  }

  /** @param {Tier} tier @param {string} term */
  #shard(tier, term) {
    return this.#loaded[tier].get(placeOf(this.base[tier], term));
  }

  /** @param {Tier} tier @param {string} term */
  #in(tier, term) {
    const shard = this.#shard(tier, term);
    return shard !== undefined && shard.terms[shard.lowest(term)] === term;
  }

  /** Whether it was looked for: a long query may have more words than an answer may weigh. @param {string} term */
  looked(term) {
    return this.#shard("shards", term) !== undefined;
  }

  /** @param {string} term */
  postings(term) {
    return this.#shard("shards", term)?.find(term) ?? this.#shard("rare", term)?.find(term);
  }

  /** The vector of a term's meaning. @param {string} term */
  vector(term) {
    return this.#shard("shards", term)?.vector(term);
  }

  /** The term that was meant, if this one is a typing error of an author. @param {string} term */
  meant(term) {
    return this.#shard("shards", term)?.meant(term) || this.#shard("rare", term)?.meant(term) || "";
  }

  /** @param {string} term */
  known(term) {
    return this.base.titles.has(term) || this.postings(term) !== undefined || this.base.subjects.has(term);
  }

  /** In how many articles it is. @param {string} term */
  frequency(term) {
    return Math.max(
      this.postings(term)?.frequency ?? 0,
      this.base.titles.get(term)?.length ?? 0,
      this.base.common.get(term) ?? 0,
    );
  }

  /** How much it tells to have the term. @param {string} term */
  rarity(term) {
    const frequency = this.frequency(term);
    return Math.log(1 + (this.base.articles.length - frequency + 0.5) / (frequency + 0.5));
  }

  /** Every article that has the term. @param {string} term @returns {Set<number>} */
  holders(term) {
    return new Set([
      ...(this.postings(term)?.articles ?? []),
      ...(this.base.titles.get(term) ?? []).map(({ article }) => article),
      ...(this.base.subjects.get(term) ?? []),
    ]);
  }

  /** Terms that begin with `start`, of those that were loaded. @param {string} start @param {number} most */
  longer(start, most) {
    const often = this.#goOn("shards", start, most);
    return often.length < most ? [...often, ...this.#goOn("rare", start, most - often.length)] : often;
  }

  /** @param {Tier} tier @param {string} start @param {number} most */
  #goOn(tier, start, most) {
    const shard = this.#shard(tier, start);
    if (!shard) return [];
    const from = shard.lowest(start);
    const terms = shard.terms.slice(from, from + 3 * most).filter((term) => term.startsWith(start));
    return terms.filter((term) => shard.find(term)).slice(0, most);
  }
}
