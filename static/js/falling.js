// The falling price, computed from the announced schedule and the server's clock. The server's own reckoning is what counts.
"use strict";

(() => {
  const room = document.getElementById("room");
  const part = (name) => room && room.querySelector(`[data-room="${name}"]`);
  const price = part("price");
  if (!price) return;

  const words = part("words").dataset;
  const form = part("bid-form") && part("bid-form").querySelector("form");
  let standing = null;
  let serverNow = null;

  function inWords(fen) {
    return words.money.replace("{}", `${Math.floor(fen / 100).toLocaleString("en-US")}.${String(fen % 100).padStart(2, "0")}`);
  }

  function clock(seconds) {
    const two = (n) => String(n).padStart(2, "0");
    return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }

  function show() {
    if (!standing || standing.phase !== "clock1") return;
    let asked = standing.price;
    if (standing.state === "open") {
      const gone = Math.max(0, serverNow() - Date.parse(standing.clockFrom));
      const fallen = Math.floor(gone / standing.every);
      asked = Math.max(standing.floor, standing.start - fallen * standing.step);
      const seconds = Math.ceil((standing.every - (gone % standing.every)) / 1000);
      part("next-step").textContent = asked > standing.floor ? clock(seconds) : "—";
    }
    price.textContent = inWords(asked);
    if (form) form.elements.amount.value = (asked / 100).toFixed(2);
  }

  document.addEventListener("room:frame", (event) => {
    ({ standing, serverNow } = event.detail);
    show();
  });
  setInterval(show, 200);
})();
