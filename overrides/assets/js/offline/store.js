// What a reader saved: one record, and a cache for each thing that it names. A cache that the record does not name does not
// count, so that one write makes a change whole. Everything that is saved is of one build. The worker (sw.js) only reads it.

export const root = new URL("../../../", import.meta.url);
const RECORDS = `saved ${root.pathname}`; // other sites of this host have caches of their own
const RECORD = new URL("offline/saved.json", root).href;
const FORMAT = 1;
const AT_ONCE = 4;
const workers = navigator.serviceWorker;
let registering = false; // to unregister would wait for it
const channel = new BroadcastChannel(RECORDS);

export const SHELL = "";
export const SEARCH = "search/";

/**
 * A thing that is saved: an article, a category, what every page needs, or the search.
 * @typedef {object} Item
 * @property {"article" | "category" | "shell" | "search"} kind
 * @property {string} title empty for the last two
 * @property {string} list the address of the list of its files
 * @property {number} bytes
 * @property {string} cache its cache's name; empty until it has one
 * @property {string[]} [by] of an article: the addresses for which it is kept, its own or its categories'
 */
/**
 * What a reader saved: of which catalogue, when it was last compared with the site, and all items by address.
 * @typedef {{ format: number, catalogue: string, checked: number, items: Record<string, Item> }} Saved
 */
/**
 * What a build offers: lists with their bytes; articles with address and title before, categories with numbers of articles after.
 * @typedef {object} Catalogue
 * @property {[list: string, bytes: number]} shell
 * @property {[list: string, bytes: number] | null} search
 * @property {[at: string, title: string, list: string, bytes: number][]} articles
 * @property {[at: string, title: string, list: string, bytes: number, within: number[]][]} categories
 */
/** @typedef {(done: number, total: number) => void} Tell */
/** @typedef {{ tell?: Tell, signal?: AbortSignal }} Progress */
/** @typedef {{ files: [address: string, bytes: number, digest: string][] }} List */

/** A failure that a reader is told about in a sentence. */
export class Unsaved extends Error {}

/**
 * Calls back when another tab changed what is saved.
 * @param {() => void} tell
 */
export const onChange = (tell) => channel.addEventListener("message", tell);

/**
 * What is saved, if anything is.
 * @returns {Promise<Saved | undefined>}
 */
export async function saved() {
  const found = await caches.match(RECORD, { cacheName: RECORDS });
  return found ? found.json() : undefined;
}

/**
 * What the reader asked for: the addresses of articles and of categories.
 * @param {Saved | undefined} record
 */
export function asked(record) {
  const items = Object.entries(record?.items ?? {});
  return new Set(
    items.filter(([address, { kind, by }]) => kind === "category" || by?.includes(address)).map(([address]) => address),
  );
}

/**
 * Saves what is at `address`, and brings everything else that is saved to the same build.
 * @param {string} address
 * @param {Progress} [progress]
 */
export function save(address, { tell, signal } = {}) {
  return alone(async (record) => {
    await registered(signal);
    const { name, catalogue } = await newest(signal);
    return make(record, new Set(asked(record)).add(address), { name, catalogue, tell, signal });
  });
}

/**
 * Removes what is at `address`; the last thing takes everything with it.
 * @param {string} address
 */
export function remove(address) {
  return alone(async (record) => {
    const rest = asked(record);
    rest.delete(address);
    if (!record || !rest.size) return forget();
    /** @type {Saved["items"]} */
    const items = {};
    for (const [at, item] of Object.entries(record.items)) {
      if (at === address && item.kind === "category") continue;
      const by = item.by?.filter((each) => each !== address);
      if (!by || by.length) items[at] = { ...item, ...(by && { by }) };
    }
    return commit({ ...record, items });
  });
}

/** Removes everything. */
export const removeAll = () => alone(forget);

/** Says whether the site has another build than the one that is saved. */
export async function outdated() {
  const record = await saved();
  return !!record && (await indexed()).catalogue !== record.catalogue;
}

/**
 * Replaces everything that is saved by the newest build, and what is no longer as it was saved. Says whether anything was replaced,
 * and how many articles are no longer published.
 * @param {Progress} [progress]
 */
export function update({ tell, signal } = {}) {
  return alone(async (record) => {
    if (!record) return { changed: false, gone: 0 };
    const { name, catalogue } = await newest(signal);
    await onlyOurs(signal);
    const made = await make(record, asked(record), { name, catalogue, tell, signal });
    if (made && name === record.catalogue && cachesOf(made) === cachesOf(record)) return { changed: false, gone: 0 };
    const gone = Object.entries(record.items).filter(([at, { kind }]) => kind === "article" && !made?.items[at]).length;
    return { changed: true, gone };
  });
}

