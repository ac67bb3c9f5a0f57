import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine, SearchError } from "../src/engine.mjs";
import { buildIndex, loadFrom, readJson } from "./fixture.mjs";

const folder = buildIndex();
const engine = createEngine({ load: loadFrom(folder) });
const first = async (query, options) => (await engine.search(query, options)).results[0]?.url;
const all = async (query, options) => (await engine.search(query, options)).results.map(({ url }) => url);

const FOUND = [
  // identifiers, whole and in parts
  ["SIGTERM", "a/shutdown/"],
  ["chat.postMessage", "a/slack/"],
  ["postMessage", "a/slack/"],
  ["postmessage", "a/slack/"],
  ["AUTO_INCREMENT", "a/overflow/"],
  ["auto increment", "a/overflow/"],
  ["increment", "a/overflow/"],
  ["lazyfree-lazy-expire", "a/redis-expiry/"],
  ["lazyfree", "a/redis-expiry/"],
  ["--force-with-lease", "a/slack/"],
  ["terminationGracePeriodSeconds", "a/shutdown/"],
  ["grace period", "a/shutdown/"],
  ["C++", "a/cpp/"],
  ["v1.2.3", "a/cpp/"],
  ["1.2.3", "a/cpp/"],
  [":443", "a/tls/"],
  ["O(log n)", "a/cpp/"],
  ["EPIPE", "a/tls/"],
  ["std::string_view", "a/cpp/"],
  // titles, whole, half-remembered and half-typed
  ["How Redis Deletes Expired Keys", "a/redis-expiry/"],
  ["servers shut down", "a/shutdown/"],
  ["posting slack", "a/slack/"],
  ["How Ser", "a/shutdown/"],
  ["unhan", "a/node/"],
  ["kubern", "a/shutdown/"],
  // other languages
  ["数据库", "a/zh/"],
  ["索引", "a/zh/"],
  ["grosse", "a/de/"],
  ["Größe", "a/de/"],
  ["strasse", "a/de/"],
  ["cafe", "a/de/"],
  ["قواعد البيانات", "a/ar/"],
  ["المستخدمين", "a/ar/"],
  ["🚀 数据库", "a/zh/"],
  // names of subjects
  ["k8s", "a/shutdown/"],
  ["pg signals", "a/shutdown/"],
  ["postgres", "a/shutdown/"],
  ["golang", "a/go/"],
  ["draining", "a/shutdown/"],
];

for (const [query, url] of FOUND) {
  test(`${query} finds ${url}`, async () => assert.equal(await first(query), url));
}

for (const [line, url] of readJson("logs.json")) {
  test(`a pasted line finds ${url}: ${line.slice(0, 60).replace(/\n/g, " ")}`, async () =>
    assert.equal(await first(line), url));
}

test("a typing error is mended, and the answer says so", async () => {
  const { results, corrections } = await engine.search("kubernets clock");
  assert.equal(results[0].url, "a/shutdown/");
  assert.deepEqual(corrections, [{ from: "kubernets", to: "kubernetes", query: "kubernetes clock" }]);
});

test("the mended word takes its own place, not one inside another word", async () => {
  const { corrections } = await engine.search("kubernetsnothing kubernets clock");
  assert.equal(corrections.find(({ from }) => from === "kubernets")?.query, "kubernetsnothing kubernetes clock");
});

test("words are taken as typed when asked to", async () => {
  const { corrections } = await engine.search("kubernets", { correct: false });
  assert.deepEqual(corrections, []);
});

test("every word with one edit still finds its article", async () => {
  for (const [typed, url] of [
    ["overflwo mysql", "a/overflow/"],
    ["incrementign", "a/overflow/"],
    ["reids", "a/redis-expiry/"],
    ["rejectoins", "a/node/"],
    ["ubernetes", "a/shutdown/"],
  ]) {
    assert.equal(await first(typed), url, typed);
  }
});

