import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "../src/engine.mjs";
import { buildIndex, loadFrom } from "./fixture.mjs";

/** @param {Record<string, [title: string, text: string]>} articles by slug; what they leave to fill is filled with others */
function engineOf(articles, tags = {}) {
  const filler = Array.from({ length: 30 }, (_, i) => [
    `filler-${i}`,
    [`Weekly notes ${i}`, `Plain talk of clusters and nodes leaving, printing pages, number ${i}.`],
  ]);
  const rows = [...Object.entries(articles), ...filler].map(([slug, [title, text]]) => ({
    url: `${slug}/`,
    title,
    description: "",
    category: null,
    subcategory: null,
    minutes: 3,
    verified: false,
    tags: (tags[slug] ?? []).map((name) => [name, name, []]),
    sections: [["", "", text]],
  }));
  const engine = createEngine({ load: loadFrom(buildIndex(rows)) });
  return async (query) => {
    const answer = await engine.search(query);
    return { ...answer, urls: answer.results.map(({ url }) => url.slice(0, -1)) };
  };
}

const options = engineOf(
  {
    mvn: ["Shipping a Jar", "Run mvn clean package -DskipTests to be quick."],
    maven: ["Maven and mvn explained", "All about mvn."],
    tar: ["Unpacking", "Then tar -xvf the archive and go on."],
    tarpit: ["The tar command", "All that tar can do."],
    retry: ["Downloads", `Use curl --retry 5 here. ${"Other words about files. ".repeat(200)}`],
    retries: ["How curl retries: retry, and retry again", "When to retry with curl. Retry, retry."],
    redis: ["Redis alone", "One redis server, no more."],
    sentinel: ["Redis Sentinel", "A redis sentinel watches. Start it with redis-server --sentinel here."],
    video: ["Encoding", "ffmpeg -c:v libx265 -tag:v hvc1 out.mp4"],
  },
  { redis: ["db"], sentinel: ["db", "ha"] },
);

for (const [query, url] of [
  ["mvn -DskipTests", "mvn"],
  ["tar -xvf", "tar"],
  ["curl --retry", "retry"],
  ["-tag:v hvc1", "video"],
  ["ffmpeg -c:v libx265", "video"],
]) {
  test(`${query}: an option is looked for`, async () => assert.equal((await options(query)).urls[0], url));
}

test("a word is left out although it is an option with two dashes somewhere", async () => {
  assert.deepEqual((await options("redis -sentinel")).urls, ["redis"]);
});

test("a minus before a filter leaves out what it names", async () => {
  assert.deepEqual((await options("redis -tag:ha")).urls, ["redis"]);
});

test("several words are left out only where they stand together", async () => {
  const ask = engineOf({ both: ["One", "kafka with a hot key here"], apart: ["Two", "kafka is hot"] });
  assert.deepEqual((await ask('kafka -"hot key"')).urls, ["apart"]);
});

test("what would leave nothing out of all is looked for", async () => {
  const { urls, relaxed } = await options("redis -redis");
  assert.deepEqual([urls.length > 0, relaxed], [true, true]);
});

const typed = engineOf({
  kubernetizing: ["Old ways", "Kubernetizing the monolith."],
  k1: ["Kubernetes upgrades", "kubernetes"],
  k2: ["Kubernetes networks", "kubernetes"],
  k3: ["Kubernetes storage", "kubernetes"],
  k4: ["Running on Kubernetes", "kubernetes"],
  k5: ["Notes", "kubernetes"],
  wayland: ["Wayland on the desktop", "The wayland protocol with electron."],
  way: ["The Way and the End", "A way to electron."],
  stack: ["Allocating on the Stack", "On allocating. See stackalloc."],
  frames: ["Allocation of Frames", "Allocation of a stack, allocation, stack, stack."],
  stackalloc: ["Other things", "stackalloc"],
  sharding: ["Sharding for All", "sharding"],
  shards: ["Shards 0.12", "shards shards shards shards"],
  atomic: ["Atomic Commits", "atomic"],
  a2: ["Atomic Counters", "atomic"],
  a3: ["Atomic Renames", "atomic"],
  a4: ["More", "atomic"],
  atob: ["Text in browsers", "Call atob now."],
});

