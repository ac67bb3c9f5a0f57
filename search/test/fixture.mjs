// An index of the articles in documents.json, made by the builder itself, and a `load` that reads it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const BUILD = `
import datetime, json, pathlib, sys
sys.path.insert(0, sys.argv[1] + "plugins")
from engblog.html.sections import Section
from engblog.outputs.search import Document, Facet, build_index
from engblog.disk.search import meanings

def facet(row):
    return Facet(row[0], row[1], tuple(row[2])) if row else None

documents = [
    Document(
        url=row["url"], title=row["title"], description=row["description"], category=facet(row["category"]),
        subcategory=facet(row["subcategory"]), tags=tuple(map(facet, row["tags"])), minutes=row["minutes"],
        verified=row["verified"], authors=tuple(Facet(*author) for author in row.get("authors", [])),
        published=datetime.date.fromisoformat(row["published"]) if "published" in row else None, language=row.get("language", "en"),
        sections=tuple(Section(*section) for section in row["sections"]),
    )
    for row in json.load(sys.stdin)
]
for name, data in build_index(documents, meanings()).items():
    path = pathlib.Path(sys.argv[2], name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
`;

/** @param {any[]} [documents] */
export function buildIndex(documents = readJson("documents.json")) {
  const folder = mkdtempSync(join(tmpdir(), "engblog-search-"));
  const own = join(REPOSITORY, ".venv/bin/python");
  const python = process.env.ENGBLOG_PYTHON ?? (existsSync(own) ? own : "python3");
  const done = spawnSync(python, ["-c", BUILD, REPOSITORY, folder], {
    input: JSON.stringify(documents),
    encoding: "utf8",
  });
  if (done.status !== 0) throw new Error(`the index was not built: ${done.stderr}`);
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** @param {string} folder @param {(path: string, data: Uint8Array) => Uint8Array | Promise<Uint8Array>} [change] */
export function loadFrom(folder, change = (_, data) => data) {
  return async (/** @type {string} */ path) => change(path, new Uint8Array(readFileSync(join(folder, path))));
}

/** @param {string} name */
export function readJson(name) {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
}