test("a result leads to its section and marks what matched", async () => {
  const [found] = (await engine.search("duplicate entry primary")).results;
  assert.equal(found.href, "a/overflow/#error");
  assert.equal(found.section, "The error");
  const words = found.excerpt.marks.map(([start, end]) => found.excerpt.text.slice(start, end));
  assert.deepEqual(words, ["Duplicate", "entry", "PRIMARY"]);
});

test("a query in markup is text, and so is the answer", async () => {
  const { results } = await engine.search("<img src=x onerror=alert(1)> redis");
  assert.equal(results[0].url, "a/redis-expiry/");
});

test("filters hold, in the query and beside it", async () => {
  assert.deepEqual(await all("tag:mysql error"), ["a/overflow/"]);
  assert.deepEqual(await all("tag:mariadb error"), ["a/overflow/"]);
  assert.deepEqual((await all("error", { category: "incidents" })).sort(), [
    "a/disk/",
    "a/go/",
    "a/jvm/",
    "a/node/",
    "a/overflow/",
  ]);
  assert.deepEqual(await all("category:database subcategory:storage"), ["a/redis-expiry/"]);
  assert.deepEqual((await all("is:verified")).sort(), ["a/overflow/", "a/redis-expiry/"]);
  assert.deepEqual(await all("minutes:<4"), ["a/disk/"]);
  assert.deepEqual(await all("", { verified: true, least: 16 }), ["a/overflow/"]);
});

test("a filter that names nothing is told, and its word looked for", async () => {
  const { unknown, results } = await engine.search("tag:redsi expiry");
  assert.deepEqual(unknown, ["tag:redsi"]);
  assert.equal(results[0].url, "a/redis-expiry/");
});

test("filters that leave nothing say how much there is without them", async () => {
  const { results, outside } = await engine.search("kubernetes", { category: "net" });
  assert.deepEqual(results, []);
  assert.ok(outside > 0);
});

test("a phrase must stand as it is quoted", async () => {
  assert.deepEqual(await all('"lock wait timeout"'), ["a/overflow/"]);
  assert.deepEqual(await all('"数据库索引"'), ["a/zh/"]);
});

test("a phrase that stands nowhere is looked for as words, and the answer says so", async () => {
  const { results, relaxed } = await engine.search('"timeout lock wait"');
  assert.deepEqual([results[0].url, relaxed], ["a/overflow/", true]);
  assert.equal((await engine.search('"lock wait timeout"')).relaxed, false);
});

test("filters that exclude each other are the reader's will, and the answer says what there is without", async () => {
  for (const query of ["tag:redis tag:mysql error", "category:net category:database error"]) {
    const { results, outside } = await engine.search(query);
    assert.deepEqual([results, outside > 0], [[], true], query);
  }
});

test("a word with a minus leaves articles out", async () => {
  assert.ok((await all("error")).includes("a/node/"));
  assert.ok(!(await all("error -EMFILE")).includes("a/node/"));
});

test("nothing is found for nothing", async () => {
  for (const query of ["", "   "]) assert.deepEqual((await engine.search(query)).results, []);
});

test("offset and limit page through all that was found", async () => {
  const whole = await all("error", { limit: 50 });
  const paged = [...(await all("error", { limit: 2 })), ...(await all("error", { limit: 48, offset: 2 }))];
  assert.deepEqual(paged, whole);
});

test("facets count what was found", async () => {
  const { facets, total } = await engine.search("error", { limit: 1 });
  assert.equal(
    Object.values(facets.category).reduce((sum, count) => sum + count, 0),
    total,
  );
});

