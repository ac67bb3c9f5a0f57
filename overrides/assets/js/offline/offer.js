// The offer to save an article or a category, as long as nothing is saved: a button, which loads the rest when pressed.

import { announce, megabytes, plural } from "../shared/words.js";

/**
 * @param {HTMLElement} place
 * @param {() => Promise<{ save: (place: HTMLElement) => void }>} takeOver
 */
export function offer(place, takeOver) {
  const { own, first, count } = place.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "keep__button";
  const many = count ? `${plural(Number(count))} · ` : "";
  button.textContent = `Save for offline · ${many}${megabytes(Number(own) + Number(first))}`;
  button.addEventListener("click", async () => {
    try {
      const { save } = await takeOver();
      save(place);
    } catch {
      button.textContent = "Not saved: no connection. Try again";
      announce(button.textContent);
    }
  });
  place.append(button);
}
