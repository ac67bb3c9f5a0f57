// What scripts say: quantities, and what is spoken to screen readers.

/** @param {number} count of articles */
export const plural = (count) => `${count.toLocaleString("en")} ${count === 1 ? "article" : "articles"}`;

/** @param {number} bytes */
export const megabytes = (bytes) => `${Math.max(0.1, bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");
document.body.append(status);

/**
 * Speaks to screen readers.
 * @param {string} text
 */
export function announce(text) {
  status.textContent = "";
  requestAnimationFrame(() => {
    status.textContent = text;
  });
}