test("a subject and a word may have the name of what every object has", async () => {
  const [one, other] = readJson("documents.json");
  const names = ["constructor", "__proto__", "hasOwnProperty", "toString"];
  const tags = names.map((name) => [name, name, []]);
  const documents = [
    { ...one, tags, category: ["valueOf", "valueOf", []], subcategory: null },
    { ...other, tags: [], category: null },
  ];
  const odd = createEngine({ load: loadFrom(buildIndex(documents)) });
  for (const query of [...names, ...names.map((name) => `tag:${name}`), "category:valueOf"]) {
    const { results, facets, unknown } = await odd.search(query);
    assert.deepEqual([results[0].url, unknown], [one.url, []], query);
    assert.deepEqual(
      [Object.entries(facets.tag).sort(), Object.entries(facets.category)],
      [names.map((name) => [name, 1]).sort(), [["valueOf", 1]]],
    );
  }
});

test("titles of signs alone, titles alike and articles without text are found", async () => {
  const [one] = readJson("documents.json");
  const titles = ["🚀🚀", "???", "", "Same", "Same"];
  const odd = createEngine({
    load: loadFrom(buildIndex(titles.map((title, i) => ({ ...one, url: `${i}/`, title, sections: [] })))),
  });
  const found = async (query) => (await odd.search(query)).results.map(({ url }) => url);
  assert.deepEqual(await Promise.all(["🚀", "???", "same"].map(found)), [["0/"], ["1/"], ["3/", "4/"]]);
  assert.equal((await found("tag:redis")).length, titles.length);
});

test("subjects tell what there is to filter by", async () => {
  const { category, tag } = await engine.subjects();
  assert.deepEqual(
    category.find(({ slug }) => slug === "design"),
    { slug: "design", name: "System Design", count: 3 },
  );
  assert.ok(tag.some(({ slug, count }) => slug === "redis" && count === 1));
});

test("a million characters do not hang", async () => {
  const start = performance.now();
  for (const piece of ["redis ", "x", '"a b" ', "数据", "a-b_c.d/", "🚀"])
    await engine.search(piece.repeat(1_000_000 / piece.length));
  assert.ok(performance.now() - start < 5000);
});

test("a missing file is an error that says which and allows another try, and the other try works", async () => {
  let broken = true;
  const flaky = createEngine({
    load: loadFrom(folder, (path, data) => {
      if (broken && path.endsWith(".bin")) throw new Error("offline");
      return data;
    }),
  });
  await assert.rejects(flaky.search("sigterm"), (error) => {
    assert.ok(error instanceof SearchError);
    assert.equal(error.kind, "missing");
    assert.equal(error.retry, true);
    assert.match(error.file, /^search\/parts\/[a-z2-7]{8}\.bin$/);
    return true;
  });
  broken = false;
  assert.equal((await flaky.search("sigterm")).results[0].url, "a/shutdown/");
});

for (const [what, pattern] of [
  ["base", /base\.json$/],
  ["shard", /\.bin$/],
  ["text", /parts\/\w+\.json$/],
  ["words", /\.txt$/],
]) {
  for (const [how, damage] of [
    ["cut short", (data) => data.slice(0, data.length >> 1)],
    ["emptied", () => new Uint8Array()],
    ["replaced by a page", () => new TextEncoder().encode("<!doctype html><title>404</title>")],
    ["replaced by other JSON", () => new TextEncoder().encode("null")],
    ["replaced by a list of other things", () => new TextEncoder().encode("[[1, 2, 3]]")],
    ["damaged in the middle", (data) => data.map((byte, i) => (i === data.length >> 1 ? 0xff : byte))],
  ]) {
    test(`a ${what} file that is ${how} is an error`, async () => {
      const damaged = createEngine({
        load: loadFrom(folder, (path, data) => (pattern.test(path) ? damage(data) : data)),
      });
      await assert.rejects(
        damaged.search("sigtremx", { excerpts: 10 }),
        (error) => error instanceof SearchError && error.kind === "corrupt" && error.retry,
      );
    });
  }
}

