// The first press of a key fetches what answers to it.

const KEYS = new Set(["j", "k", "?"]);

/** @param {KeyboardEvent} event */
async function first(event) {
  if (!KEYS.has(event.key)) return;
  removeEventListener("keydown", first);
  try {
    (await import("./keys.js")).press(event);
  } catch {
    addEventListener("keydown", first);
  }
}

addEventListener("keydown", first);
