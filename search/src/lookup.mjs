// The terms of the index and where they are, loaded as they are asked for.

/** @typedef {import('./base.mjs').Base} Base */

export class Terms {
  /** @type {Map<number, import('./shards.mjs').Shard>} */
  #shards = new Map();

  /**
   * @param {Base} base
   * @param {(number: number) => Promise<import('./shards.mjs').Shard>} shard
   * @param {(length: number) => Promise<{words: string[], amounts: number[]}[]>} words lists of words of nearly that length
   */
  constructor(base, shard, words) {
    this.base = base;
    this.shard = shard;
    this.words = words;
  }

  /** Loads what says where the terms are. @param {Iterable<string>} terms */
  async fetch(terms) {
    const numbers = new Set(Array.from(terms, (term) => this.base.shardOf(term)));
    const missing = [...numbers].filter((number) => !this.#shards.has(number) && number < this.base.shards.length);
    const shards = await Promise.all(missing.map((number) => this.shard(number)));
    missing.forEach((number, i) => this.#shards.set(number, shards[i]));
  }

  /** Whether it was looked for: a long query may have more words than an answer may weigh. @param {string} term */
  looked(term) {
    return this.#shards.has(this.base.shardOf(term));
  }

  /** @param {string} term */
  postings(term) {
    return this.#shards.get(this.base.shardOf(term))?.find(term);
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
    const shard = this.#shards.get(this.base.shardOf(start));
    if (!shard) return [];
    const from = shard.lowest(start);
    return shard.terms.slice(from, from + most).filter((term) => term.startsWith(start));
  }
}
