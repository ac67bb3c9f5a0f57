// Answers with what a reader saved where the network does not. It keeps nothing itself: assets/js/offline/store.js does, when
// a reader asks for it, and registers this worker then.

/** @typedef {import("./assets/js/offline/store.js").Saved} Saved */
/** @typedef {import("./assets/js/offline/store.js").Item} Item */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SCOPE = worker.registration.scope;
const RECORDS = `saved ${new URL(SCOPE).pathname}`; // the cache of the record; every other cache is named in the record
const RECORD = `${SCOPE}offline/saved.json`;
const PATIENCE = 3000; // ms until the network is taken for absent
const OF_TODAY = /^search\/(base\.json|engine\.mjs)$/; // what names the other files of the search

const TEXT = /^search\/[^/]+\/t(\d+)-(\d+)\.json$/; // a part of the text of an article, for the search

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(SCOPE)) return;
  if (request.mode === "same-origin" && !request.destination) return; // it is being saved
  event.respondWith(answer(request));
});

/** @param {Request} request */
async function answer(request) {
  const page = request.mode === "navigate";
  const path = request.url.slice(SCOPE.length).split(/[?#]/)[0];
  const copy = await copyOf(request.url, path, page);
  if (copy && !page && request.cache !== "reload" && !OF_TODAY.test(path)) return copy;
  try {
    const response = await (copy ? within(PATIENCE, fetch(request)) : fetch(request));
    return copy && response.status >= 500 ? copy : response;
  } catch (error) {
    if (copy) return copy;
    if (TEXT.test(path)) return new Response("[]"); // of an article that is not saved, the search shows the title
    if (!page) throw error;
    const folder = path.endsWith("/") ? undefined : `${path}/`;
    if (folder && (await copyOf(`${SCOPE}${folder}`, folder, page))) return Response.redirect(`${SCOPE}${folder}`);
    if (path === "offline/" || !(await copyOf(`${SCOPE}offline/`, "offline/", page))) throw error;
    return Response.redirect(`${SCOPE}offline/?page=${encodeURIComponent(request.url.slice(SCOPE.length))}`);
  }
}

/** @param {number} time in ms @param {Promise<Response>} response @returns {Promise<Response>} */
function within(time, response) {
  response.catch(() => {}); // it may fail when nobody waits for it any more
  return Promise.race([
    response,
    new Promise((_, reject) => setTimeout(reject, time, new TypeError("The network is slow."))),
  ]);
}

/**
 * What is saved of the address: in the cache of the item whose address it begins with, the longest first.
 * @param {string} address
 * @param {string} path the same from the site's root, without a query
 * @param {boolean} page
 */
async function copyOf(address, path, page) {
  /** @type {Saved | undefined} */
  const record = await (await caches.match(RECORD, { cacheName: RECORDS }))?.json();
  for (let at = path; record; at = at.replace(/[^/]*\/?$/, "")) {
    if (Object.hasOwn(record.items, at)) {
      const from = { cacheName: record.items[at].cache, ignoreVary: true, ignoreSearch: page };
      return (await caches.match(address, from)) ?? (at === "search/" ? part(path, record) : undefined);
    }
    if (!at) break;
  }
  return undefined;
}

/**
 * A file of the search index: the text of an article that is saved, or cut out of the file that holds the rest.
 * @param {string} path
 * @param {Saved} record
 * @returns {Promise<Response | undefined>}
 */
async function part(path, { items }) {
  const index = items["search/"];
  /** @type {{ pack: string, parts?: [name: string, size: number][] }} */
  const { pack, parts = [] } = await (await fileOf(index, index.list)).json();
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  if (!parts[0]?.[0].startsWith(folder)) return undefined; // of another build
  const [, number, chunk] = TEXT.exec(path) ?? [];
  if (number) {
    const item = Object.values(items).find((each) => each.number === Number(number));
    /** @type {{ texts?: unknown[] }} */
    const { texts = [] } = item ? await (await fileOf(item, item.list)).json() : {};
    const text = texts[Number(chunk)];
    return text ? Response.json(text) : undefined;
  }
  let start = 0;
  for (const [name, size] of parts) {
    if (name === path) return new Response((await (await fileOf(index, pack)).blob()).slice(start, start + size));
    start += size;
  }
  return undefined;
}

/** @param {Item} item @param {string} address of a file that its cache has */
async function fileOf({ cache }, address) {
  const found = await caches.match(new URL(address, SCOPE), { cacheName: cache, ignoreVary: true });
  if (!found) throw new Error(`The cache has lost ${address}.`);
  return found;
}
