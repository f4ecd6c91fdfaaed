// A rehearsal measures the bidder's line by the way that bids take, and shows what there is to learn at this moment.
"use strict";

(() => {
  const room = document.getElementById("room");
  const part = (name) => room.querySelector(`[data-room="${name}"]`);
  const frame = JSON.parse(document.getElementById("room-frame").textContent);
  const offset = Date.parse(frame.now) - performance.now();
  let seen = { standing: frame, serverNow: () => performance.now() + offset };
  document.addEventListener("room:frame", (event) => {
    seen = event.detail;
  });

  // Only in ascending bidding does a lesson change without a new state or phase, which load the page anew.
  function teach() {
    const { standing, serverNow } = seen;
    if (standing.state !== "open" || !standing.freeUntil) return;
    const due = serverNow() < Date.parse(standing.freeUntil) ? "free" : "timed";
    for (const lesson of room.querySelectorAll("[data-lesson]")) lesson.hidden = lesson.dataset.lesson !== due;
  }

  const form = part("line-form");
  let last = null;

  async function measure() {
    const body = new FormData(form);
    if (last !== null) body.set("milliseconds", String(Math.min(60000, Math.round(last))));
    const sent = performance.now();
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      last = performance.now() - sent;
      if (answer.ok) tell(await answer.json());
    } catch {
      // So long at least did it take.
      last = performance.now() - sent;
    }
  }

  function tell(line) {
    if (line.median === null) return;
    part("line-median").textContent = line.median;
    part("line-worst").textContent = line.worst;
    part("line-figures").hidden = false;
    part("line-unmeasured").hidden = true;
    part("line-weak").hidden = !line.isWeak;
  }

  const isOver = () => ["closed", "annulled"].includes(seen.standing.state);
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

  async function keepMeasuring() {
    while (!isOver()) {
      await measure();
      await pause(2000);
    }
  }

  teach();
  setInterval(teach, 500);
  if (form) keepMeasuring();
})();