test("a base that is JSON of the right format and still wrong is an error", async () => {
  const base = JSON.parse(new TextDecoder().decode(await loadFrom(folder)("search/base.json")));
  for (const wrong of [
    { stem: "constructor" },
    { stem: undefined },
    { articles: [[1]] },
    { articles: {} },
    { tags: [[]] },
    { names: 1 },
  ]) {
    const data = new TextEncoder().encode(JSON.stringify({ ...base, ...wrong }));
    const damaged = createEngine({
      load: loadFrom(folder, (path, whole) => (path.endsWith("base.json") ? data : whole)),
    });
    await assert.rejects(
      damaged.search("redis"),
      { name: "SearchError", kind: "corrupt", retry: true },
      JSON.stringify(wrong),
    );
  }
});

test("an index of another format says so", async () => {
  const other = createEngine({
    load: loadFrom(folder, (path, data) =>
      path.endsWith("base.json")
        ? new TextEncoder().encode(new TextDecoder().decode(data).replace('"format":2', '"format":99'))
        : data,
    ),
  });
  await assert.rejects(other.search("redis"), { kind: "format", retry: false });
});

test("a site built anew since the page was opened is searched anew", async () => {
  const documents = readJson("documents.json");
  documents[0].title = "Entirely New Wording";
  const next = buildIndex(documents);
  let now = folder;
  const load = async (path) => loadFrom(now)(path);
  const open = createEngine({ load });
  await open.ready();
  now = next;
  assert.equal((await open.search("entirely wording lazily")).results[0].title, "Entirely New Wording");
});

test("an aborted search gives no answer", async () => {
  const controller = new AbortController();
  const asked = engine.search("redis", { signal: controller.signal });
  controller.abort();
  await assert.rejects(asked, { name: "AbortError" });
});

test("an index of no articles and one of one can be searched", async () => {
  const [one] = readJson("documents.json");
  assert.deepEqual((await createEngine({ load: loadFrom(buildIndex([])) }).search("redis")).results, []);
  assert.equal((await createEngine({ load: loadFrom(buildIndex([one])) }).search("expird")).results.length, 1);
});

test("the same question gets the same answer", async () => {
  const again = createEngine({ load: loadFrom(folder) });
  const options = { excerpts: 10 };
  assert.deepEqual(await again.search("error in database", options), await engine.search("error in database", options));
});

test("a question in other words than its answer finds it, by what both are about", async () => {
  const question = "numeric identifier column ran out of values";
  const decode = (data) => new TextDecoder().decode(data);
  const wordsAlone = (path, data) =>
    path.endsWith("base.json") ? new TextEncoder().encode(decode(data).replace(/"about":"\w+"/, '"about":""')) : data;
  const [without] = (await createEngine({ load: loadFrom(folder, wordsAlone) }).search(question)).results;
  assert.notEqual(without.url, "a/overflow/");
  assert.equal(await first(question), "a/overflow/");
});

test("what stands in a title as typed is not outweighed by what is about the same", async () => {
  assert.equal(await first("how servers shut down without losing data"), "a/shutdown/");
});

test("texts are loaded for excerpts alone, and what articles are about for a question alone", async () => {
  const loaded = [];
  const about = JSON.parse(new TextDecoder().decode(await loadFrom(folder)("search/base.json"))).names.about;
  const note = (path, data) => {
    loaded.push(path);
    return data;
  };
  const watched = createEngine({ load: loadFrom(folder, note) });
  const bare = (await watched.search("sigterm")).results[0];
  assert.deepEqual([bare.read, bare.href, bare.excerpt.text], [false, bare.url, ""]);
  assert.ok(!loaded.some((path) => /parts\/\w+\.json$/.test(path) || path.includes(about)));
  const whole = (await watched.search("sigterm", { excerpts: 1 })).results[0];
  assert.ok(whole.read && whole.excerpt.text);
  assert.equal(loaded.filter((path) => /parts\/\w+\.json$/.test(path)).length, 1);
  await watched.search("what does a server do when it is asked to end");
  assert.equal(loaded.filter((path) => path.includes(about)).length, 1);
});

