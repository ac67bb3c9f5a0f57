// Runs before the page is drawn, so that a chosen theme does not flash. Without a choice the system's is followed.
(() => {
  const root = document.documentElement;
  const key = "theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);

  // Storage can be forbidden; the choice then lasts for this page.
  const stored = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const store = (/** @type {string | null | undefined} */ theme) => {
    try {
      if (theme) localStorage.setItem(key, theme);
      else localStorage.removeItem(key);
    } catch {}
  };

  const show = () => {
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.setAttribute("aria-pressed", String(isDark()));
    }
    if (!root.dataset.theme) return;
    const paper = root.dataset.theme === "dark" ? "#131210" : "#f8f5ef";
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.setAttribute("content", paper);
  };

  root.classList.add("js");
  const chosen = stored();
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

  document.addEventListener("DOMContentLoaded", show);
  dark.addEventListener("change", show);
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element && event.target.closest("[data-theme-toggle]"))) return;
    root.dataset.theme = isDark() ? "light" : "dark";
    // Back at the system's own theme: follow it again.
    store(isDark() === dark.matches ? null : root.dataset.theme);
    show();
  });
})();
