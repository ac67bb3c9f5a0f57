// English word stems. The same algorithm, with its reasons, is in plugins/engblog/outputs/search/stem.py.
import { american } from "./spelling.mjs";

const IRREGULAR = new Map(
  (
    "lost:lose loss:lose losses:lose ran:run broke:break broken:break wrote:write written:write sent:send built:build " +
    "slept:sleep kept:keep froze:freeze frozen:freeze stuck:stick hung:hang died:die dying:die dead:die death:die " +
    "grew:grow grown:grow growth:grow chose:choose chosen:choose choice:choose caught:catch held:hold went:go gone:go " +
    "made:make took:take taken:take gave:give given:give got:get found:find bought:buy brought:bring thought:think " +
    "told:tell felt:feel left:leave meant:mean met:meet read:read rose:rise risen:rise shrank:shrink shrunk:shrink " +
    "spoke:speak spent:spend stole:steal stood:stand stopped:stop threw:throw thrown:throw knew:know known:know " +
    "woke:wake began:begin begun:begin came:come drew:draw drawn:draw fell:fall fallen:fall forgot:forget " +
    "forgotten:forget hid:hide hidden:hide saw:see seen:see shown:show sought:seek sold:sell slow:slow slower:slow " +
    "slowest:slow slowness:slow slowly:slow faster:fast fastest:fast failure:fail failures:fail proof:prove " +
    "proven:prove belief:believe children:child indices:index indexes:index vertices:vertex matrices:matrix " +
    "mice:mouse men:man women:woman people:person data:data bigger:big biggest:big larger:large largest:large " +
    "smaller:small smallest:small news:news series:series less:less replica:replicate replicas:replicate " +
    "generic:generic generics:generic general:general generally:general container:container containers:container " +
    "important:important importance:important engineer:engineer engineers:engineer engineering:engineer " +
    "terminal:terminal terminals:terminal policy:policy policies:policy operator:operator operators:operator " +
    "experience:experience experiences:experience experienced:experience experiment:experiment experiments:experiment " +
    "experimental:experiment internal:internal internals:internal internally:internal community:community " +
    "communities:community authorize:authorize authorized:authorize authorization:authorize authority:authority " +
    "authorities:authority relational:relational relative:relative relatively:relative customer:customer " +
    "customers:customer positive:positive positives:positive factory:factory factories:factory several:several " +
    "consistent:consistent consistency:consistent consistently:consistent edition:edition editions:edition " +
    "objective:objective business:business businesses:business bus:bus buses:bus https:https ios:ios " +
    "university:university universities:university analysis:analyze analyses:analyze analyse:analyze analysed:analyze " +
    "alias:alias aliases:alias bias:bias biases:bias focus:focus focuses:focus status:status statuses:status " +
    "redis:redis kubernetes:kubernetes postgres:postgres jenkins:jenkins axios:axios rails:rails " +
    "follower:follower followers:follower"
  )
    .split(" ")
    .map((pair) => /** @type {[string, string]} */ (pair.split(":"))),
);
const STEP2 = {
  ational: "ate",
  tional: "tion",
  enci: "ence",
  anci: "ance",
  izer: "ize",
  bli: "ble",
  alli: "al",
  entli: "ent",
  eli: "e",
  ousli: "ous",
  fulli: "ful",
  ization: "ize",
  ation: "ate",
  ator: "ate",
  alism: "al",
  iveness: "ive",
  fulness: "ful",
  ousness: "ous",
  aliti: "al",
  iviti: "ive",
  biliti: "ble",
  logi: "log",
};
const STEP3 = { icate: "ic", ative: "", alize: "al", iciti: "ic", ical: "ic", ful: "", ness: "" };
const SUFFIX2 = new RegExp(`(?:${endings(STEP2)})$`);
const SUFFIX3 = new RegExp(`(?:${endings(STEP3)})$`);
const SUFFIX4 = /(?:ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|(?<=[st])ion|al|er|ic|ou)$/;
const CONSONANT_Y = /^y|(?<=[aeiou])y/g;
const VOWEL = /[aeiouy]/;
const GROUP = /[aeiouy]+[^aeiouy]/g;
const SHORT = /[^aeiouy][aeiouy][^aeiouywxY]$/;
const DOUBLE = /([bcdfghjkmnpqrtvwx])\1$/;
const ENDING = /(?:[seyi]|ed|ing|al|er|ic|ll|ou|ant|ent|ism|ion|ful|ator)$/;
const LONGEST = 32;

/** @param {string} word lower-case ASCII letters */
export function stem(word) {
  word = american(word);
  const regular = IRREGULAR.get(word);
  if (regular === word) return word; // its last letter is no ending
  word = regular ?? word;
  if (word.length <= 2 || word.length > LONGEST || !ENDING.test(word)) return word;
  word = word.replace(CONSONANT_Y, "Y");
  word = step1(word);
  word = replace(word, SUFFIX2, STEP2);
  word = replace(word, SUFFIX3, STEP3);
  if (word.endsWith("i") && !word.endsWith("iti") && measure(word.slice(0, -1)) > 1) word = word.slice(0, -1);
  const found = SUFFIX4.exec(word);
  if (found && measure(word.slice(0, found.index)) > 1) word = word.slice(0, found.index);
  if (word.endsWith("e")) {
    const root = word.slice(0, -1);
    const size = measure(root);
    if (size > 1 || (size === 1 && !SHORT.test(root))) word = root;
  }
  if (word.endsWith("ll") && measure(word.slice(0, -1)) > 1) word = word.slice(0, -1);
  return word.toLowerCase();
}

/** @param {string} word */
function step1(word) {
  if (word.endsWith("s")) {
    if (word.endsWith("sses") || word.endsWith("ies")) word = word.slice(0, -2);
    else if (!word.endsWith("ss")) word = word.slice(0, -1);
  }
  if (word.endsWith("eed")) {
    if (measure(word.slice(0, -3))) word = word.slice(0, -1);
  } else if (word.endsWith("ed") || word.endsWith("ing")) {
    const root = word.slice(0, word.endsWith("d") ? -2 : -3);
    if (VOWEL.test(root)) {
      word = root;
      if (/(?:at|bl|iz)$/.test(word) || (measure(word) === 1 && SHORT.test(word))) word += "e";
      else if (DOUBLE.test(word)) word = word.slice(0, -1);
    }
  }
  if (word.endsWith("y") && VOWEL.test(word.slice(0, -1))) word = `${word.slice(0, -1)}i`;
  return word;
}

/** @param {string} word @param {RegExp} suffix @param {Record<string, string>} by */
function replace(word, suffix, by) {
  const found = suffix.exec(word);
  if (!found || !measure(word.slice(0, found.index))) return word;
  return word.slice(0, found.index) + by[found[0]];
}

/** @param {string} root */
function measure(root) {
  return root.match(GROUP)?.length ?? 0;
}

/** @param {Record<string, string>} table */
function endings(table) {
  return Object.keys(table)
    .sort((one, other) => other.length - one.length || (one < other ? -1 : 1))
    .join("|");
}
