// Runs the search engine beside the page, so that no query makes the page wait.
// In: { id, text, options }, or { id } to load what every query needs. `?fresh` in this script's address: past any cache.
// Out: { subjects } once, when they are known; { id, answer }; { id, error: { message } }.

const ENGINE = "search/engine.mjs";
const root = new URL("../../../", import.meta.url);
const fresh = new URL(import.meta.url).searchParams.has("fresh");

/** @typedef {typeof import("../../../../search/src/engine.mjs")} EngineModule */

/** @type {ReturnType<typeof start> | undefined} */
let engine;
let told = false;
let latest = 0;
let running = new AbortController();

async function start() {
  const address = new URL(ENGINE, root);
  if (fresh) await fetch(address, { cache: "reload" }); // a broken copy would be kept for as long as a whole one
  /** @type {EngineModule} */
  const { createEngine, fetchFrom } = await import(address.href).catch((cause) => {
    throw new Error(`Search could not be loaded (${ENGINE}).`, { cause });
  });
  const load = fetchFrom(root);
  return createEngine({ load: (path, options = {}) => load(path, { ...options, fresh: fresh || options.fresh }) });
}

/** @param {Partial<import("./state.js").Question>} question @param {AbortSignal} signal */
async function answer({ text, options }, signal) {
  engine ??= start();
  const ready = await engine;
  if (!told) {
    const subjects = await ready.subjects();
    if (!told) postMessage({ subjects });
    told = true;
  }
  return text === undefined ? undefined : ready.search(text, { ...options, signal });
}

addEventListener("message", async ({ data: { id, ...question } }) => {
  latest = id;
  running.abort();
  running = new AbortController();
  const { signal } = running;
  await new Promise((resolve) => setTimeout(resolve)); // of keys pressed meanwhile only the last counts
  if (id !== latest) return;
  const said = await answer(question, signal).then(
    (found) => ({ id, answer: found }),
    ({ message }) => ({ id, error: { message } }),
  );
  if (id === latest) postMessage(said);
});
