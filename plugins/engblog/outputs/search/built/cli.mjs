// node cli.mjs SITE_DIR [OPTIONS as JSON] < QUERY: the engine of a built site, run on that site. Prints the answer as JSON,
// with the bytes that it had to load, gzipped.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const ENGINE = "search/engine.mjs";

/** @param {string} site @param {string} text @param {object} options */
async function search(site, text, options) {
  let bytes = 0;
  const load = async (/** @type {string} */ path) => {
    const data = await readFile(join(site, path));
    bytes += gzipSync(data, { level: 9 }).length;
    return new Uint8Array(data);
  };
  await load(ENGINE);
  const { createEngine } = await import(pathToFileURL(join(site, ENGINE)).href);
  const answer = await createEngine({ load }).search(text, options);
  return { ...answer, bytes };
}

const [site, options = "{}"] = process.argv.slice(2);
try {
  const answer = await search(site, await textOf(process.stdin), JSON.parse(options));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
