// Answers with what a reader saved where the network does not. It keeps nothing itself: assets/js/offline-store.js does, when
// a reader asks for it, and registers this worker then.

const SCOPE = registration.scope;
const RECORDS = `saved ${new URL(SCOPE).pathname}`; // the cache of the record; every other cache is named in the record
const RECORD = `${SCOPE}offline/saved.json`;
const PATIENCE = 3000; // ms until the network is taken for absent
const OF_TODAY = /^search\/(base\.json|engine\.mjs)$/; // what names the other files of the search

const TEXT = /^search\/[^/]+\/t(\d+)-(\d+)\.json$/; // a part of the text of an article, for the search

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(SCOPE)) return;
  if (request.mode === "same-origin" && !request.destination) return; // it is being saved
  event.respondWith(answer(request));
});

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
    if (!path.endsWith("/") && (await copyOf(`${SCOPE}${path}/`, `${path}/`, page))) return Response.redirect(`${SCOPE}${path}/`);
    if (path === "offline/" || !(await copyOf(`${SCOPE}offline/`, "offline/", page))) throw error;
    return Response.redirect(`${SCOPE}offline/?page=${encodeURIComponent(request.url.slice(SCOPE.length))}`);
  }
}

function within(time, response) {
  response.catch(() => {}); // it may fail when nobody waits for it any more
  return Promise.race([response, new Promise((_, reject) => setTimeout(reject, time, new TypeError("The network is slow.")))]);
}

/** What is saved of the address: in the cache of the item whose address it begins with, the longest first. */
async function copyOf(address, path, page) {
  const record = await (await caches.match(RECORD, { cacheName: RECORDS }))?.json();
  for (let at = path; record; at = at.replace(/[^/]*\/?$/, "")) {
    if (Object.hasOwn(record.items, at)) {
      const from = { cacheName: record.items[at].cache, ignoreVary: true, ignoreSearch: page };
      return (await caches.match(address, from)) ?? (at === "search/" ? part(path, record) : undefined);
    }
    if (!at) break;
  }
}

/** A file of the search index: the text of an article that is saved, or cut out of the file that holds the rest. */
async function part(path, { items }) {
  const of = async ({ cache, list }, address = list) => caches.match(new URL(address, SCOPE), { cacheName: cache, ignoreVary: true });
  const { pack, parts = [] } = await (await of(items["search/"])).json();
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  if (!parts[0]?.[0].startsWith(folder)) return; // of another build
  const [, number, chunk] = TEXT.exec(path) ?? [];
  if (number) {
    const item = Object.values(items).find((each) => each.number === +number);
    const { texts = [] } = item ? await (await of(item)).json() : {};
    return texts[chunk] && Response.json(texts[chunk]);
  }
  let start = 0;
  for (const [name, size] of parts) {
    if (name === path) return new Response((await (await of(items["search/"], pack)).blob()).slice(start, start + size));
    start += size;
  }
}
