// Marks on a page the words that a search found there: they come as `?h=`, and leave the address once they are seen.
// Marks are ranges, not elements: the text stays as it was, for copying too, and a word may run through coloured code.

import "../page/tabs.js"; // listens before a tab is chosen here
import { element, styled } from "../shared/dom.js";

/** @typedef {{ whole: string, at: (place: number, end?: boolean) => [node: Text, offset: number] }} Pieces */
/** @typedef {{ word: string, ranges: Range[] }} Found */

const MOST_WORDS = 12;
const MOST_MARKS = 400;
const NAME = "search";
const NOW = "search-now"; // the mark that the reader was led to
const EDGE = 80; // px at the top and at the bottom that bars may cover
const BLOCKS = "p, li, pre, td, th, h1, h2, h3, h4, dt, dd, figcaption, summary, text, .filename";

const words = taken();
// Anyone who comes for a section should not have to watch the page scroll to it.
document.querySelector(":target")?.scrollIntoView({ behavior: "instant" });
if (words.length && CSS.highlights) mark(piecesOf(document.querySelectorAll("main :is(h1, .dek, .prose)")));

/** The words to mark, taken out of the address. */
function taken() {
  const address = new URL(location.href);
  const given = (address.searchParams.get("h") ?? "").slice(0, 300).toLowerCase().split(/\s+/u);
  address.searchParams.delete("h");
  history.replaceState(history.state, "", address);
  return [...new Set(given)].filter(Boolean).slice(0, MOST_WORDS);
}

/** @param {Pieces} pieces */
function mark(pieces) {
  const found = words.map((word) => ({ word, ranges: rangesOf(word, pieces) })).filter(({ ranges }) => ranges.length);
  const telling = found.filter((each) => !isGrammar(each, pieces.whole));
  const marked = telling.length ? telling : found;
  if (!marked.length) return;
  const ranges = marked.flatMap((each) => each.ranges).slice(0, MOST_MARKS);
  ranges.sort((one, other) => one.compareBoundaryPoints(Range.START_TO_START, other));
  CSS.highlights.set(NAME, new Highlight(...ranges));
  showBar(
    marked.map((each) => each.ranges[0].toString()),
    ranges,
    land(ranges),
  );
}

/**
 * Brings what was found onto the screen: the first mark of the section that the result leads to.
 * @param {Range[]} ranges in the order of the page
 * @returns {number} which of them it is
 */
function land(ranges) {
  const target = document.querySelector(":target");
  const end = target && endOf(target);
  const isAfter = (/** @type {Element | null | undefined} */ one, /** @type {Node} */ node) =>
    !!one && (one.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING) > 0;
  const within = (/** @type {Range} */ { startContainer: node }) => isAfter(target, node) && !isAfter(end, node);
  const index = ranges.findIndex((range) => within(range) && !target?.contains(range.startContainer));
  if (index >= 0 || (!target && !ranges.some(isSeen))) reveal(ranges[Math.max(0, index)]);
  return Math.max(index, ranges.findIndex(within), 0);
}

/**
 * The heading after which a heading's section is over.
 * @param {Element} heading
 */
function endOf(heading) {
  const all = [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")];
  return all.slice(all.indexOf(heading) + 1).find(({ tagName }) => tagName <= heading.tagName);
}

/** @param {Range} range */
function isSeen(range) {
  const { top, bottom, width } = range.getBoundingClientRect();
  return width > 0 && top >= EDGE && bottom <= innerHeight - EDGE;
}

/**
 * Opens what a mark is folded in, chooses the tabs that it is in, and scrolls to it if it is not on the screen.
 * @param {Range} range
 */
function reveal(range) {
  const around = [];
  for (let at = range.startContainer.parentElement; at; at = at.parentElement) around.push(at);
  for (const at of around) {
    if (at instanceof HTMLDetailsElement) at.open = true;
    if (!at.matches(".tabbed-block")) continue;
    const place = [...(at.parentElement?.children ?? [])].indexOf(at);
    const input = at.closest(".tabbed-set")?.querySelectorAll(":scope > input")[place];
    if (input instanceof HTMLInputElement && !input.checked) input.click(); // tabs of the same label follow
  }
  if (!isSeen(range)) around[0]?.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, right } = range.getBoundingClientRect();
  for (const at of around) {
    const box = at.getBoundingClientRect();
    const scrolls = at.scrollWidth > at.clientWidth && getComputedStyle(at).overflowX !== "visible";
    if (scrolls && (left < box.left || right > box.right))
      at.scrollBy({ left: (left + right - box.left - box.right) / 2, behavior: "instant" });
  }
}

