// Marks on a page the words that a search found there: they come as `?h=`, and leave the address once they are seen.
// Marks are ranges, not elements: the text stays as it was, for copying too, and a word may run through coloured code.

const MOST_WORDS = 12;
const MOST_MARKS = 400;
const NAME = "search";

const words = taken();
// Who comes for a section should not have to watch the page scroll to it.
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

function mark(pieces) {
  const found = words.map((word) => ({ word, ranges: rangesOf(word, pieces) })).filter(({ ranges }) => ranges.length);
  const telling = found.filter((each) => !isGrammar(each, pieces.whole));
  const marked = telling.length ? telling : found;
  if (!marked.length) return;
  CSS.highlights.set(NAME, new Highlight(...marked.flatMap(({ ranges }) => ranges).slice(0, MOST_MARKS)));
  showBar(marked.map(({ ranges }) => ranges[0].toString()));
}

/** Whether a word is so short and so frequent that it says nothing: in any language that has short words. */
function isGrammar({ word, ranges }, text) {
  const small = word.length < 4 && ranges.some((range) => /^\p{Ll}+$/u.test(range.toString()));
  return small && ranges.length * 100 > text.split(/\s+/u).length;
}

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

function patternOf(word) {
  const letter = /[\p{L}\p{N}_]/u;
  // Scripts without spaces between words have no ends of words either.
  const whole = !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word);
  const before = whole && letter.test(word[0]) ? "(?<![\\p{L}\\p{N}_])" : "";
  const after = whole && letter.test(word.at(-1)) ? "(?![\\p{L}\\p{N}_])" : "";
  return new RegExp(before + word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&") + after, "giu");
}

/** The text of elements as one string (`whole`), and the way from a place in it to a node (`at`). */
function piecesOf(elements) {
  const nodes = [];
  let whole = "";
  let block = null;
  for (const node of [...elements].flatMap(textsOf)) {
    const own = node.parentElement.closest("p, li, pre, td, th, h1, h2, h3, h4, dt, dd, figcaption, summary, text, .filename");
    if (own !== block) whole += "\n"; // the end of one paragraph and the start of the next make no word
    block = own;
    nodes.push([whole.length, node]);
    whole += node.data;
  }
  const at = (place, end = false) => {
    const [start, node] = nodes.findLast(([from]) => (end ? from < place : from <= place));
    return [node, place - start];
  };
  return { whole, at };
}

function textsOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes.filter((node) => !node.parentElement.closest("button, .headerlink, script, style"));
}

/** Says what is marked, and lets the reader clear it: by its button, or with Escape. */
function showBar(marked) {
  const said = document.createElement("span");
  said.className = "marked-bar__words";
  said.dir = "auto";
  said.textContent = `Marked: ${marked.join(", ")}`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "marked-bar__clear";
  button.textContent = "Clear";
  button.setAttribute("aria-label", "Clear the marks of your search");
  const bar = document.createElement("p");
  bar.className = "marked-bar";
  bar.append(said, button);
  const clear = () => {
    CSS.highlights.delete(NAME);
    bar.remove();
    removeEventListener("keydown", escape);
  };
  const escape = (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open], [data-menu][open]")) clear();
  };
  button.addEventListener("click", () => {
    clear();
    document.querySelector("main").focus({ preventScroll: true });
  });
  addEventListener("keydown", escape);
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL(`../css/search.css${new URL(import.meta.url).search}`, import.meta.url);
  sheet.addEventListener("load", () => document.querySelector("main").prepend(bar));
  document.head.append(sheet);
}
