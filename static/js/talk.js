// What is said in a circle of a deal room, while its page is open. Without a script the form sends and the page comes back.
"use strict";

(() => {
  const place = document.querySelector("[data-talk]");
  if (!place) return;
  const list = place.querySelector("[data-talk-list]");
  const empty = place.querySelector("[data-talk-empty]");
  const form = place.querySelector("form");
  const EVERY = 15000;
  const written = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "zh-CN", {
    timeZone: "Asia/Shanghai", year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  let last = Number(place.dataset.last);
  let socket = null;
  let attempts = 0;
  let timer = 0;

  function line(tag, className, text) {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  }

  function show(message) {
    const item = document.createElement("li");
    item.className = message.own ? "talk-message talk-own" : "talk-message";
    const meta = line("p", "entry-meta", `${message.person} · ${message.organisation} `);
    const time = line("time", "", written.format(new Date(message.at)));
    time.dateTime = message.at;
    meta.append(time);
    item.append(meta, line("p", "talk-text", message.text));
    list.append(item);
    last = message.id;
  }

  const say = (message) => {
    if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };

  function heard(frame) {
    for (const message of frame.messages) if (message.id > last) show(message);
    if (empty) empty.hidden = true;
    list.lastElementChild?.scrollIntoView({ block: "nearest" });
    say({ read: last });
  }

  function connect() {
    if (socket || document.hidden) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const mine = new WebSocket(`${scheme}://${location.host}/ws/rooms/${place.dataset.talk}/`);
    socket = mine;
    mine.addEventListener("open", () => {
      attempts = 0;
      say({ after: last });
      timer = setInterval(() => say({ after: last }), EVERY);
    });
    mine.addEventListener("message", (event) => heard(JSON.parse(event.data)));
    mine.addEventListener("close", (event) => {
      clearInterval(timer);
      if (socket === mine) socket = null;
      // No longer meant for this reader: the page says so itself when it is opened again.
      if (event.code >= 4400 || document.hidden) return;
      const wait = Math.min(60000, 1000 * 2 ** attempts) * (0.5 + Math.random());
      attempts += 1;
      setTimeout(connect, wait);
    });
  }

  // Sent while the page stays; where that fails, in the ordinary way, so that nothing typed is lost.
  form?.addEventListener("submit", async (event) => {
    if (!socket || socket.readyState !== WebSocket.OPEN) return;
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      if (answer.status === 204) form.reset();
      else form.submit();
    } catch {
      form.submit();
    } finally {
      button.disabled = false;
    }
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden && socket) socket.close(1000);
    else connect();
  });
  connect();
})();
