// What a reader saved: one record, and a cache for each thing that it names. A cache that the record does not name does not
// count, so that one write makes a change whole. All that is saved is of one build. The worker (sw.js) only reads it.

export const root = new URL("../../", import.meta.url);
const RECORDS = `saved ${root.pathname}`; // other sites of this host have caches of their own
const RECORD = new URL("offline/saved.json", root).href;
const FORMAT = 1;
const AT_ONCE = 4;
const workers = navigator.serviceWorker;
let registering = false; // to unregister would wait for it
const channel = new BroadcastChannel(RECORDS);

export const SHELL = "";
export const SEARCH = "search/";

/** A failure that a reader is told about in a sentence. */
export class Unsaved extends Error {}

/** Calls back when another tab changed what is saved. */
export const onChange = (tell) => channel.addEventListener("message", tell);

/** What is saved: `{ catalogue, checked, items }`, or nothing. `items`: by address `{ kind, title, bytes, list, cache, by, number }`. */
export async function saved() {
  const found = await caches.match(RECORD, { cacheName: RECORDS });
  return found ? found.json() : undefined;
}

/** What the reader asked for: the addresses of articles and of categories. */
export function asked(record) {
  const items = Object.entries(record?.items ?? {});
  return new Set(items.filter(([address, { kind, by }]) => kind === "category" || by?.includes(address)).map(([address]) => address));
}

/** Saves what is at `address`, and brings all else that is saved to the same build. */
export function save(address, { tell, signal } = {}) {
  return alone(async (record) => {
    await registered(signal);
    const { name, catalogue } = await newest(signal);
    return make(record, new Set(asked(record)).add(address), { name, catalogue, tell, signal });
  });
}

/** Removes what is at `address`; the last thing takes all with it. */
export function remove(address) {
  return alone(async (record) => {
    const rest = asked(record);
    rest.delete(address);
    if (!rest.size) return forget();
    const items = {};
    for (const [at, item] of Object.entries(record.items)) {
      if (at === address && item.kind === "category") continue;
      const by = item.by?.filter((each) => each !== address);
      if (!by || by.length) items[at] = { ...item, ...(by && { by }) };
    }
    return commit({ ...record, items });
  });
}

/** Removes all. */
export const removeAll = () => alone(forget);

/** Whether the site has another build than the one that is saved. */
export async function outdated(signal) {
  const record = await saved();
  return !!record && (await indexed(signal)).catalogue !== record.catalogue;
}

/** Replaces all that is saved by the newest build; whether there was one, and how many articles are no longer published. */
export function update({ tell, signal } = {}) {
  return alone(async (record) => {
    if (!record) return { changed: false, gone: 0 };
    const { name, catalogue } = await newest(signal);
    if (name === record.catalogue) {
      await commit({ ...record, checked: Date.now() });
      return { changed: false, gone: 0 };
    }
    const made = await make(record, asked(record), { name, catalogue, tell, signal });
    const gone = Object.entries(record.items).filter(([at, { kind }]) => kind === "article" && !made?.items[at]).length;
    return { changed: true, gone };
  });
}

/** Deletes what a window left behind that was closed while it saved. */
export const tidy = () => navigator.locks.request(RECORDS, { ifAvailable: true }, async (lock) => lock && sweep(await saved()));

// One window at a time; after a failure everything is as it was before.
function alone(task) {
  return navigator.locks.request(RECORDS, async () => {
    const record = await saved();
    try {
      return await task(record);
    } catch (error) {
      await sweep(record).catch(() => {});
      throw explained(error);
    }
  });
}

function explained(error) {
  if (error instanceof Unsaved || error.name === "AbortError") return error;
  if (error.name === "QuotaExceededError") return new Unsaved("this browser has no space left for it", { cause: error });
  if (error instanceof TypeError) return new Unsaved("the connection was lost", { cause: error });
  return new Unsaved("this browser does not let sites save pages", { cause: error });
}

// First of all: where a window is closed while it saves, the worker tells the next one that there may be something to delete.
async function registered(signal) {
  const made = workers.register(new URL("sw.js", root), { scope: root.pathname, updateViaCache: "none" });
  const stopped = new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  registering = true;
  const settled = made.then(() => (registering = false), () => (registering = false));
  try {
    await Promise.race([made, stopped]);
  } catch (error) {
    settled.then(tidy);
    throw error;
  }
}

async function newest(signal) {
  const { catalogue: name, format } = await indexed(signal);
  if (format !== FORMAT) throw new Unsaved("this page is out of date: reload it");
  return { name, catalogue: await json(name, signal) };
}

const indexed = (signal) => json("offline/index.json", signal);
const json = async (address, signal) => (await fetched(address, signal)).json();

// The mode tells the worker to let it pass; every copy is checked with the server.
async function fetched(address, signal) {
  const response = await fetch(new URL(address, root), { mode: "same-origin", cache: "no-cache", redirect: "error", signal });
  if (response.ok) return response;
  throw new Unsaved(response.status < 500 ? "the site is just being published; try again in a few minutes" : "the site does not answer");
}