for (const [query, url] of [
  ["wayand electron", "wayland"],
  ["allocatng stack", "stack"],
  ["allocating stack", "stack"],
  ["sharpding", "sharding"],
  ["ahtob", "atob"],
]) {
  test(`${query} finds ${url}`, async () => assert.equal((await typed(query)).urls[0], url));
}

test("a word that hits a rare word by its stem alone is mended", async () => {
  const { results, corrections } = await typed("kubernets");
  assert.match(results[0].title, /Kubernetes/);
  assert.equal(corrections[0]?.to, "kubernetes");
});

test("a rare word that stands as it was typed is not mended", async () => {
  const { urls, corrections } = await typed("atob browsers");
  assert.deepEqual([urls[0], corrections], ["atob", []]);
});

test("all words in one passage count more than a stem-mate of one in a title", async () => {
  const ask = engineOf({
    all: ["Types that depend", "Distributive conditional types: infer a member."],
    mate: ["Context inference everywhere", "Inference of a distributed context, conditional on inference."],
    other: ["Type inference", "How inference of types works."],
  });
  assert.equal((await ask("distributive conditional types infer")).urls[0], "all");
});

const spelled = engineOf({
  american: ["Profile-guided optimization", "What the behavior of a license server does to defense in depth."],
  british: ["Catalogues in colour", "A centred organisation, and how it analyses metres."],
  mention: ["Compilers", "A profile is guided by what runs; nothing is optimised here but the profile."],
});

for (const [query, url] of [
  ["profile guided optimisation", "american"],
  ["behaviour of licence servers", "american"],
  ["catalog color", "british"],
  ["centered organization", "british"],
  ["analyzes meters", "british"],
  ["optimisa", "american"],
  ["catalogs in colo", "british"],
]) {
  test(`${query}: both spellings are one`, async () => assert.equal((await spelled(query)).urls[0], url));
}

test("the form of a word that was typed comes before others of its stem", async () => {
  const ask = engineOf({
    one: ["Speeding up", "speeding, speeding"],
    two: ["Write speeds of disks", "about speeds of writes"],
  });
  assert.equal((await ask("speeds")).urls[0], "two");
  assert.equal((await ask("speeding")).urls[0], "one");
});

test("of an article and its translations the one in the letters of the query comes first", async () => {
  const text = "error: `#[panic_handler]` function required, but not found";
  const ask = engineOf({
    ja: ["フリースタンディングな Rust バイナリ", text],
    en: ["A Freestanding Rust Binary", `${text} and more words of it`],
  });
  assert.equal((await ask(text)).urls[0], "en");
  assert.equal((await ask("panic_handler")).urls[0], "en");
  assert.equal((await ask("フリースタンディング panic_handler")).urls[0], "ja");
});

test("a pasted line comes first where it stands as it is", async () => {
  const ask = engineOf({
    parts: ["Handlers", "A function may not be found. Error, error: panic_handler is required, panic_handler."],
    whole: [
      "Binaries",
      "It said: error: `#[panic_handler]` function required, but not found. So we wrote one, at length and with care.",
    ],
  });
  assert.equal((await ask("error: `#[panic_handler]` function required, but not found")).urls[0], "whole");
});

const code = engineOf({
  parts: ["Reading a File", "os file read; a long-lived File; Channel of T, new; task and executor."],
  call: ["Profiles", `Most time went to os.(*File).Read in the end. ${"More about that. ".repeat(40)}`],
  snake: ["Owners", `The field long_lived says so. ${"More about that. ".repeat(40)}`],
  generic: ["Fibers", `Make one by Channel(T).new there. ${"More about that. ".repeat(40)}`],
  path: ["Sleeping", `Look at task::executor there. ${"More about that. ".repeat(40)}`],
  beta: ["Errors", `Since 1.0.0-beta.5 it differs. ${"More about that. ".repeat(40)}`],
  stable: ["Stable 1.0.0", "1.0.0 and 1.0.0 again"],
});

for (const [query, url] of [
  ["os.(*File).Read", "call"],
  ["long_lived", "snake"],
  ["Channel(T).new", "generic"],
  ["task::executor", "path"],
  ["1.0.0-beta.5", "beta"],
]) {
  test(`${query}: code comes first where it stands as typed`, async () =>
    assert.equal((await code(query)).urls[0], url));
}
