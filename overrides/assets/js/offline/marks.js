// On results of the search: which are saved and, without a connection, which are not. Loaded where something is saved.

const version = new URL(import.meta.url).search;
const [{ isAway, root, saved }, { element }] = await Promise.all(
  ["offline-store", "search-results"].map((name) => import(`./${name}.js${version}`)),
);

export async function mark(options) {
  const record = await saved();
  if (!record) return;
  const away = await isAway();
  for (const option of options) {
    const kept = Object.hasOwn(record.items, new URL(option.href).pathname.slice(root.pathname.length));
    const looks = `count found__${kept ? "kept" : "away"}`;
    if (kept || away) option.querySelector(".found__about").append(element("span", { class: looks }, kept ? " Saved" : " Not saved"));
  }
}
