// Elements, made from what others wrote: text is never taken for markup.

/**
 * Makes an element. An attribute that is false, null or undefined is left out, as such a child is; `true` gives it no value.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | number | false | null | undefined)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value || value === 0 || value === "") made.setAttribute(key, String(value));
  }
  for (const child of children) if (child || child === 0) made.append(child instanceof Node ? child : String(child));
  return made;
}

/** @type {Map<string, Promise<unknown>>} */
const sheets = new Map();

/**
 * Adds a style sheet, once, and resolves when it is in effect. One that could not be had is asked for again.
 * @param {string} address
 */
export function styled(address) {
  let loaded = sheets.get(address);
  if (!loaded) {
    const sheet = element("link", { rel: "stylesheet", href: address });
    loaded = new Promise((resolve, reject) => {
      sheet.addEventListener("load", resolve);
      sheet.addEventListener("error", () => reject(new Error(`${address} could not be loaded.`)));
    });
    loaded.catch(() => {
      sheets.delete(address);
      sheet.remove();
    });
    sheets.set(address, loaded);
    document.head.append(sheet);
  }
  return loaded;
}
