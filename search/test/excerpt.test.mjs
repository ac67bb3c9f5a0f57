import assert from "node:assert/strict";
import { test } from "node:test";
import { excerpt, hasPhrase, placesOf } from "../src/excerpt.mjs";

const marked = ({ text, marks }) => marks.map(([start, end]) => text.slice(start, end));

test("the words looked for are marked where they stand, whatever their form", () => {
  const text = "Deletes are slow. We deleted <b>keys</b> & kept the café.";
  const places = placesOf(
    text,
    new Map([
      ["delet", 2],
      ["cafe", 1],
    ]),
    [],
    [true],
  );
  assert.deepEqual(marked({ text, marks: places.map(({ mark }) => mark) }), ["Deletes", "deleted", "café"]);
});

test("the stretch with most of the words is shown, and its marks are its own", () => {
  const text = `${"filler words here. ".repeat(60)}Then the drain begins before SIGTERM arrives. ${"more filler. ".repeat(60)}`;
  const found = excerpt(
    text,
    placesOf(
      text,
      new Map([
        ["drain", 2],
        ["sigterm", 3],
      ]),
      [],
      [true],
    ),
    120,
  );
  assert.ok(found.text.length <= 126);
  assert.deepEqual(marked(found), ["drain", "SIGTERM"]);
  assert.ok(found.text.startsWith("… ") && found.text.endsWith(" …"));
});

test("a surrogate pair is never cut", () => {
  const text = "🚀".repeat(500);
  for (let length = 5; length < 12; length++) {
    assert.ok(
      !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(excerpt(text, [], length).text),
    );
  }
});

test("a phrase is its words one after another", () => {
  assert.ok(hasPhrase("The Grace Period ends", ["grace", "period"]));
  assert.ok(!hasPhrase("grace, then a period", ["grace", "period"]));
  assert.ok(hasPhrase("关系数据库索引", ["数据库"]));
});
