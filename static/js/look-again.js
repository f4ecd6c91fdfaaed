// A page that waits for something looks again by itself: data-look-again says after how many seconds.
"use strict";

for (const place of document.querySelectorAll("[data-look-again]")) {
  setTimeout(turnPage, 1000 * Number(place.dataset.lookAgain));
}
