// What a question is about, compared with what articles are about. The vectors are described in
// plugins/engblog/outputs/search/meaning.py.
import { checked, VECTOR_BYTES } from "./shards.mjs";

const DIMENSIONS = 2 * VECTOR_BYTES;
/** How far cosines of questions and articles lie apart, seen on a thousand articles; and how many articles that is worth. */
const USUAL = 0.15;
const PRIOR = 20;

/** @param {Uint8Array} data @param {number} at @returns {Float64Array} */
function vectorAt(data, at) {
  const vector = new Float64Array(DIMENSIONS);
  for (let i = 0; i < VECTOR_BYTES; i++) {
    vector[2 * i] = (data[at + i] & 15) - 8;
    vector[2 * i + 1] = (data[at + i] >> 4) - 8;
  }
  return vector;
}

/** @param {Float64Array} vector */
function size(vector) {
  return Math.sqrt(vector.reduce((sum, each) => sum + each * each, 0));
}

/** What each article is about. */
export class Meaning {
  /** @param {Uint8Array} data @param {string} file */
  constructor(data, file) {
    const reader = checked(data, file);
    const count = reader.next();
    this.vectors = Array.from({ length: count }, (_, article) => {
      const vector = vectorAt(data, reader.position + article * VECTOR_BYTES);
      const length = size(vector) || 1;
      return vector.map((each) => each / length);
    });
  }

  /**
   * How much each article is about what the terms say together: 0 for one like most, 1 for one four standard deviations
   * nearer. Nothing where no term has a meaning.
   * @param {[vector: Uint8Array, weight: number][]} terms
   * @returns {Float64Array | undefined}
   */
  nearness(terms) {
    const sum = new Float64Array(DIMENSIONS);
    for (const [packed, weight] of terms) vectorAt(packed, 0).forEach((each, i) => (sum[i] += each * weight));
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
}
