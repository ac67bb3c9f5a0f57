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
      if (broken && path.includes("/p")) throw new Error("offline");
      return data;
    }),
  });
  await assert.rejects(flaky.search("sigterm"), (error) => {
    assert.ok(error instanceof SearchError);
    assert.equal(error.kind, "missing");
    assert.equal(error.retry, true);
    assert.match(error.file, /^search\/[0-9a-f]{12}\/p\d+\.bin$/);
    return true;
  });
  broken = false;
  assert.equal((await flaky.search("sigterm")).results[0].url, "a/shutdown/");
});

for (const [what, pattern] of [
  ["base", /base\.json$/],
  ["shard", /\/p\d+\.bin$/],
  ["text", /\/t\d+-\d+\.json$/],
  ["words", /\/w\d+\.txt$/],
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
        damaged.search("sigtremx"),
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
    { words: 1 },
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
        ? new TextEncoder().encode(new TextDecoder().decode(data).replace('"format":1', '"format":99'))
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
  assert.deepEqual(await again.search("error in database"), await engine.search("error in database"));
});

test("a question in other words than its answer finds it, by what both are about", async () => {
  const question = "numeric identifier column ran out of values";
  const decode = (data) => new TextDecoder().decode(data);
  const wordsAlone = (path, data) =>
    path.endsWith("base.json") ? new TextEncoder().encode(decode(data).replace('"means":1', '"means":0')) : data;
  const [without] = (await createEngine({ load: loadFrom(folder, wordsAlone) }).search(question)).results;
  assert.notEqual(without.url, "a/overflow/");
  assert.equal(await first(question), "a/overflow/");
});

test("what stands in a title as typed is not outweighed by what is about the same", async () => {
  assert.equal(await first("how servers shut down without losing data"), "a/shutdown/");
});

test("the first answer loads what articles are about, so that a later question loads only its words", async () => {
  const loaded = [];
  const note = (path, data) => {
    loaded.push(path);
    return data;
  };
  const watched = createEngine({ load: loadFrom(folder, note) });
  await watched.search("sigterm");
  assert.equal(loaded.filter((path) => path.endsWith("/m.bin")).length, 1);
  assert.equal(loaded.filter((path) => /\/m\d+\.bin$/.test(path)).length, 0);
  loaded.length = 0;
  await watched.search("what does a server do when it is asked to end");
  const words = loaded.filter((path) => /\/m\d*\.bin$/.test(path));
  assert.ok(words.length > 0 && words.length <= 8, words.join(" "));
});

for (const [what, pattern] of [
  ["articles", /\/m\.bin$/],
  ["words", /\/m\d+\.bin$/],
]) {
  test(`a damaged file of what ${what} are about is an error that allows another try`, async () => {
    const damaged = createEngine({
      load: loadFrom(folder, (path, data) => (pattern.test(path) ? data.slice(0, 20) : data)),
    });
    await assert.rejects(damaged.search("what does a server do when it is asked to end"), {
      kind: "corrupt",
      retry: true,
    });
  });
}