/** Deletes what a window left behind that was closed while it saved. */
export const tidy = () =>
  navigator.locks.request(RECORDS, { ifAvailable: true }, async (lock) => lock && sweep(await saved()));

/**
 * Runs a task in one window at a time; after a failure everything is as it was before.
 * @template Result
 * @param {(record: Saved | undefined) => Promise<Result>} task
 * @returns {Promise<Result>}
 */
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

/** @param {unknown} error */
function explained(error) {
  const name = error instanceof Error ? error.name : "";
  if (error instanceof Unsaved || name === "AbortError") return error;
  if (name === "QuotaExceededError") return new Unsaved("this browser has no space left for it", { cause: error });
  if (error instanceof TypeError) return new Unsaved("the connection was lost", { cause: error });
  return new Unsaved("this browser does not let sites save pages", { cause: error });
}

/**
 * Registers the worker, before anything is saved: if a window is closed while it saves, the worker's presence tells the next one
 * that there may be something to delete.
 * @param {AbortSignal | undefined} signal
 */
async function registered(signal) {
  signal?.throwIfAborted(); // an event that is past would be waited for in vain
  const made = workers.register(new URL("sw.js", root), { scope: root.pathname, updateViaCache: "none" });
  const stopped = new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  registering = true;
  const settled = made
    .catch(() => {})
    .then(() => {
      registering = false;
    });
  try {
    await Promise.race([made, stopped]);
  } catch (error) {
    settled.then(tidy);
    throw error;
  }
}

/**
 * Lets no worker answer for this site but its own, should something that ran here once have registered another.
 * @param {AbortSignal | undefined} signal
 */
async function onlyOurs(signal) {
  await registered(signal);
  const others = (await workers.getRegistrations()).filter(
    ({ scope }) => scope.startsWith(root.href) && scope !== root.href,
  );
  await Promise.all(others.map((each) => each.unregister()));
}

/** @param {Saved} record */
const cachesOf = ({ items }) =>
  Object.values(items)
    .map(({ cache }) => cache)
    .sort()
    .join();

/** @param {AbortSignal} [signal] */
async function newest(signal) {
  const { catalogue: name, format } = await indexed(signal);
  if (format !== FORMAT) throw new Unsaved("this page is out of date: reload it");
  /** @type {Catalogue} */
  const catalogue = await (await fetchedWhole(name, named(name), signal)).json();
  return { name, catalogue };
}

/**
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ catalogue: string, format: number }>}
 */
const indexed = async (signal) => (await fetched("offline/index.json", signal)).json();

/**
 * The digest in the address of a list or of a catalogue: the beginning of the SHA-256 of its bytes.
 * @param {string} address
 */
const named = (address) => /^offline\/([0-9a-f]{16})\.json$/.exec(address)?.[1] ?? "no digest";

/**
 * Asks the site itself: the mode tells the worker to let it pass, and every copy is checked with the server.
 * @param {string} address
 * @param {AbortSignal} [signal]
 */
async function fetched(address, signal) {
  const response = await fetch(new URL(address, root), {
    mode: "same-origin",
    cache: "no-cache",
    redirect: "error",
    signal,
  });
  if (response.ok) return response;
  throw new Unsaved(
    response.status < 500
      ? "the site is being published right now; try again in a few minutes"
      : "the site is not responding",
  );
}

/** @param {string} address @param {string} digest @param {AbortSignal} [signal] */
async function fetchedWhole(address, digest, signal) {
  const response = await fetched(address, signal);
  if (await has(response, digest)) return response;
  throw new Unsaved("the site is being published right now; try again in a few minutes");
}

/** @param {Response} response @param {string} digest the beginning of the SHA-256 of its bytes */
async function has(response, digest) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer()));
  const hex = [...found].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digest.length >= 16 && hex.startsWith(digest);
}

/**
 * Makes caches of everything that `wanted` needs of a build, takes those of `record` over where nothing changed, and lets them count.
 * @param {Saved | undefined} record
 * @param {Set<string>} wanted
 * @param {{ name: string, catalogue: Catalogue } & Progress} build
 */
