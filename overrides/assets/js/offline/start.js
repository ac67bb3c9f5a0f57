// Articles can be saved for offline. Nothing is stored, and no worker registered, before a reader presses the button.

const root = new URL("../../../", import.meta.url);
let tries = 0; // some browsers do not ask again, at the same address, for a script that could not be loaded

/** Loads what takes over the offers of this page. */
async function takeOver() {
  const address = new URL(import.meta.resolve("./offline.js"));
  if (tries) address.searchParams.set("again", String(tries));
  try {
    /** @type {typeof import("./offline.js")} */
    const { start } = await import(address.href);
    return start();
  } catch (error) {
    tries++;
    throw error;
  }
}

async function begin() {
  const saving = navigator.serviceWorker.getRegistration(root).then(
    (found) => found?.scope === root.href,
    () => false,
  );
  const places = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-keep]"));
  if (places.length) {
    const { offer } = await import("./offer.js");
    for (const place of places) offer(place, takeOver);
  }
  if (document.querySelector("[data-saved]") || (await saving)) await takeOver();
}

if (document.querySelector("[data-saving]") && "caches" in window && "serviceWorker" in navigator)
  begin().catch(() => {});
