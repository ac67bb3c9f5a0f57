// A link may lead to what is folded. Some browsers open that by themselves, and none a fold that is the target.

addEventListener("hashchange", unfold);
unfold();

function unfold() {
  const target = document.getElementById(decoded(location.hash.slice(1))); // `:target` may be known later than this runs
  if (!target) return;
  const seen = target.checkVisibility();
  for (let fold = target.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null)
    fold.open = true;
  if (!seen) target.scrollIntoView({ behavior: "instant" });
}

/** @param {string} fragment */
function decoded(fragment) {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
