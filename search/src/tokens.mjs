// How text becomes terms. The same algorithm, with its reasons, is in plugins/engblog/outputs/search/tokens.py.
import { stem } from "./stem.mjs";

const LETTER = "[\\p{L}\\p{N}_]";
const JOINT = "(?:[-.'/:\\u2019\\u2010\\u2011]:?|->)";
// An option of a command line keeps its dashes.
const DASHES = "(?:(?<![-\\p{L}\\p{N}\\p{M}_])--?(?=[A-Za-z]))?";
const CHUNK = new RegExp(`${DASHES}${LETTER}+(?:${JOINT}${LETTER}+)*(?:\\+\\+|#(?!${LETTER}))?`, "gu");
// In text as it stands marks are still apart from their letters.
const MARKED = LETTER.replace("_", "_\\p{M}");
const STANDING = new RegExp(
  `${DASHES}${LETTER}${MARKED}*(?:${JOINT}${LETTER}${MARKED}*)*(?:\\+\\+|#(?!${LETTER}))?`,
  "gu",
);
const BIG_O = /(?<![\p{L}\p{N}_])[OΘΩ]\(([^()\n]{1,16}(?:\([^()\n]{1,12}\))?[^()\n]{0,8})\)/gu;
const UNSPACED =
  "\\u0e00-\\u0eff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u2e80-\\u2fff\\u3040-\\u30ff\\u3130-\\u318f\\u31a0-\\u31ff" +
  "\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f\\uac00-\\ud7ff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const UNSPACED_RUN = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, "gu");
