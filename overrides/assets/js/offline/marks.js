// On results of the search: which are saved and, without a connection, which are not. Loaded where something is saved.

import { element } from "../shared/dom.js";
import { isAway, root, saved } from "./store.js";

/** @param {HTMLAnchorElement[]} options */
export async function mark(options) {
  const record = await saved();
  if (!record) return;
  const away = await isAway();
  for (const option of options) {
    const kept = Object.hasOwn(record.items, new URL(option.href).pathname.slice(root.pathname.length));
    const looks = `count found__${kept ? "kept" : "away"}`;
    const said = element("span", { class: looks }, kept ? " Saved" : " Not saved");
    const about = option.querySelector(".found__about");
    if ((kept || away) && !about?.querySelector(".found__kept, .found__away")) about?.append(said);
  }
}
