// node search/src/tools/build.mjs [--check]: makes the engine that readers load, one ES module, from its sources.
// With --check it writes nothing and fails if what lies in the repository is not what the sources give.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SOURCES = new URL("../", import.meta.url);
const BUILT = new URL("../../../plugins/engblog/outputs/search/built/", import.meta.url);

const bundle = await build({
  entryPoints: [fileURLToPath(new URL("engine.mjs", SOURCES))],
  bundle: true,
  charset: "utf8",
  format: "esm",
  legalComments: "none",
  minify: true,
  target: "es2022",
  write: false,
});
/** @type {Record<string, string>} */
const files = {
  "engine.mjs": bundle.outputFiles[0].text,
  "cli.mjs": await readFile(new URL("cli.mjs", SOURCES), "utf8"),
};
const stale = [];
for (const [name, text] of Object.entries(files)) {
  const there = await readFile(new URL(name, BUILT), "utf8").catch(() => "");
  if (there !== text) stale.push(name);
}
if (!process.argv.includes("--check")) {
  for (const name of stale) await writeFile(new URL(name, BUILT), files[name]);
} else if (stale.length) {
  console.error(`not built from their sources: ${stale.join(", ")}. Run: node search/src/tools/build.mjs`);
  process.exitCode = 1;
}