const IS_UNSPACED = new RegExp(`[${UNSPACED}]`, "u");
const SEGMENT = /\/|(?<!:):(?!:)/u;
const NAME = /\.|::|->/;
const PIECE = /[\p{L}\p{N}]+/gu;
const VERSION = /^([A-Za-z]*)([0-9]+(?:\.[0-9]+)+)(?:[-_]?([A-Za-z][0-9A-Za-z.]*))?$/;
const CAMEL = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\p{Nd}+|[^A-Za-z\p{Nd}]+/gu;
const POSSESSIVE = /['\u2019](?:s|S|re|ve|ll|d|m)$/;
const ALPHA = /^\p{L}+$/u;
const ASCII = /^[\0-\x7f]*$/;
const LETTERS = new Map(
  Object.entries({
    ß: "ss",
    æ: "ae",
    œ: "oe",
    ø: "o",
    đ: "d",
    ł: "l",
    ı: "i",
    ς: "σ",
    þ: "th",
    ð: "d",
    ẞ: "SS",
    Æ: "AE",
    Œ: "OE",
    Ø: "O",
    Đ: "D",
    Ł: "L",
    Þ: "TH",
    Ð: "D",
    "\u0640": "",
    "\u200c": "",
    "\u200d": "",
  }),
);
const SPECIAL = /[ßæœøđłıςþðẞÆŒØĐŁÞÐ\u0640\u200c\u200d]/gu;
const LONGEST = 48;
const PART = 0.5;

/** @typedef {Map<string, number>} Terms terms with weights: 1 for a word or a whole identifier, less for a part */

/** The chunks of running text, in order. @param {string} text @returns {string[]} */
export function chunksOf(text) {
  const named = text.replace(BIG_O, nameBigO);
  return (/\p{M}/u.test(named) ? withoutMarks(named) : named).match(CHUNK) ?? [];
}

/**
 * The chunks of text as it stands, with their places: what is needed to mark words in it.
 * @param {string} text
 * @returns {Iterable<RegExpMatchArray & {index: number}>}
 */
export function standingChunks(text) {
  return /** @type {any} */ (text.matchAll(STANDING));
}

/** @param {string} text */
export function withoutMarks(text) {
  if (ASCII.test(text)) return text;
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .normalize("NFC");
}

/** Lower case without marks. @param {string} text */
export function fold(text) {
  if (ASCII.test(text)) return text.toLowerCase();
  return plainLetters(withoutMarks(text)).toLowerCase().replaceAll("ς", "σ");
}

/**
 * The term that stands for all of a chunk; for one that is several words (`localhost:443`, text without spaces) there is
 * none. @param {string} chunk @param {boolean} stemmed
 */
export function wholeOf(chunk, stemmed) {
  const terms = expand(chunk, stemmed);
  const [first] = terms.keys();
  if (terms.size < 2) return first;
  if (chunk[0] === "-") return [...terms.keys()].at(-1);
  // `1.0.0-beta.5` is that release and no other of 1.0.0.
  const release = VERSION.exec(chunk);
  if (release?.[3]) return release[2] + release[3].toLowerCase();
  const joined = chunk.replace(POSSESSIVE, "").replace(/[^\p{L}\p{N}\p{M}]/gu, "");
  const [whole] = expand(joined, stemmed).keys();
  if (isUnspaced(joined)) return undefined;
  if (terms.has(whole)) return whole;
  return /^[a-z]*[0-9]+\.[0-9.]*/i.test(chunk) ? first : undefined;
}

/** An option without its dashes. @param {string} chunk */
export function undashed(chunk) {
  return chunk[0] === "-" ? chunk.replace(/^-+/, "") : chunk;
}

/** Whether it is written without spaces between words. @param {string} text */
export function isUnspaced(text) {
  return IS_UNSPACED.test(text);
}

/** @type {[Map<string, Terms>, Map<string, Terms>]} */
const KNOWN = [new Map(), new Map()];
const MOST_KNOWN = 20_000;

/** The terms of a chunk. @param {string} chunk @param {boolean} stemmed @returns {Terms} */
export function expand(chunk, stemmed) {
  const known = KNOWN[Number(stemmed)];
  let terms = known.get(chunk);
  if (!terms) {
    if (known.size > MOST_KNOWN) known.clear();
    known.set(chunk, (terms = expanded(chunk, stemmed)));
  }
  return terms;
}

/** @param {string} chunk @param {boolean} stemmed @returns {Terms} */
function expanded(chunk, stemmed) {
  /** @type {Terms} */
  const found = new Map();
  if (/^[A-Za-z]+$/.test(chunk) && /^.[a-z]*$/.test(chunk)) {
    if (chunk.length <= LONGEST) add(chunk, 1, stemmed, found);
  } else {
    expandInto(plainLetters(withoutMarks(chunk)), stemmed, found);
  }
  return found;
}

/** @param {string} chunk @param {boolean} stemmed @param {Terms} found */
function expandInto(chunk, stemmed, found) {
  const name = undashed(chunk);
  if (name !== chunk) {
    expandInto(name, stemmed, found);
    const joined = (name.match(PIECE) ?? []).join("");
    if (joined && joined.length <= LONGEST) add(chunk.slice(0, -name.length) + joined, 1, false, found);
    return;
  }
  if (chunk.includes("/") || chunk.includes(":")) {
    const segments = chunk.split(SEGMENT);
    if (segments.length > 1) {
      for (const segment of segments) expandInto(segment, stemmed, found);
      if (segments.length < 4 && segments.every((segment) => segment.length < 5 && ALPHA.test(segment))) {
        add(segments.join(""), 1, stemmed, found);
      }
      return;
    }
  }
  const version = VERSION.exec(chunk);
  if (version) {
    addVersion(version, stemmed, found);
    return;
  }
  chunk = chunk.replace(POSSESSIVE, "").replace(/['\u2019]/g, "");
  const tail = chunk.replace(/[+#]+$/, "");
  if (tail !== chunk) {
    const last = tail.match(PIECE)?.at(-1) ?? "";
    const short = last.length > 0 && last.length < 3 && tail.endsWith(last);
    if (short) add(last + chunk.slice(tail.length), 1, false, found);
    chunk = short ? tail.slice(0, -last.length) : tail;
  }
  const pieces = chunk.match(PIECE) ?? [];
  for (const piece of pieces) addPiece(piece, stemmed, found);
  for (const name of chunk.split(NAME)) addJoined(name.match(PIECE) ?? [], stemmed, found);
  addJoined(pieces, stemmed, found);
}

/** @param {string[]} pieces @param {boolean} stemmed @param {Terms} found */
function addJoined(pieces, stemmed, found) {
  if (pieces.length < 2) return;
  const joined = pieces.join("");
  if (joined.length <= LONGEST && !/^\p{Nd}+$/u.test(joined) && !IS_UNSPACED.test(joined))
    add(joined, 1, stemmed, found);
}

/** @param {RegExpExecArray} version @param {boolean} stemmed @param {Terms} found */
function addVersion([, name, number, rest], stemmed, found) {
  add(number, 1, false, found);
  const steps = number.split(".");
  if (steps.length === 3) add(`${steps[0]}.${steps[1]}`, PART, false, found);
  if (name.length > 1) {
    add(name, 1, stemmed, found);
    add(name + number, 1, false, found);
  }
  if (rest) {
    add(number + rest, 1, false, found);
    if (rest.length > 2 && /^[A-Za-z]+$/.test(rest)) add(rest, 1, stemmed, found);
  }
}

/** @param {string} piece @param {boolean} stemmed @param {Terms} found */
function addPiece(piece, stemmed, found) {
  if (IS_UNSPACED.test(piece)) {
    for (const run of piece.match(UNSPACED_RUN) ?? []) {
      const characters = Array.from(run);
      if (!IS_UNSPACED.test(run)) addPiece(run, stemmed, found);
      else if (characters.length === 1) add(run, 1, false, found);
      else for (let i = 1; i < characters.length; i++) add(characters[i - 1] + characters[i], 1, false, found);
    }
    return;
  }
  if (piece.length > LONGEST) return;
  add(piece, 1, stemmed, found);
  if (piece === piece.toLowerCase() && ALPHA.test(piece)) return;
  const parts = piece.match(CAMEL) ?? [];
  if (parts.length > 1 && parts.length < 8) {
    for (const part of parts) {
      if (part.length > 2 || (part.length === 2 && ALPHA.test(part))) add(part, PART, stemmed, found);
    }
  }
}

/** @param {string} text @param {number} weight @param {boolean} stemmed @param {Terms} found */
function add(text, weight, stemmed, found) {
  let term = text.toLowerCase();
  if (term.includes("ς")) term = term.replaceAll("ς", "σ");
  if (stemmed && /^[a-z]+$/.test(term)) term = stem(term);
  if (term && (found.get(term) ?? 0) < weight) found.set(term, weight);
}

/** @param {string} text */
function plainLetters(text) {
  return ASCII.test(text) ? text : text.replace(SPECIAL, (letter) => LETTERS.get(letter) ?? letter);
}

/** @param {string} whole @param {string} inside */
function nameBigO(whole, inside) {
  return `${whole} bigo${inside.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")}`;
}
