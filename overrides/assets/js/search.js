// The page of the search, which has its box in place.

const place = document.querySelector("[data-search-page]");
import("./search/search.js").catch(() => {
  const said = document.createElement("p");
  said.className = "head__intro";
  said.textContent = "Search could not be loaded. Reload the page, or browse by the links below.";
  place?.append(said);
});
