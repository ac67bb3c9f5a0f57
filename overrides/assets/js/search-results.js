// What a search has to show, as elements. All of it is text that others wrote: none of it is ever taken for markup.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value || value === 0 || value === "") made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child || child === 0));
  return made;
}

export function marked(text, marks) {
  const parts = [];
  let at = 0;
  for (const [start, end] of marks) {
    if (start < at) continue;
    parts.push(text.slice(at, start), element("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}

/** The words that were matched, as they are written there. */
function wordsOf({ title, titleMarks, section, sectionMarks, excerpt }) {
  const places = [[section, sectionMarks], [excerpt.text, excerpt.marks], [title, titleMarks]];
  return [...new Set(places.flatMap(([text, marks]) => marks.map(([start, end]) => text.slice(start, end).toLowerCase())))];
}

function addressOf(result, root) {
  const address = new URL(result.href, root);
  const words = wordsOf(result).slice(0, 12).join(" ");
  if (words) address.searchParams.set("h", words);
  return address.href;
}

/** One article, and the section of it to go to: an option of the list that is the link itself. */
export function option(result, index, { root, accents }) {
  const { category, subcategory, minutes, verified, section, sectionMarks, title, titleMarks, excerpt } = result;
  const about = [category?.name, subcategory?.name].filter(Boolean).join(" · ");
  const line = (name, text, marks) => text && element("span", { class: `found__${name}`, dir: "auto" }, ...marked(text, marks), " ");
  return element(
    "a",
    {
      id: `search--${index}`,
      class: "found",
      role: "option",
      tabindex: -1,
      "aria-selected": "false",
      "data-accent": accents.get(category?.slug),
      href: addressOf(result, root),
    },
    line("title", title, titleMarks), // read first, though it stands below what follows last
    line("section", section, sectionMarks),
    line("excerpt", excerpt.text, excerpt.marks),
    element(
      "span",
      { class: "found__about" },
      about && element("span", { class: "kicker" }, about, " "),
      element("span", { class: "count" }, `${minutes} min `),
      verified && element("span", { class: "count found__verified" }, "✓ Verified"),
    ),
  );
}

const button = (content, action, looks = "search__link") => {
  const made = element("button", { type: "button", class: looks }, ...[content].flat());
  made.addEventListener("click", action);
  return made;
};

// A link that is followed in place, but can be opened in a window of its own and copied.
const link = (content, { href, action }) => {
  const made = element("a", { class: "search__link", href, dir: "auto" }, content);
  made.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    action();
  });
  return made;
};

const quoted = (text) => element("strong", { dir: "auto" }, text);
const shortened = (text) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

export const plural = (count) => `${count.toLocaleString("en")} ${count === 1 ? "article" : "articles"}`;

/** What the keys of the dialog do; screen readers know by its roles. */
export function keys() {
  const all = [["↑ ↓", "move"], ["Enter", "open"], ["Esc", "close"]];
  return element("span", { class: "search__keys", "aria-hidden": "true" }, ...all.flatMap(([key, does]) => [element("kbd", {}, key), ` ${does} `]));
}

/** What stands above the list: what was corrected, what no filter is, and, of nothing found, what to do. */
export function summary(answer, state, { exactly, unfiltered }) {
  const { corrections, unknown, relaxed, total } = answer;
  const corrected = corrections.length && total && correction(corrections, exactly);
  const nearest = relaxed && total && element("p", {}, "No article matches exactly. These come closest.");
  return [corrected, nearest, ...unknown.map((filter) => strange(filter, state)), ...(total ? [] : nothing(answer, state, unfiltered))].filter(Boolean);
}

function correction(corrections, exactly) {
  const typed = corrections.map(({ from }) => from).join(" ");
  return element("p", {}, "Results for ", ...meantBy(corrections), "; ", link(`search ${typed} instead`, exactly));
}

const meantBy = (corrections) => corrections.flatMap(({ to }, i) => [i ? ", " : "", quoted(to)]);

// The engine takes a filter that was typed for words, and does without one that an address or a list gave.
function strange(filter, { q }) {
  const instead = q.includes(filter) ? "its words were searched" : "it was left out";
  return element("p", {}, quoted(filter), ` is no filter here, so ${instead}.`);
}

function nothing({ outside, corrections }, state, unfiltered) {
  const sought = shortened(state.q.trim());
  const lead = element("p", { class: "search__none" }, "Nothing found", sought && " for ", sought && quoted(sought), ".");
  if (!outside) return [lead, element("p", {}, "Fewer words find more. A name, an error’s number or a tag is often enough.")];
  const meant = corrections.length ? [" for ", ...meantBy(corrections)] : [];
  return [lead, element("p", {}, plural(outside), ...meant, " without the filters. ", button("Remove the filters", unfiltered))];
}

/** What went wrong, the way to try again and, where `elsewhere` is given, the way without the search. */
export function failure({ message }, { again, elsewhere }) {
  const ways = elsewhere && element("a", { class: "search__link", href: elsewhere }, "Other ways to find an article");
  const actions = element("p", { class: "search__actions" }, button("Try again", again, "search__more"), ways);
  return [element("p", { class: "search__none" }, message), actions];
}

/** Where to start when nothing is typed: the subjects that have most, and what can be typed. */
export function beginning(subjects, { chooseCategory, chooseTag, accents }) {
  const list = (title, items, choose) => {
    const chips = items.map(({ slug, name, count }) => {
      const chip = button([element("bdi", {}, name), element("span", { class: "count" }, count)], () => choose(slug), "tag");
      return element("li", { "data-accent": choose === chooseCategory && accents.get(slug) }, chip);
    });
    return chips.length && element("section", {}, element("h2", { class: "label" }, title), element("ul", { class: "children" }, ...chips));
  };
  const most = (items, count) => [...items].sort((one, other) => other.count - one.count || one.name.localeCompare(other.name)).slice(0, count);
  const form = (code, means) => element("div", {}, element("dt", {}, element("code", {}, code)), element("dd", {}, means));
  return [
    subjects && list("Start from a category", most(subjects.category, 12), chooseCategory),
    subjects && list("Or from a tag", most(subjects.tag, 12), chooseTag),
    element(
      "section",
      { class: "search__help" },
      element("h2", { class: "label" }, "What you can type"),
      element(
        "dl",
        { class: "search__forms" },
        form("ERROR 1062 (23000) at line 3", "a log line, verbatim"),
        form('"grace period"', "these words together"),
        form("-kafka", "without a word"),
        form("tag:redis is:verified", "filters, typed"),
      ),
    ),
  ].filter(Boolean);
}
