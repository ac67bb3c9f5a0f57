import assert from "node:assert/strict";
import { test } from "node:test";
import { chunksOf, expand, fold, standingChunks, wholeOf } from "../src/tokens.mjs";
import { readJson } from "./fixture.mjs";

const { chunks, texts } = readJson("vectors.json");

test("chunks give the terms that the index builder gives them", () => {
  for (const [chunk, english, other, folded] of chunks) {
    assert.deepEqual([...expand(chunk, true)], english, chunk);
    assert.deepEqual([...expand(chunk, false)], other, chunk);
    assert.equal(fold(chunk), folded, chunk);
  }
});

test("texts are cut into the chunks that the index builder finds", () => {
  for (const [text, found] of texts) assert.deepEqual(chunksOf(text).map(fold), found.map(fold), text);
});

test("ways of writing one identifier share the term for the whole", () => {
  for (const [one, other] of [
    ["AUTO_INCREMENT", "auto-increment"],
    ["AUTO_INCREMENT", "autoIncrement"],
    ["v1.2.3", "1.2.3"],
    ["utf-8", "UTF8"],
    ["Node.js", "nodejs"],
  ]) {
    assert.equal(wholeOf(one, true), wholeOf(other, true), `${one} and ${other}`);
  }
});

test("several words have no term for the whole", () => {
  assert.equal(wholeOf("localhost:443", true), undefined);
  assert.equal(wholeOf("数据库索引", true), undefined);
});

test("places of chunks are those of the text as it stands, accents written either way", () => {
  for (const text of ["ein café, schnell", "ein cafe\u0301, schnell"]) {
    const found = [...standingChunks(text)].map((chunk) => text.slice(chunk.index, chunk.index + chunk[0].length));
    assert.deepEqual(found.map(fold), ["ein", "cafe", "schnell"]);
  }
});