/**
 * Says whether a word is so short and so frequent that it means nothing: in any language that has short words.
 * @param {Found} found
 * @param {string} text
 */
function isGrammar({ word, ranges }, text) {
  const small = word.length < 4 && ranges.some((range) => /^\p{Ll}+$/u.test(range.toString()));
  return small && ranges.length * 100 > text.split(/\s+/u).length;
}

/** @param {string} word @param {Pieces} pieces */
function rangesOf(word, pieces) {
  const ranges = [];
  for (const { index, 0: match } of pieces.whole.matchAll(patternOf(word))) {
    if (ranges.length > MOST_MARKS) break;
    const range = new Range();
    range.setStart(...pieces.at(index));
    range.setEnd(...pieces.at(index + match.length, true));
    ranges.push(range);
  }
  return ranges;
}

/** @param {string} word */
function patternOf(word) {
  const letter = /[\p{L}\p{N}_]/u;
  // Scripts without spaces between words have no ends of words either.
  const whole = !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word);
  const before = whole && letter.test(word[0]) ? "(?<![\\p{L}\\p{N}_])" : "";
  const after = whole && letter.test(word.slice(-1)) ? "(?![\\p{L}\\p{N}_])" : "";
  return new RegExp(before + word.replace(/[^\p{L}\p{N}\p{M}]/gu, literal) + after, "giu");
}

/**
 * A character as a pattern that means nothing but it.
 * @param {string} character
 */
function literal(character) {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

/**
 * The text of elements as one string (`whole`), and the way from a place in it to a node (`at`).
 * @param {Iterable<Element>} elements
 * @returns {Pieces}
 */
function piecesOf(elements) {
  /** @type {[number, Text][]} */
  const nodes = [];
  let whole = "";
  /** @type {Element | null | undefined} */
  let block = null;
  for (const node of [...elements].flatMap(textsOf)) {
    const own = node.parentElement?.closest(BLOCKS);
    if (own !== block) whole += "\n"; // the end of one paragraph and the start of the next make no word
    block = own;
    nodes.push([whole.length, node]);
    whole += node.data;
  }
  return {
    whole,
    at(place, end = false) {
      const [start, node] = nodes.findLast(([from]) => (end ? from < place : from <= place)) ?? nodes[0];
      return [node, place - start];
    },
  };
}

/** @param {Element} within */
function textsOf(within) {
  const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const nodes = [];
  while (walker.nextNode()) nodes.push(/** @type {Text} */ (walker.currentNode));
  return nodes.filter((node) => !node.parentElement?.closest("button, .headerlink, script, style"));
}

/**
 * Says what is marked, leads from mark to mark, and lets the reader clear them: with its button, or with Escape.
 * @param {string[]} marked
 * @param {Range[]} ranges
 * @param {number} now which of them the reader is at
 */
function showBar(marked, ranges, now) {
  const said = element("span", { class: "marked-bar__words", dir: "auto" }, `Marked: ${marked.join(", ")}`);
  const name = "Clear the highlighted words";
  const button = element("button", { type: "button", "aria-label": name }, "Clear");
  const count = element("span", { class: "marked-bar__count", role: "status" });
  const go = (/** @type {number} */ by) => {
    now = (now + by + ranges.length) % ranges.length;
    count.textContent = `${now + 1} of ${ranges.length}`;
    CSS.highlights.set(NOW, new Highlight(ranges[now]));
    if (by) reveal(ranges[now]);
  };
  const step = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {number} */ by) => {
    const made = element("button", { type: "button", "aria-label": label }, sign);
    made.addEventListener("click", () => go(by));
    return made;
  };
  const steps = ranges.length > 1 ? [count, step("↑", "Previous mark", -1), step("↓", "Next mark", 1)] : [];
  go(0);
  const bar = element("p", { class: "marked-bar" }, said, ...steps, button);
  const main = document.querySelector("main");
  const clear = () => {
    CSS.highlights.delete(NAME);
    CSS.highlights.delete(NOW);
    bar.remove();
    removeEventListener("keydown", leave);
  };
  /** @param {KeyboardEvent} event */
  const leave = (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (!document.querySelector("dialog[open], [data-menu][open]")) clear();
  };
  button.addEventListener("click", () => {
    clear();
    main?.focus({ preventScroll: true });
  });
  addEventListener("keydown", leave);
  styled(import.meta.resolve("../../css/late/highlights.css")).then(
    () => main?.prepend(bar),
    () => {}, // without its style the bar would be in the way; the marks are cleared with Escape
  );
}
