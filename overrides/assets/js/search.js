// The page of the search, which has its box in place.

const place = document.querySelector("[data-search-page]");
import("./search/search.js").catch(() => {
  const said = document.createElement("p");
  said.className = "head__intro";
  said.textContent = "The search could not be loaded. Load the page again, or go one of these ways.";
  place?.append(said);
});
