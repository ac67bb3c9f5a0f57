// What every page loads. These scripts add to pages that already work without one.

import "./page/menu.js";
import "./page/shortcuts.js";
import "./search/opener.js";
import "./offline/start.js";

document.querySelector(".subscribe")?.addEventListener("toggle", () => import("./page/subscribe.js"), { once: true });
