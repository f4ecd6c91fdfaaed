// Parts of a page that come after it: <section data-fill="ADDRESS"> holds the way there until what stands there has come.
"use strict";

for (const place of document.querySelectorAll("[data-fill]")) {
  fetch(place.dataset.fill, { headers: { Accept: "text/html" } })
    .then(async (answer) => {
      if (!answer.ok) return;
      const part = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...part.body.childNodes);
      place.dataset.filled = "yes";
    })
    .catch(() => {
      // The way there stays.
    });
}
