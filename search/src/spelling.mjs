// British and American spellings of a word as one. The same rules, with their reasons, are in
// plugins/engblog/outputs/search/spelling.py.

const OUR =
  "arm|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|misdemean|neighb|od|parl|ranc|rig|" +
  "rum|sav|savi|splend|succ|tum|val|vap|vig";
const RE = "accout|calib|cent|fib|lit|lust|maneuv|meag|met|mit|nit|och|reconnoit|sab|scept|somb|spect|theat";
const MEASURES = "centi|deci|kilo|micro|milli|nano";
const ENCE = "def|lic|off|pret";
const OGUE = "anal|catal|dial|epil|homol|monol|prol|travel";
const YSE = "anal|catal|dial|electrol|hydrol|paral|psychoanal";
const NOT_IZE =
  "adv|adver|advert|an|appr|chast|circumc|compr|comprom|conc|dem|desp|dev|disgu|enterpr|exc|exerc|expert|franch|" +
  "guis|imprec|improv|inc|merchand|mort|parad|prec|prem|prom|repr|rev|superv|surpr|telev|treat|unsuperv|vis";
const OTHERS = `
acknowledgement:acknowledgment acknowledgements:acknowledgments ageing:aging aluminium:aluminum amongst:among
artefact:artifact artefacts:artifacts cosy:cozy disc:disk discs:disks encyclopaedia:encyclopedia focussed:focused
focusses:focuses focussing:focusing fulfil:fulfill fulfils:fulfills grey:gray greyed:grayed greys:grays
greyscale:grayscale instalment:installment instalments:installments judgement:judgment judgements:judgments
learnt:learned manoeuvre:maneuver manoeuvred:maneuvered manoeuvres:maneuvers manoeuvring:maneuvering mould:mold
moulds:molds orientated:oriented plough:plow practise:practice practised:practiced practises:practices
practising:practicing programme:program programmes:programs queueing:queuing sceptic:skeptic sceptical:skeptical
skilful:skillful sulphur:sulfur whilst:while
`;
const TABLE = new Map(
  OTHERS.trim()
    .split(/\s+/)
    .map((pair) => /** @type {[string, string]} */ (pair.split(":"))),
);
const DIFFERENT = new RegExp(
  `^(?<our>(?:dis|mis|multi|un)?(?:${OUR}))our` +
    `|^(?<re>(?:${MEASURES})?(?:${RE}))r(?:e(?=s?$)|(?=ed$|ing$))` +
    `|^(?<ence>(?:${ENCE}))ence(?=$|s|d|less)` +
    `|^(?<ogue>(?:${OGUE}))ogu(?:e(?=s?$)|(?=ed$|ing$))` +
    `|^(?<yse>(?:${YSE}))ys(?=e|ing$)` +
    `|^(?!(?:${NOT_IZE})is)(?<ise>[a-z]{2,}[^aeiouw])is(?=e$|e[dsr]$|ers$|ing$|ation|able$)`,
);
/** @type {[string, string][]} */
const WRITTEN = Object.entries({ our: "or", re: "er", ence: "ense", ogue: "og", yse: "yz", ise: "iz" });
const BEGUN_OUR = new RegExp(`^((?:dis|mis|multi|un)?(?:${OUR})o)u$`);
const BEGUN_ISE = new RegExp(`^(?!(?:${NOT_IZE})is)([a-z]{2,}[^aeiouw])is(?=$|[ae])`);

/** The American spelling of a word. @param {string} word lower-case ASCII letters */
export function american(word) {
  const other = TABLE.get(word);
  if (other !== undefined) return other;
  const found = DIFFERENT.exec(word);
  const [rule, written] = WRITTEN.find(([name]) => found?.groups?.[name] !== undefined) ?? [];
  if (!found?.groups || !rule) return word;
  return found.groups[rule] + written + word.slice(found[0].length);
}

/** The same of the beginning of a word. @param {string} start */
export function americanBeginning(start) {
  return american(start).replace(BEGUN_OUR, "$1").replace(BEGUN_ISE, "$1iz");
}