test("a damaged file of what articles are about is an error that allows another try", async () => {
  const about = JSON.parse(new TextDecoder().decode(await loadFrom(folder)("search/base.json"))).names.about;
  const damaged = createEngine({
    load: loadFrom(folder, (path, data) => (path.includes(about) ? data.slice(0, 20) : data)),
  });
  await assert.rejects(damaged.search("what does a server do when it is asked to end"), {
    kind: "corrupt",
    retry: true,
  });
});

test("text without spaces is found on a site in another language, letter by letter", async () => {
  const [one] = readJson("documents.json");
  const page = (url, title, text) => ({ ...one, url, title, description: "", tags: [], sections: [["s", "", text]] });
  const documents = [
    page("both/", "Go 的设计", "我们讨论错误处理的方法,以及并发。"),
    page("apart/", "数据库", "索引与处理速度,错误很少。"),
    ...Array.from({ length: 70 }, (_, i) => page(`other${i}/`, `Title ${i}`, "about errors and how to handle them")),
  ];
  const mixed = createEngine({ load: loadFrom(buildIndex(documents)) });
  for (const query of ["错误处", "错误处理", '"错误处理"', "并发", "并", "设计"]) {
    const { results, relaxed } = await mixed.search(query, { excerpts: 1 });
    assert.deepEqual([results[0]?.url, relaxed], ["both/", false], query);
  }
});

test("an author's typing error is the word that was meant", async () => {
  const [one] = readJson("documents.json");
  const page = (url, title, text) => ({ ...one, url, title, description: "", tags: [], sections: [["s", "", text]] });
  const documents = [
    page("right/", "Exactly-once delivery", "What exactly-once means, and exactly why. ".repeat(3)),
    page("wrong/", "Something else", "Delivery is exacly what we wanted."),
    ...Array.from({ length: 30 }, (_, i) => page(`other${i}/`, `Title ${i}`, "It is exactly this.")),
  ];
  const site = createEngine({ load: loadFrom(buildIndex(documents)) });
  const { results, corrections } = await site.search("exacly once delivery");
  assert.equal(results[0].url, "right/");
  assert.equal(corrections[0]?.to, "exactly");
  const meant = await site.search("exactly", { limit: 40 });
  assert.ok(meant.results.some(({ url }) => url === "wrong/"));
});

test("results can be of one author, the newest first, and the latest weighs more where it is asked for", async () => {
  const [one] = readJson("documents.json");
  const page = (number, year) => ({
    ...one,
    url: `r${number}/`,
    title: `Release ${number}`,
    published: `${year}-05-01`,
    authors: [[number % 2 ? "ada" : "grace", number % 2 ? "Ada Lovelace" : "Grace Hopper"]],
    sections: [["s", "What is new", "The notes of a release with many changes."]],
  });
  const text = "Of keys and clocks, of what a lock is for and who holds it. ".repeat(20);
  const mention = {
    ...page(8, 2026),
    url: "mention/",
    title: "Locks",
    sections: [["s", "", `${text} We took notes.`]],
  };
  const releases = createEngine({
    load: loadFrom(buildIndex([...[2019, 2021, 2024, 2017].map((year, i) => page(i, year)), mention])),
  });
  const urls = async (query, options) => (await releases.search(query, options)).results.map(({ url }) => url);
  assert.deepEqual(await urls("release", { order: "date" }), ["r2/", "r1/", "r0/", "r3/"]);
  assert.deepEqual(await urls("release notes", { order: "date" }), ["r2/", "r1/", "r0/", "r3/", "mention/"]);
  assert.deepEqual((await urls("author:ada release")).sort(), ["r1/", "r3/"]);
  assert.deepEqual((await urls("release", { author: "Grace Hopper" })).sort(), ["r0/", "r2/"]);
  assert.equal((await urls("latest release"))[0], "r2/");
  assert.equal((await releases.search("release 2")).results[0].published, "2024-05-01");
});
