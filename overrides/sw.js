// Answers with what a reader saved where the network does not. It keeps nothing itself: assets/js/offline/store.js does, when
// a reader asks for it, and registers this worker then.
//
// Whatever ran on this site once could have written into the caches. So the network comes first, but for addresses that name
// their content, and a copy counts only if its bytes have the digest in its item's list, whose own digest is its name.

/** @typedef {import("./assets/js/offline/store.js").Saved} Saved */
/** @typedef {import("./assets/js/offline/store.js").Item} Item */
/**
 * A list of what belongs to an item: files, of the search a pack of many and its parts, and of an article its texts in the search.
 * @typedef {object} List
 * @property {[address: string, bytes: number, digest: string][]} files
 * @property {string} [pack]
 * @property {[name: string, size: number][]} [parts]
 * @property {Record<string, unknown>} [texts] by the address of a file of the search, what it has of the article
 */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SCOPE = worker.registration.scope;
const RECORDS = `saved ${new URL(SCOPE).pathname}`; // the cache of the record; every other cache is named in the record
const RECORD = `${SCOPE}offline/saved.json`;
const PATIENCE = 3000; // ms until the network is taken for absent
const ABSENCE = 10_000; // ms for which it then is
const NAMED = /^(search\/parts\/\w+\.(bin|txt)|offline\/[0-9a-f]{16}\.(json|bin))$/; // the files whose address changes with their content

let absentUntil = 0;
/** @type {{ digest: string, bytes: Blob } | undefined} the pack of the search index, once it has been looked at */
let packed;

const TEXT = /^search\/parts\/\w+\.json$/; // texts of some articles for the search, of which only those that are saved are there

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
  const copy = await copyOf(request.url, path, page).catch(() => undefined); // what is damaged is not saved
  if (copy && NAMED.test(path) && request.cache !== "reload") return copy;
  try {
    if (copy && !page && Date.now() < absentUntil) return copy;
    const response = await (copy ? within(PATIENCE, fetch(request)) : fetch(request));
    return copy && response.status >= 500 ? copy : response;
  } catch (error) {
    if (copy) return copy;
    if (TEXT.test(path)) return new Response("{}"); // of an article that is not saved, the search shows the title
    if (!page) throw error;
    const folder = path.endsWith("/") ? undefined : `${path}/`;
    if (folder && (await isSaved(folder))) return Response.redirect(`${SCOPE}${folder}`);
    if (path === "offline/" || !(await isSaved("offline/"))) throw error;
    return Response.redirect(`${SCOPE}offline/?page=${encodeURIComponent(request.url.slice(SCOPE.length))}`);
  }
}

/** @param {string} path of a page, from the site's root */
const isSaved = (path) => copyOf(`${SCOPE}${path}`, path, true).catch(() => undefined);

/** @param {number} time in ms @param {Promise<Response>} response @returns {Promise<Response>} */
function within(time, response) {
  response.catch(() => {}); // it may fail when nobody waits for it any more
  return Promise.race([
    response,
    new Promise((_, reject) =>
      setTimeout(() => {
        absentUntil = Date.now() + ABSENCE; // what the page needs next does not wait as long again
        reject(new TypeError("The network is slow."));
      }, time),
    ),
  ]);
}

/**
 * What is saved of the address: in the cache of the item whose address it begins with, the longest first. Only what its
 * list names is, and only with the digest that is written there.
 * @param {string} address
 * @param {string} path the same from the site's root, without a query
 * @param {boolean} page
 */
async function copyOf(address, path, page) {
  /** @type {Saved | undefined} */
  const record = await (await caches.match(RECORD, { cacheName: RECORDS }))?.json();
  for (let at = path; record; at = at.replace(/[^/]*\/?$/, "")) {
    if (Object.hasOwn(record.items, at)) {
      const item = record.items[at];
      const asked = page ? path : address.slice(SCOPE.length).split("#")[0];
      const row = (await listOf(item)).files.find(([each]) => (page ? each.split("?")[0] : each) === asked);
      return row ? fileOf(item, row[0], row[2]) : at === "search/" ? part(path, record) : undefined;
    }
    if (!at) break;
  }
  return undefined;
}

/**
 * A file of the search index: the texts of the articles that are saved, or cut out of the file that holds the rest.
 * @param {string} path
 * @param {Saved} record
 * @returns {Promise<Response | undefined>}
 */
async function part(path, { items }) {
  const index = items["search/"];
  const { files, pack = "", parts = [] } = await listOf(index);
  if (TEXT.test(path)) {
    const articles = Object.entries(items).filter(([, { kind }]) => kind === "article");
    const texts = await Promise.all(
      articles.map(async ([at, item]) => [decodeURI(at), (await listOf(item)).texts?.[path]]),
    );
    const saved = texts.filter(([, rows]) => rows);
    return saved.length ? Response.json(Object.fromEntries(saved)) : undefined;
  }
  let start = 0;
  for (const [name, size] of parts) {
    if (name === path) {
      const [, , digest = ""] = files.find(([each]) => each === pack) ?? [];
      packed ??= { digest, bytes: await (await fileOf(index, pack, digest)).blob() };
      if (packed.digest !== digest) packed = { digest, bytes: await (await fileOf(index, pack, digest)).blob() };
      return new Response(packed.bytes.slice(start, start + size));
    }
    start += size;
  }
  return undefined;
}

/**
 * The list of an item. Its name is the digest of its bytes.
 * @param {Item} item
 * @returns {Promise<List>}
 */
async function listOf(item) {
  const digest = /^offline\/([0-9a-f]{16})\.json$/.exec(item.list)?.[1];
  if (!digest) throw new Error(`${item.list} does not name its content.`);
  return (await fileOf(item, item.list, digest)).json();
}

/**
 * A file that an item's cache has, with the bytes that it had when it was saved. Fails for any other.
 * @param {Item} item
 * @param {string} address
 * @param {string} digest the beginning of its SHA-256
 */
async function fileOf({ cache }, address, digest) {
  const found = await caches.match(new URL(address, SCOPE), { cacheName: cache, ignoreVary: true });
  if (!found) throw new Error(`The cache has lost ${address}.`);
  const bytes = await found.arrayBuffer();
  const actual = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = [...actual].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (digest.length < 16 || !hex.startsWith(digest)) throw new Error(`The cache has another ${address}.`);
  return new Response(bytes, { headers: { "Content-Type": found.headers.get("Content-Type") ?? "" } });
}
