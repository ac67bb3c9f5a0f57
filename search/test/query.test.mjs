import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../src/query.mjs";

test("words are kept once, in order", () => {
  assert.deepEqual(parse("redis keys redis").chunks, ["redis", "keys"]);
});

test("the last word may be the beginning of one, unless a space follows it", () => {
  assert.equal(parse("redis ke").open, true);
  assert.equal(parse("redis keys ").open, false);
});

test("filters are taken out of the text", () => {
  const query = parse('tag:redis category:"System Design" is:verified minutes:<10 expiry');
  assert.deepEqual(
    query.filters.map(({ name, value }) => [name, value]),
    [
      ["tag", "redis"],
      ["category", "System Design"],
      ["is", "verified"],
      ["minutes", "<10"],
    ],
  );
  assert.deepEqual(query.chunks, ["expiry"]);
});

test("quotes make a phrase whose words are looked for too", () => {
  const query = parse('"grace period" kubernetes');
  assert.deepEqual(query.phrases, [["grace", "period"]]);
  assert.deepEqual(query.chunks, ["grace", "period", "kubernetes"]);
});

test("a minus leaves a word or a phrase out", () => {
  const query = parse('redis -cluster -"hot key"');
  assert.deepEqual(query.chunks, ["redis"]);
  assert.deepEqual(query.without, [["hot", "key"], ["cluster"]]);
});

test("an option with two dashes is looked for", () => {
  const query = parse("--force-with-lease");
  assert.deepEqual([query.chunks, query.without], [["--force-with-lease"], []]);
});

test("a lone option with one dash is looked for", () => {
  const query = parse("-Xmx512m");
  assert.deepEqual([query.chunks, query.without], [["-Xmx512m"], []]);
});

test("what has a sign that words have not is an option", () => {
  for (const option of ["-c:v", "-Dpreview_mt", "-std=c++20"])
    assert.deepEqual(parse(`tool ${option}`).without, [], option);
});

test("whoever knows the options is asked about the others", () => {
  const { chunks, without } = parse("tar -xvf -backup", (word) => word === "xvf");
  assert.deepEqual([chunks, without], [["tar", "-xvf"], [["backup"]]]);
});

test("a filter may be turned round", () => {
  const [{ name, value, not }] = parse("go -tag:redis").filters;
  assert.deepEqual([name, value, not], ["tag", "redis", true]);
});

test("stretches of code are kept as typed, words with a hyphen or in brackets are not code", () => {
  assert.deepEqual(parse("call `os.(*File).Read`, then retryLater()").spans, ["os.(*File).Read", "retryLater()"]);
  assert.deepEqual(parse('pull-based (long) "quoted words" I/O, R&D?').spans, []);
});

test("what varies in a log line is dropped, what names the error stays", () => {
  const { chunks, logged } = parse(
    "2026-11-01T03:12:44.120Z api[4711] ERROR 1062 (23000) at 0xc0000a1b2c: Duplicate entry '17' for 10.0.0.7 " +
      "request 0a1b2c3d-1111-2222-3333-444455556666 took 120 ms",
  );
  assert.equal(logged, true);
  for (const kept of ["ERROR", "1062", "Duplicate", "entry"]) assert.ok(chunks.includes(kept), kept);
  for (const dropped of ["2026", "4711", "0xc0000a1b2c", "10.0.0.7", "444455556666", "120", "03"]) {
    assert.ok(!chunks.includes(dropped), dropped);
  }
});

test("a minus and quotes in a log line are no operators", () => {
  const { without, phrases } = parse('FATAL: password authentication failed for user "app" -hint 2026-11-01 03:12:44');
  assert.deepEqual([without, phrases], [[], []]);
});

test("of a text that is cut, the word at the cut is left out, and text without spaces is not", () => {
  assert.equal(parse("redis keys ".repeat(400)).chunks.length, 2);
  assert.deepEqual(parse(`${"a ".repeat(994)}beginning incrementing counter`).chunks, ["a", "beginning"]);
  assert.equal(parse("数据库索引".repeat(1000)).chunks[0].length, 2000);
});

test("a query of a million characters is cut before it is looked at", () => {
  for (const piece of ["word ", '"', "-a ", "tag:", "((((", "a:b/", "é́́", "数"]) {
    const start = performance.now();
    const { chunks } = parse(piece.repeat(1_000_000 / piece.length));
    assert.ok(chunks.length <= 2000);
    assert.ok(performance.now() - start < 1000, piece);
  }
});
