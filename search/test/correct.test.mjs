import assert from "node:assert/strict";
import { test } from "node:test";
import { candidates, distance, oneEdit } from "../src/correct.mjs";

const list = (...words) => [{ words, amounts: words.map(() => 5) }];

test("one edit is a letter too many, too few, another, or two neighbours swapped", () => {
  for (const typed of [
    "kubernets",
    "kuberneteses",
    "kubernates",
    "kubenretes",
    "ubernetes",
    "jubernetes",
    "ukbernetes",
  ]) {
    assert.equal(oneEdit(typed, "kubernetes"), typed !== "kuberneteses", typed);
  }
});

test("the quick test for one edit agrees with the table", () => {
  const letters = "abc";
  const words = [""];
  for (let length = 0; length < 4; length++)
    for (const word of [...words]) for (const letter of letters) words.push(word + letter);
  const some = [...new Set(words)].filter((_, i) => i % 3 === 0);
  for (const one of some)
    for (const other of some) assert.equal(oneEdit(one, other), distance(one, other, 1) <= 1, `${one} ${other}`);
});

test("a first letter may be wrong", () => {
  assert.equal(candidates("jubernetes", list("kubernetes", "nothing"), 3)[0].word, "kubernetes");
});

test("two edits are allowed only in a long word that one edit does not mend", () => {
  assert.equal(candidates("kubrenets", list("kubernetes"), 3)[0].word, "kubernetes");
  assert.deepEqual(
    candidates("reids", list("rides", "redis"), 1).map(({ word }) => word),
    ["redis"],
  );
  assert.deepEqual(candidates("abcd", list("dcba"), 3), []);
});

test("the commoner word is likelier", () => {
  const lists = [{ words: ["cache", "cachet"], amounts: [9, 1] }];
  assert.equal(candidates("cachee", lists, 2)[0].word, "cache");
});