async function fetchedWhole(address, digest, signal) {
  const response = await fetched(address, signal);
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer()));
  const hex = [...found].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex.startsWith(digest)) return response;
  throw new Unsaved("the site is just being published; try again in a few minutes");
}

/** Makes caches of all that `wanted` needs of a build, those of `record` taken over where nothing changed, and lets them count. */
async function make(record, wanted, { name, catalogue, tell = () => {}, signal }) {
  const items = needed(wanted, catalogue);
  if (!items) return forget();
  const missing = Object.entries(items).filter(([at, item]) => {
    const before = record?.items[at];
    if (before?.list === item.list) item.cache = before.cache;
    return !item.cache;
  });
  const total = missing.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  let done = 0;
  tell(done, total);
  for (const [at, item] of missing) {
    item.cache = `${RECORDS} ${crypto.randomUUID()}`;
    await fill(item, record?.items[at], signal, (bytes) => tell((done += bytes), total));
  }
  signal?.throwIfAborted();
  return commit({ format: FORMAT, catalogue: name, checked: Date.now(), items });
}

/** The items of a build that `wanted` needs, without their caches; nothing when none of it is published any more. */
function needed(wanted, { shell, search, articles, categories }) {
  const items = {};
  const add = (row, by) => {
    const [at, title, list, bytes] = row;
    items[at] ??= { kind: "article", title, list, bytes, by: [] };
    items[at].by.push(by);
  };
  for (const [at, title, list, bytes, within] of categories) {
    if (!wanted.has(at)) continue;
    items[at] = { kind: "category", title, list, bytes };
    for (const number of within) add(articles[number], at);
  }
  articles.forEach((row, number) => {
    if (wanted.has(row[0])) add(row, row[0]);
    if (items[row[0]]) items[row[0]].number = number; // by which the search knows it
  });
  if (!Object.keys(items).length) return undefined;
  items[SHELL] = { kind: "shell", list: shell[0], bytes: shell[1] };
  if (search) items[SEARCH] = { kind: "search", list: search[0], bytes: search[1] };
  return items;
}

async function fill(item, before, signal, tell) {
  const cache = await caches.open(item.cache);
  const list = await fetched(item.list, signal);
  const { files } = await list.clone().json();
  await cache.put(new URL(item.list, root), list);
  tell(item.bytes - files.reduce((sum, [, bytes]) => sum + bytes, 0)); // what stands in the list itself
  const old = before && (await digests(before));
  const waiting = [...files];
  const work = async () => {
    for (let next; (next = waiting.shift()); ) {
      const [address, bytes, digest] = next;
      const url = new URL(address, root);
      const same = old?.get(address) === digest && (await caches.match(url, { cacheName: before.cache, ignoreVary: true }));
      await cache.put(url, same || (await fetchedWhole(address, digest, signal)));
      tell(bytes);
    }
  };
  const stop = (error) => {
    waiting.length = 0;
    throw error;
  };
  // All have ended before the first failure is told: none writes into a cache that is being deleted.
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => work().catch(stop)));
  for (const { reason } of ended) if (reason) throw reason;
}

async function digests({ cache, list }) {
  const found = await caches.match(new URL(list, root), { cacheName: cache, ignoreVary: true });
  return found && new Map((await found.json()).files.map(([address, , digest]) => [address, digest]));
}

async function commit(record) {
  const cache = await caches.open(RECORDS);
  await cache.put(RECORD, new Response(JSON.stringify(record), { headers: { "Content-Type": "application/json" } }));
  await sweep(record);
  channel.postMessage("changed");
  return record;
}

/** Deletes every cache of this site that `record` does not name; without one, all of them, and the worker. */
async function sweep(record) {
  if (!record) await caches.delete(RECORDS); // first, so that it never names what is gone
  const kept = new Set(Object.values(record?.items ?? {}).map(({ cache }) => cache));
  const loose = (await caches.keys()).filter((name) => name.startsWith(`${RECORDS} `) && !kept.has(name));
  await Promise.all(loose.map((name) => caches.delete(name)));
  if (!record && !registering) await (await registration())?.unregister();
}

async function forget() {
  await sweep(undefined);
  channel.postMessage("changed");
}

/** This site's worker, if it is there: another site of this host may have one for everything. */
export async function registration() {
  const found = await workers.getRegistration(root);
  return found?.scope === root.href ? found : undefined;
}

let away;

/** Whether the site does not answer; asked at most every few seconds. */
export function isAway() {
  away ??= fetch(new URL("offline/index.json", root), { mode: "same-origin", cache: "no-store" }).then(
    ({ status }) => status >= 500,
    () => true,
  );
  setTimeout(() => (away = undefined), 5000);
  return away;
}
