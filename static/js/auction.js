// The auction room kept up to date. It only shows: the server judges every bid, and the page works without this script.
"use strict";

(() => {
  const room = document.getElementById("room");
  if (!room) return;

  const part = (name) => room.querySelector(`[data-room="${name}"]`);
  const words = part("words").dataset;
  const own = Number(room.dataset.own) || null;
  let standing = JSON.parse(document.getElementById("room-frame").textContent);
  // Server time minus this device's clock; the device's own time of day is never used.
  let offset = Date.parse(standing.now) - performance.now();

  const serverNow = () => performance.now() + offset;
  const yuan = (text) => words.money.replace("{}", text);

  function apply(frame) {
    if (frame.sequence < standing.sequence) return;
    // Something lies between what we know and what this frame begins with: ask for all of it.
    if (frame.after > standing.sequence) {
      catchUp();
      return;
    }
    const known = standing.sequence;
    offset = Date.parse(frame.now) - performance.now();
    const changed = frame.state !== standing.state || frame.phase !== standing.phase;
    standing = frame;
    for (const bid of frame.bids) if (bid.sequence > known) addBid(bid);
    show();
    if (changed) turnPage();
  }

  function addBid(bid) {
    const rows = part("bids");
    const empty = part("no-bids");
    if (empty) empty.remove();
    const row = document.createElement("tr");
    const kind = words[bid.kind] ? ` · ${words[bid.kind]}` : "";
    const name = `${words.bidder} ${bid.bidder}${bid.bidder === own ? ` (${words.you})` : ""}${bid.isProxy ? ` · ${words.order}` : ""}${kind}`;
    const time = new Date(bid.at).toLocaleTimeString(document.documentElement.lang, { hour12: false, timeZone: "Asia/Shanghai" });
    for (const [text, isNumber] of [[String(bid.sequence), true], [name, false], [bid.amountText ? yuan(bid.amountText) : "—", true], [time, false]]) {
      const cell = document.createElement("td");
      cell.textContent = text;
      if (isNumber) cell.className = "number";
      row.append(cell);
    }
    rows.prepend(row);
    while (rows.rows.length > 50) rows.lastElementChild.remove();
  }

  // The rooms of the other modes have other figures.
  function write(name, text) {
    const place = part(name);
    if (place) place.textContent = text;
  }

  function show() {
    write("best", standing.best === null ? words.none : yuan(standing.bestText));
    write("minimum", yuan(standing.minimumText));
    write("extensions", standing.extensions);
    write("head", standing.head);
    if (part("best") && own && standing.leader !== null && standing.state === "open") {
      const leading = standing.leader === own;
      part("standing").textContent = leading ? words.leading : words.outbid;
      part("standing").dataset.leading = String(leading);
    }
    document.dispatchEvent(new CustomEvent("room:frame", { detail: { standing, serverNow } }));
  }

  const ends = () => Date.parse({ planned: standing.opensAt, matching: standing.matchUntil }[standing.state] || standing.endsAt);
  const isOver = () => ["closed", "annulled"].includes(standing.state);

  function clockText() {
    if (standing.state === "paused") return words.paused;
    if (standing.state === "unopened") return words.unopened;
    if (isOver()) return words.over;
    const left = Math.max(0, ends() - serverNow());
    const seconds = Math.ceil(left / 1000);
    const two = (n) => String(n).padStart(2, "0");
    const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    part("clock").dataset.soon = String(standing.state === "open" && left < 60000);
    return standing.state === "planned" ? `${words.opensIn} ${text}` : text;
  }

  // --- Hearing of bids: by the socket, and by asking when the socket is silent ---

  let socket = null;
  let attempts = 0;
  let heardAt = performance.now();

  async function catchUp() {
    if (socket && socket.readyState === WebSocket.OPEN) {
      socket.send(JSON.stringify({ after: standing.sequence }));
      return;
    }
    try {
      const answer = await fetch(`${room.dataset.since}?after=${standing.sequence}`, { headers: { Accept: "application/json" } });
      if (answer.ok) heard(await answer.json());
    } catch {
      // The next round asks again.
    }
  }

  function heard(frame) {
    heardAt = performance.now();
    apply(frame);
  }

  function connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/ws/auctions/${room.dataset.key}/`);
    socket.addEventListener("open", () => {
      attempts = 0;
      say(words.connected, false);
      catchUp();
    });
    socket.addEventListener("message", (event) => heard(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      say(words.lost, true);
      // All watchers lose a restarted server at once: they come back spread over time.
      const wait = Math.min(30000, 500 * 2 ** attempts) * (0.5 + Math.random());
      attempts += 1;
      setTimeout(connect, wait);
    });
  }

  function say(text, isTrouble) {
    const line = part("connection");
    line.hidden = false;
    line.textContent = text;
    line.dataset.trouble = String(isTrouble);
  }

  // A bidder says now and then that the line holds: the room pauses itself when too many are lost.
  if (own) {
    setInterval(() => {
      if (socket && socket.readyState === WebSocket.OPEN) socket.send('{"here":true}');
    }, 10000);
  }

  setInterval(() => {
    part("clock").textContent = clockText();
    const isDue = standing.state !== "unopened" && ends() <= serverNow();
    if (performance.now() - heardAt > (isDue ? 1000 : 5000) && !isOver()) {
      heardAt = performance.now();
      catchUp();
    }
  }, 250);

  // --- Bidding: the key is kept until there is an answer, even in a page loaded anew, so that a bid sent twice is one bid ---

  const holder = part("bid-form");
  const form = holder && holder.querySelector("form");

  const place = `bid:${room.dataset.key}:${own}`;

  function unanswered() {
    return JSON.parse(localStorage.getItem(place) || "null");
  }

  // What was typed now is the bid that had no answer, or a new one with a key of its own.
  function keep() {
    const amount = form.elements.amount.value;
    const before = unanswered();
    const key = before && before.amount === amount ? before.key : crypto.randomUUID();
    form.elements.key.value = key;
    localStorage.setItem(place, JSON.stringify({ key, amount }));
  }

  function offerAgain() {
    const before = unanswered();
    if (!before || form.elements.amount.type === "hidden") return;
    form.elements.amount.value = before.amount;
    part("answer").textContent = words.unanswered;
  }

  async function send(body) {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    return [answer.status, await answer.json()];
  }

  async function bid(event) {
    event.preventDefault();
    keep();
    const body = new FormData(form);
    const line = part("answer");
    for (let round = 0; round < 5; round += 1) {
      try {
        const [status, receipt] = await send(body);
        localStorage.removeItem(place);
        tell(line, status, receipt);
        delete form.dataset.busy;
        catchUp();
        return;
      } catch {
        line.textContent = words.unsent;
        await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** round));
      }
    }
    delete form.dataset.busy;
  }

  function tell(line, status, receipt) {
    const errors = receipt.errors ? Object.values(receipt.errors).flat() : (receipt.refusals || []).map((refusal) => refusal.message);
    line.dataset.refused = String(status !== 200);
    line.textContent = status === 200 ? `${words.accepted} ${receipt.sequence} · ${receipt.hash.slice(0, 12)}` : receipt.message || errors.join(" ");
    if (receipt.receipt) {
      const link = document.createElement("a");
      link.href = `${room.dataset.receipts}${receipt.sequence}.json`;
      link.textContent = words.receipt;
      line.append(" ", link);
    }
    if (status === 200 && form.elements.amount.type !== "hidden") form.elements.amount.value = "";
  }

  if (form) {
    form.addEventListener("submit", bid);
    offerAgain();
  }
  show();
  connect();
})();
