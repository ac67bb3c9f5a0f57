// node engines.mjs FOLDER ENGINE…: asks each engine the folder's queries, in this process, and prints what they answered.
//
// FOLDER holds queries.json, docs.json (the articles as text, for MiniSearch), site/ (pages, with search/ and pagefind/ below)
// and material/ (the same pages built with Material's search plugin). An engine's bytes are the gzipped sizes of the files
// that it loaded: its own code, then whatever its queries asked for.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { gzipSync } from "node:zlib";

const [folder, ...names] = process.argv.slice(2);
const ROUNDS = 3;
const SEEN = 1; // results whose excerpts come with the first answer; the others come as the reader looks at them

/** Counts what is loaded. */
class Disk {
  bytes = 0;
  requests = 0;
  #sizes = new Map();

  read(path) {
    const data = readFileSync(path);
    // What is packed already travels as it is, and many servers compress no .bin either.
    const whole = path.endsWith(".bin") || (data[0] === 0x1f && data[1] === 0x8b);
    if (!this.#sizes.has(path)) this.#sizes.set(path, whole ? data.length : gzipSync(data, { level: 9 }).length);
    this.bytes += this.#sizes.get(path);
    this.requests++;
    return data;
  }
}

const ENGINES = {
  async ours() {
    const site = join(folder, "site");
    const disk = new Disk();
    disk.read(join(site, "search/engine.mjs"));
    const { createEngine } = await import(pathToFileURL(resolve(site, "search/engine.mjs")).href);
    const fresh = async () => {
      const engine = createEngine({ load: async (path) => new Uint8Array(disk.read(join(site, path))) });
      await engine.ready();
      const ask = async ({ query }) =>
        (await engine.search(query, { excerpts: SEEN })).results.map(({ url, anchor }) => ({ url, anchor }));
      // As the page asks: no texts while a reader types, and those of the first results after a pause.
      ask.typed = async ({ query }) => {
        const letters = Array.from(query);
        for (let i = 1; i <= letters.length; i++) await engine.search(letters.slice(0, i).join(""), { excerpts: 0 });
        await ask({ query });
      };
      return ask;
    };
    return { disk, code: disk.bytes, search: await fresh(), fresh };
  },

  async minisearch() {
    const { default: MiniSearch } = await import(
      createRequire(join(process.cwd(), "x.js"))
        .resolve("minisearch")
        .replace(/^/, "file://")
        .replace("/dist/cjs/index.cjs", "/dist/es/index.js")
    );
    const { stem } = await import(new URL("../../search/src/stem.mjs", import.meta.url).href);
    const tokenize = (text) =>
      (text.match(/[\p{L}\p{N}_]+(?:[-.'/:][\p{L}\p{N}_]+)*(?:\+\+|#)?/gu) ?? []).flatMap((word) => {
        const parts = word.split(/[-._'/:]|(?<=[a-z])(?=[A-Z])/).filter(Boolean);
        return parts.length > 1 ? [word, ...parts] : [word];
      });
    const settings = {
      idField: "url",
      fields: ["title", "headings", "tags", "category", "description", "body"],
      tokenize,
      processTerm: (term) => (/^[a-z]+$/.test(term.toLowerCase()) ? stem(term.toLowerCase()) : term.toLowerCase()),
    };
    const docs = JSON.parse(readFileSync(join(folder, "docs.json"), "utf8"));
    const index = new MiniSearch(settings);
    index.addAll(docs);
    const code = gzipSync(JSON.stringify(index), { level: 9 }).length + 7 * 1024; // 7 KiB: its own code, minified
    const about = new Map(docs.map((doc) => [doc.url, doc]));
    const options = {
      boost: { title: 5, headings: 2.5, tags: 3, category: 2, description: 2 },
      prefix: (_, i, terms) => i === terms.length - 1,
      fuzzy: (term) => (term.length > 4 ? 1 : 0),
      maxFuzzy: 1,
    };
    const search = async ({ query, term, filters = {} }) => {
      const words = term ?? query;
      const found = index.search(words, { ...options, combineWith: "AND" });
      const have = new Set(found.map(({ id }) => id));
      const more = found.length < 10 ? index.search(words, { ...options, combineWith: "OR" }) : [];
      return [...found, ...more.filter(({ id }) => !have.has(id))]
        .map(({ id }) => ({ url: id }))
        .filter(({ url }) => carries(about.get(url), filters));
    };
    return { disk: new Disk(), code, search, fresh: async () => search };
  },

  async pagefind() {
    const disk = new Disk();
    const root = resolve(folder, "site/pagefind");
    globalThis.fetch = async (address) => {
      const path = new URL(address, "http://site.test/pagefind/").pathname.replace("/pagefind", "");
      const data = disk.read(root + path);
      return new Response(data);
    };
    // Node takes a module by its name's ending; the text is unchanged.
    const module = join(root, "pagefind-in-node.mjs");
    writeFileSync(module, disk.read(join(root, "pagefind.js")));
    let started = 0;
    const start = async () => {
      const pagefind = await import(`${pathToFileURL(module).href}?${started++}`);
      await pagefind.options({ basePath: "http://site.test/pagefind/", baseUrl: "/" });
      await pagefind.init();
      const ask = async ({ query, term, filters }) => {
        const found = await pagefind.search(term ?? query, filters ? { filters } : {});
        const data = await Promise.all(found.results.slice(0, 10).map((result) => result.data()));
        return data.map(({ url }) => ({ url: url.replace(/^\//, "").replace(/index\.html$/, "") }));
      };
      ask.typed = async (query) => {
        const letters = Array.from(query.term ?? query.query);
        for (let i = 1; i < letters.length; i++) await pagefind.search(letters.slice(0, i).join(""));
        await ask(query);
      };
      return ask;
    };
    return { disk, code: disk.bytes, search: await start(), fresh: start };
  },

  async material() {
    const site = resolve(folder, "material/site");
    const disk = new Disk();
    const workers = join(site, "assets/javascripts/workers");
    const script = join(
      workers,
      readdirSync(workers).find((name) => /^search\..*\.min\.js$/.test(name)),
    );
    disk.read(script);
    const { config, docs } = JSON.parse(disk.read(join(site, "search/search_index.json")).toString());
    const worker = new Worker(new URL("material-worker.mjs", import.meta.url), { workerData: { script } });
    const ask = (type, data) =>
      new Promise((done) => {
        worker.once("message", done);
        worker.postMessage({ type, data });
      });
    await ask(0, { config, docs, options: { suggest: false } });
    const tags = new Map();
    for (const { location, tags: of = [] } of docs) tags.set(location.split("#")[0], of);
    const search = async ({ query, term, filters = {} }) => {
      const { data } = await ask(2, term ?? query);
      return data.items
        .map((sections) => ({ url: sections[0].location.split("#")[0] }))
        .filter(({ url }) => carries({ tags: tags.get(url) ?? [], category: url.split("/")[0] }, filters));
    };
    return { disk, code: disk.bytes, search, fresh: async () => search, end: () => worker.terminate() };
  },
};

/** Filters of an engine that has none are applied to what it found: it is asked for words alone. */
function carries(doc, filters) {
  return Object.entries(filters).every(([name, value]) =>
    name === "tag" ? String(doc?.tags ?? "").includes(value) : doc?.category === value,
  );
}

function gain(urls, relevant) {
  const wanted = new Set(relevant);
  let sum = 0;
  let best = 0;
  urls.slice(0, 10).forEach((url, i) => (sum += wanted.has(url) ? 1 / Math.log2(i + 2) : 0));
  relevant.slice(0, 10).forEach((_, i) => (best += 1 / Math.log2(i + 2)));
  return sum / best;
}

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

const queries = JSON.parse(readFileSync(join(folder, "queries.json"), "utf8"));
const report = {};
for (const name of names) {
  const { disk, code, search, fresh, end } = await ENGINES[name]();
  const rows = [];
  for (const [i, query] of queries.entries()) {
    let before = disk.bytes;
    let found = await (await fresh())(query);
    const first = code + disk.bytes - before;
    const again = await fresh();
    await again(queries[(i + 1) % queries.length]);
    before = disk.bytes;
    found = await again(query);
    const further = disk.bytes - before;
    const [bytes, requests] = [disk.bytes, disk.requests];
    const typist = await fresh();
    // A line of a log is pasted. Engines that cannot be typed to have everything from the start: their code and one index.
    await (query.type === "error" ? typist(query) : typist.typed?.(query));
    const typed = {
      bytes: code + disk.bytes - bytes,
      requests: typist.typed ? 1 + disk.requests - requests : 2,
    };
    const times = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      await search(query);
      times.push(performance.now() - start);
    }
    const urls = found.map(({ url }) => url);
    rows.push({
      type: query.type,
      query: query.query,
      first: urls[0] ?? null,
      success: query.relevant.includes(urls[0]) ? 1 : 0,
      ndcg: gain(urls, query.relevant),
      zero: urls.length ? 0 : 1,
      section: query.anchors
        ? query.relevant.includes(urls[0]) && query.anchors.includes(found[0].anchor)
          ? 1
          : 0
        : null,
      typed,
      first_bytes: first,
      further_bytes: further,
      milliseconds: Math.min(...times.slice(1)),
    });
  }
  await end?.();
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
  const types = {};
  for (const type of ["all", ...new Set(rows.map((row) => row.type))]) {
    const of = rows.filter((row) => type === "all" || row.type === type);
    const sections = of.filter((row) => row.section !== null);
    types[type] = {
      queries: of.length,
      success: mean(of.map((row) => row.success)),
      ndcg: mean(of.map((row) => row.ndcg)),
      zero: mean(of.map((row) => row.zero)),
      section: sections.length ? mean(sections.map((row) => row.section)) : null,
    };
  }
  report[name] = {
    types,
    first: mean(rows.map((row) => row.first_bytes)),
    firstMost: Math.max(...rows.map((row) => row.first_bytes)),
    typed: mean(rows.map(({ typed }) => typed.bytes)),
    typedMost: Math.max(...rows.map(({ typed }) => typed.bytes)),
    requests: mean(rows.map(({ typed }) => typed.requests)),
    requestsMost: Math.max(...rows.map(({ typed }) => typed.requests)),
    further: mean(rows.map((row) => row.further_bytes)),
    furtherMost: Math.max(...rows.map((row) => row.further_bytes)),
    milliseconds95: quantile(
      rows.map((row) => row.milliseconds),
      0.95,
    ),
    missed: rows.filter((row) => !row.success).map(({ type, query, first }) => ({ type, query, first })),
  };
}
process.stdout.write(JSON.stringify(report));