async function make(record, wanted, { name, catalogue, tell = () => {}, signal }) {
  const items = needed(wanted, catalogue);
  if (!items) return forget();
  const missing = [];
  for (const [at, item] of Object.entries(items)) {
    const before = record?.items[at];
    if (before && before.list === item.list && (await isWhole(before))) item.cache = before.cache;
    else missing.push(/** @type {const} */ ([at, item]));
  }
  const total = missing.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  let done = 0;
  tell(done, total);
  for (const [at, item] of missing) {
    item.cache = `${RECORDS} ${crypto.randomUUID()}`;
    await fill(item, record?.items[at], signal, (bytes) => {
      done += bytes;
      tell(done, total);
    });
  }
  signal?.throwIfAborted();
  return commit({ format: FORMAT, catalogue: name, checked: Date.now(), items });
}

/**
 * The items of a build that `wanted` needs, without their caches; nothing when none of it is published any more.
 * @param {Set<string>} wanted
 * @param {Catalogue} catalogue
 */
function needed(wanted, { shell, search, articles, categories }) {
  /** @type {Saved["items"]} */
  const items = {};
  /** @param {Catalogue["articles"][number]} row @param {string} by */
  const add = ([at, title, list, bytes], by) => {
    items[at] ??= { kind: "article", title, list, bytes, cache: "", by: [] };
    items[at].by?.push(by);
  };
  for (const [at, title, list, bytes, within] of categories) {
    if (!wanted.has(at)) continue;
    items[at] = { kind: "category", title, list, bytes, cache: "" };
    for (const number of within) add(articles[number], at);
  }
  for (const row of articles) if (wanted.has(row[0])) add(row, row[0]);
  if (!Object.keys(items).length) return undefined;
  items[SHELL] = { kind: "shell", title: "", list: shell[0], bytes: shell[1], cache: "" };
  if (search) items[SEARCH] = { kind: "search", title: "", list: search[0], bytes: search[1], cache: "" };
  return items;
}

/**
 * Fills an item's cache.
 * @param {Item} item
 * @param {Item | undefined} before the same of the build that is saved
 * @param {AbortSignal | undefined} signal
 * @param {(bytes: number) => void} tell
 */
async function fill(item, before, signal, tell) {
  const cache = await caches.open(item.cache);
  const list = await fetchedWhole(item.list, named(item.list), signal);
  /** @type {List} */
  const { files } = await list.clone().json();
  await cache.put(new URL(item.list, root), list);
  tell(item.bytes - files.reduce((sum, [, bytes]) => sum + bytes, 0)); // what the list itself holds
  const old = before && (await digests(before));
  const waiting = [...files];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [address, bytes, digest] = next;
      const url = new URL(address, root);
      const same =
        old?.get(address) === digest && (await caches.match(url, { cacheName: before?.cache, ignoreVary: true }));
      await cache.put(url, same && (await has(same, digest)) ? same : await fetchedWhole(address, digest, signal));
      tell(bytes);
    }
  };
  /** @param {unknown} error */
  const stop = (error) => {
    waiting.length = 0;
    throw error;
  };
  // All have ended before the first failure is told: none writes into a cache that is being deleted.
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => work().catch(stop)));
  for (const each of ended) if (each.status === "rejected") throw each.reason;
}

/**
 * Says whether an item's cache has everything that its list names, as it was saved, and nothing else.
 * @param {Item} item
 */
async function isWhole(item) {
  const wanted = await digests(item);
  if (!wanted) return false;
  const cache = await caches.open(item.cache);
  for (const [address, digest] of wanted) {
    const found = await cache.match(new URL(address, root), { ignoreVary: true });
    if (!found || !(await has(found, digest))) return false;
  }
  return (await cache.keys()).length === wanted.size + 1;
}

/** @param {Item} item */
async function digests({ cache, list }) {
  const found = await caches.match(new URL(list, root), { cacheName: cache, ignoreVary: true });
  if (!found || !(await has(found, named(list)))) return undefined;
  /** @type {List} */
  const { files } = await found.json();
  return new Map(files.map(([address, , digest]) => [address, digest]));
}

/** @param {Saved} record */
async function commit(record) {
  const cache = await caches.open(RECORDS);
  await cache.put(RECORD, new Response(JSON.stringify(record), { headers: { "Content-Type": "application/json" } }));
  await sweep(record);
  channel.postMessage("changed");
  return record;
}

/**
 * Deletes every cache of this site that `record` does not name; without one, all of them, and the worker.
 * @param {Saved | undefined} record
 */
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

/** @type {Promise<boolean> | undefined} */
let away;

/** Says whether the site does not answer; asked at most every few seconds. */
export function isAway() {
  away ??= fetch(new URL("offline/index.json", root), { mode: "same-origin", cache: "no-store" }).then(
    ({ status }) => status >= 500,
    () => true,
  );
  setTimeout(() => {
    away = undefined;
  }, 5000);
  return away;
}
